//! Who reads a page, or sends a form.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::Response,
};
use countersign_app::Failure;
use countersign_domain::{Actor, AdminId, AgentId, Person};
use countersign_identity::{Identity, IdentityError, SignedIn, cookie_value};
use countersign_web::{
    layout::{Context, NavItem, Page},
    messages::{Lang, Text},
    notice::Notice,
    person,
};

use crate::{
    Console,
    notice_cookie::{self, Flash},
    refuse::{Back, Halt, To, Told, html, tell, tell_anybody},
    said::Said,
    sign_in,
    views::{
        nav::{self, Place},
        sign_in::SignInReason,
    },
    visit::{Visit, cookies},
    zone::Zone,
};

/// Somebody signed in, and how their browser wants to be told things.
#[derive(Clone, Debug)]
pub(crate) struct Reader {
    /// Who.
    pub(crate) who: SignedIn,
    /// The cookie that says so.
    pub(crate) cookie: String,
    /// The zone and language of their times.
    pub(crate) zone: Zone,
    /// The host they reached us by, as their browser says.
    pub(crate) host: Option<String>,
    /// Who is calling, among those who may come by the address that they came by.
    pub(crate) identity: Identity,
    here: Option<String>,
    flash: Flash,
}

impl FromRequestParts<Console> for Reader {
    type Rejection = Halt;

    async fn from_request_parts(parts: &mut Parts, console: &Console) -> Result<Self, Halt> {
        let visit = Visit::of(&parts.method, &parts.uri, &parts.headers, &parts.extensions);
        // What they do through it says from where.
        let Ok(console) = Console::from_request_parts(parts, console).await;
        match Self::of_visit(&visit, &parts.headers, &console).await {
            Ok(Some(reader)) => Ok(reader),
            Ok(None) => {
                let reason = match cookie_value(&cookies(&parts.headers)) {
                    Some(_) => SignInReason::SessionOver,
                    None => SignInReason::Start,
                };
                Err(sign_in::who_are_you(&console, &visit, reason).into())
            }
            Err(error) => Err(tell_anybody(&Told::from(&error), &visit).into()),
        }
    }
}

fn host(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    Some(host.to_ascii_lowercase())
}

impl Reader {
    /// Whoever the cookies say, if they are good.
    pub(crate) async fn of_visit(
        visit: &Visit,
        headers: &HeaderMap,
        console: &Console,
    ) -> Result<Option<Self>, IdentityError> {
        let cookies = cookies(headers);
        let Some(cookie) = cookie_value(&cookies) else {
            return Ok(None);
        };
        match visit.identity(console).browser(cookie).await {
            Ok(who) => Ok(Some(Self {
                flash: notice_cookie::read(&cookies, &who.form_token),
                who,
                cookie: cookie.to_owned(),
                zone: Zone::of_cookies(&cookies, visit.lang),
                host: host(headers),
                identity: visit.identity(console),
                here: visit.here.clone(),
            })),
            Err(IdentityError::Unknown) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// As the use cases know them.
    pub(crate) fn actor(&self) -> Actor {
        self.who.actor()
    }

    /// A customer admin; to anybody else the page does not exist.
    pub(crate) fn admin(&self) -> Result<AdminId, Halt> {
        match self.who.person {
            Person::Admin(id) => Ok(id),
            Person::Agent(_) => Err(self.tell(&Told::no_page())),
        }
    }

    /// A support agent; to anybody else the page does not exist.
    pub(crate) fn agent(&self) -> Result<AgentId, Halt> {
        match self.who.person {
            Person::Agent(id) => Ok(id),
            Person::Admin(_) => Err(self.tell(&Told::no_page())),
        }
    }

    /// Their language.
    pub(crate) fn t(&self) -> Lang {
        self.zone.lang()
    }

    /// Their name and address.
    pub(crate) fn person(&self) -> person::Person {
        person::Person::new(self.who.name.as_str(), self.who.email.as_str())
    }

    /// The page around what they see.
    pub(crate) fn page(&self, title: Text, context: Context, here: Place) -> Page {
        Page::signed_in(
            self.t(),
            title,
            context,
            self.nav(here),
            self.person(),
            self.who.form_token.as_str(),
        )
        .with_notice(self.notice())
        .at(self.here.clone())
    }

    /// The page around what is said to an agent about something that did not go.
    pub(crate) fn page_about(&self, title: Text) -> Page {
        self.page(title, Context::Support, Place::Elsewhere)
            .with_notice(None)
    }

    fn nav(&self, here: Place) -> Vec<NavItem> {
        match self.who.person {
            Person::Admin(_) => nav::for_admin(self.t(), here),
            Person::Agent(_) => nav::for_agent(self.t(), here),
        }
    }

    /// What their last act came to.
    fn notice(&self) -> Option<Notice> {
        self.flash.said().map(|said| said.notice(&self.zone))
    }

    /// What their last act came to, as a value.
    pub(crate) fn said(&self) -> Option<&Said> {
        self.flash.said()
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

    /// A refusal as a page for them.
    pub(crate) fn tell(&self, told: &Told) -> Halt {
        let (to, context, back) = match self.who.person {
            Person::Admin(_) => (
                To::Admin,
                Context::None,
                Back {
                    href: "/settings/account?edit=support",
                    label: self.t().back_to_settings(),
                },
            ),
            Person::Agent(_) => (
                To::Agent,
                Context::Support,
                Back {
                    href: "/cases",
                    label: self.t().back_to_my_cases(),
                },
            ),
        };
        // Its title is the refusal's.
        let page = self
            .page(self.t().no_page(), context, Place::Elsewhere)
            .with_notice(None);
        tell(&told.to(to), page, back).into()
    }

    /// Why a use case did not do what was asked, as a page for them.
    pub(crate) fn fail(&self, failure: &Failure) -> Halt {
        self.tell(&Told::from(failure))
    }
}
