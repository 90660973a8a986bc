//! Settings > Single sign-on: the OpenID providers whose word an org takes.

use askama::Template;
use countersign_web::{layout::Page, person::Person, text::UserText, time::Moment};

/// The page, for super admins.
#[derive(Clone, Debug, Template)]
#[template(path = "openid.html")]
pub struct OpenIdPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// The providers, oldest first.
    pub issuers: Vec<IssuerRow>,
    /// Where a provider sends people back to.
    pub returns_to: Vec<String>,
    /// Whether the reader may change anything here.
    pub may_change: bool,
    /// Whether the org is claimed.
    pub claimed: bool,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct IssuerRow {
    /// Its id; part of the forms' paths.
    pub id: String,
    /// Its issuer identifier.
    pub url: UserText,
    /// What it knows us by.
    pub client: UserText,
    /// The domains it speaks for.
    pub domains: UserText,
    /// Whether we show it a secret.
    pub has_secret: bool,
    /// When it was added.
    pub added: Moment,
    /// Whether it waits to be accepted.
    pub waits: bool,
    /// Whom it knows.
    pub bound: Vec<BoundRow>,
}

/// Somebody who came in by a provider before.
#[derive(Clone, Debug)]
pub struct BoundRow {
    /// What they come in with; part of the form's path.
    pub credential: String,
    /// Who.
    pub person: Person,
    /// Whether the reader is signed in with it.
    pub in_use: bool,
}
