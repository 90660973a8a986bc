//! What the vendor's own OpenID providers say of its staff, and how lately: whom they make an agent or an
//! operator here, and when an agent has to show anew who they are.
//!
//! There is no way from here to a customer user: a provider of the vendor's vouches for agents and operators
//! only (R3).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    CredentialId, Duration, Email, IssuerUrl, PersonName, Refusal, SecretHash, Timestamp,
    expiry::has_passed,
};

/// What a provider has to say about somebody, for them to be one of the vendor's staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaffRules {
    /// The values of the mapped claim that make an agent.
    pub agents: BTreeSet<String>,
    /// The values of it that make an operator.
    pub operators: BTreeSet<String>,
    /// One of these authentication contexts is demanded, where there are any.
    pub acr: Vec<String>,
    /// Every one of these methods is demanded.
    pub amr: BTreeSet<String>,
}

/// What somebody is, by the word of a provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaffRoles {
    /// An agent.
    pub agent: bool,
    /// An operator.
    pub operator: bool,
}

impl StaffRules {
    /// What the values of the mapped claim make of somebody.
    #[must_use]
    pub fn roles<'a>(&self, values: impl IntoIterator<Item = &'a str>) -> StaffRoles {
        values
            .into_iter()
            .fold(StaffRoles::default(), |roles, value| StaffRoles {
                agent: roles.agent || self.agents.contains(value),
                operator: roles.operator || self.operators.contains(value),
            })
    }

    /// Whether they showed who they are in a way that is enough.
    #[must_use]
    pub fn is_enough(&self, acr: Option<&str>, amr: &[String]) -> bool {
        let context = self.acr.is_empty()
            || acr.is_some_and(|acr| self.acr.iter().any(|demanded| demanded == acr));
        context && self.amr.iter().all(|method| amr.contains(method))
    }
}

/// An operator who signed in by a provider of the vendor's: what entries call them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorPerson {
    /// The credential of the browser that they signed in.
    pub credential: CredentialId,
    /// The provider.
    pub issuer: IssuerUrl,
    /// The address that the provider vouches for.
    pub email: Email,
    /// What the provider calls them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<PersonName>,
    /// A hash of what the provider knows them by.
    pub subject: SecretHash,
}

/// Whether an agent has shown lately enough who they are, to open an impersonation session: at a provider, within
/// `demanded` before `now`. Where nothing is demanded, being signed in is enough.
///
/// # Errors
/// [`Refusal::FreshSignInNeeded`], also for whoever has shown it at no provider.
pub fn shown_lately(
    demanded: Option<Duration>,
    shown_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let Some(within) = demanded else {
        return Ok(());
    };
    match shown_at {
        Some(at) if !has_passed(at.plus(within), now) => Ok(()),
        _ => Err(Refusal::FreshSignInNeeded { within }),
    }
}
