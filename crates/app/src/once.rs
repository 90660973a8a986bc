//! Calls that may be repeated with the same key: of however many, one acts, and each is answered as
//! that one was (ADR 12).

use std::sync::Arc;

use countersign_domain::{Actor, Agent, CredentialId, Duration, Org, Timestamp, caller_may_act};
use countersign_store::NewKept;

use crate::{
    AdminRead, App, CaseRead, Failure, IssuerRead, Minted, StartedSession,
    app::caller,
    sealed::{Seal, digest},
};

/// How long an answer is kept.
pub const KEPT_FOR: Duration = Duration::from_hours(24);

/// What a call made.
#[derive(Clone, Debug)]
pub enum Made {
    /// An org.
    Org(Org),
    /// A customer user.
    Admin(AdminRead),
    /// An agent.
    Agent(Agent),
    /// A case.
    Case(CaseRead),
    /// A credential.
    Credential(Minted),
    /// A session.
    Session(StartedSession),
    /// An OpenID provider of an org.
    Issuer(IssuerRead),
}

macro_rules! made {
    ($($variant:ident($type:ty)),*) => {
        $(impl From<$type> for Made {
            fn from(made: $type) -> Self {
                Self::$variant(made)
            }
        })*
    };
}

made!(
    Org(Org),
    Admin(AdminRead),
    Agent(Agent),
    Case(CaseRead),
    Credential(Minted),
    Session(StartedSession),
    Issuer(IssuerRead)
);

/// Writes an answer down as it goes out.
pub type Render = fn(&Made) -> Vec<u8>;

/// A call with a key.
#[derive(Clone)]
pub struct Once {
    slot: [u8; 32],
    fingerprint: [u8; 32],
    seal: Arc<Seal>,
    render: Render,
}

impl std::fmt::Debug for Once {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Once").finish_non_exhaustive()
    }
}

/// What a call is known by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The credential it came with: another credential is another caller.
    pub credential: CredentialId,
    /// That credential's secret, which seals the answer.
    pub secret: &'a str,
    /// The method and the pattern of the path.
    pub endpoint: &'a str,
    /// The key that the caller chose.
    pub key: &'a str,
}

/// What there was to find of an earlier call with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Earlier {
    /// Nothing: it has not been done, or so long ago that its answer is not kept any more.
    Nothing,
    /// It was another request.
    AnotherRequest,
    /// The answer to the same request.
    Answer(Vec<u8>),
}

impl Once {
    /// A call; `request` is everything that makes it the same call when it is repeated.
    ///
    /// # Errors
    /// When no key can be derived.
    pub fn new(known: Known<'_>, request: &[&[u8]], render: Render) -> Result<Self, Failure> {
        let credential = known.credential.to_string();
        let parts = [
            credential.as_bytes(),
            known.endpoint.as_bytes(),
            known.key.as_bytes(),
        ];
        let seal = Seal::derived(known.secret, known.key).ok_or_else(unsealed)?;
        Ok(Self {
            slot: digest(&parts),
            fingerprint: digest(request),
            seal: Arc::new(seal),
            render,
        })
    }

    /// The call's own place among those that are under way or whose answers are kept.
    #[must_use]
    pub fn slot(&self) -> [u8; 32] {
        self.slot
    }

    fn about(&self) -> Vec<u8> {
        [self.slot, self.fingerprint].concat()
    }

    pub(crate) fn keep(
        &self,
        made: &Made,
        now: Timestamp,
        random: [u8; 32],
    ) -> Result<NewKept, Failure> {
        let answer = (self.render)(made);
        let sealed = self.seal.seal(random, &self.about(), answer);
        Ok(NewKept {
            slot: self.slot,
            fingerprint: self.fingerprint,
            sealed: sealed.ok_or_else(unsealed)?,
            expires_at: now.plus(KEPT_FOR),
        })
    }
}

fn unsealed() -> Failure {
    Failure::Unavailable("an answer could not be sealed or opened".to_owned())
}

impl App {
    /// The same use cases; the one that makes something keeps its answer under `once`, in the same
    /// transaction, or fails with [`Failure::Kept`] when one is kept there already.
    #[must_use]
    pub fn once(&self, once: Once) -> Self {
        Self {
            once: Some(once),
            ..self.clone()
        }
    }

    /// What is kept of an earlier call, for a caller who may still act.
    ///
    /// # Errors
    /// The caller may not act any more, or the store does not answer.
    pub async fn earlier(&self, actor: Actor, once: &Once) -> Result<Earlier, Failure> {
        let keys: Vec<_> = caller(actor).into_iter().collect();
        let slice = self.store.load(&keys).await?;
        caller_may_act(&slice.state, &actor)?;
        let Some(kept) = self.store.kept(once.slot).await? else {
            return Ok(Earlier::Nothing);
        };
        if kept.fingerprint != once.fingerprint {
            return Ok(Earlier::AnotherRequest);
        }
        once.seal
            .open(&once.about(), &kept.sealed)
            .map(Earlier::Answer)
            .ok_or_else(unsealed)
    }
}
