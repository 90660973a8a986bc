//! The endpoints, put together.

use std::{convert::Infallible, fmt, sync::Arc};

use axum::{
    Router, extract::FromRequestParts, http::request::Parts, middleware::from_fn_with_state,
    routing::any,
};
use countersign_app::{App, BootClock};
use countersign_domain::CalledFrom;
use countersign_identity::Identity;
use tokio::sync::watch;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    access, admins, cases,
    check::{self, Products},
    claims, clients, credentials, directory, entries, history, history_export, hosts,
    idempotency::UnderWay,
    import, layers,
    limits::{Limits, RateLimits},
    live, me,
    metrics::Answers,
    okta, orgs,
    problem::Problem,
    providers, public, report, scim, sessions,
    stream::{self, Streams},
    team, upstream,
};

/// What the API works with.
#[derive(Clone)]
pub struct Api {
    /// The use cases.
    pub app: App,
    /// Who is calling.
    pub identity: Identity,
    /// What connects to products.
    pub products: Products,
    /// How often callers may call.
    pub limits: RateLimits,
    /// The clock that they are counted by.
    pub clock: Arc<dyn BootClock>,
    /// Whether the process is about to stop: streams end then.
    pub stopping: watch::Receiver<bool>,
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// What every endpoint gets, as an extractor: its use cases know from where the call comes. As a state they do not.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) app: App,
    pub(crate) identity: Identity,
    pub(crate) products: Products,
    pub(crate) answers: Arc<Answers>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) under_way: UnderWay,
    pub(crate) streams: Streams,
    pub(crate) turns: okta::Turns,
    pub(crate) stopping: watch::Receiver<bool>,
}

impl fmt::Debug for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Served").finish_non_exhaustive()
    }
}

impl FromRequestParts<Self> for Served {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, served: &Self) -> Result<Self, Infallible> {
        let client = parts.extensions.get::<CalledFrom>();
        Ok(Self {
            app: served.app.called_from(client.cloned()),
            identity: served.identity.called_from(client.cloned()),
            ..served.clone()
        })
    }
}

/// The API and the public endpoints beside it. It has no fallback of its own for addresses outside
/// `/api`, so that it can be merged with the console.
pub fn router(api: Api) -> Router {
    let served = Served {
        app: api.app,
        identity: api.identity,
        products: api.products,
        answers: Arc::default(),
        limits: Arc::new(Limits::new(api.limits, api.clock)),
        under_way: UnderWay::default(),
        streams: Streams::default(),
        turns: okta::Turns::default(),
        stopping: api.stopping,
    };
    let (endpoints, _) = endpoints().split_for_parts();
    endpoints
        .merge(okta::router())
        .merge(scim::router())
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
        .routes(routes!(import::import_cases))
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
        .routes(routes!(sessions::list_sessions))
        .routes(routes!(sessions::get_session, sessions::end_session))
        .routes(routes!(entries::list_entries))
        .routes(routes!(history::org_history))
        .routes(routes!(history::case_history))
        .routes(routes!(history_export::export_org_history))
        .routes(routes!(history_export::export_case_history))
        .routes(routes!(live::live))
        .routes(routes!(report::case_report))
        .routes(routes!(stream::stream_entries))
        .routes(routes!(directory::list_orgs, directory::create_org))
        .routes(routes!(directory::get_org))
        .routes(routes!(hosts::get_hosts, hosts::put_hosts))
        .routes(routes!(upstream::get_upstream, upstream::put_upstream))
        .routes(routes!(upstream::explain))
        .routes(routes!(check::check_upstream))
        .routes(routes!(admins::list_admins, admins::create_admin))
        .routes(routes!(admins::get_admin))
        .routes(routes!(admins::set_role))
        .routes(routes!(admins::deactivate_admin))
        .routes(routes!(admins::reactivate_admin))
        .routes(routes!(directory::list_agents, directory::create_agent))
        .routes(routes!(directory::get_agent))
        .routes(routes!(directory::deactivate_agent))
        .routes(routes!(directory::reactivate_agent))
        .routes(routes!(
            credentials::list_credentials,
            credentials::mint_credential
        ))
        .routes(routes!(credentials::revoke_credential))
        .routes(routes!(clients::list_clients, clients::make_client))
        .routes(routes!(clients::remove_client))
        .routes(routes!(clients::add_key))
        .routes(routes!(clients::remove_key))
        .routes(routes!(clients::accept_client))
        .routes(routes!(clients::refuse_client))
        .routes(routes!(orgs::block, orgs::unblock))
        .routes(routes!(orgs::get_settings, orgs::put_settings))
        .routes(routes!(claims::get_claim))
        .routes(routes!(claims::accept_credential))
        .routes(routes!(claims::refuse_credential))
        .routes(routes!(claims::accept_admin))
        .routes(routes!(claims::refuse_admin))
        .routes(routes!(claims::accept_role))
        .routes(routes!(claims::refuse_role))
        .routes(routes!(providers::list_providers, providers::add_provider))
        .routes(routes!(providers::remove_provider))
        .routes(routes!(providers::accept_provider))
        .routes(routes!(providers::set_provider_secret))
        .routes(routes!(providers::unlink_person))
        .routes(routes!(me::me))
        .routes(routes!(public::healthz))
        .routes(routes!(public::readyz))
        .routes(routes!(public::metrics))
        .routes(routes!(public::openapi_document))
        .routes(routes!(public::jwks))
}
