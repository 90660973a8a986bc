//! Where an event belongs, and what it is about.

use crate::{CredentialId, CredentialOwner, Event, OrgId, StreamId};

impl Event {
    /// The stream this event belongs to.
    #[must_use]
    pub fn stream(&self) -> StreamId {
        match self {
            Self::OrgCreated { org, .. }
            | Self::UpstreamSet { org, .. }
            | Self::HostsSet { org, .. }
            | Self::SettingsChanged { org, .. }
            | Self::Blocked { org, .. }
            | Self::Unblocked { org, .. }
            | Self::ClientCreated { org, .. }
            | Self::ClientKeyAdded { org, .. }
            | Self::ClientKeyRemoved { org, .. }
            | Self::ClientRemoved { org, .. }
            | Self::ClientAccepted { org, .. }
            | Self::ClientRefused { org, .. }
            | Self::IssuerAdded { org, .. }
            | Self::IssuerSecretSet { org, .. }
            | Self::IssuerAccepted { org, .. }
            | Self::IssuerRemoved { org, .. }
            | Self::OrgClaimed { org, .. } => StreamId::Org(*org),
            Self::AdminCreated { admin, .. }
            | Self::RoleSet { admin, .. }
            | Self::AdminActiveSet { admin, .. }
            | Self::AdminChanged { admin, .. }
            | Self::AdminRemoved { admin, .. }
            | Self::AdminVouchedFor { admin, .. }
            | Self::AdminAccepted { admin, .. }
            | Self::AdminRefused { admin, .. }
            | Self::RoleProposed { admin, .. }
            | Self::RoleAccepted { admin, .. }
            | Self::RoleRefused { admin, .. }
            | Self::PasskeyRegistered { admin, .. }
            | Self::OpenIdBound { admin, .. }
            | Self::OpenIdUnbound { admin, .. }
            | Self::PasskeyRemoved { admin, .. } => StreamId::Admin(*admin),
            Self::AgentCreated { agent, .. }
            | Self::AgentActiveSet { agent, .. }
            | Self::AgentChanged { agent, .. }
            | Self::AgentKnownBy { agent, .. }
            | Self::AgentRemoved { agent } => StreamId::Agent(*agent),
            Self::OperatorSignedIn { .. } => StreamId::Operators,
            Self::CredentialAccepted { admin, org, .. }
            | Self::CredentialRefused { admin, org, .. } => {
                admin.map_or(StreamId::Org(*org), StreamId::Admin)
            }
            Self::CredentialMinted { owner, .. } | Self::CredentialRevoked { owner, .. } => {
                match owner {
                    CredentialOwner::Admin(id) => StreamId::Admin(*id),
                    CredentialOwner::Agent(id) => StreamId::Agent(*id),
                    CredentialOwner::Provisioning(Some(org)) => StreamId::Org(*org),
                    CredentialOwner::Operator | CredentialOwner::Provisioning(None) => {
                        StreamId::Operators
                    }
                }
            }
            Self::CaseOpened { case, .. }
            | Self::CaseClosed { case, .. }
            | Self::CaseReopened { case, .. }
            | Self::TeamJoined { case, .. }
            | Self::TeamLeft { case, .. }
            | Self::SelfAssignmentRequested { case, .. }
            | Self::SelfAssignmentApproved { case, .. }
            | Self::SelfAssignmentWithdrawn { case, .. }
            | Self::AccessRequested { case, .. }
            | Self::RequestWithdrawn { case, .. }
            | Self::MoreTimeWanted { case, .. }
            | Self::Granted { case, .. }
            | Self::Extended { case, .. }
            | Self::PeriodOpened { case, .. }
            | Self::Revoked { case, .. }
            | Self::SessionStarted { case, .. }
            | Self::LinkOpened { case, .. }
            | Self::SessionEntered { case, .. }
            | Self::TokenExchanged { case, .. }
            | Self::TokenEnded { case, .. }
            | Self::SessionEnded { case, .. } => StreamId::Case(*case),
        }
    }

    /// The org on whose log the event stands; none for what belongs to the vendor alone.
    #[must_use]
    pub fn org(&self) -> Option<OrgId> {
        match self {
            Self::OrgCreated { org, .. }
            | Self::UpstreamSet { org, .. }
            | Self::HostsSet { org, .. }
            | Self::SettingsChanged { org, .. }
            | Self::Blocked { org, .. }
            | Self::Unblocked { org, .. }
            | Self::AdminCreated { org, .. }
            | Self::RoleSet { org, .. }
            | Self::AdminActiveSet { org, .. }
            | Self::AdminChanged { org, .. }
            | Self::AdminRemoved { org, .. }
            | Self::AdminVouchedFor { org, .. }
            | Self::OrgClaimed { org, .. }
            | Self::ClientCreated { org, .. }
            | Self::ClientKeyAdded { org, .. }
            | Self::ClientKeyRemoved { org, .. }
            | Self::ClientRemoved { org, .. }
            | Self::ClientAccepted { org, .. }
            | Self::ClientRefused { org, .. }
            | Self::AdminAccepted { org, .. }
            | Self::AdminRefused { org, .. }
            | Self::RoleProposed { org, .. }
            | Self::RoleAccepted { org, .. }
            | Self::RoleRefused { org, .. }
            | Self::CredentialAccepted { org, .. }
            | Self::CredentialRefused { org, .. }
            | Self::PasskeyRegistered { org, .. }
            | Self::PasskeyRemoved { org, .. }
            | Self::IssuerAdded { org, .. }
            | Self::IssuerSecretSet { org, .. }
            | Self::IssuerAccepted { org, .. }
            | Self::IssuerRemoved { org, .. }
            | Self::OpenIdBound { org, .. }
            | Self::OpenIdUnbound { org, .. }
            | Self::CaseOpened { org, .. }
            | Self::CaseClosed { org, .. }
            | Self::CaseReopened { org, .. }
            | Self::TeamJoined { org, .. }
            | Self::TeamLeft { org, .. }
            | Self::SelfAssignmentRequested { org, .. }
            | Self::SelfAssignmentApproved { org, .. }
            | Self::SelfAssignmentWithdrawn { org, .. }
            | Self::AccessRequested { org, .. }
            | Self::RequestWithdrawn { org, .. }
            | Self::MoreTimeWanted { org, .. }
            | Self::Granted { org, .. }
            | Self::Extended { org, .. }
            | Self::PeriodOpened { org, .. }
            | Self::Revoked { org, .. }
            | Self::SessionStarted { org, .. }
            | Self::LinkOpened { org, .. }
            | Self::SessionEntered { org, .. }
            | Self::TokenExchanged { org, .. }
            | Self::TokenEnded { org, .. }
            | Self::SessionEnded { org, .. } => Some(*org),
            Self::CredentialMinted { org, .. } | Self::CredentialRevoked { org, .. } => *org,
            Self::AgentCreated { .. }
            | Self::AgentActiveSet { .. }
            | Self::AgentChanged { .. }
            | Self::AgentKnownBy { .. }
            | Self::OperatorSignedIn { .. }
            | Self::AgentRemoved { .. } => None,
        }
    }

    /// The credential of a customer user, or of an org's directory, whose record this changes.
    #[must_use]
    pub fn admin_credential(&self) -> Option<CredentialId> {
        match self {
            Self::CredentialMinted {
                credential,
                owner: CredentialOwner::Admin(_) | CredentialOwner::Provisioning(Some(_)),
                ..
            }
            | Self::OrgClaimed { credential, .. }
            | Self::CredentialAccepted { credential, .. }
            | Self::CredentialRefused { credential, .. }
            | Self::PasskeyRegistered { credential, .. }
            | Self::PasskeyRemoved { credential, .. }
            | Self::OpenIdBound { credential, .. }
            | Self::OpenIdUnbound { credential, .. } => Some(*credential),
            _ => None,
        }
    }

    /// Whether this can turn an allow into a refusal, so that the answer to its command must wait
    /// until it is effective everywhere (R12, DESIGN section 4). A revoked credential is none of these:
    /// whether one is good is asked of the store at each use, so no process knows it from before.
    #[must_use]
    pub fn takes_away(&self) -> bool {
        match self {
            Self::Revoked { .. }
            | Self::CaseClosed { .. }
            | Self::TeamLeft { .. }
            | Self::SelfAssignmentRequested { .. }
            | Self::SelfAssignmentWithdrawn { .. }
            | Self::Blocked { .. }
            | Self::SessionEnded { .. }
            | Self::TokenEnded { .. }
            | Self::UpstreamSet { .. } => true,
            Self::AdminActiveSet { active, .. } | Self::AgentActiveSet { active, .. } => !active,
            _ => false,
        }
    }
}
