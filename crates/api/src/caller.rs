//! Who is calling: the bearer token, and nothing else. Cookies are for the console.

use std::{convert::Infallible, fmt};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use countersign_app::Address;
use countersign_domain::{Actor, CredentialId, Dialect, Refusal};
use countersign_identity::{
    AccessRefusal, Bearer, Call, ClientBearer, IdentityError, Once, ShownAs, carries_act,
    is_access_token,
};

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
        let known = known(parts, served, bearer, Shows::People).await?;
        let actor = known.counted(parts, served, takes_away(parts)).await?;
        Ok(Self(actor))
    }
}

/// Whether service clients have anything at an address, and by which scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shows {
    /// People and operators only.
    People,
    /// Service clients too, by the scopes in these words.
    Clients(Dialect),
}

/// The same caller, or a service client of an org, for what there are scopes for: what is asked for is decided with
/// everything else.
pub(crate) struct CallerOrClient(pub(crate) Actor);

impl FromRequestParts<Served> for CallerOrClient {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let known = known(parts, served, bearer, Shows::Clients(Dialect::Native)).await?;
        let actor = known.counted(parts, served, takes_away(parts)).await?;
        Ok(Self(actor))
    }
}

/// Somebody whom a call is known to be by, not counted yet.
pub(crate) struct Known {
    actor: Actor,
    proof: Option<Once>,
}

impl Known {
    /// Whether it is an operator's.
    pub(crate) fn is_an_operator(&self) -> bool {
        matches!(self.actor, Actor::Operator { .. })
    }

    /// A token counts at each API for what it says in that API's words.
    fn within(self, dialect: Dialect) -> Result<Self, Problem> {
        let Actor::Client { id, org, scopes } = self.actor else {
            return Ok(self);
        };
        let scopes = scopes.of(dialect);
        if scopes.is_empty() {
            return Err(Refusal::ScopesNotHere.into());
        }
        let actor = Actor::Client { id, org, scopes };
        Ok(Self { actor, ..self })
    }

    /// Counts the call, and only then uses up what it came with: calls beyond the quota write nothing.
    pub(crate) async fn counted(
        self,
        parts: &Parts,
        served: &Served,
        takes_away: bool,
    ) -> Result<Actor, Problem> {
        within_quota(parts, served, self.actor, takes_away)?;
        if let Some(proof) = self.proof {
            let used = served.identity.use_proof(proof).await;
            used.map_err(|refusal| shown_wrongly(parts, served, refusal))?;
        }
        Ok(self.actor)
    }
}

/// Whose the token is that `read` finds in what the call says of itself.
pub(crate) async fn known(
    parts: &mut Parts,
    served: &Served,
    read: impl Fn(&str) -> Option<&str>,
    shows: Shows,
) -> Result<Known, Problem> {
    impersonated(parts)?;
    let authorization = authorization(&parts.headers);
    let proven = authorization.and_then(after_dpop);
    let Some(token) = proven.or_else(|| authorization.and_then(read)) else {
        return Err(stranger(served, parts));
    };
    // Nor does whoever bears a token that says so.
    if carries_act(token) {
        return Err(counted_or(
            served,
            parts,
            Refusal::ImpersonationCannotAct.into(),
        ));
    }
    if proven.is_some() || is_access_token(token) {
        let known = client(parts, served, token, proven.is_some()).await?;
        return match shows {
            Shows::Clients(dialect) => known.within(dialect),
            Shows::People => Err(Refusal::ClientsNotHere.into()),
        };
    }
    match served.identity.at(&here(parts, served)).bearer(token).await {
        Ok(Bearer { actor, credential }) => {
            let token = token.to_owned();
            parts.extensions.insert(Presented { credential, token });
            Ok(Known { actor, proof: None })
        }
        Err(IdentityError::Unknown) => Err(stranger(served, parts)),
        Err(error) => Err(error.into()),
    }
}

/// The service client whose access token it is.
async fn client(
    parts: &Parts,
    served: &Served,
    token: &str,
    proven: bool,
) -> Result<Known, Problem> {
    // As the caller knows it: whatever stands in front of this server passes paths on as they are.
    let here = here(parts, served);
    let url = format!("{}{}", here.url, parts.uri.path());
    let shown = if proven {
        let mut proofs = parts.headers.get_all("dpop").iter();
        let proof = proofs.next().and_then(|proof| proof.to_str().ok());
        ShownAs::Proven {
            proof: proof.filter(|_| proofs.next().is_none()),
            call: Call {
                method: parts.method.as_str(),
                url: &url,
            },
        }
    } else {
        ShownAs::Bearer
    };
    match served.identity.at(&here).client_bearer(token, shown).await {
        Ok(ClientBearer { actor, proof }) => Ok(Known { actor, proof }),
        Err(refusal) => Err(shown_wrongly(parts, served, refusal)),
    }
}

/// Why an access token lets nobody in.
fn shown_wrongly(parts: &Parts, served: &Served, refusal: AccessRefusal) -> Problem {
    let of_proof =
        |detail: &str, wrong| counted_or(served, parts, Problem::proof_needed(detail, wrong));
    match refusal {
        AccessRefusal::Unavailable(why) => Problem::unavailable(&why),
        AccessRefusal::Unknown => stranger(served, parts),
        AccessRefusal::Bound => of_proof(
            "The access token is bound to a key: send it as \"Authorization: DPoP TOKEN\" with a DPoP header.",
            false,
        ),
        AccessRefusal::Proof(what) => {
            of_proof(&format!("The DPoP proof is not good: {what}."), true)
        }
    }
}

/// The token that stands behind the scheme of RFC 9449 section 7.1.
fn after_dpop(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("dpop")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
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
    counted_or(
        served,
        parts,
        Problem::unauthenticated_at(&here(parts, served)),
    )
}

/// The problem, or that there were too many from this address.
fn counted_or(served: &Served, parts: &Parts, problem: Problem) -> Problem {
    let counted = served.limits.stranger(parts);
    Meter::note(parts, counted);
    if counted.level.allowed {
        problem
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
