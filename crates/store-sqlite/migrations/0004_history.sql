-- What people look things up in when they look back. It is made from the entries, behind them, in
-- whole blocks of 256, and only proposes: the entries decide. To make it anew, empty these tables.

-- How many blocks of each org's log are in it.
CREATE TABLE history_logs (
    no     INTEGER PRIMARY KEY,
    org    TEXT    NOT NULL UNIQUE,
    blocks INTEGER NOT NULL
) STRICT;

-- Which rows of a block have a term: their places in the block, ascending, a byte each.
CREATE TABLE history_postings (
    log    INTEGER NOT NULL,
    term   TEXT    NOT NULL,
    block  INTEGER NOT NULL,
    places BLOB    NOT NULL,
    PRIMARY KEY (log, term, block)
) STRICT, WITHOUT ROWID;

-- The outcomes of one block that tell of requests of another or the same: pairs of the request's
-- place and the outcome's, a byte each.
CREATE TABLE history_outcomes (
    log           INTEGER NOT NULL,
    request_block INTEGER NOT NULL,
    outcome_block INTEGER NOT NULL,
    pairs         BLOB    NOT NULL,
    PRIMARY KEY (log, request_block, outcome_block)
) STRICT, WITHOUT ROWID;

-- Who is in now.
CREATE INDEX sessions_running_in ON sessions (org) WHERE ended = 0;
