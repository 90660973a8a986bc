//! The versions of streams: how many events each has.

use std::collections::BTreeMap;

use countersign_domain::{State, StreamId};
use countersign_store::Version;
use sqlx::SqliteConnection;

use crate::{
    fault::{Fault, count},
    snapshots::array,
};

/// The present versions of `streams`.
pub(crate) async fn of(
    connection: &mut SqliteConnection,
    streams: impl Iterator<Item = StreamId>,
) -> Result<BTreeMap<StreamId, Version>, Fault> {
    let names: Vec<String> = streams.map(|stream| stream.to_string()).collect();
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT value, (SELECT coalesce(max(version), 0) FROM events WHERE stream = value)
         FROM json_each(?)",
    )
    .bind(array(&names)?)
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|(stream, version)| Ok((stream.parse()?, Version(count(version)?))))
        .collect()
}

/// Every stream of a slice: its orgs, people and cases, and the operators, who are in every slice
/// because no key names them.
pub(crate) async fn of_slice(
    connection: &mut SqliteConnection,
    state: &State,
) -> Result<Vec<(StreamId, Version)>, Fault> {
    let streams = state
        .orgs()
        .map(|org| StreamId::Org(org.id))
        .chain(state.admins().map(|admin| StreamId::Admin(admin.id)))
        .chain(state.agents().map(|agent| StreamId::Agent(agent.id)))
        .chain(state.cases().map(|case| StreamId::Case(case.id)))
        .chain([StreamId::Operators]);
    Ok(of(connection, streams).await?.into_iter().collect())
}
