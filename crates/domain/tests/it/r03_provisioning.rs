//! R2, R3, R5: what a directory does with the people it provisions, and what it does not.

use countersign_domain::{
    Actor, AdminId, Awaiting, Command, CredentialId, CredentialKind, CredentialOwner, Email, Event,
    ExternalId, OrgId, PersonName, Profile, Refusal, Role, Sight, Standing, counts, sees_case,
    sees_history,
};

use uuid::Uuid;

use crate::{
    r03_claims::{DANA_COUNTS, accept, before, claimed, set_active, set_role},
    world::{
        ACME, ANNE, C1, DANA, GIL, GLOBEX, HOURS_8, OPAL, OPERATOR, PAUL, SAM, T0, TESS, World,
        admin, agent, credential_id, grant, start,
    },
};

const TOKEN: CredentialId = credential_id(50);
const LEE: AdminId = AdminId::from_uuid(Uuid::from_u128(77));

const fn directory(org: OrgId) -> Actor {
    Actor::Provisioning {
        org: Some(org),
        via: TOKEN,
    }
}

const ACMES: Actor = directory(ACME);
const VENDORS: Actor = Actor::Provisioning {
    org: None,
    via: TOKEN,
};

fn mint(owner: CredentialOwner, kind: CredentialKind) -> Command {
    Command::MintCredential {
        credential: TOKEN,
        owner,
        kind,
        expires_at: T0.plus(HOURS_8),
    }
}

fn acmes_token() -> Command {
    mint(
        CredentialOwner::Provisioning(Some(ACME)),
        CredentialKind::ScimToken,
    )
}

fn create(org: OrgId, role: Role) -> Command {
    Command::CreateAdmin {
        admin: LEE,
        org,
        email: Email::parse("lee@customer.test").unwrap(),
        name: PersonName::parse("Lee").unwrap(),
        role,
    }
}

fn rename(admin: AdminId) -> Command {
    Command::ChangeAdmin {
        admin,
        email: Email::parse("other@customer.test").unwrap(),
        name: PersonName::parse("Another").unwrap(),
        profile: Profile {
            external_id: Some(ExternalId::parse("00u1").unwrap()),
            ..Profile::default()
        },
    }
}

/// Acme claimed, with a token of its directory that `by` made.
fn provisioned(by: Actor) -> World {
    let mut w = claimed();
    w.ok(by, acmes_token());
    w
}

#[test]
fn r03_a_directorys_token_is_made_by_operators_and_super_admins_who_count() {
    let w = claimed();
    let vendors = mint(
        CredentialOwner::Provisioning(None),
        CredentialKind::ScimToken,
    );
    w.accepts([
        (OPERATOR, acmes_token()),
        (DANA_COUNTS, acmes_token()),
        (OPERATOR, vendors.clone()),
    ]);
    w.refuses([
        (admin(DANA), acmes_token(), Refusal::CredentialNotAccepted),
        (admin(OPAL), acmes_token(), Refusal::OnlySuperAdmins),
        (admin(GIL), acmes_token(), Refusal::OrgNotFound),
        (agent(SAM), acmes_token(), Refusal::NotYoursToMint),
        (agent(SAM), vendors.clone(), Refusal::NotYoursToMint),
        (DANA_COUNTS, vendors, Refusal::NotYoursToMint),
        // It is no way in for a person, and a person's is none for it.
        (
            OPERATOR,
            mint(CredentialOwner::Admin(DANA), CredentialKind::ScimToken),
            Refusal::NotYoursToMint,
        ),
        (
            OPERATOR,
            mint(
                CredentialOwner::Provisioning(Some(ACME)),
                CredentialKind::ApiToken,
            ),
            Refusal::NotYoursToMint,
        ),
    ]);
}

#[test]
fn r03_what_the_customers_directory_makes_counts() {
    let mut w = provisioned(DANA_COUNTS);
    assert_eq!(counts(&w.state, &ACMES), Ok(()));
    let events = w.ok(ACMES, create(ACME, Role::SuperAdmin));
    assert!(matches!(
        events.as_slice(),
        [Event::AdminCreated { .. }, Event::AdminVouchedFor { .. }]
    ));
    assert_eq!(w.state.admin(LEE).unwrap().standing, Standing::Own);
    // It gives roles at once, and lets act again whom it vouches for.
    w.ok(ACMES, set_role(PAUL, Role::SuperAdmin));
    assert_eq!(w.state.admin(PAUL).unwrap().role, Role::SuperAdmin);
    w.ok(ACMES, set_role(PAUL, Role::Admin));
    w.ok(ACMES, set_active(PAUL, false));
    w.ok(ACMES, set_active(PAUL, true));
    assert_eq!(w.state.admin(PAUL).unwrap().standing, Standing::Own);
    w.ok(ACMES, rename(DANA));
    let dana = w.state.admin(DANA).unwrap();
    assert_eq!(dana.email.as_str(), "other@customer.test");
    assert_eq!(dana.profile.external_id, ExternalId::parse("00u1").ok());
    w.changes_nothing([(ACMES, rename(DANA))]);
}

#[test]
fn r03_what_an_operators_directory_makes_in_a_claimed_org_waits() {
    let mut w = provisioned(OPERATOR);
    assert_eq!(
        counts(&w.state, &ACMES),
        Err(Refusal::CredentialNotAccepted)
    );
    w.ok(ACMES, create(ACME, Role::SuperAdmin));
    assert_eq!(w.state.admin(LEE).unwrap().standing, Standing::Unaccepted);
    w.refuses([(admin(LEE), grant(C1, 1), Refusal::AdminNotAccepted)]);
    let proposed = w.ok(ACMES, set_role(PAUL, Role::SuperAdmin));
    assert!(matches!(proposed.as_slice(), [Event::RoleProposed { .. }]));
    assert_eq!(w.state.admin(PAUL).unwrap().role, Role::Admin);
    // Nobody is made somebody else, whether they count or not: support may be acting as them.
    for person in [DANA, LEE] {
        w.refuses([(ACMES, rename(person), Refusal::CredentialNotAccepted)]);
    }
    // What takes away is done all the same, and brings nobody back who counts.
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(PAUL)));
    w.ok(ACMES, set_active(PAUL, false));
    w.ok(ACMES, set_active(PAUL, true));
    assert_eq!(w.state.admin(PAUL).unwrap().standing, Standing::Unaccepted);
    // Accepted, it is the customer's own.
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(TOKEN)));
    w.accepts([(ACMES, rename(DANA))]);
    assert_eq!(counts(&w.state, &ACMES), Ok(()));
}

#[test]
fn r03_a_super_admin_of_the_vendors_choice_is_not_vouched_for_by_being_let_act_again() {
    let mut w = provisioned(OPERATOR);
    w.ok(OPERATOR, create(ACME, Role::SuperAdmin));
    w.ok(OPERATOR, set_active(LEE, false));
    w.ok(DANA_COUNTS, accept(Awaiting::Credential(TOKEN)));
    w.ok(ACMES, set_active(LEE, true));
    assert_eq!(w.state.admin(LEE).unwrap().standing, Standing::Unaccepted);
    w.refuses([(admin(LEE), grant(C1, 1), Refusal::AdminNotAccepted)]);
}

#[test]
fn r03_a_refused_token_does_nothing_and_a_refused_person_is_not_brought_back() {
    let mut w = provisioned(OPERATOR);
    w.ok(ACMES, create(ACME, Role::Admin));
    w.ok(
        DANA_COUNTS,
        Command::Refuse {
            what: Awaiting::Admin(LEE),
        },
    );
    w.refuses([(ACMES, set_active(LEE, true), Refusal::AlreadyRefused)]);
    w.ok(
        DANA_COUNTS,
        Command::Refuse {
            what: Awaiting::Credential(TOKEN),
        },
    );
    w.refuses([
        (ACMES, set_active(PAUL, false), Refusal::CredentialRefused),
        (ACMES, create(ACME, Role::Admin), Refusal::CredentialRefused),
    ]);
}

#[test]
fn r03_a_directory_has_to_do_with_its_own_people_and_nothing_else() {
    let mut w = before();
    w.ok(OPERATOR, acmes_token());
    let elsewhere = Refusal::PersonNotFound;
    w.refuses([
        (ACMES, set_active(GIL, false), elsewhere.clone()),
        (ACMES, set_role(GIL, Role::SuperAdmin), elsewhere.clone()),
        (ACMES, rename(GIL), elsewhere.clone()),
        (ACMES, Command::RemoveAdmin { admin: GIL }, elsewhere),
        (ACMES, create(GLOBEX, Role::Admin), Refusal::OnlyOperators),
        (
            ACMES,
            Command::SetAgentActive {
                agent: SAM,
                active: false,
            },
            Refusal::OnlyOperators,
        ),
        (
            ACMES,
            Command::RemoveAgent { agent: SAM },
            Refusal::OnlyDirectories,
        ),
        (VENDORS, create(ACME, Role::Admin), Refusal::OnlyOperators),
        (
            VENDORS,
            Command::RemoveAdmin { admin: PAUL },
            Refusal::PersonNotFound,
        ),
        (ACMES, grant(C1, 1), Refusal::CaseNotFound),
        (VENDORS, start(C1, 1), Refusal::CaseNotFound),
        (
            ACMES,
            Command::Block { org: ACME },
            Refusal::OnlySuperAdmins,
        ),
        (ACMES, acmes_token(), Refusal::NotYoursToMint),
        // Nobody else speaks for it.
        (OPERATOR, rename(PAUL), Refusal::OnlyDirectories),
        (admin(DANA), rename(PAUL), Refusal::OnlyDirectories),
        (
            OPERATOR,
            Command::RemoveAdmin { admin: PAUL },
            Refusal::OnlyDirectories,
        ),
        (
            OPERATOR,
            Command::RemoveAgent { agent: SAM },
            Refusal::OnlyDirectories,
        ),
    ]);
    assert_eq!(sees_case(&w.state, w.case(C1), &ACMES), Sight::Nothing);
    assert!(sees_history(&w.state, ACME, &ACMES).is_err());
}

#[test]
fn r02_r05_whoever_is_taken_away_is_out_at_once_and_for_good() {
    let mut w = World::granted();
    w.ok(OPERATOR, acmes_token());
    w.ok(agent(SAM), start(C1, 1));
    w.ok(agent(TESS), start(C1, 2));
    let removed = w.ok(VENDORS, Command::RemoveAgent { agent: SAM });
    assert!(removed.iter().any(Event::takes_away));
    assert!(!w.runs(C1, 1) && w.runs(C1, 2));
    // Opal is the subject.
    let removed = w.ok(ACMES, Command::RemoveAdmin { admin: OPAL });
    assert!(matches!(
        removed.as_slice(),
        [
            Event::SessionEnded { .. },
            Event::AdminActiveSet { active: false, .. },
            Event::AdminRemoved { .. }
        ]
    ));
    assert!(!w.runs(C1, 2));
    w.refuses([
        (ACMES, set_active(OPAL, true), Refusal::PersonNotFound),
        (OPERATOR, set_active(OPAL, true), Refusal::PersonNotFound),
        (
            ACMES,
            Command::RemoveAdmin { admin: OPAL },
            Refusal::PersonNotFound,
        ),
        (
            VENDORS,
            Command::SetAgentActive {
                agent: SAM,
                active: true,
            },
            Refusal::PersonNotFound,
        ),
        (admin(OPAL), grant(C1, 2), Refusal::CallerInactive),
    ]);
}

#[test]
fn r03_a_directory_does_not_lock_a_claimed_org_out() {
    let mut w = provisioned(DANA_COUNTS);
    w.refuses([
        (ACMES, set_active(DANA, false), Refusal::LastSuperAdmin),
        (ACMES, set_role(DANA, Role::Admin), Refusal::LastSuperAdmin),
        (
            ACMES,
            Command::RemoveAdmin { admin: DANA },
            Refusal::LastSuperAdmin,
        ),
    ]);
    w.ok(DANA_COUNTS, accept(Awaiting::Admin(ANNE)));
    w.ok(
        DANA_COUNTS,
        accept(Awaiting::Credential(crate::r03_claims::ANNES_KEY)),
    );
    w.accepts([(ACMES, Command::RemoveAdmin { admin: DANA })]);
}
