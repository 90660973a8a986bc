//! How far the store has come: the newest time recorded, the newest event, the newest barrier.

use countersign_domain::Timestamp;
use countersign_store::{Clock, Position};
use sqlx::SqliteConnection;

use crate::fault::{Fault, column, count};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    last_at: Timestamp,
    pub(crate) head: Position,
    pub(crate) barrier: Position,
}

impl Marks {
    pub(crate) async fn read(connection: &mut SqliteConnection) -> Result<Self, Fault> {
        let (last_at, head, barrier): (i64, i64, i64) = sqlx::query_as(
            "SELECT last_at,
                    (SELECT coalesce(max(position), 0) FROM events),
                    (SELECT coalesce(max(position), 0) FROM events WHERE takes_away = 1)
             FROM meta",
        )
        .fetch_one(connection)
        .await?;
        Ok(Self {
            last_at: Timestamp::from_millis(last_at),
            head: Position(count(head)?),
            barrier: Position(count(barrier)?),
        })
    }

    /// Store time: the later of the clock and the newest time recorded. Read the clock after the
    /// marks, or a write that waited for the lock is judged by the moment it began to wait.
    pub(crate) fn now(&self, clock: &dyn Clock) -> Timestamp {
        self.not_before(clock.now())
    }

    /// A moment, or the newest time recorded if that is later.
    pub(crate) fn not_before(&self, moment: Timestamp) -> Timestamp {
        moment.max(self.last_at)
    }
}

/// Records that `at` has been.
pub(crate) async fn advance(connection: &mut SqliteConnection, at: Timestamp) -> Result<(), Fault> {
    sqlx::query("UPDATE meta SET last_at = max(last_at, ?)")
        .bind(at.as_millis())
        .execute(connection)
        .await?;
    Ok(())
}

/// Records that what is live is kept up to `to`, if it was up to `from`.
pub(crate) async fn keep_up(
    connection: &mut SqliteConnection,
    from: Position,
    to: Position,
) -> Result<(), Fault> {
    sqlx::query("UPDATE meta SET live_at = ? WHERE live_at = ?")
        .bind(column(to.0))
        .bind(column(from.0))
        .execute(connection)
        .await?;
    Ok(())
}
