//! Whether this deployment does its work, for operators.

use axum::{http::StatusCode, response::Response};

use crate::{
    Console,
    operator::Operator,
    refuse::{Halt, Told},
    views::{nav::OperatorPlace, operator::HealthPage},
};

/// The page. Whoever reads it was answered by the store a moment ago.
pub(crate) async fn show(console: Console, operator: Operator) -> Result<Response, Halt> {
    let node = console.app.node();
    let now = console.app.store().now().await;
    let now = now.map_err(|_| operator.tell(&Told::unavailable()))?;
    let settings = console.app.settings();
    let view = HealthPage {
        page: operator.page(operator.t().operator_health(), OperatorPlace::Health),
        ready: node.is_ready(),
        position: node.position().0,
        store_time: operator.zone.moment(now),
        public_url: settings.public_url.clone().into(),
        gateway_url: settings.gateway_url.clone().into(),
        credential: operator.who.credential.to_string().into(),
        version: env!("CARGO_PKG_VERSION").into(),
    };
    let status = if node.is_ready() {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    Ok(operator.show(status, &view))
}
