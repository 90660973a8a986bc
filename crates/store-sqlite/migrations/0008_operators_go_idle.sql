-- Credentials that are the cookie of a browser in which an operator is signed in, and when it was last seen.
CREATE TABLE operator_browsers (
    hash         BLOB    NOT NULL PRIMARY KEY,
    last_seen_at INTEGER NOT NULL
) STRICT;
