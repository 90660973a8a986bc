-- What people look things up in when they look back. It is made from the entries, behind them, in
-- whole blocks of 256, and only proposes: the entries decide. To make it anew, empty these tables.

-- How many blocks of each org's log are in it.
CREATE TABLE history_logs (
    no     bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    org    text COLLATE "C" NOT NULL UNIQUE,
    blocks bigint NOT NULL
);

-- Which rows of a block have a term: their places in the block, ascending, a byte each.
CREATE TABLE history_postings (
    log    bigint NOT NULL,
    term   text COLLATE "C" NOT NULL,
    block  bigint NOT NULL,
    places bytea  NOT NULL,
    PRIMARY KEY (log, term, block)
);

-- The outcomes of one block that tell of requests of another or the same: pairs of the request's
-- place and the outcome's, a byte each.
CREATE TABLE history_outcomes (
    log           bigint NOT NULL,
    request_block bigint NOT NULL,
    outcome_block bigint NOT NULL,
    pairs         bytea  NOT NULL,
    PRIMARY KEY (log, request_block, outcome_block)
);

-- The index of the first entry at a moment or later: times never go back along a log.
CREATE FUNCTION first_since(of_org text, size bigint, moment bigint) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    from_index bigint := 0;
    to_index bigint := size;
    middle bigint;
BEGIN
    WHILE from_index < to_index LOOP
        middle := (from_index + to_index) / 2;
        IF (SELECT e.at FROM entries e WHERE e.org = of_org AND e.idx = middle) < moment THEN
            from_index := middle + 1;
        ELSE
            to_index := middle;
        END IF;
    END LOOP;
    RETURN from_index;
END $$;
