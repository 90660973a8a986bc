//! The fence: what may go upstream, judged in the transaction that makes it durable (R18, A1–A3).

use countersign_domain::{Actor, Command, Duration, OpenedBy, SessionId, SessionLimits, Timestamp};

use super::{
    Backend, Live, ManualClock, World,
    world::{OPERATOR, request},
};
use crate::{Fence, LeaseEpoch, NewLease, Store, Verdict};

async fn passes<S: Store>(world: &World<S>, lease: LeaseEpoch, session: SessionId) {
    let verdict = world.request(lease, session).await;
    assert!(matches!(verdict, Verdict::Recorded { .. }), "{verdict:?}");
}

/// Fenced for `why`, and on the log as refused.
async fn fenced<S: Store>(world: &World<S>, lease: LeaseEpoch, live: Live, why: Fence) {
    let before = world.log(live.org).await.len();
    assert_eq!(
        world.request(lease, live.session).await,
        Verdict::Fenced(why)
    );
    let log = world.log(live.org).await;
    assert_eq!(log.len(), before + 1);
    let entry = &log[before];
    assert_eq!(entry["type"], "request.refused");
    assert_eq!(entry["detail"]["code"], why.code());
    assert_eq!(entry["request"]["path"], "/invoices?page=2");
    assert_eq!(entry["session"], live.session.to_string());
    assert!(entry["grant"].is_string());
}

/// A session that passes until `by` runs `command`, and is over from then on.
async fn over_after<B: Backend>(
    backend: &B,
    command: impl FnOnce(Live) -> (Actor, Command),
) -> (World<B::Store>, Live, LeaseEpoch) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    passes(&world, lease, live.session).await;
    let (actor, command) = command(live);
    world.run(actor, command).await;
    fenced(&world, lease, live, Fence::Over).await;
    (world, live, lease)
}

/// A live session passes, again and again.
pub async fn a_live_session_passes<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let lease = world.lease().await;
    for _ in 0..3 {
        passes(&world, lease, live.session).await;
        world.clock.advance(Duration::from_mins(20));
    }
}

/// A session that its agent ended.
pub async fn an_ended_session_is_over<B: Backend>(backend: &B) {
    over_after(backend, |live| {
        let Live { case, session, .. } = live;
        let end = Command::EndSession { case, session };
        (Actor::Agent { id: live.agent }, end)
    })
    .await;
}

/// A grant that was revoked (R12).
pub async fn a_revoked_grant_is_over<B: Backend>(backend: &B) {
    over_after(backend, |live| {
        let revoke = Command::Revoke { case: live.case };
        (
            Actor::Admin {
                id: live.opener,
                via: None,
            },
            revoke,
        )
    })
    .await;
}

const LONG: SessionLimits = SessionLimits {
    idle: Duration::from_hours(100),
    absolute: Duration::from_hours(100),
    per_agent: 10,
};

fn just_before(moment: Timestamp) -> Timestamp {
    moment.plus(Duration::from_millis(-1))
}

/// Half-open: the last millisecond passes, the expiry itself does not (R1, A2).
pub async fn a_grant_is_over_at_its_expiry<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(LONG).await;
    let lease = world.lease().await;
    let expires_at = ManualClock::START.plus(Duration::from_hours(8));
    world.clock.set(just_before(expires_at));
    passes(&world, lease, live.session).await;
    world.clock.set(expires_at);
    fenced(&world, lease, live, Fence::Over).await;
    let extend = Command::Extend {
        case: live.case,
        to: None,
    };
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            extend,
        )
        .await;
    fenced(&world, lease, live, Fence::Over).await;
}

/// Extending while live lengthens what is under way (R16).
pub async fn an_extension_lengthens_a_live_session<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(LONG).await;
    let lease = world.lease().await;
    let extend = Command::Extend {
        case: live.case,
        to: None,
    };
    world
        .run(
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            extend,
        )
        .await;
    let expires_at = ManualClock::START.plus(Duration::from_hours(24));
    world.clock.set(just_before(expires_at));
    passes(&world, lease, live.session).await;
    world.clock.set(expires_at);
    fenced(&world, lease, live, Fence::Over).await;
}

/// A new grant is for new sessions only (R10, R12).
pub async fn a_later_grant_revives_nothing<B: Backend>(backend: &B) {
    let (world, live, lease) = over_after(backend, |live| {
        let revoke = Command::Revoke { case: live.case };
        (
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            revoke,
        )
    })
    .await;
    world.grant(live.case, live.boss).await;
    fenced(&world, lease, live, Fence::Over).await;
    let fresh = world.session(live.case, live.agent, LONG).await;
    passes(&world, lease, fresh).await;
}

/// A session ends at its own absolute limit, whatever it does (R16).
pub async fn the_absolute_limit_holds<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world
        .live_with(SessionLimits {
            idle: Duration::from_hours(2),
            absolute: Duration::from_hours(1),
            per_agent: 10,
        })
        .await;
    let lease = world.lease().await;
    let limit = ManualClock::START.plus(Duration::from_hours(1));
    world.clock.set(just_before(limit));
    passes(&world, lease, live.session).await;
    world.clock.set(limit);
    fenced(&world, lease, live, Fence::Over).await;
}

/// A session that made no request for its idle limit is over, counted from its start or its last
/// request (R16).
pub async fn the_idle_limit_holds<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let unused = world
        .session(live.case, live.agent, SessionLimits::default())
        .await;
    let lease = world.lease().await;
    let idle = SessionLimits::default().idle;
    let almost = Duration::from_millis(idle.as_millis() - 1);
    world.clock.advance(almost);
    passes(&world, lease, live.session).await;
    world.clock.advance(almost);
    passes(&world, lease, live.session).await;
    assert_eq!(
        world.request(lease, unused).await,
        Verdict::Fenced(Fence::Idle)
    );
    world.clock.advance(idle);
    fenced(&world, lease, live, Fence::Idle).await;
    let drafts = [request(live.session), request(live.session)];
    let verdicts = world.store.record(lease, &drafts).await.expect("verdicts");
    assert_eq!(verdicts, [Verdict::Fenced(Fence::Idle); 2]);
}

/// An agent taken off the team is stopped; the others go on (R5).
pub async fn an_agent_off_the_team_is_stopped<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let other = world.session(live.case, live.other, LONG).await;
    let lease = world.lease().await;
    let leave = |agent| Command::LeaveTeam {
        case: live.case,
        agent,
    };
    world.run(OPERATOR, leave(live.agent)).await;
    fenced(&world, lease, live, Fence::Over).await;
    passes(&world, lease, other).await;
    let join = Command::JoinTeam {
        case: live.case,
        agent: live.agent,
    };
    world.run(OPERATOR, join).await;
    fenced(&world, lease, live, Fence::Over).await;
}

/// A deactivated agent is stopped on every case, and stays so when reactivated (R5).
pub async fn a_deactivated_agent_is_stopped<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let other = world.session(live.case, live.other, LONG).await;
    let second = world
        .case(live.org, OpenedBy::Admin(live.opener), [live.agent])
        .await;
    world.ask(second, live.agent).await;
    world.grant(second, live.boss).await;
    let elsewhere = Live {
        case: second,
        session: world.session(second, live.agent, LONG).await,
        ..live
    };
    let lease = world.lease().await;
    for active in [false, true] {
        let set = Command::SetAgentActive {
            agent: live.agent,
            active,
        };
        world.run(OPERATOR, set).await;
        fenced(&world, lease, live, Fence::Over).await;
        fenced(&world, lease, elsewhere, Fence::Over).await;
        passes(&world, lease, other).await;
    }
}

/// A deactivated subject ends the sessions on their behalf (R8).
pub async fn a_deactivated_subject_is_stopped<B: Backend>(backend: &B) {
    let (world, live, lease) = over_after(backend, |live| {
        let off = Command::SetAdminActive {
            admin: live.opener,
            active: false,
        };
        (
            Actor::Admin {
                id: live.boss,
                via: None,
            },
            off,
        )
    })
    .await;
    let on = Command::SetAdminActive {
        admin: live.opener,
        active: true,
    };
    world.run(OPERATOR, on).await;
    fenced(&world, lease, live, Fence::Over).await;
}

/// A block stops every case of the org and no other org; lifting it restores nothing (R15).
pub async fn a_blocked_org_is_stopped<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let elsewhere = world.live().await;
    let lease = world.lease().await;
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    world.run(boss, Command::Block { org: live.org }).await;
    fenced(&world, lease, live, Fence::Over).await;
    passes(&world, lease, elsewhere.session).await;
    world.run(boss, Command::Unblock { org: live.org }).await;
    fenced(&world, lease, live, Fence::Over).await;
}

/// Closing a case stops its sessions; reopening restores nothing (R7).
pub async fn a_closed_case_is_stopped<B: Backend>(backend: &B) {
    let (world, live, lease) = over_after(backend, |live| {
        (OPERATOR, Command::CloseCase { case: live.case })
    })
    .await;
    world
        .run(OPERATOR, Command::ReopenCase { case: live.case })
        .await;
    fenced(&world, lease, live, Fence::Over).await;
}

/// Withdrawing the approval of a self-assigned case stops its sessions (R6).
pub async fn withdrawn_self_assignment_is_stopped<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    let case = world
        .case(live.org, OpenedBy::Agent(live.agent), [live.agent])
        .await;
    world
        .run(boss, Command::ApproveSelfAssignment { case })
        .await;
    world.ask(case, live.agent).await;
    world.grant(case, live.boss).await;
    let session = world.session(case, live.agent, LONG).await;
    let own = Live {
        case,
        session,
        ..live
    };
    let lease = world.lease().await;
    passes(&world, lease, session).await;
    world
        .run(boss, Command::WithdrawSelfAssignment { case })
        .await;
    fenced(&world, lease, own, Fence::Over).await;
    passes(&world, lease, live.session).await;
}

/// Without its lease a process records nothing, not even under a session that is live.
pub async fn a_lost_lease_records_nothing<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live().await;
    let ended = world.lease().await;
    world.store.end_lease(ended).await.expect("it ends");
    let replaced = world.lease().await;
    let process = replaced.process;
    let duration = Duration::from_secs(10);
    let present = world.store.acquire_lease(NewLease {
        process,
        duration,
        replaces: Some(replaced.epoch),
    });
    let present = present.await.expect("a lease").id;
    let before = world.log(live.org).await;
    for lease in [ended, replaced] {
        let drafts = [request(live.session), request(live.session)];
        let verdicts = world.store.record(lease, &drafts).await.expect("verdicts");
        assert_eq!(verdicts, [Verdict::Fenced(Fence::LeaseLost); 2]);
    }
    assert_eq!(world.log(live.org).await, before);
    passes(&world, present, live.session).await;
}

/// A clock that was set back does not bring an expired grant back to life.
pub async fn store_time_judges<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let live = world.live_with(LONG).await;
    let lease = world.lease().await;
    world.clock.advance(Duration::from_hours(8));
    fenced(&world, lease, live, Fence::Over).await;
    world.clock.set(ManualClock::START);
    fenced(&world, lease, live, Fence::Over).await;
}
