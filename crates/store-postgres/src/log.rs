//! The orgs' logs: entries at the next indexes, encoded and hashed once.

use std::collections::BTreeSet;

use countersign_domain::{OrgId, Timestamp};
use countersign_entries::{Entry, leaf_hash};
use countersign_store::StoredEntry;

use crate::{
    connection::Connection,
    fault::{Fault, column, count, limit as bounded},
    snapshots::array,
    volley::{Answers, Volley, held},
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
    /// Takes the locks of the logs of `orgs`, in ascending order, and asks where they end.
    pub(crate) fn lock(volley: &mut Volley, orgs: &BTreeSet<OrgId>) {
        volley.push(
            "SELECT org, next FROM logs WHERE org = ANY ($1) ORDER BY org FOR UPDATE",
            held![array(orgs)],
        );
    }

    /// The logs that have been locked. One that is not there yet begins now.
    pub(crate) fn locked(answers: &mut Answers, orgs: &BTreeSet<OrgId>) -> Result<Self, Fault> {
        let mut next: Ends = orgs.iter().map(|org| (*org, 0)).collect();
        let ends: Vec<(String, i64)> = answers.all()?;
        for (org, end) in ends {
            next.insert(org.parse()?, count(end)?);
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
    pub(crate) fn write(self, volley: &mut Volley, at: Timestamp) -> Ends {
        if self.rows.is_empty() {
            return self.next;
        }
        let times = vec![at.as_millis(); self.rows.len()];
        let (mut orgs, mut indexes, mut kinds) = (vec![], vec![], vec![]);
        let (mut hashes, mut encoded) = (vec![], vec![]);
        for row in self.rows {
            orgs.push(row.org);
            indexes.push(column(row.index));
            kinds.push(row.kind);
            hashes.push(leaf_hash(&row.encoded).to_vec());
            encoded.push(row.encoded);
        }
        volley.push(
            "INSERT INTO entries (org, idx, at, type, leaf_hash, encoded)
             SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[],
                                  $5::bytea[], $6::bytea[])",
            held![orgs, indexes, times, kinds, hashes, encoded],
        );
        let ends: Vec<i64> = self.next.values().map(|end| column(*end)).collect();
        volley.push(
            "INSERT INTO logs (org, next, last_at)
             SELECT org, next, $3 FROM unnest($1::text[], $2::bigint[]) AS u (org, next)
             ON CONFLICT (org) DO UPDATE
             SET next = excluded.next, last_at = excluded.last_at",
            held![array(self.next.keys()), ends, at.as_millis()],
        );
        self.next
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
