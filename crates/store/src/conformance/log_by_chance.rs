//! A log made by chance, and a second statement of what history says of it: read from the entries'
//! JSON from one end to the other, without any of what is under test.

use std::collections::BTreeMap;

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, Command, Duration, Justification, OpenedBy, OrgId, Role,
    SessionId, SessionLimits,
};
use countersign_entries::{Outcome, OutcomeEnding, RequestLine};
use serde_json::Value;

use super::{
    World,
    chance::Chance,
    world::{OPERATOR, good, line},
};
use crate::{Draft, HistoryFilter, HistoryRow, LeaseEpoch, Requests, Search, Store};

const AREAS: [&str; 6] = [
    "invoices",
    "customers",
    "invitations",
    "settings",
    "users",
    "reports",
];
const WORDS: [&str; 6] = ["red", "M%C3%BCller", "Reden", "late+fees", "42", "a.b-c_d"];

/// One org, and everyone in it.
#[derive(Debug)]
pub(super) struct Cast {
    pub(super) org: OrgId,
    boss: AdminId,
    pub(super) openers: [AdminId; 2],
    pub(super) agents: [AgentId; 2],
    /// Joins a team while somebody has access.
    pub(super) late: AgentId,
    pub(super) cases: Vec<CaseId>,
    pub(super) sessions: Vec<SessionId>,
    lease: LeaseEpoch,
}

impl Cast {
    pub(super) async fn new<S: Store>(world: &World<S>) -> Self {
        let org = world.org().await;
        let boss = world.admin(org, Role::SuperAdmin).await;
        let openers = [
            world.admin(org, Role::Admin).await,
            world.admin(org, Role::Admin).await,
        ];
        let agents = [world.agent().await, world.agent().await];
        let mut cast = Self {
            org,
            boss,
            openers,
            agents,
            late: world.agent().await,
            cases: vec![],
            sessions: vec![],
            lease: world.lease().await,
        };
        for (opener, agent) in [(0, 0), (1, 1), (0, 1)] {
            let opened_by = OpenedBy::Admin(openers[opener]);
            let case = world.case(org, opened_by, agents).await;
            cast.cases.push(case);
            world.ask(case, agents[agent]).await;
            world.grant(case, boss).await;
            let limits = SessionLimits {
                idle: Duration::from_hours(8),
                absolute: Duration::from_hours(8),
                per_agent: 1_000,
            };
            cast.sessions
                .push(world.session(case, agents[agent], limits).await);
        }
        cast
    }

    /// Something happens: mostly requests, in a batch of up to `most`.
    pub(super) async fn act<S: Store>(&self, world: &World<S>, chance: &mut Chance, most: u64) {
        let pause = i64::try_from(chance.below(40)).expect("a short while");
        world.clock.advance(Duration::from_millis(pause));
        let case = chance.pick(&self.cases);
        let agent = chance.pick(&self.agents);
        let command = match chance.below(12) {
            0 => Command::RequestAccess {
                case,
                justification: good(Justification::parse("I have to see more of this")),
                subject: None,
            },
            1 => {
                let extend = Command::Extend { case, to: None };
                world
                    .run(
                        Actor::Admin {
                            id: self.boss,
                            via: None,
                        },
                        extend,
                    )
                    .await;
                return;
            }
            2 => {
                world.admin(self.org, Role::Admin).await;
                return;
            }
            _ => {
                let drafts: Vec<_> = (0..=chance.below(most))
                    .map(|_| self.draft(chance))
                    .collect();
                self.record(world, &drafts).await;
                return;
            }
        };
        world.run(Actor::Agent { id: agent }, command).await;
    }

    /// An operator takes an agent off a team and puts them on again, which ends their session there. Then
    /// another joins, and access goes on for a while before it is taken away.
    pub(super) async fn disturb<S: Store>(&self, world: &World<S>) {
        let boss = Actor::Admin {
            id: self.boss,
            via: None,
        };
        let (case, agent) = (self.cases[0], self.agents[0]);
        let joins = |agent| Command::JoinTeam { case, agent };
        for (actor, command) in [
            (OPERATOR, Command::LeaveTeam { case, agent }),
            (OPERATOR, joins(agent)),
            (OPERATOR, joins(self.late)),
            (boss, Command::Extend { case, to: None }),
            (OPERATOR, Command::LeaveTeam { case, agent }),
            (boss, Command::Revoke { case }),
        ] {
            world.clock.advance(Duration::from_mins(2));
            world.run(actor, command).await;
        }
        world.grant(case, self.boss).await;
    }

    pub(super) async fn record<S: Store>(&self, world: &World<S>, drafts: &[Draft]) {
        for drafts in drafts.chunks(256) {
            let recorded = world.store.record(self.lease, drafts).await;
            recorded.expect("the store records");
        }
    }

    fn draft(&self, chance: &mut Chance) -> Draft {
        let session = chance.pick(&self.sessions);
        let request = RequestLine {
            method: chance.pick(&["GET", "GET", "GET", "POST"]).to_owned(),
            page: chance.below(3) == 0,
            ..line(&target(chance))
        };
        match chance.below(10) {
            0..5 => Draft::Request { session, request },
            5 => Draft::Refused {
                session,
                request,
                code: "not_a_read".to_owned(),
            },
            // Of any entry, now and then of one that is no request or not there yet.
            _ => Draft::Outcome {
                session,
                outcome: outcome(chance.below(3_000)),
            },
        }
    }
}

pub(super) fn outcome(request: u64) -> Outcome {
    Outcome {
        request,
        status: Some(200),
        bytes: 512,
        ending: OutcomeEnding::Complete,
    }
}

fn target(chance: &mut Chance) -> String {
    let area = chance.pick(&AREAS);
    let number = chance.below(700);
    match chance.below(4) {
        0 => format!("/{area}"),
        1 => format!("/{area}/{number}"),
        2 => format!("/{area}/{number}/edit?page={}", chance.below(5)),
        _ => format!("/{area}?q={}", chance.pick(&WORDS)),
    }
}

/// A filter made by chance, and the text that was looked for.
pub(super) fn filter(
    cast: &Cast,
    log: &[Value],
    chance: &mut Chance,
) -> (HistoryFilter, Option<&'static str>) {
    const KINDS: [&[&str]; 5] = [
        &["request"],
        &["request.refused"],
        &["access.requested", "access.granted", "access.extended"],
        &["outcome"],
        &["admin.created", "session.ended"],
    ];
    const TYPED: [&str; 12] = [
        "inv",
        "\"inv\"",
        "invoices",
        "müll",
        "red",
        "\"red\"",
        "4",
        "edit 12",
        "/invoices/1",
        "/customers?q=M%C3",
        "see",
        "nowhere",
    ];
    let mut one_in = |of: u64| chance.below(of) == 0;
    let wanted = [
        one_in(4),
        one_in(3),
        one_in(3),
        one_in(4),
        one_in(3),
        one_in(2),
        one_in(5),
        one_in(5),
    ];
    let [
        opened_by,
        case,
        agent,
        session,
        kinds,
        search,
        own,
        requests,
    ] = wanted;
    let mut moment = |wanted: bool| {
        let entry = &log[usize::try_from(chance.below(log.len() as u64)).expect("a place")];
        let at = entry["at"].as_i64().expect("a moment");
        wanted.then(|| countersign_domain::Timestamp::from_millis(at))
    };
    let (from, to) = (moment(case && !session), moment(agent && !session));
    let typed = search.then(|| chance.pick(&TYPED));
    let filter = HistoryFilter {
        opened_by: opened_by.then(|| chance.pick(&cast.openers)),
        case: case.then(|| chance.pick(&cast.cases)),
        agent: agent.then(|| {
            let [one, two] = cast.agents;
            chance.pick(&[one, two, cast.late])
        }),
        own: own.then(|| chance.pick(&cast.agents)),
        requests: requests.then(|| {
            chance.pick(&[
                Requests::Pages,
                Requests::Further,
                Requests::Declared,
                Requests::Attempts,
            ])
        }),
        session: session.then(|| chance.pick(&cast.sessions)),
        kinds: if kinds {
            chance.pick(&KINDS).to_vec()
        } else {
            vec![]
        },
        search: typed.map(|typed| Search::parse(typed).expect("it can be looked for")),
        from,
        to,
    };
    (filter, typed)
}

/// A row by the indexes of its entry and of its outcomes.
pub(super) type Row = (u64, Vec<u64>);

pub(super) fn indexes(rows: &[HistoryRow]) -> Vec<Row> {
    let of = |row: &HistoryRow| {
        let outcomes = row.outcomes.iter().map(|outcome| outcome.index);
        (row.entry.index, outcomes.collect())
    };
    rows.iter().map(of).collect()
}

/// The filter applied to the whole log, oldest first.
pub(super) fn told(log: &[Value], filter: &HistoryFilter, typed: Option<&str>) -> Vec<Row> {
    let mut rows: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for (index, entry) in (0_u64..).zip(log) {
        let of = entry["detail"]["request"]
            .as_u64()
            .filter(|_| entry["type"] == "outcome");
        match of.filter(|of| *of < index && log[*of as usize]["type"] == "request") {
            Some(of) => rows.entry(of).or_default().push(index),
            None => _ = rows.insert(index, vec![]),
        }
    }
    let admitted = |index: &u64| {
        let entry = &log[*index as usize];
        let at = entry["at"].as_i64().expect("a moment");
        let is = |value: &Value, id: Option<String>| id.is_none_or(|id| *value == *id);
        let kind = entry["type"].as_str().expect("a kind");
        is(&entry["case"]["id"], filter.case.map(|id| id.to_string()))
            && is(&entry["session"], filter.session.map(|id| id.to_string()))
            && filter.agent.is_none_or(|id| {
                let concerned = concerned(log, *index);
                agent(log, entry) == *id.to_string() || concerned.contains(&id.to_string())
            })
            && is(&agent(log, entry), filter.own.map(|id| id.to_string()))
            && filter.requests.is_none_or(|sort| of_sort(entry, sort))
            && is(
                &opener(log, entry),
                filter.opened_by.map(|id| id.to_string()),
            )
            && (filter.kinds.is_empty() || filter.kinds.contains(&kind))
            && filter.from.is_none_or(|from| at >= from.as_millis())
            && filter.to.is_none_or(|to| at < to.as_millis())
            && typed.is_none_or(|typed| reads(entry, typed))
    };
    rows.into_iter()
        .filter(|(index, _)| admitted(index))
        .collect()
}

fn agent(log: &[Value], entry: &Value) -> Value {
    if entry["actor"]["kind"] == "agent" {
        return entry["actor"]["id"].clone();
    }
    if entry["detail"]["agent"].is_string() {
        return entry["detail"]["agent"].clone();
    }
    let started = log.iter().find(|started| {
        started["type"] == "session.started" && started["session"] == entry["session"]
    });
    started.map_or(Value::Null, |started| started["actor"]["id"].clone())
}

fn names(list: &Value) -> Vec<String> {
    let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let names = list.iter().filter_map(Value::as_str);
    names.map(ToOwned::to_owned).collect()
}

/// Whom access concerned: those who had it by the grant when it went on or was taken away.
fn concerned(log: &[Value], index: u64) -> Vec<String> {
    let entry = &log[index as usize];
    match entry["type"].as_str() {
        Some("case.opened") => return names(&entry["detail"]["team"]),
        Some("access.granted") => return names(&entry["detail"]["grant"]["team"]["at_tick"]),
        Some("access.extended" | "access.period_opened" | "access.revoked") => {}
        _ => return vec![],
    }
    let mut agents = vec![];
    for before in &log[..index as usize] {
        let agent = before["detail"]["agent"].as_str().unwrap_or_default();
        if before["type"] == "access.granted" && before["grant"] == entry["grant"] {
            agents = names(&before["detail"]["grant"]["team"]["at_tick"]);
        } else if before["case"]["id"] != entry["case"]["id"] || before["at"] == entry["at"] {
            continue;
        } else if before["type"] == "case.team_joined" {
            agents.push(agent.to_owned());
        } else if before["type"] == "case.team_left" {
            agents.retain(|one| one != agent);
        }
    }
    agents
}

fn of_sort(entry: &Value, sort: Requests) -> bool {
    let passed = entry["type"] == "request";
    let writes = entry["request"]["method"] == "POST";
    let page = entry["request"]["page"] == true;
    match sort {
        Requests::Pages => passed && !writes && page,
        Requests::Further => passed && !writes && !page,
        Requests::Declared => passed && writes,
        Requests::Attempts => passed && writes || entry["type"] == "request.refused",
    }
}

fn opener(log: &[Value], entry: &Value) -> Value {
    let opened = log.iter().find(|opened| {
        opened["type"] == "case.opened" && opened["case"]["id"] == entry["case"]["id"]
    });
    opened.map_or(Value::Null, |opened| {
        opened["detail"]["opened_by"]["who"]["id"].clone()
    })
}

fn reads(entry: &Value, typed: &str) -> bool {
    let text = match entry["request"]["path"].as_str() {
        Some(path) => path.to_owned(),
        None => ["email", "justification", "name", "slug", "title"]
            .iter()
            .filter_map(|field| entry["detail"][*field].as_str())
            .collect::<Vec<_>>()
            .join(" "),
    };
    if typed.starts_with('/') {
        return text.starts_with(typed);
    }
    let text = text.replace("%C3%BC", "ü").to_lowercase();
    let words: Vec<_> = text
        .split(|letter: char| !letter.is_alphanumeric())
        .collect();
    typed.split(' ').all(|typed| match typed.strip_prefix('"') {
        Some(whole) => words.contains(&whole.trim_end_matches('"')),
        None => words.iter().any(|word| word.starts_with(typed)),
    })
}
