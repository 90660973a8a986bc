//! People and their credentials (R1, R2, R3).

use super::{
    admission::{counts, customers_super_admin, operator, super_admin},
    claim::stays_reachable,
    provisioning::{provisions_agents, provisions_org},
    sessions::ending,
};
use crate::{
    Actor, Admin, AdminId, AgentId, CredentialId, CredentialKind, CredentialOwner, Email, EndedWhy,
    Event, Org, OrgId, PersonName, Refusal, Role, Standing, State, Timestamp,
};

pub(super) fn create_admin(
    state: &State,
    (admin, org, email, name, role): (AdminId, OrgId, &Email, &PersonName, Role),
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    if !provisions_org(org, actor) {
        operator(actor)?;
    }
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let created = Event::AdminCreated {
        admin,
        org,
        email: email.clone(),
        name: name.clone(),
        role,
    };
    if known.claim.is_some() && provisions_org(org, actor) && counts(state, actor).is_ok() {
        return Ok(vec![created, Event::AdminVouchedFor { admin, org }]);
    }
    Ok(vec![created])
}

pub(super) fn set_role(
    state: &State,
    admin: AdminId,
    role: Role,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (known, org) = administered(state, admin, actor)?;
    let event = Event::RoleSet {
        admin,
        org: org.id,
        role,
    };
    if known.role == role {
        // A proposal that nobody has accepted is taken back.
        return Ok(known.proposed.map(|_| event).into_iter().collect());
    }
    match role {
        Role::SuperAdmin if org.claim.is_some() && proposes(state, actor) => {
            let stands = known.proposed.is_some_and(|proposal| proposal.role == role);
            Ok((!stands)
                .then_some(Event::RoleProposed {
                    admin,
                    org: org.id,
                    role,
                })
                .into_iter()
                .collect())
        }
        Role::SuperAdmin => Ok(vec![event]),
        Role::Admin => {
            others_remain(state, org, admin)?;
            Ok(vec![event])
        }
    }
}

/// Whether the caller's giving of a role is a proposal in a claimed org: operators', and that of a
/// directory whose credential the customer has not accepted (R3).
fn proposes(state: &State, actor: &Actor) -> bool {
    match actor {
        Actor::Operator { .. } => true,
        Actor::Provisioning { .. } => counts(state, actor).is_err(),
        _ => false,
    }
}

/// In a claimed org somebody must remain who can act for it.
pub(super) fn others_remain(state: &State, org: &Org, without: AdminId) -> Result<(), Refusal> {
    if stays_reachable(state, org, |admin, _| admin.id != without) {
        Ok(())
    } else {
        Err(Refusal::LastSuperAdmin)
    }
}

pub(super) fn set_admin_active(
    state: &State,
    admin: AdminId,
    active: bool,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let (known, org) = administered(state, admin, actor)?;
    if known.active == active {
        return Ok(vec![]);
    }
    let set = Event::AdminActiveSet {
        admin,
        org: org.id,
        active,
    };
    if !active {
        others_remain(state, org, admin)?;
        let mut events = ended(state, now, Ended::Subject(admin));
        events.push(set);
        return Ok(events);
    }
    match *actor {
        // Whoever of the customer lets somebody act again vouches for them with it.
        Actor::Admin { id: by, .. } if org.claim.is_some() => Ok(vec![
            set,
            Event::AdminAccepted {
                admin,
                org: org.id,
                by,
            },
        ]),
        Actor::Admin { .. } => Ok(vec![set]),
        // A person said no to them, and no machine says otherwise.
        _ if matches!(known.standing, Standing::Refused { .. }) => Err(Refusal::AlreadyRefused),
        // Who made them a super admin may have been the vendor: a person of the customer's says that they are one.
        Actor::Provisioning { .. } if known.role == Role::SuperAdmin => Ok(vec![set]),
        Actor::Provisioning { .. } if org.claim.is_some() && counts(state, actor).is_ok() => {
            let org = org.id;
            Ok(vec![set, Event::AdminVouchedFor { admin, org }])
        }
        _ => Ok(vec![set]),
    }
}

/// A customer user the caller administers, and their org. Whoever was removed is not there.
pub(super) fn administered<'a>(
    state: &'a State,
    admin: AdminId,
    actor: &Actor,
) -> Result<(&'a Admin, &'a Org), Refusal> {
    let known = state.admin(admin).filter(|known| !known.removed);
    let known = known.ok_or(Refusal::PersonNotFound)?;
    if let Actor::Provisioning { .. } = actor
        && !provisions_org(known.org, actor)
    {
        return Err(Refusal::PersonNotFound);
    }
    if operator(actor).is_err() && !provisions_org(known.org, actor) {
        customers_super_admin(state, known.org, actor).map_err(|refusal| match refusal {
            Refusal::OrgNotFound => Refusal::PersonNotFound,
            other => other,
        })?;
    }
    let org = state.org(known.org).ok_or(Refusal::PersonNotFound)?;
    Ok((known, org))
}

pub(super) fn create_agent(
    agent: AgentId,
    email: &Email,
    name: &PersonName,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    provisions_agents(actor)?;
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
    provisions_agents(actor)?;
    let known = state.agent(agent).filter(|known| !known.removed);
    let known = known.ok_or(Refusal::PersonNotFound)?;
    if known.active == active {
        return Ok(vec![]);
    }
    let mut events = if active {
        vec![]
    } else {
        ended(state, now, Ended::Agent(agent))
    };
    events.push(Event::AgentActiveSet { agent, active });
    Ok(events)
}

/// Whose sessions end.
#[derive(Clone, Copy)]
pub(super) enum Ended {
    /// Those on behalf of a customer user.
    Subject(AdminId),
    /// Those of an agent.
    Agent(AgentId),
}

/// Each running session of the slice that ends with a person, so that its org's log says so; the
/// fold ends whatever else there is.
pub(super) fn ended(state: &State, now: Timestamp, whose: Ended) -> Vec<Event> {
    let why = match whose {
        Ended::Subject(_) => EndedWhy::SubjectDeactivated,
        Ended::Agent(_) => EndedWhy::AgentDeactivated,
    };
    state
        .cases()
        .flat_map(|case| {
            ending(case, now, why, move |session| match whose {
                Ended::Subject(admin) => session.subject == admin,
                Ended::Agent(agent) => session.agent == agent,
            })
        })
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
        (Actor::Admin { id, .. }, CredentialOwner::Admin(owner)) => id == owner,
        (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == owner,
        (Actor::Admin { .. }, CredentialOwner::Provisioning(Some(org))) => {
            super_admin(state, org, actor)?;
            true
        }
        _ => false,
    };
    let for_a_directory = matches!(owner, CredentialOwner::Provisioning(_));
    if !own || for_a_directory != (kind == CredentialKind::ScimToken) {
        return Err(Refusal::NotYoursToMint);
    }
    if (owner, kind) == (CredentialOwner::Operator, CredentialKind::LoginLink) {
        return Err(Refusal::OperatorsSignInNowhere);
    }
    counts(state, actor)?;
    let org = match owner {
        CredentialOwner::Operator | CredentialOwner::Provisioning(None) => None,
        CredentialOwner::Provisioning(Some(org)) => {
            Some(state.org(org).ok_or(Refusal::OrgNotFound)?.id)
        }
        CredentialOwner::Agent(id) => match state.agent(id) {
            Some(agent) if agent.active => None,
            _ => return Err(Refusal::PersonNotFound),
        },
        CredentialOwner::Admin(id) => match state.admin(id) {
            Some(admin) if admin.active => Some(admin.org),
            _ => return Err(Refusal::PersonNotFound),
        },
    };
    let claimed = org
        .and_then(|org| state.org(org))
        .is_some_and(|org| org.claim.is_some());
    Ok(vec![Event::CredentialMinted {
        credential,
        owner,
        org,
        credential_kind: kind,
        expires_at,
        own: claimed && operator(actor).is_err(),
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
        CredentialOwner::Provisioning(org) => org,
        CredentialOwner::Agent(_) | CredentialOwner::Operator => None,
    };
    Ok(vec![Event::CredentialRevoked {
        credential,
        owner,
        org,
    }])
}

/// Whether the caller sees the credentials of `owner`, and may take them away: operators all, super
/// admins those of their org's people and directory, everyone their own (R3).
#[must_use]
pub fn sees_credential(state: &State, owner: CredentialOwner, actor: &Actor) -> bool {
    match (*actor, owner) {
        (Actor::Operator { .. }, _) => true,
        (Actor::Admin { id, .. }, CredentialOwner::Admin(owner)) => {
            let org = state.admin(owner).map(|admin| admin.org);
            id == owner || org.is_some_and(|org| super_admin(state, org, actor).is_ok())
        }
        (Actor::Admin { .. }, CredentialOwner::Provisioning(Some(org))) => {
            super_admin(state, org, actor).is_ok()
        }
        (Actor::Agent { id }, CredentialOwner::Agent(owner)) => id == owner,
        _ => false,
    }
}
