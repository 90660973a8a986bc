//! R1 (orgs, people, what operators may not do) and R2 (eligibility is judged now).

use countersign_domain::{
    Command, CredentialOwner, Duration, Event, OpenedBy, OrgId, OrgSettings, Refusal, Role,
};
use uuid::Uuid;

use crate::world::{
    ACME, ANNE, C1, C2, DANA, GIL, GLOBEX, HOURS_8, MS, NO_AGENT, NOBODY, OPAL, OPERATOR, PAUL,
    SAM, T0, TESS, World, admin, agent, ask, create_admin, create_agent, create_org, end, extend,
    grant, mint, new_case, start, upstream,
};

#[test]
fn r01_at_exactly_expires_at_access_is_refused() {
    let w = World::granted();
    let expires_at = T0.plus(HOURS_8);
    let rows = [
        (T0, true),
        (T0.plus(MS), true),
        (expires_at.plus(Duration::from_millis(-1)), true),
        (expires_at, false),
        (expires_at.plus(MS), false),
        (expires_at.plus(HOURS_8), false),
    ];
    for (at, live) in rows {
        let mut w = World {
            state: w.state.clone(),
            now: at,
        };
        assert_eq!(w.case(C1).access.live(at).is_some(), live, "{at:?}");
        let started = w.do_(agent(SAM), start(C1, 1));
        if live {
            assert!(started.is_ok(), "{at:?}: {started:?}");
        } else {
            assert_eq!(started, Err(Refusal::AccessNotLive), "{at:?}");
        }
    }
}

#[test]
fn r01_a_period_begins_with_its_first_moment() {
    let period = World::granted().grant_of(C1).period;
    assert!(!period.is_live(T0.plus(Duration::from_millis(-1))));
    assert!(period.is_live(T0));
}

#[test]
fn r01_operators_set_up_and_nobody_else_does() {
    let w = World::new();
    let set_upstream = |org| Command::SetUpstream {
        org,
        upstream: upstream("http://127.0.0.1:9001"),
    };
    let agent_off = Command::SetAgentActive {
        agent: SAM,
        active: false,
    };
    for actor in [admin(DANA), admin(OPAL), agent(SAM)] {
        w.refuses([
            (actor, create_org(), Refusal::OnlyOperators),
            (actor, create_admin(ACME), Refusal::OnlyOperators),
            (actor, create_agent(), Refusal::OnlyOperators),
            (actor, set_upstream(ACME), Refusal::OnlyOperators),
            (actor, agent_off.clone(), Refusal::OnlyOperators),
        ]);
    }
    let no_org = OrgId::from_uuid(Uuid::from_u128(9));
    w.refuses([
        (OPERATOR, create_admin(no_org), Refusal::OrgNotFound),
        (OPERATOR, set_upstream(no_org), Refusal::OrgNotFound),
        (
            OPERATOR,
            Command::SetAgentActive {
                agent: NO_AGENT,
                active: false,
            },
            Refusal::PersonNotFound,
        ),
    ]);
    assert_eq!(
        w.would(OPERATOR, set_upstream(ACME)),
        Ok(vec![Event::UpstreamSet {
            org: ACME,
            upstream: upstream("http://127.0.0.1:9001"),
            widened: false,
        }])
    );
    w.changes_nothing([
        (
            OPERATOR,
            Command::SetUpstream {
                org: ACME,
                upstream: upstream("http://127.0.0.1:9000"),
            },
        ),
        (
            OPERATOR,
            Command::SetAgentActive {
                agent: SAM,
                active: true,
            },
        ),
        (
            OPERATOR,
            Command::SetAdminActive {
                admin: DANA,
                active: true,
            },
        ),
        (
            OPERATOR,
            Command::SetRole {
                admin: DANA,
                role: Role::SuperAdmin,
            },
        ),
    ]);
}

#[test]
fn r01_an_operator_can_neither_approve_nor_impersonate() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.refuses([
        (OPERATOR, grant(C1, 2), Refusal::OnlyApprovers),
        (OPERATOR, extend(C1), Refusal::OnlyApprovers),
        (
            OPERATOR,
            Command::Revoke { case: C1 },
            Refusal::OnlyApprovers,
        ),
        (
            OPERATOR,
            Command::ApproveSelfAssignment { case: C1 },
            Refusal::OnlyApprovers,
        ),
        (
            OPERATOR,
            Command::WithdrawSelfAssignment { case: C1 },
            Refusal::OnlyApprovers,
        ),
        (OPERATOR, ask(C1), Refusal::OnlyTeamAgents),
        (
            OPERATOR,
            Command::WithdrawRequest { case: C1 },
            Refusal::OnlyTeamAgents,
        ),
        (OPERATOR, start(C1, 2), Refusal::OnlyTeamAgents),
        (OPERATOR, end(C1, 1), Refusal::OnlySessionParties),
        (
            OPERATOR,
            Command::Block { org: ACME },
            Refusal::OnlySuperAdmins,
        ),
        (
            OPERATOR,
            Command::Unblock { org: ACME },
            Refusal::OnlySuperAdmins,
        ),
        (
            OPERATOR,
            Command::ChangeSettings {
                org: ACME,
                settings: OrgSettings::default(),
            },
            Refusal::OnlySuperAdmins,
        ),
    ]);
}

#[test]
fn r01_people_of_another_org_do_not_exist() {
    let w = World::granted();
    w.refuses([
        (admin(GIL), grant(C1, 2), Refusal::CaseNotFound),
        (
            admin(GIL),
            Command::Revoke { case: C1 },
            Refusal::CaseNotFound,
        ),
        (
            admin(GIL),
            Command::CloseCase { case: C1 },
            Refusal::CaseNotFound,
        ),
        (
            admin(GIL),
            Command::Block { org: ACME },
            Refusal::OrgNotFound,
        ),
        (
            admin(GIL),
            Command::SetRole {
                admin: DANA,
                role: Role::Admin,
            },
            Refusal::PersonNotFound,
        ),
        (
            admin(GIL),
            Command::SetAdminActive {
                admin: DANA,
                active: false,
            },
            Refusal::PersonNotFound,
        ),
        (
            admin(GIL),
            Command::OpenCase(new_case(C2, OpenedBy::Admin(GIL), &[])),
            Refusal::OrgNotFound,
        ),
        (
            admin(DANA),
            Command::Block { org: GLOBEX },
            Refusal::OrgNotFound,
        ),
    ]);
}

#[test]
fn r01_roles_are_given_by_operators_and_super_admins() {
    let w = World::new();
    let promote = Command::SetRole {
        admin: PAUL,
        role: Role::SuperAdmin,
    };
    let stop = Command::SetAdminActive {
        admin: PAUL,
        active: false,
    };
    for actor in [OPERATOR, admin(DANA)] {
        assert_eq!(
            w.would(actor, promote.clone()),
            Ok(vec![Event::RoleSet {
                admin: PAUL,
                org: ACME,
                role: Role::SuperAdmin,
            }])
        );
        assert_eq!(
            w.would(actor, stop.clone()),
            Ok(vec![Event::AdminActiveSet {
                admin: PAUL,
                org: ACME,
                active: false,
            }])
        );
    }
    for actor in [admin(PAUL), admin(OPAL), agent(SAM)] {
        w.refuses([
            (actor, promote.clone(), Refusal::OnlySuperAdmins),
            (actor, stop.clone(), Refusal::OnlySuperAdmins),
        ]);
    }
    w.refuses([(
        OPERATOR,
        Command::SetRole {
            admin: NOBODY,
            role: Role::Admin,
        },
        Refusal::PersonNotFound,
    )]);
}

#[test]
fn r02_a_role_given_or_taken_a_moment_ago_counts() {
    let mut w = World::asked();
    w.refuses([(admin(PAUL), grant(C1, 1), Refusal::CaseNotFound)]);
    w.role(PAUL, Role::SuperAdmin);
    w.accepts([(admin(PAUL), grant(C1, 1))]);
    w.role(PAUL, Role::Admin);
    w.refuses([(admin(PAUL), grant(C1, 1), Refusal::CaseNotFound)]);
    w.role(DANA, Role::Admin);
    w.refuses([
        (admin(DANA), grant(C1, 1), Refusal::CaseNotFound),
        (
            admin(DANA),
            Command::Block { org: ACME },
            Refusal::OnlySuperAdmins,
        ),
    ]);
}

#[test]
fn r02_a_grant_outlives_its_approvers_demotion_and_deactivation() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.role(DANA, Role::Admin).admin_active(DANA, false);
    assert!(w.runs(C1, 1));
    assert_eq!(w.grant_of(C1).approved_by, DANA);
    w.accepts([(agent(TESS), start(C1, 2))]);
}

#[test]
fn r02_the_openers_rights_need_an_active_admin_and_do_not_pass_on() {
    let mut w = World::asked();
    w.accepts([(admin(OPAL), grant(C1, 1))]);
    w.admin_active(OPAL, false);
    w.refuses([
        (admin(OPAL), grant(C1, 1), Refusal::CallerInactive),
        (admin(PAUL), grant(C1, 1), Refusal::CaseNotFound),
    ]);
    w.admin_active(OPAL, true);
    w.accepts([(admin(OPAL), grant(C1, 1))]);
}

#[test]
fn r02_people_who_are_unknown_or_inactive_do_nothing() {
    let mut w = World::granted();
    w.admin_active(ANNE, false).agent_active(TESS, false);
    for actor in [admin(ANNE), admin(NOBODY)] {
        w.refuses([
            (actor, grant(C1, 2), Refusal::CallerInactive),
            (actor, Command::Revoke { case: C1 }, Refusal::CallerInactive),
            (actor, Command::Block { org: ACME }, Refusal::CallerInactive),
            (
                actor,
                mint(CredentialOwner::Admin(ANNE)),
                Refusal::CallerInactive,
            ),
        ]);
    }
    for actor in [agent(TESS), agent(NO_AGENT)] {
        w.refuses([
            (actor, ask(C1), Refusal::CallerInactive),
            (actor, start(C1, 2), Refusal::CallerInactive),
            (
                actor,
                mint(CredentialOwner::Agent(TESS)),
                Refusal::CallerInactive,
            ),
        ]);
    }
}
