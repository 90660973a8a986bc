//! Reading what is live: one consistent read on a connection of its own, straight through the tables
//! that hold nothing else, and on a thread of its own, because there may be a lot of it.

use std::{mem, path::Path};

use countersign_domain::{CaseName, CaseNumber, EndedSession, Session, Timestamp, Title};
use countersign_store::{AsOf, LivePart, Position, StoredSession};
use rusqlite::{Connection, Params, Row, types::ValueRef};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use crate::{
    fault::{Fault, count, limit},
    open,
};

/// How many parts are handed over at once.
const AT_ONCE: usize = 256;

/// Hands over what is live; none when an event has been written without keeping it.
pub(crate) fn read(
    path: &Path,
    ended: usize,
    parts: &mpsc::Sender<Vec<LivePart>>,
) -> Result<Option<AsOf>, Fault> {
    let connection = open::blocking(path)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.execute_batch("BEGIN")?;
    let Some(as_of) = as_of(&connection)? else {
        return Ok(None);
    };
    let mut hand = Hand {
        connection: &connection,
        parts,
        full: Vec::with_capacity(AT_ONCE),
    };
    hand.over("SELECT doc FROM orgs", [], |row| {
        document(row, 0).map(LivePart::Org)
    })?;
    hand.over("SELECT doc FROM admins", [], |row| {
        document(row, 0).map(LivePart::Admin)
    })?;
    hand.over("SELECT doc FROM agents", [], |row| {
        document(row, 0).map(LivePart::Agent)
    })?;
    hand.over(
        "SELECT case_id, org, doc FROM unrevoked_grants",
        [],
        |row| {
            Ok(LivePart::Grant {
                case: text(row, 0)?.parse()?,
                org: text(row, 1)?.parse()?,
                grant: document(row, 2)?,
            })
        },
    )?;
    // Outer joins, so that what is missing is noticed.
    hand.over(
        "SELECT s.case_id, s.org, s.last_request_at, s.ended_at, s.ended_why, d.number, d.title, d.doc
         FROM sessions s LEFT JOIN session_docs d ON d.id = s.id
         WHERE s.ended = 0",
        [],
        session,
    )?;
    hand.over(
        "SELECT s.case_id, s.org, s.last_request_at, s.ended_at, s.ended_why, d.number, d.title, d.doc
         FROM sessions s LEFT JOIN session_docs d ON d.id = s.id
         WHERE s.ended = 1 ORDER BY s.ended_at DESC, s.id DESC LIMIT ?",
        [limit(ended)],
        session,
    )?;
    hand.give()?;
    Ok(Some(as_of))
}

fn as_of(connection: &Connection) -> Result<Option<AsOf>, Fault> {
    let (last_at, live_at, head): (i64, i64, i64) = connection.query_row(
        "SELECT last_at, live_at, (SELECT coalesce(max(position), 0) FROM events) FROM meta",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if live_at != head {
        return Ok(None);
    }
    Ok(Some(AsOf {
        position: Position(count(head)?),
        time: Timestamp::from_millis(last_at),
    }))
}

struct Hand<'a> {
    connection: &'a Connection,
    parts: &'a mpsc::Sender<Vec<LivePart>>,
    full: Vec<LivePart>,
}

impl Hand<'_> {
    fn over(
        &mut self,
        select: &str,
        bound: impl Params,
        part: impl Fn(&Row<'_>) -> Result<LivePart, Fault>,
    ) -> Result<(), Fault> {
        let mut statement = self.connection.prepare(select)?;
        let mut rows = statement.query(bound)?;
        while let Some(row) = rows.next()? {
            self.full.push(part(row)?);
            if self.full.len() == AT_ONCE {
                self.give()?;
            }
        }
        Ok(())
    }

    fn give(&mut self) -> Result<(), Fault> {
        let full = mem::replace(&mut self.full, Vec::with_capacity(AT_ONCE));
        self.parts
            .blocking_send(full)
            .map_err(|_| Fault::Caller("nobody waits for what is live any more".to_owned()))
    }
}

fn session(row: &Row<'_>) -> Result<LivePart, Fault> {
    let session: Session = document(row, 7)?;
    let ended = match row.get::<_, Option<i64>>(3)? {
        None => None,
        Some(at) => Some(EndedSession {
            agent: session.agent,
            at: Timestamp::from_millis(at),
            why: document(row, 4)?,
        }),
    };
    Ok(LivePart::Session(Box::new(StoredSession {
        case: text(row, 0)?.parse()?,
        name: CaseName {
            number: CaseNumber::parse(text(row, 5)?)?,
            title: Title::parse(text(row, 6)?)?,
        },
        org: text(row, 1)?.parse()?,
        session,
        last_request: Timestamp::from_millis(row.get(2)?),
        ended,
    })))
}

fn document<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Fault> {
    Ok(serde_json::from_str(text(row, column)?)?)
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Fault> {
    match row.get_ref(column)? {
        ValueRef::Null => Err(Fault::Damaged("what is live is kept in part".to_owned())),
        value => value
            .as_str()
            .map_err(|error| Fault::Damaged(error.to_string())),
    }
}
