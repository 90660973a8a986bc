//! Whether a command may succeed, and if not, on which grounds.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, Command, CredentialKind, CredentialOwner, Duration, NewCase,
    NewClient, NewToken, OpenedBy, OperatorVia, OrgId, RefusalKind, SelfAssignmentStatus,
    Timestamp,
};

use super::{Past, What};

/// A ground for refusing, in the words of the outside contract (DESIGN section 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Not yours to see (404).
    NotYoursToSee,
    /// Not yours to do (403).
    NotYoursToDo,
    /// The state forbids it (409).
    StateForbids,
    /// Bad input (422).
    BadInput,
}

impl Ground {
    /// The kind of refusal that says so.
    #[must_use]
    pub fn kind(self) -> RefusalKind {
        match self {
            Self::NotYoursToSee => RefusalKind::NotFound,
            Self::NotYoursToDo => RefusalKind::Forbidden,
            Self::StateForbids => RefusalKind::Conflict,
            Self::BadInput => RefusalKind::Invalid,
        }
    }
}

/// How much someone sees of a case (R4, R5, R6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sees {
    /// It does not exist for them.
    Nothing,
    /// Number, subject and statuses.
    Statuses,
    /// All of it.
    All,
}

/// The grounds that hold, each once.
pub(super) type Grounds = BTreeSet<Ground>;

fn ground(holds: bool, ground: Ground) -> Option<Ground> {
    holds.then_some(ground)
}

impl Past<'_> {
    /// How much `actor` sees of the case.
    #[must_use]
    pub fn sees(self, actor: Actor, case: CaseId) -> Sees {
        let Some((_, org, opener)) = self.opening(case) else {
            return Sees::Nothing;
        };
        let all_if = |all| if all { Sees::All } else { Sees::Nothing };
        match actor {
            Actor::Operator { .. } => Sees::All,
            Actor::Admin { id, .. } => all_if(
                self.is_super_admin_of(id, org)
                    || (self.is_active_admin_of(id, org) && opener == OpenedBy::Admin(id)),
            ),
            Actor::Agent { id } if self.agent_is_active(id) && self.is_on_team(id, case) => {
                if self.awaits_approval(case) {
                    Sees::Statuses
                } else {
                    Sees::All
                }
            }
            // The reference has no service clients and no directories: what they may do is in the domain's own tables.
            Actor::Agent { .. }
            | Actor::Client { .. }
            | Actor::Provisioning { .. }
            | Actor::Impersonation { .. } => Sees::Nothing,
        }
    }

    /// Every ground on which the command is refused at `now`; none: it succeeds.
    #[must_use]
    pub fn grounds(self, command: &Command, actor: Actor, now: Timestamp) -> BTreeSet<Ground> {
        let may_act = match actor {
            // Service clients and directories are not among the callers whose commands the reference judges.
            Actor::Client { .. } | Actor::Provisioning { .. } | Actor::Impersonation { .. } => {
                false
            }
            Actor::Operator { .. } => true,
            Actor::Admin { id, .. } => self.admin_is_active(id),
            Actor::Agent { id } => self.agent_is_active(id),
        };
        if !may_act || self.comes_by_refused(actor) {
            return Grounds::from([Ground::NotYoursToDo]);
        }
        match command {
            Command::CreateOrg { .. } | Command::CreateAgent { .. } => operators_only(actor),
            Command::CreateAdmin { org, .. }
            | Command::SetUpstream { org, .. }
            | Command::SetHosts { org, .. } => {
                let mut grounds = operators_only(actor);
                grounds.extend(ground(!self.org_exists(*org), Ground::NotYoursToSee));
                grounds
            }
            Command::SetAgentActive { .. } => operators_only(actor),
            // Nor are their commands anybody else's.
            Command::ChangeAdmin { .. }
            | Command::RemoveAdmin { .. }
            | Command::ChangeAgent { .. }
            | Command::RemoveAgent { .. } => Grounds::from([Ground::NotYoursToDo]),
            Command::SetRole { admin, .. } | Command::SetAdminActive { admin, .. } => {
                let Some(org) = self.org_of_admin(*admin) else {
                    return Grounds::from([Ground::NotYoursToSee]);
                };
                let mut grounds = match actor {
                    Actor::Operator { .. } => Grounds::new(),
                    _ => self.super_admins_only(actor, org),
                };
                grounds.extend(self.giving_grounds(actor));
                grounds.extend(match command {
                    Command::SetRole { role, .. } => self.role_grounds(*admin, *role, org),
                    Command::SetAdminActive { active, .. } => {
                        self.active_grounds(*admin, *active, org, actor)
                    }
                    _ => None,
                });
                grounds
            }
            Command::ChangeSettings { org, settings } => {
                let mut grounds = self.super_admins_only(actor, *org);
                grounds.extend(self.giving_grounds(actor));
                let minutes = |n| Duration::from_mins(n);
                let good = settings.default_duration >= minutes(15)
                    && settings.default_duration <= minutes(24 * 60);
                grounds.extend(ground(!good, Ground::BadInput));
                grounds
            }
            Command::Block { org } => self.super_admins_only(actor, *org),
            Command::Unblock { org } => {
                let mut grounds = self.super_admins_only(actor, *org);
                grounds.extend(self.giving_grounds(actor));
                grounds
            }
            Command::RegisterPasskey { signed_in_at, .. } => {
                self.register_grounds(*signed_in_at, actor, now)
            }
            Command::RemovePasskey { credential } => self.remove_grounds(*credential, actor),
            Command::SignIn => self.sign_in_grounds(actor),
            // Histories that are compared hold no OpenID providers; the domain's own tests judge these.
            Command::AddIssuer { .. }
            | Command::SetIssuerSecret { .. }
            | Command::AcceptIssuer { .. }
            | Command::RemoveIssuer { .. }
            | Command::SignInByIssuer { .. }
            | Command::UnbindOpenId { .. }
            | Command::EndOwnSessions
            | Command::SignInAgent { .. }
            | Command::UnbindAgent { .. }
            | Command::SignInOperator { .. } => Grounds::new(),
            Command::Accept { what } => self.deciding_grounds(*what, true, actor),
            Command::Refuse { what } => self.deciding_grounds(*what, false, actor),
            Command::MintCredential { owner, kind, .. } => {
                let own = match (actor, owner) {
                    (Actor::Operator { .. }, _) => true,
                    (Actor::Admin { id, .. }, CredentialOwner::Admin(owner)) => id == *owner,
                    (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == *owner,
                    _ => false,
                };
                let there = match owner {
                    CredentialOwner::Admin(owner) => self.admin_is_active(*owner),
                    CredentialOwner::Agent(owner) => self.agent_is_active(*owner),
                    CredentialOwner::Operator | CredentialOwner::Provisioning(_) => true,
                };
                // Operators have no page to sign in to.
                let nowhere =
                    *owner == CredentialOwner::Operator && *kind == CredentialKind::LoginLink;
                ground(!own || nowhere, Ground::NotYoursToDo)
                    .into_iter()
                    .chain(self.giving_grounds(actor))
                    .chain(ground(own && !there, Ground::NotYoursToSee))
                    .collect()
            }
            Command::RevokeCredential { owner, .. } => {
                let theirs = match (actor, owner) {
                    (Actor::Operator { .. }, _) => true,
                    (Actor::Admin { id, .. }, CredentialOwner::Admin(owner)) => {
                        let org = self.org_of_admin(*owner);
                        id == *owner || org.is_some_and(|org| self.is_super_admin_of(id, org))
                    }
                    (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == *owner,
                    _ => false,
                };
                ground(!theirs, Ground::NotYoursToSee).into_iter().collect()
            }
            Command::CreateClient(NewClient { org, .. })
            | Command::AddClientKey { org, .. }
            | Command::RemoveClientKey { org, .. }
            | Command::RemoveClient { org, .. } => self.super_admins_only(actor, *org),
            Command::OpenCase(new) => self.open_grounds(new, actor),
            Command::EndAfterLoss { case } => {
                let by_hand = Actor::Operator {
                    via: OperatorVia::CommandLine,
                };
                let unseen = self.sees(actor, *case) == Sees::Nothing;
                ground(actor != by_hand, Ground::NotYoursToDo)
                    .into_iter()
                    .chain(ground(unseen, Ground::NotYoursToSee))
                    .collect()
            }
            Command::CloseCase { case }
            | Command::ReopenCase { case }
            | Command::JoinTeam { case, .. }
            | Command::LeaveTeam { case, .. }
            | Command::RequestAccess { case, .. }
            | Command::WithdrawRequest { case }
            | Command::Grant { case, .. }
            | Command::Extend { case, .. }
            | Command::Revoke { case }
            | Command::ApproveSelfAssignment { case }
            | Command::WithdrawSelfAssignment { case }
            | Command::StartSession { case, .. }
            | Command::OpenLink { case, .. }
            | Command::EnterSession { case, .. }
            | Command::ExchangeToken(NewToken { case, .. })
            | Command::EndToken { case, .. }
            | Command::EndSession { case, .. } => {
                if self.sees(actor, *case) == Sees::Nothing {
                    return Grounds::from([Ground::NotYoursToSee]);
                }
                self.case_grounds(*case, command, actor, now)
            }
        }
    }

    /// For a super admin of that org; to admins of other orgs it does not exist.
    pub(super) fn super_admins_only(self, actor: Actor, org: OrgId) -> Grounds {
        let ground = match actor {
            Actor::Admin { id, .. } if self.is_super_admin_of(id, org) => return Grounds::new(),
            Actor::Admin { id, .. } if self.org_of_admin(id) != Some(org) => Ground::NotYoursToSee,
            _ => Ground::NotYoursToDo,
        };
        Grounds::from([ground])
    }

    /// R4: operators open for anyone; others for themselves, in their org or for their own team.
    fn open_grounds(self, new: &NewCase, actor: Actor) -> Grounds {
        let mut grounds = Grounds::new();
        match actor {
            Actor::Operator { .. } => {}
            Actor::Admin { id, .. } => {
                if self.org_of_admin(id) != Some(new.org) {
                    return Grounds::from([Ground::NotYoursToSee]);
                }
                grounds.extend(self.giving_grounds(actor));
                let own = new.opened_by == OpenedBy::Admin(id) && new.team.is_empty();
                grounds.extend(ground(!own || new.number_chosen, Ground::NotYoursToDo));
            }
            Actor::Agent { id } => {
                let own = new.opened_by == OpenedBy::Agent(id) && new.team == BTreeSet::from([id]);
                grounds.extend(ground(!own || new.number_chosen, Ground::NotYoursToDo));
            }
            Actor::Client { .. } | Actor::Provisioning { .. } | Actor::Impersonation { .. } => {
                return Grounds::from([Ground::NotYoursToDo]);
            }
        }
        let opener_good = match new.opened_by {
            OpenedBy::Admin(id) => self.is_active_admin_of(id, new.org),
            OpenedBy::Agent(id) => self.agent_is_active(id),
        };
        let team_good = new.team.iter().all(|agent| self.agent_is_active(*agent));
        grounds.extend(ground(!opener_good || !team_good, Ground::BadInput));
        grounds
    }

    /// Grounds for a command about a case that the caller sees.
    fn case_grounds(
        self,
        case: CaseId,
        command: &Command,
        actor: Actor,
        now: Timestamp,
    ) -> Grounds {
        let mut grounds = Grounds::new();
        let agent = match actor {
            Actor::Agent { id } => Some(id),
            _ => None,
        };
        let operator = matches!(actor, Actor::Operator { .. });
        let approver = match actor {
            Actor::Admin { id, .. } => self.could_approve(id, case),
            _ => false,
        };
        let for_whom = match command {
            Command::CloseCase { .. } => operator || approver || agent.is_some(),
            Command::ReopenCase { .. } => operator || approver,
            Command::JoinTeam { .. } | Command::LeaveTeam { .. } => operator,
            Command::Grant { .. }
            | Command::Extend { .. }
            | Command::Revoke { .. }
            | Command::ApproveSelfAssignment { .. }
            | Command::WithdrawSelfAssignment { .. } => approver,
            Command::EndSession { .. } => approver || agent.is_some(),
            _ => agent.is_some(),
        };
        grounds.extend(ground(!for_whom, Ground::NotYoursToDo));
        if let Command::Grant { .. }
        | Command::Extend { .. }
        | Command::ApproveSelfAssignment { .. }
        | Command::ReopenCase { .. } = command
        {
            grounds.extend(self.giving_grounds(actor));
        }
        match command {
            Command::JoinTeam { agent, .. } => {
                let new = !self.is_on_team(*agent, case);
                let unknown = new && !self.agent_is_active(*agent);
                grounds.extend(ground(unknown, Ground::BadInput));
            }
            Command::RequestAccess { subject, .. } => {
                let org = self.org_of_case(case);
                let stranger = subject
                    .is_some_and(|id| org.is_none_or(|org| !self.is_active_admin_of(id, org)));
                grounds.extend(ground(stranger, Ground::BadInput));
                grounds.extend(ground(!self.is_open(case), Ground::StateForbids));
            }
            Command::WithdrawRequest { .. } => {
                grounds.extend(self.withdraw_grounds(case, actor));
            }
            Command::Grant { .. } => grounds.extend(self.tick_grounds(case, now)),
            Command::Extend { to, .. } => grounds.extend(self.extend_grounds(case, *to, now)),
            Command::ApproveSelfAssignment { .. } => {
                let nothing = self.self_assignment(case) == SelfAssignmentStatus::NotRequired;
                let forbidden = nothing || !self.is_open(case) || self.org_is_blocked(case);
                grounds.extend(ground(forbidden, Ground::StateForbids));
            }
            Command::WithdrawSelfAssignment { .. } => {
                let nothing = self.self_assignment(case) == SelfAssignmentStatus::NotRequired;
                grounds.extend(ground(nothing, Ground::StateForbids));
            }
            Command::StartSession { limits, .. } => {
                if let Some(agent) = agent {
                    grounds.extend(self.start_grounds(agent, case, now));
                    let full = self.running_of(agent, now) >= limits.per_agent as usize;
                    grounds.extend(ground(full, Ground::StateForbids));
                }
            }
            Command::EndSession { session, .. } => {
                let known = self.started(*session).filter(|(_, of, _)| *of == case);
                let visible = known.is_some_and(|(_, _, by)| agent.is_none_or(|id| id == by));
                grounds.extend(ground(!visible, Ground::NotYoursToSee));
            }
            _ => {}
        }
        grounds
    }

    fn org_is_blocked(self, case: CaseId) -> bool {
        self.org_of_case(case)
            .is_some_and(|org| self.is_blocked(org))
    }

    /// R9's conditions besides the approver.
    fn conditions_hold(self, case: CaseId) -> bool {
        self.is_open(case)
            && self.standing_request(case).is_some()
            && !self.awaits_approval(case)
            && !self.org_is_blocked(case)
            && self.has_agent_on_team(case)
    }

    fn tick_grounds(self, case: CaseId, now: Timestamp) -> Option<Ground> {
        let named_is_gone = self
            .standing_request(case)
            .and_then(|(_, subject)| subject)
            .is_some_and(|id| !self.admin_is_active(id));
        let forbidden = !self.conditions_hold(case) || (!self.is_live(case, now) && named_is_gone);
        ground(forbidden, Ground::StateForbids)
    }

    fn extend_grounds(self, case: CaseId, to: Option<Timestamp>, now: Timestamp) -> Grounds {
        let mut grounds = Grounds::new();
        let on = self
            .org_of_case(case)
            .is_some_and(|org| self.settings(org).extension);
        let present = self.present_end(case);
        let stale = self.agreed_to_less(case);
        let forbidden = !self.conditions_hold(case) || !on || present.is_none() || stale;
        grounds.extend(ground(forbidden, Ground::StateForbids));
        if let (Some(to), Some(present)) = (to, present) {
            let farthest = now.as_millis() + 24 * 3_600_000 + 60_000;
            let earlier = to < present || (to != present && to <= now);
            let further = to.as_millis() > farthest;
            grounds.extend(ground(earlier || further, Ground::BadInput));
        }
        grounds
    }

    fn withdraw_grounds(self, case: CaseId, actor: Actor) -> Grounds {
        let mut grounds = Grounds::new();
        let standing = self.standing_request(case).map(|(index, _)| index);
        let ungranted = standing.filter(|asked| {
            !self.since(*asked).any(|(_, fact)| match fact.what {
                What::Ticked { case: id, .. } | What::Extended { case: id, .. } => id == case,
                _ => false,
            })
        });
        let forbidden = ungranted.is_none() || !self.is_open(case);
        grounds.extend(ground(forbidden, Ground::StateForbids));
        let anothers = standing.is_some_and(|asked| self.facts[asked].by != actor);
        grounds.extend(ground(anothers, Ground::NotYoursToDo));
        grounds
    }

    fn start_grounds(self, agent: AgentId, case: CaseId, now: Timestamp) -> Grounds {
        let mut grounds = Grounds::new();
        let shown = self
            .org_of_case(case)
            .is_some_and(|org| self.upstream(org).is_some());
        let subject_gone = self
            .tick(case)
            .is_some_and(|tick| !self.subject_is_active(tick));
        let forbidden = !self.is_open(case)
            || self.org_is_blocked(case)
            || self.awaits_approval(case)
            || !self.is_live(case, now)
            || subject_gone
            || !shown;
        grounds.extend(ground(forbidden, Ground::StateForbids));
        let pinned_away = self
            .tick(case)
            .is_some_and(|tick| !self.admits(tick, agent));
        grounds.extend(ground(pinned_away, Ground::NotYoursToDo));
        grounds
    }

    /// Whom a tick by `approver` would let the agents act as (R8): the one they named, else the
    /// opener, else the approver.
    #[must_use]
    pub fn subject_at_tick(self, case: CaseId, approver: AdminId) -> AdminId {
        let named = self.standing_request(case).and_then(|(_, subject)| subject);
        let opener = match self.opening(case) {
            Some((_, org, OpenedBy::Admin(id))) if self.is_active_admin_of(id, org) => Some(id),
            _ => None,
        };
        named.or(opener).unwrap_or(approver)
    }
}

fn operators_only(actor: Actor) -> Grounds {
    ground(
        !matches!(actor, Actor::Operator { .. }),
        Ground::NotYoursToDo,
    )
    .into_iter()
    .collect()
}
