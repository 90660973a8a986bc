//! Reading an org's log.

use countersign_domain::{Actor, OrgId, Refusal, Slug, caller_may_act, reads_log};
use countersign_store::{Key, StoredEntry};

use crate::{App, Failure, app::caller};

/// A page of an org's log.
#[derive(Clone, Debug)]
pub struct EntriesPage {
    /// The entries, oldest first.
    pub entries: Vec<StoredEntry>,
    /// Continue from this index; none when there was nothing more.
    pub next: Option<u64>,
    /// Whose log it is.
    pub org: OrgId,
}

impl App {
    /// An org's log from index `from` on, for its super admins, and for service clients that may read it.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn entries(
        &self,
        actor: Actor,
        org: &Slug,
        from: u64,
        limit: usize,
    ) -> Result<EntriesPage, Failure> {
        let mut keys = vec![Key::Slug(org.clone())];
        keys.extend(caller(actor));
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        // Agents and operators are not told which orgs there are.
        let (Actor::Admin { .. } | Actor::Client { .. }) = actor else {
            return Err(Refusal::OnlySuperAdmins.into());
        };
        let org = slice.state.orgs().find(|known| known.slug == *org);
        let org = org.ok_or(Refusal::OrgNotFound)?;
        reads_log(&slice.state, org.id, &actor)?;
        let mut entries = self.store.entries(org.id, from, limit + 1).await?;
        let more = entries.len() > limit;
        entries.truncate(limit);
        let next = entries
            .last()
            .filter(|_| more)
            .map(|entry| entry.index.saturating_add(1));
        Ok(EntriesPage {
            entries,
            next,
            org: org.id,
        })
    }

    /// Returns when there may be an entry at `from` or later, or after a while; never blocks for
    /// long. Whether the caller may still read it is judged by the next [`App::entries`].
    pub async fn wait_for_entries(&self, org: OrgId, from: u64) {
        self.store.wait_for_entries(org, from).await;
    }
}
