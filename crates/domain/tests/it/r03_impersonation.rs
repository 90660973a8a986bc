//! R3: impersonations, agents and operators never approve, and every credential is an entry.

use countersign_domain::{
    Awaiting, Command, CredentialId, CredentialKind, CredentialOwner, Event, OpenedBy, OrgSettings,
    PasskeyName, Refusal, Role, StreamId,
};
use uuid::Uuid;

use crate::world::{
    ACME, C1, C2, DANA, GIL, HOURS_8, IMPERSONATION, NO_AGENT, NO_CASE, NOBODY, OPAL, OPERATOR,
    PAUL, SAM, T0, TESS, World, ZED, admin, agent, ask, create_admin, create_agent, create_org,
    credential_id, end, extend, grant, mint, new_case, secret, session_id, start, upstream,
};

#[test]
fn r03_an_impersonation_does_nothing_at_all() {
    let mut w = World::granted();
    w.ok(agent(SAM), start(C1, 1));
    let commands = [
        grant(C1, 2),
        extend(C1),
        Command::Revoke { case: C1 },
        Command::ApproveSelfAssignment { case: C1 },
        Command::WithdrawSelfAssignment { case: C1 },
        Command::Block { org: ACME },
        Command::Unblock { org: ACME },
        Command::ChangeSettings {
            org: ACME,
            settings: OrgSettings::default(),
        },
        mint(CredentialOwner::Admin(DANA)),
        mint(CredentialOwner::Agent(SAM)),
        Command::RevokeCredential {
            credential: CredentialId::from_uuid(Uuid::from_u128(70)),
            owner: CredentialOwner::Agent(SAM),
            spent: false,
        },
        start(C1, 2),
        end(C1, 1),
        Command::OpenLink {
            case: C1,
            session: session_id(1),
            code: secret(2),
            handover: secret(3),
            browser: secret(4),
        },
        Command::EnterSession {
            case: C1,
            session: session_id(1),
            handover: secret(3),
            browser: secret(4),
            cookie: secret(5),
        },
        ask(C1),
        Command::WithdrawRequest { case: C1 },
        Command::OpenCase(new_case(C2, OpenedBy::Admin(DANA), &[])),
        Command::CloseCase { case: C1 },
        Command::ReopenCase { case: C1 },
        Command::JoinTeam {
            case: C1,
            agent: ZED,
        },
        Command::LeaveTeam {
            case: C1,
            agent: SAM,
        },
        create_org(),
        create_admin(ACME),
        create_agent(),
        Command::SignIn,
        Command::RegisterPasskey {
            credential: credential_id(1),
            name: PasskeyName::parse("laptop").unwrap(),
            signed_in_at: T0,
        },
        Command::RemovePasskey {
            credential: credential_id(1),
        },
        Command::Accept {
            what: Awaiting::Admin(PAUL),
        },
        Command::Refuse {
            what: Awaiting::Admin(PAUL),
        },
        Command::SetRole {
            admin: PAUL,
            role: Role::SuperAdmin,
        },
        Command::SetAdminActive {
            admin: PAUL,
            active: false,
        },
        Command::SetAgentActive {
            agent: ZED,
            active: false,
        },
        Command::SetUpstream {
            org: ACME,
            upstream: upstream("http://127.0.0.1:9001"),
        },
    ];
    for command in commands {
        w.refuses([(IMPERSONATION, command, Refusal::ImpersonationCannotAct)]);
    }
}

#[test]
fn r03_no_agent_acts_as_an_approver() {
    let w = World::granted();
    for (actor, refusal) in [
        (agent(SAM), Refusal::OnlyApprovers),
        (agent(ZED), Refusal::CaseNotFound),
    ] {
        w.refuses([
            (actor, grant(C1, 2), refusal.clone()),
            (actor, extend(C1), refusal.clone()),
            (actor, Command::Revoke { case: C1 }, refusal.clone()),
            (
                actor,
                Command::ApproveSelfAssignment { case: C1 },
                refusal.clone(),
            ),
            (actor, Command::WithdrawSelfAssignment { case: C1 }, refusal),
            (
                actor,
                Command::Block { org: ACME },
                Refusal::OnlySuperAdmins,
            ),
        ]);
    }
    w.refuses([(admin(DANA), grant(NO_CASE, 1), Refusal::CaseNotFound)]);
}

#[test]
fn r03_every_minting_of_a_credential_is_an_entry() {
    let w = World::new();
    let rows = [
        (
            OPERATOR,
            CredentialOwner::Operator,
            None,
            StreamId::Operators,
        ),
        (
            OPERATOR,
            CredentialOwner::Admin(DANA),
            Some(ACME),
            StreamId::Admin(DANA),
        ),
        (
            OPERATOR,
            CredentialOwner::Agent(SAM),
            None,
            StreamId::Agent(SAM),
        ),
        (
            admin(PAUL),
            CredentialOwner::Admin(PAUL),
            Some(ACME),
            StreamId::Admin(PAUL),
        ),
        (
            agent(SAM),
            CredentialOwner::Agent(SAM),
            None,
            StreamId::Agent(SAM),
        ),
    ];
    for (actor, owner, org, stream) in rows {
        let events = w.would(actor, mint(owner)).unwrap();
        assert_eq!(
            events,
            [Event::CredentialMinted {
                credential: CredentialId::from_uuid(Uuid::from_u128(70)),
                owner,
                org,
                credential_kind: CredentialKind::ApiToken,
                expires_at: T0.plus(HOURS_8),
                own: false,
            }]
        );
        assert_eq!(events.first().map(Event::stream), Some(stream));
        assert_eq!(events.first().and_then(Event::org), org);
    }
    w.refuses([
        (
            admin(DANA),
            mint(CredentialOwner::Admin(OPAL)),
            Refusal::NotYoursToMint,
        ),
        (
            admin(DANA),
            mint(CredentialOwner::Operator),
            Refusal::NotYoursToMint,
        ),
        (
            agent(SAM),
            mint(CredentialOwner::Agent(TESS)),
            Refusal::NotYoursToMint,
        ),
        (
            agent(SAM),
            mint(CredentialOwner::Admin(DANA)),
            Refusal::NotYoursToMint,
        ),
        (
            agent(SAM),
            mint(CredentialOwner::Operator),
            Refusal::NotYoursToMint,
        ),
        (
            OPERATOR,
            mint(CredentialOwner::Admin(NOBODY)),
            Refusal::PersonNotFound,
        ),
        (
            OPERATOR,
            mint(CredentialOwner::Agent(NO_AGENT)),
            Refusal::PersonNotFound,
        ),
    ]);
}

#[test]
fn r03_nobody_mints_for_the_deactivated() {
    let mut w = World::new();
    w.admin_active(PAUL, false).agent_active(ZED, false);
    w.refuses([
        (
            OPERATOR,
            mint(CredentialOwner::Admin(PAUL)),
            Refusal::PersonNotFound,
        ),
        (
            OPERATOR,
            mint(CredentialOwner::Agent(ZED)),
            Refusal::PersonNotFound,
        ),
    ]);
}

#[test]
fn r03_operators_owners_and_super_admins_of_the_org_take_credentials_away() {
    let w = World::new();
    let credential = CredentialId::from_uuid(Uuid::from_u128(70));
    let revoke = |owner, spent| Command::RevokeCredential {
        credential,
        owner,
        spent,
    };
    let paul = CredentialOwner::Admin(PAUL);
    let sam = CredentialOwner::Agent(SAM);
    for (actor, owner, org, stream) in [
        (OPERATOR, paul, Some(ACME), StreamId::Admin(PAUL)),
        (OPERATOR, sam, None, StreamId::Agent(SAM)),
        (
            OPERATOR,
            CredentialOwner::Operator,
            None,
            StreamId::Operators,
        ),
        (admin(PAUL), paul, Some(ACME), StreamId::Admin(PAUL)),
        (admin(DANA), paul, Some(ACME), StreamId::Admin(PAUL)),
        (agent(SAM), sam, None, StreamId::Agent(SAM)),
    ] {
        let events = w.would(actor, revoke(owner, false)).unwrap();
        let revoked = Event::CredentialRevoked {
            credential,
            owner,
            org,
        };
        assert_eq!(events, [revoked], "{actor:?} {owner:?}");
        assert_eq!(events.first().map(Event::stream), Some(stream));
        assert_eq!(events.first().and_then(Event::org), org);
        // One that opens nothing any more is revoked as it is.
        assert_eq!(w.would(actor, revoke(owner, true)), Ok(vec![]));
    }
    for (actor, owner) in [
        (admin(OPAL), paul),
        (admin(GIL), paul),
        (agent(SAM), paul),
        (admin(DANA), sam),
        (agent(TESS), sam),
        (admin(DANA), CredentialOwner::Operator),
        (agent(SAM), CredentialOwner::Operator),
    ] {
        for spent in [false, true] {
            let refused = w.would(actor, revoke(owner, spent));
            assert_eq!(refused, Err(Refusal::CredentialNotFound), "{actor:?}");
        }
    }
}

#[test]
fn r03_no_link_signs_an_operator_in() {
    let link = |owner| Command::MintCredential {
        credential: CredentialId::from_uuid(Uuid::from_u128(70)),
        owner,
        kind: CredentialKind::LoginLink,
        expires_at: T0.plus(HOURS_8),
    };
    let w = World::new();
    w.refuses([
        (
            OPERATOR,
            link(CredentialOwner::Operator),
            Refusal::OperatorsSignInNowhere,
        ),
        (
            admin(DANA),
            link(CredentialOwner::Operator),
            Refusal::NotYoursToMint,
        ),
    ]);
    w.accepts([(OPERATOR, link(CredentialOwner::Agent(SAM)))]);
}
