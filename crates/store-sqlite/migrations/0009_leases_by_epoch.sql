-- A process may for a while have two leases: a call of its own that comes late takes one that nobody
-- serves under, and must not stand in for the one it does serve under. Serving processes take new
-- ones; one of an earlier version refuses until it is replaced.
DROP TABLE leases;
CREATE TABLE leases (
    epoch        INTEGER PRIMARY KEY,
    process      TEXT NOT NULL,
    counter      INTEGER NOT NULL,
    duration     INTEGER NOT NULL,
    acknowledged INTEGER NOT NULL
) STRICT;
