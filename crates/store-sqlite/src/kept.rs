//! Answers kept for calls that are repeated.

use countersign_domain::{Timestamp, has_passed};
use countersign_store::{Clock, Kept, NewKept};
use sqlx::SqliteConnection;

use crate::{fault::Fault, marks::Marks};

#[derive(sqlx::FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    sealed: Vec<u8>,
    expires_at: i64,
}

/// The answer kept under a slot.
pub(crate) async fn get(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    slot: [u8; 32],
) -> Result<Option<Kept>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    at(connection, slot, now).await
}

/// The answer kept under a slot at `now`.
pub(crate) async fn at(
    connection: &mut SqliteConnection,
    slot: [u8; 32],
    now: Timestamp,
) -> Result<Option<Kept>, Fault> {
    let row: Option<Row> =
        sqlx::query_as("SELECT fingerprint, sealed, expires_at FROM kept_answers WHERE slot = ?")
            .bind(slot.to_vec())
            .fetch_optional(connection)
            .await?;
    row.filter(|row| !has_passed(Timestamp::from_millis(row.expires_at), now))
        .map(|row| {
            let damaged = |_| Fault::Damaged("a fingerprint of another length".to_owned());
            Ok(Kept {
                fingerprint: row.fingerprint.try_into().map_err(damaged)?,
                sealed: row.sealed,
            })
        })
        .transpose()
}

/// Keeps an answer; one under the same slot has expired.
pub(crate) async fn keep(
    connection: &mut SqliteConnection,
    new: &NewKept,
    now: Timestamp,
) -> Result<(), Fault> {
    clear(connection, now).await?;
    sqlx::query(
        "INSERT OR REPLACE INTO kept_answers (slot, fingerprint, sealed, expires_at)
         VALUES (?, ?, ?, ?)",
    )
    .bind(new.slot.to_vec())
    .bind(new.fingerprint.to_vec())
    .bind(&new.sealed)
    .bind(new.expires_at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes some that have expired; more than are added, so that the table does not only grow.
async fn clear(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), Fault> {
    let oldest: Vec<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT slot, expires_at FROM kept_answers ORDER BY expires_at LIMIT 20")
            .fetch_all(&mut *connection)
            .await?;
    for (slot, expires_at) in oldest {
        if has_passed(Timestamp::from_millis(expires_at), now) {
            sqlx::query("DELETE FROM kept_answers WHERE slot = ?")
                .bind(slot)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}
