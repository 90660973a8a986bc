//! The orgs' logs: entries at the next indexes, encoded and hashed once.

use std::collections::BTreeSet;

use countersign_domain::OrgId;
use countersign_entries::{Entry, leaf_hash};
use countersign_store::StoredEntry;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
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
    at: i64,
    kind: &'static str,
    encoded: Vec<u8>,
}

impl Log {
    /// Finds where the logs of `orgs` end.
    pub(crate) async fn open(
        connection: &mut SqliteConnection,
        orgs: &BTreeSet<OrgId>,
    ) -> Result<Self, Fault> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "SELECT value, (SELECT coalesce(max(idx), -1) + 1 FROM entries WHERE org = value)
             FROM json_each(?)",
        )
        .bind(array(orgs)?)
        .fetch_all(connection)
        .await?;
        let next = rows
            .into_iter()
            .map(|(org, next)| Ok((org.parse()?, count(next)?)))
            .collect::<Result<_, Fault>>()?;
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
            at: entry.at.as_millis(),
            kind: entry.what.name(),
            encoded: entry.encode(),
        });
        Ok(index)
    }

    /// Writes them; answers with where the logs end then.
    pub(crate) async fn write(self, connection: &mut SqliteConnection) -> Result<Ends, Fault> {
        /// Well under SQLite's bound on parameters.
        const AT_ONCE: usize = 1_000;
        let mut rows = self.rows.into_iter().peekable();
        while rows.peek().is_some() {
            let mut insert = QueryBuilder::<Sqlite>::new(
                "INSERT INTO entries (org, idx, at, type, leaf_hash, encoded) ",
            );
            let mut single = 0_usize;
            insert.push_values(rows.by_ref().take(AT_ONCE), |mut values, row| {
                single += 1;
                values
                    .push_bind(row.org)
                    .push_bind(column(row.index))
                    .push_bind(row.at)
                    .push_bind(row.kind)
                    .push_bind(leaf_hash(&row.encoded).to_vec())
                    .push_bind(row.encoded);
            });
            // Only the most frequent statement is worth keeping prepared.
            insert
                .build()
                .persistent(single == 1)
                .execute(&mut *connection)
                .await?;
        }
        Ok(self.next)
    }
}

/// Whether an org's log reaches index `from`.
pub(crate) async fn reaches(
    connection: &mut SqliteConnection,
    org: OrgId,
    from: u64,
) -> Result<bool, Fault> {
    Ok(
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM entries WHERE org = ? AND idx >= ?)")
            .bind(org.to_string())
            .bind(column(from))
            .fetch_one(connection)
            .await?,
    )
}

/// An org's log from an index on.
pub(crate) async fn entries(
    connection: &mut SqliteConnection,
    org: OrgId,
    from: u64,
    limit: usize,
) -> Result<Vec<StoredEntry>, Fault> {
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(
        "SELECT idx, leaf_hash, encoded FROM entries
         WHERE org = ? AND idx >= ? ORDER BY idx LIMIT ?",
    )
    .bind(org.to_string())
    .bind(column(from))
    .bind(bounded(limit))
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(index, hash, encoded)| {
            Ok(StoredEntry {
                index: count(index)?,
                leaf_hash: hash
                    .try_into()
                    .map_err(|_| Fault::Damaged("a leaf hash of another length".to_owned()))?,
                encoded,
            })
        })
        .collect()
}
