//! What a caller is told when a request goes no further: what happened, why, what to do next.

use askama::Template;
use bytes::Bytes;
use countersign_decision::{Classified, Denial, Effect, Reason};
use countersign_domain::Mode;
use countersign_web::{csp::GATEWAY_REFUSAL_POLICY, refusal_page::RefusalPage, text::UserText};
use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts};
use http_body_util::Full;

use crate::{
    accept::prefers_html,
    clearing::{Clear, clear},
    credentials::{SESSION_COOKIE, cookies},
    known::Known,
    ledger::NotRecorded,
    over::{Over, Words},
};

/// A request that goes no further.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    title: String,
    why: String,
    next: String,
}

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident: $status:ident $code:literal, $title:literal, $why:literal, $next:literal;)*) => {
        impl Refusal {
            $($(#[$doc])* pub(crate) fn $name() -> Self {
                Self::new(StatusCode::$status, $code, $title, $why, $next)
            })*
        }
    };
}

refusals! {
    no_session: UNAUTHORIZED "no_session", "There is no session at this address",
        "The session has ended, or there never was one here.",
        "Start a new session from the case in Countersign, if access is still granted.";
    not_entered: UNAUTHORIZED "not_in_session", "This session is not open here",
        "The request carries neither this session's cookie nor its token, or the wrong one.",
        "Open the session's link in the browser in which you are signed in to Countersign, or send the session's token as Countersign-Session.";
    over: UNAUTHORIZED "session_over", "This session is over",
        "The customer took access back, or the session was ended, was idle for too long, or its time is up.",
        "Start a new session from the case in Countersign, if access is still granted.";
    not_live: UNAUTHORIZED "access_not_live", "Access to this case is not granted now",
        "The customer has ended access, or its time is up.",
        "Ask the customer for access from the case in Countersign.";
    write: FORBIDDEN "not_a_read", "Support can look, not change",
        "This request would change something, and the customer has granted read-only access. Nothing was sent to the product.",
        "Ask the customer to make this change. Go back in your browser to where you were: what you typed is still there.";
    not_declared: FORBIDDEN "not_a_read", "Nobody has declared that this only reads",
        "Of this product, support sees what its operator has declared to be a read, and this is not among it.",
        "Look for another page that shows the same, or ask the operator of Countersign to declare this one.";
    unknown_effect: FORBIDDEN "effect_unknown", "It is not known that this only reads",
        "Only requests that are known to be reads pass, and this one is not. Nothing was sent to the product.",
        "Go back, and look for another page that shows the same, or ask the customer.";
    overridden: BAD_REQUEST "method_overridden", "The request asks for two methods",
        "A header or parameter overrides the method of the request line, so it could change something.",
        "Send the request without the override.";
    duplicate_credentials: BAD_REQUEST "ambiguous_request", "The request is ambiguous",
        "A session cookie or token comes more than once.",
        "Send each once. In a browser, clear the cookies of this address and open the session anew.";
    bad_authority: BAD_REQUEST "ambiguous_request", "The request is ambiguous",
        "The Host header is missing, comes more than once, or differs from the address in the request line.",
        "Send one Host header, with the session's address.";
    listed_in_connection: BAD_REQUEST "ambiguous_request", "The request is ambiguous",
        "The Connection header asks to remove a header that matters.",
        "Send the request without that.";
    from_elsewhere: FORBIDDEN "cross_origin", "Another page sent this request",
        "Requests under a session come from the session's own pages; only a link may lead here from elsewhere.",
        "Open the page from within the session.";
    service_worker: FORBIDDEN "service_worker", "Service workers are not available here",
        "A service worker would go on answering after the session has ended.",
        "Nothing to do; the page works without.";
    cannot_be_sure: SERVICE_UNAVAILABLE "cannot_be_sure", "It is not certain that access is live",
        "The gateway cannot reach its log or is catching up, and refuses whatever it cannot be sure of.",
        "Try again in a moment.";
    end_unknown: SERVICE_UNAVAILABLE "end_unknown", "It is not certain that the session has ended",
        "The gateway could not see it end everywhere. It may have ended already, or may still run.",
        "Go back and press End session again in a moment.";
    no_upstream: BAD_GATEWAY "no_upstream", "There is no product behind this session",
        "The operator has not said where this customer's product is.",
        "Ask the operator of Countersign to set the upstream.";
    upstream_failed: BAD_GATEWAY "upstream_failed", "The product did not answer",
        "It could not be reached, or broke off before it answered.",
        "Try again in a moment; if it stays like this, tell the product's operator.";
    upstream_slow: GATEWAY_TIMEOUT "upstream_timeout", "The product took too long",
        "It did not begin to answer in time.",
        "Try again in a moment; if it stays like this, tell the product's operator.";
    upstream_untrusted: BAD_GATEWAY "upstream_untrusted", "The product could not prove that it is the product",
        "Its certificate is not one that Countersign trusts, so nothing was sent to it.",
        "Tell the operator of Countersign: the certificate, or the CA that is trusted for products, has to be put right.";
    body_incomplete: REQUEST_TIMEOUT "body_incomplete", "The request did not arrive whole",
        "Its body has to be looked into before anything is sent to the product, and it broke off or took too long.",
        "Send the request again.";
    no_room: SERVICE_UNAVAILABLE "too_many_bodies", "Too many bodies at once",
        "The bodies of so many requests are being looked into that there is no room for this one, and nothing of it was sent to the product.",
        "Try again in a moment, and send fewer at once.";
    too_many_requests: TOO_MANY_REQUESTS "too_many_requests", "Too many requests at once",
        "As many requests of this session are under way as may be at a time.",
        "Wait until some are done, and send fewer at once.";
    misdirected: MISDIRECTED_REQUEST "misdirected_request", "This connection belongs to another session",
        "A connection over HTTP/2, or one made for another name, serves the session it was made for only.",
        "Send the request on a connection of its own; a browser does so by itself.";
    leads_to_us: BAD_GATEWAY "redirect_refused", "The product redirects to Countersign",
        "A product may not send a browser in a session to Countersign's own pages or to other sessions.",
        "Tell the product's operator.";
    not_found: NOT_FOUND "not_found", "There is no such page",
        "This address is reserved for the gateway, and there is nothing here.",
        "Go to the start page of the session.";
    bad_link: BAD_REQUEST "bad_link", "This link is not complete",
        "Part of the address is missing or damaged.",
        "Open the session anew from the case in Countersign.";
    other_browser: FORBIDDEN "other_browser", "This browser did not open the link",
        "A session is entered in the browser in which its link was opened.",
        "Open the session anew from the case in Countersign.";
}

impl Refusal {
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: impl Into<String>,
        why: impl Into<String>,
        next: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            title: title.into(),
            why: why.into(),
            next: next.into(),
        }
    }

    /// For a request that two parties could read differently, by what could be.
    pub(crate) fn ambiguous(reason: &str) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "ambiguous_request",
            "The request is ambiguous",
            format!("Servers could read it differently: {reason}."),
            "Send it in a plain form. A page that needs this form cannot be shown to support.",
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
                let mut refusal = Self::unknown_effect();
                refusal.why =
                    format!("Only requests that are known to be reads pass. Of this one, {what}.");
                refusal
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
        let words = over.filter(|_| self.ends_session()).map(Over::words);
        let page = prefers_html(&asked.headers)
            .then(|| self.page(asked, words, known))
            .flatten();
        let (content_type, body) = match page {
            Some(page) => ("text/html; charset=utf-8", page),
            None => ("application/problem+json", self.problem(words, known)),
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
            ("cross-origin-resource-policy", "same-origin"),
            ("vary", "Accept, Sec-Fetch-Mode"),
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

    fn page(&self, asked: &Parts, words: Option<Words>, known: Option<&Known>) -> Option<String> {
        let (title, why, next) = self.said(words);
        RefusalPage {
            title: title.to_owned(),
            what: UserText::new(format!("{} {}", asked.method, asked.uri.path())),
            why: why.to_owned(),
            next: next.to_owned(),
            code: self.code.to_owned(),
            back: known.map(|known| known.case_url.clone()),
        }
        .render()
        .ok()
    }

    fn problem(&self, words: Option<Words>, known: Option<&Known>) -> String {
        let (title, why, next) = self.said(words);
        let mut problem = serde_json::json!({
            "type": "about:blank",
            "title": title,
            "status": self.status.as_u16(),
            "detail": format!("{why} {next}"),
            "code": self.code,
        });
        let more = [
            ("reason", words.map(|words| words.code)),
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

    fn said(&self, words: Option<Words>) -> (&str, &str, &str) {
        match words {
            Some(words) => (words.title, words.why, words.next),
            None => (&self.title, &self.why, &self.next),
        }
    }
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
