//! Grants in a second: cases ticked one after the other, and several at once.

use std::{fmt::Write as _, time::Instant};

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::{Outcome, world::Fleet};

/// How many are under way at a time.
const AT_ONCE: [usize; 2] = [1, 8];

pub(crate) async fn measure(fleet: &Fleet, count: usize) -> Outcome<String> {
    let mut out = String::from(
        "| grants at a time | grants/s | bare commits/s | ratio |\n|--:|--:|--:|--:|\n",
    );
    let insert = "INSERT INTO bare.rows (row) VALUES ($1)";
    let insert = fleet.bare.prepare(insert).await?;
    for at_once in AT_ONCE {
        let cases = fleet.waiting(count).await?;
        let began = Instant::now();
        stream::iter(&cases)
            .map(|number| fleet.app.grant(fleet.boss(), number))
            .buffer_unordered(at_once)
            .try_for_each(|_| async { Ok(()) })
            .await?;
        let ours = count as f64 / began.elapsed().as_secs_f64();
        let began = Instant::now();
        for _ in 0..count {
            fleet.bare.execute(&insert, &[&0_i64]).await?;
        }
        let bare = count as f64 / began.elapsed().as_secs_f64();
        let _ = writeln!(
            out,
            "| {at_once} | {ours:.0} | {bare:.0} | {:.2} |",
            ours / bare
        );
    }
    Ok(out)
}
