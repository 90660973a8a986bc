-- From where the call came that an event was done by, as JSON; null while nobody kept it.
ALTER TABLE events ADD COLUMN client TEXT;
