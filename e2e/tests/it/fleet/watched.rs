//! A product that knows of each request whether it had come before a moment, to the byte: what had
//! arrived by then and had not been read yet came before it.

use std::{
    collections::HashMap,
    future::poll_fn,
    io::ErrorKind,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rustix::{io::ioctl_fionread, net::accept};
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

/// A request that the product got.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) target: String,
    /// The index of its entry.
    pub(super) entry: usize,
    pub(super) org: String,
    pub(super) session: String,
    /// It came after the access that it was made with had been taken away.
    pub(super) late: Option<Late>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Late {
    /// Its identity was good no longer: a process that the system stops between its last check and
    /// the write can emit that one write, and a product that judges the expiry refuses it.
    Expired,
    /// It could have been answered.
    Good,
}

#[derive(Debug)]
struct Line {
    /// Until it ends.
    stream: Option<Arc<TcpStream>>,
    /// How much has been read.
    taken: u64,
    /// What of that belongs to a head that has not come whole.
    head: Vec<u8>,
}

#[derive(Debug, Default)]
struct State {
    lines: Vec<Line>,
    seen: Vec<Seen>,
    /// How much each line had got when the access with this tag was over.
    over: HashMap<String, Vec<u64>>,
}

#[derive(Clone, Debug)]
pub(super) struct Watched {
    listener: Arc<TcpListener>,
    state: Arc<Mutex<State>>,
}

impl Watched {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let product = Self {
            listener: Arc::new(listener),
            state: Arc::default(),
        };
        let accepting = product.clone();
        tokio::spawn(async move {
            loop {
                // Nobody looks between the accepting and the noting.
                poll_fn(|context| {
                    let mut state = accepting.state();
                    let accepted = accepting.listener.poll_accept(context);
                    accepted.map(|accepted| accepting.note(&mut state, accepted.unwrap().0))
                })
                .await;
            }
        });
        product
    }

    pub(super) fn origin(&self) -> String {
        format!("http://{}", self.listener.local_addr().unwrap())
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// From this moment on nothing may come for a path that begins with this.
    pub(super) fn over(&self, tag: &str) {
        let mut state = self.state();
        // Those that have connected and were not accepted yet; ask the system, which knows.
        while let Ok(connected) = accept(&self.listener) {
            let stream = std::net::TcpStream::from(connected);
            stream.set_nonblocking(true).unwrap();
            self.note(&mut state, TcpStream::from_std(stream).unwrap());
        }
        let got = state.lines.iter().map(|line| {
            let stream = line.stream.as_ref();
            let waiting = stream.and_then(|stream| ioctl_fionread(&**stream).ok());
            line.taken + waiting.unwrap_or(0)
        });
        let got = got.collect();
        state.over.insert(tag.to_owned(), got);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, state: &mut State, stream: TcpStream) {
        stream.set_nodelay(true).unwrap();
        let stream = Arc::new(stream);
        let number = state.lines.len();
        state.lines.push(Line {
            stream: Some(Arc::clone(&stream)),
            taken: 0,
            head: vec![],
        });
        let product = self.clone();
        tokio::spawn(async move {
            product.serve(number, &stream).await;
            product.state().lines[number].stream = None;
        });
    }

    async fn serve(&self, number: usize, stream: &TcpStream) -> Option<()> {
        loop {
            stream.readable().await.ok()?;
            let targets = match self.read(number, stream) {
                Ok(targets) => targets,
                Err(ErrorKind::WouldBlock) => continue,
                Err(_) => return None,
            };
            for target in targets {
                if target.ends_with("/stream") {
                    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n";
                    write(stream, head.as_bytes()).await?;
                    loop {
                        write(stream, &[b'.'; 64]).await?;
                        sleep(Duration::from_millis(20)).await;
                    }
                }
                let answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
                write(stream, answer.as_bytes()).await?;
            }
        }
    }

    /// Reads what there is, and notes the requests in it; nobody looks at the line meanwhile.
    fn read(&self, number: usize, stream: &TcpStream) -> Result<Vec<String>, ErrorKind> {
        let mut state = self.state();
        let line = &mut state.lines[number];
        let mut piece = [0; 16 * 1024];
        let size = match stream.try_read(&mut piece) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof),
            Ok(size) => size,
            Err(error) => return Err(error.kind()),
        };
        line.head.extend_from_slice(&piece[..size]);
        line.taken += size as u64;
        let mut targets = vec![];
        while let Some(seen) = state.next(number) {
            targets.push(seen.target.clone());
            state.seen.push(seen);
        }
        Ok(targets)
    }
}

impl State {
    /// The next request that has come whole.
    fn next(&mut self, number: usize) -> Option<Seen> {
        let line = &mut self.lines[number];
        let end = line.head.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
        let began = line.taken - line.head.len() as u64;
        let head: Vec<u8> = line.head.drain(..end).collect();
        let head = String::from_utf8(head).expect("a head of ASCII");
        let target = head.split(' ').nth(1).expect("a target").to_owned();
        let identity = identity(header(&head, "countersign-identity"));
        let tag = target.split('/').nth(1).expect("a tag");
        // A line that had not been made then had got nothing.
        let over = self.over.get(tag);
        let is_late = over.is_some_and(|got| began >= got.get(number).copied().unwrap_or(0));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let good = identity["exp"].as_u64().expect("an expiry") > now.as_secs();
        Some(Seen {
            entry: header(&head, "countersign-request").parse().unwrap(),
            org: identity["org"].as_str().expect("an org").to_owned(),
            session: identity["sid"].as_str().expect("a session").to_owned(),
            late: is_late.then_some(if good { Late::Good } else { Late::Expired }),
            target,
        })
    }
}

fn header<'a>(head: &'a str, name: &str) -> &'a str {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let found = fields.find(|(field, _)| field.eq_ignore_ascii_case(name));
    found.unwrap_or_else(|| panic!("no {name} in {head}")).1
}

/// What a JWT says.
fn identity(token: &str) -> Value {
    let claims = token.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    serde_json::from_slice(&claims).expect("JSON")
}

async fn write(stream: &TcpStream, mut bytes: &[u8]) -> Option<()> {
    while !bytes.is_empty() {
        stream.writable().await.ok()?;
        match stream.try_write(bytes) {
            Ok(written) => bytes = &bytes[written..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(_) => return None,
        }
    }
    Some(())
}
