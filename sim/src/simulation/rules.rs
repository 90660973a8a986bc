//! The second statement of the rules, told of every commit: what was committed, it allows, and what
//! follows from it is what the state says.

use countersign_domain::{Case, Command, Event, NewCase, SecretHash, SessionId, State, Timestamp};

use super::{cast::LIMITS, sent::Sent};
use crate::reference::History;

#[derive(Default)]
pub(super) struct Rules {
    history: History,
    sessions: Vec<SessionId>,
}

impl Rules {
    /// What was committed; answers with what is wrong about it.
    pub(super) fn happened(&mut self, sent: &Sent, at: Timestamp, state: &State) -> Option<String> {
        let Some(command) = command(&sent.events, state) else {
            return Some(format!("no command brings about {:?}", sent.events));
        };
        if let Command::StartSession { session, .. } = command {
            self.sessions.push(session);
        }
        // As the command was decided: time may have gone on until the commit.
        match self.history.past().judge(&command, sent.actor, sent.at) {
            Ok(facts) => self.history.record(facts),
            Err(grounds) => {
                return Some(format!(
                    "{command:?} by {:?} was let through: {grounds:?}",
                    sent.actor
                ));
            }
        }
        self.agree(state, at)
    }

    /// What differs at `now`.
    pub(super) fn agree(&self, state: &State, now: Timestamp) -> Option<String> {
        let past = self.history.past();
        for case in state.cases() {
            let (said, is) = (past.impersonation(case.id, now), case.impersonation(now));
            if said != is {
                return Some(format!(
                    "{} reads {is:?} and should read {said:?}",
                    case.number
                ));
            }
            if past.self_assignment(case.id) != case.self_assignment_status() {
                return Some(format!("the self-assignment of {} differs", case.number));
            }
        }
        let differs = |session: &&SessionId| {
            let runs = |case: &Case| case.running(**session, now).is_some();
            past.is_running(**session, now) != state.cases().any(runs)
        };
        let differs = self.sessions.iter().find(differs)?;
        Some(format!(
            "{differs} runs in one statement of the rules and not in the other"
        ))
    }
}

/// The command that these events come from. Those that end something say what followed, unless there
/// is nothing else.
fn command(events: &[Event], state: &State) -> Option<Command> {
    let follows = |event: &&Event| {
        matches!(
            event,
            Event::SessionEnded { .. }
                | Event::Revoked { .. }
                | Event::SelfAssignmentRequested { .. }
        )
    };
    let revoked = events
        .iter()
        .find(|event| matches!(event, Event::Revoked { .. }));
    let first = events
        .iter()
        .find(|event| !follows(event))
        .or(revoked)
        .or(events.first())?;
    Some(match first.clone() {
        Event::OrgCreated { org, slug, name } => Command::CreateOrg { org, slug, name },
        Event::UpstreamSet { org, upstream, .. } => Command::SetUpstream { org, upstream },
        Event::HostsSet { org, hosts } => Command::SetHosts { org, hosts },
        Event::SettingsChanged { org, settings, .. } => Command::ChangeSettings { org, settings },
        Event::Blocked { org, .. } => Command::Block { org },
        Event::Unblocked { org, .. } => Command::Unblock { org },
        Event::AdminCreated {
            admin,
            org,
            email,
            name,
            role,
        } => Command::CreateAdmin {
            admin,
            org,
            email,
            name,
            role,
        },
        Event::AdminActiveSet { admin, active, .. } => Command::SetAdminActive { admin, active },
        Event::AgentCreated { agent, email, name } => Command::CreateAgent { agent, email, name },
        Event::AgentActiveSet { agent, active } => Command::SetAgentActive { agent, active },
        Event::CaseOpened {
            case,
            org,
            number,
            title,
            opened_by,
            team,
        } => Command::OpenCase(NewCase {
            case,
            org,
            number,
            number_chosen: true,
            title,
            opened_by: opened_by.who,
            team,
        }),
        Event::CaseClosed { case, .. } => Command::CloseCase { case },
        Event::CaseReopened { case, .. } => Command::ReopenCase { case },
        Event::TeamJoined { case, agent, .. } => Command::JoinTeam { case, agent },
        Event::TeamLeft { case, agent, .. } => Command::LeaveTeam { case, agent },
        Event::SelfAssignmentApproved { case, .. } => Command::ApproveSelfAssignment { case },
        Event::SelfAssignmentWithdrawn { case, .. } => Command::WithdrawSelfAssignment { case },
        Event::AccessRequested {
            case,
            justification,
            subject,
            ..
        } => Command::RequestAccess {
            case,
            justification,
            subject,
        },
        Event::MoreTimeWanted {
            case,
            justification,
            ..
        } => Command::RequestAccess {
            case,
            justification,
            subject: state.case(case)?.access.request()?.subject,
        },
        Event::RequestWithdrawn { case, .. } => Command::WithdrawRequest { case },
        Event::Granted { case, grant, .. } => Command::Grant {
            case,
            grant: grant.id,
        },
        Event::Extended { case, .. } | Event::PeriodOpened { case, .. } => {
            Command::Extend { case, to: None }
        }
        Event::Revoked { case, .. } => Command::Revoke { case },
        Event::SessionStarted { case, session, .. } => Command::StartSession {
            case,
            session: session.id,
            label: session.label,
            token: session.token,
            code: SecretHash::from_bytes([0; 32]),
            limits: LIMITS,
        },
        Event::SessionEnded { case, session, .. } => Command::EndSession { case, session },
        _ => return None,
    })
}
