//! The contract's part about service clients.

use std::sync::Arc;

use async_trait::async_trait;
use countersign_domain::{ClientId, Event, OrgId, SecretHash, Thumbprint, Timestamp};
use countersign_store::{ClientToken, Clients, Clock, NewClientToken, Unavailable};
use sqlx::SqliteConnection;

use crate::{SqliteStore, fault::Fault, marks::Marks};

#[async_trait]
impl Clients for SqliteStore {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        self.read(move |connection| Box::pin(org_of(connection, id)))
            .await
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(keep(connection, clock, token)))
            .await
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.read(move |connection| {
            Box::pin(async move { by_hash(connection, clock.as_ref(), hash).await })
        })
        .await
    }

    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable> {
        self.write(move |connection| Box::pin(end(connection, hash, of)))
            .await
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        let clock = Arc::clone(&self.clock);
        self.write(move |connection| Box::pin(first_use(connection, clock, once, until)))
            .await
    }
}

async fn org_of(connection: &mut SqliteConnection, id: ClientId) -> Result<Option<OrgId>, Fault> {
    let org: Option<String> = sqlx::query_scalar("SELECT org FROM clients WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(connection)
        .await?;
    Ok(org.map(|org| org.parse()).transpose()?)
}

/// Notes where a service client that an event made is to be found.
pub(crate) async fn note(connection: &mut SqliteConnection, event: &Event) -> Result<(), Fault> {
    if let Event::ClientCreated { client, org, .. } = event {
        sqlx::query("INSERT INTO clients (id, org) VALUES (?, ?)")
            .bind(client.to_string())
            .bind(org.to_string())
            .execute(connection)
            .await?;
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    client: String,
    org: String,
    scopes: String,
    key: String,
    bound_to: Option<String>,
    expires_at: i64,
}

async fn by_hash(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
) -> Result<Option<ClientToken>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let row: Option<Row> = sqlx::query_as(
        "SELECT client, org, scopes, key, bound_to, expires_at FROM client_tokens WHERE hash = ?",
    )
    .bind(hash.as_bytes().to_vec())
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        Ok(ClientToken {
            client: row.client.parse()?,
            org: row.org.parse()?,
            scopes: serde_json::from_str(&row.scopes)?,
            key: Thumbprint::new(row.key),
            bound_to: row.bound_to.map(Thumbprint::new),
            expires_at: Timestamp::from_millis(row.expires_at),
            now,
        })
    })
    .transpose()
}

async fn keep(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    token: NewClientToken,
) -> Result<(), Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    // More than are added, so that the table does not only grow.
    sqlx::query(
        "DELETE FROM client_tokens WHERE hash IN
             (SELECT hash FROM client_tokens WHERE expires_at <= ? ORDER BY expires_at LIMIT 20)",
    )
    .bind(now.as_millis())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "INSERT INTO client_tokens (hash, client, org, scopes, key, bound_to, expires_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(token.hash.as_bytes().to_vec())
    .bind(token.client.to_string())
    .bind(token.org.to_string())
    .bind(serde_json::to_string(&token.scopes)?)
    .bind(token.key.to_string())
    .bind(token.bound_to.map(|key| key.to_string()))
    .bind(token.expires_at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}

async fn end(
    connection: &mut SqliteConnection,
    hash: SecretHash,
    of: ClientId,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM client_tokens WHERE hash = ? AND client = ?")
        .bind(hash.as_bytes().to_vec())
        .bind(of.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

async fn first_use(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    once: SecretHash,
    until: Timestamp,
) -> Result<bool, Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    sqlx::query(
        "DELETE FROM used_once WHERE hash IN
             (SELECT hash FROM used_once WHERE until <= ? ORDER BY until LIMIT 20)",
    )
    .bind(now.as_millis())
    .execute(&mut *connection)
    .await?;
    let added = sqlx::query(
        "INSERT INTO used_once (hash, until) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
    )
    .bind(once.as_bytes().to_vec())
    .bind(until.as_millis())
    .execute(connection)
    .await?;
    Ok(added.rows_affected() == 1)
}
