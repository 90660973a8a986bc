//! How far the store has come: store time, the newest event, the newest barrier.

use std::{fmt, sync::Arc};

use countersign_domain::Timestamp;
use countersign_store::{Clock, Position};

use crate::{
    connection::Connection,
    fault::{Fault, count},
    volley::{Answers, Volley, held},
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

/// As `store_time` and `last_recorded` have it, which cost more than all the rest when they are called.
const MARKS: &str = "
    SELECT greatest(coalesce($1, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint), r.at),
           r.at, m.head, m.barrier
    FROM meta m
    CROSS JOIN LATERAL (SELECT greatest(m.last_at, (SELECT max(l.last_at) FROM leases l)) AS at) AS r";

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
        Self::of(connection.one(MARKS, &[&time.given()]).await?)
    }

    /// Asks for them in a volley; to be read with [`Self::answered`].
    pub(crate) fn ask(volley: &mut Volley, time: &Time) {
        volley.push(MARKS, held![time.given()]);
    }

    pub(crate) fn answered(answers: &mut Answers) -> Result<Self, Fault> {
        Self::of(answers.one()?)
    }

    fn of((now, last_at, head, barrier): (i64, i64, i64, i64)) -> Result<Self, Fault> {
        Ok(Self {
            now: Timestamp::from_millis(now),
            last_at: Timestamp::from_millis(last_at),
            head: Position(count(head)?),
            barrier: Position(count(barrier)?),
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
