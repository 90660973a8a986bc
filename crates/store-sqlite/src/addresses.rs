//! How the deployment is reached.

use countersign_store::Addresses;
use sqlx::SqliteConnection;

use crate::fault::Fault;

/// Remembers the addresses of the newest serving process.
pub(crate) async fn set(
    connection: &mut SqliteConnection,
    addresses: Addresses,
) -> Result<(), Fault> {
    sqlx::query("INSERT OR REPLACE INTO addresses (id, public_url, gateway_url) VALUES (1, ?, ?)")
        .bind(addresses.public_url)
        .bind(addresses.gateway_url)
        .execute(connection)
        .await?;
    Ok(())
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
