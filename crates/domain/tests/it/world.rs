//! A small world to judge commands in, built through the real commands.

use std::collections::BTreeSet;

use countersign_domain::{
    Access, Actor, AdminId, AgentId, Attested, Case, CaseId, CaseNumber, Command, CredentialId,
    CredentialKind, CredentialOwner, Duration, Email, Event, Grant, GrantId, ImpersonationStatus,
    Justification, Label, NewCase, OpenedBy, OperatorVia, OrgId, OrgSettings, Origin, PersonName,
    Refusal, Role, SecretHash, SessionId, SessionLimits, Slug, State, Timestamp, Title, Upstream,
    decide,
};
use uuid::Uuid;

pub(crate) const T0: Timestamp = Timestamp::from_millis(1_800_000_000_000);
pub(crate) const MS: Duration = Duration::from_millis(1);
pub(crate) const HOURS_8: Duration = Duration::from_hours(8);
pub(crate) const HOURS_24: Duration = Duration::from_hours(24);

pub(crate) const ACME: OrgId = OrgId::from_uuid(Uuid::from_u128(1));
pub(crate) const GLOBEX: OrgId = OrgId::from_uuid(Uuid::from_u128(2));

/// Super admin of Acme.
pub(crate) const DANA: AdminId = AdminId::from_uuid(Uuid::from_u128(10));
/// Another super admin of Acme.
pub(crate) const ANNE: AdminId = AdminId::from_uuid(Uuid::from_u128(11));
/// Plain admin of Acme, who opens cases.
pub(crate) const OPAL: AdminId = AdminId::from_uuid(Uuid::from_u128(12));
/// Plain admin of Acme, who opens none.
pub(crate) const PAUL: AdminId = AdminId::from_uuid(Uuid::from_u128(13));
/// Super admin of Globex.
pub(crate) const GIL: AdminId = AdminId::from_uuid(Uuid::from_u128(14));
pub(crate) const NOBODY: AdminId = AdminId::from_uuid(Uuid::from_u128(99));

pub(crate) const SAM: AgentId = AgentId::from_uuid(Uuid::from_u128(20));
pub(crate) const TESS: AgentId = AgentId::from_uuid(Uuid::from_u128(21));
/// An agent on no team.
pub(crate) const ZED: AgentId = AgentId::from_uuid(Uuid::from_u128(22));
pub(crate) const NO_AGENT: AgentId = AgentId::from_uuid(Uuid::from_u128(98));

pub(crate) const C1: CaseId = CaseId::from_uuid(Uuid::from_u128(30));
pub(crate) const C2: CaseId = CaseId::from_uuid(Uuid::from_u128(31));
pub(crate) const NO_CASE: CaseId = CaseId::from_uuid(Uuid::from_u128(39));

pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};
/// Sam acting as the super admin.
pub(crate) const IMPERSONATION: Actor = Actor::Impersonation {
    agent: SAM,
    subject: DANA,
    session: session_id(1),
};

pub(crate) const fn grant_id(n: u128) -> GrantId {
    GrantId::from_uuid(Uuid::from_u128(1_000 + n))
}

pub(crate) const fn session_id(n: u128) -> SessionId {
    SessionId::from_uuid(Uuid::from_u128(2_000 + n))
}

pub(crate) const fn secret(n: u8) -> SecretHash {
    SecretHash::from_bytes([n; 32])
}

/// Through nothing that is known; enough until the org is claimed.
pub(crate) const fn admin(id: AdminId) -> Actor {
    Actor::Admin { id, via: None }
}

pub(crate) const fn through(id: AdminId, via: CredentialId) -> Actor {
    Actor::Admin { id, via: Some(via) }
}

pub(crate) const fn credential_id(n: u128) -> CredentialId {
    CredentialId::from_uuid(Uuid::from_u128(3_000 + n))
}

pub(crate) const fn agent(id: AgentId) -> Actor {
    Actor::Agent { id }
}

pub(crate) fn why(text: &str) -> Justification {
    Justification::parse(text).unwrap()
}

pub(crate) fn reason() -> Justification {
    why("the invoice page shows an error")
}

pub(crate) fn ask(case: CaseId) -> Command {
    ask_as(case, None)
}

pub(crate) fn ask_as(case: CaseId, subject: Option<AdminId>) -> Command {
    Command::RequestAccess {
        case,
        justification: reason(),
        subject,
    }
}

pub(crate) fn grant(case: CaseId, n: u128) -> Command {
    Command::Grant {
        case,
        grant: grant_id(n),
    }
}

pub(crate) fn extend(case: CaseId) -> Command {
    Command::Extend { case, to: None }
}

pub(crate) fn start(case: CaseId, n: u128) -> Command {
    start_for(case, n, SessionLimits::default())
}

pub(crate) fn start_for(case: CaseId, n: u128, limits: SessionLimits) -> Command {
    Command::StartSession {
        case,
        session: session_id(n),
        label: Label::parse(&format!("s{n}")).unwrap(),
        token: secret(1),
        code: secret(2),
        limits,
    }
}

pub(crate) fn end(case: CaseId, n: u128) -> Command {
    Command::EndSession {
        case,
        session: session_id(n),
    }
}

pub(crate) fn new_case(case: CaseId, opened_by: OpenedBy, team: &[AgentId]) -> NewCase {
    NewCase {
        case,
        org: ACME,
        number: CaseNumber::parse(&format!("N-{}", case.as_uuid().as_u128())).unwrap(),
        number_chosen: false,
        title: Title::parse("Invoices do not load").unwrap(),
        opened_by,
        team: team.iter().copied().collect::<BTreeSet<_>>(),
    }
}

pub(crate) fn upstream(origin: &str) -> Upstream {
    Upstream::new(Origin::parse(origin).unwrap())
}

pub(crate) fn mint(owner: CredentialOwner) -> Command {
    Command::MintCredential {
        credential: CredentialId::from_uuid(Uuid::from_u128(70)),
        owner,
        kind: CredentialKind::ApiToken,
        expires_at: T0.plus(HOURS_8),
    }
}

pub(crate) fn create_org() -> Command {
    Command::CreateOrg {
        org: ACME,
        slug: Slug::parse("acme").unwrap(),
        name: PersonName::parse("Acme Inc").unwrap(),
    }
}

pub(crate) fn create_admin(org: OrgId) -> Command {
    Command::CreateAdmin {
        admin: NOBODY,
        org,
        email: Email::parse("new@customer.test").unwrap(),
        name: PersonName::parse("New").unwrap(),
        role: Role::Admin,
    }
}

pub(crate) fn create_agent() -> Command {
    Command::CreateAgent {
        agent: NO_AGENT,
        email: Email::parse("new@vendor.test").unwrap(),
        name: PersonName::parse("New").unwrap(),
    }
}

/// Something that happens to a world.
pub(crate) type Act = fn(&mut World);

pub(crate) struct World {
    pub(crate) state: State,
    pub(crate) now: Timestamp,
}

impl World {
    /// Two orgs with their people, three agents, no case.
    pub(crate) fn new() -> Self {
        let mut w = Self {
            state: State::default(),
            now: T0,
        };
        for (org, slug) in [(ACME, "acme"), (GLOBEX, "globex")] {
            w.ok(
                OPERATOR,
                Command::CreateOrg {
                    org,
                    slug: Slug::parse(slug).unwrap(),
                    name: PersonName::parse(slug).unwrap(),
                },
            );
            w.ok(
                OPERATOR,
                Command::SetUpstream {
                    org,
                    upstream: upstream("http://127.0.0.1:9000"),
                },
            );
        }
        for (id, org, name, role) in [
            (DANA, ACME, "dana", Role::SuperAdmin),
            (ANNE, ACME, "anne", Role::SuperAdmin),
            (OPAL, ACME, "opal", Role::Admin),
            (PAUL, ACME, "paul", Role::Admin),
            (GIL, GLOBEX, "gil", Role::SuperAdmin),
        ] {
            w.ok(
                OPERATOR,
                Command::CreateAdmin {
                    admin: id,
                    org,
                    email: Email::parse(&format!("{name}@customer.test")).unwrap(),
                    name: PersonName::parse(name).unwrap(),
                    role,
                },
            );
        }
        for (id, name) in [(SAM, "sam"), (TESS, "tess"), (ZED, "zed")] {
            w.ok(
                OPERATOR,
                Command::CreateAgent {
                    agent: id,
                    email: Email::parse(&format!("{name}@vendor.test")).unwrap(),
                    name: PersonName::parse(name).unwrap(),
                },
            );
        }
        w
    }

    /// [`World::new`] and case C1 of Acme: opened by Opal herself, with Sam and Tess on its team.
    pub(crate) fn with_case() -> Self {
        let mut w = Self::new();
        w.ok(
            admin(OPAL),
            Command::OpenCase(new_case(C1, OpenedBy::Admin(OPAL), &[])),
        );
        w.join(C1, SAM).join(C1, TESS);
        w
    }

    /// [`World::with_case`] and Sam's request.
    pub(crate) fn asked() -> Self {
        let mut w = Self::with_case();
        w.ok(agent(SAM), ask(C1));
        w
    }

    /// [`World::asked`] and Dana's tick, as grant 1.
    pub(crate) fn granted() -> Self {
        let mut w = Self::asked();
        w.ok(admin(DANA), grant(C1, 1));
        w
    }

    /// [`World::granted`], now at the first moment after its 8 hours.
    pub(crate) fn expired() -> Self {
        let mut w = Self::granted();
        w.pass(HOURS_8);
        w
    }

    /// A case of Acme's that the operator enters.
    pub(crate) fn tracked(&mut self, case: CaseId, by: OpenedBy, team: &[AgentId]) -> &mut Self {
        self.ok(OPERATOR, Command::OpenCase(new_case(case, by, team)));
        self
    }

    pub(crate) fn join(&mut self, case: CaseId, agent: AgentId) -> &mut Self {
        self.ok(OPERATOR, Command::JoinTeam { case, agent });
        self
    }

    pub(crate) fn leave(&mut self, case: CaseId, agent: AgentId) -> &mut Self {
        self.ok(OPERATOR, Command::LeaveTeam { case, agent });
        self
    }

    pub(crate) fn admin_active(&mut self, admin: AdminId, active: bool) -> &mut Self {
        self.ok(OPERATOR, Command::SetAdminActive { admin, active });
        self
    }

    pub(crate) fn agent_active(&mut self, agent: AgentId, active: bool) -> &mut Self {
        self.ok(OPERATOR, Command::SetAgentActive { agent, active });
        self
    }

    pub(crate) fn role(&mut self, admin: AdminId, role: Role) -> &mut Self {
        self.ok(OPERATOR, Command::SetRole { admin, role });
        self
    }

    pub(crate) fn settings(&mut self, change: impl FnOnce(&mut OrgSettings)) -> &mut Self {
        let mut settings = OrgSettings::default();
        change(&mut settings);
        self.ok(
            admin(DANA),
            Command::ChangeSettings {
                org: ACME,
                settings,
            },
        );
        self
    }

    pub(crate) fn blocked(&mut self) -> &mut Self {
        self.ok(admin(DANA), Command::Block { org: ACME });
        self
    }

    pub(crate) fn pass(&mut self, span: Duration) -> &mut Self {
        self.now = self.now.plus(span);
        self
    }

    pub(crate) fn at(&mut self, moment: Timestamp) -> &mut Self {
        self.now = moment;
        self
    }

    /// Judges, and lets what happened happen.
    pub(crate) fn do_(&mut self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        let events = self.would(actor, command)?;
        for event in &events {
            self.state.evolve(self.now, event);
        }
        Ok(events)
    }

    /// Judges only.
    #[allow(clippy::needless_pass_by_value)]
    pub(crate) fn would(&self, actor: Actor, command: Command) -> Result<Vec<Event>, Refusal> {
        decide(&self.state, &command, &actor, self.now)
    }

    #[track_caller]
    pub(crate) fn ok(&mut self, actor: Actor, command: Command) -> Vec<Event> {
        let asked = format!("{actor:?} {command:?}");
        match self.do_(actor, command) {
            Ok(events) => events,
            Err(refusal) => panic!("{asked}: {refusal:?}"),
        }
    }

    /// Judges each row in this very world, changing nothing.
    #[track_caller]
    pub(crate) fn refuses<const N: usize>(&self, rows: [(Actor, Command, Refusal); N]) {
        for (actor, command, refusal) in rows {
            let asked = format!("{actor:?} {command:?}");
            assert_eq!(self.would(actor, command), Err(refusal), "{asked}");
        }
    }

    /// Each row is accepted and nothing happens.
    #[track_caller]
    pub(crate) fn changes_nothing<const N: usize>(&self, rows: [(Actor, Command); N]) {
        for (actor, command) in rows {
            let asked = format!("{actor:?} {command:?}");
            assert_eq!(self.would(actor, command), Ok(vec![]), "{asked}");
        }
    }

    /// Each row is accepted and something happens.
    #[track_caller]
    pub(crate) fn accepts<const N: usize>(&self, rows: [(Actor, Command); N]) {
        for (actor, command) in rows {
            let asked = format!("{actor:?} {command:?}");
            let verdict = self.would(actor, command);
            assert!(
                verdict.as_ref().is_ok_and(|events| !events.is_empty()),
                "{asked}: {verdict:?}"
            );
        }
    }

    pub(crate) fn case(&self, id: CaseId) -> &Case {
        self.state.case(id).unwrap()
    }

    pub(crate) fn reads(&self, id: CaseId) -> (ImpersonationStatus, Option<Timestamp>) {
        self.case(id).impersonation(self.now)
    }

    pub(crate) fn grant_of(&self, id: CaseId) -> Grant {
        self.case(id).access.unrevoked().unwrap().clone()
    }

    pub(crate) fn has_request(&self, id: CaseId) -> bool {
        self.case(id).access.request().is_some()
    }

    pub(crate) fn runs(&self, case: CaseId, n: u128) -> bool {
        self.case(case).running(session_id(n), self.now).is_some()
    }

    pub(crate) fn is_revoked(&self, case: CaseId) -> bool {
        matches!(self.case(case).access, Access::Revoked { .. })
    }

    pub(crate) fn attested(&self, case: CaseId) -> Attested {
        self.case(case).opened_by.attested
    }
}
