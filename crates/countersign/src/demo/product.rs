//! Ledgerly, the sample product behind the gateway in the demo and the browser tests: invoices for
//! small firms, rendered on the server, kept in memory and gone when the process ends.
//!
//! It believes whoever the request headers name, so it must listen on loopback only. A real product
//! would verify the `Countersign-Identity` token, or accept these headers from the gateway alone.

mod api;
mod ledger;
mod pages;
mod sample;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::http::header::{ACCEPT, CONTENT_SECURITY_POLICY, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Router, middleware};
use jiff::civil::Date;

use ledger::Company;

const SESSION_COOKIE: &str = "ledgerly_session";

/// The product's data, the headers it takes its caller from, and counts of what reached it.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    today: Date,
    user_header: HeaderName,
    org_header: HeaderName,
    books: Arc<Mutex<Books>>,
}

#[derive(Debug)]
struct Books {
    companies: BTreeMap<String, Company>,
    /// Page views by session cookie, which shows whether the browser's cookie found its way back.
    visits: BTreeMap<String, u64>,
    /// Requests that arrived, whatever became of them; `/api/stats` itself does not count.
    requests: u64,
    /// Requests among them with a method other than GET, HEAD and OPTIONS.
    unsafe_requests: u64,
    /// Changes made to the data.
    writes: u64,
}

impl Product {
    /// Fresh sample data dated relative to `today`, for the companies `acme` and `globex`.
    ///
    /// The signed-in person is the e-mail address in `user_header` and the company the slug in
    /// `org_header`; without the latter the address's domain (`acme.test`) decides.
    pub(crate) fn new(today: Date, user_header: HeaderName, org_header: HeaderName) -> Self {
        let books = Books {
            companies: sample::companies(today),
            visits: BTreeMap::new(),
            requests: 0,
            unsafe_requests: 0,
            writes: 0,
        };
        Self {
            today,
            user_header,
            org_header,
            books: Arc::new(Mutex::new(books)),
        }
    }

    fn books(&self) -> MutexGuard<'_, Books> {
        // A panic in one handler must not take the sample down for the rest of the demo.
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        let value = |name: &HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
        let email = value(&self.user_header)?.to_ascii_lowercase();
        let (_, domain) = email.split_once('@')?;
        let slug = match value(&self.org_header) {
            Some(slug) => slug.to_ascii_lowercase(),
            None => domain.split('.').next()?.to_owned(),
        };
        self.books()
            .companies
            .contains_key(&slug)
            .then_some(Caller { email, slug })
    }
}

impl Books {
    fn company(&self, caller: &Caller) -> &Company {
        &self.companies[&caller.slug]
    }

    /// The caller's company, for a change that the caller of this has already found to be valid.
    fn change(&mut self, caller: &Caller) -> &mut Company {
        self.writes += 1;
        self.companies
            .get_mut(&caller.slug)
            .expect("a caller's company was found when the request came in")
    }
}

/// Who is signed in, and the company whose books are open.
#[derive(Clone, Debug)]
struct Caller {
    email: String,
    slug: String,
}

/// The whole product. Serve it on a loopback address only: it trusts the headers it is given.
pub(crate) fn product(state: Product) -> Router {
    let signed_in = Router::new()
        .route("/", get(pages::dashboard))
        .route("/invoices", get(pages::invoices))
        .route("/invoices.csv", get(api::csv))
        .route(
            "/invoices/{number}",
            get(pages::invoice).post(pages::save_invoice),
        )
        .route("/customers", get(pages::customers))
        .route("/settings", get(pages::settings).post(pages::save_settings))
        .route("/reminders", post(pages::send_reminders))
        .route("/events", get(api::events))
        .route("/api/whoami", get(api::whoami))
        .route("/api/invoices", get(api::list).post(api::create))
        .route(
            "/api/invoices/{number}",
            get(api::read).put(api::update).delete(api::delete),
        )
        .fallback(pages::not_found)
        .layer(middleware::from_fn_with_state(state.clone(), front_door));
    Router::new()
        .route("/api/stats", get(api::stats))
        .route("/static/ledgerly.css", get(pages::style))
        .route("/static/ledgerly.js", get(pages::script))
        .merge(signed_in)
        .layer(middleware::from_fn_with_state(state.clone(), count))
        .with_state(state)
}

async fn count(State(product): State<Product>, request: Request, next: Next) -> Response {
    if request.uri().path() != "/api/stats" {
        let mut books = product.books();
        books.requests += 1;
        if !request.method().is_safe() {
            books.unsafe_requests += 1;
        }
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'self'; frame-ancestors 'none'"),
    );
    response
}

async fn front_door(State(product): State<Product>, mut request: Request, next: Next) -> Response {
    let Some(caller) = product.caller(request.headers()) else {
        return pages::signed_out(&product.user_header, &product.org_header);
    };
    request.extensions_mut().insert(caller);
    let is_page = request
        .headers()
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let fresh_session = is_page && !visit(&product, request.headers());
    let mut response = next.run(request).await;
    if fresh_session {
        let id = uuid::Uuid::now_v7().simple().to_string();
        let cookies = [
            format!("{SESSION_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"),
            "ledgerly_locale=en; Path=/; SameSite=Lax".to_owned(),
        ];
        product.books().visits.insert(id, 1);
        for cookie in cookies {
            let cookie = HeaderValue::try_from(cookie).expect("ASCII without control characters");
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}

/// Counts a page view of the session named by the cookie; false when there is no such session.
fn visit(product: &Product, headers: &HeaderMap) -> bool {
    let Some(id) = session_cookie(headers) else {
        return false;
    };
    match product.books().visits.get_mut(id) {
        Some(visits) => {
            *visits += 1;
            true
        }
        None => false,
    }
}

fn session_cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == SESSION_COOKIE).then_some(value))
}
