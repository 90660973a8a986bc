//! Signing in by a one-time link, a passkey, or an OpenID provider.

use askama::Template;
use countersign_web::{layout::Page, messages::Text, person::Person, text::UserText};

/// The landing page (`/sign-in`).
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The page around it.
    pub page: Page,
    /// Why the reader is here.
    pub reason: SignInReason,
    /// What they have said to find their provider.
    pub ask: OpenIdAsk,
    /// Where else they can sign out.
    pub elsewhere: Option<OpenIdWay>,
    /// Where the address is one org's alone.
    pub own: Option<OwnAddress>,
    /// The vendor's own providers, for its staff.
    pub staff: Vec<StaffWay>,
}

/// A way to sign in for the vendor's staff.
#[derive(Clone, Debug)]
pub struct StaffWay {
    /// What people call the provider.
    pub name: UserText,
    /// The address here that leads there.
    pub href: String,
}

/// An agent has to show anew who they are, to open an impersonation session.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in_anew.html")]
pub struct SignInAnewPage {
    /// The page around it.
    pub page: Page,
    /// Why.
    pub why: Text,
    /// The ways to the vendor's providers.
    pub ways: Vec<OpenIdWay>,
    /// The code of the refusal.
    pub code: String,
}

/// An operator has come back from a provider of the vendor's.
#[derive(Clone, Debug, Template)]
#[template(path = "operator_signed_in.html")]
pub struct OperatorSignedInPage {
    /// The page around it.
    pub page: Page,
    /// The page to go on to.
    pub to: String,
}

/// What somebody has said to find the OpenID provider of their org.
#[derive(Clone, Debug, Default)]
pub struct OpenIdAsk {
    /// An address, or the short name of an org.
    pub said: UserText,
    /// Why that finds none.
    pub wrong: Option<OpenIdWrong>,
}

/// Why no provider is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenIdWrong {
    /// There is none.
    None,
    /// Several orgs have that domain.
    Several,
}

/// The ways to the OpenID providers of an org.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in_openid.html")]
pub struct OpenIdWaysPage {
    /// The page around it.
    pub page: Page,
    /// The org's name.
    pub org: UserText,
    /// The ways, oldest provider first.
    pub ways: Vec<OpenIdWay>,
}

/// A way to an OpenID provider.
#[derive(Clone, Debug)]
pub struct OpenIdWay {
    /// Where the provider is.
    pub host: UserText,
    /// The address to go to; none while the provider does not answer.
    pub to: Option<String>,
}

/// An address that is one org's alone, and the deployment's.
#[derive(Clone, Debug)]
pub struct OwnAddress {
    /// It, without the scheme.
    pub here: UserText,
    /// The deployment's, without the scheme.
    pub deployment: UserText,
    /// Whether passkeys are used at it: they are the deployment's.
    pub passkeys: bool,
    /// The page that was asked for, at the deployment's.
    pub go: String,
}

/// Why somebody sees the landing page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInReason {
    /// They are not signed in.
    Start,
    /// Their sign-in ended by itself or was taken back.
    SessionOver,
    /// They signed out.
    SignedOut,
    /// They opened the link of a support session and are not signed in.
    OpensSession,
    /// Their link is expired, was used before, or was never one. Which of these is not said.
    LinkSpent,
}

impl SignInPage {
    fn takes_passkeys(&self) -> bool {
        self.own.as_ref().is_none_or(|own| own.passkeys)
    }

    fn heading(&self) -> Text {
        let t = self.page.t;
        match self.reason {
            SignInReason::Start => t.sign_in(),
            SignInReason::SessionOver => t.sign_in_over(),
            SignInReason::SignedOut => t.sign_in_out(),
            SignInReason::OpensSession => t.sign_in_first(),
            SignInReason::LinkSpent => t.sign_in_spent(),
        }
    }

    fn lead(&self) -> Text {
        let t = self.page.t;
        match self.reason {
            SignInReason::Start => t.sign_in_start(),
            SignInReason::SessionOver => t.sign_in_over_lead(),
            SignInReason::SignedOut => t.sign_in_out_lead(),
            SignInReason::OpensSession => t.sign_in_first_lead(),
            SignInReason::LinkSpent => t.sign_in_spent_lead(),
        }
    }
}

/// The page a link leads to for whatever is not a person at a browser window, and for whoever
/// follows it from another site. Mail scanners and previews open links; only its button signs in.
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in_confirm.html")]
pub struct SignInConfirmPage {
    /// The page around it.
    pub page: Page,
    /// Whom the link signs in.
    pub person: Person,
    /// The link's secret, sent back as `token`.
    pub token: String,
}
