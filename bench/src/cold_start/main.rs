//! How long a process takes from opening a big database until it serves, and how much memory it
//! takes: beside what it would take to fold the whole history, on the same file.
//!
//! Each measurement is a process of its own, which this program starts.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod fill;
mod measure;

use std::{fs, path::PathBuf, process::Command};

use clap::{Parser, ValueEnum};
use serde_json::Value;

use crate::{fill::Size, measure::How};

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// Fills a database and measures starts on it.
#[derive(Debug, Parser)]
struct Args {
    /// Where the database is. It is filled the first time and kept.
    #[arg(long)]
    room: PathBuf,
    #[command(flatten)]
    size: Size,
    /// How many starts are measured.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Measure one, in this process.
    #[arg(long, hide = true)]
    measure: Option<How>,
}

#[tokio::main]
async fn main() -> Outcome<()> {
    let args = Args::parse();
    let database = args.room.join("cold-start.db");
    if let Some(how) = args.measure {
        println!("{}", measure::measure(&database, how).await?);
        return Ok(());
    }
    fs::create_dir_all(&args.room)?;
    let filled = args.room.join("filled");
    let wanted = format!("{:?}", args.size);
    match fs::read_to_string(&filled) {
        Ok(found) if found == wanted => {}
        Ok(found) => return Err(format!("{} holds {found}", args.room.display()).into()),
        Err(_) => {
            fill::fill(&database, &args.size).await?;
            fs::write(&filled, &wanted)?;
        }
    }
    println!(
        "{wanted}, {} MB",
        fs::metadata(&database)?.len() / 1_000_000
    );
    for how in How::value_variants() {
        for _ in 0..args.rounds {
            println!("{how:?}: {}", one(&args, *how)?);
        }
    }
    Ok(())
}

fn one(args: &Args, how: How) -> Outcome<Value> {
    #[allow(clippy::disallowed_methods)] // This very program, once more.
    let program = std::env::current_exe()?;
    let name = how.to_possible_value().ok_or("no name")?;
    let output = Command::new(program)
        .args(["--measure", name.get_name(), "--room"])
        .arg(&args.room)
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
