//! An operator at the console.
//!
//! There is no record of operators: whoever holds an operator's API token is one. A browser is given a
//! credential of its own, made with that one and good for a few hours and for half an hour unused, so that the pasted one stays out of
//! it, the log tells the sign-ins apart, and either can be revoked, at once.

use countersign_app::{App, Failure, OwnerRef, Secret, hash_secret};
use countersign_domain::{
    Actor, CredentialId, CredentialOwner, Duration, OperatorPerson, OperatorVia,
};
use countersign_store::AtProvider;

use crate::{Bearer, Identity, IdentityError};

/// The name of the cookie. It is another than that of people: nobody is both with one cookie.
pub const OPERATOR_COOKIE: &str = "__Host-countersign-operator";

/// How long an operator stays signed in at most.
pub(crate) const LASTS: Duration = Duration::from_hours(4);
/// How long without a request.
const IDLE: Duration = Duration::from_mins(30);

/// An operator in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedInOperator {
    /// As an actor.
    pub actor: Actor,
    /// The credential of this browser, by which entries on logs name the operator.
    pub credential: CredentialId,
    /// Who they are, where a provider of the vendor's said so.
    pub person: Option<OperatorPerson>,
    /// The token that forms of this browser carry.
    pub form_token: String,
}

/// The value of the operator's cookie; none when there are two.
#[must_use]
pub fn operator_cookie_value(header: &str) -> Option<&str> {
    let mut values = header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == OPERATOR_COOKIE)
        .map(|(_, value)| value);
    let value = values.next()?;
    values.next().is_none().then_some(value)
}

/// The `Set-Cookie` header that signs an operator in. `Strict`: nothing outside leads an operator to
/// a page where they are signed in.
#[must_use]
pub fn set_operator_cookie(secret: &str) -> String {
    let seconds = LASTS.as_millis() / 1_000;
    format!(
        "{OPERATOR_COOKIE}={secret}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={seconds}"
    )
}

/// The `Set-Cookie` header that takes it away.
#[must_use]
pub fn clear_operator_cookie() -> String {
    format!("{OPERATOR_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0")
}

impl Identity {
    /// The operator behind a browser's cookie.
    ///
    /// # Errors
    /// `Unknown` when it is no operator's, no longer good, or has gone idle.
    pub async fn operator(&self, cookie: &str) -> Result<SignedInOperator, IdentityError> {
        // Operators are of no org.
        if !self.address.admits(None) {
            return Err(IdentityError::Unknown);
        }
        let found = self
            .app()
            .store()
            .operator_browser(hash_secret(cookie), IDLE)
            .await?
            .filter(|found| found.owner == CredentialOwner::Operator)
            .ok_or(IdentityError::Unknown)?;
        let person = self.app().operator_person(found.id).await;
        let person = person.map_err(unavailable)?;
        let via = match person {
            Some(_) => OperatorVia::Person { id: found.id },
            None => OperatorVia::Token { id: found.id },
        };
        Ok(SignedInOperator {
            actor: Actor::Operator { via },
            credential: found.id,
            person,
            form_token: App::hash_for_address(hash_secret(&format!("form:{cookie}"))),
        })
    }

    /// Signs a browser in with an operator's API token: the secret for its cookie.
    ///
    /// # Errors
    /// `Unknown` for anything but a good token of an operator's.
    pub async fn sign_in_operator(&self, token: &str) -> Result<Secret, IdentityError> {
        let Bearer {
            actor: actor @ Actor::Operator { .. },
            ..
        } = self.bearer(token).await?
        else {
            return Err(IdentityError::Unknown);
        };
        let minted = self
            .app()
            .mint_token(actor, &OwnerRef::Caller, Some(LASTS))
            .await
            .map_err(unavailable)?;
        let store = self.app().store();
        let begun = store
            .begin_operator_browser(minted.secret.hash(), AtProvider::default())
            .await;
        begun.map_err(|error| IdentityError::OutcomeUnknown(error.0))?;
        Ok(minted.secret)
    }

    /// Signs it out: its credential opens nothing any more.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn sign_out_operator(&self, operator: &SignedInOperator) -> Result<(), Failure> {
        self.app()
            .revoke_credential(operator.actor, operator.credential)
            .await
            .map(|_| ())
    }
}

fn unavailable(failure: Failure) -> IdentityError {
    match failure {
        Failure::Refused(_) => IdentityError::Unknown,
        failure @ (Failure::OutcomeUnknown { .. } | Failure::EffectUnknown(_)) => {
            IdentityError::OutcomeUnknown(failure.to_string())
        }
        failure => IdentityError::Unavailable(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_second_cookie_is_no_cookie() {
        let header = "a=b; __Host-countersign-operator=x";
        assert_eq!(operator_cookie_value(header), Some("x"));
        let twice = format!("{header};__Host-countersign-operator=y");
        assert_eq!(operator_cookie_value(&twice), None);
        assert_eq!(operator_cookie_value("__Host-countersign=x"), None);
    }
}
