//! Calls by a host name that nothing here answers to.

use axum::response::{IntoResponse, Response};
use uuid::Uuid;

use crate::{okta, problem::Problem};

/// The refusal in the shape of the address family that was called; none outside the API. `id` tells apart the
/// answers that bear one.
pub fn misdirected(path: &str, detail: &str, id: Uuid) -> Option<Response> {
    if okta::serves(path) {
        return Some(okta::misdirected(detail, id));
    }
    path.starts_with("/api/")
        .then(|| Problem::misdirected(detail).into_response())
}
