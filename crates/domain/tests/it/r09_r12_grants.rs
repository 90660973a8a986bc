//! R9 (ticking), R10 (ticking again), R11 (no reject), R12 (unticking).

use std::collections::BTreeSet;

use countersign_domain::{
    Approvers, Command, Duration, EndedWhy, Event, Grant, ImpersonationStatus, OpenedBy,
    OrgSettings, Period, Refusal, RevokedWhy, Role, TeamScope, Timestamp, approver,
};

use crate::world::{
    ACME, ANNE, C1, C2, DANA, GIL, GLOBEX, HOURS_8, HOURS_24, MS, OPAL, OPERATOR, PAUL, SAM, T0,
    TESS, World, ZED, admin, agent, ask, extend, grant, grant_id, session_id, start,
};

const REVOKE: Command = Command::Revoke { case: C1 };

fn settings(settings: OrgSettings) -> Command {
    Command::ChangeSettings {
        org: ACME,
        settings,
    }
}

#[test]
fn r09_expires_eight_hours_after_the_tick() {
    let mut w = World::asked();
    w.pass(Duration::from_millis(12_345));
    let events = w.ok(admin(DANA), grant(C1, 1));
    assert_eq!(
        events,
        [Event::Granted {
            case: C1,
            org: ACME,
            grant: Grant {
                id: grant_id(1),
                approved_by: DANA.into(),
                subject: OPAL,
                team: TeamScope {
                    at_tick: BTreeSet::from([SAM, TESS]),
                    pinned: false,
                },
                period: Period {
                    number: 1,
                    from: Timestamp::from_millis(1_800_000_012_345),
                    expires_at: Timestamp::from_millis(1_800_028_812_345),
                },
            },
        }]
    );
    assert!(!events.iter().any(Event::takes_away));
    let until = Some(w.now.plus(HOURS_8));
    for (wait, status) in [
        (Duration::from_millis(0), ImpersonationStatus::Enabled),
        (
            Duration::from_millis(HOURS_8.as_millis() - 1),
            ImpersonationStatus::Enabled,
        ),
        // Expired keeps its past expiration.
        (HOURS_8, ImpersonationStatus::Disabled),
        (HOURS_24, ImpersonationStatus::Disabled),
    ] {
        assert_eq!(
            w.case(C1).impersonation(w.now.plus(wait)),
            (status, until),
            "{wait:?}"
        );
    }
}

#[test]
fn r09_the_approver_is_a_super_admin_or_the_admin_who_opened_that_case() {
    let mut w = World::asked();
    w.tracked(C2, OpenedBy::Admin(PAUL), &[SAM]);
    w.ok(agent(SAM), ask(C2));
    w.accepts([
        (admin(DANA), grant(C1, 1)),
        (admin(ANNE), grant(C1, 1)),
        (admin(OPAL), grant(C1, 1)),
        (admin(PAUL), grant(C2, 1)),
    ]);
    w.refuses([
        (admin(PAUL), grant(C1, 1), Refusal::CaseNotFound),
        (admin(OPAL), grant(C2, 1), Refusal::CaseNotFound),
        (admin(GIL), grant(C1, 1), Refusal::CaseNotFound),
        (OPERATOR, grant(C1, 1), Refusal::OnlyApprovers),
        (agent(SAM), grant(C1, 1), Refusal::OnlyApprovers),
        (agent(ZED), grant(C1, 1), Refusal::CaseNotFound),
    ]);
}

#[test]
fn r09_who_approves_is_answered_without_a_command_too() {
    let mut w = World::asked();
    w.tracked(C2, OpenedBy::Admin(PAUL), &[SAM]);
    let asks = |w: &World, case, id| {
        let (org, globex) = (w.state.org(ACME).unwrap(), w.state.org(GLOBEX).unwrap());
        let who = w.state.admin(id).unwrap();
        assert!(approver(globex, w.case(case), who).is_err());
        approver(org, w.case(case), who)
    };
    let no = || Err(Refusal::OnlyApprovers);
    for (id, c1, c2) in [
        (DANA, Ok(()), Ok(())),
        (ANNE, Ok(()), Ok(())),
        (OPAL, Ok(()), no()),
        (PAUL, no(), Ok(())),
        (GIL, no(), no()),
    ] {
        assert_eq!((asks(&w, C1, id), asks(&w, C2, id)), (c1, c2), "{id:?}");
    }
    w.admin_active(OPAL, false).admin_active(ANNE, false);
    for id in [OPAL, ANNE] {
        assert_eq!(asks(&w, C1, id), no(), "{id:?}");
    }
}

#[test]
fn r09_needs_an_open_case_a_request_a_team_and_no_block() {
    World::with_case().refuses([(admin(DANA), grant(C1, 1), Refusal::NothingRequested)]);
    let mut closed = World::asked();
    closed.ok(OPERATOR, Command::CloseCase { case: C1 });
    closed.refuses([(admin(DANA), grant(C1, 1), Refusal::CaseClosed)]);
    let mut blocked = World::asked();
    blocked.blocked();
    blocked.refuses([(admin(DANA), grant(C1, 1), Refusal::SupportBlocked)]);
    let mut nobody = World::asked();
    nobody.leave(C1, SAM).leave(C1, TESS);
    nobody.refuses([(admin(DANA), grant(C1, 1), Refusal::NoAgentOnTeam)]);
}

#[test]
fn r09_an_org_sets_a_default_between_15_minutes_and_24_hours() {
    let minute = 60_000;
    for (millis, good) in [
        (-1, false),
        (0, false),
        (15 * minute - 1, false),
        (15 * minute, true),
        (15 * minute + 1, true),
        (24 * 60 * minute, true),
        (24 * 60 * minute + 1, false),
        (i64::MAX, false),
    ] {
        let mut w = World::asked();
        let default_duration = Duration::from_millis(millis);
        let new = OrgSettings {
            default_duration,
            ..OrgSettings::default()
        };
        let set = w.do_(admin(DANA), settings(new));
        if !good {
            assert_eq!(set, Err(Refusal::DurationOutOfRange), "{millis}");
            continue;
        }
        assert_eq!(
            set,
            Ok(vec![Event::SettingsChanged {
                org: ACME,
                settings: new,
                by: Some(DANA),
            }])
        );
        w.ok(admin(DANA), grant(C1, 1));
        assert_eq!(
            w.reads(C1),
            (
                ImpersonationStatus::Enabled,
                Some(T0.plus(default_duration))
            )
        );
    }
}

#[test]
fn r09_settings_are_for_super_admins_and_repeating_them_changes_nothing() {
    let w = World::new();
    let new = OrgSettings {
        extension: false,
        ..OrgSettings::default()
    };
    w.refuses([
        (admin(OPAL), settings(new), Refusal::OnlySuperAdmins),
        (agent(SAM), settings(new), Refusal::OnlySuperAdmins),
        (OPERATOR, settings(new), Refusal::OnlySuperAdmins),
        (admin(GIL), settings(new), Refusal::OrgNotFound),
    ]);
    w.accepts([(admin(ANNE), settings(new))]);
    w.changes_nothing([(admin(ANNE), settings(OrgSettings::default()))]);
}

#[test]
fn r09_an_org_limits_approvers_and_never_adds_any() {
    let mut w = World::asked();
    w.settings(|s| s.approvers = Approvers::SuperAdmins);
    w.accepts([(admin(DANA), grant(C1, 1))]);
    w.refuses([
        (
            admin(OPAL),
            grant(C1, 1),
            Refusal::OnlySuperAdminsApproveHere,
        ),
        (admin(OPAL), extend(C1), Refusal::OnlySuperAdminsApproveHere),
        (admin(OPAL), REVOKE, Refusal::OnlySuperAdminsApproveHere),
        (admin(PAUL), grant(C1, 1), Refusal::CaseNotFound),
    ]);
    // An opener who is a super admin is one.
    w.role(OPAL, Role::SuperAdmin);
    w.accepts([(admin(OPAL), grant(C1, 1))]);
}

#[test]
fn r10_ticking_again_while_live_changes_nothing() {
    let mut w = World::granted();
    let before = w.grant_of(C1);
    for wait in [0, 1, HOURS_8.as_millis() - 1] {
        w.at(T0.plus(Duration::from_millis(wait)));
        w.changes_nothing([(admin(DANA), grant(C1, 2)), (admin(OPAL), grant(C1, 2))]);
    }
    assert_eq!(w.grant_of(C1), before);
}

#[test]
fn r10_ticking_after_expiry_or_revocation_grants_afresh_under_a_new_id() {
    let mut revoked = World::granted();
    revoked.ok(admin(DANA), REVOKE);
    let mut expired_and_asked = World::expired();
    expired_and_asked.ok(agent(TESS), ask(C1));
    for mut w in [World::expired(), revoked, expired_and_asked] {
        w.ok(admin(OPAL), grant(C1, 2));
        let fresh = w.grant_of(C1);
        assert_eq!((fresh.id, fresh.approved_by), (grant_id(2), OPAL.into()));
        assert_eq!(
            fresh.period,
            Period {
                number: 1,
                from: w.now,
                expires_at: w.now.plus(HOURS_8),
            }
        );
        assert_eq!(
            w.reads(C1),
            (ImpersonationStatus::Enabled, Some(w.now.plus(HOURS_8)))
        );
    }
}

#[test]
fn r11_a_request_left_unticked_grants_nothing_for_as_long_as_it_is_left() {
    let mut w = World::asked();
    for _ in 0..1_000 {
        w.pass(HOURS_24);
        assert_eq!(w.reads(C1), (ImpersonationStatus::Requested, None));
        w.refuses([(agent(SAM), start(C1, 1), Refusal::AccessNotLive)]);
    }
    w.accepts([(admin(DANA), grant(C1, 1))]);
}

#[test]
fn r12_revoking_ends_the_grant_and_its_sessions() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    w.ok(agent(TESS), start(C1, 2));
    let ended = |n| Event::SessionEnded {
        case: C1,
        org: ACME,
        session: session_id(n),
        why: EndedWhy::GrantRevoked,
    };
    let events = w.ok(admin(OPAL), REVOKE);
    assert_eq!(
        events,
        [
            ended(1),
            ended(2),
            Event::Revoked {
                case: C1,
                org: ACME,
                grant: grant_id(1),
                why: RevokedWhy::Unticked,
                by: Some(OPAL.into()),
            },
        ]
    );
    assert!(events.iter().all(Event::takes_away));
    assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
    assert!(!w.runs(C1, 1) && !w.runs(C1, 2));
    // A later grant never revives them.
    w.ok(admin(DANA), grant(C1, 2));
    assert!(!w.runs(C1, 1) && !w.runs(C1, 2));
}

#[test]
fn r12_revoking_twice_is_idempotent() {
    let mut w = World::granted();
    w.ok(admin(DANA), REVOKE);
    let before = w.state.clone();
    for actor in [admin(DANA), admin(OPAL)] {
        w.pass(MS);
        assert_eq!(w.ok(actor, REVOKE), []);
    }
    assert_eq!(w.state, before);
    World::with_case().changes_nothing([(admin(DANA), REVOKE)]);
    World::asked().changes_nothing([(admin(DANA), REVOKE)]);
}

#[test]
fn r12_revoking_is_for_approvers() {
    World::granted().refuses([
        (agent(SAM), REVOKE, Refusal::OnlyApprovers),
        (OPERATOR, REVOKE, Refusal::OnlyApprovers),
        (agent(ZED), REVOKE, Refusal::CaseNotFound),
        (admin(PAUL), REVOKE, Refusal::CaseNotFound),
        (admin(GIL), REVOKE, Refusal::CaseNotFound),
    ]);
}

#[test]
fn r12_revoking_an_expired_grant_ends_its_extendability() {
    let mut w = World::expired();
    assert_eq!(
        w.ok(admin(DANA), REVOKE),
        [Event::Revoked {
            case: C1,
            org: ACME,
            grant: grant_id(1),
            why: RevokedWhy::Unticked,
            by: Some(DANA.into()),
        }]
    );
    assert_eq!(w.reads(C1), (ImpersonationStatus::Disabled, None));
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);

    // So too when someone has asked again since; that request stands.
    let mut w = World::expired();
    w.ok(agent(SAM), ask(C1));
    assert_eq!(w.ok(admin(DANA), REVOKE).len(), 1);
    w.refuses([(admin(DANA), extend(C1), Refusal::NothingToExtend)]);
    w.changes_nothing([(admin(DANA), REVOKE)]);
    w.accepts([(admin(DANA), grant(C1, 2))]);
}

#[test]
fn r12_revoking_is_allowed_while_blocked_or_without_a_team() {
    let mut w = World::granted();
    w.leave(C1, SAM).leave(C1, TESS);
    w.accepts([(admin(DANA), REVOKE)]);
    w.blocked();
    w.changes_nothing([(admin(DANA), REVOKE)]);
    assert!(w.is_revoked(C1));
}
