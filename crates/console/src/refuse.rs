//! Telling somebody that something was not done: what, why, and what to do next.

use askama::Template;
use axum::{
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::{Refusal, RefusalKind};
use countersign_identity::IdentityError;
use countersign_web::{layout::Page, refusals};

use crate::views::refusal::RefusalPage;

/// A response that ends a handler early.
#[derive(Debug)]
pub(crate) struct Halt(Box<Response>);

impl From<Response> for Halt {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl IntoResponse for Halt {
    fn into_response(self) -> Response {
        *self.0
    }
}

/// What a refusal page says.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    status: StatusCode,
    title: String,
    what: String,
    next: String,
    code: &'static str,
}

impl Told {
    pub(crate) fn new(
        status: StatusCode,
        title: &str,
        what: &str,
        next: &str,
        code: &'static str,
    ) -> Self {
        Self {
            status,
            title: title.to_owned(),
            what: what.to_owned(),
            next: next.to_owned(),
            code,
        }
    }

    /// The status of the page.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What happened and what to do, for a page that has one line for it.
    pub(crate) fn in_a_line(&self) -> String {
        format!("{} {}", self.what, self.next)
    }

    /// No such page, or not the reader's to see.
    pub(crate) fn no_page() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "No such page",
            "There is no such page, or it is not yours to see.",
            "Check the address, or start from the navigation above.",
            "no_page",
        )
    }

    /// The address exists, and does something else.
    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "This address does something else",
            "The address exists, and cannot be used this way.",
            "Use the buttons and links on the pages.",
            "wrong_method",
        )
    }

    /// An impersonation is no way to sign in here (R3).
    pub(crate) fn impersonation() -> Self {
        Self::of_refusal(&Refusal::ImpersonationCannotAct)
    }

    /// Another site sent the form.
    pub(crate) fn foreign_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "This form came from somewhere else",
            "The form was not sent from a page of this console, so nothing was done.",
            "Open the page here, then use its buttons.",
            "foreign_form",
        )
    }

    /// The form's anti-forgery token is not the reader's.
    pub(crate) fn not_your_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "This form is out of date",
            "The form does not belong to your present sign-in, so nothing was done.",
            "Reload the page and try again.",
            "form_not_yours",
        )
    }

    /// The form cannot be read.
    pub(crate) fn unreadable_form(status: StatusCode) -> Self {
        let what = if status == StatusCode::PAYLOAD_TOO_LARGE {
            "The form is larger than any form here can be, so nothing was done."
        } else {
            "The form could not be read, so nothing was done."
        };
        Self::new(
            status,
            "This form cannot be read",
            what,
            "Reload the page and try again.",
            "form_unreadable",
        )
    }

    /// The browser fetched ahead of a click; following the link for real will work.
    pub(crate) fn prefetched() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not opened yet",
            "A link that works once is not opened before you click it.",
            "Click the link.",
            "prefetched",
        )
    }

    /// The store cannot be reached.
    pub(crate) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "Not possible at the moment",
            "Countersign cannot reach its records, so nothing was done.",
            "Try again in a moment.",
            "unavailable",
        )
    }

    pub(crate) fn of_refusal(refusal: &Refusal) -> Self {
        let status = match refusal.kind() {
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let sentence = refusals::sentence(refusal);
        let (what, next) = halves(&sentence);
        Self::new(
            status,
            refusals::title(refusal),
            &what,
            &next,
            refusal.code(),
        )
    }
}

/// A sentence says what happened before its colon and what to do after it; the page has a place for
/// each.
fn halves(sentence: &str) -> (String, String) {
    let Some((what, next)) = sentence.rsplit_once(": ") else {
        return (
            sentence.to_owned(),
            "Go back and look at what is true now.".to_owned(),
        );
    };
    let mut letters = next.chars();
    let next = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect();
    (format!("{what}."), next)
}

impl From<&Failure> for Told {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::of_refusal(refusal),
            Failure::Unavailable(_) => Self::unavailable(),
            Failure::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Others are changing the same thing",
                "Too many people or programs are changing this at once, so nothing was done.",
                "Try again in a moment.",
                "busy",
            ),
            Failure::EffectUnknown(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Done, but not yet confirmed everywhere",
                "The change is recorded and no new request passes under what it took away. Whether \
                 every server has confirmed that could not be found out.",
                "Do the same again in a moment: it changes nothing more and waits for the confirmation.",
                "effect_unknown",
            ),
        }
    }
}

impl From<&IdentityError> for Told {
    fn from(_: &IdentityError) -> Self {
        Self::unavailable()
    }
}

/// Where a refusal page leads back to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Back {
    pub(crate) href: &'static str,
    pub(crate) label: &'static str,
}

/// The refusal as a page.
pub(crate) fn tell(told: &Told, mut page: Page, back: Back) -> Response {
    page.title.clone_from(&told.title);
    let view = RefusalPage {
        page,
        title: told.title.clone(),
        what: told.what.as_str().into(),
        why: String::new(),
        next: told.next.clone(),
        code: told.code.to_owned(),
        back_href: back.href.to_owned(),
        back_label: back.label.to_owned(),
    };
    html(told.status, &view)
}

/// The refusal as a page for whoever it is.
pub(crate) fn tell_anybody(told: &Told) -> Response {
    let back = Back {
        href: "/",
        label: "Start again",
    };
    tell(told, Page::signed_out("", ""), back)
}

/// A page.
pub(crate) fn html(status: StatusCode, view: &impl Template) -> Response {
    match view.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "This page cannot be shown. Nothing was lost; try again.\n",
        )
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_falls_into_what_happened_and_what_to_do() {
        assert_eq!(
            halves("Only a super admin may: ask one of them."),
            ("Only a super admin may.".into(), "Ask one of them.".into())
        );
        let (what, next) = halves("No colon here.");
        assert_eq!(what, "No colon here.");
        assert!(!next.is_empty());
    }
}
