//! What happens when a command succeeds.

use countersign_domain::{Actor, CaseId, Command, Duration, SelfAssignmentStatus, Timestamp};

use super::{Fact, Ground, Past, What};

impl Past<'_> {
    /// What the command brings about at `now`; nothing when things already are as it wants them.
    ///
    /// # Errors
    /// Every ground on which it is refused.
    pub fn judge(
        self,
        command: &Command,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Vec<Fact>, std::collections::BTreeSet<Ground>> {
        let grounds = self.grounds(command, actor, now);
        if !grounds.is_empty() {
            return Err(grounds);
        }
        Ok(self
            .brings_about(command, actor, now)
            .into_iter()
            .map(|what| Fact {
                at: now,
                by: actor,
                what,
            })
            .collect())
    }

    fn brings_about(self, command: &Command, actor: Actor, now: Timestamp) -> Vec<What> {
        match command {
            Command::CreateOrg { org, .. } => vec![What::OrgMade(*org)],
            Command::SetUpstream { org, upstream } => {
                vec![What::UpstreamSet(*org, upstream.clone())]
            }
            Command::CreateAdmin {
                admin, org, role, ..
            } => vec![
                What::AdminMade(*admin, *org),
                What::RoleGiven(*admin, *role),
                What::AdminActive(*admin, true),
            ],
            Command::SetRole { admin, role } => self.giving_role(*admin, *role, actor),
            Command::SetAdminActive { admin, active } => {
                self.setting_active(*admin, *active, actor)
            }
            Command::CreateAgent { agent, .. } => vec![What::AgentActive(*agent, true)],
            Command::SetAgentActive { agent, active } => vec![What::AgentActive(*agent, *active)],
            Command::MintCredential {
                credential, owner, ..
            } => vec![What::Minted(*credential, *owner)],
            Command::RevokeCredential { spent, .. } => {
                if *spent {
                    vec![]
                } else {
                    vec![What::CredentialRevoked]
                }
            }
            Command::RegisterPasskey { credential, .. } => match actor {
                Actor::Admin { id, .. } => vec![What::PasskeyAdded(*credential, id)],
                _ => vec![],
            },
            Command::RemovePasskey { credential } => vec![What::PasskeyTaken(*credential)],
            Command::SignIn => self.signing_in(actor),
            Command::AddIssuer { .. }
            | Command::SetIssuerSecret { .. }
            | Command::AcceptIssuer { .. }
            | Command::RemoveIssuer { .. }
            | Command::SignInByIssuer { .. }
            | Command::UnbindOpenId { .. }
            | Command::EndOwnSessions
            | Command::SignInAgent { .. }
            | Command::UnbindAgent { .. }
            | Command::SignInOperator { .. } => vec![],
            Command::Accept { what } => self.deciding(*what, true),
            Command::Refuse { what } => self.deciding(*what, false),
            Command::ChangeSettings { org, settings } => {
                vec![What::SettingsMade(*org, *settings)]
            }
            // By which names people come is nothing that access hangs on.
            Command::SetHosts { .. } => vec![],
            Command::Block { org } if self.is_blocked(*org) => vec![],
            Command::Block { org } => vec![What::Blocked(*org)],
            Command::Unblock { org } => vec![What::Unblocked(*org)],
            // The reference has no service clients.
            Command::CreateClient(_)
            | Command::AddClientKey { .. }
            | Command::RemoveClientKey { .. }
            | Command::RemoveClient { .. } => vec![],
            Command::OpenCase(new) => vec![What::Opened {
                case: new.case,
                org: new.org,
                opener: new.opened_by,
                team: new.team.clone(),
            }],
            Command::CloseCase { case } if !self.is_open(*case) => vec![],
            Command::CloseCase { case } => vec![What::Closed(*case)],
            Command::ReopenCase { case } if self.is_open(*case) => vec![],
            Command::ReopenCase { case } => vec![What::Reopened(*case)],
            Command::JoinTeam { case, agent } if self.is_on_team(*agent, *case) => vec![],
            Command::JoinTeam { case, agent } => vec![What::Joined(*case, *agent)],
            Command::LeaveTeam { case, agent } if !self.is_on_team(*agent, *case) => vec![],
            Command::LeaveTeam { case, agent } => vec![What::Left(*case, *agent)],
            Command::RequestAccess { case, subject, .. } => {
                if self.is_live(*case, now) {
                    vec![What::WantedMoreTime(*case)]
                } else {
                    vec![What::Asked {
                        case: *case,
                        subject: *subject,
                    }]
                }
            }
            Command::WithdrawRequest { case } => vec![What::RequestWithdrawn(*case)],
            Command::Grant { case, grant } => match (actor, self.org_of_case(*case)) {
                (Actor::Admin { id, .. }, Some(org)) if !self.is_live(*case, now) => {
                    let settings = self.settings(org);
                    vec![What::Ticked {
                        case: *case,
                        grant: *grant,
                        subject: self.subject_at_tick(*case, id),
                        until: now.plus(settings.default_duration),
                        pinned: settings.pin_team,
                    }]
                }
                _ => vec![],
            },
            Command::Extend { case, to } => self.extension(*case, *to, now),
            Command::Revoke { case } | Command::EndAfterLoss { case }
                if self.extendable(*case).is_none() =>
            {
                vec![]
            }
            Command::Revoke { case } | Command::EndAfterLoss { case } => {
                vec![What::Unticked(*case)]
            }
            Command::ApproveSelfAssignment { case } => {
                let approved = self.self_assignment(*case) == SelfAssignmentStatus::Approved;
                (!approved)
                    .then_some(What::SelfAssignmentApproved(*case))
                    .into_iter()
                    .collect()
            }
            Command::WithdrawSelfAssignment { case } => {
                let approved = self.self_assignment(*case) == SelfAssignmentStatus::Approved;
                approved
                    .then_some(What::SelfAssignmentWithdrawn(*case))
                    .into_iter()
                    .collect()
            }
            Command::StartSession {
                case,
                session,
                limits,
                ..
            } => vec![What::Started {
                case: *case,
                session: *session,
                absolute_until: now.plus(limits.absolute),
                idle_from: now.plus(limits.idle),
            }],
            Command::EndSession { session, .. } => vec![What::Ended(*session)],
            // Refused to whoever the reference judges.
            Command::ChangeAdmin { .. }
            | Command::RemoveAdmin { .. }
            | Command::ChangeAgent { .. }
            | Command::RemoveAgent { .. } => vec![],
            // How a browser enters a session has no bearing on access.
            Command::OpenLink { .. }
            | Command::EnterSession { .. }
            | Command::ExchangeToken(_)
            | Command::EndToken { .. } => vec![],
        }
    }

    /// R13: to the click + 24 h, or to the explicit expiration; under 60 s is nothing.
    fn extension(self, case: CaseId, to: Option<Timestamp>, now: Timestamp) -> Vec<What> {
        let a_day_from_now = now.plus(Duration::from_hours(24));
        let Some(present) = self.present_end(case) else {
            return vec![];
        };
        if to == Some(present) {
            return vec![];
        }
        let until = to.map_or(a_day_from_now, |to| to.min(a_day_from_now));
        let adds = until.as_millis() - present.as_millis();
        if self.is_live(case, now) && adds < 60_000 {
            return vec![];
        }
        vec![What::Extended { case, until }]
    }
}
