//! Measures the gateway beside nginx, in one run on one machine: who is measured, under which
//! load, what it cost. `script/bench` builds everything and starts this.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod contenders;
mod cpu;
mod load;
mod nginx;
mod process;
mod report;
mod room;
mod setup;

use std::{path::PathBuf, time::Duration};

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};

use crate::{load::Wrk, report::Report, room::Room};

/// Anything that goes wrong ends the run with a sentence.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures the gateway beside nginx and prints the table as Markdown.
#[derive(Debug, Parser)]
struct Args {
    /// Where the release binaries are.
    #[arg(long)]
    bin: PathBuf,
    /// Where databases and logs of the run go; emptied before and removed after.
    #[arg(long)]
    room: PathBuf,
    /// How many times everything is measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each measurement lasts, in seconds.
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// How many connections are open at a time.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 64, 256])]
    connections: Vec<usize>,
    /// Threads of each contender: nginx worker processes, tokio worker threads.
    #[arg(long, default_value_t = 2)]
    workers: usize,
    /// Only these contenders, by the word in front of their name.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Set everything up, print how to reach it and wait, so that a profiler can be attached.
    #[arg(long)]
    hold: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let args = Args::parse();
    let mut terminate = signal(SignalKind::terminate())?;
    // Ended by either signal, the run still ends what it has started.
    tokio::select! {
        done = measure(args) => done,
        _ = tokio::signal::ctrl_c() => Err("interrupted".into()),
        _ = terminate.recv() => Err("terminated".into()),
    }
}

async fn measure(args: Args) -> Outcome<()> {
    let room = Room::set_up(&args.room, &args.bin, args.workers).await?;
    let wrk = Wrk::new(room.path(), room.sessions())?;
    if args.hold {
        println!("load script  {}", wrk.script().display());
        for contender in room.contenders() {
            let address = contender.address;
            println!(
                "{:<12} http://{address}  pids {:?}",
                contender.key,
                contender.pids()
            );
        }
        tokio::time::sleep(Duration::from_hours(1)).await;
    }

    let mut report = Report::default();
    let length = Duration::from_secs(args.seconds);
    let chosen = |key: &str| args.only.is_empty() || args.only.iter().any(|only| only == key);
    for contender in room.contenders().filter(|contender| chosen(contender.key)) {
        wrk.run(contender.address, 64, Duration::from_secs(1))
            .await?;
    }
    let log_before = room.log_length().await?;
    let mut recorded = 0;
    for round in 0..args.rounds {
        eprintln!("round {} of {}", round + 1, args.rounds);
        for &connections in &args.connections {
            let mut turn: Vec<_> = room
                .contenders()
                .filter(|contender| chosen(contender.key))
                .collect();
            // What one contender leaves behind (caches, a warm core) falls on another each round.
            let shift = round % turn.len().max(1);
            turn.rotate_left(shift);
            for contender in turn {
                let before = cpu::of(&contender.pids())?;
                let got = wrk.run(contender.address, connections, length).await?;
                let spent = cpu::of(&contender.pids())?.saturating_sub(before);
                if contender.records {
                    recorded += got.requests;
                }
                eprintln!(
                    "  {connections:>3} connections  {:<12} {:>9.0}/s  {:>6.1} µs CPU  p99 {:>7.2} ms",
                    contender.key,
                    got.per_second(),
                    report::micros_each(spent, got.requests),
                    got.p99.as_secs_f64() * 1e3,
                );
                report.add(contender.key, contender.name, connections, &got, spent);
            }
        }
    }
    // The promise that makes the comparison worth something: what was answered is on the log.
    let grown = room.log_length_after(log_before + 2 * recorded).await? - log_before;
    if grown < 2 * recorded {
        return Err(format!(
            "{recorded} requests were answered and the log grew by {grown} entries, not by two for each"
        )
        .into());
    }
    println!("{}", report.markdown(&args.connections));
    println!(
        "{} rounds of {} s each, {} workers each. {recorded} requests were recorded; the log grew by {grown} entries.",
        args.rounds, args.seconds, args.workers
    );
    room.tear_down().await
}
