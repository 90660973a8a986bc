//! R3: once a super admin has claimed the org, what an operator makes grants, extends and approves
//! nothing until a super admin of that org accepts it.

use countersign_domain::{
    Actor, AdminId, Awaiting, Command, CredentialId, CredentialKind, CredentialOwner, Email,
    EndedWhy, Event, HistorySight, OpenedBy, OrgSettings, PasskeyName, PersonName, Refusal, Role,
    Sight, Standing, counts, sees_case, sees_case_history, sees_history,
};

use crate::world::{
    ACME, ANNE, C1, C2, DANA, GIL, GLOBEX, HOURS_8, NOBODY, OPAL, OPERATOR, PAUL, SAM, T0, World,
    admin, agent, ask_as, credential_id, end, extend, grant, new_case, session_id, start, through,
};

/// Dana's passkey, with which she claims Acme.
pub(crate) const DANAS_KEY: CredentialId = credential_id(1);
/// A link that the operator made for Dana before.
pub(crate) const DANAS_LINK: CredentialId = credential_id(2);
/// A passkey that came onto Dana's account before the claim.
pub(crate) const EARLIER_KEY: CredentialId = credential_id(3);
/// Anne's passkey, from before the claim.
pub(crate) const ANNES_KEY: CredentialId = credential_id(4);
/// Opal's, likewise.
pub(crate) const OPALS_KEY: CredentialId = credential_id(5);
/// A link that the operator makes for Dana after the claim.
const LATER_LINK: CredentialId = credential_id(6);
pub(crate) const FRESH: CredentialId = credential_id(9);

pub(crate) const DANA_COUNTS: Actor = through(DANA, DANAS_KEY);

fn mint(credential: CredentialId, owner: AdminId, kind: CredentialKind) -> Command {
    Command::MintCredential {
        credential,
        owner: CredentialOwner::Admin(owner),
        kind,
        expires_at: T0.plus(HOURS_8),
    }
}

fn link(credential: CredentialId, owner: AdminId) -> Command {
    mint(credential, owner, CredentialKind::LoginLink)
}

pub(crate) fn register(credential: CredentialId, w: &World) -> Command {
    Command::RegisterPasskey {
        credential,
        name: PasskeyName::parse("laptop").unwrap(),
        signed_in_at: w.now,
    }
}

pub(crate) fn accept(what: Awaiting) -> Command {
    Command::Accept { what }
}

fn refuse(what: Awaiting) -> Command {
    Command::Refuse { what }
}

pub(crate) fn set_role(admin: AdminId, role: Role) -> Command {
    Command::SetRole { admin, role }
}

pub(crate) fn set_active(admin: AdminId, active: bool) -> Command {
    Command::SetAdminActive { admin, active }
}

/// Everybody has a way in, and Sam has asked on C1, which Opal opened; nobody has claimed Acme.
pub(crate) fn before() -> World {
    let mut w = World::asked();
    w.ok(OPERATOR, link(DANAS_LINK, DANA));
    let register_all = [
        (through(DANA, DANAS_LINK), EARLIER_KEY),
        (through(DANA, DANAS_LINK), DANAS_KEY),
        (admin(ANNE), ANNES_KEY),
        (admin(OPAL), OPALS_KEY),
    ];
    for (actor, key) in register_all {
        let command = register(key, &w);
        w.ok(actor, command);
    }
    w
}

/// [`before`], and then Dana signs in by passkey.
pub(crate) fn claimed() -> World {
    let mut w = before();
    let events = w.ok(DANA_COUNTS, Command::SignIn);
    assert_eq!(
        events,
        [Event::OrgClaimed {
            org: ACME,
            by: DANA,
            credential: DANAS_KEY
        }]
    );
    w
}

/// Sam asks again; what asks does not matter here, only that there is something to grant.
fn granted() -> World {
    let mut w = claimed();
    w.ok(DANA_COUNTS, grant(C1, 1));
    w
}

/// What gives, as far as a super admin may at all in [`granted`] with its block lifted or not.
fn giving(w: &World) -> Vec<Command> {
    vec![
        grant(C1, 7),
        extend(C1),
        Command::Unblock { org: ACME },
        Command::ChangeSettings {
            org: ACME,
            settings: OrgSettings {
                extension: false,
                ..OrgSettings::default()
            },
        },
        Command::ReopenCase { case: C1 },
        link(FRESH, DANA),
        register(FRESH, w),
        Command::RemovePasskey {
            credential: EARLIER_KEY,
        },
        set_role(PAUL, Role::SuperAdmin),
        set_active(PAUL, false),
        accept(Awaiting::Admin(ANNE)),
        accept(Awaiting::Credential(ANNES_KEY)),
        refuse(Awaiting::Admin(ANNE)),
        refuse(Awaiting::Credential(ANNES_KEY)),
        refuse(Awaiting::Role(ANNE, Role::SuperAdmin)),
    ]
}

#[test]
fn r03_the_first_sign_in_of_a_super_admin_by_passkey_claims_the_org() {
    let w = before();
    // Before, whatever an operator made may grant.
    w.accepts([
        (admin(DANA), grant(C1, 1)),
        (through(DANA, DANAS_LINK), grant(C1, 1)),
        (through(ANNE, ANNES_KEY), grant(C1, 1)),
        (through(ANNE, ANNES_KEY), Command::SignIn),
    ]);
    // No plain admin claims, and nobody by a link, by another's passkey or by none.
    w.changes_nothing([(through(OPAL, OPALS_KEY), Command::SignIn)]);
    w.refuses([
        (
            through(DANA, DANAS_LINK),
            Command::SignIn,
            Refusal::CredentialNotFound,
        ),
        (
            through(DANA, ANNES_KEY),
            Command::SignIn,
            Refusal::CredentialNotFound,
        ),
        (admin(DANA), Command::SignIn, Refusal::CredentialNotFound),
        (OPERATOR, Command::SignIn, Refusal::CredentialNotFound),
    ]);
    let mut w = claimed();
    let claim = w.state.org(ACME).unwrap().claim.unwrap();
    assert_eq!(
        (claim.by, claim.credential, claim.at),
        (DANA, DANAS_KEY, T0)
    );
    assert!(w.state.org(GLOBEX).unwrap().claim.is_none());
    // Nobody claims again, and signing in accepts nothing.
    w.changes_nothing([
        (through(ANNE, ANNES_KEY), Command::SignIn),
        (DANA_COUNTS, Command::SignIn),
    ]);
    w.ok(through(ANNE, ANNES_KEY), Command::SignIn);
    assert_eq!(
        w.would(through(ANNE, ANNES_KEY), grant(C1, 1)),
        Err(Refusal::AdminNotAccepted)
    );
}

#[test]
fn r03_what_an_operator_made_gives_nothing_once_the_org_is_claimed() {
    let mut w = granted();
    w.ok(OPERATOR, link(LATER_LINK, DANA));
    let token = credential_id(7);
    w.ok(OPERATOR, mint(token, DANA, CredentialKind::ApiToken));
    let unaccepted = [
        // An account that the customer has not accepted, by whatever way in.
        (through(ANNE, ANNES_KEY), Refusal::AdminNotAccepted),
        (admin(ANNE), Refusal::AdminNotAccepted),
        // The claimer's own account, by what an operator made or by what came of that.
        (through(DANA, DANAS_LINK), Refusal::CredentialNotAccepted),
        (through(DANA, EARLIER_KEY), Refusal::CredentialNotAccepted),
        (through(DANA, LATER_LINK), Refusal::CredentialNotAccepted),
        (through(DANA, token), Refusal::CredentialNotAccepted),
        // By somebody else's credential, by one that nobody knows, by none.
        (through(DANA, ANNES_KEY), Refusal::CredentialNotAccepted),
        (through(DANA, FRESH), Refusal::CredentialNotAccepted),
        (admin(DANA), Refusal::CredentialNotAccepted),
    ];
    for (actor, refusal) in unaccepted {
        for command in giving(&w) {
            // Their own only, whoever they are.
            let foreign = matches!(command, Command::MintCredential { .. })
                && !matches!(actor, Actor::Admin { id: DANA, .. });
            if !foreign {
                w.refuses([(actor, command, refusal.clone())]);
            }
        }
    }
    let opener = through(OPAL, OPALS_KEY);
    let own_case = Command::OpenCase(new_case(C2, OpenedBy::Admin(OPAL), &[]));
    w.refuses([
        (opener, grant(C1, 7), Refusal::AdminNotAccepted),
        (opener, extend(C1), Refusal::AdminNotAccepted),
        (opener, own_case.clone(), Refusal::AdminNotAccepted),
        (opener, register(FRESH, &w), Refusal::AdminNotAccepted),
        (opener, link(FRESH, OPAL), Refusal::AdminNotAccepted),
    ]);
    // All of it is for the super admin whose word counts.
    w.blocked();
    w.ok(DANA_COUNTS, Command::Unblock { org: ACME });
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(OPAL)));
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(OPALS_KEY)));
    w.accepts([
        (opener, grant(C1, 7)),
        (opener, own_case),
        (DANA_COUNTS, register(FRESH, &w)),
        (DANA_COUNTS, link(FRESH, DANA)),
    ]);
}

#[test]
fn r03_a_self_assigned_case_is_approved_by_what_counts_only() {
    let mut w = claimed();
    w.tracked(C2, OpenedBy::Agent(SAM), &[SAM]);
    let approve = Command::ApproveSelfAssignment { case: C2 };
    w.refuses([
        (
            through(ANNE, ANNES_KEY),
            approve.clone(),
            Refusal::AdminNotAccepted,
        ),
        (
            through(DANA, DANAS_LINK),
            approve.clone(),
            Refusal::CredentialNotAccepted,
        ),
    ]);
    w.ok(DANA_COUNTS, approve);
    w.accepts([(
        through(DANA, DANAS_LINK),
        Command::WithdrawSelfAssignment { case: C2 },
    )]);
}

#[test]
fn r03_taking_access_away_asks_for_no_acceptance() {
    let mut w = granted();
    w.ok(agent(SAM), start(C1, 1));
    for actor in [
        through(DANA, DANAS_LINK),
        through(ANNE, ANNES_KEY),
        admin(DANA),
    ] {
        w.accepts([
            (actor, Command::Revoke { case: C1 }),
            (actor, end(C1, 1)),
            (actor, Command::Block { org: ACME }),
            (actor, Command::CloseCase { case: C1 }),
            // A token or link of anybody's in the org, which an operator could as well.
            (
                actor,
                Command::RevokeCredential {
                    credential: LATER_LINK,
                    owner: CredentialOwner::Admin(DANA),
                    spent: false,
                },
            ),
        ]);
    }
}

#[test]
fn r03_accepting_lets_it_count_and_refusing_is_for_good() {
    let mut w = claimed();
    w.ok(OPERATOR, link(LATER_LINK, DANA));
    let later = through(DANA, LATER_LINK);
    let events = w.ok(DANA_COUNTS, accept(Awaiting::Credential(LATER_LINK)));
    assert_eq!(
        events,
        [Event::CredentialAccepted {
            credential: LATER_LINK,
            admin: Some(DANA),
            org: ACME,
            by: DANA
        }]
    );
    w.accepts([(later, grant(C1, 1)), (later, register(FRESH, &w))]);
    w.changes_nothing([(DANA_COUNTS, accept(Awaiting::Credential(LATER_LINK)))]);
    w.refuses([(
        DANA_COUNTS,
        refuse(Awaiting::Credential(LATER_LINK)),
        Refusal::AlreadyAccepted,
    )]);

    // Refused, it does nothing at all any more: neither give nor take away.
    w.ok(DANA_COUNTS, refuse(Awaiting::Credential(DANAS_LINK)));
    w.changes_nothing([(DANA_COUNTS, refuse(Awaiting::Credential(DANAS_LINK)))]);
    w.refuses([
        (
            DANA_COUNTS,
            accept(Awaiting::Credential(DANAS_LINK)),
            Refusal::AlreadyRefused,
        ),
        (
            through(DANA, DANAS_LINK),
            Command::Block { org: ACME },
            Refusal::CredentialRefused,
        ),
        (
            through(DANA, DANAS_LINK),
            grant(C1, 1),
            Refusal::CredentialRefused,
        ),
    ]);

    // A person and their way in are two questions.
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(ANNE)));
    let anne = through(ANNE, ANNES_KEY);
    w.refuses([(anne, grant(C1, 1), Refusal::CredentialNotAccepted)]);
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(ANNES_KEY)));
    w.accepts([(anne, grant(C1, 1)), (anne, accept(Awaiting::Admin(PAUL)))]);
    // A credential counts for its owner only.
    w.refuses([(
        through(DANA, ANNES_KEY),
        grant(C1, 1),
        Refusal::CredentialNotAccepted,
    )]);
}

#[test]
fn r03_refusing_a_person_deactivates_them_for_good() {
    let mut w = claimed();
    w.ok(agent(SAM), ask_as(C1, Some(ANNE)));
    w.ok(DANA_COUNTS, grant(C1, 1));
    w.ok(agent(SAM), start(C1, 1));
    let events = w.ok(DANA_COUNTS, refuse(Awaiting::Admin(ANNE)));
    assert_eq!(
        events,
        [
            Event::SessionEnded {
                case: C1,
                org: ACME,
                session: session_id(1),
                why: EndedWhy::SubjectDeactivated,
            },
            Event::AdminActiveSet {
                admin: ANNE,
                org: ACME,
                active: false
            },
            Event::AdminRefused {
                admin: ANNE,
                org: ACME,
                by: DANA
            },
        ]
    );
    assert!(!w.runs(C1, 1));
    w.changes_nothing([(DANA_COUNTS, refuse(Awaiting::Admin(ANNE)))]);
    w.refuses([
        (OPERATOR, set_active(ANNE, true), Refusal::AlreadyRefused),
        (
            DANA_COUNTS,
            accept(Awaiting::Admin(ANNE)),
            Refusal::AlreadyRefused,
        ),
        (
            through(ANNE, ANNES_KEY),
            Command::Block { org: ACME },
            Refusal::CallerInactive,
        ),
    ]);
    // The customer can still change their mind, by their own act.
    w.ok(DANA_COUNTS, set_active(ANNE, true));
    assert!(w.state.admin(ANNE).unwrap().standing.counts());
}

#[test]
fn r03_a_role_that_an_operator_gives_waits() {
    let mut w = claimed();
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(PAUL)));
    let key = credential_id(7);
    let command = link(key, PAUL);
    w.ok(OPERATOR, command);
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(key)));
    let paul = through(PAUL, key);
    let events = w.ok(OPERATOR, set_role(PAUL, Role::SuperAdmin));
    assert_eq!(
        events,
        [Event::RoleProposed {
            admin: PAUL,
            org: ACME,
            role: Role::SuperAdmin
        }]
    );
    w.changes_nothing([(OPERATOR, set_role(PAUL, Role::SuperAdmin))]);
    // Until then he is what he was, and cannot accept it himself.
    let role = Awaiting::Role(PAUL, Role::SuperAdmin);
    w.refuses([
        (paul, grant(C1, 1), Refusal::CaseNotFound),
        (paul, accept(role), Refusal::OnlySuperAdmins),
        (paul, Command::Block { org: ACME }, Refusal::OnlySuperAdmins),
        (
            DANA_COUNTS,
            accept(Awaiting::Role(ANNE, Role::Admin)),
            Refusal::RoleNotProposed,
        ),
    ]);
    let mut accepted = World {
        state: w.state.clone(),
        now: w.now,
    };
    accepted.ok(DANA_COUNTS, accept(role));
    accepted.accepts([(paul, grant(C1, 1))]);
    accepted.changes_nothing([(DANA_COUNTS, accept(role)), (DANA_COUNTS, refuse(role))]);

    let mut refused = World {
        state: w.state.clone(),
        now: w.now,
    };
    refused.ok(DANA_COUNTS, refuse(role));
    refused.refuses([
        (paul, grant(C1, 1), Refusal::CaseNotFound),
        (DANA_COUNTS, accept(role), Refusal::RoleNotProposed),
    ]);

    // The operator takes it back; what a super admin of the org gives counts at once.
    w.ok(OPERATOR, set_role(PAUL, Role::Admin));
    w.refuses([(DANA_COUNTS, accept(role), Refusal::RoleNotProposed)]);
    w.ok(DANA_COUNTS, set_role(PAUL, Role::SuperAdmin));
    w.accepts([(paul, grant(C1, 1))]);
    // Lowering takes away, and needs nobody's acceptance.
    w.ok(OPERATOR, set_role(PAUL, Role::Admin));
    w.refuses([(paul, grant(C1, 1), Refusal::CaseNotFound)]);
}

#[test]
fn r03_an_admin_whom_an_operator_makes_or_lets_act_again_waits() {
    let mut w = claimed();
    w.ok(
        OPERATOR,
        Command::CreateAdmin {
            admin: NOBODY,
            org: ACME,
            email: Email::parse("new@customer.test").unwrap(),
            name: PersonName::parse("New").unwrap(),
            role: Role::SuperAdmin,
        },
    );
    w.ok(OPERATOR, link(FRESH, NOBODY));
    let new = through(NOBODY, FRESH);
    w.refuses([(new, grant(C1, 1), Refusal::AdminNotAccepted)]);
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(FRESH)));
    w.refuses([(new, grant(C1, 1), Refusal::AdminNotAccepted)]);
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(NOBODY)));
    w.accepts([(new, grant(C1, 1))]);

    // Deactivated by whomever, let act again by an operator: the acceptance is not.
    w.ok(OPERATOR, set_active(NOBODY, false));
    w.ok(OPERATOR, set_active(NOBODY, true));
    w.refuses([(new, grant(C1, 1), Refusal::AdminNotAccepted)]);
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(NOBODY)));
    w.ok(DANA_COUNTS, set_active(NOBODY, false));
    // Accepting somebody who is deactivated does not outlast an operator's letting them act.
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(NOBODY)));
    w.ok(OPERATOR, set_active(NOBODY, true));
    w.refuses([(new, grant(C1, 1), Refusal::AdminNotAccepted)]);
}

#[test]
fn r03_what_is_made_through_what_counts_counts_and_nothing_else_does() {
    let mut w = claimed();
    let events = w.ok(DANA_COUNTS, mint(FRESH, DANA, CredentialKind::ApiToken));
    assert!(matches!(
        events[..],
        [Event::CredentialMinted { own: true, .. }]
    ));
    let token = through(DANA, FRESH);
    w.accepts([
        (token, grant(C1, 1)),
        (token, accept(Awaiting::Admin(ANNE))),
    ]);
    let second = credential_id(10);
    let command = register(second, &w);
    let events = w.ok(token, command);
    assert!(matches!(
        events[..],
        [Event::PasskeyRegistered { own: true, .. }]
    ));
    w.accepts([(through(DANA, second), grant(C1, 1))]);
    // The same by an operator's hand does not.
    let events = w
        .would(OPERATOR, mint(LATER_LINK, DANA, CredentialKind::ApiToken))
        .unwrap();
    assert!(matches!(
        events[..],
        [Event::CredentialMinted { own: false, .. }]
    ));
}

#[test]
fn r03_only_super_admins_of_that_org_accept_and_only_once_it_is_claimed() {
    let w = before();
    let what = [
        Awaiting::Admin(ANNE),
        Awaiting::Credential(ANNES_KEY),
        Awaiting::Role(ANNE, Role::SuperAdmin),
    ];
    for what in what {
        w.refuses([
            (DANA_COUNTS, accept(what), Refusal::OrgNotClaimed),
            (DANA_COUNTS, refuse(what), Refusal::OrgNotClaimed),
        ]);
    }
    let mut w = claimed();
    let gils = credential_id(8);
    let command = register(gils, &w);
    w.ok(admin(GIL), command);
    w.ok(through(GIL, gils), Command::SignIn);
    for what in what {
        let hidden = match what {
            Awaiting::Credential(_) => Refusal::CredentialNotFound,
            _ => Refusal::PersonNotFound,
        };
        for command in [accept(what), refuse(what)] {
            w.refuses([
                (OPERATOR, command.clone(), Refusal::OnlySuperAdmins),
                (agent(SAM), command.clone(), Refusal::OnlySuperAdmins),
                (
                    through(OPAL, OPALS_KEY),
                    command.clone(),
                    Refusal::OnlySuperAdmins,
                ),
                (through(GIL, gils), command, hidden.clone()),
            ]);
        }
    }
    w.refuses([
        (
            DANA_COUNTS,
            accept(Awaiting::Credential(FRESH)),
            Refusal::CredentialNotFound,
        ),
        (
            DANA_COUNTS,
            accept(Awaiting::Admin(NOBODY)),
            Refusal::PersonNotFound,
        ),
        (
            through(GIL, gils),
            Command::RemovePasskey {
                credential: DANAS_KEY,
            },
            Refusal::CredentialNotFound,
        ),
    ]);
    // One org's claim is no other's: Globex's super admin counts in Globex only.
    w.refuses([(through(GIL, gils), grant(C1, 1), Refusal::CaseNotFound)]);
}

#[test]
fn r03_an_unaccepted_admin_reads_their_cases_and_no_history() {
    let w = granted();
    let case = w.case(C1);
    let history = |actor| {
        (
            sees_history(&w.state, ACME, &actor),
            sees_case_history(&w.state, case, &actor),
        )
    };
    for (actor, why) in [
        (through(DANA, DANAS_LINK), Refusal::CredentialNotAccepted),
        (through(ANNE, ANNES_KEY), Refusal::AdminNotAccepted),
    ] {
        assert_eq!(sees_case(&w.state, case, &actor), Sight::Full);
        assert_eq!(counts(&w.state, &actor), Err(why.clone()));
        assert_eq!(history(actor), (Err(why.clone()), Err(why)));
    }
    let all = Ok(HistorySight::All);
    assert_eq!(history(DANA_COUNTS), (all.clone(), all));
    assert_eq!(counts(&w.state, &DANA_COUNTS), Ok(()));
    assert_eq!(counts(&w.state, &OPERATOR), Ok(()));
    let standing = w.state.credential(DANAS_KEY).unwrap().standing;
    assert_eq!(standing, Standing::Accepted { by: DANA, at: T0 });
}
