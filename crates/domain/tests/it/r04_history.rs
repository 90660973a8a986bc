//! R4, R5: who sees what of the history of an org and of a case.

use countersign_domain::{HistorySight, OpenedBy, Refusal, Role, sees_case_history, sees_history};

use crate::world::{
    ACME, C1, C2, DANA, GIL, GLOBEX, IMPERSONATION, OPAL, OPERATOR, PAUL, SAM, TESS, World, ZED,
    admin, agent,
};

#[test]
fn r04_admins_see_their_orgs_history_as_far_as_it_is_theirs() {
    let mut w = World::with_case();
    let sees = |w: &World, actor| sees_history(&w.state, ACME, &actor);
    assert_eq!(sees(&w, admin(DANA)), Ok(HistorySight::All));
    assert_eq!(sees(&w, admin(OPAL)), Ok(HistorySight::OpenedBy(OPAL)));
    assert_eq!(sees(&w, admin(GIL)), Err(Refusal::OrgNotFound));
    assert_eq!(
        sees_history(&w.state, GLOBEX, &admin(DANA)),
        Err(Refusal::OrgNotFound)
    );
    for nobody in [agent(SAM), agent(ZED), OPERATOR] {
        assert_eq!(sees(&w, nobody), Err(Refusal::OnlyApprovers), "{nobody:?}");
    }
    assert_eq!(
        sees(&w, IMPERSONATION),
        Err(Refusal::ImpersonationCannotAct)
    );
    // R2: as they are now.
    w.role(DANA, Role::Admin).role(OPAL, Role::SuperAdmin);
    assert_eq!(sees(&w, admin(DANA)), Ok(HistorySight::OpenedBy(DANA)));
    assert_eq!(sees(&w, admin(OPAL)), Ok(HistorySight::All));
    w.admin_active(OPAL, false);
    assert_eq!(sees(&w, admin(OPAL)), Err(Refusal::CallerInactive));
}

#[test]
fn r04_a_cases_history_is_for_those_who_approve_and_of_agents_their_own() {
    let mut w = World::with_case();
    let sees = |w: &World, case, actor| {
        let case = w.state.case(case).expect("the case");
        sees_case_history(&w.state, case, &actor)
    };
    for all in [DANA, OPAL] {
        assert_eq!(sees(&w, C1, admin(all)), Ok(HistorySight::All), "{all}");
    }
    for not_theirs in [admin(PAUL), admin(GIL), agent(ZED), IMPERSONATION] {
        let seen = sees(&w, C1, not_theirs);
        assert_eq!(seen, Err(Refusal::CaseNotFound), "{not_theirs:?}");
    }
    assert_eq!(sees(&w, C1, OPERATOR), Err(Refusal::OnlyApprovers));
    // R5: for as long as they are on the team.
    assert_eq!(sees(&w, C1, agent(SAM)), Ok(HistorySight::Own(SAM)));
    w.leave(C1, SAM);
    assert_eq!(sees(&w, C1, agent(SAM)), Err(Refusal::CaseNotFound));
    w.join(C1, SAM).agent_active(SAM, false);
    assert_eq!(sees(&w, C1, agent(SAM)), Err(Refusal::CaseNotFound));
    // R6: an agent sees number, subject and statuses of what is not approved.
    w.tracked(C2, OpenedBy::Agent(TESS), &[TESS]);
    assert_eq!(
        sees(&w, C2, agent(TESS)),
        Err(Refusal::SelfAssignmentNotApproved)
    );
    assert_eq!(sees(&w, C2, admin(DANA)), Ok(HistorySight::All));
}
