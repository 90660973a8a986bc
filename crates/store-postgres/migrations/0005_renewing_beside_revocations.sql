-- Renewing a lease takes no revocation lock. It stood in the queue for it behind revocations, was below
-- the barrier of each by the time its turn came, and was refused: while one revocation followed another,
-- every process lost its lease. What is below the newest barrier that is committed is refused as before. A
-- revocation that commits while a renewal is under way finds the lease, and waits until it has been
-- acknowledged or has stood still for as long as it lasts since it was last found renewed.
CREATE OR REPLACE FUNCTION renew_lease(
    of_process text, of_epoch bigint, folded bigint, OUT holds boolean, OUT barrier bigint)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM note_replication();
    PERFORM 1 FROM leases l WHERE l.process = of_process AND l.epoch = of_epoch FOR UPDATE;
    holds := FOUND;
    SELECT m.barrier INTO barrier FROM meta m;
    IF holds AND folded >= barrier THEN
        UPDATE leases l
        SET counter = l.counter + 1, acknowledged = greatest(l.acknowledged, folded),
            renewed_at = renewed_now()
        WHERE l.process = of_process AND l.epoch = of_epoch;
    END IF;
END $$;
