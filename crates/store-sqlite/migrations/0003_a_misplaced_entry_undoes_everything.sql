-- A trigger that aborts its statement makes SQLite keep a copy of every page that each insert
-- changes, for undoing that one statement. What is refused here means that the log would get a gap:
-- nothing of the transaction may stay, and no copies are needed for that.
DROP TRIGGER entries_gapless;

CREATE TRIGGER entries_gapless BEFORE INSERT ON entries
WHEN NEW.idx <> (SELECT coalesce(max(idx), -1) + 1 FROM entries WHERE org = NEW.org)
BEGIN SELECT RAISE(ROLLBACK, 'entries are appended at the next index only'); END;
