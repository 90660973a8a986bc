-- Whether this database holds everything that was acknowledged. A server that was promoted, restored or
-- copied is another than the one before, and may lack the end of the history: nothing is written on it
-- until an operator has said that the one before had waited for it to the last and is stopped, and every
-- process that held a lease has found there what it remembers; or until an operator has accepted the loss.

-- The server and its timeline, which changes when it is promoted or restored to a point in time.
CREATE FUNCTION server_identity() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT (SELECT s.system_identifier FROM pg_control_system() s)
           || '/' || ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0')
$$;

-- `server` is the one that the history is on; `taken_over`, the one that an operator says may be gone on
-- with; `missing`, what a process remembers and did not find; `losses`, how many were accepted;
-- `synchronous`, whether commits waited for every standby when a lease was renewed last.
ALTER TABLE meta
    ADD COLUMN server      text COLLATE "C" NOT NULL DEFAULT '',
    ADD COLUMN taken_over  text COLLATE "C",
    ADD COLUMN missing     text COLLATE "C",
    ADD COLUMN losses      bigint  NOT NULL DEFAULT 0,
    ADD COLUMN synchronous boolean NOT NULL DEFAULT false;

UPDATE meta SET server = server_identity();

-- `renewed_at` is this server's clock, to tell who was gone already when a standby took over.
-- `confirmed` is the server on which the lease's process has found all that it remembers.
ALTER TABLE leases
    ADD COLUMN renewed_at bigint NOT NULL DEFAULT 0,
    ADD COLUMN confirmed  text COLLATE "C";

-- The leases under which something may have been served when this server became the one that is
-- written to: not those that had been silent for two durations by then.
CREATE VIEW leases_at_takeover AS
SELECT l.epoch, l.process, l.confirmed IS NOT DISTINCT FROM server_identity() AS confirmed
FROM leases l
WHERE (SELECT max(o.renewed_at) FROM leases o) - l.renewed_at <= 2 * l.duration;

-- A process has found on this server all that it remembers. That alone shows nothing of what others were
-- told who are gone, so an operator has to have spoken for the server, and commits to have waited for every
-- standby. Once all have looked, this is the server that the history is on.
CREATE FUNCTION confirm_server(of_process text, of_epoch bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM meta FOR UPDATE;
    UPDATE leases l SET confirmed = server_identity()
    WHERE l.process = of_process AND l.epoch = of_epoch;
    UPDATE meta m SET server = server_identity()
    WHERE m.missing IS NULL AND m.synchronous AND m.taken_over = server_identity()
      AND (SELECT coalesce(bool_and(t.confirmed), false) FROM leases_at_takeover t);
END $$;

-- Ends what was being served, and goes on from what is here.
CREATE FUNCTION accept_loss() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE meta m
    SET last_at = last_recorded(), server = server_identity(), taken_over = NULL, missing = NULL,
        losses = m.losses + 1;
    DELETE FROM leases;
END $$;

-- The last line: whatever a process believes, and whichever version of the program it runs.
CREATE FUNCTION refuse_on_another_server() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(current_setting('countersign.accepting_loss', true), '') <> 'on'
       AND EXISTS (SELECT 1 FROM meta m WHERE m.missing IS NOT NULL OR m.server <> server_identity())
    THEN
        RAISE EXCEPTION 'it is not shown that this server holds everything that was acknowledged';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER meta_on_its_server BEFORE UPDATE OF head ON meta
FOR EACH ROW EXECUTE FUNCTION refuse_on_another_server();

CREATE TRIGGER leases_on_their_server BEFORE INSERT OR UPDATE OF counter, last_at ON leases
FOR EACH ROW EXECUTE FUNCTION refuse_on_another_server();

-- When a lease was taken or renewed, in an order that a clock that is set back does not change.
CREATE FUNCTION renewed_now() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT greatest(
        floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        (SELECT max(l.renewed_at) FROM leases l))
$$;

-- Whether each commit waits for every standby that is named: with others, the one that is promoted may not
-- have been waited for. A list that is not understood counts as one of those.
CREATE FUNCTION waits_for_every_standby() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT s.names <> '' AND strpos(s.names, '*') = 0
           AND current_setting('synchronous_commit') NOT IN ('off', 'local')
           AND coalesce((regexp_match(s.names, '^\s*(?:first\s+|any\s+)?(\d+)\s*\(', 'i'))[1]::int, 1)
               = array_length(string_to_array(s.names, ','), 1)
    FROM (SELECT current_setting('synchronous_standby_names') AS names) AS s
$$;

CREATE FUNCTION note_replication() RETURNS void LANGUAGE sql VOLATILE AS $$
    UPDATE meta m SET synchronous = waits_for_every_standby()
    WHERE m.synchronous <> waits_for_every_standby() AND m.server = server_identity()
$$;

CREATE OR REPLACE FUNCTION acquire_lease(
    of_process text, of_duration bigint, replaces bigint, OUT given_epoch bigint, OUT newest bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_revocation_shared();
    PERFORM note_replication();
    UPDATE counters c SET next_epoch = c.next_epoch + 1 RETURNING c.next_epoch - 1 INTO given_epoch;
    PERFORM end_lease(of_process, replaces, NULL);
    SELECT m.head INTO newest FROM meta m;
    INSERT INTO leases (epoch, process, counter, duration, acknowledged, renewed_at)
    VALUES (given_epoch, of_process, 0, of_duration, newest, renewed_now());
END $$;
