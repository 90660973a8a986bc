//! An operator at the console: who reads a page, and who sends a form.
//!
//! Operators have a cookie and addresses of their own. Nothing under `/operator` takes the cookie of a
//! customer's admin or of an agent, and nothing else takes the operator's (R1, R3).

use askama::Template;
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use countersign_app::{Failure, hash_secret};
use countersign_domain::Actor;
use countersign_identity::{IdentityError, SignedInOperator, operator_cookie_value};
use countersign_web::{
    layout::{Context, Page},
    messages::{Lang, Text},
    person::Person,
};

use crate::{
    Console,
    notice_cookie::{self, Flash},
    operator_sign_in::{Why, sign_in_page},
    posted::Fields,
    refuse::{Back, Halt, To, Told, html, tell, tell_anybody},
    said::Said,
    views::nav::{self, OperatorPlace},
    visit::{Visit, cookies},
    zone::Zone,
};

/// An operator signed in at the console.
#[derive(Clone, Debug)]
pub(crate) struct Operator {
    pub(crate) who: SignedInOperator,
    pub(crate) zone: Zone,
    here: Option<String>,
    flash: Flash,
}

impl FromRequestParts<Console> for Operator {
    type Rejection = Halt;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Halt> {
        let visit = Visit::of(&parts.method, &parts.uri, &parts.headers, &parts.extensions);
        let cookies = cookies(&parts.headers);
        let Some(cookie) = operator_cookie_value(&cookies) else {
            return Err(sign_in_page(console, &visit, StatusCode::UNAUTHORIZED, Why::Start).into());
        };
        match visit.identity(console).operator(cookie).await {
            Ok(who) => Ok(Self {
                flash: notice_cookie::read(&cookies, &who.form_token),
                who,
                zone: Zone::of_cookies(&cookies, visit.lang),
                here: visit.here,
            }),
            Err(IdentityError::Unknown) => {
                Err(sign_in_page(console, &visit, StatusCode::UNAUTHORIZED, Why::Over).into())
            }
            Err(error) => Err(tell_anybody(&Told::from(&error), &visit).into()),
        }
    }
}

impl Operator {
    /// As the use cases know them.
    pub(crate) fn actor(&self) -> Actor {
        self.who.actor
    }

    pub(crate) fn t(&self) -> Lang {
        self.zone.lang()
    }

    /// The page around what they see.
    pub(crate) fn page(&self, title: Text, here: OperatorPlace) -> Page {
        let t = self.t();
        let person = match &self.who.person {
            Some(known) => {
                let name = known
                    .name
                    .as_ref()
                    .map_or(known.email.as_str(), |name| name.as_str());
                Person::new(name, known.email.as_str())
            }
            None => Person::new(t.operator().plain(), self.credential_in_short()),
        };
        let nav = nav::for_operator(t, here);
        let mut page = Page::signed_in(
            t,
            title,
            Context::None,
            nav,
            person,
            self.who.form_token.as_str(),
        )
        .with_notice(self.flash.said().map(|said| said.notice(&self.zone)))
        .at(self.here.clone());
        page.sign_out = "/operator/sign-out";
        page
    }

    /// The end of the credential by which entries on logs name them: the whole is on the page that
    /// says how the deployment does.
    fn credential_in_short(&self) -> String {
        let whole = self.who.credential.to_string();
        let end: String = whole.chars().rev().take(6).collect();
        format!("…{}", end.chars().rev().collect::<String>())
    }

    /// The view as a response. A notice is said once.
    pub(crate) fn show(&self, status: StatusCode, view: &impl Template) -> Response {
        let mut response = html(status, self.t(), view);
        if self.flash.came() {
            response.headers_mut().append(
                header::SET_COOKIE,
                HeaderValue::from_static(notice_cookie::CLEAR),
            );
        }
        response
    }

    /// On to another page, which will say what happened.
    pub(crate) fn go(&self, to: &str, said: &Said) -> Response {
        notice_cookie::go_with(&self.who.form_token, to, said)
    }

    /// A refusal as a page for them.
    pub(crate) fn tell(&self, told: &Told) -> Halt {
        let back = Back {
            href: "/operator",
            label: self.t().operator_back(),
        };
        let page = self.page(self.t().no_page(), OperatorPlace::Elsewhere);
        tell(&told.to(To::Operator), page.with_notice(None), back).into()
    }

    /// Why a use case did not do what was asked, as a page for them.
    pub(crate) fn fail(&self, failure: &Failure) -> Halt {
        self.tell(&Told::from(failure))
    }
}

/// A form that an operator has sent from a page of theirs.
pub(crate) struct OperatorPosted {
    pub(crate) operator: Operator,
    pub(crate) fields: Fields,
}

impl FromRequest<Console> for OperatorPosted {
    type Rejection = Halt;

    async fn from_request(request: Request, console: &Console) -> Result<Self, Halt> {
        let (mut parts, body) = request.into_parts();
        let operator = Operator::from_request_parts(&mut parts, console).await?;
        let fields = Fields::of_request(Request::from_parts(parts, body))
            .await
            .map_err(|told| operator.tell(&told))?;
        // Hashes are compared, so the time taken tells nothing about the token.
        let genuine = hash_secret(fields.text("csrf")) == hash_secret(&operator.who.form_token);
        if !genuine {
            return Err(operator.tell(&Told::not_your_form()));
        }
        Ok(Self { operator, fields })
    }
}
