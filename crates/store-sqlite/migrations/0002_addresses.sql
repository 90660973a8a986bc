-- How the deployment is reached, as the newest serving process said; one row at most.
CREATE TABLE addresses (
    id          INTEGER PRIMARY KEY CHECK (id = 1),
    public_url  TEXT NOT NULL,
    gateway_url TEXT NOT NULL
) STRICT;
