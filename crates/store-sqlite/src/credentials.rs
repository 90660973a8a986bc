//! Credentials: sign-in links and API tokens, by the hashes of their secrets.

use std::sync::Arc;

use countersign_domain::{
    CredentialId, CredentialKind, CredentialOwner, OrgId, Person, SecretHash, Timestamp,
};
use countersign_store::{Clock, Credential, NewBrowserSession};
use sqlx::SqliteConnection;

use crate::{
    browser,
    fault::{Fault, limit as bounded},
    marks::{self, Marks},
    snapshots::Wanted,
};

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
    id: String,
    owner: String,
    kind: String,
    minted_by: String,
    created_at: i64,
    expires_at: i64,
    spent_at: Option<i64>,
}

impl Row {
    pub(crate) fn read(self, now: Timestamp) -> Result<Credential, Fault> {
        Ok(Credential {
            id: self.id.parse()?,
            owner: serde_json::from_str(&self.owner)?,
            kind: serde_json::from_str(&self.kind)?,
            minted_by: serde_json::from_str(&self.minted_by)?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            spent_at: self.spent_at.map(Timestamp::from_millis),
            now,
        })
    }
}

/// The credential with this hash, whatever its state.
pub(crate) async fn by_hash(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, owner, kind, minted_by, created_at, expires_at, spent_at
         FROM credentials WHERE hash = ?",
    )
    .bind(hash.as_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    let now = Marks::read(connection).await?.now(clock);
    row.map(|row| row.read(now)).transpose()
}

/// The credential with this id, whatever its state.
pub(crate) async fn by_id(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    id: CredentialId,
) -> Result<Option<Credential>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, owner, kind, minted_by, created_at, expires_at, spent_at
         FROM credentials WHERE id = ?",
    )
    .bind(id.to_string())
    .fetch_optional(&mut *connection)
    .await?;
    let now = Marks::read(connection).await?.now(clock);
    row.map(|row| row.read(now)).transpose()
}

/// The people whom credentials let in.
pub(crate) fn owners(credentials: &[Credential]) -> Wanted {
    let mut wanted = Wanted::default();
    for credential in credentials {
        match credential.owner {
            CredentialOwner::Admin(id) => _ = wanted.admins.insert(id),
            CredentialOwner::Agent(id) => _ = wanted.agents.insert(id),
            CredentialOwner::Operator => {}
        }
    }
    wanted
}

/// Credentials made for the customer users of an org, newest first.
pub(crate) async fn of_org(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, owner, kind, minted_by, created_at, expires_at, spent_at
         FROM credentials WHERE org = ? ORDER BY seq DESC LIMIT ?",
    )
    .bind(org.to_string())
    .bind(bounded(limit))
    .fetch_all(&mut *connection)
    .await?;
    let now = Marks::read(connection).await?.now(clock);
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// Uses a sign-in link up and starts a browser session in its place; the writer's transaction
/// makes sure that of two uses one wins.
pub(crate) async fn use_login_link(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    link: SecretHash,
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let Some(credential) = by_hash(connection, clock.as_ref(), link).await? else {
        return Ok(false);
    };
    let person = match credential.owner {
        CredentialOwner::Admin(id) => Person::Admin(id),
        CredentialOwner::Agent(id) => Person::Agent(id),
        CredentialOwner::Operator => return Ok(false),
    };
    if credential.kind != CredentialKind::LoginLink || !credential.is_good() {
        return Ok(false);
    }
    let now = credential.now;
    spend(connection, credential.id, now).await?;
    browser::start(connection, person, &session, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Spends a credential: it is used up or revoked, and opens nothing from then on.
pub(crate) async fn spend(
    connection: &mut SqliteConnection,
    id: CredentialId,
    now: Timestamp,
) -> Result<(), Fault> {
    sqlx::query("UPDATE credentials SET spent_at = ? WHERE id = ? AND spent_at IS NULL")
        .bind(now.as_millis())
        .bind(id.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
