//! What has to hold of the log and of what the product saw, once it is all over.

use std::collections::{BTreeMap, BTreeSet};

use countersign_cluster::connect;
use serde_json::Value;

use super::watched::{Late, Seen};

/// What is wrong with a log by itself: a gap, or a request of a session that had ended or whose grant
/// was not live.
pub(super) fn of_log(org: &str, log: &[Value]) -> Vec<String> {
    let mut wrong = vec![];
    let mut grants = BTreeSet::new();
    let mut sessions: BTreeMap<&str, &str> = BTreeMap::new();
    for (index, entry) in log.iter().enumerate() {
        let text = |name: &str| entry[name].as_str().unwrap_or_default();
        if entry["index"] != index {
            wrong.push(format!("{org}: no entry {index}, but {entry}"));
        }
        match text("type") {
            "access.granted" => _ = grants.insert(text("grant")),
            "access.revoked" => _ = grants.remove(text("grant")),
            "session.started" => _ = sessions.insert(text("session"), text("grant")),
            "session.ended" => _ = sessions.remove(text("session")),
            "request" => {
                let grant = sessions.get(text("session"));
                if grant.is_none_or(|grant| !grants.contains(grant)) {
                    wrong.push(format!("{org}: under nothing live: {entry}"));
                }
            }
            _ => {}
        }
    }
    wrong
}

/// What is wrong with what the product saw: a request that came late, or stands nowhere.
pub(super) fn of_product(seen: &[Seen], logs: &BTreeMap<&str, Vec<Value>>) -> Vec<String> {
    let mut wrong = vec![];
    let mut entries = BTreeSet::new();
    for request in seen {
        let entry = logs
            .get(&*request.org)
            .and_then(|log| log.get(request.entry));
        let stands = entry.is_some_and(|entry| {
            entry["type"] == "request"
                && entry["session"] == *request.session
                && entry["request"]["path"] == *request.target
        });
        if !stands {
            wrong.push(format!("without an entry: {request:?}, but {entry:?}"));
        }
        if !entries.insert((&request.org, request.entry)) {
            wrong.push(format!("twice under one entry: {request:?}"));
        }
        if request.late == Some(Late::Good) {
            wrong.push(format!("after the answer: {request:?}"));
        }
    }
    wrong
}

/// What is wrong with the rows: hashes that are not those of their entries, positions with a gap.
pub(super) async fn of_rows(database: &str) -> Vec<String> {
    let client = connect(database).await;
    let mut wrong = vec![];
    for (what, count) in [
        (
            "entries whose hash is another's",
            "SELECT count(*) FROM entries WHERE leaf_hash <> sha256('\\x00'::bytea || encoded)",
        ),
        (
            "entries that are missing",
            "SELECT coalesce(sum(next), 0)::bigint - (SELECT count(*) FROM entries) FROM logs",
        ),
        (
            "events that are missing",
            "SELECT (SELECT head FROM meta) - count(*) FROM events",
        ),
        (
            "cases whose grant was not taken away",
            "SELECT count(*) FROM cases WHERE doc::jsonb #>> '{access,state}' <> 'revoked'",
        ),
    ] {
        let found: i64 = client.query_one(count, &[]).await.expect(what).get(0);
        if found != 0 {
            wrong.push(format!("{found} {what}"));
        }
    }
    wrong
}
