//! Credentials: sign-in links and API tokens, by the hashes of their secrets.

use std::sync::Arc;

use countersign_domain::{
    CredentialId, CredentialKind, CredentialOwner, OrgId, Person, SecretHash, Standing, Timestamp,
};
use countersign_store::{Clock, Credential, NewBrowserSession};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection};

use crate::{
    browser,
    fault::{Fault, limit as bounded},
    marks::{self, Marks},
};
use countersign_store::alike::Wanted;

#[derive(sqlx::FromRow)]
pub(crate) struct Row {
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
    pub(crate) fn read(self, now: Timestamp) -> Result<Credential, Fault> {
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

/// The [`Row`]s of credentials, up to the condition they are chosen by.
pub(crate) fn select(now: Timestamp) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(
        "SELECT credentials.id, credentials.owner, kind, minted_by, created_at, expires_at,
                spent_at, json_extract(doc, '$.standing') AS standing,
                EXISTS (SELECT 1 FROM browser_sessions
                        WHERE credential = credentials.id AND ends_at > ",
    );
    sql.push_bind(now.as_millis()).push(
        ") AS in_use
         FROM credentials LEFT JOIN admin_credentials USING (id) WHERE ",
    );
    sql
}

async fn one(
    connection: &mut SqliteConnection,
    mut chosen: QueryBuilder<Sqlite>,
    now: Timestamp,
) -> Result<Option<Credential>, Fault> {
    let row: Option<Row> = chosen.build_query_as().fetch_optional(connection).await?;
    row.map(|row| row.read(now)).transpose()
}

async fn all(
    connection: &mut SqliteConnection,
    mut chosen: QueryBuilder<Sqlite>,
    now: Timestamp,
) -> Result<Vec<Credential>, Fault> {
    let rows: Vec<Row> = chosen.build_query_as().fetch_all(connection).await?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// The credential with this hash, whatever its state, unless it is an operator's browser's.
pub(crate) async fn by_hash(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    hashed(connection, clock, hash, "NOT EXISTS").await
}

/// The credential with this hash, whatever its state, if it is an operator's browser's.
pub(crate) async fn of_browser(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    hashed(connection, clock, hash, "EXISTS").await
}

async fn hashed(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    hash: SecretHash,
    in_a_browser: &'static str,
) -> Result<Option<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let mut chosen = select(now);
    chosen
        .push("credentials.hash = ")
        .push_bind(hash.as_bytes().to_vec());
    chosen.push(" AND ").push(in_a_browser);
    chosen.push(" (SELECT 1 FROM operator_browsers WHERE hash = credentials.hash)");
    one(connection, chosen, now).await
}

/// The credential with this id, whatever its state.
pub(crate) async fn by_id(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    id: CredentialId,
) -> Result<Option<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let mut chosen = select(now);
    chosen.push("credentials.id = ").push_bind(id.to_string());
    one(connection, chosen, now).await
}

/// The people whom credentials let in.
pub(crate) fn owners(credentials: &[Credential]) -> Wanted {
    let mut wanted = Wanted::default();
    for credential in credentials {
        match credential.owner {
            CredentialOwner::Admin(id) => _ = wanted.admins.insert(id),
            CredentialOwner::Agent(id) => _ = wanted.agents.insert(id),
            CredentialOwner::Provisioning(org) => wanted.orgs.extend(org),
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
    let now = Marks::read(connection).await?.now(clock);
    let mut chosen = select(now);
    chosen
        .push("credentials.org = ")
        .push_bind(org.to_string())
        .push(" ORDER BY seq DESC LIMIT ")
        .push_bind(bounded(limit));
    all(connection, chosen, now).await
}

/// Those of them that matter and that nobody has accepted or refused, newest first.
pub(crate) async fn waiting(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let now = Marks::read(connection).await?.now(clock);
    let mut chosen = select(now);
    chosen
        .push("credentials.org = ")
        .push_bind(org.to_string())
        .push(
            " AND coalesce(json_extract(doc, '$.standing.is'), 'unaccepted') = 'unaccepted'
             AND (in_use OR (spent_at IS NULL AND expires_at > ",
        )
        .push_bind(now.as_millis())
        .push(")) ORDER BY seq DESC LIMIT ")
        .push_bind(bounded(limit));
    all(connection, chosen, now).await
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
        CredentialOwner::Operator | CredentialOwner::Provisioning(_) => return Ok(false),
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
