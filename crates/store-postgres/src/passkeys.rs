//! Passkeys, and the ceremonies that add and use them.

use countersign_domain::{
    CredentialId, OrgId, Person, SecretHash, Standing, Timestamp, has_passed,
};
use countersign_store::{MOST_CEREMONIES, NewBrowserSession, NewCeremony, NewPasskey, Passkey};

use tokio_postgres::Row;

use crate::{
    browser,
    connection::Connection,
    credentials,
    fault::{Fault, limit as bounded},
    marks::{self, Marks, Time},
    rows::Columns,
    volley::{Volley, held},
};

impl Columns for Passkey {
    fn of(row: &Row) -> Result<Self, Fault> {
        let (person, name): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        let standing: Option<String> = row.try_get(7)?;
        Ok(Self {
            id: row.try_get::<_, &str>(0)?.parse()?,
            handle: row.try_get(1)?,
            person: serde_json::from_str(&person)?,
            name: serde_json::from_value(name.into())?,
            key: row.try_get(4)?,
            created_at: Timestamp::from_millis(row.try_get(5)?),
            last_used_at: row
                .try_get::<_, Option<i64>>(6)?
                .map(Timestamp::from_millis),
            standing: standing
                .map_or(Ok(Standing::default()), |doc| credentials::standing(&doc))?,
        })
    }
}

/// The columns of a [`Passkey`], of those that have not ended.
macro_rules! live {
    ($rest:literal) => {
        concat!(
            "SELECT passkeys.id, handle, person, name, key, created_at, last_used_at,
                    standing
             FROM passkeys LEFT JOIN admin_credentials USING (id)
             WHERE ended_at IS NULL AND ",
            $rest
        )
    };
}

pub(crate) async fn by_handle(
    connection: &Connection,
    handle: Vec<u8>,
) -> Result<Option<Passkey>, Fault> {
    connection.any(live!("handle = $1"), &[&handle]).await
}

pub(crate) async fn of_person(
    connection: &Connection,
    person: Person,
) -> Result<Vec<Passkey>, Fault> {
    let person = serde_json::to_string(&person)?;
    connection
        .all(live!("person = $1 ORDER BY seq"), &[&person])
        .await
}

pub(crate) async fn of_org(connection: &Connection, org: OrgId) -> Result<Vec<Passkey>, Fault> {
    let org = org.to_string();
    connection
        .all(live!("passkeys.org = $1 ORDER BY seq"), &[&org])
        .await
}

/// Stores a passkey beside the event that registered it.
pub(crate) fn insert(
    volley: &mut Volley,
    passkey: &NewPasskey,
    org: OrgId,
    at: Timestamp,
) -> Result<(), Fault> {
    volley.push(
        "INSERT INTO passkeys (id, handle, person, org, name, key, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        held![
            passkey.id.to_string(),
            passkey.handle.clone(),
            serde_json::to_string(&passkey.person)?,
            org.to_string(),
            passkey.name.to_string(),
            passkey.key.clone(),
            at.as_millis(),
        ],
    );
    Ok(())
}

/// Uses a passkey; the writer's transaction makes sure that of two uses one wins.
pub(crate) async fn sign_in(
    connection: &Connection,
    time: Time,
    id: CredentialId,
    (was, becomes): (String, String),
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let now = Marks::read(connection, &time).await?.now;
    let person: Option<String> = connection
        .value_if_any(
            "UPDATE passkeys SET key = $1, last_used_at = $2
         WHERE id = $3 AND key = $4 AND ended_at IS NULL RETURNING person",
            &[&becomes, &now.as_millis(), &id.to_string(), &was],
        )
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
    connection: &Connection,
    time: Time,
    ceremony: NewCeremony,
) -> Result<(), Fault> {
    let now = Marks::read(connection, &time).await?.now;
    connection
        .execute(
            "DELETE FROM ceremonies WHERE expires_at <= $1",
            &[&now.as_millis()],
        )
        .await?;
    connection
        .execute(
            "INSERT INTO ceremonies (browser, state, expires_at, kind) VALUES ($1, $2, $3, $4)
         ON CONFLICT (browser)
         DO UPDATE SET state = excluded.state, expires_at = excluded.expires_at, kind = excluded.kind",
            &[
                &ceremony.browser.as_bytes().to_vec(),
                &ceremony.state,
                &now.plus(ceremony.good_for).as_millis(),
                &ceremony.kind.as_str(),
            ],
        )
        .await?;
    connection
        .execute(
            "DELETE FROM ceremonies WHERE browser IN (
             SELECT browser FROM ceremonies WHERE kind = $1 ORDER BY expires_at DESC OFFSET $2)",
            &[&ceremony.kind.as_str(), &bounded(MOST_CEREMONIES)],
        )
        .await?;
    Ok(())
}

pub(crate) async fn take(
    connection: &Connection,
    time: Time,
    browser: SecretHash,
) -> Result<Option<String>, Fault> {
    let taken: Option<(String, i64)> = connection
        .any(
            "DELETE FROM ceremonies WHERE browser = $1 RETURNING state, expires_at",
            &[&browser.as_bytes().to_vec()],
        )
        .await?;
    let now = Marks::read(connection, &time).await?.now;
    Ok(taken
        .filter(|(_, expires_at)| !has_passed(Timestamp::from_millis(*expires_at), now))
        .map(|(state, _)| state))
}
