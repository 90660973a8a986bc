//! The store's contract in memory: what several processes share is one value behind a lock, so that
//! whatever happens to it happens in an order that a simulation chooses.
//!
//! It is held to the conformance suite like the stores that keep something. What decides in them
//! decides here as well: the domain folds, and [`countersign_store::alike`] judges and writes entries.

mod append;
mod browsers;
mod clients;
mod credentials;
mod history;
mod leases;
mod lists;
mod live;
mod load;
mod passkeys;
mod people;
mod record;
mod store;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use countersign_domain::{
    CaseId, EndedSession, OrgId, SecretHash, Session, SessionId, State, StreamId, Timestamp,
};
use countersign_entries::{Entry, What, leaf_hash};
use countersign_store::{
    Addresses, Clock, Counts, NewClientToken, NewKept, Position, Recorded, SigningKey, StoredEntry,
    Version,
};
use tokio::sync::Notify;

use self::{
    browsers::{Browser, OperatorBrowser},
    credentials::Minted,
    leases::Leases,
    passkeys::{Ceremony, Registered},
};

/// What every handle on one store shares.
#[derive(Clone, Debug, Default)]
pub struct Shared {
    data: Arc<Mutex<Data>>,
    /// Wakes whoever waits for an event or an entry, in the order in which they came.
    moved: Arc<Notify>,
}

impl Shared {
    pub(crate) fn data(&self) -> MutexGuard<'_, Data> {
        self.data.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A handle whose store time is that of `clock`. With `keeps_time` it tells processes the time with
    /// their leases, as a database server does whose clock is not theirs.
    #[must_use]
    pub fn open(&self, clock: Arc<dyn Clock>, keeps_time: bool) -> Memory {
        Memory {
            shared: self.clone(),
            clock,
            keeps_time,
        }
    }

    /// Everything that has happened.
    #[must_use]
    pub fn events(&self) -> Vec<Recorded> {
        self.data().events.clone()
    }

    /// Everything that has happened, folded.
    #[must_use]
    pub fn state(&self) -> State {
        self.data().state.clone()
    }

    /// What is wrong with the logs: an entry out of its place, or not the one that was hashed.
    pub(crate) fn damaged(&self) -> Vec<String> {
        let data = self.data();
        let of_log = |(org, log): (&OrgId, &Vec<Logged>)| {
            let right = |(place, logged): (u64, &Logged)| {
                logged.stored.index == place
                    && leaf_hash(&logged.stored.encoded) == logged.stored.leaf_hash
            };
            let whole = (0..).zip(log).all(right);
            (!whole).then(|| format!("the log of {org} is damaged"))
        };
        data.logs.iter().filter_map(of_log).collect()
    }

    /// An entry of an org's log: its kind and the session it is under.
    #[must_use]
    pub fn entry(&self, org: OrgId, index: u64) -> Option<(&'static str, Option<SessionId>)> {
        let data = self.data();
        let entry = data.logs.get(&org)?.get(usize::try_from(index).ok()?)?;
        Some((entry.kind, entry.session))
    }
}

/// A handle.
pub struct Memory {
    shared: Shared,
    clock: Arc<dyn Clock>,
    keeps_time: bool,
}

impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memory").finish_non_exhaustive()
    }
}

impl Memory {
    pub(crate) fn data(&self) -> MutexGuard<'_, Data> {
        self.shared.data()
    }

    pub(crate) fn clock_time(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn store_time(&self) -> Timestamp {
        self.data().now(self.clock.now())
    }

    fn moved(&self) {
        self.shared.moved.notify_waiters();
    }
}

#[derive(Debug, Default)]
pub(crate) struct Data {
    pub(crate) events: Vec<Recorded>,
    barrier: Position,
    pub(crate) state: State,
    versions: BTreeMap<StreamId, Version>,
    last_at: Option<Timestamp>,
    logs: BTreeMap<OrgId, Vec<Logged>>,
    indexed: BTreeMap<OrgId, u64>,
    pub(crate) sessions: BTreeMap<SessionId, Kept>,
    leases: Leases,
    kept: BTreeMap<[u8; 32], NewKept>,
    numbers: u64,
    credentials: Vec<Minted>,
    browsers: Vec<Browser>,
    operator_browsers: Vec<OperatorBrowser>,
    passkeys: Vec<Registered>,
    ceremonies: Vec<Ceremony>,
    client_tokens: Vec<NewClientToken>,
    used_once: Vec<(SecretHash, Timestamp)>,
    keys: Vec<SigningKey>,
    addresses: Option<Addresses>,
}

/// A session, whatever has become of it.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) case: CaseId,
    pub(crate) org: OrgId,
    pub(crate) session: Session,
    /// How many had started before it.
    number: u64,
    last_request: Timestamp,
    last_entry: Option<u64>,
    last_page: Option<u64>,
    counts: Counts,
    pub(crate) ended: Option<EndedSession>,
}

#[derive(Clone, Debug)]
struct Logged {
    kind: &'static str,
    session: Option<SessionId>,
    /// The request that it tells the outcome of.
    outcome_of: Option<u64>,
    stored: StoredEntry,
}

impl Data {
    pub(crate) fn head(&self) -> Position {
        Position(self.events.len() as u64)
    }

    /// Store time, when the clock shows `clock`.
    pub(crate) fn now(&self, clock: Timestamp) -> Timestamp {
        self.last_at.map_or(clock, |last| last.max(clock))
    }

    pub(crate) fn log_size(&self, org: OrgId) -> u64 {
        self.logs.get(&org).map_or(0, |log| log.len() as u64)
    }

    fn advance(&mut self, at: Timestamp) {
        self.last_at = Some(self.now(at));
    }

    fn log(&mut self, entry: &Entry) -> u64 {
        let log = self.logs.entry(entry.org).or_default();
        let index = log.len() as u64;
        let encoded = entry.encode();
        log.push(Logged {
            kind: entry.what.name(),
            session: entry.session,
            outcome_of: match &entry.what {
                What::Outcome(outcome) => Some(outcome.request),
                _ => None,
            },
            stored: StoredEntry {
                index,
                leaf_hash: leaf_hash(&encoded),
                encoded,
            },
        });
        index
    }
}
