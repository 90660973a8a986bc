//! R14 (a request is listed as long as its case is open) and R15 (the block).

use countersign_domain::{
    Access, AdminId, Block, Command, EndedWhy, Event, ImpersonationStatus, OpenedBy, Refusal,
    RevokedWhy,
};

use crate::world::{
    ACME, ANNE, Act, C1, C2, DANA, GIL, GLOBEX, HOURS_8, HOURS_24, OPAL, OPERATOR, SAM, TESS,
    World, admin, agent, ask, extend, grant, grant_id, session_id, start,
};

const BLOCK: Command = Command::Block { org: ACME };
const LIFT: Command = Command::Unblock { org: ACME };

fn listed(w: &World) -> bool {
    w.case(C1).is_open() && w.has_request(C1)
}

#[test]
fn r14_a_request_is_listed_as_long_as_its_case_is_open() {
    let mut w = World::with_case();
    assert!(!listed(&w));
    let steps: [(&str, Act, bool); 11] = [
        (
            "asked",
            |w| {
                w.ok(agent(SAM), ask(C1));
            },
            true,
        ),
        (
            "left for a year",
            |w| {
                w.pass(HOURS_24);
            },
            true,
        ),
        (
            "granted",
            |w| {
                w.ok(admin(DANA), grant(C1, 1));
            },
            true,
        ),
        (
            "expired",
            |w| {
                w.pass(HOURS_8);
            },
            true,
        ),
        (
            "extended",
            |w| {
                w.ok(admin(DANA), extend(C1));
            },
            true,
        ),
        (
            "revoked",
            |w| {
                w.ok(admin(DANA), Command::Revoke { case: C1 });
            },
            true,
        ),
        (
            "nobody on the team",
            |w| {
                w.leave(C1, SAM);
            },
            true,
        ),
        (
            "blocked",
            |w| {
                w.blocked();
            },
            true,
        ),
        (
            "closed",
            |w| {
                w.ok(OPERATOR, Command::CloseCase { case: C1 });
            },
            false,
        ),
        (
            "reopened",
            |w| {
                w.ok(OPERATOR, Command::ReopenCase { case: C1 });
            },
            false,
        ),
        (
            "asked again",
            |w| {
                w.ok(agent(TESS), ask(C1));
            },
            true,
        ),
    ];
    for (step, act, on_the_page) in steps {
        act(&mut w);
        assert_eq!(listed(&w), on_the_page, "{step}");
    }
    w.ok(agent(TESS), Command::WithdrawRequest { case: C1 });
    assert!(!listed(&w));
}

#[test]
fn r15_blocking_revokes_every_unrevoked_grant_expired_ones_included() {
    let mut w = World::granted();
    w.tracked(C2, OpenedBy::Admin(OPAL), &[SAM]);
    w.ok(agent(SAM), ask(C2));
    w.pass(HOURS_8);
    w.ok(admin(DANA), grant(C2, 2));
    w.ok(agent(SAM), start(C2, 1));
    let events = w.ok(admin(ANNE), BLOCK);
    let revoked = |case, number| Event::Revoked {
        case,
        org: ACME,
        grant: grant_id(number),
        why: RevokedWhy::Blocked,
        by: Some(ANNE.into()),
    };
    assert_eq!(
        events,
        [
            revoked(C1, 1),
            Event::SessionEnded {
                case: C2,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::Blocked,
            },
            revoked(C2, 2),
            Event::Blocked {
                org: ACME,
                by: ANNE
            },
        ]
    );
    assert!(events.iter().all(Event::takes_away));
    for (case, id) in [(C1, 1), (C2, 2)] {
        assert_eq!(w.reads(case), (ImpersonationStatus::Disabled, None));
        let Access::Revoked { grant, at, why, .. } = &w.case(case).access else {
            panic!("{:?}", w.case(case).access);
        };
        assert_eq!(
            (*grant, *at, *why),
            (grant_id(id), w.now, RevokedWhy::Blocked)
        );
    }
    assert!(!w.runs(C2, 1));
    assert_eq!(
        w.case(C2).ended_sessions[&session_id(1)].why,
        EndedWhy::Blocked
    );
    assert_eq!(
        w.state.org(ACME).and_then(|org| org.block),
        Some(Block {
            by: ANNE,
            at: w.now
        })
    );
}

#[test]
fn r15_while_blocked_asking_is_recorded_and_the_rest_refused() {
    let mut w = World::granted();
    w.blocked();
    assert_eq!(w.ok(agent(SAM), ask(C1)).len(), 1);
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
    w.refuses([
        (admin(DANA), grant(C1, 2), Refusal::SupportBlocked),
        (admin(OPAL), grant(C1, 2), Refusal::SupportBlocked),
        (admin(DANA), extend(C1), Refusal::SupportBlocked),
        (
            admin(DANA),
            Command::ApproveSelfAssignment { case: C1 },
            Refusal::SupportBlocked,
        ),
        (agent(SAM), start(C1, 1), Refusal::SupportBlocked),
    ]);
    w.changes_nothing([(admin(DANA), BLOCK), (admin(ANNE), BLOCK)]);
}

#[test]
fn r15_blocking_and_lifting_are_for_super_admins_of_that_org_and_lifting_restores_nothing() {
    let mut w = World::granted();
    let others = |command: Command| {
        [
            (admin(OPAL), command.clone(), Refusal::OnlySuperAdmins),
            (agent(SAM), command.clone(), Refusal::OnlySuperAdmins),
            (OPERATOR, command.clone(), Refusal::OnlySuperAdmins),
            (admin(GIL), command, Refusal::OrgNotFound),
        ]
    };
    w.refuses(others(BLOCK));
    w.changes_nothing([(admin(DANA), LIFT)]);
    w.ok(agent(SAM), start(C1, 1));
    w.blocked();
    w.refuses(others(LIFT));
    let before = w.reads(C1);
    assert_eq!(
        w.ok(admin(ANNE), LIFT),
        [Event::Unblocked {
            org: ACME,
            by: ANNE
        }]
    );
    assert_eq!(w.reads(C1), before);
    assert!(!w.runs(C1, 1));
    w.refuses([
        (agent(SAM), start(C1, 2), Refusal::AccessNotLive),
        (admin(DANA), extend(C1), Refusal::NothingToExtend),
    ]);
    w.accepts([(admin(DANA), grant(C1, 2))]);
}

#[test]
fn r15_a_block_ends_the_extendability_of_a_grant_that_was_asked_about_again() {
    let mut w = World::expired();
    w.ok(agent(SAM), ask(C1));
    w.blocked();
    w.ok(admin(DANA), LIFT);
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
}

#[test]
fn r15_a_block_is_one_orgs_own() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.ok(admin(GIL), Command::Block { org: GLOBEX });
    assert!(w.runs(C1, 1));
    let blocked: Vec<Option<AdminId>> = w
        .state
        .orgs()
        .map(|org| org.block.map(|block| block.by))
        .collect();
    assert_eq!(blocked, [None, Some(GIL)]);
}
