//! Settings > Directory: who provisions the org's people (SCIM).

use askama::Template;
use countersign_web::{
    layout::Page,
    messages::{Lang, Text},
    text::UserText,
    time::Moment,
};

use super::support_access::{Acceptance, CredentialRow};

/// The page, to read or, for super admins, to make tokens.
#[derive(Clone, Debug, Template)]
#[template(path = "directory.html")]
pub struct DirectoryPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// Where the directory connects.
    pub address: String,
    /// The tokens, for super admins.
    pub form: Option<DirectoryForm>,
    /// A token that was just made.
    pub fresh: Option<FreshToken>,
}

/// What only super admins see.
#[derive(Clone, Debug)]
pub struct DirectoryForm {
    /// The tokens, newest first.
    pub tokens: Vec<TokenRow>,
    /// Whether the reader's word counts, so that they may make one (R3).
    pub may_make: bool,
    /// Whether the org is claimed, so that it shows who made a token.
    pub claimed: bool,
}

/// A token of the directory.
#[derive(Clone, Debug)]
pub struct TokenRow {
    /// What it is.
    pub row: CredentialRow,
    /// Where the form that revokes it posts to, while it opens something.
    pub revoke: Option<String>,
}

impl TokenRow {
    fn waits(&self) -> bool {
        self.row.acceptance == Some(Acceptance::Waits)
    }

    /// What somebody decided about it.
    fn decided(&self) -> Option<&Acceptance> {
        let acceptance = self.row.acceptance.as_ref();
        acceptance.filter(|one| !matches!(one, Acceptance::Waits | Acceptance::Own))
    }
}

/// A token whose secret is shown once.
#[derive(Clone, Debug)]
pub struct FreshToken {
    /// The secret.
    pub secret: String,
    /// Good until then.
    pub until: Moment,
}

impl DirectoryPage {
    fn lead(&self, t: &Lang) -> Text {
        match self.form {
            Some(_) => t.directory_lead(&self.org),
            None => t.directory_lead_read(&self.org),
        }
    }
}
