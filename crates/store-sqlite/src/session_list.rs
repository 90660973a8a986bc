//! Listing sessions.

use countersign_domain::Timestamp;
use countersign_store::{Clock, ListedSession, SessionPage, SessionQuery, SessionsOf};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    fault::{Fault, limit},
    marks::Marks,
    snapshots,
};
use countersign_store::alike::Wanted;

/// A page of sessions that nobody and no rule has ended.
pub(crate) async fn page(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    query: &SessionQuery,
) -> Result<SessionPage, Fault> {
    let mut rows: Vec<(String, String, i64)> = select(query)
        .build_query_as()
        .fetch_all(&mut *connection)
        .await?;
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
    let marks = Marks::read(connection).await?;
    Ok(SessionPage {
        state,
        sessions,
        more,
        now: marks.now(clock),
        barrier: marks.barrier,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &SessionQuery) -> QueryBuilder<Sqlite> {
    const COLUMNS: &str = "SELECT s.id, s.case_id, s.last_request_at FROM sessions s";
    let mut sql = QueryBuilder::new(COLUMNS);
    match query.of {
        SessionsOf::Org(org) => {
            sql.push(" WHERE s.ended = 0 AND s.org = ")
                .push_bind(org.to_string());
        }
        SessionsOf::OpenedBy(admin) => {
            sql.push(
                " JOIN cases c ON c.id = s.case_id WHERE s.ended = 0 AND c.opened_by_admin = ",
            )
            .push_bind(admin.to_string());
        }
        SessionsOf::Agent(agent) => {
            sql.push(" WHERE s.ended = 0 AND s.agent = ")
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
