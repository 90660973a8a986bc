//! Measures several processes on one PostgreSQL database, each time beside what that database does without
//! them in the same run: how long a revocation takes until it is effective everywhere, how many grants and how
//! many recorded requests there are in a second. `script/bench fleet` builds everything and starts this.
#![allow(clippy::print_stdout)]
#![allow(
    clippy::disallowed_methods,
    reason = "clocks and randomness come in here, as in the product's binary, and time is what is measured"
)]

mod process;
mod recording;
mod revoking;
mod spread;
mod ticking;
mod world;

#[allow(dead_code)] // The demo sets its clock back; nothing here does.
#[path = "../../../crates/countersign/src/ports.rs"]
mod ports;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::Parser;
use countersign_cluster::Own;

use crate::{process::Others, world::Fleet};

// As in the product's binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Anything that goes wrong ends the run with a sentence.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Measures several processes on one PostgreSQL database and prints tables as Markdown.
#[derive(Debug, Parser)]
struct Args {
    /// Where the throw-away server keeps its files: a folder on the disk whose syncs count, with a short
    /// path that other users can get to.
    #[arg(long, default_value = "/var/tmp")]
    folder: PathBuf,
    /// An empty database of a server of your own instead.
    #[arg(long)]
    database: Option<String>,
    /// How many processes serve, this one among them.
    #[arg(long, default_value_t = 4)]
    processes: usize,
    /// How many revocations are measured.
    #[arg(long, default_value_t = 1_000)]
    revocations: usize,
    /// How many grants are measured.
    #[arg(long, default_value_t = 2_000)]
    grants: usize,
    /// How many times recording is measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// How long each measurement of recording lasts, in milliseconds.
    #[arg(long, default_value_t = 2_000)]
    millis: u64,
    /// How many requests are in a batch.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64, 256])]
    batches: Vec<usize>,
    /// Be one of the other processes, until the input ends.
    #[arg(long, hide = true)]
    serve: Option<String>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let args = Args::parse();
    if let Some(address) = &args.serve {
        return process::serve(address).await;
    }
    match &args.database {
        Some(address) => measure(&args, address, "a server that was given").await,
        None => {
            let server = Own::in_folder(&args.folder, "bench", "");
            measure(&args, &server.address("postgres"), &on(&args.folder)).await
        }
    }
}

fn on(folder: &Path) -> String {
    format!("a server of its own in {}", folder.display())
}

async fn measure(args: &Args, address: &str, server: &str) -> Outcome<()> {
    let fleet = Fleet::set_up(address).await?;
    let others = Others::start(address, args.processes.saturating_sub(1)).await?;
    println!(
        "{} processes serve, on {server}; the first of them revokes, grants and records.\n",
        args.processes
    );
    println!(
        "{}",
        revoking::measure(&fleet, args.processes, args.revocations).await?
    );
    println!("{}", ticking::measure(&fleet, args.grants).await?);
    let length = Duration::from_millis(args.millis);
    println!(
        "{}",
        recording::measure(&fleet, &args.batches, args.rounds, length).await?
    );
    others.stop().await?;
    fleet.stop().await;
    Ok(())
}
