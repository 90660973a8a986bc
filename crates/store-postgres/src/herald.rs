//! Telling other processes which logs have grown, so that what people watch moves there as well.
//!
//! `NOTIFY` takes a lock that all who notify share, and holds it over the commit. So a batch does not notify: it
//! would wait for the commits of others, and they for its own. What has grown is told behind it, on a
//! connection of its own, in transactions that write nothing and wait for no disk, and not more often than
//! anybody can see.

use std::{
    collections::BTreeMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use countersign_domain::OrgId;
use countersign_store::alike::Ends;
use tokio::{sync::Notify, task::AbortHandle, time::sleep};

use crate::{
    connection::{Connector, Purpose},
    fault::Fault,
    line::Line,
    listener::ENTRIES,
};

/// Between one word and the next.
const PAUSE: Duration = Duration::from_millis(50);
/// How many logs one word is about: it must not be longer than 8,000 bytes.
const LOGS: usize = 100;

#[derive(Debug)]
pub(crate) struct Herald {
    connector: Connector,
    grown: Arc<Grown>,
    task: OnceLock<AbortHandle>,
}

#[derive(Debug, Default)]
struct Grown {
    ends: Mutex<Ends>,
    more: Notify,
}

impl Grown {
    fn ends(&self) -> MutexGuard<'_, Ends> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Herald {
    pub(crate) fn new(connector: Connector) -> Self {
        Self {
            connector,
            grown: Arc::default(),
            task: OnceLock::new(),
        }
    }

    /// Others are told soon where these logs end. Nobody waits for that.
    pub(crate) fn grown(&self, ends: &Ends) {
        self.grown.ends().extend(ends);
        self.grown.more.notify_one();
        self.task.get_or_init(|| {
            let line = Line::new(self.connector.clone(), Purpose::Writing);
            tokio::spawn(tell(line, Arc::clone(&self.grown))).abort_handle()
        });
    }

    /// Stops.
    pub(crate) fn close(&self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

impl Drop for Herald {
    fn drop(&mut self) {
        self.close();
    }
}

async fn tell(line: Line, grown: Arc<Grown>) {
    loop {
        grown.more.notified().await;
        let ends: Vec<(OrgId, u64)> = mem::take(&mut *grown.ends()).into_iter().collect();
        for some in ends.chunks(LOGS) {
            // Whoever was not told looks by itself.
            if let Err(error) = say(&line, some).await {
                tracing::debug!(%error, "others were not told of new entries");
            }
        }
        sleep(PAUSE).await;
    }
}

async fn say(line: &Line, ends: &[(OrgId, u64)]) -> Result<(), Fault> {
    let words: Vec<String> = ends
        .iter()
        .map(|(org, end)| format!("{org} {end}"))
        .collect();
    let connection = line.get().await?;
    connection
        .execute("SELECT pg_notify($1, $2)", &[&ENTRIES, &words.join("\n")])
        .await?;
    Ok(())
}

/// What was told; what does not read as that is nobody's.
pub(crate) fn heard(words: &str) -> Ends {
    let end = |line: &str| {
        let (org, end) = line.split_once(' ')?;
        Some((org.parse().ok()?, end.parse().ok()?))
    };
    words.lines().filter_map(end).collect::<BTreeMap<_, _>>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_heard() {
        let org = |number: u8| -> OrgId { format!("org_{number:032}").parse().unwrap() };
        let told = format!("{} 7\nnonsense\n{} 12", org(1), org(2));
        assert_eq!(heard(&told), Ends::from([(org(1), 7), (org(2), 12)]));
        // As many as one word is about.
        let longest = format!("{} {}\n", org(1), u64::MAX).len() * LOGS;
        assert!(longest < 8_000, "{longest}");
    }
}
