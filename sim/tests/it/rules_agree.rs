//! The property, and the proof that it is not held vacuously.

use std::collections::BTreeMap;

use proptest::{
    proptest,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use crate::{situations::INTERESTING, steps::plan, world::World};

proptest! {
    #[test]
    fn the_rules_agree_with_the_document(plan in plan(1..=60)) {
        World::live_through(&plan)?;
    }
}

/// Refusals that these histories must come by.
const REFUSALS: &[&str] = &[
    "impersonation_cannot_act",
    "caller_inactive",
    "case_not_found",
    "session_not_found",
    "person_not_found",
    "only_super_admins",
    "only_approvers",
    "only_super_admins_approve_here",
    "opener_not_attested",
    "only_team_agents",
    "only_requester",
    "only_session_parties",
    "pinned_to_earlier_team",
    "not_yours_to_close",
    "not_yours_to_reopen",
    "not_yours_to_open",
    "team_is_for_operators",
    "case_closed",
    "nothing_requested",
    "request_already_granted",
    "self_assignment_not_approved",
    "not_self_assigned",
    "support_blocked",
    "no_agent_on_team",
    "nothing_to_extend",
    "extension_off",
    "access_not_live",
    "subject_inactive",
    "too_many_sessions",
    "subject_unknown",
    "agent_unknown",
    "duration_out_of_range",
    "expiration_too_early",
    "expiration_too_late",
    "credential_not_found",
    "credential_not_accepted",
    "credential_refused",
    "admin_not_accepted",
    "org_not_claimed",
    "already_refused",
    "already_accepted",
    "role_not_proposed",
    "last_super_admin",
    "last_passkey",
    "sign_in_too_old",
];

#[test]
fn the_histories_come_through_every_interesting_situation() {
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[16; 32]);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let mut situations: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..256 {
        let plan = plan(60).new_tree(&mut runner).unwrap().current();
        let w = World::live_through(&plan).unwrap();
        for (situation, count) in w.situations {
            *situations.entry(situation).or_default() += count;
        }
    }
    let missed: Vec<_> = INTERESTING
        .iter()
        .chain(REFUSALS)
        .filter(|situation| !situations.contains_key(*situation))
        .collect();
    assert!(
        missed.is_empty(),
        "{missed:?} never came up in {situations:#?}"
    );
}
