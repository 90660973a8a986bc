//! What a browser in a session can ask the gateway itself: what the session is, whether it still
//! runs, and that it end. None of it is a request under the session: nothing goes upstream or on
//! the log of requests, and it keeps no session from going idle.

use std::time::Duration;

use askama::Template;
use bytes::Bytes;
use countersign_app::{App, hash_secret};
use countersign_decision::LiveSession;
use countersign_domain::{CalledFrom, SessionId, Timestamp};
use countersign_web::{
    banner::Banner,
    csp::{GATEWAY_SESSION_POLICY, NO_FEATURES},
    messages::Lang,
    session_page::{EndedPage, SessionPage},
    time::time_left,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts};
use http_body_util::Full;
use serde_json::{Value, json};
use tokio::{sync::broadcast, time::sleep};

use crate::{
    EntryRefusal, Gateway,
    clearing::{Clear, clear},
    credentials::{Caller, Presented, session_secret},
    known::Known,
    language::lang_of,
    over::Over,
    refusal::Refusal,
};

/// How long an answer waits; less than any proxy does.
const PATIENCE: Duration = Duration::from_secs(20);

type Page = Response<Full<Bytes>>;

/// `/.countersign/session`
pub(crate) async fn session(gateway: &Gateway, asked: &Parts) -> Result<Page, Refusal> {
    let known = inside(gateway, asked).await?;
    let (Some(ends), None) = (Ends::of(gateway, &known.live), known.over) else {
        return Err(gone(gateway));
    };
    let about = known.about;
    let now = ends.now.as_millis();
    let t = lang_of(&asked.headers);
    let page = SessionPage {
        t,
        org: about.org.to_string().into(),
        case_number: about.case_number.as_str().into(),
        case_title: about.case_title.as_str().into(),
        case_url: known.case_url,
        subject: about.subject.name.to_string().into(),
        subject_email: about.subject.email.to_string().into(),
        agent: about.agent.name.to_string().into(),
        agent_email: about.agent.email.to_string().into(),
        declared: about.declared,
        until: Banner::moment(ends.at.as_millis(), t),
        left: time_left(now, ends.at.as_millis(), t),
        idle: Banner::moment(ends.idle.as_millis(), t),
        idle_left: time_left(now, ends.idle.as_millis(), t),
    };
    html(&page, t)
}

/// `/.countersign/status`: for the banner's script.
pub(crate) async fn status(gateway: &Gateway, asked: &Parts) -> Result<Page, Refusal> {
    let known = inside(gateway, asked).await?;
    let t = lang_of(&asked.headers);
    let now = gateway.node.now();
    let (body, over) = match (Ends::of(gateway, &known.live), known.over) {
        (Some(ends), None) => (ends.json(), false),
        (_, Some(over)) => (over_json(over, &known, now, t), true),
        (None, None) => return Err(gone(gateway)),
    };
    let mut response = answer(body.to_string(), "application/json", t)?;
    if over {
        // The session's own cookie stays: with it, the next request is told why and is on the log.
        clear(response.headers_mut(), asked, Clear::ButTheSession);
    }
    Ok(response)
}

/// `/.countersign/over`: the same, as soon as the session is over; for the page that is looked at.
pub(crate) async fn over(gateway: &Gateway, asked: &Parts) -> Result<Page, Refusal> {
    // Before it is looked whether it runs: an end in between is heard.
    let endings = gateway.node.endings();
    let known = inside(gateway, asked).await?;
    if known.over.is_none() {
        let session = known.live.session.id;
        let place = gateway.waits.place(session);
        let _place = place.map_err(|_| Refusal::too_many_requests())?;
        wait_for_end(gateway, session, endings).await;
    }
    status(gateway, asked).await
}

/// Waits until the session may be over: somebody or a rule has ended it, or it is time by the clock; or
/// until there has been nothing to tell for a while.
async fn wait_for_end(
    gateway: &Gateway,
    session: SessionId,
    mut endings: broadcast::Receiver<SessionId>,
) {
    let ended = async {
        // Whoever has missed some has to look.
        while matches!(endings.recv().await, Ok(other) if other != session) {}
    };
    let left = gateway.node.running_until(session).map(|until| {
        let millis = until.since(gateway.node.now()).as_millis();
        Duration::from_millis(u64::try_from(millis).unwrap_or(0))
    });
    tokio::select! {
        () = ended => {}
        () = sleep(left.map_or(Duration::ZERO, |left| left.min(PATIENCE))) => {}
        () = gateway.closing.cancelled() => {}
    }
}

/// `POST /.countersign/end`: ends the session and answers once that is effective everywhere.
pub(crate) async fn end(
    gateway: &Gateway,
    asked: &Parts,
    from: CalledFrom,
) -> Result<Page, Refusal> {
    let known = inside(gateway, asked).await?;
    if !is_own_form(&asked.headers, gateway) {
        return Err(Refusal::from_elsewhere());
    }
    end_known(gateway, asked, known, from).await
}

/// The same in two steps, of which this is the first: proves that the session's own page asked.
pub(crate) async fn may_end(gateway: &Gateway, asked: &Parts) -> Result<String, Refusal> {
    inside(gateway, asked).await?;
    if !is_own_form(&asked.headers, gateway) {
        return Err(Refusal::from_elsewhere());
    }
    ending(asked)
}

/// And this the second, which may be repeated.
pub(crate) async fn end_as_asked(
    gateway: &Gateway,
    asked: &Parts,
    said: &str,
    from: CalledFrom,
) -> Result<Page, Refusal> {
    let known = inside(gateway, asked).await?;
    if ending(asked)? != said {
        return Err(Refusal::from_elsewhere());
    }
    end_known(gateway, asked, known, from).await
}

/// What only the gateway and whoever holds the session's cookie can say, and no page's script.
fn ending(asked: &Parts) -> Result<String, Refusal> {
    let secret = session_secret(&asked.headers).map_err(|_| Refusal::duplicate_credentials())?;
    let secret = secret.ok_or_else(Refusal::not_entered)?;
    Ok(App::hash_for_address(hash_secret(&format!("end {secret}"))))
}

async fn end_known(
    gateway: &Gateway,
    asked: &Parts,
    known: Known,
    from: CalledFrom,
) -> Result<Page, Refusal> {
    let session = &known.live.session;
    // Also one that is over already: the answer that it is has to have waited as well.
    let ended = gateway.entry.end(session.id, session.agent, from).await;
    ended.map_err(|refusal| match refusal {
        EntryRefusal::Unavailable => Refusal::end_unknown(),
        refusal => refusal.into(),
    })?;
    let t = lang_of(&asked.headers);
    let ended = EndedPage {
        t,
        case_url: Some(known.case_url),
    };
    let mut response = html(&ended, t)?;
    clear(response.headers_mut(), asked, Clear::Everything);
    Ok(response)
}

/// When a session ends.
struct Ends {
    now: Timestamp,
    /// By the clock, however much is asked for.
    at: Timestamp,
    /// By the clock, without another request.
    idle: Timestamp,
}

impl Ends {
    fn of(gateway: &Gateway, live: &LiveSession) -> Option<Self> {
        Some(Self {
            now: gateway.node.now(),
            at: gateway.node.clock_end(live.session.id).ok()?,
            idle: gateway.node.running_until(live.session.id).ok()?,
        })
    }

    fn json(&self) -> Value {
        json!({
            "now": rfc3339(self.now),
            "ends_at": rfc3339(self.at),
            "idle_ends_at": rfc3339(self.idle),
            "over": null,
        })
    }
}

fn over_json(over: Over, known: &Known, now: Timestamp, t: Lang) -> Value {
    let words = over.words(t);
    json!({
        "now": rfc3339(now),
        "ends_at": null,
        "idle_ends_at": null,
        "over": {
            "reason": over.code(),
            "title": words.title.plain(),
            "why": words.why.plain(),
            "next": words.next.plain(),
            "case_url": known.case_url,
        },
    })
}

/// The session that this browser's cookie opens, running or ended.
async fn inside(gateway: &Gateway, asked: &Parts) -> Result<Known, Refusal> {
    Presented::of(&asked.headers).map_err(|_| Refusal::duplicate_credentials())?;
    let label = gateway.label(asked)?;
    // One that is unknown makes the process catch up; after that, not running means ended.
    let running = gateway.session_at(&label).await;
    // R19: without a lease this process knows neither that a session runs nor that it does not.
    if !gateway.node.is_ready() {
        return Err(Refusal::cannot_be_sure());
    }
    match gateway.known(&asked.headers) {
        Some(known) if known.caller == Caller::Browser => Ok(known),
        _ => Err(running.map_or_else(|refusal| refusal, |_| Refusal::not_entered())),
    }
}

/// A session that ended between two looks.
fn gone(gateway: &Gateway) -> Refusal {
    if gateway.node.is_ready() {
        Refusal::over()
    } else {
        Refusal::cannot_be_sure()
    }
}

/// Whether a page of this origin sent the form. A page that tells nobody where it comes from
/// (`Referrer-Policy: no-referrer`) makes browsers say `Origin: null`; of those, every one says
/// `Sec-Fetch-Site`.
fn is_own_form(asked: &HeaderMap, gateway: &Gateway) -> bool {
    let one = |name: &str| {
        let mut all = asked.get_all(name).iter();
        let first = all.next().map(HeaderValue::as_bytes);
        (first, all.next().is_none())
    };
    let (site, site_once) = one("sec-fetch-site");
    let (origin, origin_once) = one("origin");
    let own = asked.get(header::HOST).map(|host| {
        let scheme = gateway.addresses.scheme().as_bytes();
        [scheme, b"://", host.as_bytes()].concat()
    });
    let same = match (site, origin) {
        (Some(site), None | Some(b"null")) => site == b"same-origin",
        (Some(site), Some(origin)) => site == b"same-origin" && Some(origin) == own.as_deref(),
        (None, Some(origin)) => Some(origin) == own.as_deref(),
        (None, None) => false,
    };
    same && site_once && origin_once
}

fn html(page: &impl Template, t: Lang) -> Result<Page, Refusal> {
    let page = page.render().map_err(|_| Refusal::cannot_be_sure())?;
    answer(page, "text/html; charset=utf-8", t)
}

fn answer(body: String, content_type: &'static str, t: Lang) -> Result<Page, Refusal> {
    let response = Response::builder()
        .status(StatusCode::OK)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LANGUAGE, t.code())
        .header(header::VARY, "Accept-Language, Cookie")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::CONTENT_SECURITY_POLICY, GATEWAY_SESSION_POLICY)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "same-origin")
        .header("cross-origin-opener-policy", "same-origin")
        .header("cross-origin-resource-policy", "same-origin")
        .header("permissions-policy", NO_FEATURES)
        .body(Full::new(Bytes::from(body)));
    response.map_err(|_| Refusal::cannot_be_sure())
}

/// RFC 3339 in UTC to the second.
fn rfc3339(at: Timestamp) -> String {
    Banner::moment(at.as_millis(), Lang::En).utc().to_owned()
}
