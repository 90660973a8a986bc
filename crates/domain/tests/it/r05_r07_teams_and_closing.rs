//! R5 (teams), R7 (closing and reopening), and A3.

use countersign_domain::{
    Actor, CaseNumber, Command, EndedWhy, Event, ImpersonationStatus, Lifecycle, NewCase, OpenedBy,
    OperatorVia, Refusal, RevokedWhy,
};

use crate::world::{
    ACME, C1, C2, DANA, GIL, GLOBEX, HOURS_8, NO_AGENT, NO_CASE, OPAL, OPERATOR, SAM, TESS, World,
    ZED, admin, agent, ask, extend, grant, grant_id, new_case, session_id, start,
};

#[test]
fn r05_only_the_team_requests_and_uses() {
    let mut w = World::granted();
    w.refuses([
        (agent(ZED), ask(C1), Refusal::CaseNotFound),
        (agent(ZED), start(C1, 1), Refusal::CaseNotFound),
        (agent(SAM), ask(NO_CASE), Refusal::CaseNotFound),
        (admin(DANA), ask(C1), Refusal::OnlyTeamAgents),
        (admin(DANA), start(C1, 1), Refusal::OnlyTeamAgents),
    ]);
    w.accepts([(agent(SAM), start(C1, 1)), (agent(TESS), start(C1, 1))]);
    w.leave(C1, TESS).join(C1, ZED);
    w.refuses([(agent(TESS), start(C1, 1), Refusal::CaseNotFound)]);
    w.accepts([(agent(ZED), start(C1, 1))]);
}

#[test]
fn r05_teams_are_set_by_operators_and_the_calls_are_idempotent() {
    let w = World::with_case();
    let join = |agent| Command::JoinTeam { case: C1, agent };
    let leave = |agent| Command::LeaveTeam { case: C1, agent };
    for actor in [admin(DANA), admin(OPAL), agent(SAM)] {
        w.refuses([
            (actor, join(ZED), Refusal::TeamIsForOperators),
            (actor, leave(SAM), Refusal::TeamIsForOperators),
        ]);
    }
    w.changes_nothing([(OPERATOR, join(SAM)), (OPERATOR, leave(ZED))]);
    w.refuses([
        (OPERATOR, join(NO_AGENT), Refusal::AgentUnknown),
        (
            OPERATOR,
            Command::JoinTeam {
                case: NO_CASE,
                agent: SAM,
            },
            Refusal::CaseNotFound,
        ),
        (agent(ZED), join(ZED), Refusal::CaseNotFound),
    ]);
    assert_eq!(
        w.would(OPERATOR, join(ZED)),
        Ok(vec![Event::TeamJoined {
            case: C1,
            org: ACME,
            agent: ZED
        }])
    );
    let mut w = w;
    w.agent_active(ZED, false);
    w.refuses([(OPERATOR, join(ZED), Refusal::AgentUnknown)]);
}

#[test]
fn r05_someone_who_joined_after_the_tick_is_named_and_a_pinned_grant_is_not_theirs() {
    for pinned in [false, true] {
        let mut w = World::asked();
        w.settings(|s| s.pin_team = pinned);
        w.ok(admin(DANA), grant(C1, 1));
        w.join(C1, ZED);
        let named: Vec<_> = w.case(C1).joined_since(&w.grant_of(C1)).collect();
        assert_eq!(named, [ZED]);
        w.accepts([(agent(SAM), start(C1, 1))]);
        if pinned {
            w.refuses([(agent(ZED), start(C1, 1), Refusal::PinnedToEarlierTeam)]);
        } else {
            w.accepts([(agent(ZED), start(C1, 1))]);
        }
        // A fresh tick takes the team as it then is.
        w.ok(admin(DANA), Command::Revoke { case: C1 });
        w.ok(admin(DANA), grant(C1, 2));
        assert_eq!(w.case(C1).joined_since(&w.grant_of(C1)).count(), 0);
        w.accepts([(agent(ZED), start(C1, 1))]);
    }
}

#[test]
fn r05_leaving_the_team_or_deactivation_ends_that_agents_sessions_others_keep_theirs() {
    let leave = Command::LeaveTeam {
        case: C1,
        agent: SAM,
    };
    let deactivate = Command::SetAgentActive {
        agent: SAM,
        active: false,
    };
    let left = vec![
        Event::SessionEnded {
            case: C1,
            org: ACME,
            session: session_id(1),
            why: EndedWhy::AgentLeftTeam,
        },
        Event::TeamLeft {
            case: C1,
            org: ACME,
            agent: SAM,
        },
    ];
    let deactivated = vec![
        Event::SessionEnded {
            case: C1,
            org: ACME,
            session: session_id(1),
            why: EndedWhy::AgentDeactivated,
        },
        Event::AgentActiveSet {
            agent: SAM,
            active: false,
        },
    ];
    for (command, events, why) in [
        (leave, left, EndedWhy::AgentLeftTeam),
        (deactivate, deactivated, EndedWhy::AgentDeactivated),
    ] {
        let mut w = World::granted();
        w.ok(agent(SAM), start(C1, 1));
        w.ok(agent(TESS), start(C1, 2));
        assert!(events.iter().any(Event::takes_away));
        assert_eq!(w.ok(OPERATOR, command), events);
        assert!(!w.runs(C1, 1));
        assert!(w.runs(C1, 2));
        assert_eq!(w.case(C1).ended_sessions[&session_id(1)].why, why);
        // Coming back revives nothing.
        w.join(C1, SAM).agent_active(SAM, true);
        assert!(!w.runs(C1, 1));
        w.accepts([(agent(SAM), start(C1, 3))]);
    }
}

#[test]
fn r05_with_no_agent_on_the_team_ticking_is_refused() {
    let mut w = World::asked();
    w.leave(C1, SAM);
    w.accepts([(admin(DANA), grant(C1, 1))]);
    w.agent_active(TESS, false);
    w.refuses([(admin(DANA), grant(C1, 1), Refusal::NoAgentOnTeam)]);
    w.leave(C1, TESS);
    w.refuses([(admin(DANA), grant(C1, 1), Refusal::NoAgentOnTeam)]);
    w.join(C1, ZED);
    w.accepts([(admin(DANA), grant(C1, 1))]);
}

#[test]
fn r07_closing_revokes_the_grant_and_ends_its_sessions() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    assert_eq!(
        w.ok(agent(TESS), Command::CloseCase { case: C1 }),
        [
            Event::SessionEnded {
                case: C1,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::CaseClosed,
            },
            Event::Revoked {
                case: C1,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::CaseClosed,
                by: None,
            },
            Event::CaseClosed {
                case: C1,
                org: ACME
            },
        ]
    );
    assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
    assert!(!w.runs(C1, 1));
    w.refuses([
        (agent(SAM), ask(C1), Refusal::CaseClosed),
        (
            agent(SAM),
            Command::WithdrawRequest { case: C1 },
            Refusal::CaseClosed,
        ),
        (agent(SAM), start(C1, 2), Refusal::CaseClosed),
        (admin(DANA), grant(C1, 2), Refusal::CaseClosed),
        (admin(DANA), extend(C1), Refusal::CaseClosed),
        (
            admin(DANA),
            Command::ApproveSelfAssignment { case: C1 },
            Refusal::CaseClosed,
        ),
    ]);
    w.changes_nothing([(admin(DANA), Command::Revoke { case: C1 })]);
}

#[test]
fn r07_a_closed_case_reads_disabled_with_null_whatever_it_was() {
    let rows: [fn() -> World; 4] = [
        World::with_case,
        World::asked,
        World::granted,
        World::expired,
    ];
    for start in rows {
        let mut w = start();
        w.ok(OPERATOR, Command::CloseCase { case: C1 });
        assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
        assert_eq!(w.case(C1).lifecycle, Lifecycle::Closed);
    }
}

/// A7: whoever may decide that a loss of history is gone on from ends what may have been taken away in
/// it, and nobody else can pretend that there was one.
#[test]
fn a_grant_that_may_have_been_taken_away_is_ended_from_the_command_line_only() {
    let end = Command::EndAfterLoss { case: C1 };
    let mut w = World::granted();
    let token = Actor::Operator {
        via: OperatorVia::Token {
            id: format!("cred_{:032x}", 1).parse().expect("an id"),
        },
    };
    w.refuses([
        (admin(DANA), end.clone(), Refusal::OnlyOperators),
        (agent(SAM), end.clone(), Refusal::OnlyOperators),
        (token, end.clone(), Refusal::OnlyOperators),
    ]);
    let revoked = Event::Revoked {
        case: C1,
        org: ACME,
        grant: grant_id(1),
        why: RevokedWhy::HistoryLost,
        by: None,
    };
    assert_eq!(w.ok(OPERATOR, end.clone()), [revoked]);
    w.changes_nothing([(OPERATOR, end)]);
}

#[test]
fn r07_closing_ends_an_expired_grant_too() {
    let mut w = World::expired();
    assert_eq!(
        w.ok(OPERATOR, Command::CloseCase { case: C1 }),
        [
            Event::Revoked {
                case: C1,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::CaseClosed,
                by: None,
            },
            Event::CaseClosed {
                case: C1,
                org: ACME
            },
        ]
    );
}

#[test]
fn r07_reopening_starts_afresh() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.ok(OPERATOR, Command::CloseCase { case: C1 });
    w.ok(OPERATOR, Command::ReopenCase { case: C1 });
    assert_eq!(w.reads(C1), (ImpersonationStatus::NotRequested, None));
    assert!(!w.runs(C1, 1));
    w.refuses([
        (admin(DANA), grant(C1, 2), Refusal::NothingRequested),
        (admin(DANA), extend(C1), Refusal::NothingRequested),
        (agent(SAM), start(C1, 2), Refusal::AccessNotLive),
    ]);
    w.ok(agent(SAM), ask(C1));
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
    w.ok(admin(DANA), grant(C1, 2));
    assert_eq!(
        w.reads(C1),
        (ImpersonationStatus::Enabled, Some(w.now.plus(HOURS_8)))
    );
    assert!(!w.runs(C1, 1));
}

#[test]
fn r07_a3_a_case_gives_no_access_to_another() {
    let mut w = World::granted();
    w.tracked(C2, OpenedBy::Admin(OPAL), &[SAM]);
    assert_eq!(w.reads(C2), (ImpersonationStatus::NotRequested, None));
    w.refuses([(agent(SAM), start(C2, 1), Refusal::AccessNotLive)]);
    w.ok(agent(SAM), start(C1, 1));
    assert!(!w.runs(C2, 1));
    w.ok(
        OPERATOR,
        Command::OpenCase(NewCase {
            org: GLOBEX,
            number: CaseNumber::parse("G-1").unwrap(),
            ..new_case(NO_CASE, OpenedBy::Admin(GIL), &[SAM])
        }),
    );
    w.refuses([
        (agent(SAM), start(NO_CASE, 2), Refusal::AccessNotLive),
        (admin(DANA), grant(NO_CASE, 2), Refusal::CaseNotFound),
    ]);
}
