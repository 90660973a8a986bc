//! Okta's API for support access, as its clients speak it: addresses, shapes, errors and headers are Okta's, what
//! they do is decided in the use cases like everything else. Okta describes it, so it is not in our document.

mod caller;
mod errors;
mod log;
mod patch;
mod support;
mod views;

pub(crate) use self::log::Turns;
use axum::{
    Router,
    handler::Handler,
    routing::{self, MethodRouter, any},
};

use crate::{oauth, problem::Problem, router::Served};

pub(crate) use errors::{finished, misdirected};

/// Where the list of cases is.
const CASES: &str = "/api/v1/org/privacy/oktaSupport/cases";

/// An endpoint with what serves it.
struct Endpoint {
    method: &'static str,
    path: &'static str,
    on: MethodRouter<Served>,
}

fn get<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Endpoint {
    Endpoint {
        method: "GET",
        path,
        on: routing::get(handler),
    }
}

fn patch<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Endpoint {
    Endpoint {
        method: "PATCH",
        path,
        on: routing::patch(handler),
    }
}

fn post<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Endpoint {
    Endpoint {
        method: "POST",
        path,
        on: routing::post(handler),
    }
}

/// Every endpoint: the router is made of this list and nothing else.
fn endpoints() -> [Endpoint; 11] {
    [
        get("/api/v1/org/privacy/oktaSupport", support::settings),
        get(CASES, support::cases),
        patch(
            "/api/v1/org/privacy/oktaSupport/cases/{number}",
            support::change_case,
        ),
        post("/api/v1/org/privacy/oktaSupport/grant", support::moved),
        post("/api/v1/org/privacy/oktaSupport/extend", support::moved),
        post("/api/v1/org/privacy/oktaSupport/revoke", support::moved),
        get(log::LOGS, log::events),
        post(oauth::TOKEN, oauth::token),
        post(oauth::INTROSPECT, oauth::introspect),
        post(oauth::REVOKE, oauth::revoke),
        get("/.well-known/oauth-authorization-server", oauth::metadata),
    ]
}

/// Method and path of every endpoint, for the authorization matrix.
pub fn okta_endpoints() -> impl Iterator<Item = String> {
    endpoints()
        .into_iter()
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
}

/// The endpoints, and an answer of Okta's kind for every other address of theirs.
pub(crate) fn router() -> Router<Served> {
    let routes = endpoints()
        .into_iter()
        .fold(Router::new(), |router, endpoint| {
            router.route(endpoint.path, endpoint.on)
        });
    routes.route("/api/v1/org/{*rest}", any(async || Problem::no_such_path()))
}

/// Whether an address is one of Okta's.
pub(crate) fn serves(pattern: &str) -> bool {
    pattern == log::LOGS || pattern.starts_with("/api/v1/org/")
}
