-- What is live, beside the projections and written with them, so that a process that starts reads
-- neither the history nor what cases have been through.

-- Up to which event the tables and columns below are kept. An older version of the program that
-- writes to this file does not keep them; whoever finds `live_at` behind the newest event makes
-- them anew. So is it with what was there before this migration.
ALTER TABLE meta ADD COLUMN live_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE unrevoked_grants (
    case_id TEXT NOT NULL PRIMARY KEY REFERENCES cases (id),
    org     TEXT NOT NULL REFERENCES orgs (id),
    doc     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Each session as it stands, or stood when it ended, and what its case is called. Not in
-- `sessions`, whose rows are written with every request.
CREATE TABLE session_docs (
    id     TEXT NOT NULL PRIMARY KEY REFERENCES sessions (id),
    number TEXT NOT NULL,
    title  TEXT NOT NULL,
    doc    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

ALTER TABLE sessions ADD COLUMN ended_at INTEGER;
ALTER TABLE sessions ADD COLUMN ended_why TEXT;

CREATE INDEX sessions_running ON sessions (id) WHERE ended = 0;
CREATE INDEX sessions_ended ON sessions (ended_at, id) WHERE ended = 1;
