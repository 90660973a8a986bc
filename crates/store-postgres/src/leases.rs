//! Leases of serving processes. What has to be seen and done at once is a function in the database:
//! one round trip each.

use countersign_domain::{Duration, ProcessId, Timestamp};
use countersign_store::{Lease, LeaseEpoch, LeaseError, LeaseRow, NewLease, Position};

use crate::{
    connection::Connection,
    fault::{Fault, column, count},
    marks::Time,
    volley::{Volley, held},
};

/// Takes a lease. What was taken away before it is acknowledged from the start: its process serves
/// nothing before it has folded up to the head.
pub(crate) async fn acquire(
    connection: &Connection,
    time: &Time,
    new: NewLease,
) -> Result<Lease, Fault> {
    let (epoch, head, at): (i64, i64, Option<i64>) = connection
        .one(
            &format!(
                "SELECT given_epoch, newest, {} FROM acquire_lease($1, $2, $3)",
                clock(time)
            ),
            &[
                &new.process.to_string(),
                &new.duration.as_millis(),
                &new.replaces.map(column),
            ],
        )
        .await?;
    Ok(Lease {
        id: LeaseEpoch {
            process: new.process,
            epoch: count(epoch)?,
        },
        head: Position(count(head)?),
        at: at.map(Timestamp::from_millis),
    })
}

/// Renews a lease of a process that has caught up with the newest barrier. What is new of what it
/// acknowledges goes ahead of the renewal, in a transaction that waits for no disk.
pub(crate) async fn renew(
    connection: &Connection,
    time: &Time,
    lease: LeaseEpoch,
    acknowledged: Position,
    is_new: bool,
) -> Result<Result<Option<Timestamp>, LeaseError>, Fault> {
    let of = || {
        held![
            lease.process.to_string(),
            column(lease.epoch),
            column(acknowledged.0)
        ]
    };
    let mut volley = Volley::default();
    if is_new {
        volley.push("SELECT acknowledge($1, $2, $3)", of());
    }
    volley.push(
        format!(
            "SELECT holds, barrier, {} FROM renew_lease($1, $2, $3)",
            clock(time)
        ),
        of(),
    );
    let answers = connection.ask(&volley).await?;
    let (holds, barrier, at): (bool, i64, Option<i64>) = answers.after(is_new.into()).one()?;
    let barrier = Position(count(barrier)?);
    Ok(if !holds {
        Err(LeaseError::Lost)
    } else if acknowledged < barrier {
        Err(LeaseError::Behind(barrier))
    } else {
        Ok(at.map(Timestamp::from_millis))
    })
}

/// Store time where the server's clock counts; none where the caller brings one.
fn clock(time: &Time) -> &'static str {
    match time {
        Time::Server => "store_time(NULL)",
        Time::Given(_) => "NULL::bigint",
    }
}

/// Every lease there is.
pub(crate) async fn all(connection: &Connection) -> Result<Vec<LeaseRow>, Fault> {
    let rows: Vec<(String, i64, i64, i64, i64)> = connection
        .all(
            "SELECT process, epoch, counter, duration, acknowledged FROM leases ORDER BY epoch",
            &[],
        )
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

/// Ends a lease, if it stands at `counter` where one is given.
pub(crate) async fn end(
    connection: &Connection,
    lease: LeaseEpoch,
    counter: Option<u64>,
) -> Result<(), Fault> {
    connection
        .execute(
            "SELECT end_lease($1, $2, $3)",
            &[
                &lease.process.to_string(),
                &column(lease.epoch),
                &counter.map(column),
            ],
        )
        .await?;
    Ok(())
}
