//! Listing cases.

use countersign_domain::{Case, CaseNumber};
use countersign_store::{CasePage, CaseQuery, Clock, StatusFilter, Viewer};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    fault::{Fault, limit},
    marks::Marks,
    snapshots,
};
use countersign_store::alike::Parts;

/// A page of the cases a viewer may list.
pub(crate) async fn cases(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    query: &CaseQuery,
) -> Result<CasePage, Fault> {
    let mut docs: Vec<String> = select(query)
        .build_query_scalar()
        .fetch_all(&mut *connection)
        .await?;
    let more = docs.len() > query.limit;
    docs.truncate(query.limit);
    let cases = docs
        .iter()
        .map(|doc| Ok(serde_json::from_str(doc)?))
        .collect::<Result<Vec<Case>, Fault>>()?;
    let ids = cases.iter().map(|case| case.id).collect();
    let parts = Parts {
        cases,
        ..Parts::default()
    };
    let state = snapshots::close(connection, parts).await?;
    let marks = Marks::read(connection).await?;
    Ok(CasePage {
        state,
        cases: ids,
        more,
        now: marks.now(clock),
        barrier: marks.barrier,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &CaseQuery) -> QueryBuilder<Sqlite> {
    let mut sql = match query.viewer {
        Viewer::All => QueryBuilder::new("SELECT c.doc FROM cases c WHERE TRUE"),
        Viewer::Org(org) => {
            let mut sql = QueryBuilder::new("SELECT c.doc FROM cases c WHERE c.org = ");
            sql.push_bind(org.to_string());
            sql
        }
        Viewer::OpenedBy(admin) => {
            let mut sql = QueryBuilder::new("SELECT c.doc FROM cases c WHERE c.opened_by_admin = ");
            sql.push_bind(admin.to_string());
            sql
        }
        Viewer::Team(agent) => {
            let mut sql = QueryBuilder::new(
                "SELECT c.doc FROM case_team t JOIN cases c ON c.id = t.case_id WHERE t.agent = ",
            );
            sql.push_bind(agent.to_string());
            sql
        }
    };
    let number = match query.viewer {
        Viewer::Team(_) => "t.number",
        _ => "c.number",
    };
    if let Some(after) = query.after.as_ref().map(CaseNumber::as_str) {
        sql.push(format_args!(" AND {number} > "))
            .push_bind(after.to_owned());
    }
    match query.status {
        StatusFilter::Any => {}
        StatusFilter::Open => _ = sql.push(" AND c.open = 1"),
        StatusFilter::Closed => _ = sql.push(" AND c.open = 0"),
        StatusFilter::Reachable => _ = sql.push(" AND c.open = 1 AND c.reachable = 1"),
    }
    sql.push(format_args!(" ORDER BY {number} LIMIT "))
        .push_bind(limit(query.limit).saturating_add(1));
    sql
}

/// A case number nobody has used. It is not handed out twice.
pub(crate) async fn next_number(connection: &mut SqliteConnection) -> Result<CaseNumber, Fault> {
    loop {
        let next: i64 = sqlx::query_scalar(
            "UPDATE meta SET next_case_number = next_case_number + 1
             RETURNING next_case_number - 1",
        )
        .fetch_one(&mut *connection)
        .await?;
        let number = CaseNumber::parse(&format!("{next:08}"))
            .map_err(|error| Fault::Damaged(error.to_string()))?;
        let taken: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM cases WHERE number = ?)")
                .bind(number.as_str())
                .fetch_one(&mut *connection)
                .await?;
        if !taken {
            return Ok(number);
        }
    }
}
