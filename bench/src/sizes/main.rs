//! What a large deployment costs one process: how long it takes to start, how much memory it holds, and
//! what a decision takes, beside a hand-written floor of the same steps. `script/bench-sizes` builds
//! everything and starts this.
#![allow(clippy::print_stdout, clippy::print_stderr)]

#[path = "../cpu.rs"]
#[allow(dead_code)] // Processor time is for the run beside nginx.
mod cpu;
mod decisions;
mod facts;
mod floor;
#[allow(dead_code)] // The clock of a demo is set back; nothing here does.
#[allow(clippy::disallowed_methods)] // Clocks come in here, as in the product's binary.
#[path = "../../../crates/countersign/src/ports.rs"]
mod ports;
#[path = "../process.rs"]
#[allow(dead_code)] // nginx is for the other run.
mod process;
mod started;

use std::{fs, path::PathBuf, sync::Arc};

use clap::Parser;
use countersign_store_sqlite::SqliteStore;

use crate::{
    decisions::Measured,
    facts::Facts,
    ports::{WallClock, clocks},
    started::Started,
};

/// Anything that goes wrong ends the run with a sentence.
type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

// As in the product's binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures start, memory and decisions at several sizes and prints tables as Markdown.
#[derive(Debug, Parser)]
struct Args {
    /// Where the release binaries are.
    #[arg(long)]
    bin: PathBuf,
    /// Where the database of the run goes; emptied before and removed after.
    #[arg(long)]
    room: PathBuf,
    /// How many cases are open, most of them without a grant.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u32,
    /// How many grants are live, with a session under each: each of these in turn.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 100_000])]
    grants: Vec<u32>,
    /// How many decisions one measurement makes.
    #[arg(long, default_value_t = 2_000_000)]
    decisions: u32,
    /// How many measurements are made of each, ours and the floor's by turns.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
}

/// What was found at one size.
#[derive(Debug)]
struct Row {
    cases: u32,
    grants: u32,
    started: Started,
    decisions: Option<Measured>,
}

fn main() -> Outcome<()> {
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    if args.room.exists() {
        fs::remove_dir_all(&args.room)?;
    }
    fs::create_dir_all(&args.room)?;
    let rows = runtime.block_on(measured(&args));
    fs::remove_dir_all(&args.room)?;
    print(&rows?);
    Ok(())
}

async fn measured(args: &Args) -> Outcome<Vec<Row>> {
    let file = args.room.join("countersign.db");
    let wall = Arc::new(WallClock::default());
    let clocks = clocks(&wall);
    let open = async || SqliteStore::open(&file, Arc::clone(&clocks.store)).await;
    let start = async |cases, grants, decisions| -> Outcome<Row> {
        let started = started::start(&args.bin.join("countersign"), &file, &args.room).await?;
        eprintln!(
            "{cases} cases, {grants} grants: ready in {:?}, {} kB",
            started.ready, started.resident_kb
        );
        Ok(Row {
            cases,
            grants,
            started,
            decisions,
        })
    };

    let store = open().await?;
    let mut facts = Facts::begin(&store, args.grants.iter().copied().max().unwrap_or(0)).await?;
    drop(store);
    let mut rows = vec![start(0, 0, None).await?];
    let store = open().await?;
    facts.open_cases(&store, args.cases).await?;
    drop(store);
    rows.push(start(args.cases, 0, None).await?);
    let mut sizes = args.grants.clone();
    sizes.sort_unstable();
    for grants in sizes {
        let store = open().await?;
        facts.grant(&store, grants).await?;
        drop(store);
        let measured = decisions::measure(&file, &clocks, &facts, args).await?;
        eprintln!("{grants} grants: {measured}");
        rows.push(start(args.cases, grants, Some(measured)).await?);
    }
    Ok(rows)
}

fn print(rows: &[Row]) {
    println!("| open cases | live grants, a session each | ready after | resident |");
    println!("|--:|--:|--:|--:|");
    for row in rows {
        println!(
            "| {} | {} | {:.0} ms | {:.1} MB |",
            row.cases,
            row.grants,
            row.started.ready.as_secs_f64() * 1e3,
            row.started.resident_kb as f64 / 1024.0,
        );
    }
    let bare = rows.iter().find(|row| row.grants == 0 && row.cases > 0);
    if let (Some(bare), Some(most)) = (bare, rows.last())
        && most.grants > 0
    {
        let kb = most
            .started
            .resident_kb
            .saturating_sub(bare.started.resident_kb);
        println!(
            "\nA live grant with its session holds {:.0} bytes.\n",
            kb as f64 * 1024.0 / f64::from(most.grants)
        );
    }
    println!("| live grants | a decision | lowest–highest | the floor | lowest–highest | ratio |");
    println!("|--:|--:|--:|--:|--:|--:|");
    for row in rows {
        if let Some(measured) = &row.decisions {
            println!("{}", measured.row(row.grants));
        }
    }
}
