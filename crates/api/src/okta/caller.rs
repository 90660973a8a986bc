//! Who calls as Okta's clients do: an admin's API token after `SSWS` or as a bearer, or a service client's access
//! token, as a bearer or with a proof (DPoP).

use axum::{extract::FromRequestParts, http::request::Parts};
use countersign_domain::{Actor, Dialect, Purpose, Refusal, in_scope};

use crate::{
    caller::{Known, Shows, bearer, known},
    problem::Problem,
    router::Served,
};

/// A customer admin, or a service client whose scope is to read the cases, within their quota. The token says
/// which org it is.
pub(super) struct Admin(pub(super) Actor);

impl FromRequestParts<Served> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let known = customer(parts, served).await?;
        let actor = known.counted(parts, served, false).await?;
        Ok(Self(may(actor, Purpose::ReadCases)?))
    }
}

/// Whoever may read the log: which admins do is judged with it, a service client needs the scope.
pub(super) struct LogReader(pub(super) Actor);

impl FromRequestParts<Served> for LogReader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let known = customer(parts, served).await?;
        let actor = known.counted(parts, served, false).await?;
        Ok(Self(may(actor, Purpose::ReadLog)?))
    }
}

/// Whoever calls, not counted yet.
pub(super) async fn customer(parts: &mut Parts, served: &Served) -> Result<Known, Problem> {
    known(parts, served, token, Shows::Clients(Dialect::Okta)).await
}

/// These addresses are a customer's own: there is nothing at them for agents and operators. A service client
/// needs the scope.
pub(super) fn may(actor: Actor, purpose: Purpose) -> Result<Actor, Problem> {
    match actor {
        Actor::Admin { .. } | Actor::Client { .. } => {
            in_scope(&actor, purpose)?;
            Ok(actor)
        }
        Actor::Impersonation { .. } => Err(Refusal::ImpersonationCannotAct.into()),
        Actor::Agent { .. } | Actor::Operator { .. } | Actor::Provisioning { .. } => {
            Err(Refusal::OnlyApprovers.into())
        }
    }
}

/// The token of an Authorization header. One of Okta's clients writes nothing between the scheme and it.
pub(super) fn token(value: &str) -> Option<&str> {
    const SCHEME: &str = "ssws";
    let ours = value.split_at_checked(SCHEME.len());
    match ours {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case(SCHEME) => {
            Some(token.trim()).filter(|token| !token.is_empty())
        }
        _ => bearer(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_each_client_writes_it() {
        for (value, read) in [
            ("SSWS cst_x", Some("cst_x")),
            ("SSWScst_x", Some("cst_x")),
            ("ssws  cst_x ", Some("cst_x")),
            ("Bearer cst_x", Some("cst_x")),
            ("SSWS", None),
            ("SSWS ", None),
            ("Basic cst_x", None),
            ("cst_x", None),
            ("", None),
            ("äöü", None),
        ] {
            assert_eq!(token(value), read, "{value}");
        }
    }
}
