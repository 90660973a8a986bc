//! Orgs and people, page by page.

use countersign_store::{DirectoryOf, DirectoryPage, DirectoryQuery};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    fault::{Fault, limit},
    snapshots,
};

/// A page of orgs or people.
pub(crate) async fn page(
    connection: &mut SqliteConnection,
    query: &DirectoryQuery,
) -> Result<DirectoryPage, Fault> {
    let mut rows: Vec<(i64, String)> = select(query)
        .build_query_as()
        .fetch_all(&mut *connection)
        .await?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let parts = snapshots::parse(rows)?;
    Ok(DirectoryPage {
        state: snapshots::close(connection, parts).await?,
        more,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &DirectoryQuery) -> QueryBuilder<Sqlite> {
    let (mut sql, by) = match query.of {
        DirectoryOf::Orgs => (
            QueryBuilder::new("SELECT 0, doc FROM orgs WHERE TRUE"),
            "slug",
        ),
        DirectoryOf::Admins(org) => {
            let mut sql =
                QueryBuilder::new("SELECT 1, doc FROM admins WHERE email <> id AND org = ");
            sql.push_bind(org.to_string());
            (sql, "email")
        }
        DirectoryOf::Agents => (
            QueryBuilder::new("SELECT 2, doc FROM agents WHERE email <> id"),
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
