//! Who may do what, as they are now (R2, R3, R4, R5, R9).

use super::clients::{client, in_scope};
use super::issuers::standing_of;
use crate::{
    Actor, Admin, AdminId, AgentId, ApproverId, Approvers, Attested, Case, CaseId, CredentialId,
    OpenedBy, Org, OrgId, Purpose, Refusal, Role, Sight, Standing, State, WayIn, sees_case,
};

/// Whether the caller exists, is active, is no impersonation, and does not come by something that
/// was refused (R2, R3).
///
/// # Errors
/// Why not.
pub fn caller_may_act(state: &State, actor: &Actor) -> Result<(), Refusal> {
    let active = match *actor {
        Actor::Impersonation { .. } => return Err(Refusal::ImpersonationCannotAct),
        Actor::Operator { .. } => true,
        Actor::Admin { id, via } => {
            let credential = via.and_then(|via| state.credential(via));
            if credential.is_some_and(|one| matches!(one.standing, Standing::Refused { .. })) {
                return Err(Refusal::CredentialRefused);
            }
            state.admin(id).is_some_and(|admin| admin.active)
        }
        Actor::Agent { id } => state.agent_is_active(id),
        Actor::Client { .. } => client(state, actor).is_some(),
        Actor::Provisioning { org: None, .. } => true,
        Actor::Provisioning { org: Some(_), via } => match state.credential(via) {
            Some(one) if matches!(one.standing, Standing::Refused { .. }) => {
                return Err(Refusal::CredentialRefused);
            }
            known => known.is_some(),
        },
    };
    if active {
        Ok(())
    } else {
        Err(Refusal::CallerInactive)
    }
}

/// Whether what the caller does counts as the customer's own (R3): from the claim on, both the
/// person and the credential they act through must be the customer's, or accepted. What takes
/// away, and what only reads a case, does not ask for this.
///
/// # Errors
/// What has not been accepted.
pub fn counts(state: &State, actor: &Actor) -> Result<(), Refusal> {
    let (id, via) = match *actor {
        Actor::Admin { id, via } => (id, via),
        Actor::Client { .. } => return client_counts(state, actor),
        Actor::Provisioning {
            org: Some(org),
            via,
        } => return directory_counts(state, org, via),
        _ => return Ok(()),
    };
    let admin = state.admin(id).ok_or(Refusal::CallerInactive)?;
    let org = state.org(admin.org).ok_or(Refusal::OrgNotFound)?;
    if org.claim.is_none() {
        return Ok(());
    }
    if !admin.standing.counts() {
        return Err(Refusal::AdminNotAccepted);
    }
    let credential = via.and_then(|via| state.credential(via));
    if credential.is_some_and(|one| one.owner == Some(id) && standing_of(org, one).counts()) {
        Ok(())
    } else {
        Err(Refusal::CredentialNotAccepted)
    }
}

fn client_counts(state: &State, actor: &Actor) -> Result<(), Refusal> {
    let (client, org) = client(state, actor).ok_or(Refusal::CallerInactive)?;
    if org.claim.is_none() || client.standing.counts() {
        Ok(())
    } else {
        Err(Refusal::ClientNotAccepted)
    }
}

/// The same of an org's directory: there is nobody but its credential to accept.
fn directory_counts(state: &State, org: OrgId, via: CredentialId) -> Result<(), Refusal> {
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let credential = state
        .credential(via)
        .filter(|one| one.org == org && one.owner.is_none() && one.way == WayIn::ScimToken);
    match credential {
        Some(_) if known.claim.is_none() => Ok(()),
        Some(one) if one.standing.counts() => Ok(()),
        _ => Err(Refusal::CredentialNotAccepted),
    }
}

pub(super) fn operator(actor: &Actor) -> Result<(), Refusal> {
    match actor {
        Actor::Operator { .. } => Ok(()),
        _ => Err(Refusal::OnlyOperators),
    }
}

/// A super admin of `org`. To people of other orgs it does not exist.
pub(super) fn super_admin(state: &State, org: OrgId, actor: &Actor) -> Result<AdminId, Refusal> {
    let Actor::Admin { id, .. } = *actor else {
        return Err(Refusal::OnlySuperAdmins);
    };
    match state.admin(id) {
        Some(admin) if admin.org != org => Err(Refusal::OrgNotFound),
        Some(admin) if admin.is_super() => Ok(id),
        _ => Err(Refusal::OnlySuperAdmins),
    }
}

/// The same, where it has to count as the customer's own act (R3).
pub(super) fn customers_super_admin(
    state: &State,
    org: OrgId,
    actor: &Actor,
) -> Result<AdminId, Refusal> {
    let id = super_admin(state, org, actor)?;
    counts(state, actor)?;
    Ok(id)
}

/// The case, if the caller sees it at all (R4), with its org.
pub(super) fn seen<'a>(
    state: &'a State,
    case: CaseId,
    actor: &Actor,
) -> Result<(&'a Case, &'a Org), Refusal> {
    let case = state.case(case).ok_or(Refusal::CaseNotFound)?;
    if sees_case(state, case, actor) == Sight::Nothing {
        return Err(Refusal::CaseNotFound);
    }
    let org = state.org(case.org).ok_or(Refusal::OrgNotFound)?;
    Ok((case, org))
}

/// Whether `admin` approves for `case` now: a super admin of its org, or the admin who opened it
/// as far as the org lets openers approve (R9).
///
/// # Errors
/// Why not.
pub fn approver(org: &Org, case: &Case, admin: &Admin) -> Result<(), Refusal> {
    if !admin.active || admin.org != case.org || org.id != case.org {
        return Err(Refusal::OnlyApprovers);
    }
    if admin.role == Role::SuperAdmin {
        return Ok(());
    }
    if case.opened_by.who != OpenedBy::Admin(admin.id) {
        return Err(Refusal::OnlyApprovers);
    }
    if org.settings.approvers == Approvers::SuperAdmins {
        return Err(Refusal::OnlySuperAdminsApproveHere);
    }
    if org.settings.self_openers_only && case.opened_by.attested != Attested::Own {
        return Err(Refusal::OpenerNotAttested);
    }
    Ok(())
}

/// The caller as an approver of a case they see, for what takes away. A service client whose scope is to
/// manage approves as a super admin of its org does (R9).
pub(super) fn approver_of<'a>(
    state: &'a State,
    case: CaseId,
    actor: &Actor,
) -> Result<(&'a Case, &'a Org, ApproverId), Refusal> {
    in_scope(actor, Purpose::ManageGrants)?;
    let (case, org) = seen(state, case, actor)?;
    let id = match *actor {
        Actor::Admin { id, .. } => id,
        Actor::Client { id, .. } => return Ok((case, org, id.into())),
        _ => return Err(Refusal::OnlyApprovers),
    };
    let admin = state.admin(id).ok_or(Refusal::OnlyApprovers)?;
    approver(org, case, admin)?;
    Ok((case, org, id.into()))
}

/// The caller as an approver whose yes counts as the customer's (R3).
pub(super) fn granting_approver<'a>(
    state: &'a State,
    case: CaseId,
    actor: &Actor,
) -> Result<(&'a Case, &'a Org, ApproverId), Refusal> {
    let approver = approver_of(state, case, actor)?;
    counts(state, actor)?;
    Ok(approver)
}

/// The caller as an agent on the team of a case (R5).
pub(super) fn team_agent<'a>(
    state: &'a State,
    case: CaseId,
    actor: &Actor,
) -> Result<(&'a Case, &'a Org, AgentId), Refusal> {
    let (case, org) = seen(state, case, actor)?;
    match *actor {
        Actor::Agent { id } => Ok((case, org, id)),
        _ => Err(Refusal::OnlyTeamAgents),
    }
}

/// Whether whoever said yes to `case` could still do so now: a grant outlives its approver's demotion,
/// deactivation or removal, and whoever reads is told (R2).
#[must_use]
pub fn still_approves(state: &State, org: &Org, case: &Case, by: ApproverId) -> bool {
    match by {
        ApproverId::Admin(id) => state
            .admin(id)
            .is_some_and(|admin| approver(org, case, admin).is_ok()),
        ApproverId::Client(id) => org
            .clients
            .get(&id)
            .is_some_and(|client| client.is_good() && client.scopes.allow(Purpose::ManageGrants)),
    }
}
