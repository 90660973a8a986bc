//! Recording: a connection of its own, on which a batch is one round trip.
//!
//! Requests are recorded many thousand times more often than anything else is written. What a
//! batch's sessions are is known from the last one, so that the database has only to make sure that
//! nothing was taken away since and that the clock has not ended any of them; it does so in the
//! transaction that makes the entries durable. When it cannot make sure, the batch is judged by the
//! domain in a transaction that holds the same locks.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use countersign_domain::{OrgId, SessionId, Timestamp};
use countersign_store::{Draft, Fence, LeaseEpoch, Verdict};
use tokio::{sync::Mutex, time::timeout};

use crate::{
    batch::{Batch, asking},
    connection::{Connection, Connector, Purpose},
    fault::{Fault, column},
    known::Known,
    marks::Time,
    snapshots::array,
    volley::Volley,
    writer::{self, Uncommitted},
};
use countersign_store::alike::{Ends, fence};

/// How long a batch may take; nothing goes upstream meanwhile.
const LONGEST: Duration = Duration::from_secs(10);

/// What recording a batch came to: one verdict per draft, in order, and where the logs that it
/// wrote to end.
#[derive(Debug)]
pub(crate) struct Recorded {
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) ends: Ends,
}

impl Recorded {
    fn lease_lost(drafts: &[Draft]) -> Self {
        Self {
            verdicts: vec![Verdict::Fenced(Fence::LeaseLost); drafts.len()],
            ends: Ends::new(),
        }
    }
}

/// Records batches, one at a time.
#[derive(Debug)]
pub(crate) struct Recording {
    connector: Connector,
    time: Time,
    recorder: Mutex<Recorder>,
}

#[derive(Debug, Default)]
struct Recorder {
    /// None before the first batch, while one is under way, and after one that did not end cleanly.
    connection: Option<Connection>,
    known: Known,
}

impl Recording {
    pub(crate) fn new(connector: Connector, time: Time) -> Self {
        Self {
            connector,
            time,
            recorder: Mutex::default(),
        }
    }

    /// Records a batch, durable when this returns.
    pub(crate) async fn record(
        &self,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Recorded, Fault> {
        let mut recorder = self.recorder.lock().await;
        let connection = match recorder.connection.take() {
            Some(connection) if !connection.is_closed() => connection,
            _ => self.connector.connect(Purpose::Writing).await?,
        };
        let unreplicated = connection.unreplicated();
        let recording = self.batch(&connection, &mut recorder.known, lease, drafts);
        let recorded = timeout(LONGEST, recording)
            .await
            .unwrap_or(Err(Fault::Late(LONGEST.as_secs())));
        match recorded {
            Ok(recorded) if connection.unreplicated() == unreplicated => {
                recorder.connection = Some(connection);
                Ok(recorded)
            }
            Ok(_) => Err(Fault::Caller(
                "no standby has confirmed what was recorded".to_owned(),
            )),
            // The connection goes with it: it may be in the middle of a transaction.
            Err(fault) => {
                recorder.known.clear();
                Err(fault)
            }
        }
    }

    /// Closes the connection after the batch that is under way.
    pub(crate) async fn close(&self) {
        self.recorder.lock().await.connection = None;
    }

    async fn batch(
        &self,
        connection: &Connection,
        known: &mut Known,
        lease: LeaseEpoch,
        drafts: &[Draft],
    ) -> Result<Recorded, Fault> {
        let ids: Vec<SessionId> = {
            let mut ids: Vec<_> = drafts.iter().map(Draft::session).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        known.load(connection, &ids).await?;
        if let Some(batch) = Batch::of_good(known, drafts)
            && let Some(recorded) = self
                .at_once(connection, known, lease, drafts, &batch)
                .await?
        {
            return Ok(recorded);
        }
        self.judge(connection, known, lease, drafts, &ids).await
    }

    /// Records a batch in which everything goes on, in one round trip; none when that is not sure.
    async fn at_once(
        &self,
        connection: &Connection,
        known: &Known,
        lease: LeaseEpoch,
        drafts: &[Draft],
        batch: &Batch,
    ) -> Result<Option<Recorded>, Fault> {
        let under = &batch.under;
        let (outcome, moment, firsts): (String, Option<i64>, Option<Vec<i64>>) = connection
            .one(
                "SELECT outcome, moment, firsts
                 FROM record_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                                       $15, $16, $17, $18, $19, $20, $21, $22)",
                &[
                    &lease.process.to_string(),
                    &column(lease.epoch),
                    &self.time.given(),
                    &column(known.barrier.0),
                    &batch.active,
                    &batch.good_until,
                    &batch.idle,
                    &batch.orgs,
                    &batch.sizes,
                    &batch.places,
                    &batch.nths,
                    &batch.types,
                    &batch.befores,
                    &batch.afters,
                    &under.ids,
                    &under.places,
                    &under.goes_on,
                    &under.last_pages,
                    &under.pages,
                    &under.further,
                    &under.declared,
                    &under.refused,
                ],
            )
            .await?;
        match (outcome.as_str(), moment, firsts) {
            ("lease lost", _, _) => Ok(Some(Recorded::lease_lost(drafts))),
            ("recorded", Some(moment), firsts) => {
                let firsts = firsts.unwrap_or_default();
                let at = Timestamp::from_millis(moment);
                let (verdicts, ends) = batch.verdicts(&firsts, at)?;
                Ok(Some(Recorded { verdicts, ends }))
            }
            _ => Ok(None),
        }
    }

    /// Judges a batch under the locks that it is recorded under.
    async fn judge(
        &self,
        connection: &Connection,
        known: &mut Known,
        lease: LeaseEpoch,
        drafts: &[Draft],
        ids: &[SessionId],
    ) -> Result<Recorded, Fault> {
        // The org of a session never changes.
        let orgs: BTreeSet<OrgId> = {
            let under = ids.iter().filter_map(|id| known.get(*id));
            under.map(|under| under.org).collect()
        };
        connection.batch("BEGIN").await?;
        let (moment, firsts): (Option<i64>, Option<Vec<i64>>) = connection
            .one(
                "SELECT moment, firsts FROM open_batch($1, $2, $3, $4)",
                &[
                    &lease.process.to_string(),
                    &column(lease.epoch),
                    &self.time.given(),
                    &array(&orgs),
                ],
            )
            .await?;
        let Some(now) = moment else {
            connection.batch("ROLLBACK").await?;
            return Ok(Recorded::lease_lost(drafts));
        };
        let firsts = firsts.unwrap_or_default();
        let now = Timestamp::from_millis(now);
        known.clear();
        known.load(connection, ids).await?;
        // One that came to be since is unknown to this batch: its log is not locked.
        known.retain(|under| orgs.contains(&under.org));
        let mut fences = BTreeMap::new();
        for id in asking(drafts) {
            if let Some(under) = known.get(id)
                && let Some(fence) = fence(&under.state, under.case, id, under.last_request, now)
            {
                fences.insert(id, fence);
            }
        }
        let batch = Batch::of_judged(known, &fences, drafts);
        let under = &batch.under;
        connection
            .execute(
                "SELECT write_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                                    $15, $16, $17, $18)",
                &[
                    &column(lease.epoch),
                    &now.as_millis(),
                    &batch.orgs,
                    &firsts,
                    &batch.sizes,
                    &batch.places,
                    &batch.nths,
                    &batch.types,
                    &batch.befores,
                    &batch.afters,
                    &under.ids,
                    &under.places,
                    &under.goes_on,
                    &under.last_pages,
                    &under.pages,
                    &under.further,
                    &under.declared,
                    &under.refused,
                ],
            )
            .await?;
        let (verdicts, ends) = batch.verdicts(&firsts, now)?;
        match writer::commit(connection, Volley::default()).await {
            Ok(()) => Ok(Recorded { verdicts, ends }),
            Err(Uncommitted::RolledBack(fault)) => Err(fault),
            Err(Uncommitted::Unknown(why)) => Err(Fault::Caller(why)),
        }
    }
}
