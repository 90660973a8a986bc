//! Credentials: sign-in links and API tokens, by the hashes of their secrets.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, CredentialId, CredentialKind, CredentialOwner, OrgId, Person, SecretHash, Standing,
    Timestamp,
};
use countersign_store::{Credential, NewBrowserSession, NewCredential};

use crate::{
    browser,
    connection::Connection,
    fault::{Fault, limit as bounded},
    marks::{self, Marks, Time},
    rows::Columns,
    snapshots::array,
    sql::Sql,
    volley::{Volley, held},
};
use countersign_store::alike::Wanted;

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

impl Columns for Row {
    fn of(row: &tokio_postgres::Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.try_get(0)?,
            owner: row.try_get(1)?,
            kind: row.try_get(2)?,
            minted_by: row.try_get(3)?,
            created_at: row.try_get(4)?,
            expires_at: row.try_get(5)?,
            spent_at: row.try_get(6)?,
            in_use: row.try_get(7)?,
            standing: row.try_get(8)?,
        })
    }
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
pub(crate) fn select(now: Timestamp) -> Sql {
    let mut sql = Sql::new(
        "SELECT credentials.id, credentials.owner, kind, minted_by, created_at, expires_at,
                spent_at, ",
    );
    in_use(&mut sql, now)
        .push(", standing FROM credentials LEFT JOIN admin_credentials USING (id) WHERE ");
    sql
}

/// Whether a browser is signed in by a credential.
fn in_use(sql: &mut Sql, now: Timestamp) -> &mut Sql {
    sql.push(
        "EXISTS (SELECT 1 FROM browser_sessions WHERE credential = credentials.id AND ends_at > ",
    )
    .push_bind(now.as_millis())
    .push(")")
}

async fn one(
    connection: &Connection,
    chosen: &Sql,
    now: Timestamp,
) -> Result<Option<Credential>, Fault> {
    let row: Option<Row> = connection.any(chosen.text(), &chosen.bound()).await?;
    row.map(|row| row.read(now)).transpose()
}

async fn all(
    connection: &Connection,
    chosen: &Sql,
    now: Timestamp,
) -> Result<Vec<Credential>, Fault> {
    let rows: Vec<Row> = connection.all_of(chosen).await?;
    rows.into_iter().map(|row| row.read(now)).collect()
}

/// The credential with this hash, whatever its state, unless it is an operator's browser's.
pub(crate) async fn by_hash(
    connection: &Connection,
    time: &Time,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    hashed(connection, time, hash, "NOT EXISTS").await
}

/// The credential with this hash, whatever its state, if it is an operator's browser's.
pub(crate) async fn of_browser(
    connection: &Connection,
    time: &Time,
    hash: SecretHash,
) -> Result<Option<Credential>, Fault> {
    hashed(connection, time, hash, "EXISTS").await
}

async fn hashed(
    connection: &Connection,
    time: &Time,
    hash: SecretHash,
    in_a_browser: &'static str,
) -> Result<Option<Credential>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let mut chosen = select(now);
    chosen
        .push("credentials.hash = ")
        .push_bind(hash.as_bytes().to_vec());
    chosen.push(" AND ").push(in_a_browser);
    chosen.push(" (SELECT 1 FROM operator_browsers WHERE hash = credentials.hash)");
    one(connection, &chosen, now).await
}

/// The credentials with these ids, whatever their state.
pub(crate) async fn named(
    connection: &Connection,
    ids: &BTreeSet<CredentialId>,
    now: Timestamp,
) -> Result<Vec<Credential>, Fault> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let mut chosen = select(now);
    chosen
        .push("credentials.id = ANY (")
        .push_bind(array(ids))
        .push(")");
    all(connection, &chosen, now).await
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
    connection: &Connection,
    time: &Time,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let mut chosen = select(now);
    chosen
        .push("credentials.org = ")
        .push_bind(org.to_string())
        .push(" ORDER BY seq DESC LIMIT ")
        .push_bind(bounded(limit));
    all(connection, &chosen, now).await
}

/// Those of them that matter and that nobody has accepted or refused, newest first.
pub(crate) async fn waiting(
    connection: &Connection,
    time: &Time,
    org: OrgId,
    limit: usize,
) -> Result<Vec<Credential>, Fault> {
    let now = Marks::read(connection, time).await?.now;
    let mut chosen = select(now);
    chosen
        .push("credentials.org = ")
        .push_bind(org.to_string())
        .push(" AND coalesce(unaccepted, true) AND (");
    in_use(&mut chosen, now)
        .push(" OR (spent_at IS NULL AND expires_at > ")
        .push_bind(now.as_millis())
        .push(")) ORDER BY seq DESC LIMIT ")
        .push_bind(bounded(limit));
    all(connection, &chosen, now).await
}

/// Uses a sign-in link up and starts a browser session in its place; the writer's transaction
/// makes sure that of two uses one wins.
pub(crate) async fn use_login_link(
    connection: &Connection,
    time: Time,
    link: SecretHash,
    session: NewBrowserSession,
) -> Result<bool, Fault> {
    let Some(credential) = by_hash(connection, &time, link).await? else {
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
    let mut volley = Volley::default();
    spend(&mut volley, credential.id, now);
    connection.ask(&volley).await?;
    browser::start(connection, person, credential.id, &session, now).await?;
    marks::advance(connection, now).await?;
    Ok(true)
}

/// Whatever has been refused or removed opens nothing any more, and whoever came by it is out.
pub(crate) fn end(volley: &mut Volley, id: CredentialId, now: Timestamp) {
    spend(volley, id, now);
    volley.push(
        "UPDATE passkeys SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
        held![now.as_millis(), id.to_string()],
    );
    volley.push(
        "DELETE FROM browser_sessions WHERE credential = $1",
        held![id.to_string()],
    );
}

/// Spends a credential: it is used up or revoked, and opens nothing from then on.
pub(crate) fn spend(volley: &mut Volley, id: CredentialId, now: Timestamp) {
    volley.push(
        "UPDATE credentials SET spent_at = $1 WHERE id = $2 AND spent_at IS NULL",
        held![now.as_millis(), id.to_string()],
    );
}

/// A credential that is made.
pub(crate) fn insert(
    volley: &mut Volley,
    new: &NewCredential,
    org: Option<OrgId>,
    by: &Actor,
    at: Timestamp,
) -> Result<(), Fault> {
    volley.push(
        "INSERT INTO credentials
                     (id, hash, owner, org, kind, minted_by, created_at, expires_at)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        held![
            new.id.to_string(),
            new.hash.as_bytes().to_vec(),
            serde_json::to_string(&new.owner)?,
            org.map(|org| org.to_string()),
            serde_json::to_string(&new.kind)?,
            serde_json::to_string(by)?,
            at.as_millis(),
            new.expires_at.as_millis(),
        ],
    );
    Ok(())
}
