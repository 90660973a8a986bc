-- What people look things up in is made anew, with the agents whom a grant concerns and with what a
-- request was for. Under other names: an older version of the program that still runs cannot add to it
-- what lacks them.
DROP TABLE history_logs;
DROP TABLE history_postings;
DROP TABLE history_outcomes;

-- How many blocks of each org's log are in it.
CREATE TABLE lookback_logs (
    no     INTEGER PRIMARY KEY,
    org    TEXT    NOT NULL UNIQUE,
    blocks INTEGER NOT NULL
) STRICT;

-- Which rows of a block have a term: their places in the block, ascending, a byte each.
CREATE TABLE lookback_postings (
    log    INTEGER NOT NULL,
    term   TEXT    NOT NULL,
    block  INTEGER NOT NULL,
    places BLOB    NOT NULL,
    PRIMARY KEY (log, term, block)
) STRICT, WITHOUT ROWID;

-- The outcomes of one block that tell of requests of another or the same: pairs of the request's
-- place and the outcome's, a byte each.
CREATE TABLE lookback_outcomes (
    log           INTEGER NOT NULL,
    request_block INTEGER NOT NULL,
    outcome_block INTEGER NOT NULL,
    pairs         BLOB    NOT NULL,
    PRIMARY KEY (log, request_block, outcome_block)
) STRICT, WITHOUT ROWID;

-- How many requests there were under a session, by what they were; null in sessions that began before
-- they were counted.
ALTER TABLE sessions ADD COLUMN pages INTEGER;
ALTER TABLE sessions ADD COLUMN further INTEGER;
ALTER TABLE sessions ADD COLUMN declared INTEGER;
ALTER TABLE sessions ADD COLUMN refused INTEGER;
