//! What a path names. A name that cannot be one names nothing: 404, as for an unknown one.

use std::str::FromStr;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use countersign_domain::{
    CaseNumber, ClientId, CredentialId, Email, IssuerId, Refusal, SessionId, Slug, Thumbprint,
};

use crate::problem::Problem;

/// The case that `{number}` names.
pub(crate) struct CaseRef(pub(crate) CaseNumber);

/// The org that `{slug}` names.
pub(crate) struct OrgRef(pub(crate) Slug);

/// The session that `{id}` names.
pub(crate) struct SessionRef(pub(crate) SessionId);

/// The person that `{email}` names.
pub(crate) struct PersonRef(pub(crate) Email);

/// The credential that `{id}` names.
pub(crate) struct CredentialRef(pub(crate) CredentialId);

/// The service client that `{id}` names.
pub(crate) struct ClientRef(pub(crate) ClientId);

/// The key that `{thumbprint}` names. One that no key has is a key that is gone.
pub(crate) struct ThumbprintRef(pub(crate) Thumbprint);

/// The OpenID provider that `{id}` names.
pub(crate) struct ProviderRef(pub(crate) IssuerId);

/// A parameter of the path, percent-decoded.
async fn param<S: Send + Sync>(parts: &mut Parts, state: &S, name: &str) -> Option<String> {
    let params = RawPathParams::from_request_parts(parts, state).await.ok()?;
    params
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value.to_owned())
}

impl<S: Send + Sync> FromRequestParts<S> for CaseRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = param(parts, state, "number").await;
        text.and_then(|text| exact(&text, CaseNumber::parse(&text).ok()?, CaseNumber::as_str))
            .map(Self)
            .ok_or_else(|| Refusal::CaseNotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for OrgRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = param(parts, state, "slug").await;
        text.and_then(|text| exact(&text, Slug::parse(&text).ok()?, Slug::as_str))
            .map(Self)
            .ok_or_else(|| Refusal::OrgNotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SessionRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        param(parts, state, "id")
            .await
            .and_then(|text| SessionId::from_str(&text).ok())
            .map(Self)
            .ok_or_else(|| Refusal::SessionNotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CredentialRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        param(parts, state, "id")
            .await
            .and_then(|text| CredentialId::from_str(&text).ok())
            .map(Self)
            .ok_or_else(|| Refusal::CredentialNotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        param(parts, state, "id")
            .await
            .and_then(|text| ClientId::from_str(&text).ok())
            .map(Self)
            .ok_or_else(|| Refusal::ClientNotFound.into())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ThumbprintRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let text = param(parts, state, "thumbprint").await;
        Ok(Self(Thumbprint::new(text.unwrap_or_default())))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PersonRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        param(parts, state, "email")
            .await
            .and_then(|text| Email::parse(&text).ok())
            .map(Self)
            .ok_or_else(|| Refusal::PersonNotFound.into())
    }
}

/// Parsing trims white space; in an address it belongs to the name.
fn exact<T>(text: &str, value: T, as_str: impl Fn(&T) -> &str) -> Option<T> {
    (as_str(&value) == text).then_some(value)
}

impl<S: Send + Sync> FromRequestParts<S> for ProviderRef {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        param(parts, state, "id")
            .await
            .and_then(|text| IssuerId::from_str(&text).ok())
            .map(Self)
            .ok_or_else(|| Refusal::IssuerNotFound.into())
    }
}
