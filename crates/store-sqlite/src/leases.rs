//! Leases of serving processes.

use countersign_domain::{Duration, ProcessId};
use countersign_store::{Lease, LeaseEpoch, LeaseError, LeaseRow, NewLease, Position};
use sqlx::SqliteConnection;

use crate::{
    fault::{Fault, column, count},
    marks::Marks,
};

/// Takes a lease. What was taken away before it is acknowledged from the start: its process serves
/// nothing before it has folded up to the head.
pub(crate) async fn acquire(
    connection: &mut SqliteConnection,
    new: NewLease,
) -> Result<Lease, Fault> {
    let head = Marks::read(connection).await?.head;
    let epoch: i64 =
        sqlx::query_scalar("UPDATE meta SET next_epoch = next_epoch + 1 RETURNING next_epoch - 1")
            .fetch_one(&mut *connection)
            .await?;
    if let Some(epoch) = new.replaces {
        let process = new.process;
        end(connection, LeaseEpoch { process, epoch }).await?;
    }
    sqlx::query(
        "INSERT INTO leases (process, epoch, counter, duration, acknowledged)
         VALUES (?, ?, 0, ?, ?)",
    )
    .bind(new.process.to_string())
    .bind(epoch)
    .bind(new.duration.as_millis())
    .bind(column(head.0))
    .execute(connection)
    .await?;
    Ok(Lease {
        id: LeaseEpoch {
            process: new.process,
            epoch: count(epoch)?,
        },
        head,
        // The clock is the processes' own.
        at: None,
    })
}

/// Whether a lease is still there.
pub(crate) async fn holds(
    connection: &mut SqliteConnection,
    lease: LeaseEpoch,
) -> Result<bool, Fault> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM leases WHERE process = ? AND epoch = ?)")
            .bind(lease.process.to_string())
            .bind(column(lease.epoch))
            .fetch_one(connection)
            .await?,
    )
}

/// Renews a lease of a process that has caught up with the newest barrier.
pub(crate) async fn renew(
    connection: &mut SqliteConnection,
    lease: LeaseEpoch,
    acknowledged: Position,
) -> Result<(), LeaseError> {
    if !holds(connection, lease).await.map_err(unavailable)? {
        return Err(LeaseError::Lost);
    }
    let barrier = Marks::read(connection).await.map_err(unavailable)?.barrier;
    if acknowledged < barrier {
        return Err(LeaseError::Behind(barrier));
    }
    sqlx::query(
        "UPDATE leases SET counter = counter + 1, acknowledged = max(acknowledged, ?)
         WHERE process = ? AND epoch = ?",
    )
    .bind(column(acknowledged.0))
    .bind(lease.process.to_string())
    .bind(column(lease.epoch))
    .execute(connection)
    .await
    .map_err(|error| unavailable(error.into()))?;
    Ok(())
}

fn unavailable(fault: Fault) -> LeaseError {
    LeaseError::Unavailable(fault.into())
}

/// Every lease there is.
pub(crate) async fn all(connection: &mut SqliteConnection) -> Result<Vec<LeaseRow>, Fault> {
    let rows: Vec<(String, i64, i64, i64, i64)> = sqlx::query_as(
        "SELECT process, epoch, counter, duration, acknowledged FROM leases ORDER BY epoch",
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(process, epoch, counter, duration, acknowledged)| {
            Ok(LeaseRow {
                id: LeaseEpoch {
                    process: process.parse::<ProcessId>()?,
                    epoch: count(epoch)?,
                },
                counter: count(counter)?,
                duration: Duration::from_millis(duration),
                acknowledged: Position(count(acknowledged)?),
            })
        })
        .collect()
}

/// Ends a lease that has stood still at a counter.
pub(crate) async fn end_silent(
    connection: &mut SqliteConnection,
    lease: LeaseEpoch,
    counter: u64,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM leases WHERE process = ? AND epoch = ? AND counter = ?")
        .bind(lease.process.to_string())
        .bind(column(lease.epoch))
        .bind(column(counter))
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends a lease; a later epoch of the same process stays.
pub(crate) async fn end(connection: &mut SqliteConnection, lease: LeaseEpoch) -> Result<(), Fault> {
    sqlx::query("DELETE FROM leases WHERE process = ? AND epoch = ?")
        .bind(lease.process.to_string())
        .bind(column(lease.epoch))
        .execute(connection)
        .await?;
    Ok(())
}
