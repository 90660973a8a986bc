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
    NoPasskeys, PasskeyError, ceremony_cookie, clear_ceremony_cookie, clear_cookie, cookie_value,
    set_ceremony_cookie, set_cookie,
};
use serde_json::{Value, json};

use crate::{
    Console, claims_view,
    guard::{ComesFrom, comes_from},
    notice_cookie::{go, see_other},
    posted::{Fields, Posted},
    reader::{Reader, cookies},
    refuse::{Halt, Told, tell_anybody},
    said::Said,
    sign_in::with_cookie,
};

const SECTION: &str = "/settings/account#passkeys";

/// What a browser that nobody need be signed in with is to be asked.
pub(crate) async fn sign_in_options(
    State(console): State<Console>,
    headers: HeaderMap,
) -> Response {
    // Nobody is signed in whose form token could vouch for the page: the browser has to.
    if comes_from(&headers, &console) != ComesFrom::Here {
        return answer(&Err(Told::foreign_form()));
    }
    match console.identity.begin_passkey_sign_in().await {
        Ok((options, secret)) => {
            let response = answer(&asked(&console, &options));
            with_cookie(response, &set_ceremony_cookie(secret.expose()))
        }
        Err(error) => answer(&Err(told(&error))),
    }
}

/// The browser's answer.
pub(crate) async fn sign_in(State(console): State<Console>, request: Request) -> Response {
    let headers = request.headers().clone();
    if comes_from(&headers, &console) != ComesFrom::Here {
        return tell_anybody(&Told::foreign_form());
    }
    let fields = match Fields::of_request(request).await {
        Ok(fields) => fields,
        Err(told) => return tell_anybody(&told),
    };
    if fields.text("answer").is_empty() {
        return tell_anybody(&no_script());
    }
    let cookies = cookies(&headers);
    let secret = ceremony_cookie(&cookies).unwrap_or_default();
    let signed_in = console
        .identity
        .finish_passkey_sign_in(secret, fields.text("answer"), cookie_value(&cookies))
        .await;
    let response = match signed_in {
        Ok(signed_in) => {
            let to = if signed_in.claimed {
                "/settings/account"
            } else {
                "/"
            };
            with_cookie(see_other(to), &set_cookie(signed_in.cookie.expose()))
        }
        Err(error) => tell_anybody(&told(&error)),
    };
    with_cookie(response, &clear_ceremony_cookie())
}

/// What the browser of somebody signed in is to be asked for a new passkey.
pub(crate) async fn register_options(
    State(console): State<Console>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let begun = console
        .identity
        .begin_registering(&reader.who, &reader.cookie)
        .await;
    Ok(answer(&match begun {
        Ok(options) => asked(&console, &options),
        Err(error) => Err(told(&error)),
    }))
}

/// The browser's answer: a new passkey.
pub(crate) async fn register(
    State(console): State<Console>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    if fields.text("answer").is_empty() {
        return Err(reader.tell(&no_script()));
    }
    let name = PasskeyName::parse(fields.text("name")).map_err(|error| {
        let field = "name";
        reader.fail(&Failure::from(Refusal::Text { field, error }))
    })?;
    console
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

fn asked(console: &Console, options: &str) -> Result<Value, Told> {
    let origin = console.identity.passkey_origin().map_err(nowhere)?;
    let options: Value = serde_json::from_str(options).map_err(|_| Told::unavailable())?;
    Ok(json!({ "origin": origin, "options": options }))
}

/// What the script reads: what to ask, or in words why not.
fn answer(asked: &Result<Value, Told>) -> Response {
    let (status, body) = match asked {
        Ok(body) => (StatusCode::OK, body.clone()),
        Err(told) => (told.status(), json!({ "message": told.in_a_line() })),
    };
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}

/// The form came without an answer: no script has asked for one.
fn no_script() -> Told {
    Told::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "Passkeys need JavaScript",
        "Passkeys are asked for by a script, and none ran in this page, so nothing was done.",
        "Switch JavaScript on for this site, or use a sign-in link.",
        "passkeys_need_javascript",
    )
}

fn nowhere(why: NoPasskeys) -> Told {
    let (what, next) = claims_view::nowhere(why)
        .split_once(". ")
        .unwrap_or_default();
    Told::new(
        StatusCode::CONFLICT,
        "Passkeys cannot be used here",
        &format!("{what}."),
        next,
        "no_passkeys_here",
    )
}

fn told(error: &PasskeyError) -> Told {
    let forbidden =
        |title, what, next, code| Told::new(StatusCode::FORBIDDEN, title, what, next, code);
    match error {
        PasskeyError::Nowhere(why) => nowhere(*why),
        PasskeyError::NotAsked => Told::new(
            StatusCode::CONFLICT,
            "This took too long",
            "What the browser was asked is good for five minutes, for one answer, in the same browser.",
            "Start again.",
            "passkey_not_asked",
        ),
        PasskeyError::Unreadable(_) => Told::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "The passkey cannot be read",
            "What the browser sent is no answer of a passkey's, so nothing was done.",
            "Start again, or use another browser.",
            "passkey_unreadable",
        ),
        PasskeyError::NotVerified(_) => forbidden(
            "The passkey was not accepted",
            "The answer does not belong to this site, to this attempt, or to somebody whom the device recognised, \
             so nothing was done.",
            "Go to the address you know and try again there.",
            "passkey_not_verified",
        ),
        PasskeyError::NotKept => Told::new(
            StatusCode::CONFLICT,
            "This device keeps no passkey",
            "It made a key that it would not find again when you sign in, so nothing was added.",
            "Use another device, or a password manager.",
            "passkey_not_kept",
        ),
        PasskeyError::Unknown => forbidden(
            "This passkey signs nobody in",
            "No account here has it: it was removed or refused, or belongs to another site.",
            "Use another passkey, or ask for a sign-in link. Delete this one on the device.",
            "passkey_unknown",
        ),
        PasskeyError::Copied => forbidden(
            "This passkey may have been copied",
            "Its counter went backwards, which is what happens when somebody else uses a copy, so nobody was \
             signed in.",
            "Sign in with another passkey, remove this one, and tell your security team.",
            "passkey_copied",
        ),
        PasskeyError::Inactive => Told::of_refusal(&Refusal::CallerInactive),
        PasskeyError::Use(failure) => Told::from(failure),
    }
}
