//! What a caller is told when a request goes no further: what happened, why, what to do next.

use askama::Template;
use bytes::Bytes;
use countersign_decision::{Classified, Denial, Effect, Reason, is_reserved};
use countersign_domain::Mode;
use countersign_web::{
    csp::{GATEWAY_REFUSAL_POLICY, NO_FEATURES},
    messages::{InEnglish, Lang},
    refusal_page::RefusalPage,
    refusals::Words,
    text::UserText,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts};
use http_body_util::Full;

use crate::{
    accept::prefers_html,
    clearing::{Clear, clear},
    credentials::{SESSION_COOKIE, cookies},
    known::Known,
    language::lang_of,
    ledger::NotRecorded,
    over::Over,
};

/// A request that goes no further.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    why: Why,
}

#[derive(Clone, Debug)]
enum Why {
    /// Said in full by its messages.
    Plain(fn(Lang) -> Words),
    /// Servers could read the request differently, and what of it.
    Ambiguous(&'static str),
    /// What of the body cannot be judged.
    Body(&'static str),
    /// A rule does not let the browser into the session.
    NotLetIn(Box<countersign_domain::Refusal>),
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $status:ident $code:literal, $title:ident, $why:ident, $next:ident;)*) => {
        impl Refusal {
            $($(#[$doc])* pub(crate) fn $name() -> Self {
                Self::new(StatusCode::$status, $code, Why::Plain(|t| Words {
                    title: t.$title(),
                    why: t.$why(),
                    next: t.$next(),
                }))
            })*
        }
    };
}

refusals! {
    no_session: UNAUTHORIZED "no_session", gateway_no_session, gateway_no_session_why, gateway_no_session_next;
    not_entered: UNAUTHORIZED "not_in_session", gateway_not_entered, gateway_not_entered_why, gateway_not_entered_next;
    over: UNAUTHORIZED "session_over", gateway_over, gateway_over_why, gateway_over_next;
    not_live: UNAUTHORIZED "access_not_live", gateway_not_live, gateway_not_live_why, gateway_not_live_next;
    write: FORBIDDEN "not_a_read", gateway_write, gateway_write_why, gateway_write_next;
    not_declared: FORBIDDEN "not_a_read", gateway_not_declared, gateway_not_declared_why, gateway_not_declared_next;
    unknown_effect: FORBIDDEN "effect_unknown", gateway_unknown_effect, gateway_unknown_effect_why, gateway_unknown_effect_next;
    overridden: BAD_REQUEST "method_overridden", gateway_overridden, gateway_overridden_why, gateway_overridden_next;
    duplicate_credentials: BAD_REQUEST "ambiguous_request", gateway_duplicate_credentials, gateway_duplicate_credentials_why, gateway_duplicate_credentials_next;
    bad_authority: BAD_REQUEST "ambiguous_request", gateway_bad_authority, gateway_bad_authority_why, gateway_bad_authority_next;
    listed_in_connection: BAD_REQUEST "ambiguous_request", gateway_listed_in_connection, gateway_listed_in_connection_why, gateway_listed_in_connection_next;
    from_elsewhere: FORBIDDEN "cross_origin", gateway_from_elsewhere, gateway_from_elsewhere_why, gateway_from_elsewhere_next;
    service_worker: FORBIDDEN "service_worker", gateway_service_worker, gateway_service_worker_why, gateway_service_worker_next;
    cannot_be_sure: SERVICE_UNAVAILABLE "cannot_be_sure", gateway_cannot_be_sure, gateway_cannot_be_sure_why, gateway_cannot_be_sure_next;
    end_unknown: SERVICE_UNAVAILABLE "end_unknown", gateway_end_unknown, gateway_end_unknown_why, gateway_end_unknown_next;
    no_upstream: BAD_GATEWAY "no_upstream", gateway_no_upstream, gateway_no_upstream_why, gateway_no_upstream_next;
    upstream_failed: BAD_GATEWAY "upstream_failed", gateway_upstream_failed, gateway_upstream_failed_why, gateway_upstream_failed_next;
    upstream_slow: GATEWAY_TIMEOUT "upstream_timeout", gateway_upstream_slow, gateway_upstream_slow_why, gateway_upstream_slow_next;
    upstream_untrusted: BAD_GATEWAY "upstream_untrusted", gateway_upstream_untrusted, gateway_upstream_untrusted_why, gateway_upstream_untrusted_next;
    body_incomplete: REQUEST_TIMEOUT "body_incomplete", gateway_body_incomplete, gateway_body_incomplete_why, gateway_body_incomplete_next;
    no_room: SERVICE_UNAVAILABLE "too_many_bodies", gateway_no_room, gateway_no_room_why, gateway_no_room_next;
    too_many_requests: TOO_MANY_REQUESTS "too_many_requests", gateway_too_many_requests, gateway_too_many_requests_why, gateway_too_many_requests_next;
    misdirected: MISDIRECTED_REQUEST "misdirected_request", gateway_misdirected, gateway_misdirected_why, gateway_misdirected_next;
    leads_to_us: BAD_GATEWAY "redirect_refused", gateway_leads_to_us, gateway_leads_to_us_why, gateway_leads_to_us_next;
    not_found: NOT_FOUND "not_found", gateway_not_found, gateway_not_found_why, gateway_not_found_next;
    bad_link: BAD_REQUEST "bad_link", gateway_bad_link, gateway_bad_link_why, gateway_bad_link_next;
    other_browser: FORBIDDEN "other_browser", gateway_other_browser, gateway_other_browser_why, gateway_other_browser_next;
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, why: Why) -> Self {
        Self { status, code, why }
    }

    /// Whether it is because access has ended.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.code, "session_over" | "access_not_live")
    }

    /// A rule does not let the browser into the session; `over` when the session is.
    pub(crate) fn not_let_in(refusal: countersign_domain::Refusal, over: bool) -> Self {
        let status = if over {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::FORBIDDEN
        };
        Self::new(status, refusal.code(), Why::NotLetIn(Box::new(refusal)))
    }

    /// For a request that two parties could read differently, by what could be.
    pub(crate) fn ambiguous(reason: &'static str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ambiguous_request",
            Why::Ambiguous(reason),
        )
    }

    pub(crate) fn denied(denial: Denial) -> Self {
        match denial {
            Denial::SessionOver => Self::over(),
            Denial::AccessNotLive => Self::not_live(),
            Denial::NoUpstream => Self::no_upstream(),
            Denial::NotARead(Effect::Overridden) => Self::overridden(),
            Denial::NotARead(Effect::Ambiguous(reason)) => Self::ambiguous(reason),
            Denial::NotARead(Effect::Unknown) => Self::unknown_effect(),
            Denial::NotARead(Effect::Write | Effect::Read) => Self::write(),
        }
    }

    /// For a request that does not read, by what says so.
    pub(crate) fn not_a_read(classified: &Classified) -> Self {
        match (classified.effect, &classified.reason) {
            (Effect::Write, Reason::Mode(Mode::Declared)) => Self::not_declared(),
            (Effect::Unknown, Reason::Body(what)) => {
                let why = Why::Body(what);
                Self {
                    why,
                    ..Self::unknown_effect()
                }
            }
            (effect, _) => Self::denied(Denial::NotARead(effect)),
        }
    }

    pub(crate) fn not_recorded(why: NotRecorded) -> Self {
        match why {
            NotRecorded::Over => Self::over(),
            NotRecorded::Unsure => Self::cannot_be_sure(),
        }
    }

    /// Whether it says that the session is gone, so that the browser should forget it.
    fn ends_session(&self) -> bool {
        matches!(self.code, "no_session" | "session_over" | "access_not_live")
    }

    /// The answer: a page for people, a problem (RFC 9457) for programs. Whoever was in the session
    /// is told why it is over and finds the way back to the case.
    pub(crate) fn answer(&self, asked: &Parts, known: Option<&Known>) -> Response<Full<Bytes>> {
        let over = known.and_then(|known| known.over);
        let over = over.filter(|_| self.ends_session());
        // Programs are told in English, whatever their libraries say that they accept.
        let reader = lang_of(&asked.headers);
        let page = prefers_html(&asked.headers)
            .then(|| self.page(asked, reader, over, known))
            .flatten();
        let (content_type, lang, body) = match page {
            Some(page) => ("text/html; charset=utf-8", reader, page),
            None => (
                "application/problem+json",
                Lang::En,
                self.problem(over, known),
            ),
        };
        let mut response = Response::new(Full::new(Bytes::from(body)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let fixed = [
            ("content-type", content_type),
            ("cache-control", "no-store"),
            ("content-security-policy", GATEWAY_REFUSAL_POLICY),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", NO_FEATURES),
            ("content-language", lang.code()),
            ("vary", "Accept, Accept-Language, Cookie, Sec-Fetch-Mode"),
        ];
        for (name, value) in fixed {
            headers.insert(name, HeaderValue::from_static(value));
        }
        match self.status {
            StatusCode::UNAUTHORIZED => {
                let challenge = HeaderValue::from_static("Countersign-Session");
                headers.insert(header::WWW_AUTHENTICATE, challenge);
            }
            // Whoever sends what two parties could read differently gets no second request in.
            StatusCode::BAD_REQUEST => {
                headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        let was_inside = cookies(&asked.headers).any(|(name, _)| name == SESSION_COOKIE);
        if self.ends_session() && was_inside {
            clear(headers, asked, how_much(&asked.headers));
        }
        response
    }

    fn page(
        &self,
        asked: &Parts,
        t: Lang,
        over: Option<Over>,
        known: Option<&Known>,
    ) -> Option<String> {
        let Words { title, why, next } = self.words(t, over);
        RefusalPage {
            t,
            title,
            what: UserText::new(format!("{} {}", asked.method, asked.uri.path())),
            why,
            next,
            code: self.code.to_owned(),
            product: known
                .filter(|known| known.over.is_none() && !self.ends_session())
                .map(|_| product_page(asked).to_owned()),
            back: known.map(|known| known.case_url.clone()),
        }
        .render()
        .ok()
    }

    fn problem(&self, over: Option<Over>, known: Option<&Known>) -> String {
        let Words { title, why, next } = self.words(Lang::En, over);
        let mut problem = serde_json::json!({
            "type": format!("urn:countersign:problem:{}", self.code),
            "title": title.plain(),
            "status": self.status.as_u16(),
            "detail": format!("{} {}", why.plain(), next.plain()),
            "code": self.code,
        });
        let more = [
            ("reason", over.map(Over::code)),
            ("case_url", known.map(|known| known.case_url.as_str())),
        ];
        if let Some(members) = problem.as_object_mut() {
            for (name, value) in more {
                if let Some(value) = value {
                    members.insert(name.to_owned(), value.into());
                }
            }
        }
        problem.to_string()
    }

    fn words(&self, t: Lang, over: Option<Over>) -> Words {
        if let Some(over) = over {
            return over.words(t);
        }
        match &self.why {
            Why::Plain(words) => words(t),
            Why::Ambiguous(reason) => Words {
                title: t.gateway_ambiguous(),
                why: t.gateway_ambiguous_why(InEnglish(reason)),
                next: t.gateway_ambiguous_next(),
            },
            Why::Body(reason) => Words {
                title: t.gateway_unknown_body(),
                why: t.gateway_unknown_body_why(InEnglish(reason)),
                next: t.gateway_unknown_body_next(),
            },
            Why::NotLetIn(refusal) => countersign_web::refusals::words(refusal, t),
        }
    }
}

/// The product's page that whoever was refused came from, as their browser says; its first one where it
/// does not say, or that very page was refused.
fn product_page(asked: &Parts) -> &str {
    const FIRST: &str = "/";
    let text = |name| {
        asked
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let (Some(from), Some(host)) = (text(header::REFERER), text(header::HOST)) else {
        return FIRST;
    };
    let own = from
        .split_once("://")
        .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
        .and_then(|(_, rest)| rest.strip_prefix(host));
    let plain = |page: &&str| {
        page.starts_with('/')
            && !page.starts_with("//")
            && page
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    let path = |page: &str| page.split('?').next().unwrap_or_default().to_owned();
    // A form is sent where it stands; a page that leads to itself would be refused again.
    let again = |page: &str| !has_form(asked) && path(page) == asked.uri.path();
    own.filter(plain)
        .filter(|page| !is_reserved(&path(page)) && !again(page))
        .unwrap_or(FIRST)
}

fn has_form(asked: &Parts) -> bool {
    !matches!(asked.method, Method::GET | Method::HEAD)
}

/// What a page asks for by itself leaves the session's own cookie, which opens nothing any more:
/// with it, the page's banner and the next page are told why.
fn how_much(asked: &HeaderMap) -> Clear {
    match asked.get("sec-fetch-dest") {
        Some(dest) if dest != "document" => Clear::ButTheSession,
        _ => Clear::Everything,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_refused_goes_back_to_the_page_they_came_from_and_nowhere_else() {
        let host = "abc.gw.localhost:8081";
        for (method, from, back) in [
            (
                "POST",
                "http://abc.gw.localhost:8081/users?page=2",
                "/users?page=2",
            ),
            ("POST", "https://abc.gw.localhost:8081/users", "/users"),
            ("POST", "http://abc.gw.localhost:8081/settings", "/settings"),
            ("GET", "http://abc.gw.localhost:8081/settings", "/"),
            ("GET", "http://abc.gw.localhost:8081//evil.test/", "/"),
            ("GET", "http://abc.gw.localhost:8081/\\evil.test/", "/"),
            ("GET", "http://abc.gw.localhost:8081.evil.test/users", "/"),
            ("GET", "http://abc.gw.localhost:8081@evil.test/users", "/"),
            (
                "GET",
                "http://abc.gw.localhost:8081/.countersign/session",
                "/",
            ),
            ("GET", "http://localhost:8080/cases/1", "/"),
            ("GET", "javascript://abc.gw.localhost:8081/users", "/"),
            ("GET", "", "/"),
        ] {
            let request = http::Request::builder()
                .method(method)
                .uri("/settings?_method=DELETE")
                .header("host", host)
                .header("referer", from)
                .body(())
                .unwrap();
            let (asked, ()) = request.into_parts();
            assert_eq!(product_page(&asked), back, "{from}");
        }
    }

    /// What is explained beforehand is what is answered.
    #[test]
    fn r17_a_refusal_has_the_status_and_code_of_its_effect() {
        for effect in [
            Effect::Write,
            Effect::Unknown,
            Effect::Overridden,
            Effect::Ambiguous("of something"),
        ] {
            for reason in [Reason::Mode(Mode::Declared), Reason::Body("its body")] {
                let refusal = Refusal::not_a_read(&Classified { effect, reason });
                assert_eq!(
                    (Some(refusal.status.as_u16()), refusal.code),
                    (effect.status(), effect.code())
                );
            }
        }
    }
}
