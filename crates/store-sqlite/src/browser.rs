//! Browser sessions of people signed in to the console.
//!
//! Activity is written down at most once in [`seen_again`]'s interval, so that reading a page is
//! not a write: a session may go idle up to that interval before its limit, never after it.

use std::sync::Arc;

use countersign_domain::{
    AdminCredential, CredentialId, Duration, Person, SecretHash, Timestamp, has_passed,
};
use countersign_store::{BrowserSession, BrowserSessionLimits, Clock, NewBrowserSession};
use sqlx::SqliteConnection;

use crate::{
    fault::Fault,
    marks::{self, Marks},
};

/// What a look at a cookie came to.
pub(crate) enum Look {
    /// No such session, or its time is over.
    Nobody,
    /// Live; its activity was written down lately.
    Live(BrowserSession),
    /// Live; its activity has yet to be written down.
    Unseen(BrowserSession),
}

pub(crate) async fn start(
    connection: &mut SqliteConnection,
    person: Person,
    credential: CredentialId,
    session: &NewBrowserSession,
    now: Timestamp,
) -> Result<(), Fault> {
    clear(connection, now).await?;
    sqlx::query(
        "INSERT INTO browser_sessions
             (cookie, person, started_at, ends_at, last_seen_at, credential)
         VALUES (?1, ?2, ?3, ?4, ?3, ?5)",
    )
    .bind(session.cookie.as_bytes().to_vec())
    .bind(serde_json::to_string(&person)?)
    .bind(now.as_millis())
    .bind(now.plus(session.limits.absolute).as_millis())
    .bind(credential.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// Removes some sessions whose absolute limit is over, so that the table does not only grow.
async fn clear(connection: &mut SqliteConnection, now: Timestamp) -> Result<(), Fault> {
    let oldest: Vec<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT cookie, ends_at FROM browser_sessions ORDER BY ends_at LIMIT 20")
            .fetch_all(&mut *connection)
            .await?;
    for (cookie, ends_at) in oldest {
        if has_passed(Timestamp::from_millis(ends_at), now) {
            sqlx::query("DELETE FROM browser_sessions WHERE cookie = ?")
                .bind(cookie)
                .execute(&mut *connection)
                .await?;
        }
    }
    Ok(())
}

pub(crate) async fn look(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Look, Fault> {
    let row: Option<(String, i64, i64, i64, Option<String>)> = sqlx::query_as(
        "SELECT person, started_at, ends_at, last_seen_at, credential
         FROM browser_sessions WHERE cookie = ?",
    )
    .bind(cookie.as_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((person, started_at, ends_at, last_seen, credential)) = row else {
        return Ok(Look::Nobody);
    };
    let now = Marks::read(connection).await?.now(clock);
    let started_at = Timestamp::from_millis(started_at);
    let last_seen = Timestamp::from_millis(last_seen);
    // A limit that was tightened since holds for sessions that are under way.
    let ends_at = Timestamp::from_millis(ends_at).min(started_at.plus(limits.absolute));
    if has_passed(ends_at, now) || has_passed(last_seen.plus(limits.idle), now) {
        return Ok(Look::Nobody);
    }
    let session = BrowserSession {
        person: serde_json::from_str(&person)?,
        credential: credential.map(|id| id.parse()).transpose()?,
        started_at,
        ends_at,
    };
    Ok(
        if has_passed(last_seen.plus(seen_again(limits.idle)), now) {
            Look::Unseen(session)
        } else {
            Look::Live(session)
        },
    )
}

/// How long activity may go unwritten: a minute, or a sixteenth of a shorter idle limit.
pub(crate) fn seen_again(idle: Duration) -> Duration {
    Duration::from_millis(idle.as_millis() / 16).min(Duration::from_mins(1))
}

/// Looks again, in the writer's transaction, and writes the activity down.
pub(crate) async fn see(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Option<BrowserSession>, Fault> {
    match look(connection, clock.as_ref(), cookie, limits).await? {
        Look::Nobody => Ok(None),
        Look::Live(session) => Ok(Some(session)),
        Look::Unseen(session) => {
            let now = Marks::read(connection).await?.now(clock.as_ref());
            sqlx::query(
                "UPDATE browser_sessions SET last_seen_at = max(last_seen_at, ?) WHERE cookie = ?",
            )
            .bind(now.as_millis())
            .bind(cookie.as_bytes().to_vec())
            .execute(connection)
            .await?;
            Ok(Some(session))
        }
    }
}

pub(crate) async fn end(
    connection: &mut SqliteConnection,
    cookie: SecretHash,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM browser_sessions WHERE cookie = ?")
        .bind(cookie.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(())
}

/// Starts one for whom an OpenID provider knows by this credential, while it does.
pub(crate) async fn start_by_openid(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    credential: CredentialId,
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let doc: Option<String> = sqlx::query_scalar("SELECT doc FROM admin_credentials WHERE id = ?")
        .bind(credential.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let known: Option<AdminCredential> = doc.map(|doc| serde_json::from_str(&doc)).transpose()?;
    let known = known.filter(AdminCredential::opens_by_issuer);
    let Some(owner) = known.and_then(|known| known.owner) else {
        return Ok(false);
    };
    let now = Marks::read(connection).await?.now(clock.as_ref());
    start(connection, Person::Admin(owner), credential, &session, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Ends all that began with this credential.
pub(crate) async fn end_by(
    connection: &mut SqliteConnection,
    credential: CredentialId,
) -> Result<(), Fault> {
    sqlx::query("DELETE FROM browser_sessions WHERE credential = ?")
        .bind(credential.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
