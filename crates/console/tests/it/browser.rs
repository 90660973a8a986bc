//! A browser as far as the console can tell: cookies, Fetch Metadata, forms.

use std::collections::BTreeMap;

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{form::Form, world::PUBLIC};

/// A browser.
pub(crate) struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// Where the console is to it.
    origin: String,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// What a browser says when somebody types an address.
pub(crate) const TYPED: [(&str, &str); 4] = [
    ("sec-fetch-site", "none"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("sec-fetch-user", "?1"),
];

/// What a browser says when a form of our own page is sent.
pub(crate) const OWN_FORM: [(&str, &str); 4] = [
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
    ("origin", PUBLIC),
];

/// The same when our own page is at `origin`.
pub(crate) fn own_form(origin: &str) -> [(&str, &str); 4] {
    let [site, mode, dest, _] = OWN_FORM;
    [site, mode, dest, ("origin", origin)]
}

impl Browser {
    pub(crate) fn new(router: Router) -> Self {
        Self::at(router, PUBLIC)
    }

    /// One that comes by another address.
    pub(crate) fn at(router: Router, origin: &str) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            origin: origin.to_owned(),
        }
    }

    /// Goes to an address.
    pub(crate) async fn go(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &TYPED, None).await
    }

    /// Goes to an address and gets a page.
    pub(crate) async fn page(&mut self, path: &str) -> String {
        let answer = self.go(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.body);
        answer.body
    }

    /// Sends a form of our own page.
    pub(crate) async fn submit(&mut self, form: &Form) -> Answer {
        let body = form.encode();
        let origin = self.origin.clone();
        self.send(Method::POST, &form.action, &own_form(&origin), Some(&body))
            .await
    }

    /// Sends a form of our own page and reads the page it leads to.
    pub(crate) async fn done(&mut self, form: &Form) -> String {
        let answer = self.submit(form).await;
        assert_eq!(
            answer.status,
            StatusCode::SEE_OTHER,
            "{}: {}",
            form.action,
            answer.body
        );
        let to = answer.location().to_owned();
        self.page(&to).await
    }

    /// Any request, with this browser's cookies.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<&str>,
    ) -> Answer {
        let path = path.split('#').next().unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            request = request.header(header::COOKIE, self.cookie_header());
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = form.map_or_else(Body::empty, |text| Body::from(text.to_owned()));
        let request = request.body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        self.keep(&parts.headers);
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Another window of the same browser.
    pub(crate) fn twin(&self) -> Self {
        Self {
            router: self.router.clone(),
            cookies: self.cookies.clone(),
            origin: self.origin.clone(),
        }
    }

    /// The same browser on another console.
    pub(crate) fn twin_on(&self, router: Router) -> Self {
        Self {
            router,
            cookies: self.cookies.clone(),
            origin: self.origin.clone(),
        }
    }

    fn host(&self) -> &str {
        let (_, host) = self.origin.split_once("://").unwrap();
        host
    }

    fn cookie_header(&self) -> String {
        let pairs = self.cookies.iter();
        pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("; ")
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// A cookie this browser holds.
    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Plants a cookie.
    pub(crate) fn plant(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.header("location")
    }

    /// A header's value; empty without one.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// It has this status.
    pub(crate) fn status_is(&self, status: StatusCode) {
        assert_eq!(self.status, status, "{}", self.body);
    }

    /// It is a redirect to this address.
    pub(crate) fn leads_to(&self, to: &str) {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        assert_eq!(self.location(), to);
    }

    /// It is a refusal with this status and code.
    pub(crate) fn refuses(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        let said = format!("<code>{code}</code>");
        assert!(self.body.contains(&said), "{code}: {}", self.body);
    }
}
