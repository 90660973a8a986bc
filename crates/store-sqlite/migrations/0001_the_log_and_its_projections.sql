-- Events are the truth. `position` is gapless from 1; a reader who has seen n has seen everything
-- before n, because there is one writer at a time.
CREATE TABLE events (
    position   INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    stream     TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    type       TEXT    NOT NULL,
    takes_away INTEGER NOT NULL CHECK (takes_away IN (0, 1)),
    actor      TEXT    NOT NULL,
    body       TEXT    NOT NULL,
    UNIQUE (stream, version)
) STRICT;

-- The newest barrier is the last row of this index.
CREATE INDEX events_barrier ON events (position) WHERE takes_away = 1;

-- REPLACE would delete without firing a delete trigger, so a row that is there refuses as well.
CREATE TRIGGER events_gapless BEFORE INSERT ON events
WHEN NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events)
  OR EXISTS (SELECT 1 FROM events WHERE stream = NEW.stream AND version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'events are appended at the next position only'); END;

CREATE TRIGGER events_no_update BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

CREATE TRIGGER events_no_delete BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- The log of each org, gapless from 0: what its customer exports and verifies.
CREATE TABLE entries (
    org       TEXT    NOT NULL,
    idx       INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    type      TEXT    NOT NULL,
    leaf_hash BLOB    NOT NULL CHECK (length(leaf_hash) = 32),
    encoded   BLOB    NOT NULL,
    PRIMARY KEY (org, idx)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER entries_gapless BEFORE INSERT ON entries
WHEN NEW.idx <> (SELECT coalesce(max(idx), -1) + 1 FROM entries WHERE org = NEW.org)
BEGIN SELECT RAISE(ABORT, 'entries are appended at the next index only'); END;

CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;

-- One row: the newest time recorded, and counters.
CREATE TABLE meta (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    last_at          INTEGER NOT NULL,
    next_epoch       INTEGER NOT NULL,
    next_case_number INTEGER NOT NULL
) STRICT;

INSERT INTO meta (id, last_at, next_epoch, next_case_number) VALUES (1, 0, 1, 1001);

-- Projections: `doc` is the domain's own state, folded by the domain; the other columns are there
-- to find it.
CREATE TABLE orgs (
    id   TEXT NOT NULL PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    doc  TEXT NOT NULL
) STRICT;

CREATE TABLE admins (
    id    TEXT NOT NULL PRIMARY KEY,
    org   TEXT NOT NULL REFERENCES orgs (id),
    email TEXT NOT NULL,
    doc   TEXT NOT NULL,
    UNIQUE (org, email)
) STRICT;

CREATE TABLE agents (
    id    TEXT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL UNIQUE,
    doc   TEXT NOT NULL
) STRICT;

-- `reachable`: has a grant that was not revoked, or sessions nobody ended, so that a block reaches it.
CREATE TABLE cases (
    id              TEXT    NOT NULL PRIMARY KEY,
    org             TEXT    NOT NULL REFERENCES orgs (id),
    number          TEXT    NOT NULL UNIQUE,
    opened_by_admin TEXT,
    open            INTEGER NOT NULL CHECK (open IN (0, 1)),
    reachable       INTEGER NOT NULL CHECK (reachable IN (0, 1)),
    doc             TEXT    NOT NULL
) STRICT;

CREATE INDEX cases_status ON cases (open, number);
CREATE INDEX cases_org ON cases (org, number);
CREATE INDEX cases_org_status ON cases (org, open, number);
CREATE INDEX cases_opener ON cases (opened_by_admin, number) WHERE opened_by_admin IS NOT NULL;
CREATE INDEX cases_reachable ON cases (org) WHERE reachable = 1;

CREATE TABLE case_team (
    agent   TEXT NOT NULL,
    number  TEXT NOT NULL,
    case_id TEXT NOT NULL REFERENCES cases (id),
    PRIMARY KEY (agent, number)
) STRICT, WITHOUT ROWID;

-- Every session there ever was; what was done under it is recorded after its end as well.
CREATE TABLE sessions (
    id              TEXT    NOT NULL PRIMARY KEY,
    case_id         TEXT    NOT NULL REFERENCES cases (id),
    org             TEXT    NOT NULL REFERENCES orgs (id),
    agent           TEXT    NOT NULL,
    subject         TEXT    NOT NULL,
    grant_id        TEXT    NOT NULL,
    period          INTEGER NOT NULL,
    label           TEXT    NOT NULL UNIQUE,
    started_at      INTEGER NOT NULL,
    last_request_at INTEGER NOT NULL,
    ended           INTEGER NOT NULL CHECK (ended IN (0, 1))
) STRICT;

CREATE INDEX sessions_agent ON sessions (agent) WHERE ended = 0;
CREATE INDEX sessions_subject ON sessions (subject) WHERE ended = 0;

-- Identity records. Only hashes of secrets are kept.
CREATE TABLE credentials (
    seq        INTEGER PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    hash       BLOB    NOT NULL UNIQUE,
    owner      TEXT    NOT NULL,
    org        TEXT,
    kind       TEXT    NOT NULL,
    minted_by  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    spent_at   INTEGER
) STRICT;

CREATE INDEX credentials_org ON credentials (org, seq) WHERE org IS NOT NULL;

CREATE TABLE browser_sessions (
    cookie       BLOB    NOT NULL PRIMARY KEY,
    person       TEXT    NOT NULL,
    started_at   INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX browser_sessions_end ON browser_sessions (ends_at);

CREATE TABLE signing_keys (
    kid        TEXT    NOT NULL PRIMARY KEY,
    jwk        TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

-- No instants: every reader counts on a clock of its own.
CREATE TABLE leases (
    process      TEXT    NOT NULL PRIMARY KEY,
    epoch        INTEGER NOT NULL UNIQUE,
    counter      INTEGER NOT NULL,
    duration     INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL
) STRICT;
