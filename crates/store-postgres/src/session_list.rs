//! Listing sessions.

use countersign_domain::Timestamp;
use countersign_store::{ListedSession, SessionPage, SessionQuery, SessionsOf};

use crate::{
    connection::Connection,
    fault::{Fault, limit},
    marks::{Marks, Time},
    snapshots,
    sql::Sql,
};
use countersign_store::alike::Wanted;

/// A page of sessions that nobody and no rule has ended.
pub(crate) async fn page(
    connection: &Connection,
    time: &Time,
    query: &SessionQuery,
) -> Result<SessionPage, Fault> {
    let mut rows: Vec<(String, String, i64)> = connection.all_of(&select(query)).await?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let sessions = rows
        .into_iter()
        .map(|(session, case, last_request)| {
            Ok(ListedSession {
                session: session.parse()?,
                case: case.parse()?,
                last_request: Timestamp::from_millis(last_request),
            })
        })
        .collect::<Result<Vec<_>, Fault>>()?;
    let wanted = Wanted {
        cases: sessions.iter().map(|session| session.case).collect(),
        ..Wanted::default()
    };
    let parts = snapshots::load(connection, &wanted).await?;
    let state = snapshots::close(connection, parts).await?;
    let marks = Marks::read(connection, time).await?;
    Ok(SessionPage {
        state,
        sessions,
        more,
        now: marks.now,
        barrier: marks.barrier,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &SessionQuery) -> Sql {
    const COLUMNS: &str = "SELECT s.id, s.case_id, s.last_request_at FROM sessions s";
    let mut sql = Sql::new(COLUMNS);
    match query.of {
        SessionsOf::Org(org) => {
            sql.push(" WHERE NOT s.ended AND s.org = ")
                .push_bind(org.to_string());
        }
        SessionsOf::OpenedBy(admin) => {
            sql.push(
                " JOIN cases c ON c.id = s.case_id WHERE NOT s.ended AND c.opened_by_admin = ",
            )
            .push_bind(admin.to_string());
        }
        SessionsOf::Agent(agent) => {
            sql.push(" WHERE NOT s.ended AND s.agent = ")
                .push_bind(agent.to_string());
        }
    }
    if let Some(after) = query.after {
        sql.push(" AND s.id > ").push_bind(after.to_string());
    }
    sql.push(" ORDER BY s.id LIMIT ")
        .push_bind(limit(query.limit).saturating_add(1));
    sql
}
