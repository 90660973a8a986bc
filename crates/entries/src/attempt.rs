//! What stands on a log without an event behind it: sign-ins, and what was tried in vain. Nothing in the state
//! follows from it.

use countersign_domain::{AdminId, Awaiting, Command, CredentialId, WayIn};
use serde::Serialize;

/// What happened at the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// A customer user signed in to the console.
    In(Arrival),
    /// A customer user signed out, or their browser signed somebody else in.
    Out {
        /// Whether it was by signing in again.
        replaced: bool,
    },
    /// Somebody who came with what belongs to a customer user was not let in.
    Failed {
        /// As whom, and by what.
        arrival: Arrival,
        /// The stable code of why not.
        code: String,
        /// How many such were left out before this, since the last that stands on the log.
        left_out: u64,
    },
}

/// As whom somebody came, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// The customer user.
    pub admin: AdminId,
    /// What they showed.
    pub credential: CredentialId,
    /// What sort of thing that is.
    pub way: WayIn,
}

/// A command that a rule refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InVain {
    /// The kind of the entry that it would have made.
    pub attempted: &'static str,
    /// The stable code of why not.
    pub code: String,
    /// How many by the same one were left out before this, since the last that stands on the log.
    pub left_out: u64,
}

/// The details of these entries; fields stand in the order of their names.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum Detail<'a> {
    Arrival(Arrival),
    Out {
        why: &'static str,
    },
    Failed {
        admin: AdminId,
        code: &'a str,
        credential: CredentialId,
        #[serde(skip_serializing_if = "is_none")]
        left_out: u64,
        way: WayIn,
    },
    Refused {
        attempted: &'a str,
        code: &'a str,
        #[serde(skip_serializing_if = "is_none")]
        left_out: u64,
    },
}

#[allow(clippy::trivially_copy_pass_by_ref)] // What serde hands over.
fn is_none(count: &u64) -> bool {
    *count == 0
}

impl SignIn {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::In(_) => "console.signed_in",
            Self::Out { .. } => "console.signed_out",
            Self::Failed { .. } => "console.sign_in_failed",
        }
    }

    pub(crate) fn detail(&self) -> Detail<'_> {
        match self {
            Self::In(arrival) => Detail::Arrival(*arrival),
            Self::Out { replaced } => Detail::Out {
                why: if *replaced { "replaced" } else { "asked" },
            },
            Self::Failed {
                arrival,
                code,
                left_out,
            } => Detail::Failed {
                admin: arrival.admin,
                code,
                credential: arrival.credential,
                left_out: *left_out,
                way: arrival.way,
            },
        }
    }
}

impl InVain {
    pub(crate) fn detail(&self) -> Detail<'_> {
        Detail::Refused {
            attempted: self.attempted,
            code: &self.code,
            left_out: self.left_out,
        }
    }
}

/// The kind of the entry that a command would make, or the first that tells of it.
#[must_use]
pub fn attempted(command: &Command) -> &'static str {
    match command {
        Command::CreateOrg { .. } => "org.created",
        Command::SetUpstream { .. } => "org.upstream_set",
        Command::SetHosts { .. } => "org.hosts_set",
        Command::ChangeSettings { .. } => "org.settings_changed",
        Command::Block { .. } => "org.blocked",
        Command::Unblock { .. } => "org.unblocked",
        Command::CreateAdmin { .. } => "admin.created",
        Command::SetRole { .. } => "admin.role_set",
        Command::SetAdminActive { active: true, .. } => "admin.reactivated",
        Command::SetAdminActive { active: false, .. } => "admin.deactivated",
        Command::ChangeAdmin { .. } => "admin.changed",
        Command::RemoveAdmin { .. } => "admin.removed",
        Command::CreateAgent { .. } => "agent.created",
        Command::ChangeAgent { .. } => "agent.changed",
        Command::RemoveAgent { .. } => "agent.removed",
        Command::AddIssuer { .. } => "issuer.added",
        Command::SetIssuerSecret { .. } => "issuer.secret_set",
        Command::AcceptIssuer { .. } => "issuer.accepted",
        Command::RemoveIssuer { .. } => "issuer.removed",
        Command::UnbindOpenId { .. } => "openid.unbound",
        Command::SetAgentActive { active: true, .. } => "agent.reactivated",
        Command::SetAgentActive { active: false, .. } => "agent.deactivated",
        Command::MintCredential { .. } => "credential.minted",
        Command::RevokeCredential { .. } => "credential.revoked",
        Command::RegisterPasskey { .. } => "passkey.registered",
        Command::RemovePasskey { .. } => "passkey.removed",
        Command::SignIn | Command::SignInByIssuer { .. } => "console.signed_in",
        Command::Accept { what } => match what {
            Awaiting::Credential(_) => "credential.accepted",
            Awaiting::Admin(_) => "admin.accepted",
            Awaiting::Role(..) => "admin.role_accepted",
            Awaiting::Client(..) => "client.accepted",
        },
        Command::Refuse { what } => match what {
            Awaiting::Credential(_) => "credential.refused",
            Awaiting::Admin(_) => "admin.refused",
            Awaiting::Role(..) => "admin.role_refused",
            Awaiting::Client(..) => "client.refused",
        },
        Command::CreateClient(_) => "client.created",
        Command::AddClientKey { .. } => "client.key_added",
        Command::RemoveClientKey { .. } => "client.key_removed",
        Command::RemoveClient { .. } => "client.removed",
        Command::OpenCase(_) => "case.opened",
        Command::CloseCase { .. } => "case.closed",
        Command::ReopenCase { .. } => "case.reopened",
        Command::JoinTeam { .. } => "case.team_joined",
        Command::LeaveTeam { .. } => "case.team_left",
        Command::RequestAccess { .. } => "access.requested",
        Command::WithdrawRequest { .. } => "access.request_withdrawn",
        Command::Grant { .. } => "access.granted",
        Command::Extend { .. } => "access.extended",
        Command::Revoke { .. } | Command::EndAfterLoss { .. } => "access.revoked",
        Command::ApproveSelfAssignment { .. } => "self_assignment.approved",
        Command::WithdrawSelfAssignment { .. } => "self_assignment.withdrawn",
        Command::StartSession { .. } => "session.started",
        Command::OpenLink { .. } => "session.link_opened",
        Command::EnterSession { .. } => "session.entered",
        Command::EndSession { .. } | Command::EndOwnSessions => "session.ended",
        Command::SignInAgent { .. } | Command::UnbindAgent { .. } => "agent.known_by",
        Command::SignInOperator { .. } => "operator.signed_in",
        Command::ExchangeToken(_) => "session.token_exchanged",
        Command::EndToken { .. } => "session.token_ended",
    }
}
