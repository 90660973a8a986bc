//! What there is to say of one case, from its first entry to its last.

use std::collections::BTreeMap;

use countersign_domain::{
    Actor, AdminId, CaseNumber, HistorySight, Refusal, SessionId, Timestamp, sees_case_history,
};
use countersign_entries::Written;
use countersign_store::{HistoryOrder, HistoryRow, Key, StoredEntry};
use serde::Deserialize;

use crate::{App, CaseRead, Failure, HistoryAsk, HistoryOf};

/// How many rows are read at a time.
const PAGE: usize = 1_000;
/// How many rows a report goes through. A case with more is for an export.
const ROWS: u64 = 100_000;
/// How many rows that are no requests a report shows.
const ACTS: usize = 2_000;

/// A case, and everything that was done about it.
#[derive(Clone, Debug)]
pub struct CaseReport {
    /// The case as it is now.
    pub case: CaseRead,
    /// Requests, grants, extensions, revocations and whatever else was done, oldest first.
    pub acts: Vec<HistoryRow>,
    /// The sessions, oldest first.
    pub sessions: Vec<SessionReport>,
    /// What was looked at and refused, oldest first, as many as were asked for.
    pub requests: Vec<HistoryRow>,
    /// How many requests passed.
    pub looked_at: u64,
    /// How many were refused.
    pub refused: u64,
    /// The first entry about the case.
    pub first: Option<LogPlace>,
    /// The last entry about the case, or the last outcome.
    pub last: Option<LogPlace>,
    /// Whether all of the case's history has been gone through, and all acts are shown.
    pub complete: bool,
}

/// One session of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionReport {
    /// The session.
    pub session: SessionId,
    /// Who acted: their address at the time.
    pub agent: String,
    /// On whose behalf.
    pub subject: Option<String>,
    /// When it started.
    pub started_at: Timestamp,
    /// When and why somebody or some rule ended it; none when nothing but time did, or it runs.
    pub ended: Option<(Timestamp, String)>,
    /// How many requests passed.
    pub looked_at: u64,
    /// How many were refused.
    pub refused: u64,
}

/// Where something stands on the log, to be checked against it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPlace {
    /// The index.
    pub index: u64,
    /// The leaf hash.
    pub leaf_hash: [u8; 32],
    /// When it was recorded.
    pub at: Timestamp,
}

#[derive(Deserialize)]
struct Started {
    session: OnBehalf,
}

#[derive(Deserialize)]
struct OnBehalf {
    subject: AdminId,
}

#[derive(Deserialize)]
struct Ended {
    why: String,
}

impl App {
    /// A report on a case, with at most `requests` of what was looked at and refused, for admins who
    /// see the case.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn case_report(
        &self,
        actor: Actor,
        number: &CaseNumber,
        requests: usize,
    ) -> Result<CaseReport, Failure> {
        let case = self.case(actor, number).await?;
        let about = case.case().ok_or(Refusal::CaseNotFound)?;
        let HistorySight::All = sees_case_history(case.state(), about, &actor)? else {
            return Err(Refusal::OnlyApprovers.into());
        };
        let mut told = Told::default();
        let of = HistoryOf::Case(number.clone());
        let ask = HistoryAsk::default();
        let mut after = None;
        let mut rows = 0;
        let complete = loop {
            let page = self
                .history(actor, &of, &ask, HistoryOrder::OldestFirst, after, PAGE)
                .await?;
            for row in page.rows {
                rows += 1;
                told.add(row, requests)?;
            }
            after = page.next;
            if after.is_none() || rows >= ROWS {
                break after.is_none();
            }
        };
        let subjects = self.subjects(&told).await?;
        let sessions = told.sessions.into_values();
        let mut sessions: Vec<SessionReport> = sessions
            .map(|(mut session, subject)| {
                session.subject = subject.and_then(|id| subjects.get(&id).cloned());
                session
            })
            .collect();
        sessions.sort_by_key(|session| (session.started_at, session.session));
        Ok(CaseReport {
            case,
            complete: complete && told.acts_left_out == 0,
            acts: told.acts,
            sessions,
            requests: told.requests,
            looked_at: told.looked_at,
            refused: told.refused,
            first: told.first,
            last: told.last,
        })
    }

    /// The addresses of those on whose behalf sessions were.
    async fn subjects(&self, told: &Told) -> Result<BTreeMap<AdminId, String>, Failure> {
        let keys: Vec<Key> = told
            .sessions
            .values()
            .filter_map(|(_, subject)| subject.map(Key::Admin))
            .collect();
        let state = self.store.load(&keys).await?.state;
        let known = state
            .admins()
            .map(|admin| (admin.id, admin.email.to_string()));
        Ok(known.collect())
    }
}

/// What has been gone through.
#[derive(Default)]
struct Told {
    acts: Vec<HistoryRow>,
    acts_left_out: u64,
    sessions: BTreeMap<SessionId, (SessionReport, Option<AdminId>)>,
    requests: Vec<HistoryRow>,
    looked_at: u64,
    refused: u64,
    first: Option<LogPlace>,
    last: Option<LogPlace>,
}

impl Told {
    fn add(&mut self, row: HistoryRow, requests: usize) -> Result<(), Failure> {
        for entry in row.outcomes.iter().chain([&row.entry]) {
            let place = place(entry)?;
            self.first.get_or_insert(place);
            if self.last.is_none_or(|last| last.index < place.index) {
                self.last = Some(place);
            }
        }
        let written = read(&row.entry)?;
        let session = written.session.and_then(|id| self.sessions.get_mut(&id));
        match &*written.kind {
            "request" => {
                self.looked_at += 1;
                if let Some((session, _)) = session {
                    session.looked_at += 1;
                }
            }
            "request.refused" => {
                self.refused += 1;
                if let Some((session, _)) = session {
                    session.refused += 1;
                }
            }
            "session.started" => self.start(&written),
            "session.ended" => {
                let why = written.detail_as().map(|ended: Ended| ended.why);
                if let Some((session, _)) = session {
                    session.ended = Some((written.at, why.unwrap_or_default()));
                }
            }
            _ => {}
        }
        if written.request.is_some() {
            if self.requests.len() < requests {
                self.requests.push(row);
            }
        } else if self.acts.len() < ACTS {
            self.acts.push(row);
        } else {
            self.acts_left_out += 1;
        }
        Ok(())
    }

    fn start(&mut self, written: &Written<'_>) {
        let Some(id) = written.session else {
            return;
        };
        let subject = written
            .detail_as()
            .map(|started: Started| started.session.subject);
        let session = SessionReport {
            session: id,
            agent: written
                .actor
                .email
                .as_deref()
                .unwrap_or_default()
                .to_owned(),
            subject: None,
            started_at: written.at,
            ended: None,
            looked_at: 0,
            refused: 0,
        };
        self.sessions.insert(id, (session, subject));
    }
}

fn place(entry: &StoredEntry) -> Result<LogPlace, Failure> {
    Ok(LogPlace {
        index: entry.index,
        leaf_hash: entry.leaf_hash,
        at: read(entry)?.at,
    })
}

fn read(entry: &StoredEntry) -> Result<Written<'_>, Failure> {
    Written::read(&entry.encoded).map_err(|error| Failure::Unavailable(error.to_string()))
}
