//! How a browser wants to be spoken to, whoever uses it.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Extensions, HeaderMap, Method, Uri, header, request::Parts},
};
use countersign_app::Address;
use countersign_identity::Identity;
use countersign_web::{
    layout::Page,
    messages::{Lang, Text},
};

use crate::Console;

/// A longer address is nobody's page here.
const LONGEST: usize = 2048;

/// A request for a page, before anybody asks who makes it.
#[derive(Clone, Debug)]
pub(crate) struct Visit {
    /// The language: the reader's choice, or else what their browser asks for.
    pub(crate) lang: Lang,
    /// The address of the page, if it can be gone to again.
    pub(crate) here: Option<String>,
    /// By which address it comes, where whoever answers to host names has said so.
    address: Option<Address>,
    /// Whether a window is to show it: a script that asks, or a frame, goes nowhere.
    pub(crate) in_a_window: bool,
}

impl Visit {
    pub(crate) fn of(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Self {
        let here = uri.path_and_query().map_or("", |address| address.as_str());
        let page = *method == Method::GET && can_be_gone_to(here);
        let accepted = joined(headers, &header::ACCEPT_LANGUAGE, ",");
        Self {
            lang: Lang::of_request(&cookies(headers), &accepted),
            here: page.then(|| here.to_owned()),
            address: extensions.get().cloned(),
            in_a_window: headers
                .get("sec-fetch-dest")
                .is_some_and(|dest| dest == "document"),
        }
    }

    /// By which address it comes.
    pub(crate) fn address(&self, console: &Console) -> Address {
        self.address
            .clone()
            .unwrap_or_else(|| console.app.address())
    }

    /// Who is calling, among those who may come by this address.
    pub(crate) fn identity(&self, console: &Console) -> Identity {
        console.identity.at(&self.address(console))
    }

    /// A page for nobody in particular.
    pub(crate) fn page(&self, title: Text) -> Page {
        Page::signed_out(self.lang, title, "").at(self.here.clone())
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(
            &parts.method,
            &parts.uri,
            &parts.headers,
            &parts.extensions,
        ))
    }
}

/// The cookies of a request as one text. A client may send several `Cookie` headers (RFC 9113
/// section 8.2.3).
pub(crate) fn cookies(headers: &HeaderMap) -> String {
    joined(headers, &header::COOKIE, "; ")
}

/// Every value of a header as one text.
pub(crate) fn joined(headers: &HeaderMap, name: &header::HeaderName, between: &str) -> String {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect::<Vec<_>>()
        .join(between)
}

/// Whether an address is one of this console's own and spends nothing. A link that signs in or opens
/// a session is good once, and only whoever follows it of their own accord may use it up.
pub(crate) fn can_be_gone_to(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let plain = address
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    // Browsers resolve dot segments, also encoded ones, before they go anywhere.
    let dots = path.contains("/.") || path.to_ascii_lowercase().contains("%2e");
    let ours = address.starts_with('/') && !address.starts_with("//");
    let spends = path.starts_with("/sign-in/") || path.ends_with("/open");
    // Parts that a page loads itself, and files: a window that goes there shows no page.
    let no_page = ["/news", "/export"].iter().any(|end| path.ends_with(end));
    plain && ours && !dots && !spends && !no_page && address.len() <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_console_that_spend_nothing_can_be_gone_to() {
        for address in [
            "/",
            "/cases?status=open",
            "/cases/A-1.b",
            "/sign-in",
            "/sign-in?out",
        ] {
            assert!(can_be_gone_to(address), "{address}");
        }
        for address in [
            "",
            "cases",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test/",
            "/a b",
            "/a\r\nset-cookie: x=y",
            "/sign-in/secret",
            "/x/../sign-in/secret",
            "/x/%2E%2e/sign-in/secret",
            "/sessions/sess_1/open?code=1",
            "/settings/account/news?after=1",
            "/history/export?format=csv",
            "/caf\u{e9}",
        ] {
            assert!(!can_be_gone_to(address), "{address}");
        }
        assert!(!can_be_gone_to(&format!("/{}", "a".repeat(LONGEST))));
    }
}
