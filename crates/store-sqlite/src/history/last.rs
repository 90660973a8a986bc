//! The last request under a session, without the index: when it was is known, and times never go
//! back along a log.

use countersign_domain::{Duration, OrgId, SessionId, Timestamp};
use countersign_entries::Written;
use countersign_store::{Counts, LastRequest, StoredEntry};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    index::size,
    key,
    page::{first_since, stored},
};
use crate::fault::{Fault, column, count};

/// How many entries of the same millisecond are gone through. There are more only while the clock
/// has jumped back and store time stands still.
const SAME_MOMENT: i64 = 20_000;

pub(crate) fn requests(
    connection: &Connection,
    sessions: &[SessionId],
) -> Result<Vec<LastRequest>, Fault> {
    let mut select = connection.prepare_cached(
        "SELECT org, last_request_at, last_page, pages, further, declared, refused
         FROM sessions WHERE id = ?",
    )?;
    let mut found = vec![];
    for session in sessions.iter().copied() {
        let row: Option<(String, i64, Option<i64>, Counted)> = select
            .query_row([session.to_string()], |row| {
                let counted = Counted([row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?]);
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, counted))
            })
            .optional()?;
        if let Some((org, at, page, counted)) = row {
            let org = org.parse()?;
            let at = Timestamp::from_millis(at);
            let entry = request_at(connection, org, session, at)?;
            let page = match page {
                Some(index) => entry_at(connection, org, index)?,
                None => None,
            };
            found.push(LastRequest {
                session,
                at,
                entry,
                page,
                counts: counted.counts()?,
            });
        }
    }
    Ok(found)
}

/// What stands in the columns for pages, what else was read, what was declared and what was refused.
struct Counted([Option<i64>; 4]);

impl Counted {
    fn counts(self) -> Result<Option<Counts>, Fault> {
        let [Some(pages), Some(further), Some(declared), Some(refused)] = self.0 else {
            return Ok(None);
        };
        Ok(Some(Counts {
            pages: count(pages)?,
            further: count(further)?,
            declared: count(declared)?,
            refused: count(refused)?,
        }))
    }
}

fn entry_at(connection: &Connection, org: OrgId, index: i64) -> Result<Option<StoredEntry>, Fault> {
    let mut select = connection
        .prepare_cached("SELECT idx, leaf_hash, encoded FROM entries WHERE org = ? AND idx = ?")?;
    let mut rows = select.query(params![key(org), index])?;
    Ok(match rows.next()? {
        Some(row) => Some(stored(row)?),
        None => None,
    })
}

fn request_at(
    connection: &Connection,
    org: OrgId,
    session: SessionId,
    at: Timestamp,
) -> Result<Option<StoredEntry>, Fault> {
    let size = size(connection, org)?;
    let from = first_since(connection, org, size, at)?;
    let to = first_since(connection, org, size, at.plus(Duration::from_millis(1)))?;
    let mut select = connection.prepare_cached(
        "SELECT idx, leaf_hash, encoded FROM (
             SELECT idx, type, leaf_hash, encoded FROM entries
             WHERE org = ? AND idx >= ? AND idx < ? ORDER BY idx DESC LIMIT ?)
         WHERE type = 'request' AND instr(encoded, ?) > 0 ORDER BY idx DESC",
    )?;
    let id = session.to_string();
    let mut rows = select.query(params![
        key(org),
        column(from),
        column(to),
        SAME_MOMENT,
        id.as_bytes()
    ])?;
    while let Some(row) = rows.next()? {
        let entry = stored(row)?;
        // A target may name a session as well.
        if Written::read(&entry.encoded)?.session == Some(session) {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}
