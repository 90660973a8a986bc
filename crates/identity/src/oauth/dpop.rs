//! Proofs that whoever calls holds a key (DPoP, RFC 9449 section 4.3). Nonces are asked for nowhere: a proof is
//! used once, in all processes.

use countersign_domain::{Duration, Thumbprint, Timestamp, has_passed};
use serde::Deserialize;

use super::{
    jwk::{KeyError, PublicKey, hashed},
    jws::{LEEWAY, Unverified, moment},
};

/// How old a proof may be.
const OLDEST: Duration = Duration::from_mins(5);

const LONGEST_JTI: usize = 255;

#[derive(Debug, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    #[serde(default, deserialize_with = "moment")]
    iat: Option<Timestamp>,
    ath: Option<String>,
}

/// The call that a proof has to be for.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// The method.
    pub method: &'a str,
    /// The address as the caller knows it, without a query.
    pub url: &'a str,
}

/// What a good proof came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Proven {
    /// The key that was shown.
    pub(crate) key: Thumbprint,
    /// What may not come again.
    pub(crate) jti: String,
    /// Until when it would be good.
    pub(crate) until: Timestamp,
}

/// Whether a proof is good at `now` for this call and, where one goes with it, for this access token.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn check(
    proof: &str,
    call: Call<'_>,
    access_token: Option<&str>,
    now: Timestamp,
) -> Result<Proven, &'static str> {
    let token = Unverified::read(proof)?;
    let header = &token.header;
    if !header
        .typ
        .as_deref()
        .is_some_and(|typ| typ.eq_ignore_ascii_case("dpop+jwt"))
    {
        return Err("its typ is not dpop+jwt");
    }
    let algorithm = token.algorithm()?;
    let jwk = header
        .jwk
        .as_ref()
        .ok_or("its header has no jwk, the public key that it is signed with")?;
    let key = PublicKey::read(jwk).map_err(|error| match error {
        KeyError::Private | KeyError::Symmetric => {
            "its jwk holds a private key: throw that key away, it is known to others now"
        }
        _ => "its jwk is not a public key that is taken",
    })?;
    if !token.is_by(&key, algorithm) {
        return Err(
            "its signature is not by the key in its header, or its alg does not go with it",
        );
    }
    let claims: Claims = token
        .claims()
        .ok_or("its claims cannot be read: jti, htm, htu and iat are needed")?;
    if claims.htm != call.method {
        return Err("it is for another method (htm)");
    }
    if comparable(&claims.htu) != comparable(call.url) {
        return Err(
            "its htu is not this address as the server knows it: the issuer in /.well-known/oauth-authorization-server and the path",
        );
    }
    let iat = claims.iat.ok_or("it has no iat")?;
    if iat > now.plus(LEEWAY) {
        return Err("its iat is yet to come: compare the clocks");
    }
    let until = iat.plus(OLDEST);
    if has_passed(until, now) {
        return Err("it is older than five minutes: make a new one for each call");
    }
    if !(1..=LONGEST_JTI).contains(&claims.jti.len()) {
        return Err("its jti must have 1 to 255 bytes");
    }
    if let Some(access_token) = access_token
        && claims.ath.as_deref() != Some(hashed(access_token.as_bytes()).as_str())
    {
        return Err("it is for another access token (ath)");
    }
    Ok(Proven {
        key: key.thumbprint(),
        jti: claims.jti,
        until,
    })
}

/// An address as it is compared: without query and fragment, scheme and host in lower case, and without the port
/// that its scheme has anyway (RFC 9449 section 4.3, RFC 3986 section 6.2).
fn comparable(url: &str) -> Option<String> {
    let url = url.split(['?', '#']).next()?;
    let (scheme, rest) = url.split_once("://")?;
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, "/"),
    };
    let (scheme, authority) = (scheme.to_ascii_lowercase(), authority.to_ascii_lowercase());
    let usual = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let authority = authority.strip_suffix(usual).unwrap_or(&authority);
    Some(format!("{scheme}://{authority}{path}"))
}

#[cfg(test)]
mod tests;
