-- Credentials of customer users as the rules look at them (R3); `doc` is the domain's own state,
-- folded by the domain. What opens something, and until when, stays with `credentials` and `passkeys`.
CREATE TABLE admin_credentials (
    id    TEXT NOT NULL PRIMARY KEY,
    org   TEXT NOT NULL REFERENCES orgs (id),
    owner TEXT NOT NULL REFERENCES admins (id),
    way   TEXT NOT NULL,
    doc   TEXT NOT NULL
) STRICT;

CREATE INDEX admin_credentials_org ON admin_credentials (org, way);

INSERT INTO admin_credentials (id, org, owner, way, doc)
SELECT id, org, json_extract(owner, '$.id'), json_extract(kind, '$'),
       json_object('id', id, 'owner', json_extract(owner, '$.id'), 'org', org,
                   'way', json_extract(kind, '$'), 'standing', json_object('is', 'unaccepted'))
FROM credentials WHERE org IS NOT NULL;

-- A process of an older version does not know of claims and would write an org without its own.
-- Nothing takes a claim back.
CREATE TRIGGER orgs_keep_their_claim BEFORE UPDATE ON orgs
WHEN json_extract(OLD.doc, '$.claim') IS NOT NULL
 AND json_extract(NEW.doc, '$.claim') IS NOT json_extract(OLD.doc, '$.claim')
BEGIN SELECT RAISE(ABORT, 'the claim of an org stays'); END;

-- Public keys. `handle` is the id by which authenticators name a passkey; it is never free again.
CREATE TABLE passkeys (
    seq          INTEGER PRIMARY KEY,
    id           TEXT    NOT NULL UNIQUE,
    handle       BLOB    NOT NULL UNIQUE,
    person       TEXT    NOT NULL,
    org          TEXT,
    name         TEXT    NOT NULL,
    key          TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    ended_at     INTEGER
) STRICT;

CREATE INDEX passkeys_person ON passkeys (person, seq);
CREATE INDEX passkeys_org ON passkeys (org, seq) WHERE org IS NOT NULL;

-- What is remembered between asking an authenticator and its answer.
CREATE TABLE ceremonies (
    browser    BLOB    NOT NULL PRIMARY KEY,
    state      TEXT    NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX ceremonies_end ON ceremonies (expires_at);

-- By what somebody signed in; whether that counts is judged at each act.
ALTER TABLE browser_sessions ADD COLUMN credential TEXT;

CREATE INDEX browser_sessions_credential ON browser_sessions (credential);
