-- Host names that are one org's alone: no two orgs have the same.
CREATE TABLE org_hosts (
    host text COLLATE "C" PRIMARY KEY,
    org  text COLLATE "C" NOT NULL REFERENCES orgs (id)
);

CREATE INDEX org_hosts_org ON org_hosts (org);

-- A process of an older version does not know of host names and would write an org without its own.
-- Whoever takes them away takes these rows away first.
CREATE FUNCTION keep_hosts_of_org() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.doc::jsonb -> 'hosts' IS NULL
       AND EXISTS (SELECT 1 FROM org_hosts WHERE org = OLD.id) THEN
        RAISE EXCEPTION 'the host names of an org stay';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER orgs_keep_their_hosts BEFORE UPDATE ON orgs
FOR EACH ROW EXECUTE FUNCTION keep_hosts_of_org();
