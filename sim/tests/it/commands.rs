//! A step of a plan as a definite command.

use countersign_domain::{
    Access, AdminId, Approvers, Awaiting, CaseId, Command, CredentialId, CredentialKind,
    CredentialOwner, Duration, Justification, Label, Methods, Mode, OpenedBy, OrgId, OrgSettings,
    Origin, PasskeyName, Role, RouteEffect, RoutePattern, RouteRule, Routes, SessionLimits,
    Timestamp, Upstream, WayIn,
};

use crate::{
    steps::{Act, To},
    world::{ADMINS, AGENTS, HASH, LIMITS, World, admin, agent, credential, grant, session},
};

impl World {
    /// What brings the case on from where it stands.
    pub(crate) fn onward(&self, case: CaseId, n: u8) -> Act {
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
        } else if self.deciders(known) < 2 {
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
    pub(crate) fn command(&mut self, case: CaseId, act: Act) -> Command {
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
            Act::EndAfterLoss => Command::EndAfterLoss { case },
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
            Act::Mint(n) => Command::MintCredential {
                credential: credential(self.fresh()),
                owner: CredentialOwner::Admin(self.colleague(org, n)),
                kind: if n.is_multiple_of(3) {
                    CredentialKind::LoginLink
                } else {
                    CredentialKind::ApiToken
                },
                expires_at: self.now,
            },
            Act::Passkey { minutes } => Command::RegisterPasskey {
                credential: credential(self.fresh()),
                name: PasskeyName::parse("laptop").unwrap(),
                signed_in_at: self.now.plus(Duration::from_mins(-minutes)),
            },
            Act::Unkey(n) => Command::RemovePasskey {
                credential: self.some_passkey(org, n),
            },
            Act::SignIn => Command::SignIn,
            Act::Accept(n) => Command::Accept {
                what: self.something(org, n),
            },
            Act::Refuse(n) => Command::Refuse {
                what: self.something(org, n),
            },
            Act::Block => Command::Block { org },
            Act::Upstream => Command::SetUpstream {
                org,
                upstream: another_upstream(self.fresh()),
            },
            Act::Unblock | Act::Open { .. } | Act::Onward(_) => Command::Unblock { org },
        }
    }

    /// A customer user of the org.
    fn colleague(&self, org: OrgId, n: u8) -> AdminId {
        let admins = self.state.admins().filter(|admin| admin.org == org);
        let ids: Vec<AdminId> = admins.map(|admin| admin.id).collect();
        ids[usize::from(n) % ids.len()]
    }

    fn some_credential(&self, n: u8) -> CredentialId {
        let n = usize::from(n) % (self.credentials.len() + 1);
        self.credentials.get(n).map_or(credential(0), |(id, _)| *id)
    }

    /// A passkey of the org; now and then something else.
    fn some_passkey(&self, org: OrgId, n: u8) -> CredentialId {
        let keys = self.state.credentials();
        let keys: Vec<CredentialId> = keys
            .filter(|one| one.org == org && one.way == WayIn::Passkey)
            .map(|one| one.id)
            .collect();
        match keys.get(usize::from(n) % (keys.len() + 1)) {
            Some(key) => *key,
            None => self.some_credential(n),
        }
    }

    /// Something that waits in the org; now and then something that may not.
    fn something(&self, org: OrgId, n: u8) -> Awaiting {
        let (kind, n) = (n % 4, n / 4);
        let admins = || self.state.admins().filter(|admin| admin.org == org);
        let people = admins()
            .filter(|admin| admin.standing.awaits())
            .map(|admin| Awaiting::Admin(admin.id));
        let roles = admins().filter_map(|admin| {
            let proposal = admin.proposed?;
            Some(Awaiting::Role(admin.id, proposal.role))
        });
        let credentials = self
            .state
            .credentials()
            .filter(|one| one.org == org && one.standing.awaits())
            .map(|one| Awaiting::Credential(one.id));
        let waiting: Vec<Awaiting> = people.chain(roles).chain(credentials).collect();
        if kind > 0 && !waiting.is_empty() {
            return waiting[usize::from(n) % waiting.len()];
        }
        match n % 3 {
            0 => Awaiting::Admin(self.colleague(org, n / 3)),
            1 => Awaiting::Role(self.colleague(org, n / 3), Role::SuperAdmin),
            _ => Awaiting::Credential(self.some_credential(n / 3)),
        }
    }

    fn stop(&self, case: CaseId, n: u8) -> Command {
        let known = self.known(case);
        let grant = known.access.unrevoked();
        let named = known.access.request().and_then(|request| request.subject);
        let subject = named.or(grant.map(|grant| grant.subject));
        let admin = subject.unwrap_or(admin(0));
        match n % 6 {
            4 | 5 => Command::Refuse {
                what: Awaiting::Admin(admin),
            },
            0 | 1 => Command::SetAdminActive {
                admin,
                active: false,
            },
            2 => Command::SetRole {
                admin: grant
                    .and_then(|grant| grant.approved_by.admin())
                    .unwrap_or(admin),
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
}

/// Another each time, and with other rules now and then.
fn another_upstream(n: usize) -> Upstream {
    let origin = Origin::parse(&format!("http://127.0.0.1:{}", 9_001 + n)).unwrap();
    let mode = if n.is_multiple_of(2) {
        Mode::Declared
    } else {
        Mode::ByMethod
    };
    let of = |every: usize, rule: fn() -> RouteRule| n.is_multiple_of(every).then(rule);
    let rules = [
        of(3, || rule("POST", "/search/{id}", RouteEffect::Read)),
        of(5, || rule("GET", "/logout", RouteEffect::Write)),
        of(7, || rule("*", "/logout", RouteEffect::Write)),
        of(4, || rule("GET", "/lists/**", RouteEffect::Read)),
    ];
    Upstream {
        mode,
        routes: Routes::new(rules.into_iter().flatten().collect()).unwrap(),
        ..Upstream::new(origin)
    }
}

fn rule(method: &str, path: &str, effect: RouteEffect) -> RouteRule {
    let methods = Methods::parse([method]).unwrap();
    RouteRule::new(methods, RoutePattern::parse(path).unwrap(), effect).unwrap()
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
