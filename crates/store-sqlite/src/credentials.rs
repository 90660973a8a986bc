//! Credentials: sign-in links and API tokens, by the hashes of their secrets.

use std::sync::Arc;

use countersign_domain::{
    CredentialId, CredentialKind, CredentialOwner, OrgId, Person, SecretHash, Standing, Timestamp,
};
use countersign_store::{Clock, Credential, NewBrowserSession};
use sqlx::SqliteConnection;

use crate::{
    browser,
    fault::{Fault, limit as bounded},
    marks::{self, Marks},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    owner: String,
    kind: String,
    minted_by: String,
    created_at: i64,
    expires_at: i64,
    spent_at: Option<i64>,
    in_use: bool,
    standing: Option<String>,
}

impl Row {
    fn read(self, now: Timestamp) -> Result<Credential, Fault> {
        Ok(Credential {
            id: self.id.parse()?,
            owner: serde_json::from_str(&self.owner)?,
            kind: serde_json::from_str(&self.kind)?,
            minted_by: serde_json::from_str(&self.minted_by)?,
            created_at: Timestamp::from_millis(self.created_at),
            expires_at: Timestamp::from_millis(self.expires_at),
            spent_at: self.spent_at.map(Timestamp::from_millis),
            in_use: self.in_use,
            standing: self
                .standing
                .map_or(Ok(Standing::default()), |doc| standing(&doc))?,
            now,
        })
    }
}

/// A standing as it is kept in the domain's document.
pub(crate) fn standing(doc: &str) -> Result<Standing, Fault> {
    Ok(serde_json::from_str(doc)?)
}

/// The columns of a [`Row`].
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT credentials.id, credentials.owner, kind, minted_by, created_at, expires_at,
                    spent_at, json_extract(doc, '$.standing') AS standing,
                    EXISTS (SELECT 1 FROM browser_sessions
                            WHERE credential = credentials.id AND ends_at > ?1) AS in_use
             FROM credentials LEFT JOIN admin_credentials USING (id) WHERE ",
            $rest
        )
    };
}

/// The credential with this hash, whatever its state.
pub(crate) async fn by_hash(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let row: Option<Row> = sqlx::query_as(select!("hash = ?2"))
        .bind(now.as_millis())
        .bind(hash.as_bytes().to_vec())
        .fetch_optional(connection)
        .await?;
    row.map(|row| row.read(now)).transpose()
}

/// Credentials made for the customer users of an org, newest first.
pub(crate) async fn of_org(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let rows: Vec<Row> = sqlx::query_as(select!("credentials.org = ?2 ORDER BY seq DESC LIMIT ?3"))
        .bind(now.as_millis())
        .bind(org.to_string())
        .bind(bounded(limit))
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// Those of them that matter and that nobody has accepted or refused, newest first.
pub(crate) async fn waiting(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let rows: Vec<Row> = sqlx::query_as(select!(
        "credentials.org = ?2
         AND coalesce(json_extract(doc, '$.standing.is'), 'unaccepted') = 'unaccepted'
         AND (in_use OR (spent_at IS NULL AND expires_at > ?1))
         ORDER BY seq DESC LIMIT ?3"
    ))
    .bind(now.as_millis())
    .bind(org.to_string())
    .bind(bounded(limit))
    .fetch_all(connection)
    .await?;
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
    browser::start(connection, person, credential.id, &session, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Revokes a credential for good.
pub(crate) async fn revoke(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    id: CredentialId,
) -> Result<(), Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    spend(connection, id, now).await?;
    marks::advance(connection, now).await
}

/// Whatever has been refused or removed opens nothing any more, and whoever came by it is out.
pub(crate) async fn end(
    connection: &mut SqliteConnection,
    id: CredentialId,
    now: Timestamp,
) -> Result<(), Fault> {
    spend(connection, id, now).await?;
    for end in [
        "UPDATE passkeys SET ended_at = ?1 WHERE id = ?2 AND ended_at IS NULL",
        "DELETE FROM browser_sessions WHERE credential = ?2",
    ] {
        sqlx::query(end)
            .bind(now.as_millis())
            .bind(id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn spend(
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
