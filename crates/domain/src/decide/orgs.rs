//! Orgs, their settings, and the block (R1, R9, R15).

use super::{
    admission::{customers_super_admin, operator, super_admin},
    approve::revocation,
    sessions::ending,
};
use crate::{
    Actor, EndedWhy, Event, HostName, Org, OrgId, OrgSettings, PersonName, Refusal, RevokedWhy,
    Slug, State, Timestamp, Upstream, widens,
};

pub(super) fn create(
    org: OrgId,
    slug: &Slug,
    name: &PersonName,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    Ok(vec![Event::OrgCreated {
        org,
        slug: slug.clone(),
        name: name.clone(),
    }])
}

/// Where the product is, and which requests to it read. A customer's yes covers what was let through
/// when it was given: whatever lets through more ends every grant that has neither been revoked nor run
/// out, and the customer is asked again. Anything else ends the sessions. The cases of the slice name what ends; the
/// fold ends whatever else there is.
pub(super) fn set_upstream(
    state: &State,
    org: OrgId,
    upstream: &Upstream,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if known.upstream.as_ref() == Some(upstream) {
        return Ok(vec![]);
    }
    if upstream.resource_is_origin() {
        return Err(Refusal::ResourceIsOrigin);
    }
    let cases = state.cases().filter(|case| case.org == org);
    let widened = widens(known.upstream.as_ref(), upstream);
    let mut events: Vec<Event> = if widened {
        cases
            .filter(|case| case.access.not_over(now).is_some())
            .flat_map(|case| revocation(case, now, RevokedWhy::RulesWidened, actor))
            .collect()
    } else {
        cases
            .flat_map(|case| ending(case, now, EndedWhy::UpstreamChanged, |_| true))
            .collect()
    };
    events.push(Event::UpstreamSet {
        org,
        upstream: upstream.clone(),
        widened,
    });
    Ok(events)
}

/// Host names of the org's own (R1). That no two orgs have one is the store's to know, and which are the
/// deployment's the caller's.
pub(super) fn set_hosts(
    state: &State,
    org: OrgId,
    hosts: &[HostName],
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    operator(actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    let twice = |(index, host)| hosts.iter().take(index).any(|earlier| earlier == host);
    if hosts.iter().enumerate().any(twice) {
        return Err(Refusal::HostTwice);
    }
    if hosts.len() > Org::MOST_HOSTS {
        return Err(Refusal::TooManyHosts);
    }
    if known.hosts == hosts {
        return Ok(vec![]);
    }
    Ok(vec![Event::HostsSet {
        org,
        hosts: hosts.to_vec(),
    }])
}

pub(super) fn change_settings(
    state: &State,
    org: OrgId,
    settings: OrgSettings,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let by = customers_super_admin(state, org, actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if settings.default_duration < OrgSettings::MIN_DURATION
        || settings.default_duration > OrgSettings::MAX_DURATION
    {
        return Err(Refusal::DurationOutOfRange);
    }
    if known.settings == settings {
        return Ok(vec![]);
    }
    Ok(vec![Event::SettingsChanged {
        org,
        settings,
        by: Some(by),
    }])
}

/// The cases of the slice name what ends with the block; the fold ends whatever else there is.
pub(super) fn block(
    state: &State,
    org: OrgId,
    actor: &Actor,
    now: Timestamp,
) -> Result<Vec<Event>, Refusal> {
    let by = super_admin(state, org, actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if known.block.is_some() {
        return Ok(vec![]);
    }
    let mut events: Vec<Event> = state
        .cases()
        .filter(|case| case.org == org)
        .flat_map(|case| revocation(case, now, RevokedWhy::Blocked, actor))
        .collect();
    events.push(Event::Blocked { org, by });
    Ok(events)
}

pub(super) fn unblock(state: &State, org: OrgId, actor: &Actor) -> Result<Vec<Event>, Refusal> {
    let by = customers_super_admin(state, org, actor)?;
    let known = state.org(org).ok_or(Refusal::OrgNotFound)?;
    if known.block.is_none() {
        return Ok(vec![]);
    }
    Ok(vec![Event::Unblocked { org, by }])
}
