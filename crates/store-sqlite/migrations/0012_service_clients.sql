-- Which org each service client is of; all else about it stands in that org.
CREATE TABLE clients (
    id  TEXT NOT NULL PRIMARY KEY,
    org TEXT NOT NULL
) STRICT;

-- Access tokens of service clients. Whether a client may still come in stands in its org.
CREATE TABLE client_tokens (
    hash       BLOB    NOT NULL PRIMARY KEY,
    client     TEXT    NOT NULL,
    org        TEXT    NOT NULL,
    scopes     TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    bound_to   TEXT,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX client_tokens_end ON client_tokens (expires_at);

-- What may be used once, such as the assertions that service clients sign.
CREATE TABLE used_once (
    hash  BLOB    NOT NULL PRIMARY KEY,
    until INTEGER NOT NULL
) STRICT;

CREATE INDEX used_once_end ON used_once (until);

-- A process of an older version does not know of service clients and would write an org without them.
CREATE TRIGGER orgs_keep_their_clients BEFORE UPDATE ON orgs
WHEN json_extract(OLD.doc, '$.clients') IS NOT NULL
 AND json_extract(NEW.doc, '$.clients') IS NULL
BEGIN SELECT RAISE(ABORT, 'the service clients of an org stay'); END;
