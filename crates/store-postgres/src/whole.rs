//! Whether the database holds everything that was acknowledged.
//!
//! A standby that was promoted, a backup that was restored and a copy may lack the end of the
//! history, and with it what was taken away last. So each connection is compared with what this
//! process remembers, and a server that is not the one that the history was on is used only after an
//! operator has spoken for it and every process that held a lease has found on it what it remembers
//! (A1, A7).

use std::sync::{Mutex, PoisonError};

use countersign_domain::{OrgId, Timestamp};
use countersign_store::{LeaseEpoch, Position, Verdict};
use tokio::sync::watch;

use crate::{
    bound::{Bound, Place},
    connection::Connection,
    fault::{Fault, column, count},
};

/// Why a database is not gone on from.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// Another server, which nobody has vouched for yet.
    #[error(
        "this is not the database that the history was written on ({was}, now {is}): a standby was promoted, or a \
         backup restored. Nothing is served until it is shown that nothing is missing: \
         {standing}. `countersign database status` says more"
    )]
    Elsewhere {
        /// The server and timeline that the history was on.
        was: String,
        /// The server and timeline that this is.
        is: String,
        /// What is waited for.
        standing: Standing,
    },
    /// Something that was acknowledged is not there.
    #[error(
        "the database has lost what was acknowledged ({0}): a standby was promoted that had not got \
         it, or an old backup restored. Nothing is served: bring back the server that has it, or accept the \
         loss with `countersign database accept-loss`, which ends all access"
    )]
    Missing(String),
    /// Another history.
    #[error(
        "the address of the database leads to another deployment than the one that this process is on (server {is}, not \
         {was}): a name, a proxy or a list of hosts mixes them up. Nothing there was used; see to it that the \
         address leads to one database"
    )]
    Another {
        /// The server and timeline that the process is on.
        was: String,
        /// The server and timeline that it was led to.
        is: String,
    },
    /// A server that another has taken the place of.
    #[error(
        "the address of the database leads to server {was}, in whose place {is} has come for this process: it is still \
         running. Stop it for good, or take it out of the address; what is written there is lost"
    )]
    Left {
        /// The server and timeline that this is.
        was: String,
        /// The server and timeline that the history went on on.
        is: String,
    },
    /// A loss was accepted after this process had begun.
    #[error(
        "a loss of what was acknowledged has been accepted while this process ran; what it knows may \
         have been lost, and it has to be started again"
    )]
    Accepted,
}

/// What is between a server that took over and its use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// No operator has said that it may be gone on with.
    NotTakenOver,
    /// Some that held leases have not looked yet.
    Awaited {
        /// How many have found all that they remember.
        confirmed: u64,
        /// How many have not looked.
        awaited: u64,
    },
    /// Nobody is left who remembers anything.
    NobodyLeft,
    /// Commits did not wait for every standby, so that it cannot be shown.
    NotSynchronous,
}

impl std::fmt::Display for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotTakenOver => f.write_str(
                "if the old server is stopped for good and its commits waited for this one to the last, say so \
                 with `countersign database take-over`",
            ),
            Self::Awaited { confirmed, awaited } => write!(
                f,
                "{confirmed} of the processes that were serving have found all that they remember, {awaited} \
                 have not looked yet"
            ),
            Self::NobodyLeft => f.write_str(
                "no process that was serving before is left to look; accept that something may be lost with \
                 `countersign database accept-loss`",
            ),
            Self::NotSynchronous => f.write_str(
                "it cannot be shown, because commits did not wait for every standby that \
                 synchronous_standby_names names; accept that something may be lost with `countersign database accept-loss`",
            ),
        }
    }
}

/// How the database stands; what a person decides by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// The server that the history is on.
    pub was: String,
    /// The server that this is.
    pub is: String,
    /// What a process remembers that is not there.
    pub missing: Option<String>,
    /// How many losses have been accepted.
    pub losses: u64,
    /// Whether an operator has said that it may be gone on with.
    pub taken_over: bool,
    /// Whether commits waited for every standby when a lease was renewed last.
    pub synchronous: bool,
    /// The newest event.
    pub head: Position,
    /// The newest time recorded, in milliseconds since 1970.
    pub last_at: i64,
    /// Processes that were serving, and whether they have found all that they remember.
    pub processes: Vec<(String, bool)>,
}

impl Status {
    pub(crate) async fn read(connection: &Connection) -> Result<Self, Fault> {
        let row = connection
            .row(
                "SELECT m.server, server_identity(), m.missing, m.losses, m.synchronous, m.head,
                        last_recorded(), m.taken_over IS NOT DISTINCT FROM server_identity()
                 FROM meta m",
                &[],
            )
            .await?;
        let processes = connection
            .all(
                "SELECT process, confirmed FROM leases_at_takeover ORDER BY epoch",
                &[],
            )
            .await?;
        Ok(Self {
            was: row.try_get(0)?,
            is: row.try_get(1)?,
            missing: row.try_get(2)?,
            losses: count(row.try_get(3)?)?,
            synchronous: row.try_get(4)?,
            head: Position(count(row.try_get(5)?)?),
            last_at: row.try_get(6)?,
            taken_over: row.try_get(7)?,
            processes,
        })
    }

    /// Why it is not gone on from; none when it is.
    #[must_use]
    pub fn incomplete(&self) -> Option<Incomplete> {
        if let Some(missing) = &self.missing {
            return Some(Incomplete::Missing(missing.clone()));
        }
        (self.was != self.is).then(|| Incomplete::Elsewhere {
            was: self.was.clone(),
            is: self.is.clone(),
            standing: self.standing(),
        })
    }

    fn standing(&self) -> Standing {
        let all = self.processes.len();
        let confirmed = self.processes.iter().filter(|(_, found)| *found).count();
        if !self.synchronous {
            Standing::NotSynchronous
        } else if all == 0 {
            Standing::NobodyLeft
        } else if !self.taken_over {
            Standing::NotTakenOver
        } else {
            Standing::Awaited {
                confirmed: confirmed as u64,
                awaited: all.saturating_sub(confirmed) as u64,
            }
        }
    }
}

/// Notes an operator's word for a server that is another, where that is what is missing.
pub(crate) async fn take_over(connection: &Connection) -> Result<Status, Fault> {
    let status = Status::read(connection).await?;
    match status.incomplete() {
        None => return Ok(status),
        Some(Incomplete::Elsewhere {
            standing: Standing::NotTakenOver | Standing::Awaited { .. },
            ..
        }) => {}
        Some(incomplete) => return Err(incomplete.into()),
    }
    connection
        .execute(
            "UPDATE meta SET taken_over = server_identity() WHERE missing IS NULL",
            &[],
        )
        .await?;
    Status::read(connection).await
}

/// What this process knows to have been acknowledged.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    seen: Mutex<Seen>,
    outdated: watch::Sender<bool>,
    bound: Bound,
}

/// The newest of each is enough: what a standby has, it has without gaps.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    losses: Option<u64>,
    head: Position,
    /// An event, and its moment: another history has another at that position.
    event: Option<(Position, Timestamp)>,
    lease: Option<LeaseEpoch>,
    /// The last entry of this process: in which log, at which index and moment.
    entry: Option<(OrgId, u64, Timestamp)>,
}

impl Memory {
    fn note(&self, change: impl FnOnce(&mut Seen)) {
        change(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn seen(&self) -> Seen {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The store has been seen to have come this far.
    pub(crate) fn head(&self, position: Position) {
        self.note(|seen| seen.head = seen.head.max(position));
    }

    /// An event has been read or written.
    pub(crate) fn event(&self, position: Position, at: Timestamp) {
        self.head(position);
        self.note(|seen| {
            if seen.event.is_none_or(|(newest, _)| newest < position) {
                seen.event = Some((position, at));
            }
        });
    }

    /// A lease has been taken.
    pub(crate) fn lease(&self, lease: LeaseEpoch) {
        self.note(|seen| seen.lease = Some(lease));
    }

    /// A batch has been recorded.
    pub(crate) fn recorded(&self, verdicts: &[Verdict]) {
        let last = verdicts.iter().rev().find_map(|verdict| match *verdict {
            Verdict::Recorded { org, index, at } => Some((org, index, at)),
            Verdict::Fenced(_) => None,
        });
        if let Some(entry) = last {
            self.note(|seen| seen.entry = Some(entry));
        }
    }

    /// Until what this process knows may not be the history any more.
    pub(crate) async fn outdated(&self) {
        let mut outdated = self.outdated.subscribe();
        // The sender is here.
        let _ = outdated.wait_for(|outdated| *outdated).await;
    }

    /// Refuses a database that lacks something, or is another. Answers with what a connection that is good is
    /// known by.
    pub(crate) async fn check(&self, connection: &Connection) -> Result<u64, Fault> {
        let seen = self.seen();
        let there = self.place(connection).await?;
        if let Some(lost) = self.lost(connection, seen).await? {
            connection
                .execute("UPDATE meta SET missing = coalesce(missing, $1)", &[&lost])
                .await?;
            return Err(Incomplete::Missing(lost).into());
        }
        let mut status = Status::read(connection).await?;
        if status.was != status.is
            && status.missing.is_none()
            && let Some(lease) = seen.lease
        {
            connection
                .execute(
                    "SELECT confirm_server($1, $2)",
                    &[&lease.process.to_string(), &column(lease.epoch)],
                )
                .await?;
            status = Status::read(connection).await?;
            if status.was == status.is {
                tracing::warn!(
                    server = status.is,
                    "the history goes on on another database server: everybody has found there what they \
                     remember"
                );
            }
        }
        match status.incomplete() {
            Some(incomplete) => Err(incomplete.into()),
            None => Ok(self.bound.settle(there)?),
        }
    }

    /// Whether this process has gone on to another server since a connection was found good.
    pub(crate) fn has_moved(&self, since: u64) -> bool {
        self.bound.has_moved(since)
    }

    /// Where a connection leads. Nothing is asked of a database that is none of ours.
    async fn place(&self, connection: &Connection) -> Result<Place, Fault> {
        let (deployment, server) = connection
            .one("SELECT m.deployment, server_identity() FROM meta m", &[])
            .await?;
        let there = Place { deployment, server };
        self.bound.may_be(&there)?;
        Ok(there)
    }

    /// What this process remembers and the database does not hold.
    async fn lost(&self, connection: &Connection, seen: Seen) -> Result<Option<String>, Fault> {
        let event = seen.event.map(|(position, _)| column(position.0));
        let org = seen.entry.map(|(org, ..)| org.to_string());
        let index = seen.entry.map(|(_, index, _)| column(index));
        let (losses, head, epoch, at, recorded): (i64, i64, i64, Option<i64>, Option<i64>) =
            connection
                .one(
                    "SELECT m.losses, m.head, c.next_epoch,
                            (SELECT e.at FROM events e WHERE e.position = $1),
                            (SELECT e.at FROM entries e WHERE e.org = $2 AND e.idx = $3)
                     FROM meta m CROSS JOIN counters c",
                    &[&event, &org, &index],
                )
                .await?;
        let losses = count(losses)?;
        match seen.losses {
            None => self.note(|seen| seen.losses = Some(losses)),
            Some(known) if known != losses => {
                self.outdated.send_replace(true);
                return Err(Incomplete::Accepted.into());
            }
            Some(_) => {}
        }
        let head = count(head)?;
        if head < seen.head.0 {
            return Ok(Some(format!(
                "it ends at event {head}, and event {} was acknowledged",
                seen.head.0
            )));
        }
        if let Some((position, moment)) = seen.event
            && at != Some(moment.as_millis())
        {
            return Ok(Some(format!(
                "event {} is another than the one that was acknowledged",
                position.0
            )));
        }
        if let Some((org, index, moment)) = seen.entry
            && recorded != Some(moment.as_millis())
        {
            return Ok(Some(format!(
                "entry {index} of the log of {org} is not the one that was acknowledged"
            )));
        }
        if let Some(lease) = seen.lease
            && count(epoch)? <= lease.epoch
        {
            return Ok(Some(format!(
                "it does not know of lease {}, which was given",
                lease.epoch
            )));
        }
        Ok(None)
    }
}
