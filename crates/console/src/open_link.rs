//! The one-time link into an impersonation session: from the session's own origin the browser comes
//! by, shows that its agent is signed in here, and goes back with a hand-over.

use axum::{
    extract::{Path, Query},
    http::{HeaderMap, Method, Uri},
    response::{IntoResponse, Response},
};
use countersign_app::{App, Failure};
use countersign_domain::Refusal;
use countersign_web::messages::Lang;

use crate::{
    Console,
    notice_cookie::see_other,
    posted::session_id,
    reader::Reader,
    refuse::{Halt, Told, tell_anybody},
    sign_in::{fetched_ahead, private, who_are_you},
    staff_sign_in::anew,
    views::sign_in::SignInReason,
    visit::{Visit, cookies},
};

/// The link. `HEAD`, and a browser that fetches ahead, use nothing up.
pub(crate) async fn open(
    console: Console,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    Path(id): Path<String>,
    uri: Uri,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    if method != Method::GET || fetched_ahead(&headers) {
        return private(tell_anybody(&Told::prefetched(), &visit));
    }
    let chosen = Lang::of_cookies(&cookies(&headers));
    let response = match Reader::of_visit(&visit, &headers, &console).await {
        Ok(Some(reader)) => {
            let here = uri.path_and_query().map_or("", |here| here.as_str());
            hand_over((&console, &visit, here), &reader, &id, &query, chosen)
                .await
                .unwrap_or_else(IntoResponse::into_response)
        }
        Ok(None) => who_are_you(&console, &visit, SignInReason::OpensSession),
        Err(error) => tell_anybody(&Told::from(&error), &visit),
    };
    private(response)
}

async fn hand_over(
    (console, visit, here): (&Console, &Visit, &str),
    reader: &Reader,
    id: &str,
    query: &[(String, String)],
    chosen: Option<Lang>,
) -> Result<Response, Halt> {
    reader.agent()?;
    let session = session_id(reader, id)?;
    let wrong = || reader.fail(&Failure::from(Refusal::LinkWrong));
    let code = one(query, "code").ok_or_else(wrong)?;
    let browser = one(query, "browser")
        .and_then(App::hash_from_address)
        .ok_or_else(wrong)?;
    let app = console.app.shown_at(reader.who.at.shown_at);
    match app.open_link(reader.actor(), session, code, browser).await {
        Ok(url) => Ok(see_other(&with_language(url, chosen))),
        Err(Failure::Refused(refusal @ Refusal::FreshSignInNeeded { .. })) => {
            Ok(anew(console, visit, reader, &refusal, here).await)
        }
        Err(failure) => Err(reader.fail(&failure)),
    }
}

/// A choice of language is kept for this origin; the session's is told. What a browser asks for it
/// asks for there as well.
fn with_language(url: String, chosen: Option<Lang>) -> String {
    match chosen {
        Some(lang) => format!("{url}&language={}", lang.code()),
        None => url,
    }
}

fn one<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let mut values = query.iter().filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then_some(value.as_str())
}
