//! A client that sends the bytes it is given and shows the bytes it gets.

use std::{net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

use crate::scene::Session;

const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

/// A response as received.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub(crate) body: Vec<u8>,
    /// Trailers of a chunked body.
    pub(crate) trailers: String,
}

impl Reply {
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(this, _)| this == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let all = self.all(name);
        assert!(all.len() < 2, "{name} came more than once: {all:?}");
        all.first().copied()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The `code` of a problem.
    pub(crate) fn code(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
        let problem: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(problem["status"], self.status);
        for field in ["title", "detail"] {
            assert!(problem[field].is_string(), "{problem}");
        }
        let code = problem["code"].as_str().unwrap();
        let kind = format!("urn:countersign:problem:{code}");
        assert_eq!(problem["type"], kind, "as in the API");
        code.to_owned()
    }
}

/// A GET under a session, as a program sends it.
pub(crate) fn get(session: &Session, target: &str, more: &[&str]) -> String {
    ask("GET", session, target, more)
}

pub(crate) fn ask(method: &str, session: &Session, target: &str, more: &[&str]) -> String {
    let token = format!("Countersign-Session: {}", session.token);
    let mut lines = vec![token.as_str()];
    lines.extend(more);
    plain(method, &session.host, target, &lines)
}

/// A request with these header lines and nothing else but Host.
pub(crate) fn plain(method: &str, host: &str, target: &str, lines: &[&str]) -> String {
    let mut text = format!("{method} {target} HTTP/1.1\r\nHost: {host}\r\n");
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text + "\r\n"
}

impl Client {
    pub(crate) async fn connect(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.unwrap();
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// One whose kernel holds little, so that its slowness is felt at the other end.
    pub(crate) async fn slow(to: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4 * 1024).unwrap();
        Self {
            stream: socket.connect(to).await.unwrap(),
            buffer: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Sends a request and reads its response; none when the connection ends first.
    pub(crate) async fn try_call(&mut self, bytes: impl AsRef<[u8]>) -> Option<Reply> {
        let is_head = bytes.as_ref().starts_with(b"HEAD");
        self.stream.write_all(bytes.as_ref()).await.ok()?;
        self.reply(is_head).await
    }

    pub(crate) async fn call(&mut self, bytes: impl AsRef<[u8]>) -> Reply {
        self.try_call(bytes).await.expect("a response")
    }

    pub(crate) async fn reply(&mut self, is_head: bool) -> Option<Reply> {
        let head = self.until(b"\r\n\r\n").await?;
        let head = String::from_utf8(head).unwrap();
        let mut lines = head.trim_end().split("\r\n");
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        let headers: Vec<(String, String)> = lines
            .map(|line| line.split_once(':').unwrap())
            .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
            .collect();
        let mut reply = Reply {
            status: status.parse().unwrap(),
            headers,
            body: Vec::new(),
            trailers: String::new(),
        };
        if is_head || matches!(reply.status, 204 | 304) {
            return Some(reply);
        }
        if reply.header("transfer-encoding").is_some() {
            loop {
                let size = String::from_utf8(self.until(b"\r\n").await?).unwrap();
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                if size == 0 {
                    break;
                }
                let mut chunk = self.exactly(size + 2).await?;
                chunk.truncate(size);
                reply.body.extend(chunk);
            }
            loop {
                let line = String::from_utf8(self.until(b"\r\n").await?).unwrap();
                if line == "\r\n" {
                    break;
                }
                reply.trailers.push_str(&line);
            }
        } else {
            let length = reply.header("content-length").unwrap_or("0");
            reply.body = self.exactly(length.parse().unwrap()).await?;
        }
        Some(reply)
    }

    /// Everything up to and with `end`; none when the connection ends first.
    pub(crate) async fn until(&mut self, end: &[u8]) -> Option<Vec<u8>> {
        loop {
            let found = self.buffer.windows(end.len()).position(|w| w == end);
            if let Some(at) = found {
                return Some(self.buffer.drain(..at + end.len()).collect());
            }
            self.more().await?;
        }
    }

    async fn exactly(&mut self, length: usize) -> Option<Vec<u8>> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Some(self.buffer.drain(..length).collect())
    }

    async fn more(&mut self) -> Option<usize> {
        let mut bytes = [0; 16 * 1024];
        let read = timeout(PATIENCE, self.stream.read(&mut bytes));
        let read = read.await.expect("the gateway to answer or hang up");
        match read {
            Ok(0) | Err(_) => None,
            Ok(n) => {
                self.buffer.extend(&bytes[..n]);
                Some(n)
            }
        }
    }

    /// Reads to the end; answers what came and whether it ended by an error.
    pub(crate) async fn rest(&mut self) -> (Vec<u8>, bool) {
        let mut all = std::mem::take(&mut self.buffer);
        let mut bytes = [0; 16 * 1024];
        loop {
            let read = timeout(PATIENCE, self.stream.read(&mut bytes));
            match read.await.expect("the gateway to hang up") {
                Ok(0) => return (all, false),
                Ok(n) => all.extend(&bytes[..n]),
                Err(_) => return (all, true),
            }
        }
    }
}
