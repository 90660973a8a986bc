//! How the deployment is reached.

use countersign_store::Addresses;

use crate::{connection::Connection, fault::Fault};

/// Remembers the addresses of the newest serving process.
pub(crate) async fn set(connection: &Connection, addresses: Addresses) -> Result<(), Fault> {
    connection
        .execute(
            "INSERT INTO addresses (public_url, gateway_url) VALUES ($1, $2)
         ON CONFLICT (one) DO UPDATE
         SET public_url = excluded.public_url, gateway_url = excluded.gateway_url",
            &[&addresses.public_url, &addresses.gateway_url],
        )
        .await?;
    Ok(())
}

/// The addresses, once a process has served.
pub(crate) async fn get(connection: &Connection) -> Result<Option<Addresses>, Fault> {
    let row: Option<(String, String)> = connection
        .any("SELECT public_url, gateway_url FROM addresses", &[])
        .await?;
    Ok(row.map(|(public_url, gateway_url)| Addresses {
        public_url,
        gateway_url,
    }))
}
