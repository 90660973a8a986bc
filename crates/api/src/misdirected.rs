//! Calls by a host name that nothing here answers to.

use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::{okta, problem::Problem, scim};

/// The refusal in the shape of the address family that was called; none outside the API. `id` tells apart the
/// answers that bear one.
pub fn misdirected(path: &str, detail: &str, id: Uuid) -> Option<Response> {
    if okta::serves(path) {
        return Some(okta::misdirected(detail, id));
    }
    let problem = || Problem::misdirected(detail).into_response();
    if scim::serves(path) {
        return Some(scim::finished(problem()));
    }
    let programs = ["/api/", "/oauth2/", "/.well-known/"];
    programs
        .iter()
        .any(|below| path.starts_with(below))
        .then(problem)
}
