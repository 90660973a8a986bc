//! R16: how many sessions of one agent run at a time.

use countersign_domain::{
    CaseId, Command, Duration, OpenedBy, Refusal, RunningSession, SessionId, SessionLimits,
};

use crate::world::{
    ACME, Act, C1, C2, DANA, HOURS_8, HOURS_24, MS, OPAL, OPERATOR, SAM, T0, TESS, World, admin,
    agent, ask, end, extend, grant, session_id, start_for,
};

const TWO: SessionLimits = SessionLimits {
    idle: Duration::from_hours(48),
    absolute: HOURS_24,
    per_agent: 2,
};

fn start(case: CaseId, n: u128) -> Command {
    start_for(case, n, TWO)
}

/// Two granted cases, and in each a session of Sam's: all that may run.
fn full() -> World {
    let mut w = World::granted();
    w.tracked(C2, OpenedBy::Admin(OPAL), &[SAM, TESS]);
    w.ok(agent(SAM), ask(C2));
    w.ok(admin(DANA), grant(C2, 2));
    w.ok(agent(SAM), start(C2, 1));
    w.pass(MS);
    w.ok(agent(SAM), start(C1, 2));
    w
}

fn refused(w: &World) -> bool {
    let verdicts = [C1, C2].map(|case| w.would(agent(SAM), start(case, 9)).map(drop));
    assert_eq!(verdicts[0].is_err(), verdicts[1].is_err(), "{verdicts:?}");
    verdicts[0].is_err()
}

#[test]
fn r16_one_more_session_than_may_run_is_refused_whatever_the_case() {
    let w = full();
    let running = |id: SessionId, case: CaseId, at| RunningSession {
        id,
        case: w.case(case).number.clone(),
        started_at: at,
    };
    let refusal = Refusal::TooManySessions {
        most: 2,
        running: vec![
            running(session_id(1), C2, T0),
            running(session_id(2), C1, T0.plus(MS)),
        ],
    };
    w.refuses([
        (agent(SAM), start(C1, 3), refusal.clone()),
        (agent(SAM), start(C2, 3), refusal),
    ]);
    // Others have their own, and a deployment may allow more.
    let three = SessionLimits {
        per_agent: 3,
        ..TWO
    };
    w.accepts([
        (agent(TESS), start(C1, 3)),
        (agent(SAM), start_for(C1, 3, three)),
    ]);
    assert_eq!(SessionLimits::default().per_agent, 10);
}

#[test]
fn r16_a_session_that_is_over_makes_room_whatever_ended_it() {
    let rows: [(&str, Act); 9] = [
        ("ended", |w| {
            w.ok(agent(SAM), end(C1, 2));
        }),
        ("ended by an approver", |w| {
            w.ok(admin(DANA), end(C2, 1));
        }),
        ("revoked and granted afresh", |w| {
            w.ok(admin(DANA), Command::Revoke { case: C1 });
            w.ok(admin(DANA), grant(C1, 3));
        }),
        ("off the team and on it again", |w| {
            w.leave(C1, SAM).join(C1, SAM);
        }),
        ("subject deactivated and active again", |w| {
            w.admin_active(OPAL, false).admin_active(OPAL, true);
        }),
        ("closed and opened again", |w| {
            w.ok(OPERATOR, Command::CloseCase { case: C2 });
            w.ok(OPERATOR, Command::ReopenCase { case: C2 });
            w.ok(agent(SAM), ask(C2));
            w.ok(admin(DANA), grant(C2, 3));
        }),
        ("its period over and another one begun", |w| {
            w.pass(HOURS_8);
            w.ok(admin(DANA), extend(C1));
            w.ok(admin(DANA), extend(C2));
        }),
        ("its own limit reached", |w| {
            w.pass(Duration::from_hours(1));
            w.ok(admin(DANA), extend(C1));
            w.ok(admin(DANA), extend(C2));
            w.at(T0.plus(HOURS_24));
        }),
        ("blocked", |w| {
            w.blocked();
            w.ok(admin(DANA), Command::Unblock { org: ACME });
            w.ok(admin(DANA), grant(C1, 3));
            w.ok(admin(DANA), grant(C2, 4));
        }),
    ];
    for (why, act) in rows {
        let mut w = full();
        assert!(refused(&w));
        act(&mut w);
        assert!(!refused(&w), "{why}");
    }
}

#[test]
fn r16_a_session_counts_until_the_very_moment_it_is_over() {
    let mut w = full();
    w.ok(admin(DANA), Command::Revoke { case: C2 });
    w.ok(admin(DANA), grant(C2, 3));
    w.ok(agent(SAM), start(C2, 3));
    w.pass(Duration::from_hours(1));
    w.ok(admin(DANA), extend(C1));
    w.ok(admin(DANA), extend(C2));
    // Both were started a millisecond after T0.
    w.at(T0.plus(HOURS_24));
    assert!(refused(&w));
    w.pass(MS);
    assert!(!refused(&w));
}

#[test]
fn r16_an_idle_session_makes_room_and_one_in_use_does_not() {
    let idle = SessionLimits {
        idle: Duration::from_mins(30),
        ..TWO
    };
    let mut w = World::granted();
    w.ok(agent(SAM), start_for(C1, 1, idle));
    w.ok(agent(SAM), start_for(C1, 2, idle));
    w.pass(Duration::from_mins(30))
        .pass(Duration::from_millis(-1));
    assert!(w.would(agent(SAM), start(C1, 3)).is_err());
    w.pass(MS);
    assert!(w.would(agent(SAM), start(C1, 3)).is_ok());
    // A request under each, a moment before it would have gone idle.
    let used = T0.plus(Duration::from_mins(29));
    w.state = w
        .state
        .with_last_requests([(session_id(1), used), (session_id(2), used)]);
    assert!(w.would(agent(SAM), start(C1, 3)).is_err());
    w.at(used.plus(Duration::from_mins(30)));
    assert!(w.would(agent(SAM), start(C1, 3)).is_ok());
}
