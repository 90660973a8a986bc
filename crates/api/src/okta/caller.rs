//! Who calls as Okta's clients do: with an admin's API token after `SSWS`, or as a bearer.

use axum::{extract::FromRequestParts, http::request::Parts};
use countersign_domain::{Actor, Refusal};

use crate::{
    caller::{bearer, known, within_quota},
    problem::Problem,
    router::Served,
};

/// A customer admin who reads, within their quota. The token says which org it is.
pub(super) struct Admin(pub(super) Actor);

impl FromRequestParts<Served> for Admin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, served: &Served) -> Result<Self, Problem> {
        let actor = known(parts, served, token).await?;
        within_quota(parts, served, actor, false)?;
        customers(actor).map(Self)
    }
}

/// These addresses are a customer's own: there is nothing at them for agents and operators.
pub(super) fn customers(actor: Actor) -> Result<Actor, Problem> {
    match actor {
        Actor::Admin { .. } => Ok(actor),
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
