//! Signing in by a one-time link, and out.
//!
//! Mail scanners, chat previews and prefetching open links. A link is used up only by a person who
//! goes to it in a browser window, or who presses the button of the page that everything else gets.

use axum::{
    extract::{Path, Query, Request},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Address;
use countersign_domain::Person as Who;
use countersign_identity::{
    Elsewhere, LinkError, NoPasskeys, StaffProvider, clear_cookie, cookie_value, set_cookie,
};
use countersign_web::{person::Person, text::UserText};

use crate::{
    Console, asked_for,
    guard::{ComesFrom, comes_from},
    notice_cookie::see_other,
    posted::{Fields, Posted},
    reader::Reader,
    refuse::{Halt, Told, html, tell_anybody},
    views::sign_in::{
        OpenIdAsk, OpenIdWay, OwnAddress, SignInConfirmPage, SignInPage, SignInReason, StaffWay,
    },
    visit::{Visit, cookies},
};

/// The landing page.
pub(crate) async fn landing(
    console: Console,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let out = query.iter().any(|(name, _)| name == "out");
    let reason = if out {
        SignInReason::SignedOut
    } else {
        SignInReason::Start
    };
    landing_page(&console, &visit, StatusCode::OK, reason)
}

fn landing_page(
    console: &Console,
    visit: &Visit,
    status: StatusCode,
    reason: SignInReason,
) -> Response {
    sign_in_with((console, visit), status, reason, None, None)
}

/// The landing page, with what somebody has said there before and where else they can sign out.
pub(crate) fn sign_in_with(
    (console, visit): (&Console, &Visit),
    status: StatusCode,
    reason: SignInReason,
    ask: Option<OpenIdAsk>,
    elsewhere: Option<OpenIdWay>,
) -> Response {
    let view = SignInPage {
        page: visit.page(visit.lang.sign_in()),
        reason,
        ask: ask.unwrap_or_default(),
        elsewhere,
        own: own_address(console, visit),
        staff: staff_ways(console, visit, ""),
    };
    html(status, visit.lang, &view)
}

/// The vendor's own providers, for its staff: the addresses that lead there.
pub(crate) fn staff_ways(console: &Console, visit: &Visit, query: &str) -> Vec<StaffWay> {
    let identity = visit.identity(console);
    let providers = identity.staff_providers().iter();
    let way = |provider: &StaffProvider| StaffWay {
        name: provider.name.as_str().into(),
        href: format!("/sign-in/staff/{}{query}", provider.id),
    };
    providers.map(way).collect()
}

/// What there is to say at an address that is one org's alone.
fn own_address(console: &Console, visit: &Visit) -> Option<OwnAddress> {
    let identity = visit.identity(console);
    let Address {
        org: Some(_),
        url,
        deployment,
    } = identity.address()
    else {
        return None;
    };
    let below = identity.passkey_origin().err() != Some(NoPasskeys::NotBelow);
    let here = visit.here.as_deref().unwrap_or("/sign-in");
    Some(OwnAddress {
        here: UserText::from(authority(url)),
        deployment: UserText::from(authority(deployment)),
        passkeys: below,
        go: format!("{deployment}{here}"),
    })
}

/// An address as people say it.
fn authority(url: &str) -> &str {
    url.split_once("://")
        .map_or(url, |(_, authority)| authority)
}

/// The landing page for somebody who has to sign in first.
pub(crate) fn who_are_you(console: &Console, visit: &Visit, reason: SignInReason) -> Response {
    let mut response = landing_page(console, visit, StatusCode::UNAUTHORIZED, reason);
    // RFC 9110 section 11.6.1: a 401 names a scheme, even one that browsers do not know.
    response.headers_mut().insert(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Countersign-Link"),
    );
    asked_for::remember(response, visit)
}

/// A sign-in link.
pub(crate) async fn link(
    console: Console,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Response {
    let response = if method == Method::GET && in_person(&headers) {
        use_up(&console, &visit, &headers, &code).await
    } else {
        look(&console, &visit, &code).await
    };
    private(response)
}

/// The button of the page that asks first.
pub(crate) async fn confirmed(console: Console, visit: Visit, request: Request) -> Response {
    let headers = request.headers().clone();
    // Nobody is signed in whose form token could vouch for the form: the browser has to.
    if comes_from(&headers, &visit.address(&console)) != ComesFrom::Here {
        return private(tell_anybody(&Told::foreign_form(), &visit));
    }
    let response = match Fields::of_request(request).await {
        Ok(fields) => use_up(&console, &visit, &headers, fields.text("token")).await,
        Err(told) => tell_anybody(&told, &visit),
    };
    private(response)
}

/// Ends the browser session.
pub(crate) async fn sign_out(
    console: Console,
    visit: Visit,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    let elsewhere = elsewhere(&console, &reader).await;
    // Whoever signs out everywhere is done with what they looked at as well.
    if let (Who::Agent(agent), Some(_)) = (reader.who.person, reader.who.at.provider) {
        let ended = console.app.end_own_sessions(agent).await;
        ended.map_err(|failure| reader.fail(&failure))?;
    }
    console
        .identity
        .sign_out(&reader.cookie)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let response = match elsewhere {
        // No form leads to a provider: the page has a link there.
        Some(way) => sign_in_with(
            (&console, &visit),
            StatusCode::OK,
            SignInReason::SignedOut,
            None,
            Some(way),
        ),
        None => see_other("/sign-in?out"),
    };
    Ok(with_cookie(response, &clear_cookie()))
}

/// Where the reader can sign out at the provider that they came by, if there is such a place. That there is none, or
/// that the provider does not answer, keeps nobody signed in here.
async fn elsewhere(console: &Console, reader: &Reader) -> Option<OpenIdWay> {
    let found = console.identity.openid_sign_out(&reader.who).await;
    found.ok().flatten().map(way_out)
}

/// The way to sign out elsewhere.
pub(crate) fn way_out(elsewhere: Elsewhere) -> OpenIdWay {
    OpenIdWay {
        host: elsewhere.issuer.origin().into(),
        to: Some(elsewhere.to),
    }
}

/// Whether a person opens the address in a window of their own accord, by Fetch Metadata. A link
/// followed from another site does not count: that site would choose who signs in as whom.
fn in_person(headers: &HeaderMap) -> bool {
    let is = |name: &str, values: &[&str]| {
        let mut sent = headers.get_all(name).iter();
        sent.next()
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| values.contains(&value))
            && sent.next().is_none()
    };
    is("sec-fetch-mode", &["navigate"])
        && is("sec-fetch-dest", &["document"])
        && is("sec-fetch-site", &["none", "same-origin"])
        && !fetched_ahead(headers)
}

/// Whether the browser fetches something before anybody asked for it.
pub(crate) fn fetched_ahead(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

async fn use_up(console: &Console, visit: &Visit, headers: &HeaderMap, secret: &str) -> Response {
    let cookies = cookies(headers);
    let before = cookie_value(&cookies);
    match visit.identity(console).sign_in(secret, before).await {
        Ok(signed_in) => {
            let to = asked_for::kept(headers, signed_in.person);
            let cookie = set_cookie(signed_in.cookie.expose());
            asked_for::forget(with_cookie(see_other(&to), &cookie), headers)
        }
        Err(error) => spent(console, visit, &error),
    }
}

async fn look(console: &Console, visit: &Visit, secret: &str) -> Response {
    match visit.identity(console).look_at_link(secret).await {
        Ok(owner) => {
            let view = SignInConfirmPage {
                page: visit.page(visit.lang.sign_in()),
                person: Person::new(owner.name, owner.email),
                token: secret.to_owned(),
            };
            html(StatusCode::OK, visit.lang, &view)
        }
        Err(error) => spent(console, visit, &error),
    }
}

/// The page does not say why a link no longer works; the status does, to its holder.
fn spent(console: &Console, visit: &Visit, error: &LinkError) -> Response {
    let status = match error {
        LinkError::Used | LinkError::Expired => StatusCode::GONE,
        LinkError::Unknown | LinkError::Inactive => StatusCode::NOT_FOUND,
        LinkError::Unavailable(_) => return tell_anybody(&Told::unavailable(), visit),
        LinkError::OutcomeUnknown(_) => return tell_anybody(&Told::outcome_unknown(false), visit),
    };
    landing_page(console, visit, status, SignInReason::LinkSpent)
}

/// The address holds a secret, so nothing may be told where a reader came from.
pub(crate) fn private(mut response: Response) -> Response {
    response.headers_mut().insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
