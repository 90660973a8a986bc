//! The assertion by which a service client says who it is: `private_key_jwt` (RFC 7523 section 3, OpenID Connect
//! Core section 9).

use countersign_domain::{
    Client, ClientId, ClientKey, Duration, Thumbprint, Timestamp, has_passed,
};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    jwk::PublicKey,
    jws::{LEEWAY, Unverified, moment},
};

/// How far ahead an assertion may run out.
const LONGEST: Duration = Duration::from_hours(1);

/// How many keys are tried.
const MOST_TRIED: usize = 2;

/// How many bytes a `jti` may have.
const LONGEST_JTI: usize = 255;

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    #[serde(default, deserialize_with = "moment")]
    exp: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    iat: Option<Timestamp>,
    #[serde(default, deserialize_with = "moment")]
    nbf: Option<Timestamp>,
    jti: Option<String>,
    act: Option<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

impl Audience {
    fn is(&self, one: &str) -> bool {
        match self {
            Self::One(name) => name == one,
            Self::Several(names) => names.iter().any(|name| name == one),
        }
    }
}

/// An assertion whose signature has not been looked at yet.
pub(crate) struct Assertion<'a> {
    token: Unverified<'a>,
    claims: Claims,
    /// Who it says it is.
    pub(crate) client: ClientId,
}

/// What a good assertion came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The key that signed it.
    pub(crate) key: Thumbprint,
    /// What may not come again.
    pub(crate) jti: String,
    /// Until when it would be good.
    pub(crate) until: Timestamp,
}

impl<'a> Assertion<'a> {
    /// Takes an assertion apart, as far as its own words go.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn read(token: &'a str) -> Result<Self, &'static str> {
        let token = Unverified::read(token)?;
        let claims: Claims = token
            .claims()
            .ok_or("its claims cannot be read: iss, sub, aud, exp and jti are needed")?;
        if claims.iss != claims.sub {
            return Err("its iss and its sub differ: both must be the client id");
        }
        let client = claims
            .iss
            .parse()
            .map_err(|_| "its iss is not the id of a service client")?;
        Ok(Self {
            token,
            claims,
            client,
        })
    }

    /// Whether it is this client's, for one of `audience`, and good at `now`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn check(
        self,
        client: &Client,
        audience: &[String],
        now: Timestamp,
    ) -> Result<Shown, &'static str> {
        let key = self.signed_by(client)?;
        let Claims {
            aud,
            exp,
            iat,
            nbf,
            jti,
            act,
            ..
        } = self.claims;
        if act.is_some() {
            return Err("it carries act: whoever acts for somebody else is let in nowhere here");
        }
        if !audience.iter().any(|one| aud.is(one)) {
            return Err(
                "its aud is neither token_endpoint nor issuer as /.well-known/oauth-authorization-server has them",
            );
        }
        let exp = exp.ok_or("it has no exp")?;
        let until = exp.plus(LEEWAY);
        if has_passed(until, now) {
            return Err("it has expired: make a new one for each call, and compare the clocks");
        }
        if exp > now.plus(LONGEST).plus(LEEWAY) {
            return Err("its exp is more than an hour ahead");
        }
        let ahead = |moment: Option<Timestamp>| moment.is_some_and(|at| at > now.plus(LEEWAY));
        if ahead(iat) || ahead(nbf) {
            return Err("its iat or nbf is yet to come: compare the clocks");
        }
        let jti = jti
            .filter(|jti| (1..=LONGEST_JTI).contains(&jti.len()))
            .ok_or("it needs a jti of 1 to 255 bytes that is never used again")?;
        Ok(Shown { key, jti, until })
    }

    /// The key of the client that signed it. The client's own name for a key narrows the choice where it is
    /// one of ours, and so does its thumbprint; which algorithm it may be, the key says. Some clients name none
    /// (Okta's own do not always), and two keys are what a change of keys needs: more are not tried, so that an assertion
    /// that somebody made up costs little.
    fn signed_by(&self, client: &Client) -> Result<Thumbprint, &'static str> {
        let algorithm = self.token.algorithm()?;
        let header = &self.token.header;
        if let Some(typ) = &header.typ
            && !["jwt", "client-authentication+jwt"].contains(&typ.to_ascii_lowercase().as_str())
        {
            return Err("its typ is not JWT");
        }
        let named = |key: &ClientKey| {
            header.kid.is_some()
                && (key.kid == header.kid || header.kid.as_deref() == Some(key.thumbprint.as_str()))
        };
        let any_named = client.keys.values().any(named);
        let fitting: Vec<(&Thumbprint, PublicKey)> = client
            .keys
            .values()
            .filter(|key| !any_named || named(key))
            .filter_map(|key| {
                let members: Map<String, Value> = serde_json::from_str(&key.jwk).ok()?;
                Some((&key.thumbprint, PublicKey::read(&members).ok()?))
            })
            .filter(|(_, key)| key.fits(algorithm))
            .collect();
        if fitting.len() > MOST_TRIED {
            return Err(
                "it could be by more than two keys of this service client: name one in the header, by its kid or its \
                 thumbprint (kid)",
            );
        }
        fitting
            .into_iter()
            .find(|(_, key)| self.token.is_by(key, algorithm))
            .map(|(thumbprint, _)| thumbprint.clone())
            .ok_or(
                "no key of this service client signed it, or not by an alg that goes with that key",
            )
    }
}

#[cfg(test)]
mod tests;
