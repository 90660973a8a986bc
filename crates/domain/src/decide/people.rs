//! People and their credentials (R1, R2, R3).

use super::{
    admission::{operator, super_admin},
    sessions::ending,
};
use crate::{
    Actor, AdminId, AgentId, CredentialId, CredentialKind, CredentialOwner, Email, EndedWhy, Event,
    OrgId, PersonName, Refusal, Role, Session, State, Timestamp,
};

pub(super) fn create_admin(
    state: &State,
    (admin, org, email, name, role): (AdminId, OrgId, &Email, &PersonName, Role),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    state.org(org).ok_or(Refusal::OrgNotFound)?;
    Ok(vec![Event::AdminCreated {
        admin,
        org,
        email: email.clone(),
        name: name.clone(),
        role,
    }])
}

pub(super) fn set_role(
    state: &State,
    admin: AdminId,
    role: Role,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let org = administered(state, admin, actor)?;
    let known = state.admin(admin).ok_or(Refusal::PersonNotFound)?;
    if known.role == role {
        return Ok(vec![]);
    }
    Ok(vec![Event::RoleSet { admin, org, role }])
}

pub(super) fn set_admin_active(
    state: &State,
    admin: AdminId,
    active: bool,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let org = administered(state, admin, actor)?;
    let known = state.admin(admin).ok_or(Refusal::PersonNotFound)?;
    if known.active == active {
        return Ok(vec![]);
    }
    let mut events = if active {
        vec![]
    } else {
        ended(state, now, EndedWhy::SubjectDeactivated, |s| {
            s.subject == admin
        })
    };
    events.push(Event::AdminActiveSet { admin, org, active });
    Ok(events)
}

/// The org of a customer user the caller administers.
fn administered(state: &State, admin: AdminId, actor: &Actor) -> Result<OrgId, Refusal> {
    let org = state.admin(admin).ok_or(Refusal::PersonNotFound)?.org;
    if operator(actor).is_err() {
        super_admin(state, org, actor).map_err(|refusal| match refusal {
            Refusal::OrgNotFound => Refusal::PersonNotFound,
            other => other,
        })?;
    }
    Ok(org)
}

pub(super) fn create_agent(
    agent: AgentId,
    email: &Email,
    name: &PersonName,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    Ok(vec![Event::AgentCreated {
        agent,
        email: email.clone(),
        name: name.clone(),
    }])
}

pub(super) fn set_agent_active(
    state: &State,
    agent: AgentId,
    active: bool,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    let known = state.agent(agent).ok_or(Refusal::PersonNotFound)?;
    if known.active == active {
        return Ok(vec![]);
    }
    let mut events = if active {
        vec![]
    } else {
        ended(state, now, EndedWhy::AgentDeactivated, |s| s.agent == agent)
    };
    events.push(Event::AgentActiveSet { agent, active });
    Ok(events)
}

/// Each running session of the slice that ends with a person, so that its org's log says so; the
/// fold ends whatever else there is.
fn ended(
    state: &State,
    now: Timestamp,
    why: EndedWhy,
    which: impl Fn(&Session) -> bool,
) -> Vec<Event> {
    state
        .cases()
        .flat_map(|case| ending(case, now, why, &which))
        .collect()
}

pub(super) fn mint_credential(
    state: &State,
    (credential, owner, kind, expires_at): (
        CredentialId,
        CredentialOwner,
        CredentialKind,
        Timestamp,
    ),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let own = match (*actor, owner) {
        (Actor::Operator { .. }, _) => true,
        (Actor::Admin { id }, CredentialOwner::Admin(owner)) => id == owner,
        (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == owner,
        _ => false,
    };
    if !own {
        return Err(Refusal::NotYoursToMint);
    }
    if (owner, kind) == (CredentialOwner::Operator, CredentialKind::LoginLink) {
        return Err(Refusal::OperatorsSignInNowhere);
    }
    let org = match owner {
        CredentialOwner::Operator => None,
        CredentialOwner::Agent(id) => match state.agent(id) {
            Some(agent) if agent.active => None,
            _ => return Err(Refusal::PersonNotFound),
        },
        CredentialOwner::Admin(id) => match state.admin(id) {
            Some(admin) if admin.active => Some(admin.org),
            _ => return Err(Refusal::PersonNotFound),
        },
    };
    Ok(vec![Event::CredentialMinted {
        credential,
        owner,
        org,
        credential_kind: kind,
        expires_at,
    }])
}

pub(super) fn revoke_credential(
    state: &State,
    credential: CredentialId,
    owner: CredentialOwner,
    spent: bool,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if !sees_credential(state, owner, actor) {
        return Err(Refusal::CredentialNotFound);
    }
    if spent {
        return Ok(vec![]);
    }
    let org = match owner {
        CredentialOwner::Admin(id) => state.admin(id).map(|admin| admin.org),
        CredentialOwner::Agent(_) | CredentialOwner::Operator => None,
    };
    Ok(vec![Event::CredentialRevoked {
        credential,
        owner,
        org,
    }])
}

/// Whether the caller sees the credentials of `owner`, and may take them away: operators all, super
/// admins those of their org's people, everyone their own (R3).
#[must_use]
pub fn sees_credential(state: &State, owner: CredentialOwner, actor: &Actor) -> bool {
    match (*actor, owner) {
        (Actor::Operator { .. }, _) => true,
        (Actor::Admin { id }, CredentialOwner::Admin(owner)) => {
            let org = state.admin(owner).map(|admin| admin.org);
            id == owner || org.is_some_and(|org| super_admin(state, org, actor).is_ok())
        }
        (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == owner,
        _ => false,
    }
}
