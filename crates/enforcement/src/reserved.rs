//! The reserved path of a session's origin: entering a session, the banner's files, and what a
//! browser in a session asks the gateway itself.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use countersign_app::{App, Secret};
use countersign_domain::{AgentId, CalledFrom, Label, SessionId};
use countersign_web::assets::{REFUSAL_STYLE, banner_asset};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use tokio::time::sleep;

use crate::{
    Gateway,
    credentials::{BROWSER_COOKIE, SESSION_COOKIE, browser_secret, expire_cookie, set_cookie},
    language,
    other_origins::is_service_worker,
    refusal::Refusal,
    session_pages,
};

const SESSION_PAGE: &str = "/.countersign/session";
const NOT_KEPT: &str = "no-store";
/// A session does not last longer.
const KEPT: &str = "private, max-age=86400, immutable";
/// How long the view may take to show an entry that has just been made.
const CATCH_UP_PAUSE: Duration = Duration::from_millis(10);
const CATCH_UP_ATTEMPTS: u32 = 200;

/// Lets a browser into a session, and out of it.
#[async_trait]
pub trait Entry: Send + Sync + 'static {
    /// The browser arrives at the session's origin with the hand-over code and the secret it was
    /// given there when it opened the link; answers the session cookie's value.
    ///
    /// # Errors
    /// Why the browser is not let in.
    async fn enter(
        &self,
        session: SessionId,
        handover: &str,
        browser: &str,
        from: CalledFrom,
    ) -> Result<String, EntryRefusal>;

    /// The browser that holds the session's cookie, which is `agent`'s, asks to end it. Answers
    /// when that is effective everywhere; a session that has ended already is no error.
    ///
    /// # Errors
    /// Why it is not known to have ended.
    async fn end(
        &self,
        session: SessionId,
        agent: AgentId,
        from: CalledFrom,
    ) -> Result<(), EntryRefusal>;
}

/// Why a browser is not let into a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryRefusal {
    /// The rules say no.
    Refused {
        /// Which one.
        refusal: countersign_domain::Refusal,
        /// Whether the session is over: 401 instead of 403.
        over: bool,
    },
    /// It cannot be known now (R19).
    Unavailable,
}

impl From<EntryRefusal> for Refusal {
    fn from(refusal: EntryRefusal) -> Self {
        match refusal {
            EntryRefusal::Unavailable => Self::cannot_be_sure(),
            EntryRefusal::Refused { refusal, over } => Self::not_let_in(refusal, over),
        }
    }
}

/// Answers a request to the reserved path.
pub(crate) async fn answer(
    gateway: &Gateway,
    label: &Label,
    asked: &Parts,
    shared: bool,
    from: CalledFrom,
) -> Result<Response<Full<Bytes>>, Refusal> {
    // Not even a script of ours goes on answering after the session.
    if is_service_worker(&asked.headers) {
        return Err(Refusal::service_worker());
    }
    let query = asked.uri.query().unwrap_or_default();
    let path = asked.uri.path();
    match (&asked.method, path) {
        // An HTTP/2 connection is cut with the session, and the answer with it. A browser repeats a
        // GET that was cut, on a connection of its own, and not a form.
        (&Method::POST, "/.countersign/end") if shared => {
            let ending = session_pages::may_end(gateway, asked).await?;
            redirect(&format!("/.countersign/end?ending={ending}"), [])
        }
        (&Method::POST, "/.countersign/end") => session_pages::end(gateway, asked, from).await,
        (&Method::GET, "/.countersign/end") if parameter(query, "ending").is_some() => {
            let ending = parameter(query, "ending").unwrap_or_default();
            session_pages::end_as_asked(gateway, asked, ending, from).await
        }
        // Reached by reloading the answer to the form, or from the history.
        (&Method::GET | &Method::HEAD, "/.countersign/end") => redirect(SESSION_PAGE, []),
        (&Method::GET | &Method::HEAD, SESSION_PAGE) => {
            session_pages::session(gateway, asked).await
        }
        (&Method::GET | &Method::HEAD, "/.countersign/status") => {
            session_pages::status(gateway, asked).await
        }
        (&Method::GET, "/.countersign/over") => session_pages::over(gateway, asked).await,
        // Entering uses a secret up, which HEAD must not.
        (&Method::GET, "/.countersign/open") => open(gateway, label, query).await,
        (&Method::GET, "/.countersign/enter") => enter(gateway, label, query, asked, from).await,
        (&Method::GET | &Method::HEAD, "/.countersign/style.css") => {
            Ok(file("text/css; charset=utf-8", REFUSAL_STYLE, NOT_KEPT))
        }
        (&Method::GET | &Method::HEAD, _) => banner_asset(path)
            .map(|asset| {
                // By the address with its hash, it is the same for ever.
                let kept = asked
                    .uri
                    .path_and_query()
                    .is_some_and(|p| *p == *asset.address());
                file(
                    asset.content_type,
                    asset.body,
                    if kept { KEPT } else { NOT_KEPT },
                )
            })
            .ok_or_else(Refusal::not_found),
        _ => Err(Refusal::not_found()),
    }
}

/// The link's first stop ties what follows to this browser: whoever the agent is tricked by, the
/// session is entered in the browser that holds this secret (R16).
async fn open(
    gateway: &Gateway,
    label: &Label,
    query: &str,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let session: SessionId = parameter(query, "session")
        .and_then(|id| id.parse().ok())
        .ok_or_else(Refusal::bad_link)?;
    let code = parameter(query, "code").ok_or_else(Refusal::bad_link)?;
    let live = gateway.session_at(label).await?;
    if live.session.id != session {
        return Err(Refusal::no_session());
    }
    let secret = Secret::fresh(gateway.ports.as_ref(), "csb");
    let hash = App::hash_for_address(secret.hash());
    let public = &gateway.addresses.public_url;
    let to = format!("{public}/sessions/{session}/open?code={code}&browser={hash}");
    redirect(&to, [set_cookie(BROWSER_COOKIE, secret.expose())])
}

async fn enter(
    gateway: &Gateway,
    label: &Label,
    query: &str,
    asked: &Parts,
    from: CalledFrom,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let handover = parameter(query, "handover").ok_or_else(Refusal::bad_link)?;
    let browser = browser_secret(&asked.headers)
        .map_err(|_| Refusal::duplicate_credentials())?
        .ok_or_else(Refusal::other_browser)?;
    let live = gateway.session_at(label).await?;
    let secret = gateway
        .entry
        .enter(live.session.id, handover, browser, from)
        .await?;
    let hash = countersign_app::hash_secret(&secret);
    for _ in 0..CATCH_UP_ATTEMPTS {
        let live = gateway.session_at(label).await?;
        if live.cookie() == Some(hash) {
            break;
        }
        sleep(CATCH_UP_PAUSE).await;
    }
    let cookies = [
        set_cookie(SESSION_COOKIE, &secret),
        expire_cookie(BROWSER_COOKIE),
    ];
    let language = language::choice(parameter(query, "language"));
    redirect("/", cookies.into_iter().chain(language))
}

/// A parameter that comes exactly once and has the form of our ids and secrets.
fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut found = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .filter(|(this, _)| *this == name)
        .map(|(_, value)| value);
    let value = found.next()?;
    let good = (1..=200).contains(&value.len())
        && value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    (good && found.next().is_none()).then_some(value)
}

fn redirect(
    to: &str,
    cookies: impl IntoIterator<Item = String>,
) -> Result<Response<Full<Bytes>>, Refusal> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(|_| Refusal::cannot_be_sure());
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, value(to)?);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address holds a one-time secret.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    for cookie in cookies {
        headers.append(header::SET_COOKIE, value(&cookie)?);
    }
    Ok(response)
}

fn file(
    content_type: &'static str,
    body: &'static str,
    cache: &'static str,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from_static(body.as_bytes())));
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, cache),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_comes_once_and_is_plain() {
        assert_eq!(parameter("a=b&code=x_-9", "code"), Some("x_-9"));
        for query in [
            "",
            "code=",
            "code=a&code=a",
            "code=a%20",
            "code=a/b",
            "xcode=a",
        ] {
            assert_eq!(parameter(query, "code"), None, "{query}");
        }
    }
}
