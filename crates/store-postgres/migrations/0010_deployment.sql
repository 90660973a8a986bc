-- Which history this is, wherever it is moved to: a process that has begun on one is not led to another by an
-- address that leads to several servers.
ALTER TABLE meta ADD COLUMN deployment text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text;

-- The server and its timeline, which changes when it is promoted or restored to a point in time; and the database and
-- its table, which are others where a dump was restored, on the same server too. All but the table stays as it is
-- for as long as a connection lasts, and is looked up once for each.
CREATE OR REPLACE FUNCTION server_identity() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    known text := current_setting('countersign.database_identity', true);
BEGIN
    IF coalesce(known, '') = '' THEN
        known := (SELECT s.system_identifier FROM pg_control_system() s)
                 || '/' || ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0')
                 || '/' || (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
        PERFORM set_config('countersign.database_identity', known, false);
    END IF;
    RETURN known || '.' || 'meta'::regclass::oid;
END $$;

-- What was written down before was of this database, as far as anybody could tell.
UPDATE meta m
SET server = m.server || known.tables, taken_over = m.taken_over || known.tables
FROM (SELECT '/' || split_part(server_identity(), '/', 3) AS tables) known;

UPDATE leases l SET confirmed = l.confirmed || '/' || split_part(server_identity(), '/', 3);
