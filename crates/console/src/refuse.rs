//! Telling somebody that something was not done: what, why, and what to do next.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::{Refusal, RefusalKind};
use countersign_identity::IdentityError;
use countersign_web::{
    layout::Page,
    messages::{Lang, Text},
    refusals::{self, Words},
    text::UserText,
};

use crate::{views::refusal::RefusalPage, visit::Visit};

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

/// Who reads a refusal page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum To {
    Admin,
    Agent,
    Operator,
}

/// What a refusal page says.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    status: StatusCode,
    code: &'static str,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    /// The console itself refuses.
    Console(fn(Lang) -> Words),
    /// A rule does.
    Rule(Refusal),
}

macro_rules! words {
    ($title:ident, $why:ident, $next:ident) => {
        |t: Lang| Words {
            title: t.$title(),
            why: t.$why(),
            next: t.$next(),
        }
    };
}

pub(crate) use words;

impl Told {
    pub(crate) fn new(status: StatusCode, code: &'static str, words: fn(Lang) -> Words) -> Self {
        Self {
            status,
            code,
            what: What::Console(words),
        }
    }

    fn words(&self, t: Lang) -> Words {
        match &self.what {
            What::Console(words) => words(t),
            What::Rule(refusal) => refusals::words(refusal, t),
        }
    }

    /// The same in words for this kind of reader: what one can do about a case that is not there is
    /// not the same for all.
    pub(crate) fn to(&self, whom: To) -> Self {
        let What::Rule(Refusal::CaseNotFound) = self.what else {
            return self.clone();
        };
        let words: fn(Lang) -> Words = match whom {
            To::Admin => words!(
                refusal_case_not_found,
                refusal_case_not_found_why,
                case_not_found_admin
            ),
            To::Agent => words!(
                refusal_case_not_found,
                refusal_case_not_found_why,
                case_not_found_agent
            ),
            To::Operator => words!(
                refusal_case_not_found,
                refusal_case_not_found_why,
                case_not_found_operator
            ),
        };
        Self::new(self.status, self.code, words)
    }

    /// The status of the page.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What happened and what to do, for a page that has one line for it.
    pub(crate) fn in_a_line(&self, t: Lang) -> Text {
        let Words { why, next, .. } = self.words(t);
        t.sentences(why, next)
    }

    /// Numbers of the cases where the person can do something about it.
    fn cases(&self) -> Vec<UserText> {
        let What::Rule(Refusal::TooManySessions { running, .. }) = &self.what else {
            return vec![];
        };
        let cases: BTreeSet<&str> = running.iter().map(|one| one.case.as_str()).collect();
        cases.into_iter().map(UserText::from).collect()
    }

    /// No such page, or not the reader's to see.
    pub(crate) fn no_page() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_page",
            words!(no_page, no_page_why, no_page_next),
        )
    }

    /// The address exists, and does something else.
    pub(crate) fn wrong_method() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "wrong_method",
            words!(wrong_method, wrong_method_why, wrong_method_next),
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
            "foreign_form",
            words!(foreign_form, foreign_form_why, foreign_form_next),
        )
    }

    /// The form's anti-forgery token is not the reader's.
    pub(crate) fn not_your_form() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "form_not_yours",
            words!(not_your_form, not_your_form_why, not_your_form_next),
        )
    }

    /// The form cannot be read.
    pub(crate) fn unreadable_form(status: StatusCode) -> Self {
        let words = if status == StatusCode::PAYLOAD_TOO_LARGE {
            words!(
                unreadable_form,
                unreadable_form_too_large,
                unreadable_form_next
            )
        } else {
            words!(unreadable_form, unreadable_form_why, unreadable_form_next)
        };
        Self::new(status, "form_unreadable", words)
    }

    /// The browser fetched ahead of a click; following the link for real will work.
    pub(crate) fn prefetched() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "prefetched",
            words!(prefetched, prefetched_why, prefetched_next),
        )
    }

    /// The store cannot be reached.
    pub(crate) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            words!(unavailable, unavailable_why, unavailable_next),
        )
    }

    /// The store was lost in the middle of a change.
    pub(crate) fn outcome_unknown(takes_away: bool) -> Self {
        let words = if takes_away {
            words!(gone_unknown, gone_unknown_why, gone_unknown_next)
        } else {
            words!(outcome_unknown, outcome_unknown_why, outcome_unknown_next)
        };
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "outcome_unknown", words)
    }

    pub(crate) fn of_refusal(refusal: &Refusal) -> Self {
        let status = match refusal.kind() {
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        Self {
            status,
            code: refusal.code(),
            what: What::Rule(refusal.clone()),
        }
    }
}

impl From<&Failure> for Told {
    fn from(failure: &Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::of_refusal(refusal),
            Failure::Unavailable(_) => Self::unavailable(),
            Failure::Busy | Failure::Kept => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                words!(busy, busy_why, busy_next),
            ),
            Failure::OutcomeUnknown { takes_away, .. } => Self::outcome_unknown(*takes_away),
            Failure::EffectUnknown(_) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "effect_unknown",
                words!(effect_unknown, effect_unknown_why, effect_unknown_next),
            ),
        }
    }
}

impl From<&IdentityError> for Told {
    fn from(error: &IdentityError) -> Self {
        match error {
            IdentityError::OutcomeUnknown(_) => Self::outcome_unknown(false),
            IdentityError::Unknown | IdentityError::Unavailable(_) => Self::unavailable(),
        }
    }
}

/// Where a refusal page leads back to.
#[derive(Clone, Debug)]
pub(crate) struct Back {
    pub(crate) href: &'static str,
    pub(crate) label: Text,
}

/// The refusal as a page.
pub(crate) fn tell(told: &Told, mut page: Page, back: Back) -> Response {
    let t = page.t;
    let Words { title, why, next } = told.words(t);
    page.title = title.clone();
    let view = RefusalPage {
        page,
        title,
        why,
        next,
        cases: told.cases(),
        code: told.code.to_owned(),
        back_href: back.href.to_owned(),
        back_label: back.label,
    };
    html(told.status, t, &view)
}

/// The refusal as a page for whoever it is.
pub(crate) fn tell_anybody(told: &Told, visit: &Visit) -> Response {
    let t = visit.lang;
    let back = Back {
        href: "/",
        label: t.start_again(),
    };
    tell(told, visit.page(told.words(t).title), back)
}

/// A page in a language, which the next request may ask for in another.
pub(crate) fn html(status: StatusCode, t: Lang, view: &impl Template) -> Response {
    let mut response = match view.render() {
        Ok(text) => (status, Html(text)).into_response(),
        Err(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            t.page_cannot_be_shown().plain(),
        )
            .into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(t.code()));
    headers.append(
        header::VARY,
        HeaderValue::from_static("Accept-Language, Cookie"),
    );
    response
}
