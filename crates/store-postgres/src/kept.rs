//! Answers kept for calls that are repeated.

use countersign_domain::{Timestamp, has_passed};
use countersign_store::{Kept, NewKept};

use crate::{
    connection::Connection,
    fault::Fault,
    marks::{Marks, Time},
};

/// The answer kept under a slot.
pub(crate) async fn get(
    connection: &Connection,
    time: &Time,
    slot: [u8; 32],
) -> Result<Option<Kept>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    at(connection, slot, now).await
}

/// The answer kept under a slot at `now`.
pub(crate) async fn at(
    connection: &Connection,
    slot: [u8; 32],
    now: Timestamp,
) -> Result<Option<Kept>, Fault> {
    let row: Option<(Vec<u8>, Vec<u8>, i64)> = connection
        .any(
            "SELECT fingerprint, sealed, expires_at FROM kept_answers WHERE slot = $1",
            &[&slot.to_vec()],
        )
        .await?;
    row.filter(|(_, _, expires_at)| !has_passed(Timestamp::from_millis(*expires_at), now))
        .map(|(fingerprint, sealed, _)| {
            let damaged = |_| Fault::Damaged("a fingerprint of another length".to_owned());
            Ok(Kept {
                fingerprint: fingerprint.try_into().map_err(damaged)?,
                sealed,
            })
        })
        .transpose()
}

/// Keeps an answer; one under the same slot has expired.
pub(crate) async fn keep(
    connection: &Connection,
    new: &NewKept,
    now: Timestamp,
) -> Result<(), Fault> {
    clear(connection, now).await?;
    connection
        .execute(
            "INSERT INTO kept_answers (slot, fingerprint, sealed, expires_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (slot) DO UPDATE
         SET fingerprint = excluded.fingerprint, sealed = excluded.sealed,
             expires_at = excluded.expires_at",
            &[
                &new.slot.to_vec(),
                &new.fingerprint.to_vec(),
                &new.sealed,
                &new.expires_at.as_millis(),
            ],
        )
        .await?;
    Ok(())
}

/// Removes some that have expired; more than are added, so that the table does not only grow.
async fn clear(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    let oldest: Vec<(Vec<u8>, i64)> = connection
        .all(
            "SELECT slot, expires_at FROM kept_answers ORDER BY expires_at LIMIT 20",
            &[],
        )
        .await?;
    for (slot, expires_at) in oldest {
        if has_passed(Timestamp::from_millis(expires_at), now) {
            connection
                .execute("DELETE FROM kept_answers WHERE slot = $1", &[&slot])
                .await?;
        }
    }
    Ok(())
}
