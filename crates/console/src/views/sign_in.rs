//! Signing in by a one-time link.

use askama::Template;
use countersign_web::{layout::Page, person::Person};

/// The landing page (`/sign-in`).
#[derive(Clone, Debug, Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The page around it.
    pub page: Page,
    /// Why the reader is here.
    pub reason: SignInReason,
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
    fn heading(&self) -> &'static str {
        match self.reason {
            SignInReason::Start => "Sign in",
            SignInReason::SessionOver => "Your sign-in has ended",
            SignInReason::SignedOut => "You are signed out",
            SignInReason::OpensSession => "Sign in first",
            SignInReason::LinkSpent => "This link no longer works",
        }
    }

    fn lead(&self) -> &'static str {
        match self.reason {
            SignInReason::Start => "Countersign signs you in with a personal link that works once.",
            SignInReason::SessionOver => {
                "For your safety a sign-in lasts a limited time. You need a new link."
            }
            SignInReason::SignedOut => "To come back you need a new link.",
            SignInReason::OpensSession => {
                "The link opens a support session for the agent who started it. Sign in in this browser, \
                 then open the link again: it was not used up."
            }
            SignInReason::LinkSpent => {
                "A sign-in link works once, for a short time. This one has been used, has expired, or was \
                 not copied whole."
            }
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
