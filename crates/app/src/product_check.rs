//! Whether an org's product answers, looked at on purpose by an operator.

use async_trait::async_trait;
use countersign_domain::{Actor, Origin, Refusal, Slug};

use crate::{App, Failure};

/// Connects to products as the gateway does.
#[async_trait]
pub trait ProductCheck: Send + Sync + 'static {
    /// Asks the product once whether it answers, in nobody's name.
    async fn check(&self, origin: &Origin) -> Checked;
}

#[async_trait]
impl<T: ProductCheck + ?Sized> ProductCheck for std::sync::Arc<T> {
    async fn check(&self, origin: &Origin) -> Checked {
        self.as_ref().check(origin).await
    }
}

/// What was seen of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How far it got.
    pub seen: Seen,
}

/// How far a check got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The product answered.
    Answered {
        /// With this status.
        status: u16,
        /// Over TLS, with a certificate that is trusted and bears its name.
        tls: bool,
        /// In HTTP/2.
        http2: bool,
    },
    /// Its name has no address, or the address is none.
    NoSuchHost,
    /// Nothing listens there.
    Refused,
    /// The network gives no way there, or broke off.
    Unreachable,
    /// There was no answer in time.
    TooLate {
        /// Whether a connection was made.
        connected: bool,
    },
    /// Its certificate does not prove that it is the product.
    Untrusted(Distrust),
    /// It was reached, and speaks no TLS that the gateway speaks.
    NoTls,
    /// It was reached, and did not answer as HTTP does.
    NoHttp,
    /// As many checks run already as may run at a time; nothing was asked.
    Busy,
}

/// Why a certificate proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// It is for another name.
    OtherName,
    /// Nobody who is trusted has signed it.
    UnknownIssuer,
    /// Its time is over.
    Expired,
    /// Its time has not begun.
    NotYetValid,
    /// Something else.
    Otherwise,
}

impl App {
    /// Asks an org's product whether it answers, for operators. Only what is configured is asked.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn check_product(
        &self,
        actor: Actor,
        slug: &Slug,
        product: &dyn ProductCheck,
    ) -> Result<Checked, Failure> {
        let upstream = self.upstream(actor, slug).await?;
        let upstream = upstream.ok_or(Refusal::NoUpstream)?;
        Ok(product.check(&upstream.origin).await)
    }
}
