//! Who is calling: the bearer token, and nothing else. Cookies are for the console.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use countersign_domain::{Actor, Refusal};
use countersign_identity::IdentityError;

use crate::{problem::Problem, router::Served};

/// The header in which an impersonated identity goes upstream.
const IMPERSONATION: &str = "countersign-identity";

/// An authenticated caller. What they may do is decided elsewhere, from the state as it is (R2).
pub(crate) struct Caller(pub(crate) Actor);

impl FromRequestParts<Served> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        // R3: whoever calls with an impersonated identity acts as nobody here, whatever else they
        // carry. It happens when this API itself is reached through the gateway.
        if parts.headers.contains_key(IMPERSONATION) {
            return Err(Refusal::ImpersonationCannotAct.into());
        }
        let token = bearer(&parts.headers).ok_or_else(Problem::unauthenticated)?;
        match served.identity.bearer(token).await {
            Ok(actor) => Ok(Self(actor)),
            Err(IdentityError::Unknown) => Err(Problem::unauthenticated()),
            Err(IdentityError::Unavailable(why)) => Err(Problem::unavailable(&why)),
        }
    }
}

/// The one bearer token of a request (RFC 6750 section 2.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
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
        assert_eq!(bearer(&headers), None);
        for (value, token) in [
            ("Bearer cst_x", Some("cst_x")),
            ("bearer  cst_x ", Some("cst_x")),
            ("Basic cst_x", None),
            ("Bearer", None),
            ("Bearer ", None),
        ] {
            headers.insert(header::AUTHORIZATION, HeaderValue::from_static(value));
            assert_eq!(bearer(&headers), token, "{value}");
        }
        headers.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        headers.append(header::AUTHORIZATION, HeaderValue::from_static("Bearer b"));
        assert_eq!(bearer(&headers), None);
    }
}
