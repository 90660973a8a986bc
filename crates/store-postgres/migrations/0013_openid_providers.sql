-- Whose people come in by which org: the domains that the OpenID providers of an org speak for. The
-- providers themselves are in the org's own document.
CREATE TABLE mail_domains (
    domain text COLLATE "C" NOT NULL,
    org    text COLLATE "C" NOT NULL REFERENCES orgs (id),
    PRIMARY KEY (domain, org)
);

CREATE INDEX mail_domains_org ON mail_domains (org);
