-- Text is compared byte by byte, whatever the database's own collation: a page begins behind the end of
-- the one before.

-- How far the store has come; one row. Whoever appends holds its lock, the position lock.
CREATE TABLE meta (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    last_at bigint  NOT NULL,
    head    bigint  NOT NULL,
    barrier bigint  NOT NULL
) WITH (fillfactor = 50);

INSERT INTO meta (last_at, head, barrier) VALUES (0, 0, 0);

CREATE TABLE counters (
    one              boolean PRIMARY KEY DEFAULT true CHECK (one),
    next_epoch       bigint  NOT NULL,
    next_case_number bigint  NOT NULL
);

INSERT INTO counters (next_epoch, next_case_number) VALUES (1, 1001);

-- Events are the truth. `position` is gapless from 1; a reader who has seen n has seen everything
-- before n, because whoever appends holds the position lock until the commit.
CREATE TABLE events (
    position   bigint  PRIMARY KEY,
    at         bigint  NOT NULL,
    stream     text COLLATE "C" NOT NULL,
    version    bigint  NOT NULL,
    type       text COLLATE "C" NOT NULL,
    takes_away boolean NOT NULL,
    actor      text COLLATE "C" NOT NULL,
    body       text COLLATE "C" NOT NULL,
    UNIQUE (stream, version)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% are append-only', TG_TABLE_NAME;
END $$;

CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION refuse_gap_in_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.position <> (SELECT coalesce(max(position), 0) + 1 FROM events) THEN
        RAISE EXCEPTION 'events are appended at the next position only';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER events_gapless BEFORE INSERT ON events
FOR EACH ROW EXECUTE FUNCTION refuse_gap_in_events();

-- Projections: `doc` is the domain's own state, folded by the domain; the other columns are there
-- to find it.
CREATE TABLE orgs (
    id   text COLLATE "C" PRIMARY KEY,
    slug text COLLATE "C" NOT NULL UNIQUE,
    doc  text COLLATE "C" NOT NULL
);

CREATE TABLE admins (
    id    text COLLATE "C" PRIMARY KEY,
    org   text COLLATE "C" NOT NULL REFERENCES orgs (id),
    email text COLLATE "C" NOT NULL,
    doc   text COLLATE "C" NOT NULL,
    UNIQUE (org, email)
);

CREATE TABLE agents (
    id    text COLLATE "C" PRIMARY KEY,
    email text COLLATE "C" NOT NULL UNIQUE,
    doc   text COLLATE "C" NOT NULL
);

-- `reachable`: has a grant that was not revoked, or sessions nobody ended, so that a block reaches it.
CREATE TABLE cases (
    id              text COLLATE "C" PRIMARY KEY,
    org             text COLLATE "C" NOT NULL REFERENCES orgs (id),
    number          text COLLATE "C" NOT NULL UNIQUE,
    title           text COLLATE "C" NOT NULL,
    opened_by_admin text COLLATE "C",
    open            boolean NOT NULL,
    reachable       boolean NOT NULL,
    doc             text COLLATE "C" NOT NULL
);

CREATE INDEX cases_status ON cases (open, number);
CREATE INDEX cases_org ON cases (org, number);
CREATE INDEX cases_org_status ON cases (org, open, number);
CREATE INDEX cases_opener ON cases (opened_by_admin, number) WHERE opened_by_admin IS NOT NULL;
CREATE INDEX cases_reachable ON cases (org) WHERE reachable;

CREATE TABLE case_team (
    agent   text COLLATE "C" NOT NULL,
    number  text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL REFERENCES cases (id),
    PRIMARY KEY (agent, number)
);

-- Every session there ever was; what was done under it is recorded after its end as well. `seq` rises
-- with every start.
CREATE TABLE sessions (
    id              text COLLATE "C" PRIMARY KEY,
    seq             bigint  NOT NULL GENERATED ALWAYS AS IDENTITY,
    case_id         text COLLATE "C" NOT NULL REFERENCES cases (id),
    org             text COLLATE "C" NOT NULL REFERENCES orgs (id),
    agent           text COLLATE "C" NOT NULL,
    subject         text COLLATE "C" NOT NULL,
    grant_id        text COLLATE "C" NOT NULL,
    period          bigint  NOT NULL,
    label           text COLLATE "C" NOT NULL UNIQUE,
    started_at      bigint  NOT NULL,
    last_request_at bigint  NOT NULL,
    -- The index of the newest request for a page; null while none is known.
    last_page       bigint,
    ended           boolean NOT NULL,
    ended_at        bigint,
    ended_why       text COLLATE "C" 
) WITH (fillfactor = 70);

CREATE INDEX sessions_agent ON sessions (agent) WHERE NOT ended;
CREATE INDEX sessions_subject ON sessions (subject) WHERE NOT ended;
CREATE INDEX sessions_org ON sessions (org, id) WHERE NOT ended;
CREATE INDEX sessions_running ON sessions (id) WHERE NOT ended;
CREATE INDEX sessions_ended ON sessions (ended_at, id) WHERE ended;

-- What is live, beside the projections and written with them, so that a process that starts reads
-- neither the history nor what cases have been through.
CREATE TABLE unrevoked_grants (
    case_id text COLLATE "C" PRIMARY KEY REFERENCES cases (id),
    org     text COLLATE "C" NOT NULL REFERENCES orgs (id),
    doc     text COLLATE "C" NOT NULL
);

-- Each session as it stands, or stood when it ended, and what its case is called.
CREATE TABLE session_docs (
    id     text COLLATE "C" PRIMARY KEY REFERENCES sessions (id),
    number text COLLATE "C" NOT NULL,
    title  text COLLATE "C" NOT NULL,
    doc    text COLLATE "C" NOT NULL
);

-- Credentials of customer users as the rules look at them (R3); what opens something, and until when,
-- stays with `credentials` and `passkeys`. `standing` is a part of `doc`.
CREATE TABLE admin_credentials (
    id         text COLLATE "C" PRIMARY KEY,
    org        text COLLATE "C" NOT NULL REFERENCES orgs (id),
    owner      text COLLATE "C" NOT NULL REFERENCES admins (id),
    way        text COLLATE "C" NOT NULL,
    unaccepted boolean NOT NULL,
    standing   text COLLATE "C" NOT NULL,
    doc        text COLLATE "C" NOT NULL
);

CREATE INDEX admin_credentials_org ON admin_credentials (org, way);

-- Identity records. Only hashes of secrets are kept.
CREATE TABLE credentials (
    seq        bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id         text COLLATE "C" NOT NULL UNIQUE,
    hash       bytea  NOT NULL UNIQUE,
    owner      text COLLATE "C" NOT NULL,
    org        text COLLATE "C",
    kind       text COLLATE "C" NOT NULL,
    minted_by  text COLLATE "C" NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    spent_at   bigint
);

CREATE INDEX credentials_org ON credentials (org, seq) WHERE org IS NOT NULL;
CREATE INDEX credentials_owner ON credentials (owner, seq);

-- Public keys. `handle` is the id by which authenticators name a passkey; it is never free again.
CREATE TABLE passkeys (
    seq          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id           text COLLATE "C" NOT NULL UNIQUE,
    handle       bytea  NOT NULL UNIQUE,
    person       text COLLATE "C" NOT NULL,
    org          text COLLATE "C",
    name         text COLLATE "C" NOT NULL,
    key          text COLLATE "C" NOT NULL,
    created_at   bigint NOT NULL,
    last_used_at bigint,
    ended_at     bigint
);

CREATE INDEX passkeys_person ON passkeys (person, seq);
CREATE INDEX passkeys_org ON passkeys (org, seq) WHERE org IS NOT NULL;

-- What is remembered between asking an authenticator and its answer.
CREATE TABLE ceremonies (
    browser    bytea  PRIMARY KEY,
    state      text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL
);

CREATE INDEX ceremonies_end ON ceremonies (expires_at);

-- By what somebody signed in; whether that counts is judged at each act.
CREATE TABLE browser_sessions (
    cookie       bytea  PRIMARY KEY,
    person       text COLLATE "C" NOT NULL,
    started_at   bigint NOT NULL,
    ends_at      bigint NOT NULL,
    last_seen_at bigint NOT NULL,
    credential   text COLLATE "C" 
);

CREATE INDEX browser_sessions_end ON browser_sessions (ends_at);
CREATE INDEX browser_sessions_credential ON browser_sessions (credential);

-- Credentials that are the cookie of a browser in which an operator is signed in, and when it was last
-- seen.
CREATE TABLE operator_browsers (
    hash         bytea  PRIMARY KEY,
    last_seen_at bigint NOT NULL
);

CREATE TABLE signing_keys (
    kid        text COLLATE "C" PRIMARY KEY,
    jwk        text COLLATE "C" NOT NULL,
    expires_at bigint NOT NULL
);

-- Answers of calls that may be repeated, each kept by the transaction that did what it tells of. They
-- are sealed under a key that is not here.
CREATE TABLE kept_answers (
    slot        bytea  PRIMARY KEY CHECK (length(slot) = 32),
    fingerprint bytea  NOT NULL CHECK (length(fingerprint) = 32),
    sealed      bytea  NOT NULL,
    expires_at  bigint NOT NULL
);

CREATE INDEX kept_answers_end ON kept_answers (expires_at);

-- How the deployment is reached, as the newest serving process said.
CREATE TABLE addresses (
    one         boolean PRIMARY KEY DEFAULT true CHECK (one),
    public_url  text COLLATE "C" NOT NULL,
    gateway_url text COLLATE "C" NOT NULL
);
