//! A long history made by chance, with the same chance every time: after it, what the store kept
//! up to date equals what the domain folds from the events.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, Command, Duration, EndedWhy, Methods, OpenedBy, OrgId, Origin,
    Role, RouteEffect, RoutePattern, RouteRule, Routes, SecretHash, SessionId, SessionLimits,
    State, StreamId, Upstream,
};

use super::{
    Backend, Refused, World,
    chance::Chance,
    secret,
    world::{OPERATOR, good},
};
use crate::{CaseQuery, Key, Position, StatusFilter, Store, Version, Viewer};

const STEPS: usize = 2_500;

pub(super) struct Cast {
    orgs: Vec<OrgId>,
    admins: Vec<(OrgId, AdminId)>,
    agents: Vec<AgentId>,
    cases: Vec<(OrgId, CaseId)>,
    sessions: Vec<Started>,
}

#[derive(Clone, Copy)]
struct Started {
    case: CaseId,
    agent: AgentId,
    session: SessionId,
    code: SecretHash,
}

async fn cast<S: Store>(world: &World<S>) -> Cast {
    let mut cast = Cast {
        orgs: vec![world.org().await, world.org().await],
        admins: vec![],
        agents: vec![],
        cases: vec![],
        sessions: vec![],
    };
    for org in cast.orgs.clone() {
        for role in [Role::SuperAdmin, Role::SuperAdmin, Role::Admin] {
            cast.admins.push((org, world.admin(org, role).await));
        }
    }
    for _ in 0..4 {
        cast.agents.push(world.agent().await);
    }
    for (org, admin) in cast.admins.clone() {
        let team = [cast.agents[0], cast.agents[1], cast.agents[2]];
        let case = world.case(org, OpenedBy::Admin(admin), team).await;
        cast.cases.push((org, case));
    }
    for agent in [cast.agents[0], cast.agents[3]] {
        for org in cast.orgs.clone() {
            let case = world.case(org, OpenedBy::Agent(agent), [agent]).await;
            cast.cases.push((org, case));
        }
    }
    cast
}

fn step<S: Store>(world: &World<S>, cast: &Cast, chance: &mut Chance) -> (Actor, Command) {
    let (org, case) = chance.pick(&cast.cases);
    let (_, admin) = loop {
        // Mostly someone of the case's own org, or nothing would ever be granted.
        let someone = chance.pick(&cast.admins);
        if someone.0 == org || chance.below(8) == 0 {
            break someone;
        }
    };
    let agent = chance.pick(&cast.agents);
    let (by_admin, by_agent) = (
        Actor::Admin {
            id: admin,
            via: None,
        },
        Actor::Agent { id: agent },
    );
    match chance.below(100) {
        0..14 => {
            let justification = good(countersign_domain::Justification::parse(
                "To see what is wrong",
            ));
            let subject = (chance.below(4) == 0).then_some(admin);
            (
                by_agent,
                Command::RequestAccess {
                    case,
                    justification,
                    subject,
                },
            )
        }
        14..40 => (
            by_admin,
            Command::Grant {
                case,
                grant: world.id("grant"),
            },
        ),
        40..60 => {
            let session = world.id("sess");
            (
                by_agent,
                world.start(case, session, SessionLimits::default()),
            )
        }
        60..63 => (by_admin, Command::Extend { case, to: None }),
        63 => (by_agent, Command::WithdrawRequest { case }),
        64..66 => (by_admin, Command::Revoke { case }),
        66..72 => (by_admin, Command::ApproveSelfAssignment { case }),
        72..73 => (by_admin, Command::WithdrawSelfAssignment { case }),
        73..75 => match cast.sessions.is_empty() {
            true => (OPERATOR, Command::ReopenCase { case }),
            false => {
                let recent = cast.sessions.len().saturating_sub(3);
                let started = chance.pick(&cast.sessions[recent..]);
                (
                    Actor::Agent { id: started.agent },
                    Command::EndSession {
                        case: started.case,
                        session: started.session,
                    },
                )
            }
        },
        75..77 => (OPERATOR, Command::CloseCase { case }),
        77..80 => (OPERATOR, Command::ReopenCase { case }),
        80..84 => (OPERATOR, Command::LeaveTeam { case, agent }),
        84..89 => (OPERATOR, Command::JoinTeam { case, agent }),
        89..90 => (by_admin, Command::Block { org }),
        90..94 => (by_admin, Command::Unblock { org }),
        // Nobody stays away for long, or less and less would happen.
        94..97 => {
            let active = chance.below(4) > 0;
            (OPERATOR, Command::SetAgentActive { agent, active })
        }
        _ => {
            let active = chance.below(4) > 0;
            (OPERATOR, Command::SetAdminActive { admin, active })
        }
    }
}

impl Started {
    fn new(agent: AgentId, start: &Command) -> Self {
        let Command::StartSession {
            case,
            session,
            code,
            ..
        } = *start
        else {
            panic!("{start:?}");
        };
        Self {
            case,
            agent,
            session,
            code,
        }
    }
}

/// A browser opens the session's link and enters, as far as it comes.
async fn browse<S: Store>(world: &World<S>, started: Started, steps: u64) {
    let (case, session) = (started.case, started.session);
    let (handover, browser) = (secret(1), secret(2));
    let open = Command::OpenLink {
        case,
        session,
        code: started.code,
        handover,
        browser,
    };
    let enter = Command::EnterSession {
        case,
        session,
        handover,
        browser,
        cookie: secret(3),
    };
    for (step, _) in [open, enter].into_iter().zip(0..steps) {
        world.run(Actor::Agent { id: started.agent }, step).await;
    }
}

/// Lives through the history; answers with who and what was in it, and how many entries of requests
/// were recorded.
pub(super) async fn live_through<S: Store>(world: &World<S>) -> (Cast, usize) {
    let mut chance = Chance(20_240_229);
    let mut cast = cast(world).await;
    let lease = world.lease().await;
    let mut recorded = 0;
    for _ in 0..STEPS {
        let seconds = match chance.below(150) {
            // Past most expirations.
            0 => 9 * 3_600,
            _ => chance.below(120),
        };
        let pause = i64::try_from(seconds).expect("a short while");
        world.clock.advance(Duration::from_secs(pause));
        let (actor, command) = step(world, &cast, &mut chance);
        match world.attempt(actor, &command).await {
            Ok(_) => {
                if let (Actor::Agent { id }, Command::StartSession { .. }) = (actor, &command) {
                    let started = Started::new(id, &command);
                    cast.sessions.push(started);
                    browse(world, started, chance.below(3)).await;
                }
            }
            Err(Refused::Rules(_)) => {}
            Err(Refused::Store(error)) => panic!("{command:?}: {error}"),
        }
        if chance.below(10) == 0
            && let Some(started) = cast.sessions.last()
        {
            let verdict = world.request(lease, started.session).await;
            let unknown = crate::Verdict::Fenced(crate::Fence::UnknownSession);
            recorded += usize::from(verdict != unknown);
        }
    }
    end_in_every_way(world, &mut cast).await;
    let live = world.live().await;
    cast.orgs.push(live.org);
    cast.cases.push((live.org, live.case));
    (cast, recorded)
}

/// Whatever chance may have left out: sessions that end for each reason there is, their browsers as
/// far as they had come.
async fn end_in_every_way<S: Store>(world: &World<S>, cast: &mut Cast) {
    let upstream = Upstream::new(good(Origin::parse("http://127.0.0.1:9001")));
    for way in 0..11 {
        let live = world.live().await;
        let (org, case, agent) = (live.org, live.case, live.agent);
        cast.orgs.push(org);
        cast.cases.push((org, case));
        let start = world.start(case, world.id("sess"), SessionLimits::default());
        world.run(Actor::Agent { id: agent }, start.clone()).await;
        browse(world, Started::new(agent, &start), way % 3).await;
        let boss = Actor::Admin {
            id: live.boss,
            via: None,
        };
        let active = false;
        let (actor, command) = match way {
            0 => (boss, Command::Block { org }),
            1 => (boss, Command::Revoke { case }),
            2 => (OPERATOR, Command::CloseCase { case }),
            3 => (OPERATOR, Command::LeaveTeam { case, agent }),
            4 => (OPERATOR, Command::SetAgentActive { agent, active }),
            5 => {
                let admin = live.opener;
                (OPERATOR, Command::SetAdminActive { admin, active })
            }
            6 => {
                let session = live.session;
                (boss, Command::EndSession { case, session })
            }
            7 => {
                let upstream = upstream.clone();
                (OPERATOR, Command::SetUpstream { org, upstream })
            }
            8 => {
                let upstream = wider();
                (OPERATOR, Command::SetUpstream { org, upstream })
            }
            9 => (Actor::Agent { id: agent }, Command::EndOwnSessions),
            _ => {
                world.clock.advance(Duration::from_hours(9));
                (boss, Command::Extend { case, to: None })
            }
        };
        world.run(actor, command).await;
    }
}

/// An upstream that lets through more than the one every org has at first.
pub(super) fn wider() -> Upstream {
    let methods = Methods::parse(["POST"]).expect("a method");
    let rule = RouteRule::new(
        methods,
        good(RoutePattern::parse("/search")),
        RouteEffect::Read,
    );
    Upstream {
        routes: Routes::new(vec![rule.expect("a rule")]).expect("rules"),
        ..Upstream::new(good(Origin::parse("http://127.0.0.1:9000")))
    }
}

/// A history in which nearly everything happens.
pub async fn a_long_one<S: Store>(world: &World<S>) {
    live_through(world).await;
}

/// Everything the store kept up to date equals a fold of all events from position 0.
pub async fn snapshots_equal_a_fold_of_all_events<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (cast, recorded) = live_through(&world).await;
    let folded = fold(&world).await;
    covers_enough(&folded);
    compare(&world, &cast, &folded).await;
    let mut entries = 0;
    for org in &cast.orgs {
        entries += world.log(*org).await.len();
    }
    let tail = world
        .store
        .tail(Position(0), 100_000)
        .await
        .expect("a tail");
    let of_orgs = tail.iter().filter(|event| event.event.org().is_some());
    assert_eq!(entries, of_orgs.count() + recorded);
}

async fn fold<S: Store>(world: &World<S>) -> State {
    let mut state = State::default();
    let mut after = Position(0);
    loop {
        let page = world.store.tail(after, 64).await.expect("a page");
        let Some(last) = page.last() else {
            return state;
        };
        after = last.position;
        for recorded in &page {
            state.evolve(recorded.at, &recorded.event);
        }
    }
}

/// The history is of no use if it never got to the rules that reach across streams.
fn covers_enough(folded: &State) {
    let whys: BTreeSet<String> = folded
        .cases()
        .flat_map(|case| case.ended_sessions.values())
        .map(|ended| format!("{:?}", ended.why))
        .collect();
    for why in [
        EndedWhy::Blocked,
        EndedWhy::AgentDeactivated,
        EndedWhy::AgentSignedOut,
        EndedWhy::SubjectDeactivated,
        EndedWhy::CaseClosed,
        EndedWhy::AgentLeftTeam,
        EndedWhy::GrantRevoked,
        EndedWhy::ByApprover,
        EndedWhy::PeriodOver,
        EndedWhy::UpstreamChanged,
        EndedWhy::RulesWidened,
    ] {
        assert!(whys.contains(&format!("{why:?}")), "{why:?} of {whys:?}");
    }
    assert!(folded.cases().any(|case| !case.sessions.is_empty()));
}

async fn compare<S: Store>(world: &World<S>, cast: &Cast, folded: &State) {
    for org in &cast.orgs {
        let slice = world
            .store
            .directory(Some(*org))
            .await
            .expect("a directory");
        assert_eq!(slice.state.org(*org), folded.org(*org));
        for (_, admin) in cast.admins.iter().filter(|(of, _)| of == org) {
            assert_eq!(slice.state.admin(*admin), folded.admin(*admin));
        }
        for agent in &cast.agents {
            assert_eq!(slice.state.agent(*agent), folded.agent(*agent));
        }
    }
    for (_, id) in &cast.cases {
        let slice = world.store.load(&[Key::Case(*id)]).await.expect("a slice");
        assert_eq!(slice.state.case(*id), folded.case(*id));
        let version = slice
            .versions
            .iter()
            .find(|(stream, _)| *stream == StreamId::Case(*id));
        assert!(version.is_some_and(|(_, version)| *version > Version::NONE));
        let case = folded.case(*id).expect("the case");
        for session in case.sessions.keys().chain(case.ended_sessions.keys()) {
            let slice = world
                .store
                .load(&[Key::Session(*session)])
                .await
                .expect("a slice");
            assert_eq!(slice.state.case(*id), Some(case));
        }
    }
    let viewers = cast.agents.iter().map(|agent| Viewer::Team(*agent));
    let viewers = viewers.chain(cast.orgs.iter().map(|org| Viewer::Org(*org)));
    for viewer in viewers {
        let query = CaseQuery {
            viewer,
            status: StatusFilter::Open,
            after: None,
            limit: 1_000,
        };
        let page = world.store.cases(query).await.expect("a page");
        let listed: BTreeSet<CaseId> = page.cases.into_iter().collect();
        let expected: BTreeSet<CaseId> = folded
            .cases()
            .filter(|case| case.is_open())
            .filter(|case| match viewer {
                Viewer::Team(agent) => case.team.contains_key(&agent),
                Viewer::Org(org) => case.org == org,
                Viewer::All | Viewer::OpenedBy(_) => true,
            })
            .map(|case| case.id)
            .collect();
        assert_eq!(listed, expected, "{viewer:?}");
    }
}
