-- Answers of calls that may be repeated, each kept by the transaction that did what it tells of. They
-- are sealed under a key that is not here.
CREATE TABLE kept_answers (
    slot        BLOB    NOT NULL PRIMARY KEY CHECK (length(slot) = 32),
    fingerprint BLOB    NOT NULL CHECK (length(fingerprint) = 32),
    sealed      BLOB    NOT NULL,
    expires_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX kept_answers_end ON kept_answers (expires_at);

-- What the listings page through.
CREATE INDEX sessions_org ON sessions (org, id) WHERE ended = 0;
CREATE INDEX credentials_owner ON credentials (owner, seq);
