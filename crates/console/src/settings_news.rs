//! Word that the settings page no longer shows what is true: a request, an end, another admin's
//! click.

use axum::{
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use countersign_app::{About, Failure};

use crate::{
    Console,
    reader::Reader,
    refuse::{Halt, html},
    settings_page::Standing,
    views::news::NewsPage,
    visit::Visit,
    waiting::{Waiting, shown, still_signed_in},
};

/// The news since `?seen=…`; no content if there was none.
pub(crate) async fn news(
    console: Console,
    reader: Reader,
    visit: Visit,
    headers: HeaderMap,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    let viewer = reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let mut waiting = Waiting::begin(&console.app, [About::Org(own.map_err(fail)?.org.id)]);
    loop {
        let standing = Standing::read(&console.app, reader.actor(), viewer, &reader.zone).await;
        let standing = standing.map_err(fail)?;
        if standing.seen() != shown(&query) {
            still_signed_in(&console, &visit, &headers).await?;
            let view = NewsPage {
                t: reader.t(),
                seen: standing.seen(),
                cases: standing.cases(reader.t()),
                waiting: standing.waiting().to_vec(),
                gone: standing.gone(),
                reads: standing.reads(),
            };
            return Ok(html(StatusCode::OK, reader.t(), &view));
        }
        if !waiting.wait(standing.next_end()).await {
            return Ok(StatusCode::NO_CONTENT.into_response());
        }
    }
}
