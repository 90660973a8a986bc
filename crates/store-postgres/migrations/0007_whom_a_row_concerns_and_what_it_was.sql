-- What people look things up in is made anew, with the agents whom a grant concerns and with what a
-- request was for. Under other names: an older version of the program that still runs cannot add to it
-- what lacks them.
DROP TABLE history_logs;
DROP TABLE history_postings;
DROP TABLE history_outcomes;

-- How many blocks of each org's log are in it.
CREATE TABLE lookback_logs (
    no     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    org    text COLLATE "C" NOT NULL UNIQUE,
    blocks bigint NOT NULL
);

-- Which rows of a block have a term: their places in the block, ascending, a byte each.
CREATE TABLE lookback_postings (
    log    bigint NOT NULL,
    term   text COLLATE "C" NOT NULL,
    block  bigint NOT NULL,
    places bytea  NOT NULL,
    PRIMARY KEY (log, term, block)
);

-- The outcomes of one block that tell of requests of another or the same: pairs of the request's
-- place and the outcome's, a byte each.
CREATE TABLE lookback_outcomes (
    log           bigint NOT NULL,
    request_block bigint NOT NULL,
    outcome_block bigint NOT NULL,
    pairs         bytea  NOT NULL,
    PRIMARY KEY (log, request_block, outcome_block)
);

-- How many requests there were under a session, by what they were; null in sessions that began before
-- they were counted.
ALTER TABLE sessions ADD COLUMN pages bigint;
ALTER TABLE sessions ADD COLUMN further bigint;
ALTER TABLE sessions ADD COLUMN declared bigint;
ALTER TABLE sessions ADD COLUMN refused bigint;

-- Beside the one without `under` and `sorts`, which an older version of the program calls: the session
-- and the sort of each entry that is of a request.
CREATE FUNCTION write_batch(
    of_epoch bigint, moment bigint, active text[],
    of_orgs text[], types text[], pages text[], under text[], sorts text[],
    befores bytea[], afters bytea[])
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
    UPDATE sessions s
    SET pages = s.pages + t.pages, further = s.further + t.further,
        declared = s.declared + t.declared, refused = s.refused + t.refused
    FROM (
        SELECT u.under,
               count(*) FILTER (WHERE u.sort = 'pages') AS pages,
               count(*) FILTER (WHERE u.sort = 'further') AS further,
               count(*) FILTER (WHERE u.sort = 'declared') AS declared,
               count(*) FILTER (WHERE u.sort = 'refused') AS refused
        FROM unnest(under, sorts) AS u (under, sort)
        WHERE u.sort IS NOT NULL
        GROUP BY u.under
    ) AS t
    WHERE s.id = t.under;
    UPDATE logs g SET next = g.next + c.size, last_at = moment
    FROM (SELECT u.org, count(*) AS size FROM unnest(of_orgs) AS u (org) GROUP BY u.org) AS c
    WHERE g.org = c.org;
    UPDATE leases l SET last_at = greatest(l.last_at, moment) WHERE l.epoch = of_epoch;
    RETURN firsts;
END $$;

CREATE FUNCTION record_batch(
    of_process text, of_epoch bigint, given bigint, of_barrier bigint,
    active text[], good_until bigint[], idle bigint[],
    of_orgs text[], types text[], pages text[], under text[], sorts text[],
    befores bytea[], afters bytea[],
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
        firsts := write_batch(of_epoch, moment, active, of_orgs, types, pages, under, sorts, befores, afters);
    END IF;
END $$;
