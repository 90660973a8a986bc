//! Loading slices: what is named, and everything a decision about it looks at.

use countersign_domain::{OrgId, WayIn};
use countersign_store::{Clock, Key, Slice};
use sqlx::SqliteConnection;

use crate::{
    fault::Fault,
    marks::Marks,
    snapshots::{self, Parts, Wanted},
    versions,
};

/// The slice that `keys` name.
pub(crate) async fn slice(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    keys: &[Key],
) -> Result<Slice, Fault> {
    let mut wanted = Wanted::default();
    for key in keys {
        resolve(connection, key, &mut wanted).await?;
    }
    let parts = snapshots::load(connection, &wanted).await?;
    finish(connection, clock, parts).await
}

/// Adds what a key names, if it names anything.
async fn resolve(
    connection: &mut SqliteConnection,
    key: &Key,
    wanted: &mut Wanted,
) -> Result<(), Fault> {
    let query = match key {
        Key::Org(id) => {
            wanted.orgs.insert(*id);
            return Ok(());
        }
        Key::Admin(id) => {
            wanted.admins.insert(*id);
            return Ok(());
        }
        Key::Agent(id) => {
            wanted.agents.insert(*id);
            return Ok(());
        }
        Key::Case(id) => {
            wanted.cases.insert(*id);
            return Ok(());
        }
        Key::Slug(slug) => {
            sqlx::query_scalar("SELECT id FROM orgs WHERE slug = ?").bind(slug.as_str().to_owned())
        }
        Key::AdminEmail(slug, email) => sqlx::query_scalar(
            "SELECT id FROM admins
             WHERE org = (SELECT id FROM orgs WHERE slug = ?) AND email = ?",
        )
        .bind(slug.as_str().to_owned())
        .bind(email.as_str().to_owned()),
        Key::AgentEmail(email) => sqlx::query_scalar("SELECT id FROM agents WHERE email = ?")
            .bind(email.as_str().to_owned()),
        Key::CaseNumber(number) => sqlx::query_scalar("SELECT id FROM cases WHERE number = ?")
            .bind(number.as_str().to_owned()),
        Key::Session(id) => {
            sqlx::query_scalar("SELECT case_id FROM sessions WHERE id = ?").bind(id.to_string())
        }
        Key::ReachableCases(slug) => sqlx::query_scalar(
            "SELECT id FROM cases
             WHERE org = (SELECT id FROM orgs WHERE slug = ?) AND reachable = 1",
        )
        .bind(slug.as_str().to_owned()),
        Key::SubjectSessions(slug, email) => sqlx::query_scalar(
            "SELECT DISTINCT case_id FROM sessions
             WHERE ended = 0 AND subject = (
                 SELECT id FROM admins
                 WHERE org = (SELECT id FROM orgs WHERE slug = ?) AND email = ?)",
        )
        .bind(slug.as_str().to_owned())
        .bind(email.as_str().to_owned()),
        Key::Credential(id) => {
            wanted.credentials.insert(*id);
            return Ok(());
        }
        Key::Keyholders(slug) => sqlx::query_scalar(
            "WITH named AS (SELECT id FROM orgs WHERE slug = ?)
             SELECT id FROM admins WHERE org IN named
             UNION ALL SELECT id FROM admin_credentials WHERE org IN named AND way = ?",
        )
        .bind(slug.as_str().to_owned())
        .bind(snapshots::way(WayIn::Passkey)?),
        Key::AgentSessions(email) => sqlx::query_scalar(
            "SELECT DISTINCT case_id FROM sessions
             WHERE ended = 0 AND agent = (SELECT id FROM agents WHERE email = ?)",
        )
        .bind(email.as_str().to_owned()),
    };
    let found: Vec<String> = query.fetch_all(connection).await?;
    for id in found {
        want(key, &id, wanted)?;
    }
    Ok(())
}

fn want(key: &Key, id: &str, wanted: &mut Wanted) -> Result<(), Fault> {
    match key {
        Key::Slug(_) | Key::Org(_) => _ = wanted.orgs.insert(id.parse()?),
        Key::AdminEmail(..) | Key::Admin(_) => _ = wanted.admins.insert(id.parse()?),
        Key::AgentEmail(_) | Key::Agent(_) => _ = wanted.agents.insert(id.parse()?),
        Key::Credential(_) => _ = wanted.credentials.insert(id.parse()?),
        Key::Keyholders(_) => match id.parse() {
            Ok(admin) => _ = wanted.admins.insert(admin),
            Err(_) => _ = wanted.credentials.insert(id.parse()?),
        },
        Key::CaseNumber(_)
        | Key::Session(_)
        | Key::Case(_)
        | Key::ReachableCases(_)
        | Key::SubjectSessions(..)
        | Key::AgentSessions(_) => {
            wanted.cases.insert(id.parse()?);
        }
    }
    Ok(())
}

/// Every org and every agent; of one org, its customer users and every agent.
pub(crate) async fn directory(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    org: Option<OrgId>,
) -> Result<Slice, Fault> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT 0, doc FROM orgs WHERE ?1 IS NULL OR id = ?1
         UNION ALL SELECT 1, doc FROM admins WHERE org = ?1
         UNION ALL SELECT 2, doc FROM agents",
    )
    .bind(org.map(|org| org.to_string()))
    .fetch_all(&mut *connection)
    .await?;
    let parts = snapshots::parse(rows)?;
    finish(connection, clock, parts).await
}

async fn finish(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    parts: Parts,
) -> Result<Slice, Fault> {
    let state = snapshots::close(connection, parts).await?;
    let versions = versions::of_slice(connection, &state).await?;
    let marks = Marks::read(connection).await?;
    Ok(Slice {
        state,
        versions,
        now: marks.now(clock),
        head: marks.head,
        barrier: marks.barrier,
    })
}
