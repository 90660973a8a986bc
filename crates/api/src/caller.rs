//! Who is calling: the bearer token, and nothing else. Cookies are for the console.

use std::{convert::Infallible, fmt};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use countersign_app::Address;
use countersign_domain::{Actor, CredentialId, Refusal};
use countersign_identity::{Bearer, IdentityError};

use crate::{
    limits::{Meter, takes_away},
    problem::Problem,
    router::Served,
};

/// The header in which an impersonated identity goes upstream.
const IMPERSONATION: &str = "countersign-identity";

/// An authenticated caller, within their quota. What they may do is decided elsewhere, from the state
/// as it is (R2).
pub(crate) struct Caller(pub(crate) Actor);

/// The token that a caller presented. Asking for it comes after asking for the [`Caller`].
#[derive(Clone)]
pub(crate) struct Presented {
    /// Which one.
    pub(crate) credential: CredentialId,
    /// The token itself.
    pub(crate) token: String,
}

impl fmt::Debug for Presented {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented").finish_non_exhaustive()
    }
}

impl FromRequestParts<Served> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let actor = known(parts, served, bearer).await?;
        within_quota(parts, served, actor, takes_away(parts))?;
        Ok(Self(actor))
    }
}

/// Whose the token is that `read` finds in what the call says of itself.
pub(crate) async fn known(
    parts: &mut Parts,
    served: &Served,
    read: impl Fn(&str) -> Option<&str>,
) -> Result<Actor, Problem> {
    impersonated(parts)?;
    let Some(token) = authorization(&parts.headers).and_then(read) else {
        return Err(stranger(served, parts));
    };
    match served.identity.at(&here(parts, served)).bearer(token).await {
        Ok(Bearer { actor, credential }) => {
            let token = token.to_owned();
            parts.extensions.insert(Presented { credential, token });
            Ok(actor)
        }
        Err(IdentityError::Unknown) => Err(stranger(served, parts)),
        Err(error) => Err(error.into()),
    }
}

/// R3: whoever calls with an impersonated identity acts as nobody here, whatever else they carry. It happens
/// when this API itself is reached through the gateway.
pub(crate) fn impersonated(parts: &Parts) -> Result<(), Problem> {
    if parts.headers.contains_key(IMPERSONATION) {
        return Err(Refusal::ImpersonationCannotAct.into());
    }
    Ok(())
}

/// Counts the call.
pub(crate) fn within_quota(
    parts: &Parts,
    served: &Served,
    actor: Actor,
    takes_away: bool,
) -> Result<(), Problem> {
    let counted = served.limits.call(actor, takes_away);
    Meter::note(parts, counted);
    if counted.level.allowed {
        Ok(())
    } else {
        Err(Problem::too_often(&counted))
    }
}

/// Nobody good. A token is looked up before anything is counted against its address: whoever shares
/// that address with somebody who guesses tokens is not kept out by it.
pub(crate) fn stranger(served: &Served, parts: &Parts) -> Problem {
    let counted = served.limits.stranger(parts);
    Meter::note(parts, counted);
    if counted.level.allowed {
        Problem::unauthenticated_at(&here(parts, served))
    } else {
        Problem::too_often(&counted)
    }
}

/// The address by which a call comes: whoever answers to host names has said so.
pub(crate) fn here(parts: &Parts, served: &Served) -> Address {
    let said = parts.extensions.get::<Address>().cloned();
    said.unwrap_or_else(|| served.app.address())
}

/// The same, for an endpoint that says where things are.
pub(crate) struct Here(pub(crate) Address);

impl FromRequestParts<Served> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Infallible> {
        Ok(Self(here(parts, served)))
    }
}

impl FromRequestParts<Served> for Presented {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Served) -> Result<Self, Problem> {
        let presented = parts.extensions.get::<Self>().cloned();
        presented.ok_or_else(Problem::unauthenticated)
    }
}

/// What a request says of who calls, if it says so once.
pub(crate) fn authorization(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// The bearer token that it says (RFC 6750 section 2.1).
pub(crate) fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn one_bearer_token_is_read_and_two_are_none() {
        let mut headers = HeaderMap::new();
        let read = |headers: &HeaderMap| authorization(headers).and_then(bearer).map(str::to_owned);
        assert_eq!(read(&headers), None);
        for (value, token) in [
            ("Bearer cst_x", Some("cst_x")),
            ("bearer  cst_x ", Some("cst_x")),
            ("Basic cst_x", None),
            ("Bearer", None),
            ("Bearer ", None),
        ] {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            assert_eq!(read(&headers).as_deref(), token, "{value}");
        }
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert_eq!(read(&headers), None);
    }
}
