//! The contract's part about service clients.

use async_trait::async_trait;
use countersign_domain::{ClientId, Event, OrgId, SecretHash, Thumbprint, Timestamp};
use countersign_store::{ClientToken, Clients, NewClientToken, Unavailable};

use crate::{
    PostgresStore,
    connection::Connection,
    fault::Fault,
    marks::{Marks, Time},
    volley::{Volley, held},
    writer::Locks,
};

#[async_trait]
impl Clients for PostgresStore {
    async fn org_of_client(&self, id: ClientId) -> Result<Option<OrgId>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(org_of(&view, id).await?)
    }

    async fn keep_client_token(&self, token: NewClientToken) -> Result<(), Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Nothing, move |connection| {
            Box::pin(keep(connection, time, token))
        })
        .await
    }

    async fn client_token(&self, hash: SecretHash) -> Result<Option<ClientToken>, Unavailable> {
        let view = self.readers.view().await?;
        Ok(by_hash(&view, &self.time, hash).await?)
    }

    async fn end_client_token(&self, hash: SecretHash, of: ClientId) -> Result<(), Unavailable> {
        self.write(Locks::Nothing, move |connection| {
            Box::pin(end(connection, hash, of))
        })
        .await
    }

    async fn first_use(&self, once: SecretHash, until: Timestamp) -> Result<bool, Unavailable> {
        let time = self.time.clone();
        self.write(Locks::Nothing, move |connection| {
            Box::pin(first_use(connection, time, once, until))
        })
        .await
    }
}

async fn org_of(connection: &Connection, id: ClientId) -> Result<Option<OrgId>, Fault> {
    let org: Option<(String,)> = connection
        .any("SELECT org FROM clients WHERE id = $1", &[&id.to_string()])
        .await?;
    Ok(org.map(|(org,)| org.parse()).transpose()?)
}

/// Notes where a service client that an event made is to be found.
pub(crate) fn note(volley: &mut Volley, event: &Event) {
    if let Event::ClientCreated { client, org, .. } = event {
        volley.push(
            "INSERT INTO clients (id, org) VALUES ($1, $2)",
            held![client.to_string(), org.to_string()],
        );
    }
}

/// Client, org, scopes, key, the key it is bound to, and when it runs out.
type Row = (String, String, String, String, Option<String>, i64);

async fn by_hash(
    connection: &Connection,
    time: &Time,
    hash: SecretHash,
) -> Result<Option<ClientToken>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let row: Option<Row> = connection
        .any(
            "SELECT client, org, scopes, key, bound_to, expires_at FROM client_tokens WHERE hash = $1",
            &[&hash.as_bytes().to_vec()],
        )
        .await?;
    row.map(|(client, org, scopes, key, bound_to, expires_at)| {
        Ok(ClientToken {
            client: client.parse()?,
            org: org.parse()?,
            scopes: serde_json::from_str(&scopes)?,
            key: Thumbprint::new(key),
            bound_to: bound_to.map(Thumbprint::new),
            expires_at: Timestamp::from_millis(expires_at),
            now,
        })
    })
    .transpose()
}

async fn keep(connection: &Connection, time: Time, token: NewClientToken) -> Result<(), Fault> {
    let now = Marks::read(connection, &time).await?.now;
    // More than are added, so that the table does not only grow; those that another is at are its own.
    connection
        .execute(
            "DELETE FROM client_tokens WHERE hash IN
                 (SELECT hash FROM client_tokens WHERE expires_at <= $1
                  ORDER BY expires_at LIMIT 20 FOR UPDATE SKIP LOCKED)",
            &[&now.as_millis()],
        )
        .await?;
    connection
        .execute(
            "INSERT INTO client_tokens (hash, client, org, scopes, key, bound_to, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            &[
                &token.hash.as_bytes().to_vec(),
                &token.client.to_string(),
                &token.org.to_string(),
                &serde_json::to_string(&token.scopes)?,
                &token.key.to_string(),
                &token.bound_to.map(|key| key.to_string()),
                &token.expires_at.as_millis(),
            ],
        )
        .await?;
    Ok(())
}

async fn end(connection: &Connection, hash: SecretHash, of: ClientId) -> Result<(), Fault> {
    connection
        .execute(
            "DELETE FROM client_tokens WHERE hash = $1 AND client = $2",
            &[&hash.as_bytes().to_vec(), &of.to_string()],
        )
        .await?;
    Ok(())
}

/// Of two that insert the same, one waits for the other and finds it there.
async fn first_use(
    connection: &Connection,
    time: Time,
    once: SecretHash,
    until: Timestamp,
) -> Result<bool, Fault> {
    let now = Marks::read(connection, &time).await?.now;
    connection
        .execute(
            "DELETE FROM used_once WHERE hash IN
                 (SELECT hash FROM used_once WHERE until <= $1
                  ORDER BY until LIMIT 20 FOR UPDATE SKIP LOCKED)",
            &[&now.as_millis()],
        )
        .await?;
    let added = connection
        .execute(
            "INSERT INTO used_once (hash, until) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
            &[&once.as_bytes().to_vec(), &until.as_millis()],
        )
        .await?;
    Ok(added == 1)
}
