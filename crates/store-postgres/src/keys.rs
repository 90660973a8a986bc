//! Public halves of signing keys.

use countersign_domain::{Timestamp, has_passed};
use countersign_store::SigningKey;

use crate::{
    connection::Connection,
    fault::Fault,
    marks::{Marks, Time},
};

/// Publishes a key, and takes away those of which no signature is live.
pub(crate) async fn publish(
    connection: &Connection,
    time: Time,
    key: SigningKey,
) -> Result<(), Fault> {
    let now = Marks::read(connection, &time).await?.now;
    for old in all(connection).await? {
        if has_passed(old.expires_at, now) {
            connection
                .execute("DELETE FROM signing_keys WHERE kid = $1", &[&old.kid])
                .await?;
        }
    }
    connection
        .execute(
            "INSERT INTO signing_keys (kid, jwk, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (kid) DO UPDATE SET jwk = excluded.jwk, expires_at = excluded.expires_at",
            &[&key.kid, &key.jwk, &key.expires_at.as_millis()],
        )
        .await?;
    Ok(())
}

/// Keys that may still have live signatures.
pub(crate) async fn live(connection: &Connection, time: &Time) -> Result<Vec<SigningKey>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let mut keys = all(connection).await?;
    keys.retain(|key| !has_passed(key.expires_at, now));
    Ok(keys)
}

async fn all(connection: &Connection) -> Result<Vec<SigningKey>, Fault> {
    let rows: Vec<(String, String, i64)> = connection
        .all(
            "SELECT kid, jwk, expires_at FROM signing_keys ORDER BY kid",
            &[],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(kid, jwk, expires_at)| SigningKey {
            kid,
            jwk,
            expires_at: Timestamp::from_millis(expires_at),
        })
        .collect())
}
