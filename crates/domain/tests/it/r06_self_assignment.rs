//! R6: the extra approval of a case that an agent opened and works on.

use countersign_domain::{
    Command, EndedWhy, Event, ImpersonationStatus, OpenedBy, Refusal, RevokedWhy,
    SelfAssignmentStatus, Sight, sees_case,
};

use crate::world::{
    ACME, C1, C2, DANA, GIL, HOURS_8, OPAL, OPERATOR, PAUL, SAM, TESS, World, ZED, admin, agent,
    ask, end, extend, grant, grant_id, new_case, session_id, start,
};

const APPROVE: Command = Command::ApproveSelfAssignment { case: C2 };
const WITHDRAW: Command = Command::WithdrawSelfAssignment { case: C2 };

/// C2, opened by Sam, who is on its team with Tess.
fn self_assigned() -> World {
    let mut w = World::new();
    w.ok(
        agent(SAM),
        Command::OpenCase(new_case(C2, OpenedBy::Agent(SAM), &[SAM])),
    );
    w.join(C2, TESS);
    w
}

/// C2, opened by Sam, worked on by Tess alone, with a live grant and Tess's session.
fn opened_for_tess() -> World {
    let mut w = World::new();
    w.tracked(C2, OpenedBy::Agent(SAM), &[TESS]);
    w.ok(agent(TESS), ask(C2));
    w.ok(admin(DANA), grant(C2, 1));
    w.ok(agent(TESS), start(C2, 1));
    w
}

fn status(w: &World) -> SelfAssignmentStatus {
    w.case(C2).self_assignment_status()
}

#[test]
fn r06_self_assigned_is_opened_by_an_agent_who_is_or_becomes_part_of_the_team() {
    let rows = [
        (
            OpenedBy::Agent(SAM),
            &[SAM][..],
            SelfAssignmentStatus::Requested,
        ),
        (
            OpenedBy::Agent(SAM),
            &[SAM, TESS],
            SelfAssignmentStatus::Requested,
        ),
        (
            OpenedBy::Agent(SAM),
            &[TESS],
            SelfAssignmentStatus::NotRequired,
        ),
        (OpenedBy::Agent(SAM), &[], SelfAssignmentStatus::NotRequired),
        (
            OpenedBy::Admin(OPAL),
            &[SAM],
            SelfAssignmentStatus::NotRequired,
        ),
    ];
    for (opener, team, expected) in rows {
        let mut w = World::new();
        w.tracked(C2, opener, team);
        assert_eq!(status(&w), expected, "{opener:?} {team:?}");
        w.join(C2, SAM);
        let later = match opener {
            OpenedBy::Agent(_) => SelfAssignmentStatus::Requested,
            OpenedBy::Admin(_) => SelfAssignmentStatus::NotRequired,
        };
        assert_eq!(status(&w), later, "{opener:?} {team:?}, Sam joined");
    }
}

#[test]
fn r06_until_approved_the_case_gives_no_access_but_asking_is_allowed() {
    let mut w = self_assigned();
    w.ok(agent(SAM), ask(C2));
    assert_eq!(w.reads(C2), (ImpersonationStatus::Requested, None));
    for who in [SAM, TESS] {
        let sight = sees_case(&w.state, w.case(C2), &agent(who));
        assert_eq!(sight, Sight::Outline);
        w.refuses([(agent(who), start(C2, 1), Refusal::SelfAssignmentNotApproved)]);
    }
    w.refuses([
        (
            admin(DANA),
            grant(C2, 1),
            Refusal::SelfAssignmentNotApproved,
        ),
        (admin(DANA), extend(C2), Refusal::SelfAssignmentNotApproved),
    ]);
    // It is an extra approval: impersonation still needs its own grant.
    w.ok(admin(DANA), APPROVE);
    assert_eq!(status(&w), SelfAssignmentStatus::Approved);
    assert_eq!(w.reads(C2), (ImpersonationStatus::Requested, None));
    w.refuses([(agent(SAM), start(C2, 1), Refusal::AccessNotLive)]);
    w.ok(admin(DANA), grant(C2, 1));
    w.accepts([(agent(SAM), start(C2, 1))]);
}

#[test]
fn r06_approved_and_withdrawn_by_approvers_only() {
    let mut w = self_assigned();
    assert_eq!(
        w.would(admin(DANA), APPROVE),
        Ok(vec![Event::SelfAssignmentApproved {
            case: C2,
            org: ACME,
            by: DANA.into()
        }])
    );
    for command in [APPROVE, WITHDRAW] {
        w.refuses([
            (agent(SAM), command.clone(), Refusal::OnlyApprovers),
            (agent(TESS), command.clone(), Refusal::OnlyApprovers),
            (OPERATOR, command.clone(), Refusal::OnlyApprovers),
            (agent(ZED), command.clone(), Refusal::CaseNotFound),
            (admin(PAUL), command.clone(), Refusal::CaseNotFound),
            (admin(GIL), command, Refusal::CaseNotFound),
        ]);
    }
    w.changes_nothing([(admin(DANA), WITHDRAW)]);
    w.ok(admin(DANA), APPROVE);
    w.changes_nothing([(admin(DANA), APPROVE)]);
    assert_eq!(
        w.ok(admin(DANA), WITHDRAW),
        [Event::SelfAssignmentWithdrawn {
            case: C2,
            org: ACME,
            by: DANA.into()
        }]
    );
    assert_eq!(status(&w), SelfAssignmentStatus::Requested);
}

#[test]
fn r06_a_case_that_is_not_self_assigned_has_nothing_to_approve() {
    let w = World::with_case();
    for actor in [admin(DANA), admin(OPAL)] {
        w.refuses([
            (
                actor,
                Command::ApproveSelfAssignment { case: C1 },
                Refusal::NotSelfAssigned,
            ),
            (
                actor,
                Command::WithdrawSelfAssignment { case: C1 },
                Refusal::NotSelfAssigned,
            ),
        ]);
    }
}

#[test]
fn r06_becoming_self_assigned_revokes_a_live_grant() {
    let mut w = opened_for_tess();
    let events = w.ok(
        OPERATOR,
        Command::JoinTeam {
            case: C2,
            agent: SAM,
        },
    );
    assert_eq!(
        events,
        [
            Event::TeamJoined {
                case: C2,
                org: ACME,
                agent: SAM
            },
            Event::SelfAssignmentRequested {
                case: C2,
                org: ACME,
                agent: SAM
            },
            Event::SessionEnded {
                case: C2,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::GrantRevoked,
            },
            Event::Revoked {
                case: C2,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::BecameSelfAssigned,
                by: None,
            },
        ]
    );
    assert!(events.iter().any(Event::takes_away));
    assert_eq!(w.reads(C2), (ImpersonationStatus::Disabled, None));
    assert!(!w.runs(C2, 1));
    w.ok(admin(DANA), APPROVE);
    assert!(!w.runs(C2, 1));
    w.refuses([(admin(DANA), extend(C2), Refusal::NothingToExtend)]);
    w.accepts([(admin(DANA), grant(C2, 2))]);
}

#[test]
fn r06_a_withdrawn_approval_revokes_a_live_grant() {
    let mut w = self_assigned();
    w.ok(admin(DANA), APPROVE);
    w.ok(agent(SAM), ask(C2));
    w.ok(admin(DANA), grant(C2, 1));
    w.ok(agent(SAM), start(C2, 1));
    assert_eq!(
        w.ok(admin(DANA), WITHDRAW),
        [
            Event::SelfAssignmentWithdrawn {
                case: C2,
                org: ACME,
                by: DANA.into()
            },
            Event::SessionEnded {
                case: C2,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::GrantRevoked,
            },
            Event::Revoked {
                case: C2,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::SelfAssignmentWithdrawn,
                by: Some(DANA.into()),
            },
        ]
    );
    assert_eq!(w.reads(C2), (ImpersonationStatus::Disabled, None));
    w.refuses([
        (agent(SAM), start(C2, 2), Refusal::SelfAssignmentNotApproved),
        (
            admin(DANA),
            grant(C2, 2),
            Refusal::SelfAssignmentNotApproved,
        ),
    ]);
    w.changes_nothing([(agent(SAM), end(C2, 1))]);
}

#[test]
fn r06_an_expired_grant_stays_extendable_once_approved_again() {
    let mut w = opened_for_tess();
    w.pass(HOURS_8).join(C2, SAM);
    let expired = (ImpersonationStatus::Disabled, Some(w.now));
    assert_eq!(w.reads(C2), expired);
    w.refuses([(admin(DANA), extend(C2), Refusal::SelfAssignmentNotApproved)]);
    w.ok(admin(DANA), APPROVE);
    w.ok(admin(DANA), WITHDRAW);
    assert_eq!(w.reads(C2), expired);
    w.ok(admin(DANA), APPROVE);
    w.accepts([(admin(DANA), extend(C2))]);
}

#[test]
fn r06_taking_the_agent_off_the_team_never_clears_it() {
    let mut w = self_assigned();
    w.leave(C2, SAM);
    assert_eq!(status(&w), SelfAssignmentStatus::Requested);
    w.ok(agent(TESS), ask(C2));
    w.refuses([(
        admin(DANA),
        grant(C2, 1),
        Refusal::SelfAssignmentNotApproved,
    )]);
    w.ok(admin(DANA), APPROVE);
    w.join(C2, SAM).leave(C2, SAM);
    assert_eq!(status(&w), SelfAssignmentStatus::Approved);
}

#[test]
fn r07_a_reopened_self_assigned_case_is_requested_again() {
    let mut w = self_assigned();
    w.ok(admin(DANA), APPROVE);
    w.ok(agent(SAM), ask(C2));
    w.ok(OPERATOR, Command::CloseCase { case: C2 });
    w.ok(OPERATOR, Command::ReopenCase { case: C2 });
    assert_eq!(status(&w), SelfAssignmentStatus::Requested);
    assert_eq!(w.reads(C2), (ImpersonationStatus::NotRequested, None));
}

#[test]
fn r06_r15_approving_is_refused_while_blocked() {
    let mut w = self_assigned();
    w.blocked();
    w.refuses([(admin(DANA), APPROVE, Refusal::SupportBlocked)]);
    w.ok(admin(DANA), Command::Unblock { org: ACME });
    w.accepts([(admin(DANA), APPROVE)]);
    assert_eq!(w.case(C2).id, C2);
    assert!(w.state.case(C1).is_none());
}
