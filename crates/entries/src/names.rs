//! The stable names of entry kinds, `area.what_happened`.

use countersign_domain::Event;

use crate::What;

/// Every kind there is.
pub const KINDS: [&str; 55] = [
    "access.extended",
    "access.granted",
    "access.more_time_wanted",
    "access.period_opened",
    "access.request_withdrawn",
    "access.requested",
    "access.revoked",
    "admin.accepted",
    "admin.created",
    "admin.deactivated",
    "admin.reactivated",
    "admin.refused",
    "admin.role_accepted",
    "admin.role_proposed",
    "admin.role_refused",
    "admin.role_set",
    "agent.created",
    "agent.deactivated",
    "agent.reactivated",
    "case.closed",
    "case.opened",
    "case.reopened",
    "case.team_joined",
    "case.team_left",
    "client.accepted",
    "client.created",
    "client.key_added",
    "client.key_removed",
    "client.refused",
    "client.removed",
    "credential.accepted",
    "credential.minted",
    "credential.refused",
    "credential.revoked",
    "org.blocked",
    "org.claimed",
    "org.created",
    "org.hosts_set",
    "org.settings_changed",
    "org.unblocked",
    "org.upstream_set",
    "outcome",
    "passkey.registered",
    "passkey.removed",
    "request",
    "request.refused",
    "self_assignment.approved",
    "self_assignment.requested",
    "self_assignment.withdrawn",
    "session.ended",
    "session.entered",
    "session.link_opened",
    "session.started",
    "session.token_ended",
    "session.token_exchanged",
];

/// The kinds that `name` names: the kind of that name, or else every kind of that area, such as
/// `access`. Empty when it names none.
pub fn kinds_named(name: &str) -> impl Iterator<Item = &'static str> {
    let exact = KINDS.contains(&name);
    KINDS.into_iter().filter(move |kind| {
        *kind == name || !exact && kind.split_once('.').is_some_and(|(area, _)| area == name)
    })
}

impl What {
    /// The `type` of the entry.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Refused { .. } => "request.refused",
            Self::Outcome(_) => "outcome",
            Self::Event(event) => match event {
                Event::OrgCreated { .. } => "org.created",
                Event::UpstreamSet { .. } => "org.upstream_set",
                Event::HostsSet { .. } => "org.hosts_set",
                Event::SettingsChanged { .. } => "org.settings_changed",
                Event::Blocked { .. } => "org.blocked",
                Event::Unblocked { .. } => "org.unblocked",
                Event::AdminCreated { .. } => "admin.created",
                Event::RoleSet { .. } => "admin.role_set",
                Event::AdminActiveSet { active: true, .. } => "admin.reactivated",
                Event::AdminActiveSet { active: false, .. } => "admin.deactivated",
                Event::AgentCreated { .. } => "agent.created",
                Event::AgentActiveSet { active: true, .. } => "agent.reactivated",
                Event::AgentActiveSet { active: false, .. } => "agent.deactivated",
                Event::OrgClaimed { .. } => "org.claimed",
                Event::AdminAccepted { .. } => "admin.accepted",
                Event::AdminRefused { .. } => "admin.refused",
                Event::RoleProposed { .. } => "admin.role_proposed",
                Event::RoleAccepted { .. } => "admin.role_accepted",
                Event::RoleRefused { .. } => "admin.role_refused",
                Event::CredentialMinted { .. } => "credential.minted",
                Event::CredentialRevoked { .. } => "credential.revoked",
                Event::CredentialAccepted { .. } => "credential.accepted",
                Event::CredentialRefused { .. } => "credential.refused",
                Event::PasskeyRegistered { .. } => "passkey.registered",
                Event::PasskeyRemoved { .. } => "passkey.removed",
                Event::ClientCreated { .. } => "client.created",
                Event::ClientKeyAdded { .. } => "client.key_added",
                Event::ClientKeyRemoved { .. } => "client.key_removed",
                Event::ClientRemoved { .. } => "client.removed",
                Event::ClientAccepted { .. } => "client.accepted",
                Event::ClientRefused { .. } => "client.refused",
                Event::CaseOpened { .. } => "case.opened",
                Event::CaseClosed { .. } => "case.closed",
                Event::CaseReopened { .. } => "case.reopened",
                Event::TeamJoined { .. } => "case.team_joined",
                Event::TeamLeft { .. } => "case.team_left",
                Event::SelfAssignmentRequested { .. } => "self_assignment.requested",
                Event::SelfAssignmentApproved { .. } => "self_assignment.approved",
                Event::SelfAssignmentWithdrawn { .. } => "self_assignment.withdrawn",
                Event::AccessRequested { .. } => "access.requested",
                Event::RequestWithdrawn { .. } => "access.request_withdrawn",
                Event::MoreTimeWanted { .. } => "access.more_time_wanted",
                Event::Granted { .. } => "access.granted",
                Event::Extended { .. } => "access.extended",
                Event::PeriodOpened { .. } => "access.period_opened",
                Event::Revoked { .. } => "access.revoked",
                Event::SessionStarted { .. } => "session.started",
                Event::LinkOpened { .. } => "session.link_opened",
                Event::SessionEntered { .. } => "session.entered",
                Event::SessionEnded { .. } => "session.ended",
                Event::TokenExchanged { .. } => "session.token_exchanged",
                Event::TokenEnded { .. } => "session.token_ended",
            },
        }
    }
}
