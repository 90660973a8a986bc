//! The running sessions of an agent, which no two starts may count alike (R16).

use countersign_domain::{
    Actor, AgentId, CaseId, Command, Duration, OpenedBy, Refusal, Role, SessionId, SessionLimits,
    StreamId, Timestamp,
};

use super::{Backend, Live, ManualClock, Refused, World};
use crate::{AppendError, Key, Slice, Store, Version};

const THREE: SessionLimits = SessionLimits {
    idle: Duration::from_mins(30),
    absolute: Duration::from_hours(8),
    per_agent: 3,
};

async fn load<S: Store>(world: &World<S>, agent: AgentId) -> Slice {
    let slice = world.store.load(&[Key::RunningSessions(agent)]).await;
    slice.expect("a slice")
}

fn version(slice: &Slice, agent: AgentId) -> Version {
    let mut versions = slice.versions.iter();
    let starts = versions.find(|(stream, _)| *stream == StreamId::Starts(agent));
    starts.expect("the agent's starts are named").1
}

fn running(slice: &Slice, agent: AgentId) -> Vec<SessionId> {
    let running = slice.state.running_sessions(agent, slice.now);
    running.map(|(_, session)| session.id).collect()
}

/// Another granted case of another org, with the agent on its team.
async fn elsewhere<S: Store>(world: &World<S>, agent: AgentId) -> CaseId {
    let org = world.org().await;
    let boss = world.admin(org, Role::SuperAdmin).await;
    let case = world.case(org, OpenedBy::Admin(boss), [agent]).await;
    world.ask(case, agent).await;
    world.grant(case, boss).await;
    case
}

/// What runs is found in whatever case it is, with the moment of the last request; what was ended,
/// what is another agent's and what has gone idle does not count.
pub async fn running_sessions_are_found<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(THREE).await;
    let nobody = load(&world, live.other).await;
    assert_eq!(nobody.state.cases().count(), 0);
    assert_eq!(version(&nobody, live.other), Version::NONE);

    let case = elsewhere(&world, live.agent).await;
    let there = world.session(case, live.agent, THREE).await;
    world.session(live.case, live.other, THREE).await;
    let mut both = vec![live.session, there];
    both.sort();
    let slice = load(&world, live.agent).await;
    let mut found = running(&slice, live.agent);
    found.sort();
    assert_eq!(found, both);
    assert!(slice.state.org(live.org).is_some(), "a case brings its org");
    assert!(slice.state.admin(live.opener).is_some(), "and its people");

    // Used a moment before it would have gone idle, one of the two goes on.
    let lease = world.lease().await;
    let almost = ManualClock::START.plus(Duration::from_mins(29));
    world.clock.set(almost);
    world.request(lease, there).await;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(
        running(&load(&world, live.agent).await, live.agent),
        [there]
    );
    end(&world, live.agent, case, there).await;
    assert_eq!(running(&load(&world, live.agent).await, live.agent), []);
}

async fn end<S: Store>(world: &World<S>, agent: AgentId, case: CaseId, session: SessionId) {
    let command = Command::EndSession { case, session };
    world.run(Actor::Agent { id: agent }, command).await;
}

/// A start that was decided before another of the same agent conflicts with it, in whatever case.
pub async fn starts_of_one_agent_are_judged_one_after_another<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(THREE).await;
    let case = elsewhere(&world, live.agent).await;
    let before = load(&world, live.agent).await;
    let there = world.session(case, live.agent, THREE).await;
    let after = load(&world, live.agent).await;
    assert_ne!(version(&before, live.agent), version(&after, live.agent));

    let stale = append(&world, live, &before).await;
    assert!(matches!(stale, Err(AppendError::Conflict)), "{stale:?}");
    end(&world, live.agent, case, there).await;
    world.session(live.case, live.other, THREE).await;
    let again = load(&world, live.agent).await;
    append(&world, live, &again)
        .await
        .expect("nothing has moved");
}

/// Appends something that reads only what the slice says of the agent's starts.
async fn append<S: Store>(world: &World<S>, live: Live, slice: &Slice) -> Result<(), AppendError> {
    let present = world.store.load(&[Key::Case(live.case)]).await;
    let mut read = present.expect("a slice").versions;
    let starts = StreamId::Starts(live.agent);
    read.push((starts, version(slice, live.agent)));
    let event = countersign_domain::Event::MoreTimeWanted {
        case: live.case,
        org: live.org,
        by: live.agent,
        justification: super::world::good(countersign_domain::Justification::parse(
            "To see the other half",
        )),
    };
    let append = crate::Append {
        actor: Actor::Agent { id: live.agent },
        at: Timestamp::from_millis(0),
        read: &read,
        events: &[event],
        credentials: &[],
        kept: None,
        passkey: None,
        client: None,
    };
    world.store.append(append).await.map(drop)
}

/// However many starts come at once, in two cases, no more sessions run than may.
pub async fn starts_at_once_do_not_exceed_the_limit<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(THREE).await;
    let cases = [live.case, elsewhere(&world, live.agent).await];
    let agent = Actor::Agent { id: live.agent };
    let start = async |n: usize| {
        let session = world.id("sess");
        let command = world.start(cases[n % 2], session, THREE);
        match world.attempt(agent, &command).await {
            Ok(_) => true,
            Err(Refused::Rules(Refusal::TooManySessions { most: 3, running })) => {
                assert_eq!(running.len(), 3);
                false
            }
            Err(other) => panic!("{other:?}"),
        }
    };
    let started = tokio::join!(start(0), start(1), start(2), start(3), start(4), start(5));
    let (a, b, c, d, e, f) = started;
    let count = [a, b, c, d, e, f].into_iter().filter(|yes| *yes).count();
    assert_eq!(count, 2, "one ran before");
    assert_eq!(
        running(&load(&world, live.agent).await, live.agent).len(),
        3
    );
}
