//! What there is to say of one case, from its first entry to its last.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{
    Actor, AdminId, CaseNumber, HistorySight, Refusal, SessionId, Timestamp, sees_case_history,
};
use countersign_entries::{Sort, Written};
use countersign_store::{Counts, HistoryOrder, HistoryRow, Key, StoredEntry};
use serde::Deserialize;

use crate::{App, CaseRead, Failure, HistoryAsk, HistoryOf};

/// How many rows are read at a time.
const PAGE: usize = 1_000;

/// Which part of a report is wanted: so many of its acts, its sessions and its requests each, after
/// so many of each. What is counted, is counted in all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReportPart {
    /// How many are left out before it.
    pub skip: u64,
    /// How many acts and sessions it has at most.
    pub acts: usize,
    /// How many requests it has at most.
    pub requests: usize,
    /// Whether each request stands for itself; otherwise what else was read stands with the page before
    /// it in the same session, as a number.
    pub every: bool,
}

impl ReportPart {
    /// Whether it has the one after so many, when it may have this many.
    fn has(&self, place: u64, most: usize) -> bool {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        (self.skip..self.skip.saturating_add(most)).contains(&place)
    }
}

/// A case, and everything that was done about it.
#[derive(Clone, Debug)]
pub struct CaseReport {
    /// The case as it is now.
    pub case: CaseRead,
    /// Requests, grants, extensions, revocations and whatever else was done, oldest first, in the
    /// part that was asked for.
    pub acts: Vec<HistoryRow>,
    /// How many acts there are in all.
    pub acts_in_all: u64,
    /// The sessions, oldest first, in the part that was asked for.
    pub sessions: Vec<SessionReport>,
    /// How many sessions there are in all.
    pub sessions_in_all: u64,
    /// What was looked at and refused, oldest first, in the part that was asked for.
    pub requests: Vec<ReportedRequest>,
    /// How many of these there are in all.
    pub requests_in_all: u64,
    /// How many requests there were.
    pub counts: Counts,
    /// The first entry about the case.
    pub first: Option<LogPlace>,
    /// The last entry about the case, or the last outcome.
    pub last: Option<LogPlace>,
}

/// One request of a case.
#[derive(Clone, Debug)]
pub struct ReportedRequest {
    /// The request, and how it went.
    pub row: HistoryRow,
    /// How much else was read in the session after this page and before the next.
    pub further: u64,
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
    /// How many requests there were.
    pub counts: Counts,
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
    /// A part of a report on a case, for admins who see the case. However much there is to the case,
    /// all of it is gone through.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn case_report(
        &self,
        actor: Actor,
        number: &CaseNumber,
        part: ReportPart,
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
        loop {
            let page = self
                .history(actor, &of, &ask, HistoryOrder::OldestFirst, after, PAGE)
                .await?;
            for row in page.rows {
                told.add(row, part)?;
            }
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let sessions_in_all = count(told.sessions.len());
        let mut held: Vec<_> = std::mem::take(&mut told.sessions).into_values().collect();
        held.sort_by_key(|(session, _)| (session.started_at, session.session));
        let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
        let held: Vec<_> = held.into_iter().skip(skip).take(part.acts).collect();
        let subjects = self.subjects(&held).await?;
        let sessions = held.into_iter().map(|(mut session, subject)| {
            session.subject = subject.and_then(|id| subjects.get(&id).cloned());
            session
        });
        Ok(CaseReport {
            case,
            acts: told.acts,
            acts_in_all: told.acts_in_all,
            sessions: sessions.collect(),
            sessions_in_all,
            requests: told.requests,
            requests_in_all: told.requests_in_all,
            counts: told.counts,
            first: told.first,
            last: told.last,
        })
    }

    /// The addresses of those on whose behalf sessions were.
    async fn subjects(
        &self,
        held: &[(SessionReport, Option<AdminId>)],
    ) -> Result<BTreeMap<AdminId, String>, Failure> {
        let ids: BTreeSet<AdminId> = held.iter().filter_map(|(_, subject)| *subject).collect();
        let keys: Vec<Key> = ids.into_iter().map(Key::Admin).collect();
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
    acts_in_all: u64,
    sessions: BTreeMap<SessionId, (SessionReport, Option<AdminId>)>,
    requests: Vec<ReportedRequest>,
    requests_in_all: u64,
    counts: Counts,
    /// The newest page of each session: where it is in `requests`, if it is in this part.
    pages: BTreeMap<SessionId, Option<usize>>,
    first: Option<LogPlace>,
    last: Option<LogPlace>,
}

impl Told {
    fn add(&mut self, row: HistoryRow, part: ReportPart) -> Result<(), Failure> {
        for entry in row.outcomes.iter().chain([&row.entry]) {
            let place = place(entry)?;
            self.first.get_or_insert(place);
            if self.last.is_none_or(|last| last.index < place.index) {
                self.last = Some(place);
            }
        }
        let written = read(&row.entry)?;
        if let Some(sort) = written.sort() {
            self.counts.add(sort);
            if let Some((session, _)) = written.session.and_then(|id| self.sessions.get_mut(&id)) {
                session.counts.add(sort);
            }
            let session = written.session;
            drop(written);
            self.request(row, sort, session, part);
            return Ok(());
        }
        match &*written.kind {
            "session.started" => self.start(&written),
            "session.ended" => {
                let why = written.detail_as().map(|ended: Ended| ended.why);
                let session = written.session.and_then(|id| self.sessions.get_mut(&id));
                if let Some((session, _)) = session {
                    session.ended = Some((written.at, why.unwrap_or_default()));
                }
            }
            _ => {}
        }
        if part.has(self.acts_in_all, part.acts) {
            self.acts.push(row);
        }
        self.acts_in_all += 1;
        Ok(())
    }

    /// What else was read before any page has none to stand with.
    fn request(
        &mut self,
        row: HistoryRow,
        sort: Sort,
        session: Option<SessionId>,
        part: ReportPart,
    ) {
        let page = session.and_then(|id| self.pages.get(&id));
        if let (Sort::Further, false, Some(page)) = (sort, part.every, page) {
            let page = page.and_then(|at| self.requests.get_mut(at));
            if let Some(page) = page {
                page.further += 1;
            }
            return;
        }
        let here = part.has(self.requests_in_all, part.requests);
        if let (Sort::Page, Some(id)) = (sort, session) {
            self.pages.insert(id, here.then_some(self.requests.len()));
        }
        if here {
            self.requests.push(ReportedRequest { row, further: 0 });
        }
        self.requests_in_all += 1;
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
            counts: Counts::default(),
        };
        self.sessions.insert(id, (session, subject));
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

fn place(entry: &StoredEntry) -> Result<LogPlace, Failure> {
    Ok(LogPlace {
        index: entry.index,
        leaf_hash: entry.leaf_hash,
        at: read(entry)?.at,
    })
}

pub(super) fn read(entry: &StoredEntry) -> Result<Written<'_>, Failure> {
    Written::read(&entry.encoded).map_err(|error| Failure::Unavailable(error.to_string()))
}
