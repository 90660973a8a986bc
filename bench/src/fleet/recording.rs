//! Recorded requests in a second, beside the same rows in the same batches written without us: one
//! prepared statement for each batch, which inserts them and commits.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use countersign_domain::{Duration as Span, ProcessId, SessionLimits};
use countersign_store::{
    Draft, LeaseEpoch, NewLease, Store, StoredEntry, Verdict, conformance::request,
};
use uuid::Uuid;

use crate::{Outcome, spread::Spread, world::Fleet};

/// As the product's, without what guards it.
const TABLE: &str = "CREATE TABLE bare.entries (
    org text COLLATE \"C\" NOT NULL, idx bigint NOT NULL, at bigint NOT NULL, type text COLLATE \"C\" NOT NULL,
    leaf_hash bytea NOT NULL, encoded bytea NOT NULL, PRIMARY KEY (org, idx))";
const INSERT: &str = "INSERT INTO bare.entries (org, idx, at, type, leaf_hash, encoded)
    SELECT $1, $2 + u.place - 1, $3, 'request', u.leaf_hash, u.encoded
    FROM unnest($4::bytea[], $5::bytea[]) WITH ORDINALITY AS u (leaf_hash, encoded, place)";

pub(crate) async fn measure(
    fleet: &Fleet,
    batches: &[usize],
    rounds: usize,
    length: Duration,
) -> Outcome<String> {
    let drafts = drafts(fleet, batches.iter().copied().max().unwrap_or(1)).await?;
    let lease = lease(fleet).await?;
    fleet.bare.batch_execute(TABLE).await?;
    let mut written = 0;
    let mut out = String::from(
        "| requests in a batch | recorded/s | the same rows without us/s | ratio |\n|--:|--:|--:|--:|\n",
    );
    for &size in batches {
        let drafts = drafts.get(..size).ok_or("too few requests")?;
        let (mut ours, mut bare) = (vec![], vec![]);
        // The first round is not counted.
        for round in 0..=rounds {
            let (recorded, rows) = record(fleet, lease, drafts, length).await?;
            let inserted = insert(fleet, &rows, length, &mut written).await?;
            if round > 0 {
                ours.push(recorded);
                bare.push(inserted);
            }
        }
        let (ours, bare) = (Spread::of(ours).median(), Spread::of(bare).median());
        let _ = writeln!(
            out,
            "| {size} | {ours:.0} | {bare:.0} | {:.2} |",
            ours / bare
        );
    }
    fleet.store.end_lease(lease).await?;
    Ok(out)
}

/// Requests under several sessions, as support people make them at the same time.
async fn drafts(fleet: &Fleet, count: usize) -> Outcome<Vec<Draft>> {
    let (world, live) = (&fleet.world, fleet.live);
    let number = fleet.number(live.case).await?;
    // It may have been left unticked.
    fleet.app.grant(fleet.boss(), &number).await?;
    let sessions = [
        world
            .session(live.case, live.other, SessionLimits::default())
            .await,
        world
            .session(live.case, live.other, SessionLimits::default())
            .await,
    ];
    Ok(sessions
        .iter()
        .cycle()
        .take(count)
        .map(|id| request(*id))
        .collect())
}

/// One that lasts for the run: nobody renews it, and nothing is taken away meanwhile.
async fn lease(fleet: &Fleet) -> Outcome<LeaseEpoch> {
    let process = ProcessId::from_uuid(Uuid::now_v7());
    let new = NewLease {
        process,
        duration: Span::from_hours(1),
        replaces: None,
    };
    Ok(fleet.store.acquire_lease(new).await?.id)
}

/// Records batch after batch; answers with requests in a second, and with the rows that the last became.
async fn record(
    fleet: &Fleet,
    lease: LeaseEpoch,
    drafts: &[Draft],
    length: Duration,
) -> Outcome<(f64, Vec<StoredEntry>)> {
    let began = Instant::now();
    let mut count = 0;
    let mut last = None;
    while began.elapsed() < length {
        let verdicts = fleet.store.record(lease, drafts).await?;
        for verdict in &verdicts {
            let Verdict::Recorded { index, .. } = verdict else {
                return Err(format!("a request is not recorded: {verdict:?}").into());
            };
            last = Some(*index);
        }
        count += verdicts.len();
    }
    let rate = count as f64 / began.elapsed().as_secs_f64();
    let end = last.ok_or("nothing was recorded")? + 1;
    let first = end.saturating_sub(drafts.len() as u64);
    let rows = fleet
        .store
        .entries(fleet.live.org, first, drafts.len())
        .await?;
    Ok((rate, rows))
}

/// Inserts the same rows again and again, at the next places.
async fn insert(
    fleet: &Fleet,
    rows: &[StoredEntry],
    length: Duration,
    written: &mut i64,
) -> Outcome<f64> {
    let insert = fleet.bare.prepare(INSERT).await?;
    let org = fleet.live.org.to_string();
    let hashes: Vec<Vec<u8>> = rows.iter().map(|row| row.leaf_hash.to_vec()).collect();
    let encoded: Vec<&[u8]> = rows.iter().map(|row| row.encoded.as_slice()).collect();
    let began = Instant::now();
    let before = *written;
    while began.elapsed() < length {
        fleet
            .bare
            .execute(&insert, &[&org, &*written, &0_i64, &hashes, &encoded])
            .await?;
        *written += i64::try_from(rows.len())?;
    }
    Ok((*written - before) as f64 / began.elapsed().as_secs_f64())
}
