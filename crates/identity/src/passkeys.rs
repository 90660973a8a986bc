//! Passkeys (WebAuthn level 3): adding one to one's account, and signing in by one.
//!
//! Each is a ceremony of two steps. Between them the server keeps the challenge, for a few minutes,
//! for one use, and for the browser that asked: by its session when somebody is signed in, else by
//! a cookie of the ceremony's own.

use countersign_app::{Failure, MadePasskey, Secret, hash_secret, org_of};
use countersign_domain::{CredentialId, Duration, PasskeyName, Person, Refusal, SecretHash, WayIn};
use countersign_store::{
    CeremonyKind, NewBrowserSession, NewCeremony, Passkey as Stored, Unavailable,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{
    CreationChallengeResponse, CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
    RequestChallengeResponse, Uuid, WebauthnError,
};

use crate::{
    Identity, NoPasskeys, RelyingParty, SignedIn,
    identity::{active, key},
};

/// How long somebody may take to show their face or find their key.
const GOOD_FOR: Duration = Duration::from_mins(5);

/// Why a passkey was not added, or signs nobody in.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// There can be none at this deployment's public URL.
    #[error("{0}")]
    Nowhere(NoPasskeys),
    /// Nothing was asked of this browser, or too long ago, or it has been answered.
    #[error("no challenge stands for this browser")]
    NotAsked,
    /// The browser's answer does not read.
    #[error("the answer does not read: {0}")]
    Unreadable(String),
    /// The answer is not one to our challenge, from our page, with the user verified.
    #[error("the answer does not verify: {0}")]
    NotVerified(String),
    /// The device made a key that it would not find by itself again.
    #[error("the device keeps no discoverable credential")]
    NotKept,
    /// No such passkey is registered here, or not any more.
    #[error("no such passkey")]
    Unknown,
    /// Its counter went backwards: somebody may have a copy.
    #[error("the passkey's counter went backwards")]
    Copied,
    /// Its owner has been deactivated.
    #[error("its owner is deactivated")]
    Inactive,
    /// A use case refused or failed.
    #[error(transparent)]
    Use(#[from] Failure),
}

impl PasskeyError {
    /// The stable code of why somebody who came with a passkey that is known here was not let in; none where that says
    /// nothing about them.
    fn concerns_its_owner(&self) -> Option<&'static str> {
        match self {
            Self::NotVerified(_) => Some("passkey_not_verified"),
            Self::Copied => Some("passkey_copied"),
            Self::Unknown => Some("passkey_unknown"),
            Self::Inactive => Some(Refusal::CallerInactive.code()),
            Self::Use(Failure::Refused(refusal)) => Some(refusal.code()),
            Self::Nowhere(_) | Self::NotAsked | Self::Unreadable(_) | Self::NotKept => None,
            Self::Use(_) => None,
        }
    }
}

impl From<Unavailable> for PasskeyError {
    fn from(error: Unavailable) -> Self {
        Self::Use(error.into())
    }
}

impl From<Refusal> for PasskeyError {
    fn from(refusal: Refusal) -> Self {
        Self::Use(refusal.into())
    }
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            other => Self::NotVerified(other.to_string()),
        }
    }
}

/// Somebody signed in by passkey.
#[derive(Debug)]
pub struct PasskeySignIn {
    /// The browser session's cookie.
    pub cookie: Secret,
    /// Whether this claimed the org: it was the first by a super admin (R3).
    pub claimed: bool,
}

/// What is remembered of a registration under way.
#[derive(Serialize, Deserialize)]
struct Registering {
    registering: PasskeyRegistration,
}

/// What is remembered of a sign-in under way. The other name keeps one ceremony from being answered
/// as the other.
#[derive(Serialize, Deserialize)]
struct SigningIn {
    signing_in: DiscoverableAuthentication,
}

impl Identity {
    /// Where passkeys are made and used: an origin.
    ///
    /// # Errors
    /// Why there can be none.
    pub fn passkey_origin(&self) -> Result<&str, NoPasskeys> {
        self.relying_party
            .as_ref()
            .map(RelyingParty::origin)
            .map_err(|why| *why)
    }

    fn party(&self) -> Result<&RelyingParty, PasskeyError> {
        self.relying_party
            .as_ref()
            .map_err(|why| PasskeyError::Nowhere(*why))
    }

    /// Begins adding a passkey for somebody signed in; answers what their browser is to be asked, as
    /// JSON (`PublicKeyCredentialCreationOptions`).
    ///
    /// # Errors
    /// Why they cannot add one now.
    pub async fn begin_registering(
        &self,
        who: &SignedIn,
        cookie: &str,
    ) -> Result<String, PasskeyError> {
        let party = self.party()?;
        self.app
            .may_register_passkey(who.actor(), who.signed_in_at)
            .await?;
        let theirs = self.app.store().passkeys_of(who.person).await?;
        let known: Vec<CredentialID> = theirs.into_iter().map(|passkey| passkey.handle).collect();
        let (options, state) = party.webauthn().start_passkey_registration(
            handle_of(who.person),
            &who.email,
            &who.name,
            Some(known),
        )?;
        let state = Registering { registering: state };
        self.remember(registration(cookie), &state).await?;
        to_json(&discoverable(options).public_key)
    }

    /// Ends it with the browser's answer (`PublicKeyCredential.toJSON()`).
    ///
    /// # Errors
    /// Why nothing was added.
    pub async fn finish_registering(
        &self,
        who: &SignedIn,
        cookie: &str,
        name: PasskeyName,
        answer: &str,
    ) -> Result<CredentialId, PasskeyError> {
        let party = self.party()?;
        let asked: Registering = self.recall(registration(cookie)).await?;
        let answer: RegisterPublicKeyCredential = read(answer)?;
        if let Some(properties) = &answer.extensions.cred_props
            && properties.rk == Some(false)
        {
            return Err(PasskeyError::NotKept);
        }
        let passkey = party
            .webauthn()
            .finish_passkey_registration(&answer, &asked.registering)?;
        let made = MadePasskey {
            handle: passkey.cred_id().clone(),
            key: to_json(&passkey)?,
            name,
        };
        Ok(self
            .app
            .register_passkey(who.actor(), made, who.signed_in_at)
            .await?)
    }

    /// Begins a sign-in by whatever passkey of ours the browser has; answers what it is to be asked,
    /// as JSON (`PublicKeyCredentialRequestOptions`), and the secret that binds the answer to it.
    ///
    /// # Errors
    /// When there can be no passkeys here, or the store does not answer.
    pub async fn begin_passkey_sign_in(&self) -> Result<(String, Secret), PasskeyError> {
        let (options, state): (RequestChallengeResponse, _) = self
            .party()?
            .webauthn()
            .start_discoverable_authentication()?;
        let secret = Secret::fresh(self.app.ports().as_ref(), "csp");
        let state = SigningIn { signing_in: state };
        self.remember(sign_in(secret.expose()), &state).await?;
        Ok((to_json(&options.public_key)?, secret))
    }

    /// Ends it with the browser's answer: a fresh session, whatever the browser had before ends.
    ///
    /// # Errors
    /// Why it signs nobody in.
    pub async fn finish_passkey_sign_in(
        &self,
        secret: &str,
        answer: &str,
        before: Option<&str>,
    ) -> Result<PasskeySignIn, PasskeyError> {
        let party = self.party()?;
        let asked: SigningIn = self.recall(sign_in(secret)).await?;
        let answer: PublicKeyCredential = read(answer)?;
        not_framed(&answer.response.client_data_json)?;
        let (user, handle) = party
            .webauthn()
            .identify_discoverable_authentication(&answer)?;
        let stored = self.app.store().passkey(handle).await?;
        let stored = stored
            .filter(|stored| handle_of(stored.person) == user)
            .ok_or(PasskeyError::Unknown)?;
        let mut passkey: Passkey = kept(&stored)?;
        let verified = party.webauthn().finish_discoverable_authentication_v2(
            &answer,
            asked.signing_in,
            DiscoverableKey::from(passkey.clone()),
        );
        let came = match verified {
            Ok(result) => {
                passkey.update_credential(&result);
                self.let_in(&stored, &to_json(&passkey)?, before).await
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = &came
            && let Some(code) = error.concerns_its_owner()
            && self.is_admitted(stored.person).await?
        {
            let came = (stored.person, stored.id, WayIn::Passkey);
            self.turned_away(came, code).await;
        }
        came
    }

    /// To the address of another org nobody is known, and nothing is said of who would be.
    async fn is_admitted(&self, person: Person) -> Result<bool, PasskeyError> {
        let state = self.app.store().load(&[key(person)]).await?.state;
        Ok(self.address.admits(org_of(&state, person)))
    }

    /// The signature has been verified; what remains is whether its owner may come in.
    async fn let_in(
        &self,
        stored: &Stored,
        becomes: &str,
        before: Option<&str>,
    ) -> Result<PasskeySignIn, PasskeyError> {
        let state = self.app.store().load(&[key(stored.person)]).await?.state;
        // To the address of another org it is unknown, whoever it is of.
        if !self.address.admits(org_of(&state, stored.person)) {
            return Err(PasskeyError::Unknown);
        }
        active(&state, stored.person).ok_or(PasskeyError::Inactive)?;
        let cookie = Secret::fresh(self.app.ports().as_ref(), "csb");
        let session = NewBrowserSession {
            cookie: cookie.hash(),
            limits: self.limits,
        };
        let used = self
            .app
            .store()
            .use_passkey(stored.id, &stored.key, becomes, session)
            .await
            .map_err(|error| Failure::OutcomeUnknown {
                takes_away: false,
                why: error.0,
            })?;
        if !used {
            // Removed meanwhile, or used at the same moment from somewhere else.
            return Err(PasskeyError::Unknown);
        }
        let who = self.browser(cookie.expose()).await;
        let claimed = match who.map(|who| who.actor()) {
            Ok(actor) => self.app.passkey_sign_in(actor).await,
            Err(error) => Err(Failure::Unavailable(format!("{error:?}"))),
        };
        match claimed {
            Ok(claimed) => {
                let came = (stored.person, stored.id, WayIn::Passkey);
                self.came_in(came, &cookie, before).await?;
                Ok(PasskeySignIn { cookie, claimed })
            }
            Err(failure) => {
                self.end(cookie.expose()).await?;
                Err(failure.into())
            }
        }
    }

    async fn remember(
        &self,
        browser: SecretHash,
        state: &impl Serialize,
    ) -> Result<(), PasskeyError> {
        let ceremony = NewCeremony {
            browser,
            kind: CeremonyKind::Passkey,
            state: to_json(state)?,
            good_for: GOOD_FOR,
        };
        Ok(self.app.store().begin_ceremony(ceremony).await?)
    }

    async fn recall<T: DeserializeOwned>(&self, browser: SecretHash) -> Result<T, PasskeyError> {
        let state = self.app.store().take_ceremony(browser).await?;
        let state = state.ok_or(PasskeyError::NotAsked)?;
        serde_json::from_str(&state).map_err(|_| PasskeyError::NotAsked)
    }
}

/// Where the ceremony of a signed-in browser is found.
fn registration(cookie: &str) -> SecretHash {
    hash_secret(&format!("passkey-registration:{cookie}"))
}

/// Where the ceremony of a browser that nobody is signed in with is found.
fn sign_in(secret: &str) -> SecretHash {
    hash_secret(&format!("passkey-sign-in:{secret}"))
}

/// What authenticators know a person by. It tells nothing about them.
fn handle_of(person: Person) -> Uuid {
    match person {
        Person::Admin(id) => *id.as_uuid(),
        Person::Agent(id) => *id.as_uuid(),
    }
}

/// A passkey that the device finds without being told whose it is: sign-in asks for no name.
fn discoverable(mut options: CreationChallengeResponse) -> CreationChallengeResponse {
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(webauthn_rs_proto::ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    options
}

/// The library looks at this when a passkey is made, and not when it is used: an answer that a page
/// of somebody else's obtained by framing ours is none.
fn not_framed(client_data: &[u8]) -> Result<(), PasskeyError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Frames {
        #[serde(default)]
        cross_origin: bool,
        top_origin: Option<String>,
    }
    let frames: Frames = serde_json::from_slice(client_data)
        .map_err(|error| PasskeyError::Unreadable(error.to_string()))?;
    if frames.cross_origin || frames.top_origin.is_some() {
        return Err(PasskeyError::NotVerified("a frame answered".to_owned()));
    }
    Ok(())
}

fn kept(stored: &Stored) -> Result<Passkey, PasskeyError> {
    serde_json::from_str(&stored.key)
        .map_err(|error| Failure::Unavailable(format!("passkey {}: {error}", stored.id)).into())
}

fn read<T: DeserializeOwned>(answer: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(answer).map_err(|error| PasskeyError::Unreadable(error.to_string()))
}

fn to_json(value: &impl Serialize) -> Result<String, PasskeyError> {
    serde_json::to_string(value).map_err(|error| Failure::Unavailable(error.to_string()).into())
}
