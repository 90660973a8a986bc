//! How the deployment is reached.

use countersign_store::Addresses;

use crate::{connection::Connection, fault::Fault};

/// Remembers addresses instead of others; answers with those that are remembered if they are others by now.
/// The row, or the place where it would be, is the lock.
pub(crate) async fn claim(
    connection: &Connection,
    addresses: Addresses,
    instead_of: Option<Addresses>,
) -> Result<Result<(), Addresses>, Fault> {
    let (public_url, gateway_url) = instead_of
        .map(|others| (others.public_url, others.gateway_url))
        .unzip();
    let claimed = connection
        .execute(
            "INSERT INTO addresses AS a (public_url, gateway_url) VALUES ($1, $2)
             ON CONFLICT (one) DO UPDATE
             SET public_url = excluded.public_url, gateway_url = excluded.gateway_url
             WHERE a.public_url = $3 AND a.gateway_url = $4",
            &[
                &addresses.public_url,
                &addresses.gateway_url,
                &public_url,
                &gateway_url,
            ],
        )
        .await?;
    if claimed > 0 {
        return Ok(Ok(()));
    }
    let missing = || Fault::Damaged("the addresses are gone".to_owned());
    Ok(Err(get(connection).await?.ok_or_else(missing)?))
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
