//! The versions of streams: how many events each has.

use std::collections::BTreeMap;

use countersign_domain::StreamId;
use countersign_store::Version;

use crate::{
    fault::{Fault, count},
    volley::{Answers, Volley, held},
};

/// Asks for the present versions of `streams`. Whoever starts a session holds the position lock, so one
/// that an agent starts later has a greater number.
pub(crate) fn ask<'s>(volley: &mut Volley, streams: impl IntoIterator<Item = &'s StreamId>) {
    let (names, agents): (Vec<String>, Vec<Option<String>>) = streams
        .into_iter()
        .map(|stream| match stream {
            StreamId::Starts(agent) => (stream.to_string(), Some(agent.to_string())),
            other => (other.to_string(), None),
        })
        .unzip();
    volley.push(
        "SELECT u.stream, coalesce(
             CASE WHEN u.agent IS NULL
                  THEN (SELECT max(e.version) FROM events e WHERE e.stream = u.stream)
                  ELSE (SELECT max(s.seq) FROM sessions s WHERE s.agent = u.agent AND NOT s.ended)
             END, 0)
         FROM unnest($1::text[], $2::text[]) AS u (stream, agent)",
        held![names, agents],
    );
}

/// The versions that were asked for.
pub(crate) fn answered(answers: &mut Answers) -> Result<BTreeMap<StreamId, Version>, Fault> {
    let rows: Vec<(String, i64)> = answers.all()?;
    rows.into_iter()
        .map(|(stream, version)| Ok((stream.parse()?, Version(count(version)?))))
        .collect()
}
