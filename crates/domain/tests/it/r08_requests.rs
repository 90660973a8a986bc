//! R8: asking for access, whom to act as, and taking a request back.

use countersign_domain::{
    Access, AccessRequest, Command, Event, ImpersonationStatus, Justification, MoreTimeWanted,
    OpenedBy, Refusal, TextError,
};

use crate::world::{
    ACME, ANNE, C1, C2, DANA, GIL, HOURS_8, HOURS_24, NOBODY, OPAL, OPERATOR, PAUL, SAM, T0, TESS,
    World, admin, agent, ask, ask_as, extend, grant, reason, start, why,
};

const WITHDRAW: Command = Command::WithdrawRequest { case: C1 };

fn ask_because(text: &str) -> Command {
    Command::RequestAccess {
        case: C1,
        justification: why(text),
        subject: None,
    }
}

#[test]
fn r08_a_justification_has_10_to_2000_characters() {
    let rows = [
        (String::new(), Some(TextError::Blank)),
        (" \n\t ".to_owned(), Some(TextError::Blank)),
        ("x".repeat(9), Some(TextError::TooShort { min: 10 })),
        // White space around it does not count.
        (
            format!("  {}  ", "x".repeat(9)),
            Some(TextError::TooShort { min: 10 }),
        ),
        ("x".repeat(10), None),
        // Characters, not bytes.
        ("é".repeat(9), Some(TextError::TooShort { min: 10 })),
        ("é".repeat(10), None),
        ("x".repeat(2_000), None),
        ("é".repeat(2_000), None),
        ("x".repeat(2_001), Some(TextError::TooLong { max: 2_000 })),
        ("line one\nline two\tand a tab".to_owned(), None),
        (
            "a bell \u{7} rings here".to_owned(),
            Some(TextError::Control),
        ),
    ];
    for (text, error) in rows {
        assert_eq!(Justification::parse(&text).err(), error, "{text:?}");
    }
}

#[test]
fn r08_asking_makes_not_requested_requested() {
    let mut w = World::with_case();
    assert_eq!(w.reads(C1), (ImpersonationStatus::NotRequested, None));
    let events = w.ok(agent(SAM), ask(C1));
    assert_eq!(
        events,
        [Event::AccessRequested {
            case: C1,
            org: ACME,
            by: SAM,
            justification: reason(),
            subject: None,
        }]
    );
    assert!(!events.iter().any(Event::takes_away));
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
}

#[test]
fn r08_the_subject_is_an_active_admin_of_that_org() {
    let mut w = World::with_case();
    w.admin_active(ANNE, false);
    for (subject, good) in [
        (DANA, true),
        (OPAL, true),
        (PAUL, true),
        (ANNE, false),
        (GIL, false),
        (NOBODY, false),
    ] {
        let asked = w.would(agent(SAM), ask_as(C1, Some(subject)));
        if good {
            assert!(asked.is_ok(), "{subject:?}: {asked:?}");
        } else {
            assert_eq!(asked, Err(Refusal::SubjectUnknown), "{subject:?}");
        }
    }
}

#[test]
fn r08_the_subject_is_the_one_named_else_the_opener_else_the_approver() {
    // Opener, opener active, named; who ticks; whom the agents act as.
    let opal = OpenedBy::Admin(OPAL);
    let rows = [
        (opal, true, None, DANA, OPAL),
        (opal, true, Some(PAUL), DANA, PAUL),
        (opal, false, None, DANA, DANA),
        (opal, false, Some(PAUL), ANNE, PAUL),
        (OpenedBy::Agent(SAM), true, None, ANNE, ANNE),
        (OpenedBy::Agent(SAM), true, Some(PAUL), ANNE, PAUL),
    ];
    for (opener, opener_active, named, approver, subject) in rows {
        let mut w = World::new();
        w.tracked(C1, opener, &[TESS]);
        w.ok(agent(TESS), ask_as(C1, named));
        w.admin_active(OPAL, opener_active);
        w.ok(admin(approver), grant(C1, 1));
        assert_eq!(w.grant_of(C1).subject, subject, "{opener:?} {named:?}");
        // Fixed for the grant: neither a wish for more time nor an extension moves it.
        w.admin_active(OPAL, true);
        w.ok(agent(TESS), ask_as(C1, Some(DANA)));
        w.pass(HOURS_8);
        w.ok(agent(TESS), ask_as(C1, Some(ANNE)));
        w.ok(admin(DANA), extend(C1));
        assert_eq!(
            w.grant_of(C1).subject,
            subject,
            "{opener:?} {named:?}, extended"
        );
    }
}

#[test]
fn r08_a_named_subject_who_is_no_longer_active_refuses_the_tick() {
    let mut w = World::with_case();
    w.ok(agent(SAM), ask_as(C1, Some(PAUL)));
    w.admin_active(PAUL, false);
    w.refuses([(admin(DANA), grant(C1, 1), Refusal::SubjectInactive)]);
    w.admin_active(PAUL, true);
    w.accepts([(admin(DANA), grant(C1, 1))]);
}

#[test]
fn r08_deactivating_the_subject_ends_its_sessions() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.admin_active(PAUL, false);
    assert!(w.runs(C1, 1));
    w.admin_active(OPAL, false);
    assert!(!w.runs(C1, 1));
    w.refuses([(agent(SAM), start(C1, 2), Refusal::SubjectInactive)]);
    w.admin_active(OPAL, true);
    assert!(!w.runs(C1, 1));
    w.accepts([(agent(SAM), start(C1, 2))]);
}

#[test]
fn r08_asking_again_while_requested_replaces_the_justification() {
    let mut w = World::asked();
    w.pass(HOURS_8);
    w.ok(agent(TESS), ask_because("another reason altogether"));
    assert_eq!(
        w.case(C1).access.request(),
        Some(&AccessRequest {
            requested_by: TESS,
            justification: why("another reason altogether"),
            subject: None,
            at: w.now,
        })
    );
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
}

#[test]
fn r08_asking_while_enabled_is_recorded_and_changes_no_status() {
    let mut w = World::granted();
    let before = w.reads(C1);
    w.pass(countersign_domain::Duration::from_hours(7));
    assert_eq!(
        w.ok(agent(TESS), ask_because("one more hour, please")),
        [Event::MoreTimeWanted {
            case: C1,
            org: ACME,
            by: TESS,
            justification: why("one more hour, please"),
        }]
    );
    assert_eq!(w.reads(C1), before);
    let Access::Granted {
        request,
        more_time_wanted,
        ..
    } = &w.case(C1).access
    else {
        panic!("{:?}", w.case(C1).access);
    };
    assert_eq!(request.justification, reason());
    assert_eq!(
        *more_time_wanted,
        Some(MoreTimeWanted {
            by: TESS,
            justification: why("one more hour, please"),
            at: w.now,
        })
    );
    w.refuses([
        (agent(TESS), WITHDRAW, Refusal::RequestAlreadyGranted),
        (agent(SAM), WITHDRAW, Refusal::RequestAlreadyGranted),
    ]);
}

#[test]
fn r08_asking_when_disabled_makes_it_requested_with_null() {
    let mut expired = World::expired();
    assert_eq!(
        expired.reads(C1),
        (ImpersonationStatus::Disabled, Some(expired.now))
    );
    expired.ok(agent(TESS), ask(C1));
    assert_eq!(expired.reads(C1), (ImpersonationStatus::Requested, None));
    // The expired grant can still be extended.
    expired.ok(admin(DANA), extend(C1));
    assert_eq!(
        expired.reads(C1),
        (
            ImpersonationStatus::Enabled,
            Some(expired.now.plus(HOURS_24))
        )
    );

    let mut revoked = World::granted();
    revoked.ok(admin(DANA), Command::Revoke { case: C1 });
    revoked.ok(agent(SAM), ask(C1));
    assert_eq!(revoked.reads(C1), (ImpersonationStatus::Requested, None));
    revoked.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
}

#[test]
fn r08_asking_twice_after_expiry_keeps_the_grant_extendable_until_ticked_afresh() {
    let mut w = World::expired();
    w.ok(agent(SAM), ask(C1));
    w.ok(agent(SAM), ask(C1));
    w.accepts([(admin(DANA), extend(C1))]);
    w.ok(admin(DANA), grant(C1, 2));
    w.ok(admin(DANA), Command::Revoke { case: C1 });
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
}

#[test]
fn r08_the_requester_withdraws_an_ungranted_request() {
    let mut w = World::with_case();
    w.refuses([(agent(SAM), WITHDRAW, Refusal::NothingRequested)]);
    w.ok(agent(SAM), ask(C1));
    w.refuses([
        (agent(TESS), WITHDRAW, Refusal::OnlyRequester),
        (admin(DANA), WITHDRAW, Refusal::OnlyTeamAgents),
        (OPERATOR, WITHDRAW, Refusal::OnlyTeamAgents),
    ]);
    assert_eq!(
        w.ok(agent(SAM), WITHDRAW),
        [Event::RequestWithdrawn {
            case: C1,
            org: ACME,
            by: SAM
        }]
    );
    assert_eq!(w.reads(C1), (ImpersonationStatus::NotRequested, None));
    w.refuses([
        (admin(DANA), grant(C1, 1), Refusal::NothingRequested),
        (agent(SAM), WITHDRAW, Refusal::NothingRequested),
    ]);
    let mut revoked = World::granted();
    revoked.ok(admin(DANA), Command::Revoke { case: C1 });
    revoked.refuses([(agent(SAM), WITHDRAW, Refusal::RequestAlreadyGranted)]);
    World::expired().refuses([(agent(SAM), WITHDRAW, Refusal::RequestAlreadyGranted)]);
}

#[test]
fn r08_withdrawing_after_an_expired_grant_leaves_nothing_to_extend() {
    let mut w = World::expired();
    w.ok(agent(SAM), ask(C1));
    w.ok(agent(SAM), WITHDRAW);
    assert_eq!(w.reads(C1), (ImpersonationStatus::NotRequested, None));
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingRequested)]);
    w.ok(agent(SAM), ask(C1));
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
}

#[test]
fn r08_a_request_survives_its_requester_leaving_the_team() {
    let mut w = World::asked();
    w.leave(C1, SAM);
    assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
    assert_eq!(
        w.case(C1).access.request().map(|r| r.requested_by),
        Some(SAM)
    );
    w.refuses([(agent(SAM), WITHDRAW, Refusal::CaseNotFound)]);
    w.accepts([(admin(DANA), grant(C1, 1))]);
}

#[test]
fn r08_a_case_names_everyone_a_decision_about_it_looks_at() {
    let mut w = World::with_case();
    w.ok(agent(SAM), ask_as(C1, Some(PAUL)));
    w.ok(admin(DANA), grant(C1, 1));
    w.ok(agent(TESS), start(C1, 1));
    w.leave(C1, SAM);
    let case = w.case(C1);
    assert_eq!(
        case.admins().into_iter().collect::<Vec<_>>(),
        [DANA, OPAL, PAUL]
    );
    assert_eq!(case.agents().into_iter().collect::<Vec<_>>(), [SAM, TESS]);
    assert_eq!(case.opened_at, T0);
    assert!(w.state.case(C2).is_none());
}
