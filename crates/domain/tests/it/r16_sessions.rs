//! R16: sessions, from the one-time link to the end.

use countersign_domain::{
    Command, Duration, EndedSession, EndedWhy, Entrance, Event, Label, Refusal, RevokedWhy,
    SecretHash, Session, SessionLimits, Slug, Timestamp,
};

use crate::world::{
    ACME, ANNE, Act, C1, C2, DANA, GIL, HOURS_8, HOURS_24, MS, OPAL, OPERATOR, PAUL, SAM, T0, TESS,
    World, ZED, admin, agent, ask, end, extend, grant, grant_id, new_case, secret, session_id,
    start, start_for,
};

fn open_link(code: SecretHash) -> Command {
    Command::OpenLink {
        case: C1,
        session: session_id(1),
        code,
        handover: secret(3),
        browser: secret(4),
    }
}

fn enter(handover: SecretHash, browser: SecretHash) -> Command {
    Command::EnterSession {
        case: C1,
        session: session_id(1),
        handover,
        browser,
        cookie: secret(5),
    }
}

fn started() -> World {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w
}

fn ended(why: EndedWhy) -> Event {
    Event::SessionEnded {
        case: C1,
        org: ACME,
        session: session_id(1),
        why,
    }
}

#[test]
fn r16_a_session_is_seen_by_its_agent_and_by_the_admins_who_see_its_case() {
    let mut w = started();
    let seen = |w: &World, session, actor| {
        countersign_domain::sees_session(&w.state, w.case(C1), session_id(session), &actor)
    };
    let who = [DANA, ANNE, OPAL, PAUL, GIL].map(admin);
    let who = [who.as_slice(), &[SAM, TESS, ZED].map(agent), &[OPERATOR]].concat();
    let sees = |w: &World, session| {
        let who = who.iter().copied();
        who.filter(|actor| seen(w, session, *actor))
            .collect::<Vec<_>>()
    };
    let few = [admin(DANA), admin(ANNE), admin(OPAL), agent(SAM)];
    assert_eq!(sees(&w, 1), few);
    assert_eq!(sees(&w, 2), [], "there is none");
    w.ok(agent(SAM), end(C1, 1));
    assert_eq!(sees(&w, 1), few, "it has ended");
    w.leave(C1, SAM);
    assert_eq!(sees(&w, 1), few[..3], "not on the team any more");
}

#[test]
fn r16_a_session_names_actor_subject_case_grant_and_period() {
    let mut w = World::granted();
    w.pass(Duration::from_hours(1));
    let session = Session {
        id: session_id(1),
        agent: SAM,
        subject: OPAL,
        grant: grant_id(1),
        period: 1,
        started_at: w.now,
        absolute_until: w.now.plus(HOURS_8),
        idle: Duration::from_mins(30),
        label: Label::parse("s1").unwrap(),
        token: secret(1),
        entrance: Entrance::Linked {
            code: secret(2),
            until: w.now.plus(Duration::from_mins(10)),
        },
        tokens: vec![],
    };
    assert_eq!(
        w.ok(agent(SAM), start(C1, 1)),
        [Event::SessionStarted {
            case: C1,
            org: ACME,
            session: session.clone(),
        }]
    );
    let (running, under) = w.case(C1).running(session_id(1), w.now).unwrap();
    assert_eq!((running, under.id), (&session, grant_id(1)));
}

#[test]
fn r16_starting_needs_a_live_grant_and_somewhere_to_look() {
    World::with_case().refuses([(agent(SAM), start(C1, 1), Refusal::AccessNotLive)]);
    World::asked().refuses([(agent(SAM), start(C1, 1), Refusal::AccessNotLive)]);
    World::expired().refuses([(agent(SAM), start(C1, 1), Refusal::AccessNotLive)]);
    // An org of its own, without an upstream.
    let mut w = World::new();
    w.ok(
        OPERATOR,
        Command::CreateOrg {
            org: ACME,
            slug: Slug::parse("acme").unwrap(),
            name: countersign_domain::PersonName::parse("Acme").unwrap(),
        },
    );
    w.ok(
        OPERATOR,
        Command::OpenCase(new_case(
            C2,
            countersign_domain::OpenedBy::Admin(OPAL),
            &[SAM],
        )),
    );
    w.ok(agent(SAM), ask(C2));
    w.ok(admin(DANA), grant(C2, 1));
    w.refuses([(agent(SAM), start(C2, 1), Refusal::NoUpstream)]);
}

#[test]
fn r16_ends_at_the_earlier_of_its_limit_and_its_periods_present_end() {
    let short = SessionLimits {
        absolute: Duration::from_hours(1),
        ..SessionLimits::default()
    };
    let long = SessionLimits {
        absolute: HOURS_24,
        ..SessionLimits::default()
    };
    for (limits, length) in [(short, Duration::from_hours(1)), (long, HOURS_8)] {
        let mut w = World::granted();
        w.ok(agent(SAM), start_for(C1, 1, limits));
        let period_end = w.grant_of(C1).period.expires_at;
        let session = &w.case(C1).sessions[&session_id(1)];
        assert_eq!(session.ends_at(period_end), T0.plus(length));
        w.at(T0.plus(Duration::from_millis(length.as_millis() - 1)));
        assert!(w.runs(C1, 1), "{limits:?}");
        w.accepts([(agent(SAM), end(C1, 1))]);
        w.pass(MS);
        assert!(!w.runs(C1, 1), "{limits:?}");
        w.changes_nothing([(agent(SAM), end(C1, 1)), (admin(DANA), end(C1, 1))]);
        w.refuses([(agent(SAM), open_link(secret(2)), Refusal::SessionOver)]);
    }
}

#[test]
fn r16_extending_while_live_lengthens_a_session_up_to_its_own_limit() {
    let mut w = World::granted();
    w.pass(Duration::from_hours(7));
    w.ok(agent(SAM), start(C1, 1));
    w.ok(admin(DANA), extend(C1));
    w.at(T0.plus(HOURS_8));
    assert!(w.runs(C1, 1));
    w.at(T0
        .plus(Duration::from_hours(15))
        .plus(Duration::from_millis(-1)));
    assert!(w.runs(C1, 1));
    w.pass(MS);
    assert!(!w.runs(C1, 1));
    w.accepts([(agent(SAM), start(C1, 2))]);
}

#[test]
fn r16_is_idle_from_exactly_30_minutes_on() {
    let w = started();
    let session = &w.case(C1).sessions[&session_id(1)];
    let half_hour = Duration::from_mins(30).as_millis();
    for (wait, idle) in [(0, false), (half_hour - 1, false), (half_hour, true)] {
        let now = T0.plus(Duration::from_millis(wait));
        assert_eq!(session.is_idle(T0, now), idle, "{wait}");
    }
}

#[test]
fn r16_the_one_time_link_opens_for_that_agent_once() {
    let mut w = started();
    let good = open_link(secret(2));
    w.refuses([
        (agent(SAM), open_link(secret(9)), Refusal::LinkWrong),
        (agent(SAM), enter(secret(3), secret(4)), Refusal::LinkWrong),
        (agent(TESS), good.clone(), Refusal::SessionNotFound),
        (agent(ZED), good.clone(), Refusal::CaseNotFound),
        (admin(DANA), good.clone(), Refusal::OnlyTeamAgents),
        (OPERATOR, good.clone(), Refusal::OnlyTeamAgents),
    ]);
    w.pass(Duration::from_mins(10))
        .pass(Duration::from_millis(-1));
    assert_eq!(
        w.ok(agent(SAM), good.clone()),
        [Event::LinkOpened {
            case: C1,
            org: ACME,
            session: session_id(1),
            handover: secret(3),
            browser: secret(4),
            until: w.now.plus(Duration::from_secs(60)),
        }]
    );
    w.refuses([
        (agent(SAM), good, Refusal::LinkUsed),
        (agent(SAM), enter(secret(9), secret(4)), Refusal::LinkWrong),
        (agent(SAM), enter(secret(3), secret(9)), Refusal::LinkWrong),
        (
            agent(TESS),
            enter(secret(3), secret(4)),
            Refusal::SessionNotFound,
        ),
    ]);
    w.pass(Duration::from_millis(59_999));
    assert_eq!(
        w.ok(agent(SAM), enter(secret(3), secret(4))),
        [Event::SessionEntered {
            case: C1,
            org: ACME,
            session: session_id(1),
            cookie: secret(5),
        }]
    );
    assert_eq!(
        w.case(C1).sessions[&session_id(1)].entrance,
        Entrance::Entered { cookie: secret(5) }
    );
    w.refuses([
        (agent(SAM), enter(secret(3), secret(4)), Refusal::LinkUsed),
        (agent(SAM), open_link(secret(2)), Refusal::LinkUsed),
    ]);
}

#[test]
fn r16_a_link_is_good_for_ten_minutes_and_a_hand_over_for_one() {
    let mut w = started();
    w.pass(Duration::from_mins(10));
    w.refuses([(agent(SAM), open_link(secret(2)), Refusal::LinkExpired)]);
    let mut w = started();
    w.ok(agent(SAM), open_link(secret(2)));
    w.pass(Duration::from_secs(60));
    w.refuses([(
        agent(SAM),
        enter(secret(3), secret(4)),
        Refusal::LinkExpired,
    )]);
}

#[test]
fn r16_ended_by_that_agent_or_an_approver() {
    let w = started();
    for (actor, why) in [
        (agent(SAM), EndedWhy::ByAgent),
        (admin(DANA), EndedWhy::ByApprover),
        (admin(ANNE), EndedWhy::ByApprover),
        (admin(OPAL), EndedWhy::ByApprover),
    ] {
        let mut w = World {
            state: w.state.clone(),
            now: w.now,
        };
        w.pass(MS);
        let events = w.ok(actor, end(C1, 1));
        assert_eq!(events, [ended(why)]);
        assert!(events.iter().all(Event::takes_away));
        assert!(!w.runs(C1, 1));
        assert_eq!(
            w.case(C1).ended_sessions[&session_id(1)],
            EndedSession {
                agent: SAM,
                at: w.now,
                why
            }
        );
        w.changes_nothing([(agent(SAM), end(C1, 1)), (admin(DANA), end(C1, 1))]);
        w.refuses([(agent(SAM), open_link(secret(2)), Refusal::SessionOver)]);
        // "End now" leaves the grant; another session may start.
        w.accepts([(agent(SAM), start(C1, 2))]);
    }
    w.refuses([
        (agent(TESS), end(C1, 1), Refusal::SessionNotFound),
        (agent(ZED), end(C1, 1), Refusal::SessionNotFound),
        (admin(PAUL), end(C1, 1), Refusal::SessionNotFound),
        (admin(GIL), end(C1, 1), Refusal::SessionNotFound),
        (OPERATOR, end(C1, 1), Refusal::OnlySessionParties),
        (agent(SAM), end(C1, 9), Refusal::SessionNotFound),
        (admin(DANA), end(C2, 1), Refusal::SessionNotFound),
    ]);
    let mut w = started();
    w.settings(|s| s.approvers = countersign_domain::Approvers::SuperAdmins);
    w.refuses([(admin(OPAL), end(C1, 1), Refusal::OnlySessionParties)]);
}

#[test]
fn r16_ended_by_any_rule_above_and_never_revived() {
    let rows: [(&str, Act, EndedWhy); 7] = [
        (
            "revoked",
            |w| {
                w.ok(admin(DANA), Command::Revoke { case: C1 });
            },
            EndedWhy::GrantRevoked,
        ),
        (
            "closed",
            |w| {
                w.ok(OPERATOR, Command::CloseCase { case: C1 });
            },
            EndedWhy::CaseClosed,
        ),
        (
            "off the team",
            |w| {
                w.leave(C1, SAM);
            },
            EndedWhy::AgentLeftTeam,
        ),
        (
            "agent deactivated",
            |w| {
                w.agent_active(SAM, false);
            },
            EndedWhy::AgentDeactivated,
        ),
        (
            "subject deactivated",
            |w| {
                w.admin_active(OPAL, false);
            },
            EndedWhy::SubjectDeactivated,
        ),
        (
            "blocked",
            |w| {
                w.blocked();
            },
            EndedWhy::Blocked,
        ),
        (
            "period over",
            |w| {
                w.pass(HOURS_8);
                w.ok(admin(DANA), extend(C1));
            },
            EndedWhy::PeriodOver,
        ),
    ];
    for (rule, act, why) in rows {
        let mut w = started();
        assert!(w.runs(C1, 1));
        act(&mut w);
        assert!(!w.runs(C1, 1), "{rule}");
        assert_eq!(w.case(C1).ended_sessions[&session_id(1)].why, why, "{rule}");
        // Everything is put right again, and the session stays ended.
        w.admin_active(OPAL, true)
            .agent_active(SAM, true)
            .join(C1, SAM);
        w.ok(admin(DANA), Command::Unblock { org: ACME });
        w.ok(OPERATOR, Command::ReopenCase { case: C1 });
        w.ok(agent(SAM), ask(C1));
        w.ok(admin(DANA), grant(C1, 2));
        assert!(!w.runs(C1, 1), "{rule}, granted again");
        w.accepts([(agent(SAM), start(C1, 2))]);
    }
}

#[test]
fn r16_two_sessions_of_one_agent_end_apart() {
    let mut w = started();
    w.ok(agent(SAM), start(C1, 2));
    w.ok(agent(SAM), end(C1, 1));
    assert!(!w.runs(C1, 1));
    assert!(w.runs(C1, 2));
    assert_eq!(w.now, Timestamp::from_millis(1_800_000_000_000));
}

#[test]
fn r16_folding_an_event_ends_what_it_ends_without_being_told_of_each_session() {
    let (case, org) = (C1, ACME);
    let rows = [
        (Event::CaseClosed { case, org }, EndedWhy::CaseClosed),
        (
            Event::TeamLeft {
                case,
                org,
                agent: SAM,
            },
            EndedWhy::AgentLeftTeam,
        ),
        (
            Event::Revoked {
                case,
                org,
                grant: grant_id(1),
                why: RevokedWhy::Unticked,
                by: Some(DANA.into()),
            },
            EndedWhy::GrantRevoked,
        ),
        (Event::Blocked { org, by: DANA }, EndedWhy::Blocked),
    ];
    for (event, why) in rows {
        let mut w = started();
        w.state.evolve(w.now, &event);
        assert!(!w.runs(C1, 1), "{event:?}");
        assert_eq!(
            w.case(C1).ended_sessions[&session_id(1)],
            EndedSession {
                agent: SAM,
                at: w.now,
                why
            }
        );
    }
}
