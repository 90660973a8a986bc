//! What a process reads when it starts.

use std::{collections::BTreeMap, fmt::Debug};

use countersign_domain::{
    Actor, Admin, AdminId, Agent, AgentId, CaseId, CaseName, Command, Duration, Email,
    EndedSession, EndedWhy, Entrance, Event, ExchangedToken, Grant, NewToken, Org, OrgId, Origin,
    PersonName, Resource, Session, SessionId, SessionLimits, State, Timestamp, Upstream,
};
use tokio::{runtime::Handle, task::block_in_place};

use super::{Backend, Live, OPERATOR, World, history, secret, world::good};
use crate::{Append, AsOf, Key, LivePart, Position, Recorded, Store, StoredSession, Version};

/// How many ended sessions most of these ask for: more than there are.
const ALL: usize = 100_000;

/// Everything that was handed over.
#[derive(Debug, Default)]
struct Parts {
    orgs: BTreeMap<OrgId, Org>,
    admins: BTreeMap<AdminId, Admin>,
    agents: BTreeMap<AgentId, Agent>,
    grants: BTreeMap<CaseId, (OrgId, Grant)>,
    sessions: BTreeMap<SessionId, StoredSession>,
}

impl Parts {
    fn take(&mut self, part: LivePart) {
        let twice = match part {
            LivePart::Org(org) => self.orgs.insert(org.id, org).is_some(),
            LivePart::Admin(admin) => self.admins.insert(admin.id, admin).is_some(),
            LivePart::Agent(agent) => self.agents.insert(agent.id, agent).is_some(),
            LivePart::Grant { case, org, grant } => {
                self.grants.insert(case, (org, grant)).is_some()
            }
            LivePart::Session(stored) => self.sessions.insert(stored.session.id, *stored).is_some(),
        };
        assert!(!twice, "each part is handed over once");
    }

    /// What is live by the events, and by what the requests recorded since have left.
    fn folded(tail: &[Recorded], last_requests: impl Fn(&Session) -> Timestamp) -> Self {
        let mut state = State::default();
        let mut sessions: BTreeMap<SessionId, StoredSession> = BTreeMap::new();
        for recorded in tail {
            state.evolve(recorded.at, &recorded.event);
            let (case, id) = match &recorded.event {
                Event::SessionStarted { case, session, .. } => (*case, session.id),
                Event::LinkOpened { case, session, .. }
                | Event::SessionEntered { case, session, .. }
                | Event::TokenExchanged { case, session, .. }
                | Event::TokenEnded { case, session, .. } => (*case, *session),
                _ => continue,
            };
            let case = state.case(case).expect("its case");
            let session = case.sessions[&id].clone();
            let stored = StoredSession {
                case: case.id,
                name: case.name(),
                org: case.org,
                last_request: last_requests(&session),
                session,
                ended: None,
            };
            sessions.insert(id, stored);
        }
        for stored in sessions.values_mut() {
            let case = state.case(stored.case).expect("its case");
            stored.ended = case.ended_sessions.get(&stored.session.id).copied();
            let running = case.sessions.get(&stored.session.id);
            assert_eq!(running.is_some(), stored.ended.is_none());
        }
        Self {
            orgs: state.orgs().map(|org| (org.id, org.clone())).collect(),
            admins: state.admins().map(|one| (one.id, one.clone())).collect(),
            agents: state.agents().map(|one| (one.id, one.clone())).collect(),
            grants: state
                .cases()
                .filter_map(|case| Some((case.id, (case.org, case.access.unrevoked()?.clone()))))
                .collect(),
            sessions,
        }
    }

    /// Names the first difference, where there may be thousands of parts.
    fn assert_same(&self, expected: &Self) {
        same("org", &self.orgs, &expected.orgs);
        same("admin", &self.admins, &expected.admins);
        same("agent", &self.agents, &expected.agents);
        same("grant", &self.grants, &expected.grants);
        same("session", &self.sessions, &expected.sessions);
    }

    /// Forgets the sessions that ended before the last so many.
    fn last(mut self, ended: usize) -> Self {
        let mut ends: Vec<(Timestamp, SessionId)> = self
            .sessions
            .values()
            .filter_map(|stored| Some((stored.ended?.at, stored.session.id)))
            .collect();
        ends.sort();
        ends.reverse();
        for (_, id) in ends.into_iter().skip(ended) {
            self.sessions.remove(&id);
        }
        self
    }
}

fn same<K: Ord + Debug, V: PartialEq + Debug>(
    what: &str,
    found: &BTreeMap<K, V>,
    expected: &BTreeMap<K, V>,
) {
    for key in found.keys().chain(expected.keys()) {
        let (found, expected) = (found.get(key), expected.get(key));
        assert_eq!(found, expected, "{what} {key:?}");
    }
}

async fn live<S: Store>(world: &World<S>, ended: usize) -> (Parts, AsOf) {
    let mut parts = Parts::default();
    let mut take = |part| parts.take(part);
    let as_of = world.store.live(ended, &mut take).await;
    let as_of = as_of.expect("the store reads what is live");
    (parts, as_of)
}

async fn tail<S: Store>(world: &World<S>) -> Vec<Recorded> {
    let tail = world.store.tail(Position(0), 100_000).await;
    tail.expect("a tail")
}

/// Whatever has happened, what is handed over equals what the domain folds from all events.
pub async fn what_is_live_equals_a_fold_of_all_events<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    history::live_through(&world).await;
    let tail = tail(&world).await;
    let mut last_requests = BTreeMap::new();
    for recorded in &tail {
        if let Event::SessionStarted { session, .. } = &recorded.event {
            let last = world.store.last_request(session.id).await;
            last_requests.insert(session.id, last.expect("an answer").expect("a session"));
        }
    }
    let folded = || Parts::folded(&tail, |session| last_requests[&session.id]);
    let (parts, as_of) = live(&world, ALL).await;
    parts.assert_same(&folded());
    assert_eq!(as_of.position, world.store.head().await.expect("a head"));
    assert_eq!(as_of.time, world.store.now().await.expect("a time"));
    // Of the last so many, some ended at the same moment as one that is too many.
    for ended in [0, 1, 7, 60] {
        live(&world, ended)
            .await
            .0
            .assert_same(&folded().last(ended));
    }
    covers_enough(&parts);
}

fn covers_enough(parts: &Parts) {
    let any = |what: &str, is: &dyn Fn(&StoredSession) -> bool| {
        assert!(parts.sessions.values().any(is), "no session {what}");
    };
    for why in [
        EndedWhy::Blocked,
        EndedWhy::PeriodOver,
        EndedWhy::ByApprover,
    ] {
        any("ended so", &|s| s.ended.is_some_and(|end| end.why == why));
    }
    any("was ended after it was entered", &|s| {
        s.ended.is_some() && matches!(s.session.entrance, Entrance::Entered { .. })
    });
    any("was ended on the way in", &|s| {
        s.ended.is_some() && matches!(s.session.entrance, Entrance::HandedOver { .. })
    });
    any("runs", &|s| s.ended.is_none());
    any("had a request", &|s| s.last_request > s.session.started_at);
    assert!(parts.agents.values().any(|agent| !agent.active));
}

/// More of them than anybody would read ahead of whoever takes them.
async fn many_agents<S: Store>(world: &World<S>) {
    let events: Vec<Event> = (0..3_000)
        .map(|number| Event::AgentCreated {
            agent: world.id("agt"),
            email: good(Email::parse(&format!("many{number}@vendor.test"))),
            name: good(PersonName::parse("Many")),
        })
        .collect();
    let read: Vec<_> = events
        .iter()
        .map(|event| (event.stream(), Version::NONE))
        .collect();
    let append = Append {
        actor: OPERATOR,
        at: world.store.now().await.expect("a time"),
        read: &read,
        events: &events,
        credentials: &[],
        kept: None,
        passkey: None,
        client: None,
    };
    world.store.append(append).await.expect("they are appended");
}

/// What happens while it is read is not in it, wherever the reading was.
pub async fn what_is_live_is_of_one_moment<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    many_agents(&world).await;
    let before = tail(&world).await;
    let mut parts = Parts::default();
    let mut first = true;
    let mut take = |part| {
        if std::mem::take(&mut first) {
            block_in_place(|| {
                Handle::current().block_on(async {
                    let revoke = Command::Revoke { case: live.case };
                    world
                        .run(
                            Actor::Admin {
                                id: live.boss,
                                via: None,
                            },
                            revoke,
                        )
                        .await;
                    world.live().await;
                });
            });
        }
        parts.take(part);
    };
    let as_of = world.store.live(ALL, &mut take).await;
    let as_of = as_of.expect("the store reads what is live");
    let seen = before.iter().map(|recorded| recorded.position).max();
    assert_eq!(Some(as_of.position), seen);
    parts.assert_same(&Parts::folded(&before, |session| session.started_at));
    assert!(parts.grants.contains_key(&live.case));
    assert!(world.store.head().await.expect("a head") > as_of.position);
}

/// Nothing has happened, and nothing is live.
pub async fn nothing_is_live_in_an_empty_store<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (parts, as_of) = live(&world, ALL).await;
    parts.assert_same(&Parts::default());
    assert_eq!(as_of.position, Position(0));
}

/// How far the browser had come, and the last request, stay with a session that has ended.
pub async fn an_ended_session_is_as_it_was<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let Live {
        case,
        session,
        agent,
        org,
        ..
    } = world.live().await;
    let lease = world.lease().await;
    let by_agent = Actor::Agent { id: agent };
    let (parts, _) = live(&world, ALL).await;
    let Entrance::Linked { code, .. } = parts.sessions[&session].session.entrance else {
        panic!("{parts:?}");
    };
    let (handover, browser) = (secret(1), secret(2));
    let open = Command::OpenLink {
        case,
        session,
        code,
        handover,
        browser,
    };
    world.run(by_agent, open).await;
    let cookie = secret(3);
    let enter = Command::EnterSession {
        case,
        session,
        handover,
        browser,
        cookie,
    };
    world.run(by_agent, enter).await;
    world.clock.advance(Duration::from_mins(3));
    world.request(lease, session).await;
    let asked = world.store.now().await.expect("a time");
    world.clock.advance(Duration::from_mins(1));
    world
        .run(by_agent, Command::EndSession { case, session })
        .await;

    let (parts, as_of) = live(&world, ALL).await;
    let at = world.store.now().await.expect("a time");
    let stored = &parts.sessions[&session];
    assert_eq!(stored.session.entrance, Entrance::Entered { cookie });
    assert_eq!(stored.last_request, asked);
    let why = EndedWhy::ByAgent;
    assert_eq!(stored.ended, Some(EndedSession { agent, at, why }));
    assert_eq!((stored.case, stored.org), (case, org));
    assert_eq!(as_of.time, at);
}

/// Who follows the tail learns what a session's case is called with the event that starts it.
pub async fn the_tail_names_the_case_of_a_session<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    world
        .session(live.case, live.other, SessionLimits::default())
        .await;
    let tail = tail(&world).await;
    let opened = tail.iter().find_map(|recorded| match &recorded.event {
        Event::CaseOpened { number, title, .. } => Some(CaseName {
            number: number.clone(),
            title: title.clone(),
        }),
        _ => None,
    });
    assert!(opened.is_some());
    for recorded in &tail {
        let starts = matches!(recorded.event, Event::SessionStarted { .. });
        assert_eq!(recorded.name, opened.clone().filter(|_| starts));
    }
}

/// The tokens past the gateway of a session are with it in its case, and for a process that starts; so is that one was
/// ended.
pub async fn a_session_has_its_tokens<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let at_first = world.live().await;
    let (org, case, agent) = (at_first.org, at_first.case, at_first.agent);
    let resource = good(Resource::parse("https://api.vendor.test"));
    let upstream = Upstream {
        resource: Some(resource.clone()),
        ..Upstream::new(good(Origin::parse("http://127.0.0.1:9000")))
    };
    world
        .run(OPERATOR, Command::SetUpstream { org, upstream })
        .await;
    world.grant(case, at_first.boss).await;
    let session = world.session(case, agent, SessionLimits::default()).await;
    let by_agent = Actor::Agent { id: agent };
    let expires_at = world
        .store
        .now()
        .await
        .expect("a time")
        .plus(Duration::from_secs(30));
    let token = |hash| ExchangedToken {
        id: world.id("tok"),
        hash: secret(hash),
        expires_at,
    };
    let tokens = [token(930), token(931)];
    for ExchangedToken { id, hash, .. } in tokens {
        let new = NewToken {
            case,
            session,
            id,
            hash,
            resource: resource.clone(),
            expires_at,
        };
        world.run(by_agent, Command::ExchangeToken(new)).await;
    }
    let kept = async |expected: &[ExchangedToken]| {
        let (parts, _) = live(&world, ALL).await;
        assert_eq!(parts.sessions[&session].session.tokens, expected);
        let slice = world.store.load(&[Key::Case(case)]).await.expect("a slice");
        let known = slice.state.case(case).expect("the case");
        assert_eq!(known.sessions[&session].tokens, expected);
    };
    kept(&tokens).await;
    let [first, second] = tokens;
    let id = first.id;
    world
        .run(by_agent, Command::EndToken { case, session, id })
        .await;
    kept(&[second]).await;
}
