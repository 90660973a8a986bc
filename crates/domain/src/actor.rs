//! Who acts. What they may do is judged from the state, never from the caller's word (R2).

use serde::{Deserialize, Serialize};

use crate::{AdminId, AgentId, ClientId, CredentialId, OrgId, Scopes, SessionId};

/// An authenticated caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Actor {
    /// A customer user.
    Admin {
        /// Which one.
        id: AdminId,
        /// The credential they act through, or signed in with. One that is not known counts for
        /// nothing in a claimed org (R3).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        via: Option<CredentialId>,
    },
    /// Vendor support personnel.
    Agent {
        /// Which one.
        id: AgentId,
    },
    /// A service client of an org: a program, not a person.
    Client {
        /// Which one.
        id: ClientId,
        /// Its org.
        org: OrgId,
        /// What its access token is for, of what it may have.
        scopes: Scopes,
    },
    /// Whoever configures the deployment (R1).
    Operator {
        /// How they reached us.
        via: OperatorVia,
    },
    /// A directory that provisions people (SCIM): of an org its customer users, else the vendor's agents.
    Provisioning {
        /// Whose customer users; none for agents.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        org: Option<OrgId>,
        /// The credential it acts through. Whether it counts in a claimed org is that credential's (R3).
        via: CredentialId,
    },
    /// An identity that is itself an impersonation: it can do nothing here (R3).
    Impersonation {
        /// Who acts.
        agent: AgentId,
        /// On whose behalf.
        subject: AdminId,
        /// Under which session.
        session: SessionId,
    },
}

/// How an operator reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "via", rename_all = "snake_case")]
pub enum OperatorVia {
    /// From the command line, with access to the database.
    CommandLine,
    /// With an API token.
    Token {
        /// Which one.
        id: CredentialId,
    },
    /// Signed in by an OpenID provider of the vendor's, as the person whom its record names.
    Person {
        /// The credential of their browser.
        id: CredentialId,
    },
    /// By what the deployment's configuration says of whom the vendor's own OpenID providers bring.
    Configuration,
}
