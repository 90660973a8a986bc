//! SCIM 2.0 (RFC 7643, RFC 7644) at `/scim/v2`: how a directory provisions people. The credential says which
//! directory it is: an org's, with its customer users and the group of its super admins, or the vendor's, with
//! its agents. What it may do is decided in the use cases like everything else. The RFCs describe it, and the
//! discovery documents, so it is not in our document.

mod attributes;
mod body;
mod caller;
mod discovery;
mod error;
mod group_patch;
mod groups;
mod list;
mod matching;
mod patch;
mod reply;
mod schemas;
mod user;
mod user_input;
mod users;

use axum::{
    Router,
    handler::Handler,
    routing::{self, MethodRouter, any},
};

use crate::{problem::Problem, router::Served};

pub(crate) use caller::known;
pub(crate) use error::finished;

/// The greatest body that these calls read, in bytes: a group's members may be many.
pub(crate) const LIMIT: usize = 256 * 1024;

/// An endpoint with what serves it.
struct Endpoint {
    method: &'static str,
    path: &'static str,
    on: MethodRouter<Served>,
}

macro_rules! method {
    ($name:ident, $text:literal) => {
        fn $name<T: 'static>(path: &'static str, handler: impl Handler<T, Served>) -> Endpoint {
            Endpoint {
                method: $text,
                path,
                on: routing::$name(handler),
            }
        }
    };
}

method!(get, "GET");
method!(post, "POST");
method!(put, "PUT");
method!(patch, "PATCH");
method!(delete, "DELETE");

/// Every endpoint: the router is made of this list and nothing else.
fn endpoints() -> [Endpoint; 21] {
    [
        get("/scim/v2/ServiceProviderConfig", discovery::configuration),
        get("/scim/v2/ResourceTypes", discovery::resource_types),
        get("/scim/v2/ResourceTypes/{id}", discovery::resource_type),
        get("/scim/v2/Schemas", discovery::schemas),
        get("/scim/v2/Schemas/{id}", discovery::schema),
        get("/scim/v2/Users", users::list),
        post("/scim/v2/Users", users::create),
        post("/scim/v2/Users/.search", users::search),
        get("/scim/v2/Users/{id}", users::read),
        put("/scim/v2/Users/{id}", users::replace),
        patch("/scim/v2/Users/{id}", users::patch),
        delete("/scim/v2/Users/{id}", users::delete),
        get("/scim/v2/Groups", groups::list),
        post("/scim/v2/Groups", groups::create),
        post("/scim/v2/Groups/.search", groups::search),
        get("/scim/v2/Groups/{id}", groups::read),
        put("/scim/v2/Groups/{id}", groups::replace),
        patch("/scim/v2/Groups/{id}", groups::patch),
        delete("/scim/v2/Groups/{id}", groups::delete),
        get("/scim/v2/Me", discovery::me),
        post("/scim/v2/Bulk", discovery::bulk),
    ]
}

/// Method and path of every endpoint, for the authorization matrix.
pub fn scim_endpoints() -> impl Iterator<Item = String> {
    endpoints()
        .into_iter()
        .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path))
}

/// The endpoints, and an answer of SCIM's kind for every other address below theirs.
pub(crate) fn router() -> Router<Served> {
    let routes = endpoints()
        .into_iter()
        .fold(Router::new(), |router, endpoint| {
            router.route(endpoint.path, endpoint.on)
        });
    routes
        .route("/scim/v2/{*rest}", any(async || Problem::no_such_path()))
        .route("/scim/v2", any(async || Problem::no_such_path()))
        .route("/scim/v2/", any(async || Problem::no_such_path()))
}

/// Whether an address is one of SCIM's.
pub(crate) fn serves(pattern: &str) -> bool {
    pattern.starts_with("/scim/v2")
}
