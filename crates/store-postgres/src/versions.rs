//! The versions of streams: how many events each has.

use std::collections::BTreeMap;

use countersign_domain::{AgentId, State, StreamId};
use countersign_store::Version;

use crate::{
    connection::Connection,
    fault::{Fault, count},
};

/// The present versions of `streams`.
pub(crate) async fn of(
    connection: &Connection,
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
    let rows: Vec<(String, i64)> = connection
        .all(
            "SELECT u.stream,
                    (SELECT coalesce(max(e.version), 0) FROM events e WHERE e.stream = u.stream)
             FROM unnest($1::text[]) AS u (stream)",
            &[&names],
        )
        .await?;
    let mut versions: BTreeMap<StreamId, Version> = rows
        .into_iter()
        .map(|(stream, version)| Ok((stream.parse()?, Version(count(version)?))))
        .collect::<Result<_, Fault>>()?;
    for agent in starts {
        // Whoever starts one holds the position lock, so one that starts later has a greater
        // number.
        let newest: i64 = connection
            .value(
                "SELECT coalesce(max(seq), 0) FROM sessions WHERE agent = $1 AND NOT ended",
                &[&agent.to_string()],
            )
            .await?;
        versions.insert(StreamId::Starts(agent), Version(count(newest)?));
    }
    Ok(versions)
}

/// Every stream of a slice: its orgs, people and cases, the starts of the agents whose running
/// sessions were asked for, and the operators, who are in every slice because no key names them.
pub(crate) async fn of_slice(
    connection: &Connection,
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
