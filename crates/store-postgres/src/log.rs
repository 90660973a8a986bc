//! The orgs' logs: entries at the next indexes, encoded and hashed once.

use std::collections::BTreeSet;

use countersign_domain::{OrgId, Timestamp};
use countersign_entries::{Entry, leaf_hash};
use countersign_store::StoredEntry;

use crate::{
    connection::Connection,
    fault::{Fault, column, count, limit as bounded},
    snapshots::array,
};
use countersign_store::alike::Ends;

/// Entries about to be written in the present transaction.
#[derive(Debug)]
pub(crate) struct Log {
    next: Ends,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    org: String,
    index: u64,
    kind: &'static str,
    encoded: Vec<u8>,
}

impl Log {
    /// Takes the locks of the logs of `orgs`, in ascending order, and finds where they end. One
    /// that is not there yet begins now.
    pub(crate) async fn open(
        connection: &Connection,
        orgs: &BTreeSet<OrgId>,
    ) -> Result<Self, Fault> {
        let mut next: Ends = orgs.iter().map(|org| (*org, 0)).collect();
        if !orgs.is_empty() {
            let ends: Vec<(String, i64)> = connection
                .all(
                    "SELECT org, next FROM logs WHERE org = ANY ($1) ORDER BY org FOR UPDATE",
                    &[&array(orgs)],
                )
                .await?;
            for (org, end) in ends {
                next.insert(org.parse()?, count(end)?);
            }
        }
        Ok(Self { next, rows: vec![] })
    }

    /// Adds an entry and answers with its index.
    pub(crate) fn push(&mut self, entry: &Entry) -> Result<u64, Fault> {
        let next = self
            .next
            .get_mut(&entry.org)
            .ok_or_else(|| Fault::Caller(format!("the log of {} is not open", entry.org)))?;
        let index = *next;
        *next = index.saturating_add(1);
        self.rows.push(Row {
            org: entry.org.to_string(),
            index,
            kind: entry.what.name(),
            encoded: entry.encode(),
        });
        Ok(index)
    }

    /// Writes them; answers with where the logs end then.
    pub(crate) async fn write(self, connection: &Connection, at: Timestamp) -> Result<Ends, Fault> {
        if self.rows.is_empty() {
            return Ok(self.next);
        }
        let rows = self.rows;
        let orgs: Vec<&str> = rows.iter().map(|row| row.org.as_str()).collect();
        let indexes: Vec<i64> = rows.iter().map(|row| column(row.index)).collect();
        let times = vec![at.as_millis(); rows.len()];
        let kinds: Vec<&str> = rows.iter().map(|row| row.kind).collect();
        let hashes: Vec<Vec<u8>> = rows
            .iter()
            .map(|row| leaf_hash(&row.encoded).to_vec())
            .collect();
        let encoded: Vec<&[u8]> = rows.iter().map(|row| row.encoded.as_slice()).collect();
        connection
            .execute(
                "INSERT INTO entries (org, idx, at, type, leaf_hash, encoded)
                 SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[],
                                      $5::bytea[], $6::bytea[])",
                &[&orgs, &indexes, &times, &kinds, &hashes, &encoded],
            )
            .await?;
        let ends: Vec<i64> = self.next.values().map(|end| column(*end)).collect();
        connection
            .execute(
                "INSERT INTO logs (org, next, last_at)
                 SELECT org, next, $3 FROM unnest($1::text[], $2::bigint[]) AS u (org, next)
                 ON CONFLICT (org) DO UPDATE
                 SET next = excluded.next, last_at = excluded.last_at",
                &[&array(self.next.keys()), &ends, &at.as_millis()],
            )
            .await?;
        Ok(self.next)
    }
}

/// Whether an org's log reaches index `from`.
pub(crate) async fn reaches(connection: &Connection, org: OrgId, from: u64) -> Result<bool, Fault> {
    connection
        .value(
            "SELECT EXISTS (SELECT 1 FROM logs WHERE org = $1 AND next > $2)",
            &[&org.to_string(), &column(from)],
        )
        .await
}

/// An org's log from an index on.
pub(crate) async fn entries(
    connection: &Connection,
    org: OrgId,
    from: u64,
    limit: usize,
) -> Result<Vec<StoredEntry>, Fault> {
    connection
        .all(
            "SELECT idx, leaf_hash, encoded FROM entries
             WHERE org = $1 AND idx >= $2 ORDER BY idx LIMIT $3",
            &[&org.to_string(), &column(from), &bounded(limit)],
        )
        .await
}
