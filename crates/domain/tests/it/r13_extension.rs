//! R13: "Extend access by 1 day".

use countersign_domain::{
    Command, Duration, Event, ImpersonationStatus, OpenedBy, OrgSettings, Period, Refusal,
    Timestamp,
};

use crate::world::{
    ACME, Act, C1, C2, DANA, GIL, HOURS_8, HOURS_24, MS, OPAL, OPERATOR, PAUL, SAM, T0, TESS,
    World, ZED, admin, agent, ask, extend, grant, grant_id, start,
};

fn extend_to(to: Timestamp) -> Command {
    Command::Extend {
        case: C1,
        to: Some(to),
    }
}

fn ms(millis: i64) -> Duration {
    Duration::from_millis(millis)
}

fn lengthened(by: countersign_domain::AdminId, expires_at: Timestamp) -> Event {
    Event::Extended {
        case: C1,
        org: ACME,
        grant: grant_id(1),
        by: by.into(),
        period: Period {
            number: 1,
            from: T0,
            expires_at,
        },
    }
}

fn reopened(number: u32, from: Timestamp, expires_at: Timestamp) -> Event {
    Event::PeriodOpened {
        case: C1,
        org: ACME,
        grant: grant_id(1),
        by: DANA.into(),
        period: Period {
            number,
            from,
            expires_at,
        },
    }
}

#[test]
fn r13_extension_is_anchored_to_the_click() {
    let mut w = World::granted();
    w.pass(Duration::from_hours(3));
    let click = w.now;
    assert_eq!(
        w.ok(admin(OPAL), extend(C1)),
        [lengthened(OPAL, click.plus(HOURS_24))]
    );
    assert_eq!(
        w.reads(C1),
        (ImpersonationStatus::Enabled, Some(click.plus(HOURS_24)))
    );
    assert_eq!(w.grant_of(C1).approved_by, DANA);
}

#[test]
fn r13_extension_is_not_stackable() {
    let mut w = World::granted();
    let bound = T0.plus(HOURS_24);
    for round in 0..5 {
        w.do_(admin(DANA), extend(C1)).unwrap();
        w.do_(admin(OPAL), extend_to(bound)).unwrap();
        w.do_(admin(OPAL), extend_to(bound.plus(ms(60_000))))
            .unwrap();
        w.do_(admin(DANA), grant(C1, 2 + round)).unwrap();
        assert_eq!(w.reads(C1), (ImpersonationStatus::Enabled, Some(bound)));
    }
}

#[test]
fn r13_under_60_seconds_changes_nothing_and_60_seconds_count() {
    for (wait, counts) in [
        (0, false),
        (1, false),
        (59_999, false),
        (60_000, true),
        (60_001, true),
    ] {
        let mut w = World::granted();
        w.ok(admin(DANA), extend(C1));
        let before = w.now.plus(HOURS_24);
        w.pass(ms(wait));
        let events = w.ok(admin(DANA), extend(C1));
        if counts {
            assert_eq!(events, [lengthened(DANA, w.now.plus(HOURS_24))], "{wait}");
        } else {
            assert_eq!(events, [], "{wait}");
            assert_eq!(w.reads(C1).1, Some(before), "{wait}");
        }
    }
}

#[test]
fn r13_never_shortens_a_longer_default() {
    let mut w = World::asked();
    w.settings(|s| s.default_duration = OrgSettings::MAX_DURATION);
    w.ok(admin(DANA), grant(C1, 1));
    w.changes_nothing([(admin(DANA), extend(C1))]);
    assert_eq!(w.reads(C1).1, Some(T0.plus(HOURS_24)));
}

#[test]
fn r13_around_expiry_it_lengthens_before_and_opens_a_period_from_it_on() {
    let expires_at = T0.plus(HOURS_8);
    for (now, lengthens) in [
        (expires_at.plus(ms(-1)), true),
        (expires_at, false),
        (expires_at.plus(MS), false),
        (expires_at.plus(Duration::from_hours(1_000)), false),
    ] {
        let mut w = World::granted();
        w.at(now);
        let until = now.plus(HOURS_24);
        let expected = if lengthens {
            lengthened(DANA, until)
        } else {
            reopened(2, now, until)
        };
        assert_eq!(w.ok(admin(DANA), extend(C1)), [expected], "{now:?}");
        assert_eq!(w.reads(C1), (ImpersonationStatus::Enabled, Some(until)));
        assert_eq!(w.grant_of(C1).id, grant_id(1));
    }
}

#[test]
fn r13_a_new_period_leaves_earlier_sessions_ended_and_the_gap_dead() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.at(T0.plus(HOURS_8));
    assert!(!w.runs(C1, 1));
    w.pass(Duration::from_hours(1));
    w.ok(admin(DANA), extend(C1));
    assert!(!w.runs(C1, 1));
    let period = w.grant_of(C1).period;
    assert!(!period.is_live(T0.plus(HOURS_8)));
    assert!(!period.is_live(w.now.plus(ms(-1))));
    assert!(period.is_live(w.now));
    assert!(!period.is_live(w.now.plus(HOURS_24)));
    w.ok(agent(SAM), start(C1, 2));
    assert!(w.runs(C1, 2));
    // And again.
    w.pass(HOURS_24);
    assert!(!w.runs(C1, 2));
    assert_eq!(
        w.ok(admin(DANA), extend(C1)),
        [reopened(3, w.now, w.now.plus(HOURS_24))]
    );
    assert!(!w.runs(C1, 1) && !w.runs(C1, 2));
}

#[test]
fn r13_extending_after_expiry_and_asking_again() {
    let mut w = World::expired();
    w.pass(Duration::from_hours(1));
    w.ok(agent(TESS), ask(C1));
    assert_eq!(
        w.ok(admin(DANA), extend(C1)),
        [reopened(2, w.now, w.now.plus(HOURS_24))]
    );
    assert_eq!(
        w.case(C1).access.request().map(|r| r.requested_by),
        Some(TESS)
    );
    w.accepts([(agent(SAM), start(C1, 1))]);
}

#[test]
fn r13_explicit_expirations_while_live() {
    let present = T0.plus(HOURS_8);
    let now = T0.plus(Duration::from_hours(1));
    let bound = now.plus(HOURS_24);
    let too_late = || Err(Refusal::ExpirationTooLate { latest: bound });
    let rows = [
        (now, Err(Refusal::ExpirationTooEarly)),
        (now.plus(ms(-1)), Err(Refusal::ExpirationTooEarly)),
        (present.plus(ms(-1)), Err(Refusal::ExpirationTooEarly)),
        (present, Ok(None)),
        (present.plus(MS), Ok(None)),
        (present.plus(ms(59_999)), Ok(None)),
        (present.plus(ms(60_000)), Ok(Some(present.plus(ms(60_000))))),
        (bound.plus(ms(-1)), Ok(Some(bound.plus(ms(-1))))),
        (bound, Ok(Some(bound))),
        (bound.plus(MS), Ok(Some(bound))),
        (bound.plus(ms(60_000)), Ok(Some(bound))),
        (bound.plus(ms(60_001)), too_late()),
        (bound.plus(HOURS_24), too_late()),
        (Timestamp::from_millis(i64::MAX), too_late()),
        (
            Timestamp::from_millis(i64::MIN),
            Err(Refusal::ExpirationTooEarly),
        ),
    ];
    for (to, expected) in rows {
        let mut w = World::granted();
        w.at(now);
        let expected =
            expected.map(|until| until.map_or(vec![], |until| vec![lengthened(DANA, until)]));
        assert_eq!(w.do_(admin(DANA), extend_to(to)), expected, "{to:?}");
    }
}

#[test]
fn r13_explicit_expirations_after_expiry() {
    let past = T0.plus(HOURS_8);
    let now = past.plus(Duration::from_hours(2));
    let bound = now.plus(HOURS_24);
    let rows = [
        (past.plus(ms(-1)), Err(Refusal::ExpirationTooEarly)),
        (past, Ok(None)),
        (past.plus(MS), Err(Refusal::ExpirationTooEarly)),
        (now, Err(Refusal::ExpirationTooEarly)),
        (now.plus(MS), Ok(Some(now.plus(MS)))),
        (now.plus(HOURS_8), Ok(Some(now.plus(HOURS_8)))),
        (bound, Ok(Some(bound))),
        (bound.plus(ms(60_000)), Ok(Some(bound))),
        (
            bound.plus(ms(60_001)),
            Err(Refusal::ExpirationTooLate { latest: bound }),
        ),
    ];
    for (to, expected) in rows {
        let mut w = World::granted();
        w.at(now);
        let expected =
            expected.map(|until| until.map_or(vec![], |until| vec![reopened(2, now, until)]));
        assert_eq!(w.do_(admin(DANA), extend_to(to)), expected, "{to:?}");
    }
}

#[test]
fn r13_is_under_the_conditions_of_ticking() {
    World::with_case().refuses([(admin(DANA), extend(C1), Refusal::NothingRequested)]);
    World::asked().refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
    for (at, make) in [
        ("live", World::granted as fn() -> World),
        ("expired", World::expired),
    ] {
        let w = make();
        w.accepts([(admin(DANA), extend(C1)), (admin(OPAL), extend(C1))]);
        w.refuses([
            (admin(PAUL), extend(C1), Refusal::CaseNotFound),
            (admin(GIL), extend(C1), Refusal::CaseNotFound),
            (agent(SAM), extend(C1), Refusal::OnlyApprovers),
            (agent(ZED), extend(C1), Refusal::CaseNotFound),
            (OPERATOR, extend(C1), Refusal::OnlyApprovers),
        ]);
        let rows: [(Act, Refusal); 4] = [
            (
                |w| {
                    w.leave(C1, SAM).leave(C1, TESS);
                },
                Refusal::NoAgentOnTeam,
            ),
            (
                |w| {
                    w.blocked();
                },
                Refusal::SupportBlocked,
            ),
            (
                |w| {
                    w.ok(OPERATOR, Command::CloseCase { case: C1 });
                },
                Refusal::CaseClosed,
            ),
            (
                |w| {
                    w.ok(admin(DANA), Command::Revoke { case: C1 });
                },
                Refusal::NothingToExtend,
            ),
        ];
        for (change, refusal) in rows {
            let mut w = make();
            change(&mut w);
            assert_eq!(w.would(admin(DANA), extend(C1)), Err(refusal), "{at}");
        }
    }
}

#[test]
fn r09_r13_an_org_may_switch_extension_off() {
    for make in [World::granted as fn() -> World, World::expired] {
        let mut w = make();
        w.settings(|s| s.extension = false);
        w.refuses([
            (admin(DANA), extend(C1), Refusal::ExtensionOff),
            (
                admin(OPAL),
                extend_to(w.now.plus(HOURS_24)),
                Refusal::ExtensionOff,
            ),
        ]);
    }
    // Ticking afresh is not extending.
    let mut w = World::expired();
    w.settings(|s| s.extension = false);
    w.accepts([(admin(DANA), grant(C1, 2))]);
}

#[test]
fn r13_an_extension_touches_its_own_case_only() {
    let mut w = World::granted();
    w.tracked(C2, OpenedBy::Admin(OPAL), &[SAM]);
    w.ok(agent(SAM), ask(C2));
    w.ok(admin(DANA), grant(C2, 2));
    w.ok(admin(DANA), extend(C1));
    assert_eq!(w.reads(C2).1, Some(T0.plus(HOURS_8)));
}
