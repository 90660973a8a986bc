//! The server as a process.

use std::{fs, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{Api, Directory, SessionClient, SmallDisk, binary::binary};

/// A running `countersign serve`.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where people come to console and API.
    pub public_url: String,
    /// Where those listen, as `address:port`.
    pub console: String,
    /// Where the gateway listens, as `127.0.0.1:port`.
    pub gateway: String,
}

impl Server {
    /// Starts it on free ports and waits until it says where it listens.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(database: &str) -> Self {
        Self::start_with(database, &[]).await
    }

    /// The same with settings from the environment.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_with(database: &str, environment: &[(&str, &str)]) -> Self {
        let ports = ["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"];
        let args: Vec<&str> = ["--database", database].into_iter().chain(ports).collect();
        Self::start_in(environment, &args).await
    }

    /// Starts it as told, in an environment that holds nothing but this.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_in(environment: &[(&str, &str)], args: &[&str]) -> Self {
        let started = Self::try_start_in(environment, args).await;
        started.unwrap_or_else(|refused| panic!("{refused}"))
    }

    /// The same.
    ///
    /// # Errors
    /// What it says when it does not start.
    ///
    /// # Panics
    /// When it says nothing within a minute.
    pub async fn try_start_in(environment: &[(&str, &str)], args: &[&str]) -> Result<Self, Value> {
        let mut command = Command::new(binary());
        command
            .args(["serve", "--json"])
            .args(args)
            .env_clear()
            .envs(environment.iter().copied());
        Self::run(command).await
    }

    /// Starts it on free ports, with what is in `directory` on a disk that can be made full.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start_on(disk: SmallDisk, directory: &Directory) -> Self {
        let database = format!("sqlite:{}/disk/test.db", directory.path().display());
        let runner = disk.runner(directory.path());
        let (program, first) = runner.split_first().expect("a program");
        let mut command = Command::new(program);
        command
            .args(first)
            .arg(binary())
            .args(["serve", "--json", "--database", &database])
            .args(["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"]);
        let started = Self::run(command).await;
        started.unwrap_or_else(|refused| panic!("{refused}"))
    }

    async fn run(mut command: Command) -> Result<Self, Value> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the server starts");
        let stdout = child.stdout.take().expect("a pipe");
        let mut line = String::new();
        timeout(
            Duration::from_secs(60),
            BufReader::new(stdout).read_line(&mut line),
        )
        .await
        .expect("the server says where it listens within a minute")
        .expect("readable output");
        let said: Value = serde_json::from_str(&line).expect("one JSON object");
        if said.get("error").is_some() {
            return Err(said);
        }
        let text = |name: &str| said[name].as_str().expect(name).to_owned();
        Ok(Self {
            child,
            public_url: text("public_url"),
            console: text("listen"),
            gateway: text("gateway_listen"),
        })
    }

    /// The API with a token.
    #[must_use]
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.public_url, token)
    }

    /// A session at the gateway.
    #[must_use]
    pub fn session(&self, started: &Value) -> SessionClient {
        SessionClient::new(&self.gateway, started)
    }

    /// A number that `/metrics` tells.
    ///
    /// # Panics
    /// When it does not.
    pub async fn metric(&self, name: &str) -> u64 {
        let url = format!("{}/metrics", self.public_url);
        let answer = reqwest::get(url).await.expect("an answer");
        let text = answer.text().await.expect("text");
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let value = line.unwrap_or_else(|| panic!("no {name} in {text}"));
        value.trim().parse().expect("a count")
    }

    fn id(&self) -> Pid {
        let id = self.child.id().expect("the server runs");
        let id = i32::try_from(id).ok().and_then(Pid::from_raw);
        id.expect("a process id")
    }

    /// Fills the disk that it was started on.
    ///
    /// # Panics
    /// When that is not possible.
    pub fn fill(&self, disk: SmallDisk, directory: &Directory) {
        disk.fill(self.id(), directory.path());
    }

    /// Makes room on that disk again.
    ///
    /// # Panics
    /// When that is not possible.
    pub fn make_room(&self, disk: SmallDisk, directory: &Directory) {
        disk.make_room(self.id(), directory.path());
    }

    /// Asks it to stop: SIGTERM.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn terminate(&self) {
        kill_process(self.id(), Signal::TERM).expect("a signal is sent");
    }

    /// Stops it where it is, until [`resume`](Self::resume): SIGSTOP.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn pause(&self) {
        let id = self.id();
        kill_process(id, Signal::STOP).expect("a signal is sent");
        // One of its threads takes the signal, and on a busy machine the others run on until it does.
        let threads = format!("/proc/{}/task", id.as_raw_nonzero());
        while !stand_still(&threads) {
            std::thread::yield_now();
        }
    }

    /// Lets it go on: SIGCONT.
    ///
    /// # Panics
    /// When it has ended already.
    pub fn resume(&self) {
        kill_process(self.id(), Signal::CONT).expect("a signal is sent");
    }

    /// Whether it says that it serves decisions.
    pub async fn is_ready(&self) -> bool {
        let asked = reqwest::get(format!("{}/readyz", self.public_url)).await;
        asked.is_ok_and(|answer| answer.status().is_success())
    }

    /// Whether it has not ended.
    ///
    /// # Panics
    /// When that cannot be told.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    /// Waits until it has ended; answers with its exit code.
    ///
    /// # Panics
    /// When it has not within a minute.
    pub async fn ended(mut self) -> Option<i32> {
        let status = timeout(Duration::from_secs(60), self.child.wait()).await;
        status.expect("the server ends").expect("a child").code()
    }

    /// `kill -9`.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("the server can be killed");
    }
}

/// Whether every thread has been stopped.
fn stand_still(threads: &str) -> bool {
    let threads = fs::read_dir(threads).expect("the process is there");
    threads.flatten().all(|thread| {
        let status = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
        // The state is behind the name, which stands in parentheses.
        status
            .rsplit_once(") ")
            .is_none_or(|(_, rest)| rest.starts_with('T'))
    })
}
