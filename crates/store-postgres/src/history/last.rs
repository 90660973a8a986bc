//! The last request under a session, without the index: when it was is known, and times never go
//! back along a log.

use countersign_domain::{Duration, OrgId, SessionId, Timestamp};
use countersign_entries::Written;
use countersign_store::{Counts, LastRequest, StoredEntry};

use super::{index::size, key, page::first_since};
use crate::{
    connection::Connection,
    fault::{Fault, column, count},
};

/// How many entries of the same millisecond are gone through. There are more only while the clock
/// has jumped back and store time stands still.
const SAME_MOMENT: i64 = 20_000;

pub(crate) async fn requests(
    connection: &Connection,
    sessions: &[SessionId],
) -> Result<Vec<LastRequest>, Fault> {
    let mut found = vec![];
    for session in sessions.iter().copied() {
        let row = connection
            .row_if_any(
                "SELECT org, last_request_at, last_page, pages, further, declared, refused
                 FROM sessions WHERE id = $1",
                &[&session.to_string()],
            )
            .await?;
        if let Some(row) = row {
            let (org, at, page): (String, i64, Option<i64>) =
                (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
            let counted = Counted([
                row.try_get(3)?,
                row.try_get(4)?,
                row.try_get(5)?,
                row.try_get(6)?,
            ]);
            let org = org.parse()?;
            let at = Timestamp::from_millis(at);
            let entry = request_at(connection, org, session, at).await?;
            let page = match page {
                Some(index) => entry_at(connection, org, index).await?,
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

async fn entry_at(
    connection: &Connection,
    org: OrgId,
    index: i64,
) -> Result<Option<StoredEntry>, Fault> {
    connection
        .any(
            "SELECT idx, leaf_hash, encoded FROM entries WHERE org = $1 AND idx = $2",
            &[&key(org), &index],
        )
        .await
}

async fn request_at(
    connection: &Connection,
    org: OrgId,
    session: SessionId,
    at: Timestamp,
) -> Result<Option<StoredEntry>, Fault> {
    let size = size(connection, org).await?;
    let next = at.plus(Duration::from_millis(1));
    let from = first_since(connection, org, size, at).await?;
    let to = first_since(connection, org, size, next).await?;
    let id = session.to_string();
    let entries: Vec<StoredEntry> = connection
        .all(
            "SELECT idx, leaf_hash, encoded FROM (
                 SELECT idx, type, leaf_hash, encoded FROM entries
                 WHERE org = $1 AND idx >= $2 AND idx < $3 ORDER BY idx DESC LIMIT $4) AS lately
             WHERE type = 'request' AND position($5::bytea IN encoded) > 0
             ORDER BY idx DESC",
            &[
                &key(org),
                &column(from),
                &column(to),
                &SAME_MOMENT,
                &id.as_bytes(),
            ],
        )
        .await?;
    for entry in entries {
        // A target may name a session as well.
        if Written::read(&entry.encoded)?.session == Some(session) {
            return Ok(Some(entry));
        }
    }
    Ok(None)
}
