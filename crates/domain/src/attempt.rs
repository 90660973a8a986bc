//! Commands that a rule refused: which of them an org is told of, on its log.

use crate::{
    Actor, AdminId, Awaiting, CaseId, Command, CredentialOwner, NewToken, OperatorVia, OrgId,
    Refusal, RefusalKind, State, Trier,
};

/// A command that a rule refused, for the org that it was about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// On whose log it belongs.
    pub org: OrgId,
    /// The case it was about.
    pub case: Option<CaseId>,
    /// Whose it is.
    pub by: Trier,
    /// Whether that is somebody of another org. To each of the two the other's people do not exist: that it was
    /// tried is said, and not by whom.
    pub outsider: bool,
}

impl Attempt {
    /// What the org is told of a refused command; nothing where no rule of access refused it, where it is about no
    /// org that is known, and of the command line, which whoever has the database uses.
    #[must_use]
    pub fn of(state: &State, command: &Command, actor: &Actor, refusal: &Refusal) -> Option<Self> {
        if !is_of_a_rule(refusal) {
            return None;
        }
        let (org, case) = place(state, command, actor)?;
        state.org(org)?;
        let (by, own) = match *actor {
            Actor::Admin { id, .. } => (Trier::Admin(id), Some(state.admin(id)?.org)),
            Actor::Client { id, org, .. } => (Trier::Client(id), Some(org)),
            Actor::Provisioning { org, via } => (Trier::Directory(via), org),
            Actor::Agent { id } => (Trier::Agent(id), None),
            Actor::Impersonation { agent, .. } => (Trier::Agent(agent), None),
            Actor::Operator {
                via: OperatorVia::Token { id } | OperatorVia::Person { id },
            } => (Trier::Operator(id), None),
            Actor::Operator {
                via: OperatorVia::CommandLine | OperatorVia::Configuration,
            } => return None,
        };
        Some(Self {
            org,
            case,
            by,
            outsider: own.is_some_and(|own| own != org),
        })
    }
}

/// Not of what was written, of names that are taken and of places that are full, nor of a page that is older than the
/// case.
fn is_of_a_rule(refusal: &Refusal) -> bool {
    refusal.kind() != RefusalKind::Invalid
        && !matches!(
            refusal,
            Refusal::ChangedSinceShown
                | Refusal::NumberTaken
                | Refusal::SlugTaken
                | Refusal::HostTaken
                | Refusal::EmailTaken
                | Refusal::PasskeyTaken
                | Refusal::TooManyPasskeys
                | Refusal::TooManyClients
                | Refusal::TooManyClientKeys
                | Refusal::NoUpstream
                | Refusal::IssuerTaken
                | Refusal::TooManyIssuers
                | Refusal::NothingToSealWith
        )
}

/// Which org a command is about, and which case of it.
fn place(state: &State, command: &Command, actor: &Actor) -> Option<(OrgId, Option<CaseId>)> {
    let of_admin = |id: AdminId| state.admin(id).map(|admin| (admin.org, None));
    match command {
        Command::CreateOrg { .. }
        | Command::CreateAgent { .. }
        | Command::SetAgentActive { .. }
        | Command::ChangeAgent { .. }
        | Command::RemoveAgent { .. }
        | Command::EndOwnSessions
        | Command::UnbindAgent { .. } => None,
        // Whoever has the address of a session tries the one, and whoever comes to sign in the other: who they are is
        // known once they succeed.
        Command::EnterSession { .. }
        | Command::SignIn
        | Command::SignInByIssuer { .. }
        | Command::SignInAgent { .. }
        | Command::SignInOperator { .. } => None,
        Command::SetUpstream { org, .. }
        | Command::SetHosts { org, .. }
        | Command::CreateAdmin { org, .. }
        | Command::ChangeSettings { org, .. }
        | Command::Block { org }
        | Command::Unblock { org }
        | Command::AddClientKey { org, .. }
        | Command::RemoveClientKey { org, .. }
        | Command::RemoveClient { org, .. }
        | Command::AddIssuer { org, .. }
        | Command::SetIssuerSecret { org, .. }
        | Command::AcceptIssuer { org, .. }
        | Command::RemoveIssuer { org, .. } => Some((*org, None)),
        Command::CreateClient(new) => Some((new.org, None)),
        Command::OpenCase(new) => Some((new.org, None)),
        Command::SetRole { admin, .. }
        | Command::SetAdminActive { admin, .. }
        | Command::ChangeAdmin { admin, .. }
        | Command::RemoveAdmin { admin } => of_admin(*admin),
        Command::MintCredential { owner, .. } | Command::RevokeCredential { owner, .. } => {
            match owner {
                CredentialOwner::Admin(id) => of_admin(*id),
                CredentialOwner::Provisioning(Some(org)) => Some((*org, None)),
                CredentialOwner::Agent(_)
                | CredentialOwner::Operator
                | CredentialOwner::Provisioning(None) => None,
            }
        }
        Command::RegisterPasskey { .. } => match *actor {
            Actor::Admin { id, .. } => of_admin(id),
            _ => None,
        },
        Command::RemovePasskey { credential } | Command::UnbindOpenId { credential } => {
            state.credential(*credential).map(|known| (known.org, None))
        }
        Command::Accept { what } | Command::Refuse { what } => match what {
            Awaiting::Credential(id) => state.credential(*id).map(|known| (known.org, None)),
            Awaiting::Admin(id) | Awaiting::Role(id, _) => of_admin(*id),
            Awaiting::Client(org, _) => Some((*org, None)),
        },
        Command::ExchangeToken(NewToken { case, .. })
        | Command::EndToken { case, .. }
        | Command::CloseCase { case }
        | Command::ReopenCase { case }
        | Command::JoinTeam { case, .. }
        | Command::LeaveTeam { case, .. }
        | Command::RequestAccess { case, .. }
        | Command::WithdrawRequest { case }
        | Command::Grant { case, .. }
        | Command::Extend { case, .. }
        | Command::Revoke { case }
        | Command::EndAfterLoss { case }
        | Command::ApproveSelfAssignment { case }
        | Command::WithdrawSelfAssignment { case }
        | Command::StartSession { case, .. }
        | Command::OpenLink { case, .. }
        | Command::EndSession { case, .. } => {
            let case = state.case(*case)?;
            Some((case.org, Some(case.id)))
        }
    }
}
