//! Access that is given, used at every process, and taken away.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use countersign_e2e::{Answer, Api, Effective, SessionClient};
use reqwest::Method;
use rustix::io::ioctl_fionread;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::watch,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    chance::Chance,
    faults::{Fault, Fleet, PROCESSES, Weather},
    watched::Watched,
};

/// How long a caller waits before asking elsewhere.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a stopped process can keep a client waiting for a refusal that nobody needs.
const LAST_WORD: Duration = Duration::from_millis(400);

/// How a revocation went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revocation {
    /// None when the first call had no answer, and a later one found it done.
    pub(super) effective: Option<Effective>,
    pub(super) call: Duration,
    pub(super) beside: Beside,
}

/// What was the matter while a revocation was under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Nothing,
    /// Another process than the one asked was stopped all the time or until it went on.
    OneStopped,
    Others,
}

impl Beside {
    fn of(before: &Weather, after: &Weather, asked: usize) -> Self {
        let changed = before.begun != after.begun;
        match before.now[..] {
            [] if !changed => Self::Nothing,
            [(process, Fault::Stopped)] if !changed && process != asked => Self::OneStopped,
            _ => Self::Others,
        }
    }
}

/// What all workers have seen.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) left: AtomicUsize,
    pub(super) revocations: Mutex<Vec<Revocation>>,
    /// Requests that were answered 200.
    pub(super) answered: AtomicU64,
    pub(super) streams: AtomicU64,
    /// Why calls were made again: there was no answer, or none that was sure.
    pub(super) again: Mutex<BTreeMap<String, u64>>,
    /// Streams that had a write more after the answer, of a process that had been counted out.
    pub(super) last_writes: AtomicU64,
    pub(super) violations: Mutex<Vec<String>>,
}

impl Tally {
    fn again(&self, why: &str) {
        *self
            .again
            .lock()
            .unwrap()
            .entry(why.to_owned())
            .or_default() += 1;
    }

    fn violation(&self, what: String) {
        self.violations.lock().unwrap().push(what);
    }
}

/// One org's people, and cases of theirs.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) fleet: Arc<Fleet>,
    pub(super) product: Watched,
    pub(super) tally: Arc<Tally>,
    pub(super) approver: Api,
    pub(super) agent: Api,
    /// A case that has had many sessions is a long one; so there are several.
    pub(super) numbers: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Given,
    BeingTaken,
    Taken,
}

impl Desk {
    /// Gives and takes until there have been enough revocations.
    pub(super) async fn work(self, mut chance: Chance) {
        for round in 0.. {
            let left = &self.tally.left;
            let one_less = |left: usize| left.checked_sub(1);
            let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less);
            if taken.is_err() {
                return;
            }
            let number = &self.numbers[round % self.numbers.len()];
            self.round(number, format!("{number}-{round}"), &mut chance)
                .await;
        }
    }

    async fn round(&self, number: &str, tag: String, chance: &mut Chance) {
        let grant = format!("/cases/{number}/grant");
        self.insist(&self.approver, Method::PUT, &grant, 200, chance)
            .await;
        let sessions = format!("/cases/{number}/sessions");
        let (_, started) = self
            .insist(&self.agent, Method::POST, &sessions, 201, chance)
            .await;
        let session = SessionClient::new("", &started.body);

        let (stage, _) = watch::channel(Stage::Given);
        let through = Arc::new(AtomicU64::new(0));
        let mut clients = JoinSet::new();
        for process in 0..PROCESSES {
            let client = Client {
                desk: self.clone(),
                process,
                session: session.clone(),
                tag: tag.clone(),
                stage: stage.subscribe(),
                through: Arc::clone(&through),
            };
            clients.spawn(client.ask(chance.fork()));
        }
        let stream = match chance.of(0..3) {
            0 => self.stream(&session, &tag, chance.pick(PROCESSES)).await,
            _ => None,
        };
        let wanted = chance.of(2..10);
        let enough = async {
            while through.load(Ordering::Relaxed) < wanted {
                sleep(Duration::from_millis(20)).await;
            }
        };
        // With every process out of order there is nothing to wait for.
        let _ = timeout(Duration::from_secs(3), enough).await;

        stage.send_replace(Stage::BeingTaken);
        let (weather, began) = (self.fleet.weather(), Instant::now());
        let (asked, revoked) = self
            .insist(&self.approver, Method::DELETE, &grant, 200, chance)
            .await;
        self.product.over(&tag);
        let before = stream
            .as_ref()
            .map(|stream| ioctl_fionread(stream).unwrap_or(0));
        stage.send_replace(Stage::Taken);
        let beside = Beside::of(&weather, &self.fleet.weather(), asked);
        let (effective, call) = (revoked.effective, began.elapsed());
        self.tally.revocations.lock().unwrap().push(Revocation {
            effective,
            call,
            beside,
        });

        if let Some((stream, before)) = stream.zip(before) {
            let counted_out = effective.is_none_or(|effective| effective.lapsed > 0);
            let desk = self.clone();
            tokio::spawn(async move { desk.silence(tag, stream, before, counted_out).await });
        }
        let last_words = async { while clients.join_next().await.is_some() {} };
        let _ = timeout(LAST_WORD, last_words).await;
    }

    /// Calls at one process and then another until the answer is the one that is wanted; says where.
    async fn insist(
        &self,
        caller: &Api,
        method: Method,
        path: &str,
        wanted: u16,
        chance: &mut Chance,
    ) -> (usize, Answer) {
        loop {
            let process = chance.pick(PROCESSES);
            let place = self.fleet.place(process);
            let caller = caller.at(&place.public_url);
            let call = timeout(PATIENCE, caller.try_call(method.clone(), path, None));
            match call.await.ok().flatten() {
                Some(answer) if answer.status == wanted => return (process, answer),
                None => self.tally.again("no answer"),
                Some(Answer {
                    status: 503, body, ..
                }) => {
                    self.tally.again(body["code"].as_str().expect("a code"));
                }
                Some(answer) => panic!("{method} {path}: {answer:?}"),
            }
            sleep(chance.millis(20..200)).await;
        }
    }

    /// A response that goes on and on; none when that process has none to give now.
    async fn stream(
        &self,
        session: &SessionClient,
        tag: &str,
        process: usize,
    ) -> Option<TcpStream> {
        let begin = async {
            let gateway = self.fleet.place(process).gateway;
            let mut stream = TcpStream::connect(gateway).await.ok()?;
            let head = session.head(&format!("/{tag}/stream"));
            stream.write_all(head.as_bytes()).await.ok()?;
            let mut head = vec![];
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await.ok()?);
            }
            head.starts_with(b"HTTP/1.1 200").then_some(stream)
        };
        let stream = timeout(Duration::from_secs(1), begin)
            .await
            .ok()
            .flatten()?;
        self.tally.streams.fetch_add(1, Ordering::Relaxed);
        Some(stream)
    }

    /// Holds a stream to what had come when the access was over.
    async fn silence(&self, tag: String, mut stream: TcpStream, before: u64, counted_out: bool) {
        let mut all = vec![];
        // It ends by a reset, which is what tells its client that it is not whole.
        let ended = timeout(PATIENCE, stream.read_to_end(&mut all)).await;
        let after = (all.len() as u64).saturating_sub(before);
        if ended.is_err() {
            self.tally.violation(format!("{tag}: the stream goes on"));
        } else if after > 0 && counted_out {
            self.tally.last_writes.fetch_add(1, Ordering::Relaxed);
        } else if after > 0 {
            self.tally
                .violation(format!("{tag}: {after} bytes after the answer"));
        }
    }
}

/// Asks at one process, from when the access is given until it is refused.
struct Client {
    desk: Desk,
    process: usize,
    session: SessionClient,
    tag: String,
    stage: watch::Receiver<Stage>,
    through: Arc<AtomicU64>,
}

impl Client {
    async fn ask(self, mut chance: Chance) {
        for count in 0.. {
            let before = *self.stage.borrow();
            let gateway = self.desk.fleet.place(self.process).gateway;
            let session = self.session.at(&gateway);
            let path = format!("/{}/{}/{count}", self.tag, self.process);
            let asked = timeout(PATIENCE, session.send(Method::GET, &path)).await;
            let after = *self.stage.borrow();
            let status = asked.ok().flatten().map(|answer| answer.status);
            let what = || format!("{path} at process {}: {status:?}", self.process);
            match status {
                Some(200) if before == Stage::Taken => {
                    self.desk
                        .tally
                        .violation(format!("{} after the answer", what()));
                }
                Some(200) => {
                    self.through.fetch_add(1, Ordering::Relaxed);
                    self.desk.tally.answered.fetch_add(1, Ordering::Relaxed);
                }
                // Its access had not been taken away, and the process was sure of it.
                Some(401 | 403) if after == Stage::Given => {
                    self.desk
                        .tally
                        .violation(format!("{} while it was live", what()));
                }
                None | Some(401 | 502 | 503) => {}
                Some(_) => self.desk.tally.violation(what()),
            }
            if before == Stage::Taken {
                return;
            }
            sleep(chance.millis(30..200)).await;
        }
    }
}
