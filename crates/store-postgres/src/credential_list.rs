//! Listing credentials.

use countersign_domain::Timestamp;
use countersign_store::{CredentialPage, CredentialQuery, CredentialsOf};

use crate::{
    connection::Connection,
    credentials::{self, Row},
    fault::{Fault, limit},
    marks::{Marks, Time},
    snapshots,
    sql::Sql,
};

/// A page of credentials, newest first, with their owners.
pub(crate) async fn page(
    connection: &Connection,
    time: &Time,
    query: &CredentialQuery,
) -> Result<CredentialPage, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let mut rows: Vec<Row> = connection.all_of(&select(query, now)?).await?;
    let more = rows.len() > query.limit;
    rows.truncate(query.limit);
    let credentials = rows
        .into_iter()
        .map(|row| row.read(now))
        .collect::<Result<Vec<_>, Fault>>()?;
    let parts = snapshots::load(connection, &credentials::owners(&credentials)).await?;
    Ok(CredentialPage {
        state: snapshots::close(connection, parts).await?,
        credentials,
        more,
    })
}

/// One row more than asked for tells whether there are more.
fn select(query: &CredentialQuery, now: Timestamp) -> Result<Sql, Fault> {
    let mut sql = credentials::select(now);
    match query.of {
        CredentialsOf::All => _ = sql.push("TRUE"),
        CredentialsOf::Org(org) => _ = sql.push("credentials.org = ").push_bind(org.to_string()),
        CredentialsOf::Owner(owner) => {
            sql.push("credentials.owner = ")
                .push_bind(serde_json::to_string(&owner)?);
        }
    }
    if let Some(after) = query.after {
        sql.push(" AND seq < (SELECT seq FROM credentials WHERE id = ")
            .push_bind(after.to_string())
            .push(")");
    }
    sql.push(" ORDER BY seq DESC LIMIT ")
        .push_bind(limit(query.limit).saturating_add(1));
    Ok(sql)
}
