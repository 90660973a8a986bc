//! How the deployment is reached.

use countersign_store::Addresses;
use sqlx::SqliteConnection;

use crate::fault::Fault;

/// Remembers addresses instead of others; answers with those that are remembered if they are others by now.
/// The transaction is one that writes.
pub(crate) async fn claim(
    connection: &mut SqliteConnection,
    addresses: Addresses,
    instead_of: Option<Addresses>,
) -> Result<Result<(), Addresses>, Fault> {
    let present = get(connection).await?;
    if let Some(others) = present.filter(|present| instead_of.as_ref() != Some(present)) {
        return Ok(Err(others));
    }
    sqlx::query("INSERT OR REPLACE INTO addresses (id, public_url, gateway_url) VALUES (1, ?, ?)")
        .bind(addresses.public_url)
        .bind(addresses.gateway_url)
        .execute(connection)
        .await?;
    Ok(Ok(()))
}

/// The addresses, once a process has served.
pub(crate) async fn get(connection: &mut SqliteConnection) -> Result<Option<Addresses>, Fault> {
    let row: Option<(String, String)> =
        sqlx::query_as("SELECT public_url, gateway_url FROM addresses WHERE id = 1")
            .fetch_optional(connection)
            .await?;
    Ok(row.map(|(public_url, gateway_url)| Addresses {
        public_url,
        gateway_url,
    }))
}
