//! R4: cases, and who sees, opens, closes and reopens them.

use countersign_domain::{
    Actor, Approvers, Attested, CaseNumber, Command, Event, NewCase, OpenedBy, Opener, Refusal,
    Role, Sight, sees_case,
};

use crate::world::{
    ACME, ANNE, C1, C2, DANA, GIL, IMPERSONATION, NO_AGENT, NO_CASE, NOBODY, OPAL, OPERATOR, PAUL,
    SAM, TESS, World, ZED, admin, agent, ask, extend, grant, new_case,
};

fn open(new: NewCase) -> Command {
    Command::OpenCase(new)
}

#[test]
fn r04_opening_is_marked_self_or_tracker() {
    let w = World::new();
    let rows = [
        (admin(OPAL), OpenedBy::Admin(OPAL), &[][..], Attested::Own),
        (agent(SAM), OpenedBy::Agent(SAM), &[SAM], Attested::Own),
        (
            OPERATOR,
            OpenedBy::Admin(OPAL),
            &[SAM, TESS],
            Attested::Tracker,
        ),
        (OPERATOR, OpenedBy::Agent(SAM), &[TESS], Attested::Tracker),
        (OPERATOR, OpenedBy::Agent(SAM), &[SAM], Attested::Tracker),
    ];
    for (actor, who, team, attested) in rows {
        let new = new_case(C1, who, team);
        let mut expected = vec![Event::CaseOpened {
            case: C1,
            org: ACME,
            number: new.number.clone(),
            title: new.title.clone(),
            opened_by: Opener { who, attested },
            team: team.iter().copied().collect(),
        }];
        if who == OpenedBy::Agent(SAM) && team.contains(&SAM) {
            expected.push(Event::SelfAssignmentRequested {
                case: C1,
                org: ACME,
                agent: SAM,
            });
        }
        assert_eq!(w.would(actor, open(new)), Ok(expected), "{actor:?} {who:?}");
    }
}

#[test]
fn r04_who_may_open_what() {
    let mut w = World::new();
    w.admin_active(ANNE, false).agent_active(ZED, false);
    let numbered = |opened_by, team: &[_]| NewCase {
        number: CaseNumber::parse("CHOSEN-1").unwrap(),
        number_chosen: true,
        ..new_case(C1, opened_by, team)
    };
    let opal = OpenedBy::Admin(OPAL);
    let sam = OpenedBy::Agent(SAM);
    w.refuses([
        (
            admin(DANA),
            open(new_case(C1, opal, &[])),
            Refusal::NotYoursToOpen,
        ),
        (
            admin(OPAL),
            open(new_case(C1, sam, &[])),
            Refusal::NotYoursToOpen,
        ),
        (
            admin(OPAL),
            open(new_case(C1, opal, &[SAM])),
            Refusal::TeamIsForOperators,
        ),
        (
            admin(OPAL),
            open(numbered(opal, &[])),
            Refusal::NumberIsForOperators,
        ),
        (
            agent(SAM),
            open(new_case(C1, opal, &[SAM])),
            Refusal::NotYoursToOpen,
        ),
        (
            agent(SAM),
            open(new_case(C1, OpenedBy::Agent(TESS), &[SAM])),
            Refusal::NotYoursToOpen,
        ),
        (
            agent(SAM),
            open(new_case(C1, sam, &[])),
            Refusal::TeamIsForOperators,
        ),
        (
            agent(SAM),
            open(new_case(C1, sam, &[SAM, TESS])),
            Refusal::TeamIsForOperators,
        ),
        (
            agent(SAM),
            open(numbered(sam, &[SAM])),
            Refusal::NumberIsForOperators,
        ),
        (
            OPERATOR,
            open(new_case(C1, OpenedBy::Admin(ANNE), &[])),
            Refusal::OpenerUnknown,
        ),
        (
            OPERATOR,
            open(new_case(C1, OpenedBy::Admin(NOBODY), &[])),
            Refusal::OpenerUnknown,
        ),
        (
            OPERATOR,
            open(new_case(C1, OpenedBy::Admin(GIL), &[])),
            Refusal::OpenerUnknown,
        ),
        (
            OPERATOR,
            open(new_case(C1, OpenedBy::Agent(ZED), &[])),
            Refusal::OpenerUnknown,
        ),
        (
            OPERATOR,
            open(new_case(C1, opal, &[ZED])),
            Refusal::AgentUnknown,
        ),
        (
            OPERATOR,
            open(new_case(C1, opal, &[SAM, NO_AGENT])),
            Refusal::AgentUnknown,
        ),
        (
            OPERATOR,
            open(NewCase {
                org: "org_00000000000000000000000000000009".parse().unwrap(),
                ..new_case(C1, opal, &[])
            }),
            Refusal::OrgNotFound,
        ),
    ]);
    w.accepts([(OPERATOR, open(numbered(opal, &[SAM])))]);
}

#[test]
fn r04_who_sees_what() {
    let mut w = World::with_case();
    w.tracked(C2, OpenedBy::Agent(SAM), &[SAM, TESS]);
    let rows = [
        (OPERATOR, Sight::Full, Sight::Full),
        (admin(DANA), Sight::Full, Sight::Full),
        (admin(OPAL), Sight::Full, Sight::Nothing),
        (admin(PAUL), Sight::Nothing, Sight::Nothing),
        (admin(GIL), Sight::Nothing, Sight::Nothing),
        (admin(NOBODY), Sight::Nothing, Sight::Nothing),
        (agent(SAM), Sight::Full, Sight::Outline),
        (agent(TESS), Sight::Full, Sight::Outline),
        (agent(ZED), Sight::Nothing, Sight::Nothing),
        (IMPERSONATION, Sight::Nothing, Sight::Nothing),
    ];
    let sees = |w: &World, actor: Actor| {
        (
            sees_case(&w.state, w.case(C1), &actor),
            sees_case(&w.state, w.case(C2), &actor),
        )
    };
    for (actor, c1, c2) in rows {
        assert_eq!(sees(&w, actor), (c1, c2), "{actor:?}");
    }
    w.ok(admin(DANA), Command::ApproveSelfAssignment { case: C2 });
    assert_eq!(sees(&w, agent(SAM)), (Sight::Full, Sight::Full));
    w.leave(C1, SAM)
        .agent_active(TESS, false)
        .admin_active(OPAL, false);
    for actor in [agent(SAM), agent(TESS), admin(OPAL)] {
        assert_eq!(sees(&w, actor).0, Sight::Nothing, "{actor:?}");
    }
}

#[test]
fn r04_closing_is_for_operators_approvers_and_the_team_reopening_never_for_agents() {
    let mut w = World::with_case();
    let close = Command::CloseCase { case: C1 };
    let reopen = Command::ReopenCase { case: C1 };
    let closed = Event::CaseClosed {
        case: C1,
        org: ACME,
    };
    for actor in [OPERATOR, admin(DANA), admin(OPAL), agent(SAM)] {
        assert_eq!(w.would(actor, close.clone()), Ok(vec![closed.clone()]));
        w.changes_nothing(if actor == agent(SAM) {
            [(OPERATOR, reopen.clone())]
        } else {
            [(actor, reopen.clone())]
        });
    }
    w.refuses([
        (admin(PAUL), close.clone(), Refusal::CaseNotFound),
        (agent(ZED), close.clone(), Refusal::CaseNotFound),
        (admin(GIL), close.clone(), Refusal::CaseNotFound),
        (
            OPERATOR,
            Command::CloseCase { case: NO_CASE },
            Refusal::CaseNotFound,
        ),
        (agent(SAM), reopen.clone(), Refusal::NotYoursToReopen),
    ]);
    w.ok(OPERATOR, close.clone());
    w.changes_nothing([(OPERATOR, close.clone()), (agent(SAM), close.clone())]);
    for actor in [OPERATOR, admin(DANA), admin(OPAL)] {
        assert_eq!(
            w.would(actor, reopen.clone()),
            Ok(vec![Event::CaseReopened {
                case: C1,
                org: ACME
            }])
        );
    }
    w.refuses([
        (agent(SAM), reopen.clone(), Refusal::NotYoursToReopen),
        (admin(PAUL), reopen.clone(), Refusal::CaseNotFound),
    ]);
    w.settings(|s| s.approvers = Approvers::SuperAdmins);
    w.refuses([
        (admin(OPAL), close, Refusal::NotYoursToClose),
        (admin(OPAL), reopen, Refusal::NotYoursToReopen),
    ]);
}

#[test]
fn r04_opened_by_never_changes() {
    let mut w = World::granted();
    let before = w.case(C1).opened_by;
    w.leave(C1, SAM).role(OPAL, Role::SuperAdmin);
    w.admin_active(OPAL, false);
    w.ok(OPERATOR, Command::CloseCase { case: C1 });
    w.ok(OPERATOR, Command::ReopenCase { case: C1 });
    assert_eq!(w.case(C1).opened_by, before);
}

#[test]
fn r04_an_org_may_take_only_self_openers_as_approvers() {
    let mut w = World::asked();
    w.tracked(C2, OpenedBy::Admin(OPAL), &[SAM]);
    w.ok(agent(SAM), ask(C2));
    assert_eq!(
        (w.attested(C1), w.attested(C2)),
        (Attested::Own, Attested::Tracker)
    );
    w.accepts([(admin(OPAL), grant(C1, 1)), (admin(OPAL), grant(C2, 1))]);
    w.settings(|s| s.self_openers_only = true);
    w.accepts([(admin(OPAL), grant(C1, 1)), (admin(DANA), grant(C2, 1))]);
    w.refuses([
        (admin(OPAL), grant(C2, 1), Refusal::OpenerNotAttested),
        (admin(OPAL), extend(C2), Refusal::OpenerNotAttested),
        (
            admin(OPAL),
            Command::Revoke { case: C2 },
            Refusal::OpenerNotAttested,
        ),
    ]);
}
