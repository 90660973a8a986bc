//! The versions of streams: how many events each has.

use std::collections::BTreeMap;

use countersign_domain::{AgentId, State, StreamId};
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
    let mut names = Vec::new();
    let mut starts = Vec::new();
    for stream in streams {
        match stream {
            StreamId::Starts(agent) => starts.push(agent),
            other => names.push(other.to_string()),
        }
    }
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT value, (SELECT coalesce(max(version), 0) FROM events WHERE stream = value)
         FROM json_each(?)",
    )
    .bind(array(&names)?)
    .fetch_all(&mut *connection)
    .await?;
    let mut versions: BTreeMap<StreamId, Version> = rows
        .into_iter()
        .map(|(stream, version)| Ok((stream.parse()?, Version(count(version)?))))
        .collect::<Result<_, Fault>>()?;
    for agent in starts {
        // No session is ever deleted, so one that starts later has a greater rowid than all before.
        let newest: i64 = sqlx::query_scalar(
            "SELECT coalesce(max(rowid), 0) FROM sessions WHERE agent = ? AND ended = 0",
        )
        .bind(agent.to_string())
        .fetch_one(&mut *connection)
        .await?;
        versions.insert(StreamId::Starts(agent), Version(count(newest)?));
    }
    Ok(versions)
}

/// Every stream of a slice: its orgs, people and cases, the starts of the agents whose running
/// sessions were asked for, and the operators, who are in every slice because no key names them.
pub(crate) async fn of_slice(
    connection: &mut SqliteConnection,
    state: &State,
    starts: impl Iterator<Item = AgentId>,
) -> Result<Vec<(StreamId, Version)>, Fault> {
    let streams = state
        .orgs()
        .map(|org| StreamId::Org(org.id))
        .chain(state.admins().map(|admin| StreamId::Admin(admin.id)))
        .chain(state.agents().map(|agent| StreamId::Agent(agent.id)))
        .chain(state.cases().map(|case| StreamId::Case(case.id)))
        .chain(starts.map(StreamId::Starts))
        .chain([StreamId::Operators]);
    Ok(of(connection, streams).await?.into_iter().collect())
}
