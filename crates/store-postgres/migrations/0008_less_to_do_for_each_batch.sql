-- A function in SQL that is too much to be inlined is parsed and planned each time it is called; PL/pgSQL
-- keeps its plans.
CREATE OR REPLACE FUNCTION store_time(given bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN greatest(
        coalesce(given, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint),
        (SELECT m.last_at FROM meta m),
        (SELECT max(l.last_at) FROM leases l));
END $$;

CREATE OR REPLACE FUNCTION renewed_now() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN greatest(
        floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        (SELECT max(l.renewed_at) FROM leases l));
END $$;

CREATE OR REPLACE FUNCTION note_replication() RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE meta m SET synchronous = waits_for_every_standby()
    WHERE m.synchronous <> waits_for_every_standby() AND m.server = server_identity();
END $$;

-- Reads a file, so each connection asks once: a server that can be written to stays the one it is until it
-- is stopped, which ends the connection. One that cannot may become another, and is asked each time.
CREATE OR REPLACE FUNCTION server_identity() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    known text := current_setting('countersign.server_identity', true);
BEGIN
    IF known <> '' THEN
        RETURN known;
    END IF;
    known := (SELECT s.system_identifier FROM pg_control_system() s)
             || '/' || ltrim(left(pg_walfile_name(pg_current_wal_insert_lsn()), 8), '0');
    PERFORM set_config('countersign.server_identity', known, false);
    RETURN known;
END $$;

-- Takes a batch's locks in order, those of its logs in the ascending order in which `of_orgs` has them; and
-- answers with the moment that it is judged by, the barrier that stands and where its logs end. None when
-- the lease is not there. Beside the one that an older version of the program calls.
CREATE FUNCTION open_batch(
    of_process text, of_epoch bigint, given bigint, of_orgs text[],
    OUT moment bigint, OUT stands bigint, OUT firsts bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    newest bigint;
BEGIN
    PERFORM lock_revocation_shared();
    PERFORM 1 FROM leases l WHERE l.process = of_process AND l.epoch = of_epoch FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT array_agg(o.next ORDER BY o.org), max(o.last_at) INTO firsts, newest
    FROM (
        SELECT g.org, g.next, g.last_at FROM logs g
        WHERE g.org = ANY (of_orgs) ORDER BY g.org FOR UPDATE
    ) AS o;
    SELECT greatest(
               coalesce(given, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint),
               m.last_at, (SELECT max(l.last_at) FROM leases l), newest),
           m.barrier
    INTO moment, stands
    FROM meta m;
END $$;

-- Writes the entries of a batch that has been judged at `moment`. Whoever calls has counted: of each log
-- how many entries come to it (`sizes`); of each entry its log (the place of its org) and which of those it
-- is, from 1; of each session under which something was asked for its log, whether that went on, which
-- of the log's entries was the last page, and how many there were of each sort.
CREATE FUNCTION write_batch(
    of_epoch bigint, moment bigint, of_orgs text[], firsts bigint[], sizes bigint[],
    places integer[], nths bigint[], types text[], befores bytea[], afters bytea[],
    under text[], under_places integer[], goes_on boolean[], last_pages bigint[],
    of_pages bigint[], of_further bigint[], of_declared bigint[], of_refused bigint[])
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    stamp bytea := convert_to(moment::text, 'UTF8');
BEGIN
    IF coalesce(cardinality(firsts), 0) <> cardinality(of_orgs) THEN
        RAISE EXCEPTION 'an org has no log';
    END IF;
    INSERT INTO entries (org, idx, at, type, leaf_hash, encoded)
    SELECT of_orgs[e.place], firsts[e.place] + e.nth - 1, moment, e.type,
           sha256('\x00'::bytea || e.encoded), e.encoded
    FROM (
        SELECT u.place, u.nth, u.type, u.before || stamp || u.after AS encoded
        FROM unnest(places, nths, types, befores, afters) AS u (place, nth, type, before, after)
        OFFSET 0
    ) AS e;
    UPDATE sessions s
    SET last_request_at = CASE WHEN u.goes_on THEN moment ELSE s.last_request_at END,
        last_page = coalesce(firsts[u.place] + u.last_page - 1, s.last_page),
        pages = s.pages + u.pages, further = s.further + u.further,
        declared = s.declared + u.declared, refused = s.refused + u.refused
    FROM unnest(under, under_places, goes_on, last_pages, of_pages, of_further, of_declared, of_refused)
         AS u (id, place, goes_on, last_page, pages, further, declared, refused)
    WHERE s.id = u.id;
    UPDATE logs g SET next = g.next + u.size, last_at = moment
    FROM unnest(of_orgs, sizes) AS u (org, size)
    WHERE g.org = u.org;
    UPDATE leases l SET last_at = greatest(l.last_at, moment) WHERE l.epoch = of_epoch;
END $$;

-- As the one before it; `active` is good until `good_until` if it is not idle for `idle`.
CREATE FUNCTION record_batch(
    of_process text, of_epoch bigint, given bigint, of_barrier bigint,
    active text[], good_until bigint[], idle bigint[], of_orgs text[], sizes bigint[],
    places integer[], nths bigint[], types text[], befores bytea[], afters bytea[],
    under text[], under_places integer[], goes_on boolean[], last_pages bigint[],
    of_pages bigint[], of_further bigint[], of_declared bigint[], of_refused bigint[],
    OUT outcome text, OUT moment bigint, OUT firsts bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    stands bigint;
BEGIN
    SELECT b.moment, b.stands, b.firsts INTO moment, stands, firsts
    FROM open_batch(of_process, of_epoch, given, of_orgs) AS b;
    IF moment IS NULL THEN
        outcome := 'lease lost';
    ELSIF stands <> of_barrier OR EXISTS (
        SELECT 1 FROM unnest(active, good_until, idle) AS a (id, good_until, idle)
        LEFT JOIN sessions s ON s.id = a.id
        WHERE s.id IS NULL
           OR moment >= a.good_until
           OR moment >= s.last_request_at + a.idle
    ) THEN
        outcome := 'judge again';
    ELSE
        outcome := 'recorded';
        PERFORM write_batch(
            of_epoch, moment, of_orgs, firsts, sizes, places, nths, types, befores, afters,
            under, under_places, goes_on, last_pages, of_pages, of_further, of_declared, of_refused);
    END IF;
END $$;
