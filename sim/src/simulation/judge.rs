//! Who watches: sees everything at the moment it happens, and says what must not have.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use countersign_decision::{Decision, Effect, View};
use countersign_domain::{
    AdminId, AgentId, CaseId, Event, OrgId, SessionId, Timestamp, has_passed,
};
use countersign_node::Node;
use countersign_store::{Appended, Draft, Position, Verdict};

use super::{clocks::Truth, rules::Rules, sent::Sent};
use crate::memory::{Memory, Shared};

/// How many lines of a trace are kept for whoever reads why a run failed.
const LINES: usize = 400;

/// What a command takes access away from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    Case(CaseId),
    Team(CaseId, AgentId),
    Org(OrgId),
    Agent(AgentId),
    Subject(AdminId),
    Session(SessionId),
}

/// Something that must not happen, and has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// What.
    pub what: String,
    /// What happened before it, oldest first.
    pub before: Vec<String>,
}

/// How often what came up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(pub BTreeMap<&'static str, u64>);

pub(super) struct Judge {
    store: Arc<Memory>,
    shared: Shared,
    truth: Truth,
    seen: Mutex<Seen>,
}

struct Seen {
    trace: u64,
    lines: VecDeque<String>,
    violation: Option<Violation>,
    counts: Counts,
    serving: BTreeMap<String, Arc<Node>>,
    /// At which position each session started.
    started: BTreeMap<SessionId, Position>,
    /// When the clock ends a session at the latest, as committed.
    until: BTreeMap<SessionId, Timestamp>,
    /// Sessions of which somebody was told that they are over.
    gone: BTreeSet<SessionId>,
    /// Where each call of a client was committed.
    commits: BTreeMap<u64, Vec<Position>>,
    rules: Rules,
    /// Everything folded, up to a position.
    view: (Position, View),
}

impl Judge {
    pub(super) fn new(store: Arc<Memory>, shared: Shared, truth: Truth) -> Arc<Self> {
        Arc::new(Self {
            store,
            shared,
            truth,
            seen: Mutex::new(Seen {
                trace: 0xcbf2_9ce4_8422_2325,
                lines: VecDeque::new(),
                violation: None,
                counts: Counts::default(),
                serving: BTreeMap::new(),
                started: BTreeMap::new(),
                until: BTreeMap::new(),
                gone: BTreeSet::new(),
                commits: BTreeMap::new(),
                rules: Rules::default(),
                view: (Position::default(), View::default()),
            }),
        })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes down what happened.
    pub(super) fn note(&self, what: impl FnOnce() -> String) {
        let line = format!("{:>6} {}", self.truth.elapsed(), what());
        self.seen().note(line);
    }

    pub(super) fn count(&self, what: &'static str) {
        *self.seen().counts.0.entry(what).or_default() += 1;
    }

    /// Says that something is wrong; the first thing that is counts.
    pub(super) fn wrong(&self, what: impl FnOnce() -> String) {
        let mut seen = self.seen();
        if seen.violation.is_none() {
            let what = format!("at {}: {}", self.truth.elapsed(), what());
            let before = seen.lines.iter().cloned().collect();
            seen.violation = Some(Violation { what, before });
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.seen().violation.is_some()
    }

    pub(super) fn verdict(&self) -> (u64, Counts, Option<Violation>) {
        let seen = self.seen();
        (seen.trace, seen.counts.clone(), seen.violation.clone())
    }

    /// A process serves, or does not any more.
    pub(super) fn serves(&self, name: &str, node: Option<Arc<Node>>) {
        let serving = &mut self.seen().serving;
        match node {
            Some(node) => _ = serving.insert(name.to_owned(), node),
            None => _ = serving.remove(name),
        }
    }

    pub(super) fn head(&self) -> Position {
        self.shared.data().head()
    }

    /// Events have been committed.
    pub(super) fn committed(&self, sent: &Sent, appended: &Appended) {
        let names: Vec<_> = sent.events.iter().map(name_of).collect();
        self.note(|| {
            format!(
                "committed {:?} by {:?}: {names:?}",
                appended.position, sent.call
            )
        });
        let wrong = {
            let data = self.shared.data();
            let mut seen = self.seen();
            let first = appended.position.0 - sent.events.len() as u64;
            for (number, event) in (first + 1..).zip(&sent.events) {
                if let Event::SessionStarted { session, .. } = event {
                    seen.started.insert(session.id, Position(number));
                }
            }
            for kept in data.sessions.values().filter(|kept| kept.ended.is_none()) {
                let case = data.state.case(kept.case);
                let grant = case.and_then(|case| case.access.unrevoked());
                if let Some(grant) = grant.filter(|grant| grant.id == kept.session.grant)
                    && grant.period.number == kept.session.period
                {
                    let until = kept.session.ends_at(grant.period.expires_at);
                    seen.until.insert(kept.session.id, until);
                }
            }
            if let Some(call) = sent.call {
                let commits = seen.commits.entry(call).or_default();
                commits.push(appended.position);
            }
            let times = sent.call.map_or(1, |call| seen.commits[&call].len());
            let twice =
                (times > 1).then(|| format!("call {:?} had an effect {times} times", sent.call));
            let disagrees = seen.rules.happened(sent, appended.at, &data.state);
            twice.or(disagrees)
        };
        if let Some(wrong) = wrong {
            self.wrong(|| wrong);
        }
    }

    /// A batch has been recorded, under a lease that stood or did not.
    pub(super) fn recorded(&self, drafts: &[Draft], verdicts: &[Verdict], held: bool) {
        for (draft, verdict) in drafts.iter().zip(verdicts) {
            let (Draft::Request { session, .. }, Verdict::Recorded { at, .. }) = (draft, verdict)
            else {
                continue;
            };
            self.count("recorded");
            if !held {
                self.wrong(|| format!("{session} was recorded without a lease"));
            }
            let data = self.shared.data();
            let kept = data.sessions.get(session);
            let case = kept.and_then(|kept| data.state.case(kept.case));
            if case.and_then(|case| case.running(*session, *at)).is_none() {
                drop(data);
                self.wrong(|| format!("{session} was recorded behind its end"));
            }
        }
    }

    /// Whether a process would let a request under a session go on.
    pub(super) fn allows(&self, node: &Node, session: SessionId) -> bool {
        let data = self.shared.data();
        let kept = data.sessions.get(&session);
        let label = kept.map(|kept| kept.session.label.clone());
        drop(data);
        label.is_some_and(|label| {
            matches!(node.decide(&label, Effect::Read), Ok(Decision::Allow(_)))
        })
    }

    /// A process lets a request of a session go on.
    pub(super) fn allowed(&self, name: &str, session: SessionId, what: &str) {
        self.note(|| format!("{name} {what} under {session}"));
        let now = self.store.store_time();
        let (gone, until) = {
            let seen = self.seen();
            (
                seen.gone.contains(&session),
                seen.until.get(&session).copied(),
            )
        };
        if gone {
            self.wrong(|| format!("A1: {name} {what} under {session} after its end was answered"));
        }
        if until.is_none_or(|until| has_passed(until, now)) {
            self.wrong(|| format!("A2: {name} {what} under {session} at {now:?}, until {until:?}"));
        }
    }

    /// A request goes to the product: its entry is there.
    pub(super) fn starts(&self, name: &str, session: SessionId, index: u64) {
        self.allowed(name, session, "starts a request");
        self.count("started");
        let org = self
            .shared
            .data()
            .sessions
            .get(&session)
            .map(|kept| kept.org);
        let entry = org.and_then(|org| self.shared.entry(org, index));
        if entry != Some(("request", Some(session))) {
            self.wrong(|| format!("A5: {name} starts a request under {session} with {entry:?}"));
        }
    }

    /// Somebody who asked when the newest event was `asked` has been told that what is in `scope` has no
    /// access any more.
    pub(super) fn answered(&self, scope: Scope, asked: Position) {
        let now = self.store.store_time();
        let ended: Vec<SessionId> = {
            let data = self.shared.data();
            let seen = self.seen();
            let within = |id: &SessionId| {
                data.sessions.get(id).is_some_and(|kept| match scope {
                    Scope::Case(case) => kept.case == case,
                    Scope::Team(case, agent) => kept.case == case && kept.session.agent == agent,
                    Scope::Org(org) => kept.org == org,
                    Scope::Agent(agent) => kept.session.agent == agent,
                    Scope::Subject(admin) => kept.session.subject == admin,
                    Scope::Session(session) => *id == session,
                })
            };
            let before = seen.started.iter().filter(|(_, at)| **at <= asked);
            before.map(|(id, _)| *id).filter(within).collect()
        };
        self.note(|| format!("answered: {scope:?} is gone, with {} sessions", ended.len()));
        let serving = self.seen().serving.clone();
        for session in ended {
            let runs = {
                let data = self.shared.data();
                let kept = data.sessions.get(&session);
                let case = kept.and_then(|kept| data.state.case(kept.case));
                case.is_some_and(|case| case.running(session, now).is_some())
            };
            if runs {
                self.wrong(|| format!("A7: {session} runs, and {scope:?} was said to be gone"));
            }
            self.seen().gone.insert(session);
            for (name, node) in &serving {
                if self.allows(node, session) || node.may_flow(session) {
                    self.wrong(|| format!("A1: {name} lets {session} through after the answer"));
                }
            }
        }
    }

    /// Somebody has been told that these happened after `asked`.
    pub(super) fn acknowledged(&self, events: &[Event], asked: Position) {
        let data = self.shared.data();
        let from = usize::try_from(asked.0).unwrap_or(usize::MAX);
        let since = data.events.get(from..).unwrap_or_default();
        let there = |event: &Event| since.iter().any(|recorded| recorded.event == *event);
        let lost = events.iter().find(|event| !there(event)).map(name_of);
        drop(data);
        if let Some(lost) = lost {
            self.wrong(|| format!("A7: {lost} was acknowledged and is not there"));
        }
    }

    /// Somebody has been told that their call changed nothing.
    pub(super) fn had_no_effect(&self, call: u64) {
        if self.seen().commits.contains_key(&call) {
            self.wrong(|| format!("call {call} had an effect, and was said to have none"));
        }
    }

    /// Somebody has been told that nobody knows whether their call took access away: the process that said so
    /// serves nothing that it did take.
    pub(super) fn left_open(&self, name: &str, node: &Node, call: u64) {
        self.count("outcomes unknown");
        let at = self
            .seen()
            .commits
            .get(&call)
            .and_then(|at| at.first().copied());
        if at.is_some_and(|at| node.position() < at && node.is_ready()) {
            self.wrong(|| format!("{name} serves what call {call} may have taken away, and has"));
        }
    }

    /// What a process knows is what the log says up to where it is.
    pub(super) fn compare(&self, name: &str, node: &Node) {
        let (position, known) = node.known();
        let mut seen = self.seen();
        if seen.view.0 > position {
            seen.view = (Position::default(), View::default());
        }
        let (at, mut view) = std::mem::take(&mut seen.view);
        let data = self.shared.data();
        let between = usize::try_from(at.0).unwrap_or(0)..usize::try_from(position.0).unwrap_or(0);
        for recorded in data.events.get(between).unwrap_or_default() {
            _ = view.fold(recorded.at, &recorded.event, recorded.name.as_ref());
        }
        drop(data);
        let same = view == known;
        seen.view = (position, view);
        drop(seen);
        self.count("views compared");
        if !same {
            self.wrong(|| format!("{name} knows something else than the log says at {position:?}"));
        }
    }

    /// What can be said when all is over.
    pub(super) fn conclude(&self) {
        let data = self.shared.data();
        let gapless = (1..)
            .zip(&data.events)
            .all(|(number, event)| event.position.0 == number);
        let ordered = data.events.is_sorted_by_key(|event| event.at);
        let now = self.store.clock_time();
        let disagrees = self.seen().rules.agree(&data.state, data.now(now));
        drop(data);
        if !gapless || !ordered {
            self.wrong(|| "positions or times are out of order".to_owned());
        }
        if let Some(disagrees) = disagrees {
            self.wrong(|| disagrees);
        }
        for wrong in self.shared.damaged() {
            self.wrong(|| wrong);
        }
    }
}

impl Seen {
    fn note(&mut self, line: String) {
        for byte in line.bytes() {
            // FNV-1a.
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if self.lines.len() == LINES {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }
}

fn name_of(event: &Event) -> &'static str {
    countersign_entries::What::Event(event.clone()).name()
}
