//! Driving load with wrk.

use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::process::Command;

use crate::{Outcome, setup::Session};

/// wrk with the requests of this run.
#[derive(Debug)]
pub(crate) struct Wrk {
    script: PathBuf,
    threads: usize,
}

/// What one measurement gave.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) requests: u64,
    pub(crate) lasted: Duration,
    pub(crate) p50: Duration,
    pub(crate) p99: Duration,
}

impl Load {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 / self.lasted.as_secs_f64()
    }
}

impl Wrk {
    /// Each of wrk's threads asks under a session of its own, so each connection carries one
    /// session, as a browser's does. Every contender gets the same bytes.
    pub(crate) fn new(room: &Path, sessions: &[Session]) -> Outcome<Self> {
        let mut script = String::from("local sessions = {\n");
        for session in sessions {
            let (host, token) = (&session.host, &session.token);
            writeln!(script, "  {{host = {host:?}, token = {token:?}}},")?;
        }
        script.push_str(SCRIPT);
        let path = room.join("load.lua");
        fs::write(&path, script)?;
        Ok(Self {
            script: path,
            threads: sessions.len(),
        })
    }

    pub(crate) fn script(&self) -> &Path {
        &self.script
    }

    pub(crate) async fn run(
        &self,
        address: SocketAddr,
        connections: usize,
        length: Duration,
    ) -> Outcome<Load> {
        let output = Command::new("wrk")
            .arg("--threads")
            .arg(self.threads.min(connections).to_string())
            .arg("--connections")
            .arg(connections.to_string())
            .arg("--duration")
            .arg(format!("{}s", length.as_secs()))
            .arg("--timeout")
            .arg("10s")
            .arg("--script")
            .arg(&self.script)
            .arg(format!("http://{address}/invoices?page=2"))
            .output()
            .await?;
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("RESULT "))
            .ok_or_else(|| format!("wrk: {text}{}", String::from_utf8_lossy(&output.stderr)))?;
        let numbers = line
            .split(' ')
            .map(str::parse)
            .collect::<Result<Vec<u64>, _>>()?;
        let &[requests, micros, p50, p99, failed] = numbers.as_slice() else {
            return Err(format!("an odd result: {line}").into());
        };
        // A refusal is faster than an answer: a run with any is none.
        if failed > 0 || requests == 0 {
            return Err(
                format!("{failed} of {requests} requests to {address} failed: {text}").into(),
            );
        }
        Ok(Load {
            requests,
            lasted: Duration::from_micros(micros),
            p50: Duration::from_micros(p50),
            p99: Duration::from_micros(p99),
        })
    }
}

const SCRIPT: &str = r#"}

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local session = sessions[number % #sessions + 1]
  wrk.headers["Host"] = session.host
  wrk.headers["Countersign-Session"] = session.token
  wrk.headers["User-Agent"] = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"
  wrk.headers["Accept"] = "application/json, text/plain, */*"
  wrk.headers["Accept-Language"] = "en-GB,en;q=0.9"
  wrk.headers["Accept-Encoding"] = "gzip, deflate, br"
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
"#;
