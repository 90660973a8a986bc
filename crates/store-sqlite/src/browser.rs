//! Browser sessions of people signed in to the console.
//!
//! Activity is written down at most once in [`seen_again`]'s interval, so that reading a page is
//! not a write: a session may go idle up to that interval before its limit, never after it.

use std::sync::Arc;

use countersign_domain::{
    AdminCredential, Agent, AgentId, CredentialId, Duration, Person, SecretHash, Timestamp,
    has_passed,
};
use countersign_store::{
    AtProvider, BrowserSession, BrowserSessionLimits, Clock, NewBrowserSession, SignedInAt,
};
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
    start_at(
        connection,
        (person, Some(credential)),
        session,
        AtProvider::default(),
        now,
    )
    .await
}

async fn start_at(
    connection: &mut SqliteConnection,
    (person, credential): (Person, Option<CredentialId>),
    session: &NewBrowserSession,
    at: AtProvider,
    now: Timestamp,
) -> Result<(), Fault> {
    clear(connection, now).await?;
    sqlx::query(
        "INSERT INTO browser_sessions
             (cookie, person, started_at, ends_at, last_seen_at, credential,
              provider, subject, provider_session, shown_at)
         VALUES (?1, ?2, ?3, ?4, ?3, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(session.cookie.as_bytes().to_vec())
    .bind(serde_json::to_string(&person)?)
    .bind(now.as_millis())
    .bind(now.plus(session.limits.absolute).as_millis())
    .bind(credential.map(|id| id.to_string()))
    .bind(bytes(at.provider))
    .bind(bytes(at.subject))
    .bind(bytes(at.session))
    .bind(at.shown_at.map(Timestamp::as_millis))
    .execute(connection)
    .await?;
    Ok(())
}

pub(crate) fn bytes(hash: Option<SecretHash>) -> Option<Vec<u8>> {
    hash.map(|hash| hash.as_bytes().to_vec())
}

fn hash(bytes: Option<Vec<u8>>) -> Result<Option<SecretHash>, Fault> {
    let read = |bytes: Vec<u8>| {
        let bytes = bytes
            .try_into()
            .map_err(|_| Fault::Damaged("no hash".to_owned()))?;
        Ok(SecretHash::from_bytes(bytes))
    };
    bytes.map(read).transpose()
}

type Row = (
    String,
    i64,
    i64,
    i64,
    Option<String>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<i64>,
);

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
    let row: Option<Row> = sqlx::query_as(
        "SELECT person, started_at, ends_at, last_seen_at, credential,
                provider, subject, provider_session, shown_at
         FROM browser_sessions WHERE cookie = ?",
    )
    .bind(cookie.as_bytes().to_vec())
    .fetch_optional(&mut *connection)
    .await?;
    let Some((person, started_at, ends_at, last_seen, credential, provider, subject, at, shown)) =
        row
    else {
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
        at: AtProvider {
            provider: hash(provider)?,
            subject: hash(subject)?,
            session: hash(at)?,
            shown_at: shown.map(Timestamp::from_millis),
        },
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

/// Ends a session; answers with it if it was live.
pub(crate) async fn end(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Option<BrowserSession>, Fault> {
    let ended = match look(connection, clock.as_ref(), cookie, limits).await? {
        Look::Nobody => None,
        Look::Live(session) | Look::Unseen(session) => Some(session),
    };
    sqlx::query("DELETE FROM browser_sessions WHERE cookie = ?")
        .bind(cookie.as_bytes().to_vec())
        .execute(connection)
        .await?;
    Ok(ended)
}

/// Starts one for whom an OpenID provider knows by this credential, while it does.
pub(crate) async fn start_by_openid(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    (credential, at): (CredentialId, AtProvider),
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
    let who = (Person::Admin(owner), Some(credential));
    start_at(connection, who, &session, at, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Starts one for an agent whom a provider of the vendor's knows so, while it does.
pub(crate) async fn start_for_agent(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    (agent, at): (AgentId, AtProvider),
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let doc: Option<String> = sqlx::query_scalar("SELECT doc FROM agents WHERE id = ?")
        .bind(agent.to_string())
        .fetch_optional(&mut *connection)
        .await?;
    let known: Option<Agent> = doc.map(|doc| serde_json::from_str(&doc)).transpose()?;
    if !known.is_some_and(|known| known.active && known.known_by == at.subject) {
        return Ok(false);
    }
    let now = Marks::read(connection).await?.now(clock.as_ref());
    start_at(connection, (Person::Agent(agent), None), &session, at, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Who is signed in by a provider that knows them, or their session, so.
pub(crate) async fn signed_in_at(
    connection: &mut SqliteConnection,
    known: SecretHash,
) -> Result<Vec<SignedInAt>, Fault> {
    let people: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT person FROM browser_sessions WHERE subject = ?1
         UNION SELECT person FROM browser_sessions WHERE provider_session = ?1",
    )
    .bind(known.as_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    let operators: Vec<String> = sqlx::query_scalar(
        "SELECT id FROM credentials WHERE spent_at IS NULL AND hash IN (
             SELECT hash FROM operator_browsers WHERE subject = ?1 OR provider_session = ?1)",
    )
    .bind(known.as_bytes().to_vec())
    .fetch_all(&mut *connection)
    .await?;
    let mut found = vec![];
    for person in people {
        found.push(SignedInAt::Person(serde_json::from_str(&person)?));
    }
    for id in operators {
        found.push(SignedInAt::Operator(id.parse()?));
    }
    Ok(found)
}

/// Ends all of those people.
pub(crate) async fn end_at(
    connection: &mut SqliteConnection,
    known: SecretHash,
) -> Result<(), Fault> {
    for sql in [
        "DELETE FROM browser_sessions WHERE subject = ?",
        "DELETE FROM browser_sessions WHERE provider_session = ?",
    ] {
        sqlx::query(sql)
            .bind(known.as_bytes().to_vec())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
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
