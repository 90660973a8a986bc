//! Pages that have hardly any work to spend.

use std::path::PathBuf;

use countersign_store::{
    Draft, HistoryFilter, HistoryOrder, HistoryRow, Search, Store,
    conformance::{Backend, ManualClock, World, line},
};
use rusqlite::Connection;

use super::*;
use crate::SqliteStore;

struct Scratch(PathBuf);

impl Scratch {
    #[allow(clippy::disallowed_methods)] // Unit tests have no directory of their own.
    fn new(name: &str) -> Self {
        let name = format!("countersign-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Backend for Scratch {
    type Store = SqliteStore;

    async fn open(&self, clock: Arc<ManualClock>) -> SqliteStore {
        let path = self.0.join("countersign.db");
        SqliteStore::open(path, clock).await.unwrap()
    }
}

/// All pages of a query, and how many there were.
fn walk(connection: &Connection, query: &HistoryQuery, budget: Budget) -> (Vec<HistoryRow>, usize) {
    let (mut rows, mut pages) = (vec![], 0);
    let mut query = query.clone();
    loop {
        let page = page::read(connection, &ManualClock::default(), &query, budget);
        let page = page.unwrap().expect("the index is not behind");
        rows.extend(page.rows);
        pages += 1;
        if page.next.is_none() {
            return (rows, pages);
        }
        assert_ne!(page.next, query.after, "every page gets further");
        query.after = page.next;
    }
}

/// Wherever the work of a page ends, the next one goes on there: pages that may do next to nothing
/// say the same as those that may do all of it.
#[tokio::test]
async fn a_page_that_stops_early_is_gone_on_with() {
    let scratch = Scratch::new("budget");
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let lease = world.lease().await;
    for from in (0..6_000).step_by(250) {
        let drafts: Vec<_> = (from..from + 250)
            .map(|n| Draft::Request {
                session: live.session,
                request: line(&match n % 900 {
                    7 => format!("/rare/{n}"),
                    _ => format!("/x/{n}"),
                }),
            })
            .collect();
        world.store.record(lease, &drafts).await.unwrap();
    }
    while world.store.index_history(4_096).await.unwrap() > 0 {}
    let connection = Connection::open(scratch.0.join("countersign.db")).unwrap();
    let scant = Budget {
        blocks: 1,
        missed: 40,
    };
    for (typed, rows, stops) in [
        ("rare", 7, true),
        ("rare 3607", 1, true),
        // Nothing of it can be looked up but the x: all are read, and none is meant.
        ("/x/%31", 0, true),
        ("/x/39", 111, true),
        ("nowhere", 0, false),
        // More than one page goes through at a time, and every one of them is meant.
        ("/x", 5_993, true),
    ] {
        for order in [HistoryOrder::NewestFirst, HistoryOrder::OldestFirst] {
            let query = HistoryQuery {
                org: live.org,
                filter: HistoryFilter {
                    search: Some(Search::parse(typed).unwrap()),
                    ..HistoryFilter::default()
                },
                order,
                after: None,
                limit: 10_000,
            };
            let (whole, pages) = walk(&connection, &query, Budget::PAGE);
            let (parts, more_pages) = walk(&connection, &query, scant);
            assert_eq!(whole.len(), rows, "{typed}");
            assert_eq!(parts, whole, "{typed}");
            assert_eq!(more_pages > pages, stops, "{typed}: {more_pages}, {pages}");
        }
    }
}

/// Whom an admin chooses from takes no more work than a page, however long the log is.
#[tokio::test]
async fn agents_are_looked_for_within_a_budget() {
    let scratch = Scratch::new("agents-budget");
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let lease = world.lease().await;
    // The other agent is in none but the first block, and the newest entries are in no block yet.
    for _ in 0..2 {
        let drafts = vec![
            Draft::Request {
                session: live.session,
                request: line("/x"),
            };
            300
        ];
        world.store.record(lease, &drafts).await.unwrap();
    }
    while world.store.index_history(4_096).await.unwrap() > 0 {}
    let connection = Connection::open(scratch.0.join("countersign.db")).unwrap();
    let appearing = |blocks| {
        let budget = Budget { blocks, missed: 0 };
        agents::appearing(&connection, live.org, Some(live.opener), budget).unwrap()
    };
    let mut both = vec![live.agent, live.other];
    both.sort_unstable();
    assert_eq!(appearing(Budget::PAGE.blocks), both);
    assert_eq!(appearing(0), [live.agent]);
}
