//! Listing cases.

use countersign_domain::{Case, CaseNumber};
use countersign_store::{CasePage, CaseQuery, StatusFilter, Viewer};

use crate::{
    connection::Connection,
    fault::{Fault, limit},
    marks::{Marks, Time},
    snapshots,
    sql::Sql,
};
use countersign_store::alike::Parts;

/// A page of the cases a viewer may list.
pub(crate) async fn cases(
    connection: &Connection,
    time: &Time,
    query: &CaseQuery,
) -> Result<CasePage, Fault> {
    let mut docs: Vec<(String,)> = connection.all_of(&select(query)).await?;
    let more = docs.len() > query.limit;
    docs.truncate(query.limit);
    let cases = docs
        .iter()
        .map(|(doc,)| Ok(serde_json::from_str(doc)?))
        .collect::<Result<Vec<Case>, Fault>>()?;
    let ids = cases.iter().map(|case| case.id).collect();
    let parts = Parts {
        cases,
        ..Parts::default()
    };
    let state = snapshots::close(connection, parts).await?;
    let marks = Marks::read(connection, time).await?;
    Ok(CasePage {
        state,
        cases: ids,
        more,
        now: marks.now,
        barrier: marks.barrier,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &CaseQuery) -> Sql {
    let mut sql = match query.viewer {
        Viewer::All => Sql::new("SELECT c.doc FROM cases c WHERE TRUE"),
        Viewer::Org(org) => {
            let mut sql = Sql::new("SELECT c.doc FROM cases c WHERE c.org = ");
            sql.push_bind(org.to_string());
            sql
        }
        Viewer::OpenedBy(admin) => {
            let mut sql = Sql::new("SELECT c.doc FROM cases c WHERE c.opened_by_admin = ");
            sql.push_bind(admin.to_string());
            sql
        }
        Viewer::Team(agent) => {
            let mut sql = Sql::new(
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
        StatusFilter::Open => _ = sql.push(" AND c.open"),
        StatusFilter::Closed => _ = sql.push(" AND NOT c.open"),
        StatusFilter::Reachable => _ = sql.push(" AND c.open AND c.reachable"),
    }
    sql.push(format_args!(" ORDER BY {number} LIMIT "))
        .push_bind(limit(query.limit).saturating_add(1));
    sql
}

/// A case number nobody has used. It is not handed out twice.
pub(crate) async fn next_number(connection: &Connection) -> Result<CaseNumber, Fault> {
    loop {
        let next: i64 = connection
            .value(
                "UPDATE counters SET next_case_number = next_case_number + 1
             RETURNING next_case_number - 1",
                &[],
            )
            .await?;
        let number = CaseNumber::parse(&format!("{next:08}"))
            .map_err(|error| Fault::Damaged(error.to_string()))?;
        let taken: bool = connection
            .value(
                "SELECT EXISTS (SELECT 1 FROM cases WHERE number = $1)",
                &[&number.as_str()],
            )
            .await?;
        if !taken {
            return Ok(number);
        }
    }
}
