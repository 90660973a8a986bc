-- How people whom an OpenID provider signed in are known there, so that it can sign them out: hashes.
ALTER TABLE browser_sessions ADD COLUMN provider BLOB;
ALTER TABLE browser_sessions ADD COLUMN subject BLOB;
ALTER TABLE browser_sessions ADD COLUMN provider_session BLOB;
ALTER TABLE browser_sessions ADD COLUMN shown_at INTEGER;
CREATE INDEX browser_sessions_subject ON browser_sessions (subject) WHERE subject IS NOT NULL;
CREATE INDEX browser_sessions_provider_session ON browser_sessions (provider_session)
WHERE provider_session IS NOT NULL;

ALTER TABLE operator_browsers ADD COLUMN subject BLOB;
ALTER TABLE operator_browsers ADD COLUMN provider_session BLOB;

-- Who signed in as an operator, by the credential of their browser.
CREATE TABLE operator_people (
    credential TEXT NOT NULL PRIMARY KEY,
    doc        TEXT NOT NULL
) STRICT;

-- What a provider of the vendor's knows an agent by: one agent.
CREATE UNIQUE INDEX agents_known_by ON agents (json_extract(doc, '$.known_by'))
WHERE json_extract(doc, '$.known_by') IS NOT NULL;
