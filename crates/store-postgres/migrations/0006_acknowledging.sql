-- What a process acknowledges is committed by itself, before the renewal that says it as well, and waits for
-- no disk and no standby: it lets nobody serve longer, and stays true when a crash forgets it. Whoever waits for
-- it then waits for the renewal, as before.

-- Tells whoever waits, where somebody may: something was taken away that this lease had not acknowledged.
CREATE FUNCTION acknowledge(of_process text, of_epoch bigint, folded bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE leases l SET acknowledged = folded
    FROM meta m
    WHERE l.process = of_process AND l.epoch = of_epoch
      AND l.acknowledged < m.barrier AND m.barrier <= folded;
    IF FOUND THEN
        PERFORM set_config('synchronous_commit', 'off', true);
        PERFORM pg_notify('countersign_leases', of_epoch::text);
    END IF;
END $$;

-- A position of another history says nothing on this server.
CREATE TRIGGER leases_acknowledged_on_their_server BEFORE UPDATE OF acknowledged ON leases
FOR EACH ROW WHEN (OLD.counter = NEW.counter) EXECUTE FUNCTION refuse_on_another_server();
