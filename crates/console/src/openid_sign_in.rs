//! Signing in by an OpenID provider of one's own org: who says by which, the way there, and back.
//!
//! The way there is a link on a page that says where it leads. It is not a redirect: whoever has their
//! address led to a provider sees whose it is before they type a password, and no form of this console leads
//! anywhere else.

use axum::{
    extract::{Path, Query, Request},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use countersign_app::SignInBy;
use countersign_domain::{Org, Person, Refusal, Slug};
use countersign_identity::{
    BadToken, Came, NoAnswer, OpenIdError, clear_openid_cookie, cookie_value, openid_cookie,
    set_cookie, set_openid_cookie,
};

use countersign_web::{messages::Lang, refusals::Words};

use crate::{
    Console, asked_for,
    guard::{ComesFrom, comes_from},
    notice_cookie::see_other,
    posted::Fields,
    refuse::{Told, html, tell_anybody, words},
    sign_in::{fetched_ahead, private, sign_in_with, with_cookie},
    views::sign_in::{OpenIdAsk, OpenIdWay, OpenIdWaysPage, OpenIdWrong, SignInReason},
    visit::{Visit, cookies},
};

/// Somebody has said who they are, or which org they belong to.
pub(crate) async fn ask(console: Console, visit: Visit, request: Request) -> Response {
    // Nobody is signed in whose form token could vouch for the form: the browser has to.
    if comes_from(request.headers(), &visit.address(&console)) != ComesFrom::Here {
        return tell_anybody(&Told::foreign_form(), &visit);
    }
    let fields = match Fields::of_request(request).await {
        Ok(fields) => fields,
        Err(told) => return tell_anybody(&told, &visit),
    };
    let said = fields.text("who").trim();
    let wrong = match console.app.sign_in_by(said).await {
        Ok(SignInBy::Org(org)) => return ways(&console, &visit, &org).await,
        Ok(SignInBy::Several) => OpenIdWrong::Several,
        Ok(SignInBy::None) => OpenIdWrong::None,
        Err(failure) => return tell_anybody(&Told::from(&failure), &visit),
    };
    let ask = OpenIdAsk {
        said: said.into(),
        wrong: Some(wrong),
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    sign_in_with(
        (&console, &visit),
        status,
        SignInReason::Start,
        Some(ask),
        None,
    )
}

/// The page with the ways to an org's providers.
async fn ways(console: &Console, visit: &Visit, org: &Org) -> Response {
    let (ways, secret) = match visit.identity(console).begin_openid(org).await {
        Ok(begun) => begun,
        Err(error) => return tell_anybody(&told(&error), visit),
    };
    let down = ways.iter().all(|way| way.to.is_err());
    let view = OpenIdWaysPage {
        page: visit.page(visit.lang.sign_in()),
        org: org.name.as_str().into(),
        ways: ways
            .into_iter()
            .map(|way| OpenIdWay {
                host: way.issuer.said.url.origin().into(),
                to: way.to.ok(),
            })
            .collect(),
    };
    let status = if down {
        StatusCode::BAD_GATEWAY
    } else {
        StatusCode::OK
    };
    let response = html(status, visit.lang, &view);
    private(with_cookie(response, &set_openid_cookie(secret.expose())))
}

/// A browser comes back from a provider; without anything from one, it is about to go there.
pub(crate) async fn back(
    console: Console,
    visit: Visit,
    headers: HeaderMap,
    Path(org): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if fetched_ahead(&headers) {
        return private(tell_anybody(&Told::prefetched(), &visit));
    }
    let Ok(org) = Slug::parse(&org) else {
        return tell_anybody(&Told::no_page(), &visit);
    };
    if query.is_empty() {
        return match console.app.sign_in_by(org.as_str()).await {
            Ok(SignInBy::Org(org)) => ways(&console, &visit, &org).await,
            Ok(_) => tell_anybody(&Told::no_page(), &visit),
            Err(failure) => tell_anybody(&Told::from(&failure), &visit),
        };
    }
    let cookies = cookies(&headers);
    let secret = openid_cookie(&cookies).unwrap_or_default();
    let finished = match came(&query) {
        Some(came) => {
            let before = cookie_value(&cookies);
            visit
                .identity(&console)
                .finish_openid(&org, secret, &came, before)
                .await
        }
        None => Err(OpenIdError::MixedUp),
    };
    let response = match finished {
        Ok(signed_in) => {
            let to = if signed_in.who.claimed {
                "/settings/account".to_owned()
            } else {
                asked_for::kept(&headers, Person::Admin(signed_in.who.admin))
            };
            let response = with_cookie(see_other(&to), &set_cookie(signed_in.cookie.expose()));
            asked_for::forget(response, &headers)
        }
        Err(error) => tell_anybody(&told(&error), &visit),
    };
    private(with_cookie(response, &clear_openid_cookie()))
}

/// What a provider sends, each thing once.
pub(crate) fn came(query: &[(String, String)]) -> Option<Came> {
    let mut came = Came::default();
    for (name, value) in query {
        let place = match name.as_str() {
            "state" => &mut came.state,
            "code" => &mut came.code,
            "error" => &mut came.error,
            "iss" => &mut came.issuer,
            _ => continue,
        };
        if place.replace(value.clone()).is_some() {
            return None;
        }
    }
    Some(came)
}

pub(crate) fn told(error: &OpenIdError) -> Told {
    let forbidden = |code, words| Told::new(StatusCode::FORBIDDEN, code, words);
    let gateway = |code, words| Told::new(StatusCode::BAD_GATEWAY, code, words);
    match error {
        OpenIdError::Nowhere => Told::new(
            StatusCode::CONFLICT,
            "openid_nowhere",
            words!(openid_nowhere, openid_nowhere_why, openid_nowhere_next),
        ),
        OpenIdError::NotAsked => Told::new(
            StatusCode::CONFLICT,
            "openid_not_asked",
            words!(
                openid_not_asked,
                openid_not_asked_why,
                openid_not_asked_next
            ),
        ),
        OpenIdError::MixedUp => forbidden(
            "openid_mixed_up",
            words!(openid_mixed_up, openid_mixed_up_why, openid_mixed_up_next),
        ),
        OpenIdError::Declined(_) => forbidden(
            "openid_declined",
            words!(openid_declined, openid_declined_why, openid_declined_next),
        ),
        OpenIdError::NoToken(_) => gateway(
            "openid_no_token",
            words!(openid_no_token, openid_no_token_why, openid_no_token_next),
        ),
        OpenIdError::NoAnswer(NoAnswer::TooLate | NoAnswer::Unreachable(_)) => gateway(
            "openid_unreachable",
            words!(
                openid_unreachable,
                openid_unreachable_why,
                openid_unreachable_next
            ),
        ),
        OpenIdError::NoAnswer(_) => gateway(
            "openid_misconfigured",
            words!(
                openid_misconfigured,
                openid_misconfigured_why,
                openid_misconfigured_next
            ),
        ),
        OpenIdError::BadToken(BadToken::Acts) => Told::of_refusal(&Refusal::ImpersonationCannotAct),
        OpenIdError::BadToken(BadToken::Expired | BadToken::Early) => forbidden(
            "openid_other_time",
            words!(
                openid_other_time,
                openid_other_time_why,
                openid_other_time_next
            ),
        ),
        OpenIdError::BadToken(_) => forbidden(
            "openid_not_verified",
            words!(
                openid_not_verified,
                openid_not_verified_why,
                openid_not_verified_next
            ),
        ),
        OpenIdError::NotEnough => forbidden(
            "openid_not_enough",
            words!(
                openid_not_enough,
                openid_not_enough_why,
                openid_not_enough_next
            ),
        ),
        OpenIdError::NoAddress => forbidden(
            "openid_no_address",
            words!(
                openid_no_address,
                openid_no_address_why,
                openid_no_address_next
            ),
        ),
        OpenIdError::Use(failure) => Told::from(failure),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_twice_is_nothing_a_provider_sends() {
        let query = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            let pairs = pairs.iter();
            pairs
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect()
        };
        let once = came(&query(&[
            ("state", "s"),
            ("code", "c"),
            ("session_state", "x"),
        ]))
        .unwrap();
        assert_eq!(
            (once.state.as_deref(), once.code.as_deref()),
            (Some("s"), Some("c"))
        );
        for twice in ["state", "code", "error", "iss"] {
            assert!(
                came(&query(&[(twice, "a"), (twice, "a")])).is_none(),
                "{twice}"
            );
        }
    }
}
