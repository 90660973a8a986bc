//! Orgs, their upstreams, settings and the block (R1, R9, R15).

use countersign_domain::{
    Actor, CaseNumber, Command, Org, OrgId, OrgSettings, PersonName, Refusal, Slug, State,
    Timestamp, Upstream, caller_may_act, widens,
};
use countersign_node::Effective;
use countersign_store::{Key, Slice};

use crate::{App, Failure, app::caller, cases::uuid, execute::Plan};

impl App {
    /// Creates an org.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn create_org(
        &self,
        actor: Actor,
        slug: Slug,
        name: PersonName,
    ) -> Result<Org, Failure> {
        let org = OrgId::from_uuid(uuid(self));
        let plan = |_: &Slice| {
            let command = Command::CreateOrg {
                org,
                slug: slug.clone(),
                name: name.clone(),
            };
            Ok(Plan {
                makes: Some(Key::Org(org)),
                ..command.into()
            })
        };
        self.make(actor, vec![], plan, |state, _| {
            Ok(state.org(org).ok_or(Refusal::OrgNotFound)?.clone())
        })
        .await
    }

    /// Says where an org's product is, and which requests to it read. Where that lets through what was
    /// refused before, the access that customers granted ends with it. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_upstream(
        &self,
        actor: Actor,
        org: &Slug,
        upstream: Upstream,
    ) -> Result<UpstreamSet, Failure> {
        let mut ended = vec![];
        let done = self
            .execute(actor, reachable(org), |slice| {
                let id = org_shown(&slice.state, org, actor)?;
                ended = ended_by(&slice.state, id, &upstream, slice.now);
                let upstream = upstream.clone();
                Ok(Command::SetUpstream { org: id, upstream }.into())
            })
            .await?;
        Ok(UpstreamSet {
            effective: done.effective,
            ended,
        })
    }

    /// The cases whose live access would end if this were set, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn upstream_would_end(
        &self,
        actor: Actor,
        org: &Slug,
        upstream: &Upstream,
    ) -> Result<Vec<CaseNumber>, Failure> {
        let mut keys = reachable(org);
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        let Actor::Operator { .. } = actor else {
            return Err(Refusal::OnlyOperators.into());
        };
        let id = org_shown(&slice.state, org, actor)?;
        Ok(ended_by(&slice.state, id, upstream, slice.now))
    }

    /// Changes what the org has set. Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn change_settings(
        &self,
        actor: Actor,
        org: &Slug,
        settings: OrgSettings,
    ) -> Result<Option<Effective>, Failure> {
        self.on_org(actor, org, |org| Command::ChangeSettings { org, settings })
            .await
    }

    /// Changes what the org has set, if that is as the caller was shown it: `as_shown` judges the org
    /// in the moment of the decision. Whether that changed anything.
    ///
    /// # Errors
    /// `ChangedSinceShown`, another refusal, or the store does not answer.
    pub async fn change_settings_as_shown(
        &self,
        actor: Actor,
        org: &Slug,
        settings: OrgSettings,
        as_shown: impl Fn(&Org) -> bool + Send + Sync,
    ) -> Result<bool, Failure> {
        let command = |org| Command::ChangeSettings { org, settings };
        self.on_org_as_shown(actor, org, as_shown, command).await
    }

    /// Lifts the block that the caller was shown. Whether that changed anything.
    ///
    /// # Errors
    /// `ChangedSinceShown`, another refusal, or the store does not answer.
    pub async fn unblock_as_shown(
        &self,
        actor: Actor,
        org: &Slug,
        as_shown: impl Fn(&Org) -> bool + Send + Sync,
    ) -> Result<bool, Failure> {
        let command = |org| Command::Unblock { org };
        self.on_org_as_shown(actor, org, as_shown, command).await
    }

    /// Blocks all support access; returns when it is effective everywhere (R15). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn block(&self, actor: Actor, org: &Slug) -> Result<Option<Effective>, Failure> {
        self.on_reachable(actor, org, |org| Command::Block { org })
            .await
    }

    /// Lifts the block; restores nothing (R15). Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn unblock(&self, actor: Actor, org: &Slug) -> Result<Option<Effective>, Failure> {
        self.on_org(actor, org, |org| Command::Unblock { org })
            .await
    }

    /// Runs a command that ends something in an org's cases.
    async fn on_reachable(
        &self,
        actor: Actor,
        slug: &Slug,
        command: impl Fn(OrgId) -> Command + Send + Sync,
    ) -> Result<Option<Effective>, Failure> {
        let done = self
            .execute(actor, reachable(slug), |slice| {
                Ok(command(org_shown(&slice.state, slug, actor)?).into())
            })
            .await?;
        Ok(done.effective)
    }

    pub(crate) async fn on_org(
        &self,
        actor: Actor,
        slug: &Slug,
        command: impl Fn(OrgId) -> Command + Send + Sync,
    ) -> Result<Option<Effective>, Failure> {
        let done = self
            .execute(actor, vec![Key::Slug(slug.clone())], |slice| {
                Ok(command(org_shown(&slice.state, slug, actor)?).into())
            })
            .await?;
        Ok(done.effective)
    }

    async fn on_org_as_shown(
        &self,
        actor: Actor,
        slug: &Slug,
        as_shown: impl Fn(&Org) -> bool + Send + Sync,
        command: impl Fn(OrgId) -> Command + Send + Sync,
    ) -> Result<bool, Failure> {
        let done = self
            .execute(actor, vec![Key::Slug(slug.clone())], |slice| {
                let id = org_shown(&slice.state, slug, actor)?;
                if !slice.state.org(id).is_some_and(&as_shown) {
                    return Err(Refusal::ChangedSinceShown.into());
                }
                Ok(command(id).into())
            })
            .await?;
        Ok(!done.events.is_empty())
    }
}

/// What setting an upstream came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpstreamSet {
    /// How it became effective everywhere, if it changed anything.
    pub effective: Option<Effective>,
    /// The cases whose live access it ended: their customers are asked again.
    pub ended: Vec<CaseNumber>,
}

/// The cases of an org whose live access ends when this is set, by number.
#[must_use]
pub fn ended_by(state: &State, org: OrgId, upstream: &Upstream, now: Timestamp) -> Vec<CaseNumber> {
    let set = state.org(org).and_then(|known| known.upstream.as_ref());
    if set == Some(upstream) || !widens(set, upstream) {
        return vec![];
    }
    let live = state
        .cases()
        .filter(|case| case.org == org && case.access.not_over(now).is_some());
    let mut ended: Vec<_> = live.map(|case| case.number.clone()).collect();
    ended.sort();
    ended
}

/// An org, and every case of it that something could end in.
fn reachable(slug: &Slug) -> Vec<Key> {
    vec![Key::Slug(slug.clone()), Key::ReachableCases(slug.clone())]
}

/// To people of other orgs an org does not exist.
fn org_shown(state: &State, slug: &Slug, actor: Actor) -> Result<OrgId, Refusal> {
    let org = org_by_slug(state, slug)?;
    match actor {
        Actor::Admin { id, .. } if state.admin(id).is_none_or(|admin| admin.org != org) => {
            Err(Refusal::OrgNotFound)
        }
        _ => Ok(org),
    }
}

pub(crate) fn org_by_slug(state: &State, slug: &Slug) -> Result<OrgId, Refusal> {
    state
        .orgs()
        .find(|org| org.slug == *slug)
        .map(|org| org.id)
        .ok_or(Refusal::OrgNotFound)
}
