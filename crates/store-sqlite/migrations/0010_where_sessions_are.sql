-- The index of the newest request for a page under the session; null while none is known.
ALTER TABLE sessions ADD COLUMN last_page INTEGER;
