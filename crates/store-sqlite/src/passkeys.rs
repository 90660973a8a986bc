//! Passkeys, and the ceremonies that add and use them.

use std::sync::Arc;

use countersign_domain::{
    CredentialId, OrgId, Person, SecretHash, Standing, Timestamp, has_passed,
};
use countersign_store::{
    Clock, MOST_CEREMONIES, NewBrowserSession, NewCeremony, NewPasskey, Passkey,
};
use sqlx::SqliteConnection;

use crate::{
    browser,
    credentials::standing,
    fault::{Fault, limit as bounded},
    marks::{self, Marks},
};

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    handle: Vec<u8>,
    person: String,
    name: String,
    key: String,
    created_at: i64,
    last_used_at: Option<i64>,
    standing: Option<String>,
}

impl TryFrom<Row> for Passkey {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.id.parse()?,
            handle: row.handle,
            person: serde_json::from_str(&row.person)?,
            name: serde_json::from_value(row.name.into())?,
            key: row.key,
            created_at: Timestamp::from_millis(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp::from_millis),
            standing: row
                .standing
                .map_or(Ok(Standing::default()), |doc| standing(&doc))?,
        })
    }
}

/// The columns of a [`Row`], of passkeys that have not ended.
macro_rules! live {
    ($rest:literal) => {
        concat!(
            "SELECT passkeys.id, handle, person, name, key, created_at, last_used_at,
                    json_extract(doc, '$.standing') AS standing
             FROM passkeys LEFT JOIN admin_credentials USING (id)
             WHERE ended_at IS NULL AND ",
            $rest
        )
    };
}

pub(crate) async fn by_handle(
    connection: &mut SqliteConnection,
    handle: Vec<u8>,
) -> Result<Option<Passkey>, Fault> {
    let row: Option<Row> = sqlx::query_as(live!("handle = ?"))
        .bind(handle)
        .fetch_optional(connection)
        .await?;
    row.map(Passkey::try_from).transpose()
}

pub(crate) async fn of_person(
    connection: &mut SqliteConnection,
    person: Person,
) -> Result<Vec<Passkey>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(live!("person = ? ORDER BY seq"))
        .bind(serde_json::to_string(&person)?)
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Passkey::try_from).collect()
}

pub(crate) async fn of_org(
    connection: &mut SqliteConnection,
    org: OrgId,
) -> Result<Vec<Passkey>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(live!("passkeys.org = ? ORDER BY seq"))
        .bind(org.to_string())
        .fetch_all(connection)
        .await?;
    rows.into_iter().map(Passkey::try_from).collect()
}

/// Stores a passkey beside the event that registered it.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    passkey: &NewPasskey,
    org: OrgId,
    at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO passkeys (id, handle, person, org, name, key, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(passkey.id.to_string())
    .bind(passkey.handle.clone())
    .bind(serde_json::to_string(&passkey.person)?)
    .bind(org.to_string())
    .bind(passkey.name.as_str())
    .bind(&passkey.key)
    .bind(at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// Uses a passkey; the writer's transaction makes sure that of two uses one wins.
pub(crate) async fn sign_in(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    id: CredentialId,
    (was, becomes): (String, String),
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    let person: Option<String> = sqlx::query_scalar(
        "UPDATE passkeys SET key = ?, last_used_at = ?
         WHERE id = ? AND key = ? AND ended_at IS NULL RETURNING person",
    )
    .bind(becomes)
    .bind(now.as_millis())
    .bind(id.to_string())
    .bind(was)
    .fetch_optional(&mut *connection)
    .await?;
    let Some(person) = person else {
        return Ok(false);
    };
    let person: Person = serde_json::from_str(&person)?;
    browser::start(connection, person, id, &session, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

pub(crate) async fn begin(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    ceremony: NewCeremony,
) -> Result<(), Fault> {
    let now = Marks::read(connection).await?.now(clock.as_ref());
    sqlx::query("DELETE FROM ceremonies WHERE expires_at <= ?")
        .bind(now.as_millis())
        .execute(&mut *connection)
        .await?;
    sqlx::query(
        "INSERT INTO ceremonies (browser, state, expires_at, kind) VALUES (?, ?, ?, ?)
         ON CONFLICT (browser)
         DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at, kind = excluded.kind",
    )
    .bind(ceremony.browser.as_bytes().to_vec())
    .bind(ceremony.state)
    .bind(now.plus(ceremony.good_for).as_millis())
    .bind(ceremony.kind.as_str())
    .execute(&mut *connection)
    .await?;
    sqlx::query(
        "DELETE FROM ceremonies WHERE browser IN (
             SELECT browser FROM ceremonies WHERE kind = ? ORDER BY expires_at DESC LIMIT -1 OFFSET ?)",
    )
    .bind(ceremony.kind.as_str())
    .bind(bounded(MOST_CEREMONIES))
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) async fn take(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    browser: SecretHash,
) -> Result<Option<String>, Fault> {
    let taken: Option<(String, i64)> =
        sqlx::query_as("DELETE FROM ceremonies WHERE browser = ? RETURNING state, expires_at")
            .bind(browser.as_bytes().to_vec())
            .fetch_optional(&mut *connection)
            .await?;
    let now = Marks::read(connection).await?.now(clock.as_ref());
    Ok(taken
        .filter(|(_, expires_at)| !has_passed(Timestamp::from_millis(*expires_at), now))
        .map(|(state, _)| state))
}
