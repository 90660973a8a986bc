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

#[cfg(test)]
mod tests {
    use axum::{Extension, Router, body::Body, routing::get};
    use countersign_domain::CalledFrom;
    use tower::ServiceExt;

    use super::*;

    /// What stands behind the front door when this address connects and says that.
    async fn seen(trusted: &[&str], connected: Option<&str>, forwarded: &[&str]) -> String {
        let trusted = trusted.iter().map(|network| network.parse().unwrap());
        let proxies = Arc::new(TrustedProxies::new(trusted.collect()));
        let told = async |from: Option<Extension<CalledFrom>>| match from {
            Some(Extension(from)) => serde_json::to_string(&from).unwrap(),
            None => "nothing".to_owned(),
        };
        let routes = Router::new()
            .route("/", get(told))
            .layer(axum::middleware::from_fn_with_state(proxies, noted));
        let mut request = Request::get("/").header("user-agent", "curl/8");
        for value in forwarded {
            request = request.header("x-forwarded-for", *value);
        }
        let mut request = request
            .header("x-real-ip", "198.51.100.66")
            .header("forwarded", "for=198.51.100.66")
            .body(Body::empty())
            .unwrap();
        if let Some(connected) = connected {
            let connected: SocketAddr = connected.parse().unwrap();
            request.extensions_mut().insert(ConnectInfo(connected));
        }
        let body = routes.oneshot(request).await.unwrap().into_body();
        let bytes = axum::body::to_bytes(body, 1_000).await.unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    fn at(address: &str) -> String {
        format!("{{\"address\":\"{address}\",\"user_agent\":\"curl/8\"}}")
    }

    #[tokio::test]
    async fn only_a_trusted_proxy_says_for_whom_it_asks() {
        let forged = ["198.51.100.1, 203.0.113.9"];
        let (proxy, client) = (Some("10.0.0.1:4711"), Some("203.0.113.9:4711"));
        assert_eq!(seen(&[], proxy, &forged).await, at("10.0.0.1"));
        assert_eq!(
            seen(&["10.0.0.0/8"], client, &["127.0.0.1"]).await,
            at("203.0.113.9")
        );
        assert_eq!(
            seen(&["10.0.0.0/8"], proxy, &forged).await,
            at("203.0.113.9")
        );
        assert_eq!(seen(&["10.0.0.0/8"], proxy, &[]).await, at("10.0.0.1"));
        assert_eq!(seen(&["0.0.0.0/0"], None, &forged).await, "nothing");
    }
}
