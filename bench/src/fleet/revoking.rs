//! Revoke-to-effective: from the call to its answer, when no process lets a request through any more.

use std::{fmt::Write as _, time::Instant};

use countersign_domain::Actor;

use crate::{Outcome, spread::Spread, world::Fleet};

/// Each revocation has beside it a commit of one row on a connection of its own, so that both find the same
/// disk. Each is of a case of its own, with a session that runs.
pub(crate) async fn measure(fleet: &Fleet, processes: usize, count: usize) -> Outcome<String> {
    let Fleet {
        app, bare, live, ..
    } = fleet;
    let (boss, agent) = (fleet.boss(), Actor::Agent { id: live.agent });
    let insert = bare
        .prepare("INSERT INTO bare.rows (row) VALUES ($1)")
        .await?;
    let (mut revoked, mut granted, mut committed) = (vec![], vec![], vec![]);
    let mut slow = 0;
    // The first are not counted: connections are made and statements prepared.
    let warm = count.div_ceil(10).min(20);
    for (place, number) in fleet.waiting(count + warm).await?.iter().enumerate() {
        let began = Instant::now();
        app.grant(boss, number).await?;
        let grant = began.elapsed();
        app.start_session(agent, number).await?;
        let began = Instant::now();
        bare.execute(&insert, &[&0_i64]).await?;
        let commit = began.elapsed();
        let began = Instant::now();
        let changed = app.revoke(boss, number).await?;
        let revoke = began.elapsed();
        let effective = changed.effective.ok_or("it took nothing away")?;
        if effective.acknowledged + effective.lapsed < processes {
            return Err(format!("{effective:?} of {processes} processes").into());
        }
        if place >= warm {
            slow += usize::from(effective.lapsed > 0);
            committed.push(commit);
            revoked.push(revoke);
            granted.push(grant);
        }
    }
    let floor = Spread::of_times(&committed);
    let mut out =
        String::from("| | median | p95 | p99 | to a bare commit |\n|---|--:|--:|--:|--:|\n");
    for (name, spread) in [
        ("a bare commit of one row", &floor),
        ("a grant", &Spread::of_times(&granted)),
        (
            "a revocation, until it is effective everywhere",
            &Spread::of_times(&revoked),
        ),
    ] {
        let _ = writeln!(
            out,
            "| {name} | {:.2} ms | {:.2} ms | {:.2} ms | {:.2} |",
            spread.median(),
            spread.percentile(95),
            spread.percentile(99),
            spread.median() / floor.median(),
        );
    }
    let _ = writeln!(
        out,
        "\n{count} revocations; {slow} waited for a lease to run out."
    );
    Ok(out)
}
