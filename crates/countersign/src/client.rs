//! From where a call to console and API came, noted once for everything behind.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use countersign_domain::TrustedProxies;
use countersign_enforcement::called_from;

/// Notes it on the request.
pub(crate) async fn noted(
    State(proxies): State<Arc<TrustedProxies>>,
    mut request: Request,
    next: Next,
) -> Response {
    let connected = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(connected)) = connected {
        let from = called_from(connected.ip(), request.headers(), &proxies);
        request.extensions_mut().insert(from);
    }
    next.run(request).await
}
