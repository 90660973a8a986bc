//! An operator signs in with an API token, and out.

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_identity::{IdentityError, clear_operator_cookie, set_operator_cookie};
use countersign_web::text::UserText;

use crate::{
    Console,
    guard::{ComesFrom, comes_from},
    notice_cookie::see_other,
    operator::OperatorPosted,
    posted::Fields,
    refuse::{Halt, Told, html, tell_anybody},
    sign_in::{self, sign_in_with, staff_ways, way_out},
    views::{operator::OperatorSignInPage, sign_in::SignInReason},
    visit::{Visit, can_be_gone_to},
};

pub(crate) use crate::views::operator::SignInWhy as Why;

pub(crate) const HOME: &str = "/operator";
const SIGN_IN: &str = "/operator/sign-in";

/// The page that asks for a token.
pub(crate) async fn landing(console: Console, visit: Visit) -> Response {
    sign_in_page(&console, &visit, StatusCode::OK, Why::Start)
}

/// The same for whoever has to sign in first.
pub(crate) fn sign_in_page(
    console: &Console,
    visit: &Visit,
    status: StatusCode,
    why: Why,
) -> Response {
    let asked_for = visit.here.as_deref().and_then(page_of_operators);
    asked((console, visit), status, why, asked_for)
}

fn asked(
    (console, visit): (&Console, &Visit),
    status: StatusCode,
    why: Why,
    to: Option<&str>,
) -> Response {
    let back = to.map(|to| format!("&to={}", UserText::from(to).path_segment()));
    let query = format!("?as=operator{}", back.unwrap_or_default());
    let view = OperatorSignInPage {
        page: visit.page(visit.lang.operator_sign_in()),
        why,
        to: to.map(UserText::from),
        staff: staff_ways(console, visit, &query),
    };
    let mut response = html(status, visit.lang, &view);
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 section 11.6.1: a 401 names a scheme, even one that browsers do not know.
        response.headers_mut().insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static("Countersign-Token"),
        );
    }
    response
}

/// Signs a browser in.
pub(crate) async fn sign_in(console: Console, visit: Visit, request: Request) -> Response {
    // Nobody is signed in whose form token could vouch for the form: the browser has to.
    if comes_from(request.headers(), &visit.address(&console)) != ComesFrom::Here {
        return tell_anybody(&Told::foreign_form(), &visit);
    }
    let fields = match Fields::of_request(request).await {
        Ok(fields) => fields,
        Err(told) => return tell_anybody(&told, &visit),
    };
    let to = page_of_operators(fields.text("to"));
    match visit
        .identity(&console)
        .sign_in_operator(fields.text("token").trim())
        .await
    {
        Ok(cookie) => with_cookie(to.unwrap_or(HOME), &set_operator_cookie(cookie.expose())),
        Err(IdentityError::Unknown) => {
            asked((&console, &visit), StatusCode::FORBIDDEN, Why::Wrong, to)
        }
        Err(error) => tell_anybody(&Told::from(&error), &visit),
    }
}

/// Signs it out: its credential opens nothing any more.
pub(crate) async fn sign_out(
    console: Console,
    visit: Visit,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let operator = posted.operator;
    // That their provider does not answer keeps nobody signed in here.
    let elsewhere = console.identity.operator_sign_out(&operator.who).await;
    let elsewhere = elsewhere.ok().flatten().map(way_out);
    console
        .identity
        .sign_out_operator(&operator.who)
        .await
        .map_err(|failure| operator.fail(&failure))?;
    let cookie = clear_operator_cookie();
    Ok(match elsewhere {
        // No form leads to a provider: the page has a link there.
        Some(way) => {
            let at = (&console, &visit);
            let reason = SignInReason::SignedOut;
            let page = sign_in_with(at, StatusCode::OK, reason, None, Some(way));
            sign_in::with_cookie(page, &cookie)
        }
        None => with_cookie(SIGN_IN, &cookie),
    })
}

/// An address that an operator can be led to after signing in: a page of theirs that spends nothing.
pub(crate) fn page_of_operators(to: &str) -> Option<&str> {
    let path = to.split(['?', '#']).next().unwrap_or_default();
    let below = path.strip_prefix(HOME)?;
    let theirs = below.is_empty() || below.starts_with('/');
    (theirs && path != SIGN_IN && can_be_gone_to(to)).then_some(to)
}

fn with_cookie(to: &str, cookie: &str) -> Response {
    let mut response = see_other(to);
    match HeaderValue::try_from(cookie) {
        Ok(cookie) => {
            response.headers_mut().append(header::SET_COOKIE, cookie);
            response
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operator_is_led_to_a_page_of_theirs_and_nowhere_else() {
        for to in [
            "/operator",
            "/operator?q=a",
            "/operator/orgs/acme/routes?saved",
        ] {
            assert_eq!(page_of_operators(to), Some(to));
        }
        for to in [
            "",
            "/",
            "/operatorx",
            "/settings/account",
            "/operator/sign-in",
            "/operator/../sign-in/secret",
            "//evil.test/operator",
            "https://evil.test/operator",
            "/operator\\evil.test",
        ] {
            assert_eq!(page_of_operators(to), None, "{to}");
        }
    }
}
