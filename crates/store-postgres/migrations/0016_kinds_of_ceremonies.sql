-- Many ceremonies of one kind push out none of another. A process of an older version says nothing.
ALTER TABLE ceremonies ADD COLUMN kind text COLLATE "C" NOT NULL DEFAULT 'passkey';

CREATE INDEX ceremonies_kind ON ceremonies (kind, expires_at);
