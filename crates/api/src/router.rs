//! The endpoints, put together.

use std::{fmt, sync::Arc};

use axum::{Router, middleware::from_fn_with_state, routing::any};
use countersign_app::App;
use countersign_identity::Identity;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access, cases, claims, entries, layers, me, metrics::Answers, orgs, problem::Problem, public,
    sessions, team,
};

/// What the API works with.
#[derive(Clone, Debug)]
pub struct Api {
    /// The use cases.
    pub app: App,
    /// Who is calling.
    pub identity: Identity,
}

/// What every endpoint gets.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) identity: Identity,
    pub(crate) answers: Arc<Answers>,
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

/// The API and the public endpoints beside it. It has no fallback of its own for addresses outside
/// `/api`, so that it can be merged with the console.
pub fn router(api: Api) -> Router {
    let served = Served {
        app: api.app,
        identity: api.identity,
        answers: Arc::default(),
    };
    let (endpoints, _) = endpoints().split_for_parts();
    endpoints
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .route("/api", any(async || Problem::no_such_path()))
        .route("/api/", any(async || Problem::no_such_path()))
        .route("/api/{*rest}", any(async || Problem::no_such_path()))
        .route_layer(from_fn_with_state(served.clone(), layers::around))
        .with_state(served)
}

/// Every endpoint with its operation. Nothing else may add one: the authorization matrix is held
/// against the document that comes out of this.
pub(crate) fn endpoints() -> OpenApiRouter<Served> {
    OpenApiRouter::new()
        .routes(routes!(cases::open_case, cases::list_cases))
        .routes(routes!(cases::get_case))
        .routes(routes!(cases::close_case))
        .routes(routes!(cases::reopen_case))
        .routes(routes!(team::join_team))
        .routes(routes!(team::leave_team))
        .routes(routes!(access::request_access, access::withdraw_request))
        .routes(routes!(access::grant, access::revoke))
        .routes(routes!(access::extend))
        .routes(routes!(access::approve_self_assignment))
        .routes(routes!(access::withdraw_self_assignment))
        .routes(routes!(sessions::start_session))
        .routes(routes!(sessions::end_session))
        .routes(routes!(entries::list_entries))
        .routes(routes!(orgs::block, orgs::unblock))
        .routes(routes!(orgs::get_settings, orgs::put_settings))
        .routes(routes!(claims::get_claim))
        .routes(routes!(claims::accept_credential))
        .routes(routes!(claims::refuse_credential))
        .routes(routes!(claims::accept_admin))
        .routes(routes!(claims::refuse_admin))
        .routes(routes!(claims::accept_role))
        .routes(routes!(claims::refuse_role))
        .routes(routes!(me::me))
        .routes(routes!(public::healthz))
        .routes(routes!(public::readyz))
        .routes(routes!(public::metrics))
        .routes(routes!(public::openapi_document))
        .routes(routes!(public::jwks))
}
