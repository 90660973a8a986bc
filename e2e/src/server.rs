//! The server as a process.

use std::{path::PathBuf, process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::{Api, SessionClient, binary::binary};

/// A running `countersign serve`.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where console and API listen.
    pub public_url: String,
    /// Where the gateway listens, as `127.0.0.1:port`.
    pub gateway: String,
}

impl Server {
    /// Starts it on free ports and waits until it says where it listens.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(database: &str) -> Self {
        let program: PathBuf = binary();
        let mut child = Command::new(program)
            .args(["serve", "--json", "--database", database])
            .args(["--listen", "127.0.0.1:0", "--gateway-listen", "127.0.0.1:0"])
            .env_clear()
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
        let text = |name: &str| said[name].as_str().expect(name).to_owned();
        Self {
            child,
            public_url: text("public_url"),
            gateway: text("gateway_listen"),
        }
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

    /// `kill -9`.
    ///
    /// # Panics
    /// When the process cannot be killed.
    pub async fn kill(mut self) {
        self.child.kill().await.expect("the server can be killed");
    }
}
