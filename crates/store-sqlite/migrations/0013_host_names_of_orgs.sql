-- Host names that are one org's alone: no two orgs have the same.
CREATE TABLE org_hosts (
    host TEXT NOT NULL PRIMARY KEY,
    org  TEXT NOT NULL REFERENCES orgs (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX org_hosts_org ON org_hosts (org);

-- A process of an older version does not know of host names and would write an org without its own.
-- Whoever takes them away takes these rows away first.
CREATE TRIGGER orgs_keep_their_hosts BEFORE UPDATE ON orgs
WHEN json_extract(NEW.doc, '$.hosts') IS NULL
 AND EXISTS (SELECT 1 FROM org_hosts WHERE org = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the host names of an org stay'); END;
