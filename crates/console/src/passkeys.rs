//! Signing in by passkey, and adding and removing one.
//!
//! The page's script asks for what the browser is to be asked, and sends the browser's answer with the
//! form it stands in: everything after that is an ordinary form with an ordinary page.

use axum::{
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::Failure;
use countersign_domain::{CredentialId, PasskeyName, Refusal};
use countersign_identity::{
    Identity, NoPasskeys, PasskeyError, ceremony_cookie, clear_ceremony_cookie, clear_cookie,
    cookie_value, set_ceremony_cookie, set_cookie,
};
use countersign_web::{messages::Lang, refusals::Words};
use serde_json::{Value, json};

use crate::{
    Console, asked_for,
    guard::{ComesFrom, comes_from},
    notice_cookie::{go, see_other},
    posted::{Fields, Posted},
    reader::Reader,
    refuse::{Halt, Told, tell_anybody, words},
    said::Said,
    sign_in::with_cookie,
    visit::{Visit, cookies},
};

pub(crate) const SECTION: &str = "/settings/account#passkeys";

/// What a browser that nobody need be signed in with is to be asked.
pub(crate) async fn sign_in_options(
    State(console): State<Console>,
    visit: Visit,
    headers: HeaderMap,
) -> Response {
    // Nobody is signed in whose form token could vouch for the page: the browser has to.
    if comes_from(&headers, &visit.address(&console)) != ComesFrom::Here {
        return answer(&Err(Told::foreign_form()), visit.lang);
    }
    let identity = visit.identity(&console);
    match identity.begin_passkey_sign_in().await {
        Ok((options, secret)) => {
            let response = answer(&asked(&identity, &options), visit.lang);
            with_cookie(response, &set_ceremony_cookie(secret.expose()))
        }
        Err(error) => answer(&Err(told(&error)), visit.lang),
    }
}

/// The browser's answer.
pub(crate) async fn sign_in(
    State(console): State<Console>,
    visit: Visit,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    if comes_from(&headers, &visit.address(&console)) != ComesFrom::Here {
        return tell_anybody(&Told::foreign_form(), &visit);
    }
    let fields = match Fields::of_request(request).await {
        Ok(fields) => fields,
        Err(told) => return tell_anybody(&told, &visit),
    };
    if fields.text("answer").is_empty() {
        return tell_anybody(&no_script(), &visit);
    }
    let cookies = cookies(&headers);
    let secret = ceremony_cookie(&cookies).unwrap_or_default();
    let signed_in = visit
        .identity(&console)
        .finish_passkey_sign_in(secret, fields.text("answer"), cookie_value(&cookies))
        .await;
    let response = match signed_in {
        Ok(signed_in) => {
            let to = if signed_in.claimed {
                "/settings/account"
            } else {
                asked_for::page_of(fields.text("to"))
            };
            let cookie = set_cookie(signed_in.cookie.expose());
            asked_for::forget(with_cookie(see_other(to), &cookie), &headers)
        }
        Err(error) => tell_anybody(&told(&error), &visit),
    };
    with_cookie(response, &clear_ceremony_cookie())
}

/// What the browser of somebody signed in is to be asked for a new passkey.
pub(crate) async fn register_options(posted: Posted) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let begun = reader
        .identity
        .begin_registering(&reader.who, &reader.cookie)
        .await;
    let asked = match begun {
        Ok(options) => asked(&reader.identity, &options),
        Err(error) => Err(told(&error)),
    };
    Ok(answer(&asked, reader.t()))
}

/// The browser's answer: a new passkey.
pub(crate) async fn register(posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    if fields.text("answer").is_empty() {
        return Err(reader.tell(&no_script()));
    }
    let name = PasskeyName::parse(fields.text("name")).map_err(|error| {
        let field = "name";
        reader.fail(&Failure::from(Refusal::Text { field, error }))
    })?;
    reader
        .identity
        .finish_registering(&reader.who, &reader.cookie, name, fields.text("answer"))
        .await
        .map_err(|error| reader.tell(&told(&error)))?;
    Ok(go(&reader, SECTION, &Said::PasskeyAdded))
}

/// Takes a passkey away; whoever signed in with it is signed out.
pub(crate) async fn remove(
    State(console): State<Console>,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let id = credential_id(&reader, &id)?;
    console
        .app
        .remove_passkey(reader.actor(), id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    if reader.who.via == Some(id) {
        return Ok(with_cookie(see_other("/sign-in?out"), &clear_cookie()));
    }
    Ok(go(&reader, SECTION, &Said::PasskeyRemoved))
}

/// The credential in an address. What cannot be one is nobody's credential.
pub(crate) fn credential_id(reader: &Reader, text: &str) -> Result<CredentialId, Halt> {
    text.parse()
        .map_err(|_| reader.fail(&Failure::from(Refusal::CredentialNotFound)))
}

fn asked(identity: &Identity, options: &str) -> Result<Value, Told> {
    let origin = identity.passkey_origin().map_err(nowhere)?;
    let options: Value = serde_json::from_str(options).map_err(|_| Told::unavailable())?;
    Ok(json!({ "origin": origin, "options": options }))
}

/// What the script reads: what to ask, or in words why not.
fn answer(asked: &Result<Value, Told>, t: Lang) -> Response {
    let (status, body) = match asked {
        Ok(body) => (StatusCode::OK, body.clone()),
        Err(told) => (
            told.status(),
            json!({ "message": told.in_a_line(t).plain() }),
        ),
    };
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// The form came without an answer: no script has asked for one.
fn no_script() -> Told {
    Told::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "passkeys_need_javascript",
        words!(
            passkey_no_script,
            passkey_no_script_why,
            passkey_no_script_next
        ),
    )
}

/// Why there can be no passkeys.
pub(crate) fn nowhere(why: NoPasskeys) -> Told {
    let words = match why {
        NoPasskeys::NeedsName => words!(
            passkeys_nowhere_name,
            passkeys_nowhere_name_why,
            passkeys_nowhere_name_next
        ),
        NoPasskeys::NeedsTls => words!(
            passkeys_nowhere_tls,
            passkeys_nowhere_tls_why,
            passkeys_nowhere_tls_next
        ),
        NoPasskeys::NotBelow => words!(
            passkeys_nowhere_below,
            passkeys_nowhere_below_why,
            passkeys_nowhere_below_next
        ),
        NoPasskeys::Unusable => words!(
            passkeys_nowhere_address,
            passkeys_nowhere_address_why,
            passkeys_nowhere_address_next
        ),
    };
    Told::new(StatusCode::CONFLICT, "no_passkeys_here", words)
}

fn told(error: &PasskeyError) -> Told {
    let forbidden = |code, words| Told::new(StatusCode::FORBIDDEN, code, words);
    match error {
        PasskeyError::Nowhere(why) => nowhere(*why),
        PasskeyError::NotAsked => Told::new(
            StatusCode::CONFLICT,
            "passkey_not_asked",
            words!(
                passkey_not_asked,
                passkey_not_asked_why,
                passkey_not_asked_next
            ),
        ),
        PasskeyError::Unreadable(_) => Told::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "passkey_unreadable",
            words!(
                passkey_unreadable,
                passkey_unreadable_why,
                passkey_unreadable_next
            ),
        ),
        PasskeyError::NotVerified(_) => forbidden(
            "passkey_not_verified",
            words!(
                passkey_not_verified,
                passkey_not_verified_why,
                passkey_not_verified_next
            ),
        ),
        PasskeyError::NotKept => Told::new(
            StatusCode::CONFLICT,
            "passkey_not_kept",
            words!(
                passkey_not_kept,
                passkey_not_kept_why,
                passkey_not_kept_next
            ),
        ),
        PasskeyError::Unknown => forbidden(
            "passkey_unknown",
            words!(passkey_unknown, passkey_unknown_why, passkey_unknown_next),
        ),
        PasskeyError::Copied => forbidden(
            "passkey_copied",
            words!(passkey_copied, passkey_copied_why, passkey_copied_next),
        ),
        PasskeyError::Inactive => Told::of_refusal(&Refusal::CallerInactive),
        PasskeyError::Use(failure) => Told::from(failure),
    }
}
