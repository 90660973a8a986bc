-- The logs of the orgs: how many entries each has, and the newest time on it. Whoever writes to a log
-- holds its row's lock; locks of several are taken in ascending order.
CREATE TABLE logs (
    org     text COLLATE "C" PRIMARY KEY REFERENCES orgs (id),
    next    bigint NOT NULL,
    last_at bigint NOT NULL
) WITH (fillfactor = 50);

-- What each org's customer exports and verifies, gapless from 0.
CREATE TABLE entries (
    org       text COLLATE "C" NOT NULL,
    idx       bigint NOT NULL,
    at        bigint NOT NULL,
    type      text COLLATE "C" NOT NULL,
    leaf_hash bytea  NOT NULL CHECK (length(leaf_hash) = 32),
    encoded   bytea  NOT NULL,
    PRIMARY KEY (org, idx)
);

CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Each log's rows of one statement follow those that were there, without a gap among them. The primary
-- key keeps two from having the same place.
CREATE FUNCTION refuse_gap_in_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM (SELECT org, min(idx) AS first, max(idx) AS last, count(*) AS size
              FROM added GROUP BY org) AS a
        WHERE a.last - a.first + 1 <> a.size
           OR a.first < 0
           OR (a.first > 0 AND NOT EXISTS (
                   SELECT 1 FROM entries e WHERE e.org = a.org AND e.idx = a.first - 1))
    ) THEN
        RAISE EXCEPTION 'entries are appended at the next index only';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_gapless AFTER INSERT ON entries
REFERENCING NEW TABLE AS added
FOR EACH STATEMENT EXECUTE FUNCTION refuse_gap_in_entries();

-- No instants of processes' clocks: every reader counts on a clock of its own. `last_at` is the newest
-- time that has been recorded under the lease; in a row of its own for each, so that batches of
-- different processes do not wait for each other's commits. A process may for a while have two: a call
-- of its own that comes late takes one that nobody serves under.
CREATE TABLE leases (
    epoch        bigint PRIMARY KEY,
    process      text COLLATE "C" NOT NULL,
    counter      bigint NOT NULL,
    duration     bigint NOT NULL,
    acknowledged bigint NOT NULL,
    last_at      bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

-- Store time: the later of the clock and the newest time recorded. The clock is this server's, unless
-- the caller brings one.
CREATE FUNCTION store_time(given bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT greatest(
        coalesce(given, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint),
        (SELECT m.last_at FROM meta m),
        (SELECT max(l.last_at) FROM leases l))
$$;

-- The newest time recorded.
CREATE FUNCTION last_recorded() RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT greatest(
        (SELECT m.last_at FROM meta m),
        (SELECT max(l.last_at) FROM leases l))
$$;

-- The revocation lock: whoever takes something away takes it exclusively, whoever records or takes or
-- renews a lease shared. The lock manager serves those who wait in their order.
CREATE FUNCTION lock_revocation_shared() RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock_shared(4851247380217)
$$;

CREATE FUNCTION lock_revocation() RETURNS void LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(4851247380217)
$$;

-- The first half of judging a batch: takes its locks in order and answers with the moment that it is
-- judged by. None when the lease is not there.
CREATE FUNCTION begin_batch(of_process text, of_epoch bigint, given bigint, of_orgs text[])
RETURNS TABLE (now bigint, barrier bigint) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_revocation_shared();
    PERFORM 1 FROM leases l WHERE l.process = of_process AND l.epoch = of_epoch FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM 1 FROM logs g WHERE g.org = ANY (of_orgs) ORDER BY g.org FOR UPDATE;
    RETURN QUERY
        SELECT greatest(
                   store_time(given),
                   (SELECT max(g.last_at) FROM logs g WHERE g.org = ANY (of_orgs))),
               m.barrier
        FROM meta m;
END $$;

-- The second half: writes the entries of a batch that has been judged at `moment`, and answers with
-- where each of its logs ended before, in ascending order of their orgs. `pages` has the session where an
-- entry is a request for a page that goes on.
CREATE FUNCTION write_batch(
    of_epoch bigint, moment bigint, active text[],
    of_orgs text[], types text[], pages text[], befores bytea[], afters bytea[])
RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    firsts bigint[];
BEGIN
    SELECT array_agg(g.next ORDER BY g.org) INTO firsts FROM logs g WHERE g.org = ANY (of_orgs);
    INSERT INTO entries (org, idx, at, type, leaf_hash, encoded)
    SELECT e.org, g.next + e.nth - 1, moment, e.type, sha256('\x00'::bytea || e.encoded), e.encoded
    FROM (
        SELECT u.org, u.type,
               row_number() OVER (PARTITION BY u.org ORDER BY u.place) AS nth,
               u.before || convert_to(moment::text, 'UTF8') || u.after AS encoded
        FROM unnest(of_orgs, types, befores, afters)
             WITH ORDINALITY AS u (org, type, before, after, place)
    ) AS e
    JOIN logs g ON g.org = e.org;
    UPDATE sessions s SET last_request_at = moment, last_page = coalesce(p.idx, s.last_page)
    FROM unnest(active) AS a (id)
    LEFT JOIN (
        SELECT e.page, max(g.next + e.nth - 1) AS idx
        FROM (
            SELECT u.org, u.page, row_number() OVER (PARTITION BY u.org ORDER BY u.place) AS nth
            FROM unnest(of_orgs, pages) WITH ORDINALITY AS u (org, page, place)
        ) AS e
        JOIN logs g ON g.org = e.org
        WHERE e.page IS NOT NULL
        GROUP BY e.page
    ) AS p ON p.page = a.id
    WHERE s.id = a.id;
    UPDATE logs g SET next = g.next + c.size, last_at = moment
    FROM (SELECT u.org, count(*) AS size FROM unnest(of_orgs) AS u (org) GROUP BY u.org) AS c
    WHERE g.org = c.org;
    UPDATE leases l SET last_at = greatest(l.last_at, moment) WHERE l.epoch = of_epoch;
    RETURN firsts;
END $$;

-- A whole batch in one round trip, when nothing has been taken away since its sessions were judged
-- (`of_barrier`), each of those that requests are under is good until a moment that has not come, and
-- none has been idle for too long. Otherwise nothing is written, and the caller judges once more by what
-- stands here; that judgement, and no other, refuses.
CREATE FUNCTION record_batch(
    of_process text, of_epoch bigint, given bigint, of_barrier bigint,
    active text[], good_until bigint[], idle bigint[],
    of_orgs text[], types text[], pages text[], befores bytea[], afters bytea[],
    OUT outcome text, OUT moment bigint, OUT firsts bigint[])
LANGUAGE plpgsql AS $$
DECLARE
    stands bigint;
BEGIN
    SELECT b.now, b.barrier INTO moment, stands
    FROM begin_batch(of_process, of_epoch, given, of_orgs) AS b;
    IF NOT FOUND THEN
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
        firsts := write_batch(of_epoch, moment, active, of_orgs, types, pages, befores, afters);
    END IF;
END $$;

-- Renews a lease of a process that has caught up with the newest barrier. The shared lock keeps a
-- revocation from being committed between the look at the barrier and the commit of the renewal.
CREATE FUNCTION renew_lease(
    of_process text, of_epoch bigint, folded bigint, OUT holds boolean, OUT barrier bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_revocation_shared();
    PERFORM 1 FROM leases l WHERE l.process = of_process AND l.epoch = of_epoch FOR UPDATE;
    holds := FOUND;
    SELECT m.barrier INTO barrier FROM meta m;
    IF holds AND folded >= barrier THEN
        UPDATE leases l
        SET counter = l.counter + 1, acknowledged = greatest(l.acknowledged, folded)
        WHERE l.process = of_process AND l.epoch = of_epoch;
    END IF;
END $$;

-- Ends a lease, if it stands at a counter where one is given. The newest time recorded under it stays.
CREATE FUNCTION end_lease(of_process text, of_epoch bigint, at_counter bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    recorded bigint;
BEGIN
    DELETE FROM leases l
    WHERE l.process = of_process AND l.epoch = of_epoch
      AND (at_counter IS NULL OR l.counter = at_counter)
    RETURNING l.last_at INTO recorded;
    UPDATE meta m SET last_at = recorded WHERE m.last_at < recorded;
END $$;

-- Takes a lease, in place of the one it names. The shared lock makes sure that whoever takes something
-- away either is seen here, or sees this lease.
CREATE FUNCTION acquire_lease(
    of_process text, of_duration bigint, replaces bigint, OUT given_epoch bigint, OUT newest bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM lock_revocation_shared();
    UPDATE counters c SET next_epoch = c.next_epoch + 1 RETURNING c.next_epoch - 1 INTO given_epoch;
    PERFORM end_lease(of_process, replaces, NULL);
    SELECT m.head INTO newest FROM meta m;
    INSERT INTO leases (epoch, process, counter, duration, acknowledged)
    VALUES (given_epoch, of_process, 0, of_duration, newest);
END $$;
