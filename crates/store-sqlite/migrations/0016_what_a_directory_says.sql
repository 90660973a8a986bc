-- How a directory names somebody. The address of somebody whom it removed is free again: their own id
-- stands in its place, which is no address.
ALTER TABLE admins ADD COLUMN external_id TEXT;
ALTER TABLE agents ADD COLUMN external_id TEXT;

CREATE INDEX admins_external_id ON admins (org, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX agents_external_id ON agents (external_id) WHERE external_id IS NOT NULL;

-- A process of an older version does not know of removals and would undo them.
CREATE TRIGGER admins_stay_removed BEFORE UPDATE ON admins
WHEN json_extract(OLD.doc, '$.removed') = 1
 AND json_extract(NEW.doc, '$.removed') IS NOT json_extract(OLD.doc, '$.removed')
BEGIN SELECT RAISE(ABORT, 'whoever was removed stays removed'); END;

CREATE TRIGGER agents_stay_removed BEFORE UPDATE ON agents
WHEN json_extract(OLD.doc, '$.removed') = 1
 AND json_extract(NEW.doc, '$.removed') IS NOT json_extract(OLD.doc, '$.removed')
BEGIN SELECT RAISE(ABORT, 'whoever was removed stays removed'); END;

-- The credential of an org's directory is nobody's: its owner is the org.
CREATE TABLE owned_credentials (
    id    TEXT NOT NULL PRIMARY KEY,
    org   TEXT NOT NULL REFERENCES orgs (id),
    owner TEXT REFERENCES admins (id),
    way   TEXT NOT NULL,
    doc   TEXT NOT NULL
) STRICT;

INSERT INTO owned_credentials (id, org, owner, way, doc)
SELECT id, org, owner, way, doc FROM admin_credentials;

DROP TABLE admin_credentials;
ALTER TABLE owned_credentials RENAME TO admin_credentials;
CREATE INDEX admin_credentials_org ON admin_credentials (org, way);

-- Who may approve for an org.
CREATE INDEX admins_role ON admins (org, json_extract(doc, '$.role'), email);
