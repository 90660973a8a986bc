//! What an org is told of its people's sign-ins to the console: who came, who went, and who was turned away. Agents
//! are of no org, and no org is told of theirs.

use countersign_app::{Arrival, Failure, Secret, hash_secret};
use countersign_domain::{CredentialId, Person, WayIn};
use countersign_store::BrowserSession;

use crate::Identity;

impl Identity {
    /// What every way in ends with: the browser has this cookie and no other. What cannot be written down has not
    /// happened, so nobody is signed in then.
    pub(crate) async fn came_in(
        &self,
        (person, credential, way): (Person, CredentialId, WayIn),
        cookie: &Secret,
        before: Option<&str>,
    ) -> Result<(), Failure> {
        if let Some(arrival) = arrival(person, credential, way)
            && let Err(failure) = self.app.signed_in(arrival).await
        {
            self.end(cookie.expose()).await?;
            return Err(failure);
        }
        match before {
            Some(before) => self.leave(before, true).await,
            None => Ok(()),
        }
    }

    /// Whoever came with what belongs to this person is not let in.
    pub(crate) async fn turned_away(
        &self,
        (person, credential, way): (Person, CredentialId, WayIn),
        code: &'static str,
    ) {
        if let Some(arrival) = arrival(person, credential, way) {
            self.app.sign_in_failed(arrival, code).await;
        }
    }

    /// Ends a browser session.
    ///
    /// # Errors
    /// When the store does not answer: it may have ended, or not.
    pub async fn sign_out(&self, cookie: &str) -> Result<(), Failure> {
        self.leave(cookie, false).await
    }

    /// That somebody has gone is true whether it can be written down or not.
    async fn leave(&self, cookie: &str, replaced: bool) -> Result<(), Failure> {
        if let Some(BrowserSession {
            person: Person::Admin(admin),
            credential,
            ..
        }) = self.end(cookie).await?
            && let Err(failure) = self.app.signed_out(admin, credential, replaced).await
        {
            tracing::warn!(%failure, %admin, "a sign-out is not on the log");
        }
        Ok(())
    }

    /// Ends a browser session and says nothing of it; answers with it if it was live.
    pub(crate) async fn end(&self, cookie: &str) -> Result<Option<BrowserSession>, Failure> {
        let ended = self
            .app
            .store()
            .end_browser_session(hash_secret(cookie), self.limits);
        ended.await.map_err(|error| Failure::OutcomeUnknown {
            takes_away: true,
            why: error.0,
        })
    }
}

fn arrival(person: Person, credential: CredentialId, way: WayIn) -> Option<Arrival> {
    match person {
        Person::Admin(admin) => Some(Arrival {
            admin,
            credential,
            way,
        }),
        Person::Agent(_) => None,
    }
}
