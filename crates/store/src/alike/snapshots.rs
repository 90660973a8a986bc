//! Orgs, people and cases as the domain folds them: which a slice needs, and what they mention.

use std::collections::BTreeSet;

use countersign_domain::{
    Admin, AdminCredential, AdminId, Agent, AgentId, Case, CaseId, CredentialId, MailDomain,
    OperatorPerson, Org, OrgId, SecretHash, State,
};

/// Which snapshots.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Orgs.
    pub orgs: BTreeSet<OrgId>,
    /// Customer users.
    pub admins: BTreeSet<AdminId>,
    /// Agents.
    pub agents: BTreeSet<AgentId>,
    /// Cases.
    pub cases: BTreeSet<CaseId>,
    /// What customer users sign in with.
    pub credentials: BTreeSet<CredentialId>,
    /// Operators who signed in as somebody.
    pub operators: BTreeSet<CredentialId>,
}

impl Wanted {
    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.orgs.is_empty()
            && self.admins.is_empty()
            && self.agents.is_empty()
            && self.cases.is_empty()
            && self.credentials.is_empty()
            && self.operators.is_empty()
    }

    /// Those of it that are not in `other`.
    #[must_use]
    pub fn without(mut self, other: &Self) -> Self {
        self.orgs.retain(|id| !other.orgs.contains(id));
        self.admins.retain(|id| !other.admins.contains(id));
        self.agents.retain(|id| !other.agents.contains(id));
        self.cases.retain(|id| !other.cases.contains(id));
        self.credentials
            .retain(|id| !other.credentials.contains(id));
        self.operators.retain(|id| !other.operators.contains(id));
        self
    }

    /// Adds another's.
    pub fn extend(&mut self, other: Self) {
        self.orgs.extend(other.orgs);
        self.admins.extend(other.admins);
        self.agents.extend(other.agents);
        self.cases.extend(other.cases);
        self.credentials.extend(other.credentials);
        self.operators.extend(other.operators);
    }
}

/// Snapshots as loaded.
#[derive(Debug, Default)]
pub struct Parts {
    /// Orgs.
    pub orgs: Vec<Org>,
    /// Customer users.
    pub admins: Vec<Admin>,
    /// Agents.
    pub agents: Vec<Agent>,
    /// Cases.
    pub cases: Vec<Case>,
    /// What customer users sign in with.
    pub credentials: Vec<AdminCredential>,
    /// Operators who signed in as somebody.
    pub operators: Vec<OperatorPerson>,
}

impl Parts {
    /// What these snapshots mention: a case its org and people, an admin the org, a credential its
    /// org and owner.
    #[must_use]
    pub fn mentioned(&self) -> Wanted {
        let mut wanted = Wanted::default();
        for admin in &self.admins {
            wanted.orgs.insert(admin.org);
        }
        for credential in &self.credentials {
            wanted.admins.extend(credential.owner);
            wanted.orgs.insert(credential.org);
        }
        for case in &self.cases {
            wanted.orgs.insert(case.org);
            wanted.admins.extend(case.admins());
            wanted.agents.extend(case.agents());
        }
        wanted
    }

    /// Adds another's.
    pub fn extend(&mut self, other: Self) {
        self.orgs.extend(other.orgs);
        self.admins.extend(other.admins);
        self.agents.extend(other.agents);
        self.cases.extend(other.cases);
        self.credentials.extend(other.credentials);
        self.operators.extend(other.operators);
    }

    /// The state that they are.
    #[must_use]
    pub fn into_state(self) -> State {
        State::from_parts(self.orgs, self.admins, self.agents, self.cases)
            .with_credentials(self.credentials)
            .with_operators(self.operators)
    }
}

/// What an agent is known by at an OpenID provider of the vendor's, as their document has it.
///
/// # Errors
/// It has no text.
pub fn known_by(subject: SecretHash) -> Result<String, serde_json::Error> {
    match serde_json::to_value(subject)? {
        serde_json::Value::String(text) => Ok(text),
        other => Ok(other.to_string()),
    }
}

/// The domains that the OpenID providers of an org speak for.
#[must_use]
pub fn mail_domains(org: &Org) -> BTreeSet<MailDomain> {
    let said = org.issuers.iter().map(|issuer| &issuer.said.domains);
    said.flatten().cloned().collect()
}
