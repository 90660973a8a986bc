-- How a directory names somebody. The address of somebody whom it removed is free again: their own id
-- stands in its place, which is no address.
ALTER TABLE admins ADD COLUMN external_id text COLLATE "C";
ALTER TABLE agents ADD COLUMN external_id text COLLATE "C";

CREATE INDEX admins_external_id ON admins (org, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX agents_external_id ON agents (external_id) WHERE external_id IS NOT NULL;

-- A process of an older version does not know of removals and would undo them.
CREATE FUNCTION stay_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.doc::json ->> 'removed' = 'true' AND NEW.doc::json ->> 'removed' IS DISTINCT FROM 'true' THEN
        RAISE EXCEPTION 'whoever was removed stays removed';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER admins_stay_removed BEFORE UPDATE ON admins
FOR EACH ROW EXECUTE FUNCTION stay_removed();
CREATE TRIGGER agents_stay_removed BEFORE UPDATE ON agents
FOR EACH ROW EXECUTE FUNCTION stay_removed();

-- The credential of an org's directory is nobody's: its owner is the org.
ALTER TABLE admin_credentials ALTER COLUMN owner DROP NOT NULL;

-- Who may approve for an org.
CREATE INDEX admins_role ON admins (org, (doc::jsonb ->> 'role'), email);
