//! Whom and what the log names elsewhere: what passkeys are called, whom grants were for, and what an
//! upstream was before it was set anew.

use std::collections::BTreeMap;

use countersign_domain::{
    Actor, CaseId, CredentialId, Grant, GrantId, OrgId, RulesChange, Timestamp, Upstream, widens,
};
use countersign_entries::Written;
use countersign_store::{HistoryFilter, HistoryOrder, HistoryQuery};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{App, Failure};

/// How many entries of a kind are looked up. More than this many were never made in an org, or for a
/// case, by people; the newest are known then.
const ENTRIES: usize = 1_000;

#[derive(Deserialize)]
struct Registered {
    credential: CredentialId,
    name: String,
}

#[derive(Deserialize)]
struct Ticked {
    grant: Grant,
}

/// What an entry says was set.
#[derive(Deserialize)]
pub(super) struct Set {
    pub(super) upstream: Upstream,
}

/// What is different about which requests read since some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesSince {
    /// From what was set before that moment to what is set now.
    pub change: RulesChange,
    /// Whether that may let through what was refused then; not, once it has been taken back.
    pub wider: bool,
}

impl App {
    /// What passkeys are or were called. One that was removed is known from the log alone.
    pub(super) async fn passkey_names(
        &self,
        org: OrgId,
    ) -> Result<BTreeMap<CredentialId, String>, Failure> {
        let made: Vec<Registered> = self
            .told(org, "passkey.registered", None, None, ENTRIES)
            .await?;
        let names = made.into_iter().map(|made| (made.credential, made.name));
        Ok(names.collect())
    }

    /// The grants of a case, as they were made.
    pub(super) async fn grants_of(
        &self,
        org: OrgId,
        case: CaseId,
    ) -> Result<BTreeMap<GrantId, Grant>, Failure> {
        let made: Vec<Ticked> = self
            .told(org, "access.granted", Some(case), None, ENTRIES)
            .await?;
        let grants = made.into_iter().map(|made| (made.grant.id, made.grant));
        Ok(grants.collect())
    }

    /// The upstream that was set before the entry at this index.
    pub(super) async fn upstream_before(
        &self,
        org: OrgId,
        index: u64,
    ) -> Result<Option<Upstream>, Failure> {
        self.newest_upstream(query(org, "org.upstream_set", None, Some(index), 1))
            .await
    }

    /// What is different about which requests read in the caller's own org since `at`: from what was set
    /// before that moment to what is set now, and whether that lets through more.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn rules_since(
        &self,
        actor: Actor,
        at: Timestamp,
    ) -> Result<Option<RulesSince>, Failure> {
        let org = self.own_org_alone(actor).await?.org;
        let Some(now) = &org.upstream else {
            return Ok(None);
        };
        let mut query = query(org.id, "org.upstream_set", None, None, 1);
        query.filter.to = Some(at);
        let before = self.newest_upstream(query).await?;
        Ok(Some(RulesSince {
            change: RulesChange::between(before.as_ref(), now),
            wider: widens(before.as_ref(), now),
        }))
    }

    async fn newest_upstream(&self, mut query: HistoryQuery) -> Result<Option<Upstream>, Failure> {
        // A page of the log may have none of the kind.
        loop {
            let page = self.store.history(query.clone()).await?;
            if let Some(row) = page.rows.first() {
                let set = Written::read(&row.entry.encoded).ok();
                let set = set.and_then(|written| written.detail_as::<Set>());
                return Ok(set.map(|set| set.upstream));
            }
            if page.next.is_none() {
                return Ok(None);
            }
            query.after = page.next;
        }
    }

    /// The details of the newest entries of a kind.
    async fn told<T: DeserializeOwned>(
        &self,
        org: OrgId,
        kind: &'static str,
        case: Option<CaseId>,
        after: Option<u64>,
        limit: usize,
    ) -> Result<Vec<T>, Failure> {
        let page = self
            .store
            .history(query(org, kind, case, after, limit))
            .await?;
        let rows = page.rows.iter();
        Ok(rows
            .filter_map(|row| Written::read(&row.entry.encoded).ok()?.detail_as())
            .collect())
    }
}

fn query(
    org: OrgId,
    kind: &'static str,
    case: Option<CaseId>,
    after: Option<u64>,
    limit: usize,
) -> HistoryQuery {
    HistoryQuery {
        org,
        filter: HistoryFilter {
            kinds: vec![kind],
            case,
            ..HistoryFilter::default()
        },
        order: HistoryOrder::NewestFirst,
        after,
        limit,
    }
}
