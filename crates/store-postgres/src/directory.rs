//! Orgs and people, page by page.

use countersign_store::{DirectoryOf, DirectoryPage, DirectoryQuery};

use crate::{
    connection::Connection,
    fault::{Fault, limit},
    snapshots,
    sql::Sql,
};

/// A page of orgs or people.
pub(crate) async fn page(
    connection: &Connection,
    query: &DirectoryQuery,
) -> Result<DirectoryPage, Fault> {
    let mut rows: Vec<(i32, String)> = connection.all_of(&select(query)).await?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let parts = snapshots::parse(rows)?;
    Ok(DirectoryPage {
        state: snapshots::close(connection, parts).await?,
        more,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &DirectoryQuery) -> Sql {
    let (mut sql, by) = match query.of {
        DirectoryOf::Orgs => (Sql::new("SELECT 0, doc FROM orgs WHERE TRUE"), "slug"),
        DirectoryOf::Admins(org) => {
            let mut sql = Sql::new("SELECT 1, doc FROM admins WHERE email <> id AND org = ");
            sql.push_bind(org.to_string());
            (sql, "email")
        }
        DirectoryOf::Agents => (
            Sql::new("SELECT 2, doc FROM agents WHERE email <> id"),
            "email",
        ),
    };
    if let Some(after) = &query.after {
        sql.push(format_args!(" AND {by} > "))
            .push_bind(after.clone());
    }
    sql.push(format_args!(" ORDER BY {by} LIMIT "))
        .push_bind(limit(query.limit).saturating_add(1));
    sql
}
