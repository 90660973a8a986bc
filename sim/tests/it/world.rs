//! The world a history happens in: three orgs, their people, five cases, and the two statements of
//! the rules side by side.

use std::collections::{BTreeMap, BTreeSet};

use countersign_decision::View;
use countersign_domain::{
    Actor, AdminId, AgentId, Awaiting, Case, CaseId, CaseNumber, Command, CredentialId,
    CredentialKind, CredentialOwner, Duration, Email, GrantId, NewCase, OpenedBy, OperatorVia,
    OrgId, Origin, PersonName, Role, SecretHash, SessionId, SessionLimits, Slug, State, Timestamp,
    Title, Upstream,
};
use countersign_sim::reference::History;
use proptest::{prop_assert, test_runner::TestCaseError};

use crate::{
    happening::Happened,
    steps::{Act, Plan, Step, Wait, Who},
};

pub(crate) const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

macro_rules! id {
    ($name:ident, $t:ty) => {
        pub(crate) fn $name(n: usize) -> $t {
            format!("{}_{n:032x}", <$t>::PREFIX).parse().unwrap()
        }
    };
}

id!(org, OrgId);
id!(admin, AdminId);
id!(agent, AgentId);
id!(case, CaseId);
id!(grant, GrantId);
id!(session, SessionId);
id!(credential, CredentialId);

/// Org and role of each customer user.
pub(crate) const ADMINS: [(usize, Role); 7] = [
    (0, Role::SuperAdmin),
    (0, Role::SuperAdmin),
    (0, Role::Admin),
    (0, Role::Admin),
    (1, Role::SuperAdmin),
    (1, Role::Admin),
    (2, Role::SuperAdmin),
];
pub(crate) const AGENTS: usize = 4;
/// Few enough sessions at a time for histories to come to the limit.
pub(crate) const LIMITS: SessionLimits = SessionLimits {
    idle: Duration::from_mins(30),
    absolute: Duration::from_hours(8),
    per_agent: 2,
};
pub(crate) const HASH: SecretHash = SecretHash::from_bytes([7; 32]);

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) state: State,
    /// What the gateway decides from, folded from the same events.
    pub(crate) view: View,
    pub(crate) history: History,
    pub(crate) happened: Vec<Happened>,
    pub(crate) now: Timestamp,
    pub(crate) cases: usize,
    /// The case of each session ever started.
    pub(crate) sessions: Vec<CaseId>,
    /// Whether what can be read is compared after every step.
    pub(crate) compares: bool,
    made: usize,
    /// Every credential of a customer user ever made, and its owner.
    pub(crate) credentials: Vec<(CredentialId, AdminId)>,
    /// Cases that were closed and opened again.
    pub(crate) reopened: BTreeSet<CaseId>,
    /// How often each interesting situation came up, and each refusal.
    pub(crate) situations: BTreeMap<&'static str, u32>,
}

impl World {
    pub(crate) fn new() -> Result<Self, TestCaseError> {
        let mut w = Self {
            state: State::default(),
            view: View::default(),
            history: History::default(),
            happened: vec![],
            now: Timestamp::from_millis(1_800_000_000_000),
            cases: 0,
            sessions: vec![],
            compares: true,
            made: 0,
            credentials: vec![],
            reopened: BTreeSet::new(),
            situations: BTreeMap::new(),
        };
        for (n, slug) in ["acme", "globex", "initech"].into_iter().enumerate() {
            let name = PersonName::parse(slug).unwrap();
            let slug = Slug::parse(slug).unwrap();
            let upstream = Upstream::new(Origin::parse("http://127.0.0.1:9000").unwrap());
            let org = org(n);
            w.judge(OPERATOR, &Command::CreateOrg { org, slug, name })?;
            w.judge(OPERATOR, &Command::SetUpstream { org, upstream })?;
        }
        for (n, (of, role)) in ADMINS.into_iter().enumerate() {
            let create = Command::CreateAdmin {
                admin: admin(n),
                org: org(of),
                email: Email::parse(&format!("a{n}@customer.test")).unwrap(),
                name: PersonName::parse(&format!("a{n}")).unwrap(),
                role,
            };
            w.judge(OPERATOR, &create)?;
        }
        for n in 0..AGENTS {
            let create = Command::CreateAgent {
                agent: agent(n),
                email: Email::parse(&format!("s{n}@vendor.test")).unwrap(),
                name: PersonName::parse(&format!("s{n}")).unwrap(),
            };
            w.judge(OPERATOR, &create)?;
        }
        let (a2, a3) = (admin(2), admin(3));
        let by_a2 = Actor::Admin { id: a2, via: None };
        w.open(by_a2, 0, OpenedBy::Admin(a2), &[])?;
        w.open(OPERATOR, 0, OpenedBy::Admin(a3), &[1, 2])?;
        w.open(OPERATOR, 0, OpenedBy::Agent(agent(0)), &[1])?;
        let own = Actor::Agent { id: agent(0) };
        w.open(own, 0, OpenedBy::Agent(agent(0)), &[0])?;
        w.open(OPERATOR, 1, OpenedBy::Agent(agent(2)), &[0, 1])?;
        for n in [0, 1] {
            let join = Command::JoinTeam {
                case: case(0),
                agent: agent(n),
            };
            w.judge(OPERATOR, &join)?;
        }
        Ok(w)
    }

    fn open(
        &mut self,
        actor: Actor,
        of: usize,
        opened_by: OpenedBy,
        team: &[usize],
    ) -> Result<(), TestCaseError> {
        let open = Command::OpenCase(NewCase {
            case: case(self.cases),
            org: org(of),
            number: CaseNumber::parse(&format!("N-{}", self.cases)).unwrap(),
            number_chosen: actor == OPERATOR,
            title: Title::parse("Invoices do not load").unwrap(),
            opened_by,
            team: team.iter().copied().map(agent).collect::<BTreeSet<_>>(),
        });
        if self.judge(actor, &open)? {
            self.cases += 1;
        }
        Ok(())
    }

    /// Everybody gets a way in, and one super admin of two orgs signs in by passkey.
    fn claim(&mut self) -> Result<(), TestCaseError> {
        for n in [0, 1, 2, 4, 6] {
            let key = self.command(case(0), Act::Passkey { minutes: 0 });
            let owner = Actor::Admin {
                id: admin(n),
                via: None,
            };
            self.does(owner, &key)?;
        }
        for n in [0, 3, 5] {
            let link = Command::MintCredential {
                credential: credential(self.fresh()),
                owner: CredentialOwner::Admin(admin(n)),
                kind: CredentialKind::LoginLink,
                expires_at: self.now,
            };
            self.does(OPERATOR, &link)?;
        }
        for n in [0, 6] {
            let key = self.ways(admin(n))[0];
            prop_assert!(self.does(key, &Command::SignIn)?);
        }
        let (claimer, second) = (self.ways(admin(0))[0], self.ways(admin(1))[0]);
        let key = match second {
            Actor::Admin { via: Some(via), .. } => Awaiting::Credential(via),
            _ => Awaiting::Admin(admin(1)),
        };
        for what in [Awaiting::Admin(admin(1)), key] {
            let accepted = self.does(claimer, &Command::Accept { what })?;
            prop_assert!(accepted);
        }
        self.agree_on_the_world()
    }

    /// Judges a command, and keeps what it made.
    fn does(&mut self, actor: Actor, command: &Command) -> Result<bool, TestCaseError> {
        let happened = self.judge(actor, command)?;
        match command {
            Command::StartSession { case, .. } if happened => {
                self.sessions.push(*case);
                self.browse();
            }
            Command::MintCredential {
                credential,
                owner: CredentialOwner::Admin(owner),
                ..
            } if happened => self.credentials.push((*credential, *owner)),
            Command::RegisterPasskey { credential, .. } if happened => {
                if let Actor::Admin { id, .. } = actor {
                    self.credentials.push((*credential, id));
                }
            }
            Command::ReopenCase { case } if happened => {
                self.reopened.insert(*case);
            }
            _ => {}
        }
        Ok(happened)
    }

    /// Lives through a whole plan, comparing after every step.
    pub(crate) fn live_through(plan: &Plan) -> Result<Self, TestCaseError> {
        Self::new()?.through(plan)
    }

    /// Lives through a whole plan, comparing what is decided only.
    pub(crate) fn pass_through(plan: &Plan) -> Result<Self, TestCaseError> {
        let mut w = Self::new()?;
        w.compares = false;
        w.through(plan)
    }

    fn through(mut self, plan: &Plan) -> Result<Self, TestCaseError> {
        if plan.claimed {
            self.claim()?;
        }
        for step in &plan.steps {
            self.step(step, plan.focus)?;
        }
        Ok(self)
    }

    fn step(&mut self, step: &Step, focus: u8) -> Result<(), TestCaseError> {
        let on = case(usize::from(step.case.unwrap_or(focus)) % self.cases);
        match step.wait {
            Wait::None => {}
            Wait::Millis(span) => self.now = self.now.plus(Duration::from_millis(span)),
            Wait::ToExpiry(delta) => {
                let expiry = self
                    .known(on)
                    .access
                    .unrevoked()
                    .map(|g| g.period.expires_at);
                let then = expiry.map(|e| e.plus(Duration::from_millis(delta)));
                self.now = self.now.max(then.unwrap_or(self.now));
            }
        }
        if !matches!(step.wait, Wait::None) {
            self.agree_on_the_world()?;
        }
        if let Act::Open { opener, team } = step.act {
            return self.open_any(step.who, opener, team);
        }
        let act = match step.act {
            Act::Onward(n) => self.onward(on, n),
            act => act,
        };
        let command = self.command(on, act);
        let actor = self.actor(on, step.who, act, &command);
        self.does(actor, &command)?;
        self.agree_on_the_world()
    }

    fn open_any(&mut self, who: Who, opener: u8, team: u8) -> Result<(), TestCaseError> {
        let (opener, team) = (usize::from(opener), usize::from(team));
        let opened_by = if opener.is_multiple_of(2) {
            OpenedBy::Admin(admin(opener / 2 % ADMINS.len()))
        } else {
            OpenedBy::Agent(agent(opener / 2 % AGENTS))
        };
        let actor = match who {
            Who::Fitting(_) => OPERATOR,
            Who::Anyone(n) => self.anyone(n),
        };
        let team: Vec<usize> = (0..AGENTS).filter(|n| team >> n & 1 == 1).collect();
        self.open(actor, team.len() % 3, opened_by, &team)?;
        self.agree_on_the_world()
    }

    pub(crate) fn known(&self, id: CaseId) -> &Case {
        self.state.case(id).unwrap()
    }

    pub(crate) fn fresh(&mut self) -> usize {
        self.made += 1;
        self.made
    }
}

pub(crate) fn agents() -> impl Iterator<Item = AgentId> {
    (0..AGENTS).map(agent)
}
