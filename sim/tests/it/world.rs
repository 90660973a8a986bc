//! The world a history happens in: three orgs, their people, five cases, and the two statements of
//! the rules side by side.

use std::collections::{BTreeMap, BTreeSet};

use countersign_decision::View;
use countersign_domain::{
    Access, Actor, AdminId, AgentId, Approvers, Case, CaseId, CaseNumber, Command, Duration, Email,
    GrantId, Justification, Label, Mode, NewCase, OpenedBy, OperatorVia, OrgId, OrgSettings,
    Origin, PersonName, Role, SecretHash, SessionId, SessionLimits, Slug, State, Timestamp, Title,
    Upstream,
};
use countersign_sim::reference::History;
use proptest::test_runner::TestCaseError;

use crate::{
    happening::Happened,
    steps::{Act, Plan, Step, To, Wait, Who},
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

/// Org and role of each customer user.
const ADMINS: [(usize, Role); 7] = [
    (0, Role::SuperAdmin),
    (0, Role::SuperAdmin),
    (0, Role::Admin),
    (0, Role::Admin),
    (1, Role::SuperAdmin),
    (1, Role::Admin),
    (2, Role::SuperAdmin),
];
const AGENTS: usize = 4;
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
        w.open(Actor::Admin { id: a2 }, 0, OpenedBy::Admin(a2), &[])?;
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
        let happened = self.judge(actor, &command)?;
        match command {
            Command::StartSession { case, .. } if happened => {
                self.sessions.push(case);
                self.browse();
            }
            Command::ReopenCase { case } if happened => {
                self.reopened.insert(case);
            }
            _ => {}
        }
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

    fn fresh(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    /// What brings the case on from where it stands.
    fn onward(&self, case: CaseId, n: u8) -> Act {
        let known = self.known(case);
        let start = Act::Start { hours: 8 };
        let ask = Act::Ask { subject: None };
        let options: &[Act] = if !known.is_open() {
            &[Act::Reopen]
        } else if self.state.org(known.org).unwrap().block.is_some() {
            &[Act::Unblock]
        } else if known.awaits_self_assignment() {
            &[Act::ApproveSelf]
        } else if !known.team.keys().any(|id| self.state.agent_is_active(*id)) {
            &[Act::Join(n), Act::AgentActive(n, true)]
        } else if self.approvers(known).len() < 2 {
            &[Act::AdminActive(n, true), Act::Role(n, true)]
        } else {
            match &known.access {
                Access::NotRequested => &[ask],
                Access::Requested { earlier: None, .. } => {
                    &[Act::Grant, Act::Grant, Act::Leave(n), Act::Role(n, true)]
                }
                Access::Requested { .. } => &[Act::Grant, Act::Extend(To::Click)],
                Access::Granted { grant, .. } if grant.period.is_live(self.now) => &[
                    start,
                    start,
                    start,
                    Act::Extend(To::Click),
                    Act::End(n),
                    ask,
                ],
                Access::Granted { .. } => &[Act::Extend(To::Click), Act::Grant, ask],
                Access::Revoked { .. } => &[Act::Grant, ask],
            }
        };
        options[usize::from(n / 3) % options.len()]
    }

    /// The act as a definite command.
    fn command(&mut self, case: CaseId, act: Act) -> Command {
        let pick_agent = |n: u8| agent(usize::from(n) % AGENTS);
        let pick_admin = |n: u8| admin(usize::from(n) % ADMINS.len());
        let org = self.known(case).org;
        match act {
            Act::Ask { subject } => Command::RequestAccess {
                case,
                justification: Justification::parse("the invoice page shows an error").unwrap(),
                subject: subject.map(pick_admin),
            },
            Act::Withdraw => Command::WithdrawRequest { case },
            Act::Grant => Command::Grant {
                case,
                grant: grant(self.fresh()),
            },
            Act::Extend(to) => Command::Extend {
                case,
                to: self.explicit(case, to),
            },
            Act::Revoke => Command::Revoke { case },
            Act::ApproveSelf => Command::ApproveSelfAssignment { case },
            Act::WithdrawSelf => Command::WithdrawSelfAssignment { case },
            Act::Start { hours } => Command::StartSession {
                case,
                session: session(self.sessions.len()),
                label: Label::parse(&format!("s{}", self.sessions.len())).unwrap(),
                token: HASH,
                code: HASH,
                limits: SessionLimits {
                    absolute: Duration::from_hours(hours.into()),
                    ..LIMITS
                },
            },
            Act::End(n) => {
                let n = usize::from(n) % self.sessions.len().max(1);
                let case = self.sessions.get(n).copied().unwrap_or(case);
                Command::EndSession {
                    case,
                    session: session(n),
                }
            }
            Act::EndLast => {
                let last = self.sessions.len().saturating_sub(1);
                Command::EndSession {
                    case: self.sessions.last().copied().unwrap_or(case),
                    session: session(last),
                }
            }
            Act::Close => Command::CloseCase { case },
            Act::Reopen => Command::ReopenCase { case },
            Act::Join(n) => Command::JoinTeam {
                case,
                agent: pick_agent(n),
            },
            Act::JoinOpener => Command::JoinTeam {
                case,
                agent: match self.known(case).opened_by.who {
                    OpenedBy::Agent(id) => id,
                    OpenedBy::Admin(_) => agent(0),
                },
            },
            Act::Leave(n) => Command::LeaveTeam {
                case,
                agent: pick_agent(n),
            },
            Act::AgentActive(n, active) => Command::SetAgentActive {
                agent: pick_agent(n),
                active,
            },
            Act::AdminActive(n, active) => Command::SetAdminActive {
                admin: pick_admin(n),
                active,
            },
            Act::Role(n, up) => Command::SetRole {
                admin: pick_admin(n),
                role: if up { Role::SuperAdmin } else { Role::Admin },
            },
            Act::Stop(n) => self.stop(case, n),
            Act::Settings(n) => Command::ChangeSettings {
                org,
                settings: settings(n),
            },
            Act::Block => Command::Block { org },
            Act::Upstream => Command::SetUpstream {
                org,
                upstream: another_upstream(self.fresh()),
            },
            Act::Unblock | Act::Open { .. } | Act::Onward(_) => Command::Unblock { org },
        }
    }

    fn stop(&self, case: CaseId, n: u8) -> Command {
        let known = self.known(case);
        let grant = known.access.unrevoked();
        let named = known.access.request().and_then(|request| request.subject);
        let subject = named.or(grant.map(|grant| grant.subject));
        let admin = subject.unwrap_or(admin(0));
        match n % 4 {
            0 | 1 => Command::SetAdminActive {
                admin,
                active: false,
            },
            2 => Command::SetRole {
                admin: grant.map_or(admin, |grant| grant.approved_by),
                role: Role::Admin,
            },
            _ => Command::SetAgentActive {
                agent: known.team.keys().next().copied().unwrap_or(agent(0)),
                active: false,
            },
        }
    }

    fn explicit(&self, case: CaseId, to: To) -> Option<Timestamp> {
        match to {
            To::Click => None,
            To::Present(delta) => self
                .known(case)
                .access
                .unrevoked()
                .map(|g| g.period.expires_at.plus(Duration::from_millis(delta))),
            To::Ahead(span) => Some(self.now.plus(Duration::from_millis(span))),
        }
    }

    /// Someone the act is for, as far as there is anyone; or anyone at all.
    fn actor(&self, case: CaseId, who: Who, act: Act, command: &Command) -> Actor {
        let n = match who {
            Who::Fitting(n) => n,
            Who::Anyone(n) => return self.anyone(n),
        };
        let known = self.known(case);
        let fitting: Vec<Actor> = match act {
            Act::Ask { .. } => team(known),
            Act::Start { .. } => {
                // Late joiners thrice, for they are few.
                let late = known.access.unrevoked().map_or(vec![], |grant| {
                    known
                        .joined_since(grant)
                        .map(|id| Actor::Agent { id })
                        .collect()
                });
                [team(known), late.clone(), late].concat()
            }
            Act::Withdraw => {
                let asked = known.access.request().map(|request| Actor::Agent {
                    id: request.requested_by,
                });
                team(known).into_iter().chain(asked).chain(asked).collect()
            }
            Act::Close | Act::Reopen => {
                let approvers = self.approvers(known);
                [vec![OPERATOR], approvers, team(known)].concat()
            }
            Act::Grant | Act::Extend(_) | Act::Revoke | Act::ApproveSelf | Act::WithdrawSelf => {
                self.approvers(known)
            }
            Act::End(_) | Act::EndLast => match command {
                Command::EndSession { case, .. } => {
                    let known = self.known(*case);
                    [team(known), self.approvers(known)].concat()
                }
                _ => vec![],
            },
            Act::Settings(_) | Act::Block | Act::Unblock => (0..ADMINS.len())
                .map(admin)
                .filter(|id| {
                    let known_admin = self.state.admin(*id).unwrap();
                    known_admin.is_super() && known_admin.org == known.org
                })
                .map(|id| Actor::Admin { id })
                .collect(),
            _ => vec![OPERATOR],
        };
        if fitting.is_empty() {
            return self.anyone(n);
        }
        fitting[usize::from(n) % fitting.len()]
    }

    fn approvers(&self, known: &Case) -> Vec<Actor> {
        (0..ADMINS.len())
            .map(admin)
            .filter(|id| {
                let known_admin = self.state.admin(*id).unwrap();
                known_admin.org == known.org
                    && known_admin.active
                    && (known_admin.is_super() || known.opened_by.who == OpenedBy::Admin(*id))
            })
            .map(|id| Actor::Admin { id })
            .collect()
    }

    /// Every kind of caller there is.
    pub(crate) fn everyone(&self) -> Vec<Actor> {
        let mut everyone: Vec<Actor> = (0..ADMINS.len())
            .map(|n| Actor::Admin { id: admin(n) })
            .chain((0..AGENTS).map(|n| Actor::Agent { id: agent(n) }))
            .collect();
        everyone.push(OPERATOR);
        everyone.push(Actor::Impersonation {
            agent: agent(0),
            subject: admin(0),
            session: session(0),
        });
        everyone
    }

    fn anyone(&self, n: u8) -> Actor {
        let everyone = self.everyone();
        everyone[usize::from(n) % everyone.len()]
    }
}

pub(crate) fn agents() -> impl Iterator<Item = AgentId> {
    (0..AGENTS).map(agent)
}

fn team(known: &Case) -> Vec<Actor> {
    known
        .team
        .keys()
        .map(|id| Actor::Agent { id: *id })
        .collect()
}

/// Another each time, and with other rules now and then.
fn another_upstream(n: usize) -> Upstream {
    let origin = Origin::parse(&format!("http://127.0.0.1:{}", 9_001 + n)).unwrap();
    let mode = if n.is_multiple_of(2) {
        Mode::Declared
    } else {
        Mode::ByMethod
    };
    Upstream {
        mode,
        ..Upstream::new(origin)
    }
}

/// Settings of every kind; often the defaults, now and then out of range.
fn settings(n: u8) -> OrgSettings {
    let bit = |place: u8| n >> place & 1 == 1;
    OrgSettings {
        default_duration: match n % 5 {
            0 => Duration::from_mins(15),
            1 => Duration::from_hours(24),
            2 if bit(7) => Duration::from_millis(Duration::from_hours(24).as_millis() + 1),
            _ => Duration::from_hours(8),
        },
        extension: !(bit(3) && bit(4)),
        approvers: if bit(5) {
            Approvers::SuperAdmins
        } else {
            Approvers::SuperAdminsAndOpener
        },
        pin_team: bit(2),
        self_openers_only: bit(6),
    }
}
