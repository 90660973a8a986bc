//! What the commands of a script look at: the keys to load and the streams they create.

use countersign_domain::{Actor, Awaiting, Command, CredentialOwner, NewToken, OpenedBy, StreamId};

use crate::Key;

/// The keys a command's decision needs, beside its caller.
pub(super) fn keys(command: &Command, actor: &Actor) -> Vec<Key> {
    match command {
        Command::StartSession { case, .. } => {
            let running = match *actor {
                Actor::Agent { id } => Some(Key::RunningSessions(id)),
                _ => None,
            };
            [Key::Case(*case)].into_iter().chain(running).collect()
        }
        Command::CreateOrg { .. }
        | Command::CreateAgent { .. }
        | Command::SignIn
        | Command::SignInOperator { .. } => vec![],
        Command::EndOwnSessions => match *actor {
            Actor::Agent { id } => vec![Key::RunningSessions(id)],
            _ => vec![],
        },
        Command::SignInAgent { agent, subject, .. } => {
            vec![Key::Agent(*agent), Key::AgentKnownBy(*subject)]
        }
        Command::SetUpstream { org, .. }
        | Command::SetHosts { org, .. }
        | Command::CreateAdmin { org, .. }
        | Command::ChangeSettings { org, .. }
        | Command::Block { org }
        | Command::Unblock { org }
        | Command::AddIssuer { org, .. }
        | Command::SetIssuerSecret { org, .. }
        | Command::AcceptIssuer { org, .. }
        | Command::RemoveIssuer { org, .. }
        | Command::SignInByIssuer { org, .. } => vec![Key::Org(*org)],
        Command::SetRole { admin, .. } | Command::SetAdminActive { admin, .. } => {
            vec![Key::Admin(*admin)]
        }
        Command::RegisterPasskey { .. } => vec![],
        Command::RemovePasskey { credential } | Command::UnbindOpenId { credential } => {
            vec![Key::Credential(*credential)]
        }
        Command::Accept { what } | Command::Refuse { what } => vec![match *what {
            Awaiting::Credential(id) => Key::Credential(id),
            Awaiting::Admin(id) | Awaiting::Role(id, _) => Key::Admin(id),
            Awaiting::Client(org, _) => Key::Org(org),
        }],
        Command::ChangeAdmin { admin, .. } | Command::RemoveAdmin { admin } => {
            vec![Key::Admin(*admin)]
        }
        Command::SetAgentActive { agent, .. }
        | Command::ChangeAgent { agent, .. }
        | Command::UnbindAgent { agent }
        | Command::RemoveAgent { agent } => vec![Key::Agent(*agent)],
        Command::MintCredential { owner, .. } | Command::RevokeCredential { owner, .. } => {
            match owner {
                CredentialOwner::Admin(id) => vec![Key::Admin(*id)],
                CredentialOwner::Agent(id) => vec![Key::Agent(*id)],
                CredentialOwner::Provisioning(org) => org.map(Key::Org).into_iter().collect(),
                CredentialOwner::Operator => vec![],
            }
        }
        Command::CreateClient(new) => vec![Key::Org(new.org)],
        Command::AddClientKey { org, .. }
        | Command::RemoveClientKey { org, .. }
        | Command::RemoveClient { org, .. } => vec![Key::Org(*org)],
        Command::OpenCase(new) => {
            let opener = match new.opened_by {
                OpenedBy::Admin(id) => Key::Admin(id),
                OpenedBy::Agent(id) => Key::Agent(id),
            };
            [Key::Org(new.org), opener]
                .into_iter()
                .chain(new.team.iter().map(|agent| Key::Agent(*agent)))
                .collect()
        }
        Command::JoinTeam { case, agent } | Command::LeaveTeam { case, agent } => {
            vec![Key::Case(*case), Key::Agent(*agent)]
        }
        Command::RequestAccess { case, subject, .. } => [Key::Case(*case)]
            .into_iter()
            .chain(subject.map(Key::Admin))
            .collect(),
        Command::CloseCase { case }
        | Command::ReopenCase { case }
        | Command::WithdrawRequest { case }
        | Command::Grant { case, .. }
        | Command::Extend { case, .. }
        | Command::Revoke { case }
        | Command::EndAfterLoss { case }
        | Command::ApproveSelfAssignment { case }
        | Command::WithdrawSelfAssignment { case }
        | Command::OpenLink { case, .. }
        | Command::EnterSession { case, .. }
        | Command::ExchangeToken(NewToken { case, .. })
        | Command::EndToken { case, .. }
        | Command::EndSession { case, .. } => vec![Key::Case(*case)],
    }
}

/// The caller, who is part of every decision.
pub(super) fn caller(actor: &Actor) -> Vec<Key> {
    match *actor {
        Actor::Admin { id, via } => [Key::Admin(id)]
            .into_iter()
            .chain(via.map(Key::Credential))
            .collect(),
        Actor::Agent { id } => vec![Key::Agent(id)],
        Actor::Client { org, .. } => vec![Key::Org(org)],
        Actor::Provisioning { org, via } => org
            .into_iter()
            .flat_map(|org| [Key::Org(org), Key::Credential(via)])
            .collect(),
        Actor::Operator { .. } | Actor::Impersonation { .. } => vec![],
    }
}

/// The stream a command creates.
pub(super) fn creates(command: &Command) -> Option<StreamId> {
    match command {
        Command::CreateOrg { org, .. } => Some(StreamId::Org(*org)),
        Command::CreateAdmin { admin, .. } => Some(StreamId::Admin(*admin)),
        Command::CreateAgent { agent, .. } => Some(StreamId::Agent(*agent)),
        Command::OpenCase(new) => Some(StreamId::Case(new.case)),
        _ => None,
    }
}
