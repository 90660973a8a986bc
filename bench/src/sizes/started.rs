//! The product's own binary, started on a database that is there.

use std::{
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    time::{Duration, Instant},
};

use reqwest::Client;
use tokio::time::sleep;

use crate::{Outcome, process::Process};

/// What a start came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started {
    /// From the start of the process until it says that it serves.
    pub(crate) ready: Duration,
    /// Memory in RAM then.
    pub(crate) resident_kb: u64,
}

/// Starts it, waits until it serves, reads how much memory it holds, and stops it.
#[allow(clippy::disallowed_methods)] // What is measured is the time.
pub(crate) async fn start(countersign: &Path, database: &Path, room: &Path) -> Outcome<Started> {
    let (console, gateway) = (free()?, free()?);
    let url = format!("sqlite:{}", database.display());
    let begun = Instant::now();
    let process = Process::start(countersign, &room.join("serve.log"), |command| {
        command
            .arg("serve")
            .args(["--database", &url])
            .args(["--listen", &console.to_string()])
            .args(["--gateway-listen", &gateway.to_string()]);
    })?;
    let client = Client::builder().no_proxy().build()?;
    let at = format!("http://{console}/readyz");
    loop {
        if let Ok(answer) = client.get(&at).send().await
            && answer.status().is_success()
        {
            break;
        }
        if begun.elapsed() > Duration::from_mins(5) {
            let said = fs::read_to_string(room.join("serve.log")).unwrap_or_default();
            return Err(format!("it does not serve: {said}").into());
        }
        sleep(Duration::from_millis(5)).await;
    }
    let ready = begun.elapsed();
    let mut resident_kb = 0;
    for pid in process.pids() {
        resident_kb += resident(pid)?;
    }
    process.stop().await?;
    Ok(Started { ready, resident_kb })
}

fn resident(pid: u32) -> Outcome<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kb = line.and_then(|line| line.split_ascii_whitespace().next());
    Ok(kb.ok_or("no VmRSS in /proc/*/status")?.parse()?)
}

fn free() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
