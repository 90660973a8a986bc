//! Public halves of signing keys.

use std::sync::Arc;

use countersign_domain::{Timestamp, has_passed};
use countersign_store::{Clock, SigningKey};
use sqlx::SqliteConnection;

use crate::{fault::Fault, marks::Marks};

/// Publishes a key, and takes away those of which no signature is live.
pub(crate) async fn publish(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    key: SigningKey,
) -> Result<(), Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    for old in all(connection).await? {
        if has_passed(old.expires_at, now) {
            sqlx::query("DELETE FROM signing_keys WHERE kid = ?")
                .bind(old.kid)
                .execute(&mut *connection)
                .await?;
        }
    }
    sqlx::query(
        "INSERT INTO signing_keys (kid, jwk, expires_at) VALUES (?, ?, ?)
         ON CONFLICT (kid) DO UPDATE SET jwk = excluded.jwk, expires_at = excluded.expires_at",
    )
    .bind(key.kid)
    .bind(key.jwk)
    .bind(key.expires_at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// Keys that may still have live signatures.
pub(crate) async fn live(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
) -> Result<Vec<SigningKey>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let mut keys = all(connection).await?;
    keys.retain(|key| !has_passed(key.expires_at, now));
    Ok(keys)
}

async fn all(connection: &mut SqliteConnection) -> Result<Vec<SigningKey>, Fault> {
    let rows: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT kid, jwk, expires_at FROM signing_keys ORDER BY kid")
            .fetch_all(connection)
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
