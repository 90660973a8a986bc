//! Asking an org's product, on purpose, whether it answers.

use std::{fmt, sync::Arc};

use axum::Json;
use countersign_app::{Checked, Distrust, ProductCheck, Seen};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    caller::Caller, params::OrgRef, problem::Problem, replies::Changing, router::Served,
    texts::SlugText,
};

/// What connects to products as the gateway does.
#[derive(Clone)]
pub struct Products(Arc<dyn ProductCheck>);

impl Products {
    /// Products as this connects to them.
    pub fn new(check: impl ProductCheck) -> Self {
        Self(Arc::new(check))
    }
}

impl fmt::Debug for Products {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Products")
    }
}

/// What was seen of a product.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProductCheck)]
pub(crate) struct CheckView {
    /// Whether it answered, with whatever status.
    answers: bool,
    /// How far the check got.
    outcome: Outcome,
    /// The status it answered with; null when it did not.
    #[schema(required)]
    status: Option<u16>,
    /// Whether it answered over TLS, with a certificate that is trusted and bears its name.
    tls: bool,
    /// Whether it answered in HTTP/2.
    http2: bool,
    /// How long it took, in milliseconds.
    took_ms: u64,
}

/// How far a check got.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = ProductCheckOutcome)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    /// The product answered.
    Answered,
    /// The name of its address is not known where the gateway runs.
    NoSuchHost,
    /// Nothing listens at its address.
    Refused,
    /// The network gives no way there, or broke off.
    Unreachable,
    /// No connection was made in time.
    NotConnectedInTime,
    /// A connection was made, and no answer came in time.
    NotAnsweredInTime,
    /// Its certificate is for another name.
    CertificateForAnotherName,
    /// Nobody who is trusted for products has signed its certificate.
    CertificateNotTrusted,
    /// Its certificate has expired.
    CertificateExpired,
    /// Its certificate is not valid yet.
    CertificateNotYetValid,
    /// Its certificate does not prove that it is the product.
    CertificateProvesNothing,
    /// It speaks no TLS that the gateway speaks.
    NoTls,
    /// It did not answer as HTTP does.
    NoHttp,
    /// Too many checks are running; nothing was asked.
    Busy,
}

impl From<Seen> for Outcome {
    fn from(seen: Seen) -> Self {
        match seen {
            Seen::Answered { .. } => Self::Answered,
            Seen::NoSuchHost => Self::NoSuchHost,
            Seen::Refused => Self::Refused,
            Seen::Unreachable => Self::Unreachable,
            Seen::TooLate { connected: false } => Self::NotConnectedInTime,
            Seen::TooLate { connected: true } => Self::NotAnsweredInTime,
            Seen::Untrusted(Distrust::OtherName) => Self::CertificateForAnotherName,
            Seen::Untrusted(Distrust::UnknownIssuer) => Self::CertificateNotTrusted,
            Seen::Untrusted(Distrust::Expired) => Self::CertificateExpired,
            Seen::Untrusted(Distrust::NotYetValid) => Self::CertificateNotYetValid,
            Seen::Untrusted(Distrust::Otherwise) => Self::CertificateProvesNothing,
            Seen::NoTls => Self::NoTls,
            Seen::NoHttp => Self::NoHttp,
            Seen::Busy => Self::Busy,
        }
    }
}

impl From<Checked> for CheckView {
    fn from(checked: Checked) -> Self {
        let (status, tls, http2) = match checked.seen {
            Seen::Answered { status, tls, http2 } => (Some(status), tls, http2),
            _ => (None, false, false),
        };
        Self {
            answers: status.is_some(),
            outcome: checked.seen.into(),
            status,
            tls,
            http2,
            took_ms: checked.took_ms,
        }
    }
}

/// What was seen of a product, as the API says it.
pub fn checked_json(checked: Checked) -> Value {
    serde_json::to_value(CheckView::from(checked)).unwrap_or_default()
}

/// Ask an org's product whether it answers
///
/// Makes one connection to the configured address as the gateway would, and asks `HEAD /` in nobody's name,
/// for at most five seconds. No redirect is followed, no body is read. A product that does not answer is no
/// refusal: the call answers with what was seen. Repeating the call asks again. For operators.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/upstream/check", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "What was seen", body = CheckView), Changing),
)]
pub(crate) async fn check_upstream(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Json<CheckView>, Problem> {
    let Products(check) = &served.products;
    let checked = served
        .app
        .check_product(actor, &slug, check.as_ref())
        .await?;
    Ok(Json(checked.into()))
}
