//! How far the store has come: store time, the newest event, the newest barrier.

use std::{fmt, sync::Arc};

use countersign_domain::Timestamp;
use countersign_store::{Clock, Position};

use crate::{
    connection::Connection,
    fault::{Fault, count},
};

/// Where store time comes from.
#[derive(Clone)]
pub enum Time {
    /// The database server's clock, which all processes share.
    Server,
    /// Another, for replaying what happened.
    Given(Arc<dyn Clock>),
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Server => "Server",
            Self::Given(_) => "Given",
        })
    }
}

impl Time {
    /// For the SQL function `store_time`. To be asked as late as can be: a write that waited for a
    /// lock is judged by the moment it got it.
    pub(crate) fn given(&self) -> Option<i64> {
        match self {
            Self::Server => None,
            Self::Given(clock) => Some(clock.now().as_millis()),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Marks {
    /// Store time: the later of the clock and the newest time recorded.
    pub(crate) now: Timestamp,
    pub(crate) head: Position,
    pub(crate) barrier: Position,
    last_at: Timestamp,
}

impl Marks {
    pub(crate) async fn read(connection: &Connection, time: &Time) -> Result<Self, Fault> {
        let row = connection
            .row(
                "SELECT store_time($1), last_recorded(), head, barrier FROM meta",
                &[&time.given()],
            )
            .await?;
        Ok(Self {
            now: Timestamp::from_millis(row.get(0)),
            last_at: Timestamp::from_millis(row.get(1)),
            head: Position(count(row.get(2))?),
            barrier: Position(count(row.get(3))?),
        })
    }

    /// A moment, or the newest time recorded if that is later.
    pub(crate) fn not_before(&self, moment: Timestamp) -> Timestamp {
        moment.max(self.last_at)
    }
}

/// Records that `at` has been. Whoever calls holds the position lock.
pub(crate) async fn advance(connection: &Connection, at: Timestamp) -> Result<(), Fault> {
    connection
        .execute(
            "UPDATE meta SET last_at = greatest(last_at, $1)",
            &[&at.as_millis()],
        )
        .await?;
    Ok(())
}
