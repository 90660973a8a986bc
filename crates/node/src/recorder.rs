//! Recording entries of requests, many at a time.

use std::sync::Arc;

use countersign_store::{Draft, Fence, Verdict};
use tokio::sync::{mpsc, oneshot};

use crate::{Node, NotServing, node::locked};

/// How many entries share a commit.
const BATCH: usize = 256;

/// An entry could not be made durable, so its request does not pass (R18, R19).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// This process may not serve.
    #[error(transparent)]
    NotServing(#[from] NotServing),
    /// More entries wait than the store takes in.
    #[error("the log cannot take in more entries right now")]
    Backlog,
    /// The store cannot be reached.
    #[error("the log cannot be written: {0}")]
    Unavailable(String),
    /// The fence holds: the session gives no access any more.
    #[error("the session gives no access any more ({})", .0.code())]
    Fenced(Fence),
}

/// One entry and who waits for it.
pub(crate) struct Job {
    draft: Draft,
    answer: oneshot::Sender<Result<Verdict, RecordError>>,
}

impl Node {
    /// Makes an entry durable, sharing the commit with whoever else is recording. Returns its
    /// index in the org's log.
    ///
    /// # Errors
    /// When it is not durable; the request must not go upstream then.
    pub async fn record(&self, draft: Draft) -> Result<u64, RecordError> {
        let (answer, verdict) = oneshot::channel();
        let records = self.records.as_ref().ok_or(NotServing)?;
        records
            .try_send(Job { draft, answer })
            .map_err(|_| RecordError::Backlog)?;
        match verdict.await.map_err(|_| NotServing)?? {
            Verdict::Recorded { index, .. } => Ok(index),
            Verdict::Fenced(fence) => Err(RecordError::Fenced(fence)),
        }
    }
}

/// Takes what waits, records it in one commit, answers, and takes again.
pub(crate) async fn record(node: Arc<Node>, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        let (drafts, answers): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|job| (job.draft, job.answer)).unzip();
        let verdicts = commit(&node, &drafts).await;
        match verdicts {
            Ok(verdicts) => {
                note_activity(&node, &drafts, &verdicts);
                for (answer, verdict) in answers.into_iter().zip(verdicts) {
                    // A client that has gone away does not wait for its verdict.
                    let _ = answer.send(Ok(verdict));
                }
            }
            Err(error) => {
                for answer in answers {
                    let _ = answer.send(Err(error.clone()));
                }
            }
        }
    }
}

/// A request that passes is activity; refusals and outcomes are not.
fn note_activity(node: &Node, drafts: &[Draft], verdicts: &[Verdict]) {
    let mut activity = locked(&node.activity);
    for (draft, verdict) in drafts.iter().zip(verdicts) {
        if let (Draft::Request { session, .. }, Verdict::Recorded { at, .. }) = (draft, verdict) {
            activity.insert(*session, *at);
        }
    }
}

async fn commit(node: &Node, drafts: &[Draft]) -> Result<Vec<Verdict>, RecordError> {
    let lease = node.wait_serving().await?;
    node.store
        .record(lease, drafts)
        .await
        .map_err(|error| RecordError::Unavailable(error.0))
}
