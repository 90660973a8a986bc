//! Service clients: who makes them and takes them away (R3), and what they may do (R8–R15).

use countersign_domain::{
    Access, Actor, ApproverId, Awaiting, ClientId, ClientName, Command, Event, HistorySight,
    MOST_CLIENTS, MOST_KEYS, NewClient, NewClientKey, OpenedBy, Purpose, Refusal, Scope, Scopes,
    Sight, Standing, Thumbprint, counts, in_scope, sees_case, sees_clients, sees_history,
    still_approves,
};
use uuid::Uuid;

use crate::{
    r03_claims::{DANA_COUNTS, accept, before, claimed},
    world::{
        ACME, C1, C2, DANA, GIL, GLOBEX, HOURS_8, IMPERSONATION, OPAL, OPERATOR, PAUL, SAM, World,
        admin, agent, ask, ask_as, extend, grant, new_case, start,
    },
};

const ROBOT: ClientId = ClientId::from_uuid(Uuid::from_u128(80));

const fn client_id(n: u128) -> ClientId {
    ClientId::from_uuid(Uuid::from_u128(80 + n))
}

fn scopes(names: &[Scope]) -> Scopes {
    names.iter().copied().collect()
}

fn all() -> Scopes {
    scopes(&Scope::ALL)
}

/// The robot, with an access token for these.
fn robot(names: &[Scope]) -> Actor {
    Actor::Client {
        id: ROBOT,
        org: ACME,
        scopes: scopes(names),
    }
}

fn manager() -> Actor {
    robot(&[Scope::OrgsManage])
}

fn key(n: usize) -> NewClientKey {
    NewClientKey {
        thumbprint: Thumbprint::new(format!("thumbprint-{n}")),
        kid: Some(format!("key {n}")),
        jwk: "{}".to_owned(),
    }
}

fn create_as(id: ClientId) -> Command {
    Command::CreateClient(NewClient {
        id,
        org: ACME,
        name: ClientName::parse("Nightly review").unwrap(),
        scopes: all(),
        dpop: false,
        keys: vec![key(1)],
    })
}

fn create() -> Command {
    create_as(ROBOT)
}

fn add_key(n: usize) -> Command {
    Command::AddClientKey {
        org: ACME,
        client: ROBOT,
        key: key(n),
    }
}

fn remove_key(n: usize) -> Command {
    Command::RemoveClientKey {
        org: ACME,
        client: ROBOT,
        key: key(n).thumbprint,
    }
}

fn remove() -> Command {
    Command::RemoveClient {
        org: ACME,
        client: ROBOT,
    }
}

const REVOKE: Command = Command::Revoke { case: C1 };

const THE_ROBOT: Awaiting = Awaiting::Client(ACME, ROBOT);

/// Sam has asked on C1, which Opal opened, and Dana has made the robot.
fn with_robot() -> World {
    let mut w = World::asked();
    w.ok(admin(DANA), create());
    w
}

#[test]
fn a_client_is_made_and_removed_by_super_admins_and_operators() {
    let w = World::asked();
    w.accepts([(admin(DANA), create()), (OPERATOR, create())]);
    w.refuses([
        (admin(OPAL), create(), Refusal::OnlySuperAdmins),
        (admin(GIL), create(), Refusal::OrgNotFound),
        (agent(SAM), create(), Refusal::OnlySuperAdmins),
        (IMPERSONATION, create(), Refusal::ImpersonationCannotAct),
    ]);
    let w = with_robot();
    for command in [add_key(2), remove_key(1), remove()] {
        w.accepts([(admin(DANA), command.clone()), (OPERATOR, command.clone())]);
        w.refuses([
            (admin(PAUL), command.clone(), Refusal::OnlySuperAdmins),
            (admin(GIL), command.clone(), Refusal::OrgNotFound),
            (agent(SAM), command.clone(), Refusal::OnlySuperAdmins),
            // Not even its own.
            (robot(&Scope::ALL), command, Refusal::OnlySuperAdmins),
        ]);
    }
    assert_eq!(sees_clients(&w.state, ACME, &admin(DANA)), Ok(Some(DANA)));
    assert_eq!(sees_clients(&w.state, ACME, &OPERATOR), Ok(None));
}

#[test]
fn a_client_may_do_what_its_scope_is_for_as_a_super_admin_could() {
    let w = with_robot();
    let manage = || Refusal::ScopeMissing {
        scope: Scope::OrgsManage,
    };
    // A case that somebody else opened, of which a plain admin would see nothing.
    w.accepts([(manager(), grant(C1, 1))]);
    for less in [
        robot(&[Scope::OrgsRead]),
        robot(&[Scope::LogsRead]),
        robot(&[]),
    ] {
        w.refuses([
            (less, grant(C1, 1), manage()),
            (less, extend(C1), manage()),
            (less, REVOKE, manage()),
            (less, Command::ApproveSelfAssignment { case: C1 }, manage()),
        ]);
    }
    let case = w.case(C1);
    for (scopes, sight) in [
        (&[Scope::OrgsRead][..], Sight::Full),
        (&[Scope::OrgsManage][..], Sight::Full),
        (&[Scope::LogsRead][..], Sight::Nothing),
        (&[][..], Sight::Nothing),
    ] {
        assert_eq!(
            sees_case(&w.state, case, &robot(scopes)),
            sight,
            "{scopes:?}"
        );
    }
    for (scopes, verdict) in [
        (&[Scope::LogsRead][..], Ok(HistorySight::All)),
        (
            &[Scope::OrgsManage, Scope::OrgsRead][..],
            Err(Refusal::ScopeMissing {
                scope: Scope::LogsRead,
            }),
        ),
    ] {
        assert_eq!(sees_history(&w.state, ACME, &robot(scopes)), verdict);
    }
    let elsewhere = sees_history(&w.state, GLOBEX, &robot(&Scope::ALL));
    assert_eq!(elsewhere, Err(Refusal::OrgNotFound));
    assert_eq!(in_scope(&admin(DANA), Purpose::ReadLog), Ok(()));
}

#[test]
fn a_client_does_nothing_else() {
    let mut w = with_robot();
    w.ok(admin(DANA), grant(C1, 1));
    let it = robot(&Scope::ALL);
    w.refuses([
        (it, ask(C1), Refusal::OnlyTeamAgents),
        (it, start(C1, 1), Refusal::OnlyTeamAgents),
        (
            it,
            Command::CloseCase { case: C1 },
            Refusal::NotYoursToClose,
        ),
        (
            it,
            Command::ReopenCase { case: C1 },
            Refusal::NotYoursToReopen,
        ),
        (
            it,
            Command::JoinTeam {
                case: C1,
                agent: SAM,
            },
            Refusal::TeamIsForOperators,
        ),
        (
            it,
            Command::OpenCase(new_case(C2, OpenedBy::Admin(OPAL), &[])),
            Refusal::ClientsNotHere,
        ),
        (it, Command::Block { org: ACME }, Refusal::OnlySuperAdmins),
        (it, Command::Unblock { org: ACME }, Refusal::OnlySuperAdmins),
        (it, create_as(client_id(1)), Refusal::OnlySuperAdmins),
        (it, accept(THE_ROBOT), Refusal::OnlySuperAdmins),
    ]);
}

#[test]
fn r09_r12_r13_a_client_ticks_extends_and_unticks_and_the_log_says_so() {
    let mut w = with_robot();
    let events = w.ok(manager(), grant(C1, 1));
    let [Event::Granted { grant: made, .. }] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(made.approved_by, ApproverId::Client(ROBOT));
    // Opal opened the case, so she is whom Sam looks as (R8).
    assert_eq!(made.subject, OPAL);
    w.changes_nothing([(manager(), grant(C1, 2))]);
    w.pass(HOURS_8);
    let events = w.ok(manager(), extend(C1));
    assert!(
        matches!(events.as_slice(), [Event::PeriodOpened { by, .. }] if *by == ApproverId::Client(ROBOT)),
        "{events:?}"
    );
    let events = w.ok(manager(), REVOKE);
    assert!(
        matches!(events.as_slice(), [Event::Revoked { by: Some(by), .. }] if *by == ApproverId::Client(ROBOT)),
        "{events:?}"
    );
    w.changes_nothing([(manager(), REVOKE)]);
    assert!(matches!(
        w.case(C1).access,
        Access::Revoked {
            by: Some(by),
            ..
        } if by == ApproverId::Client(ROBOT)
    ));
}

#[test]
fn r06_a_client_approves_a_self_assigned_case() {
    let mut w = with_robot();
    w.ok(
        agent(SAM),
        Command::OpenCase(new_case(C2, OpenedBy::Agent(SAM), &[SAM])),
    );
    w.ok(agent(SAM), ask_as(C2, Some(PAUL)));
    w.refuses([(manager(), grant(C2, 1), Refusal::SelfAssignmentNotApproved)]);
    w.ok(manager(), Command::ApproveSelfAssignment { case: C2 });
    w.ok(manager(), grant(C2, 1));
    assert_eq!(w.grant_of(C2).subject, PAUL);
}

#[test]
fn r08_a_client_is_nobody_to_look_as() {
    let mut w = with_robot();
    w.tracked(C2, OpenedBy::Agent(SAM), &[SAM]);
    w.ok(agent(SAM), ask(C2));
    w.ok(admin(DANA), Command::ApproveSelfAssignment { case: C2 });
    w.refuses([(manager(), grant(C2, 1), Refusal::NobodyToActAs)]);
    // A person is.
    w.accepts([(admin(DANA), grant(C2, 1))]);
}

#[test]
fn r09_r15_a_client_is_held_to_the_conditions() {
    let mut w = with_robot();
    w.settings(|settings| settings.extension = false);
    w.ok(manager(), grant(C1, 1));
    w.refuses([(manager(), extend(C1), Refusal::ExtensionOff)]);
    w.blocked();
    w.refuses([(manager(), grant(C1, 2), Refusal::SupportBlocked)]);
}

#[test]
fn a_client_of_another_org_sees_nothing() {
    let w = with_robot();
    let elsewhere = Actor::Client {
        id: ROBOT,
        org: GLOBEX,
        scopes: all(),
    };
    w.refuses([
        (elsewhere, grant(C1, 1), Refusal::CallerInactive),
        (elsewhere, REVOKE, Refusal::CallerInactive),
    ]);
    assert_eq!(sees_case(&w.state, w.case(C1), &elsewhere), Sight::Nothing);
}

#[test]
fn r02_a_removed_client_acts_no_more_and_what_it_granted_stands() {
    let mut w = with_robot();
    w.ok(manager(), grant(C1, 1));
    let org = |w: &World| w.state.org(ACME).unwrap().clone();
    assert!(still_approves(&w.state, &org(&w), w.case(C1), ROBOT.into()));
    let events = w.ok(admin(DANA), remove());
    assert_eq!(
        events,
        [Event::ClientRemoved {
            client: ROBOT,
            org: ACME
        }]
    );
    w.changes_nothing([(admin(DANA), remove())]);
    w.refuses([
        (manager(), REVOKE, Refusal::CallerInactive),
        (admin(DANA), add_key(2), Refusal::ClientNotFound),
    ]);
    assert!(w.case(C1).access.live(w.now).is_some());
    assert!(!still_approves(
        &w.state,
        &org(&w),
        w.case(C1),
        ROBOT.into()
    ));
    // Its name is known, and its keys are gone.
    let gone = w.state.client(ACME, ROBOT).unwrap();
    assert_eq!(gone.name.as_str(), "Nightly review");
    assert!(gone.keys.is_empty());
}

#[test]
fn keys_are_added_and_taken_away_one_by_one() {
    let mut w = with_robot();
    w.changes_nothing([(admin(DANA), add_key(1)), (admin(DANA), remove_key(2))]);
    for n in 2..=MOST_KEYS {
        w.ok(admin(DANA), add_key(n));
    }
    w.refuses([(admin(DANA), add_key(99), Refusal::TooManyClientKeys)]);
    w.ok(admin(DANA), remove_key(1));
    w.accepts([(admin(DANA), add_key(99))]);
    let keys = &w.state.client(ACME, ROBOT).unwrap().keys;
    assert_eq!(keys.len(), MOST_KEYS - 1);
    assert!(!keys.contains_key(&key(1).thumbprint));
}

#[test]
fn an_org_has_so_many_clients_at_a_time_and_remembers_some_that_are_gone() {
    let mut w = World::new();
    for n in 0..300 {
        let id = client_id(n);
        w.ok(OPERATOR, create_as(id));
        w.ok(
            OPERATOR,
            Command::RemoveClient {
                org: ACME,
                client: id,
            },
        );
    }
    assert_eq!(w.state.org(ACME).unwrap().clients.len(), 100);
    for n in 0..MOST_CLIENTS as u128 {
        w.ok(OPERATOR, create_as(client_id(1_000 + n)));
    }
    w.refuses([(OPERATOR, create(), Refusal::TooManyClients)]);
}

#[test]
fn r03_what_an_operator_makes_waits_in_a_claimed_org() {
    let mut w = claimed();
    w.ok(OPERATOR, create());
    let standing = |w: &World| w.state.client(ACME, ROBOT).unwrap().standing;
    assert_eq!(standing(&w), Standing::Unaccepted);
    w.refuses([
        (manager(), grant(C1, 1), Refusal::ClientNotAccepted),
        (manager(), extend(C1), Refusal::ClientNotAccepted),
        (
            manager(),
            Command::ApproveSelfAssignment { case: C1 },
            Refusal::ClientNotAccepted,
        ),
    ]);
    assert_eq!(
        sees_history(&w.state, ACME, &robot(&[Scope::LogsRead])),
        Err(Refusal::ClientNotAccepted)
    );
    // It reads no more than an operator does anyway, and takes away.
    assert_eq!(sees_case(&w.state, w.case(C1), &manager()), Sight::Full);
    w.ok(DANA_COUNTS, grant(C1, 1));
    w.accepts([(manager(), REVOKE)]);
    // Only the customer accepts; then it counts.
    w.refuses([
        (OPERATOR, accept(THE_ROBOT), Refusal::OnlySuperAdmins),
        (
            admin(DANA),
            accept(THE_ROBOT),
            Refusal::CredentialNotAccepted,
        ),
        (admin(GIL), accept(THE_ROBOT), Refusal::ClientNotFound),
    ]);
    w.ok(manager(), REVOKE);
    w.ok(DANA_COUNTS, accept(THE_ROBOT));
    w.changes_nothing([(DANA_COUNTS, accept(THE_ROBOT))]);
    assert_eq!(counts(&w.state, &manager()), Ok(()));
    w.accepts([(manager(), grant(C1, 2))]);
}

#[test]
fn r03_a_client_from_before_the_claim_waits_too() {
    let mut w = before();
    w.ok(OPERATOR, create());
    w.accepts([(manager(), grant(C1, 1))]);
    w.ok(DANA_COUNTS, Command::SignIn);
    w.refuses([(manager(), grant(C1, 1), Refusal::ClientNotAccepted)]);
}

#[test]
fn r03_what_the_customer_makes_counts() {
    let mut w = claimed();
    w.refuses([(admin(DANA), create(), Refusal::CredentialNotAccepted)]);
    w.ok(DANA_COUNTS, create());
    assert_eq!(w.state.client(ACME, ROBOT).unwrap().standing, Standing::Own);
    w.accepts([(manager(), grant(C1, 1))]);
}

/// Whoever adds a key comes in as the client: an operator could otherwise make an accepted one speak for them.
#[test]
fn r03_an_operator_gives_no_key_to_a_client_of_a_claimed_org() {
    let mut w = claimed();
    w.ok(DANA_COUNTS, create());
    w.refuses([
        (OPERATOR, add_key(2), Refusal::ClientKeysAreTheCustomers),
        (admin(DANA), add_key(2), Refusal::CredentialNotAccepted),
    ]);
    // Taking away asks for no acceptance.
    w.accepts([
        (OPERATOR, remove_key(1)),
        (OPERATOR, remove()),
        (admin(DANA), remove()),
        (DANA_COUNTS, add_key(2)),
    ]);
}

#[test]
fn r03_refusing_a_client_is_for_good() {
    let mut w = claimed();
    w.ok(OPERATOR, create());
    let refuse = || Command::Refuse { what: THE_ROBOT };
    w.ok(DANA_COUNTS, refuse());
    w.changes_nothing([(DANA_COUNTS, refuse())]);
    w.refuses([
        (DANA_COUNTS, accept(THE_ROBOT), Refusal::AlreadyRefused),
        (manager(), REVOKE, Refusal::CallerInactive),
        (OPERATOR, add_key(2), Refusal::ClientNotFound),
    ]);
    let own = client_id(1);
    w.ok(DANA_COUNTS, create_as(own));
    let what = Awaiting::Client(ACME, own);
    w.refuses([(
        DANA_COUNTS,
        Command::Refuse { what },
        Refusal::AlreadyAccepted,
    )]);
}

/// What an older log says of admins reads as it did, and both kinds of approver write the id alone.
#[test]
fn an_approver_is_written_as_its_id() {
    for (id, text) in [
        (ApproverId::Admin(DANA), format!("\"{DANA}\"")),
        (ApproverId::Client(ROBOT), format!("\"{ROBOT}\"")),
    ] {
        assert_eq!(serde_json::to_string(&id).unwrap(), text);
        assert_eq!(serde_json::from_str::<ApproverId>(&text).unwrap(), id);
    }
    assert!(serde_json::from_str::<ApproverId>("\"agt_1\"").is_err());
    let actor = manager();
    let text = serde_json::to_string(&actor).unwrap();
    assert!(text.contains(r#""scopes":["okta.orgs.manage"]"#), "{text}");
    assert_eq!(serde_json::from_str::<Actor>(&text).unwrap(), actor);
}
