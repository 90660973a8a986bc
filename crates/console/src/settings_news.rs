//! Word that the settings page no longer shows what is true (requests, expiry, another admin's
//! click), for the script of a page that is open.
//!
//! The page says what it shows by a hash. The answer waits until that is no longer so, for a while:
//! the node tells when something of the org has changed, and the clock when something ends, so that
//! nobody asks the store for nothing.

use std::time::Duration;

use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use countersign_domain::Timestamp;

use crate::{
    Console,
    reader::Reader,
    refuse::{Halt, html},
    settings_page::Standing,
    sign_in,
    views::{news::NewsPage, sign_in::SignInReason},
    visit::Visit,
};

/// How long an answer waits for something to tell; less than any proxy waits for an answer.
const PATIENCE: countersign_domain::Duration = countersign_domain::Duration::from_secs(20);

/// The news since `?seen=…`; no content if there was none.
pub(crate) async fn news(
    State(console): State<Console>,
    reader: Reader,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let viewer = reader.admin()?;
    let fail = |failure| reader.fail(&failure);
    let shown = query
        .iter()
        .find(|(name, _)| name == "seen")
        .map_or("", |(_, value)| value.as_str());
    let own = console.app.own_org_alone(reader.actor()).await;
    let mut changes = console.app.node().news(own.map_err(fail)?.org.id);
    let until = console.app.node().now().plus(PATIENCE);
    loop {
        let standing = Standing::read(&console.app, reader.actor(), viewer, &reader.zone).await;
        let standing = standing.map_err(fail)?;
        if standing.seen() != shown {
            // Whoever signed out while this waited is told nothing.
            return match Reader::of_visit(&visit, &headers, &console).await {
                Ok(Some(_)) => Ok(told(&reader, &standing)),
                _ => Err(sign_in::who_are_you(&visit, SignInReason::SessionOver).into()),
            };
        }
        let now = console.app.node().now();
        if changes.is_over() || now >= until {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
        let next = standing.next_end().map_or(until, |end| end.min(until));
        changes.wait(span(now, next)).await;
    }
}

fn told(reader: &Reader, standing: &Standing) -> Response {
    let view = NewsPage {
        t: reader.t(),
        seen: standing.seen(),
        cases: standing.cases(reader.t()),
    };
    html(StatusCode::OK, reader.t(), &view)
}

/// From now until then, and at least a moment: what ends at an instant has ended after it.
fn span(now: Timestamp, until: Timestamp) -> Duration {
    let ms = until.as_millis().saturating_sub(now.as_millis());
    Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(10))
}
