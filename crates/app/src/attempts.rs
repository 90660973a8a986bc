//! What no event is behind and an org is told of: who came to the console and went, and what was tried in vain.
//!
//! How much is tried is up to whoever tries. So what is said of it is bounded before anything is written
//! (`Tally`), by each process for itself; and nothing that is answered depends on whether it can be written.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_domain::{
    Actor, AdminId, Attempt, Command, CredentialId, OrgId, Refusal, RefusalKind, State, Tally,
    Timestamp, Trier, Vain,
};
use countersign_entries::{Arrival, Entry, InVain, SignIn, What, attempted};
use countersign_store::{Key, Slice, Store, alike::note};

use crate::{App, Failure, app::caller};

/// A tally that all calls of a process share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared(Arc<Mutex<Tally>>);

impl Shared {
    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What has been said, of commands and at the door: neither can hide the other.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    commands: Shared,
    door: Shared,
}

/// Something that is to be said of somebody, and how much was left out before it.
struct Saying {
    tally: Shared,
    org: OrgId,
    by: Trier,
    left_out: u64,
}

impl Saying {
    fn of(tally: &Shared, org: OrgId, by: Trier, vain: Vain, now: Timestamp) -> Option<Self> {
        let left_out = tally.tally().note(org, by, vain, now)?;
        Some(Self {
            tally: tally.clone(),
            org,
            by,
            left_out,
        })
    }

    async fn write(self, store: Arc<dyn Store>, entry: Entry) {
        if let Err(error) = store.note(entry).await {
            tracing::warn!(%error, org = %self.org, "what was tried in vain is not on the log");
            self.tally.tally().unsaid(self.org, self.by, self.left_out);
        }
    }
}

impl App {
    /// Tells the org of a command that a rule refused, as far as it is to know.
    pub(crate) async fn tried(
        &self,
        state: &State,
        command: &Command,
        actor: &Actor,
        refusal: &Refusal,
        now: Timestamp,
    ) {
        let Some(attempt) = Attempt::of(state, command, actor, refusal) else {
            return;
        };
        let vain = Vain {
            case: attempt.case,
            what: attempted(command),
            code: refusal.code(),
        };
        let tally = &self.tallies.commands;
        let Some(saying) = Saying::of(tally, attempt.org, attempt.by, vain, now) else {
            return;
        };
        let what = What::Attempt(InVain {
            attempted: vain.what,
            code: vain.code.to_owned(),
            left_out: saying.left_out,
        });
        let own = !attempt.outsider;
        let by = own.then_some(actor);
        let client = self.client.as_ref().filter(|_| own);
        let entry = match note(state, now, by, client, (attempt.org, attempt.case), what) {
            Ok(entry) => entry,
            Err(missing) => {
                tracing::warn!(%missing, "who tried something in vain is not known");
                return;
            }
        };
        let written = saying.write(Arc::clone(&self.store), entry);
        if refusal.kind() == RefusalKind::NotFound {
            // Whoever is told that there is no such thing is not to tell by the time it takes that there is.
            tokio::spawn(written);
        } else {
            written.await;
        }
    }

    /// Writes down that a customer user is signed in. Until it has, nobody is to be let in.
    ///
    /// # Errors
    /// A refusal, or the store does not answer: it may stand there or not.
    pub async fn signed_in(&self, arrival: Arrival) -> Result<(), Failure> {
        let actor = Actor::Admin {
            id: arrival.admin,
            via: Some(arrival.credential),
        };
        self.at_the_door(actor, SignIn::In(arrival)).await
    }

    /// Writes down that a customer user has signed out, or that their browser has signed somebody else in.
    ///
    /// # Errors
    /// A refusal, or the store does not answer: it may stand there or not.
    pub async fn signed_out(
        &self,
        admin: AdminId,
        via: Option<CredentialId>,
        replaced: bool,
    ) -> Result<(), Failure> {
        let actor = Actor::Admin { id: admin, via };
        self.at_the_door(actor, SignIn::Out { replaced }).await
    }

    async fn at_the_door(&self, actor: Actor, one: SignIn) -> Result<(), Failure> {
        let slice = self.store.load(&caller(actor)).await?;
        let Actor::Admin { id, .. } = actor else {
            return Ok(());
        };
        let org = slice.state.admin(id).ok_or(Refusal::CallerInactive)?.org;
        let entry = self.entry_at_the_door(&slice, Some(&actor), org, one)?;
        Ok(self.store.note(entry).await?)
    }

    /// Tells the org that somebody who came with what belongs to one of its people was not let in. It is not said who
    /// that was: they have not shown it.
    pub async fn sign_in_failed(&self, arrival: Arrival, code: &'static str) {
        if let Err(failure) = self.turned_away(arrival, code).await {
            tracing::warn!(%failure, "a sign-in that failed is not on the log");
        }
    }

    async fn turned_away(&self, arrival: Arrival, code: &'static str) -> Result<(), Failure> {
        let slice = self.store.load(&[Key::Admin(arrival.admin)]).await?;
        let admin = slice.state.admin(arrival.admin);
        let org = admin.ok_or(Refusal::PersonNotFound)?.org;
        let vain = Vain {
            case: None,
            what: "console.signed_in",
            code,
        };
        let (tally, by) = (&self.tallies.door, Trier::As(arrival.admin));
        let Some(saying) = Saying::of(tally, org, by, vain, slice.now) else {
            return Ok(());
        };
        let failed = SignIn::Failed {
            arrival,
            code: code.to_owned(),
            left_out: saying.left_out,
        };
        let entry = self.entry_at_the_door(&slice, None, org, failed)?;
        saying.write(Arc::clone(&self.store), entry).await;
        Ok(())
    }

    fn entry_at_the_door(
        &self,
        slice: &Slice,
        actor: Option<&Actor>,
        org: OrgId,
        one: SignIn,
    ) -> Result<Entry, Failure> {
        let (what, client) = (What::SignIn(one), self.client.as_ref());
        note(&slice.state, slice.now, actor, client, (org, None), what)
            .map_err(|missing| Failure::Unavailable(missing.to_string()))
    }
}
