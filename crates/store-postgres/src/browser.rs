//! Browser sessions of people signed in to the console.
//!
//! Activity is written down at most once in [`seen_again`]'s interval, so that reading a page is
//! not a write: a session may go idle up to that interval before its limit, never after it.

use countersign_domain::{
    AdminCredential, Agent, AgentId, CredentialId, Duration, Person, SecretHash, Timestamp,
    has_passed,
};
use countersign_store::{
    AtProvider, BrowserSession, BrowserSessionLimits, NewBrowserSession, SignedInAt,
};

use crate::{
    connection::Connection,
    fault::Fault,
    marks::{self, Marks, Time},
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
    connection: &Connection,
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
    connection: &Connection,
    (person, credential): (Person, Option<CredentialId>),
    session: &NewBrowserSession,
    at: AtProvider,
    now: Timestamp,
) -> Result<(), Fault> {
    clear(connection, now).await?;
    connection
        .execute(
            "INSERT INTO browser_sessions
             (cookie, person, started_at, ends_at, last_seen_at, credential,
              provider, subject, provider_session, shown_at)
         VALUES ($1, $2, $3, $4, $3, $5, $6, $7, $8, $9)",
            &[
                &session.cookie.as_bytes().to_vec(),
                &serde_json::to_string(&person)?,
                &now.as_millis(),
                &now.plus(session.limits.absolute).as_millis(),
                &credential.map(|id| id.to_string()),
                &bytes(at.provider),
                &bytes(at.subject),
                &bytes(at.session),
                &at.shown_at.map(Timestamp::as_millis),
            ],
        )
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

/// Person, start, end, when last seen, credential, and how a provider knows them.
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
async fn clear(connection: &Connection, now: Timestamp) -> Result<(), Fault> {
    let oldest: Vec<(Vec<u8>, i64)> = connection
        .all(
            "SELECT cookie, ends_at FROM browser_sessions ORDER BY ends_at LIMIT 20",
            &[],
        )
        .await?;
    for (cookie, ends_at) in oldest {
        if has_passed(Timestamp::from_millis(ends_at), now) {
            connection
                .execute("DELETE FROM browser_sessions WHERE cookie = $1", &[&cookie])
                .await?;
        }
    }
    Ok(())
}

pub(crate) async fn look(
    connection: &Connection,
    time: &Time,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Look, Fault> {
    let row: Option<Row> = connection
        .any(
            "SELECT person, started_at, ends_at, last_seen_at, credential,
                provider, subject, provider_session, shown_at
         FROM browser_sessions WHERE cookie = $1",
            &[&cookie.as_bytes().to_vec()],
        )
        .await?;
    match row {
        Some(row) => judged(row, limits, Marks::read(connection, time).await?.now),
        None => Ok(Look::Nobody),
    }
}

/// What a session is at `now`.
fn judged(
    (person, started_at, ends_at, last_seen, credential, provider, subject, at, shown): Row,
    limits: BrowserSessionLimits,
    now: Timestamp,
) -> Result<Look, Fault> {
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
    connection: &Connection,
    time: Time,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Option<BrowserSession>, Fault> {
    match look(connection, &time, cookie, limits).await? {
        Look::Nobody => Ok(None),
        Look::Live(session) => Ok(Some(session)),
        Look::Unseen(session) => {
            let now = Marks::read(connection, &time).await?.now;
            connection
                .execute(
                    "UPDATE browser_sessions SET last_seen_at = greatest(last_seen_at, $1)
                     WHERE cookie = $2",
                    &[&now.as_millis(), &cookie.as_bytes().to_vec()],
                )
                .await?;
            Ok(Some(session))
        }
    }
}

/// Ends a session; answers with it if it was live.
pub(crate) async fn end(
    connection: &Connection,
    time: Time,
    cookie: SecretHash,
    limits: BrowserSessionLimits,
) -> Result<Option<BrowserSession>, Fault> {
    let row: Option<Row> = connection
        .any(
            "DELETE FROM browser_sessions WHERE cookie = $1
             RETURNING person, started_at, ends_at, last_seen_at, credential,
                provider, subject, provider_session, shown_at",
            &[&cookie.as_bytes().to_vec()],
        )
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let now = Marks::read(connection, &time).await?.now;
    Ok(match judged(row, limits, now)? {
        Look::Nobody => None,
        Look::Live(session) | Look::Unseen(session) => Some(session),
    })
}

/// Starts one for whom an OpenID provider knows by this credential, while it does.
pub(crate) async fn start_by_openid(
    connection: &Connection,
    time: Time,
    (credential, at): (CredentialId, AtProvider),
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let doc: Option<String> = connection
        .value_if_any(
            "SELECT doc FROM admin_credentials WHERE id = $1",
            &[&credential.to_string()],
        )
        .await?;
    let known: Option<AdminCredential> = doc.map(|doc| serde_json::from_str(&doc)).transpose()?;
    let known = known.filter(AdminCredential::opens_by_issuer);
    let Some(owner) = known.and_then(|known| known.owner) else {
        return Ok(false);
    };
    let now = Marks::read(connection, &time).await?.now;
    let who = (Person::Admin(owner), Some(credential));
    start_at(connection, who, &session, at, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Starts one for an agent whom a provider of the vendor's knows so, while it does.
pub(crate) async fn start_for_agent(
    connection: &Connection,
    time: Time,
    (agent, at): (AgentId, AtProvider),
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let doc: Option<String> = connection
        .value_if_any(
            "SELECT doc FROM agents WHERE id = $1",
            &[&agent.to_string()],
        )
        .await?;
    let known: Option<Agent> = doc.map(|doc| serde_json::from_str(&doc)).transpose()?;
    if !known.is_some_and(|known| known.active && known.known_by == at.subject) {
        return Ok(false);
    }
    let now = Marks::read(connection, &time).await?.now;
    start_at(connection, (Person::Agent(agent), None), &session, at, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Who is signed in by a provider that knows them, or their session, so.
pub(crate) async fn signed_in_at(
    connection: &Connection,
    known: SecretHash,
) -> Result<Vec<SignedInAt>, Fault> {
    let known = known.as_bytes().to_vec();
    let people: Vec<(String,)> = connection
        .all(
            "SELECT person FROM browser_sessions WHERE subject = $1
             UNION SELECT person FROM browser_sessions WHERE provider_session = $1",
            &[&known],
        )
        .await?;
    let operators: Vec<(String,)> = connection
        .all(
            "SELECT id FROM credentials WHERE spent_at IS NULL AND hash IN (
                 SELECT hash FROM operator_browsers
                 WHERE subject = $1 OR provider_session = $1)",
            &[&known],
        )
        .await?;
    let mut found = vec![];
    for (person,) in people {
        found.push(SignedInAt::Person(serde_json::from_str(&person)?));
    }
    for (id,) in operators {
        found.push(SignedInAt::Operator(id.parse()?));
    }
    Ok(found)
}

/// Ends all of those people.
pub(crate) async fn end_at(connection: &Connection, known: SecretHash) -> Result<(), Fault> {
    connection
        .execute(
            "DELETE FROM browser_sessions WHERE subject = $1 OR provider_session = $1",
            &[&known.as_bytes().to_vec()],
        )
        .await?;
    Ok(())
}

/// Ends all that began with this credential.
pub(crate) async fn end_by(connection: &Connection, credential: CredentialId) -> Result<(), Fault> {
    connection
        .execute(
            "DELETE FROM browser_sessions WHERE credential = $1",
            &[&credential.to_string()],
        )
        .await?;
    Ok(())
}
