-- Which org each service client is of; all else about it stands in that org.
CREATE TABLE clients (
    id  text COLLATE "C" PRIMARY KEY,
    org text COLLATE "C" NOT NULL
);

-- Access tokens of service clients. Whether a client may still come in stands in its org.
CREATE TABLE client_tokens (
    hash       bytea PRIMARY KEY,
    client     text COLLATE "C" NOT NULL,
    org        text COLLATE "C" NOT NULL,
    scopes     text COLLATE "C" NOT NULL,
    key        text COLLATE "C" NOT NULL,
    bound_to   text COLLATE "C",
    expires_at bigint NOT NULL
);

CREATE INDEX client_tokens_end ON client_tokens (expires_at);

-- What may be used once, such as the assertions that service clients sign.
CREATE TABLE used_once (
    hash  bytea PRIMARY KEY,
    until bigint NOT NULL
);

CREATE INDEX used_once_end ON used_once (until);

-- A process of an older version does not know of service clients and would write an org without them.
CREATE FUNCTION keep_clients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the service clients of an org stay';
END $$;

CREATE TRIGGER orgs_keep_their_clients BEFORE UPDATE ON orgs
FOR EACH ROW
WHEN ((OLD.doc::jsonb -> 'clients') IS NOT NULL AND (NEW.doc::jsonb -> 'clients') IS NULL)
EXECUTE FUNCTION keep_clients();
