//! One measurement.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Instant, SystemTime},
};

use clap::ValueEnum;
use countersign_decision::View;
use countersign_domain::{ProcessId, Timestamp};
use countersign_node::{BootClock, Clocks, Node, NodeConfig};
use countersign_store::{Clock, Position, Store};
use countersign_store_sqlite::SqliteStore;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::Outcome;

/// What is measured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum How {
    /// A start, until the process serves.
    Start,
    /// Folding every event there is, for comparison.
    Fold,
}

pub(crate) async fn measure(database: &Path, how: How) -> Outcome<Value> {
    let began = Began::now();
    let store = Arc::new(SqliteStore::open(database, Arc::new(Wall)).await?);
    let opened = began.millis();
    let before = memory("VmRSS:")?;
    let told = |folded: u64| -> Outcome<Value> {
        Ok(json!({
            "opened_ms": opened,
            "serving_ms": began.millis(),
            "events_folded": folded,
            "grown_by_kb": memory("VmRSS:")?.saturating_sub(before),
            "peak_kb": memory("VmHWM:")?,
        }))
    };
    match how {
        How::Start => {
            let clocks = Clocks {
                store: Arc::new(Wall),
                boot: Arc::new(began),
            };
            #[allow(clippy::disallowed_methods)] // The id of this process.
            let process = ProcessId::from_uuid(Uuid::now_v7());
            let node = Node::serving(store, clocks, NodeConfig::new(process)).await?;
            let told = told(node.folded());
            node.stop().await;
            told
        }
        How::Fold => {
            let (mut view, mut after) = (View::default(), Position(0));
            loop {
                let page = store.tail(after, 512).await?;
                let Some(last) = page.last() else {
                    let told = told(after.0);
                    drop(view);
                    return told;
                };
                after = last.position;
                for recorded in &page {
                    view.fold(recorded.at, &recorded.event, recorded.case_name.as_ref());
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Began(Instant);

impl Began {
    #[allow(clippy::disallowed_methods)] // No lease hangs on it for long.
    fn now() -> Self {
        Self(Instant::now())
    }

    #[allow(clippy::disallowed_methods)] // The same.
    fn millis(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl BootClock for Began {
    fn now(&self) -> u64 {
        self.millis()
    }
}

struct Wall;

impl Clock for Wall {
    #[allow(clippy::disallowed_methods)] // Nothing that is measured hangs on the hour.
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let millis = since.map_or(0, |since| since.as_millis());
        Timestamp::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
    }
}

/// A line of this process's status, in kilobytes.
fn memory(name: &str) -> Outcome<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("an odd /proc/self/status")?.parse()?)
}
