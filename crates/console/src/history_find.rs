//! What a search of a history found, in the rows of a page.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use countersign_app::{Failure, HistoryOf, HistoryOrder};
use countersign_domain::SessionId;
use countersign_entries::{Sort, Written};
use countersign_web::text::UserText;

use crate::{
    Console, history_rows,
    history_typed::{Asked, Wrong},
    reader::Reader,
    views::history::{Further, HistoryRow, Rest},
};

/// How many rows a page has at most.
const AT_A_TIME: usize = 50;
/// A page of the log may hold few rows or none that are looked for; more of it is read so often
/// before the reader is asked to go on.
const PIECES: usize = 20;
/// The same where what pages load beside themselves is only counted: of that there is much.
const COUNTED_PIECES: usize = 8;
/// How much of that is read at a time.
const COUNTED_AT_A_TIME: usize = 500;

/// What came of it.
pub(crate) struct Found {
    pub(crate) status: StatusCode,
    pub(crate) wrong: Option<Wrong>,
    pub(crate) rows: Vec<HistoryRow>,
    /// What was counted and whose page is not on this page.
    pub(crate) rest: Vec<Rest>,
    pub(crate) next: Option<u64>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            wrong: None,
            rows: vec![],
            rest: vec![],
            next: None,
        }
    }
}

impl Found {
    pub(crate) fn wrong(status: StatusCode, wrong: Wrong) -> Self {
        Self {
            status,
            wrong: Some(wrong),
            ..Self::default()
        }
    }
}

/// What else was read in a session since a page, newer than it: the page itself comes later.
struct Counted {
    number: u64,
    newest: u64,
    oldest: u64,
    who: Option<UserText>,
}

impl Counted {
    /// Where they and no others stand one by one, the newest of them first.
    fn one_by_one(&self, path: &str, session: SessionId) -> String {
        let (since, after) = (self.oldest, self.newest.saturating_add(1));
        format!("{path}?kind=further&session={session}&since={since}&after={after}")
    }
}

/// A page of what is asked for; `path` is the page's own.
pub(crate) async fn find(
    console: &Console,
    reader: &Reader,
    of: &HistoryOf,
    asked: &Asked,
    path: &str,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let mut counted: BTreeMap<SessionId, Counted> = BTreeMap::new();
    let mut after = asked.after;
    let pieces = if asked.by_page {
        COUNTED_PIECES
    } else {
        PIECES
    };
    for _ in 0..pieces {
        let left = AT_A_TIME.saturating_sub(found.rows.len());
        let wanted = if asked.by_page {
            COUNTED_AT_A_TIME
        } else {
            left
        };
        let order = HistoryOrder::NewestFirst;
        let mut page = console
            .app
            .history(reader.actor(), of, &asked.ask, order, after, wanted)
            .await?;
        if let Some(since) = asked.since {
            let read = page.rows.len();
            page.rows.retain(|row| row.entry.index >= since);
            let over = page.rows.len() < read || page.next.is_some_and(|next| next <= since);
            page.next = page.next.filter(|_| !over);
        }
        after = page.next;
        let mut telling = vec![];
        let mut stands_with = BTreeMap::new();
        let mut rows = page.rows.into_iter().peekable();
        while let Some(row) = rows.next() {
            if let (true, Ok(written)) = (asked.by_page, Written::read(&row.entry.encoded))
                && let Some(session) = written.session
            {
                if written.sort() == Some(Sort::Further) {
                    let counted = counted.entry(session).or_insert_with(|| Counted {
                        number: 0,
                        newest: row.entry.index,
                        oldest: row.entry.index,
                        who: written.actor.email.as_deref().map(UserText::from),
                    });
                    counted.number += 1;
                    counted.oldest = row.entry.index;
                    continue;
                }
                // With its page, or with how the session began or went on before any.
                if matches!(written.sort(), None | Some(Sort::Page))
                    && let Some(counted) = counted.remove(&session)
                {
                    stands_with.insert(row.entry.index, (session, counted));
                }
            }
            let index = row.entry.index;
            telling.push(row);
            if telling.len() == left && (rows.peek().is_some() || after.is_some()) {
                after = Some(index);
                break;
            }
        }
        for mut row in history_rows::rows(console, &telling, &reader.zone).await? {
            row.further = stands_with
                .remove(&row.index)
                .map(|(session, counted)| Further {
                    number: counted.number,
                    href: Some(counted.one_by_one(path, session)),
                });
            found.rows.push(row);
        }
        if after.is_none() || found.rows.len() >= AT_A_TIME {
            break;
        }
    }
    found.next = after;
    found.rest = counted
        .into_iter()
        .map(|(session, counted)| Rest {
            number: counted.number,
            href: counted.one_by_one(path, session),
            who: counted.who,
        })
        .collect();
    Ok(found)
}
