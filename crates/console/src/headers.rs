//! The headers that every response of the console carries.

use std::sync::Arc;

use axum::{
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use countersign_app::Settings;
use countersign_web::csp::{PAGE_HEADERS, console_policy};

/// What a page may do when the gateway's address cannot stand in a policy: nothing. Better a page
/// without style than one that promises what it does not hold.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// The console's content security policy.
#[derive(Clone, Debug)]
pub(crate) struct Policy(Arc<HeaderValue>);

impl Policy {
    /// Forms may lead to session origins: starting a session posts a form that redirects there.
    pub(crate) fn new(settings: &Settings) -> Self {
        let origins = match settings.gateway_url.split_once("://") {
            Some((scheme, authority)) => format!("{scheme}://*.{authority}"),
            None => format!("http://*.{}", settings.gateway_url),
        };
        let value = console_policy(&origins)
            .ok()
            .and_then(|policy| HeaderValue::try_from(policy).ok())
            .unwrap_or(HeaderValue::from_static(NOTHING));
        Self(Arc::new(value))
    }
}

/// Adds the headers. What a handler set itself stays: it is stricter, or an asset.
pub(crate) async fn secure(policy: Policy, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::clone(&policy.0),
    );
    for (name, value) in PAGE_HEADERS {
        headers
            .entry(*name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
