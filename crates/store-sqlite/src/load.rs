//! Loading slices: what is named, and everything a decision about it looks at.

use std::collections::BTreeSet;

use countersign_domain::{AgentId, OrgId, SessionId, Timestamp, WayIn};
use countersign_store::{Clock, Key, ORGS_OF_A_DOMAIN, Slice};
use sqlx::SqliteConnection;

use crate::{
    credentials,
    fault::{Fault, limit},
    marks::Marks,
    snapshots::{self, array},
    versions,
};
use countersign_store::alike::{Parts, Wanted, known_by};

/// The slice that `keys` name.
pub(crate) async fn slice(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    keys: &[Key],
) -> Result<Slice, Fault> {
    let mut wanted = Wanted::default();
    let mut running = Running::default();
    let mut found = vec![];
    for key in keys {
        if let Key::Credential(id) = key {
            found.extend(credentials::by_id(connection, clock, *id).await?);
        }
        resolve(connection, key, &mut wanted, &mut running).await?;
    }
    wanted.extend(credentials::owners(&found));
    let parts = snapshots::load(connection, &wanted).await?;
    let slice = finish(connection, clock, parts, running).await?;
    Ok(Slice {
        credentials: found,
        ..slice
    })
}

/// Agents whose running sessions are asked for.
#[derive(Default)]
struct Running {
    agents: BTreeSet<AgentId>,
    last_requests: Vec<(SessionId, Timestamp)>,
}

impl Running {
    async fn load(
        &mut self,
        connection: &mut SqliteConnection,
        agent: AgentId,
        wanted: &mut Wanted,
    ) -> Result<(), Fault> {
        let sessions: Vec<(String, String, i64)> = sqlx::query_as(
            "SELECT id, case_id, last_request_at FROM sessions WHERE agent = ? AND ended = 0",
        )
        .bind(agent.to_string())
        .fetch_all(connection)
        .await?;
        for (session, case, at) in sessions {
            wanted.cases.insert(case.parse()?);
            let at = Timestamp::from_millis(at);
            self.last_requests.push((session.parse()?, at));
        }
        self.agents.insert(agent);
        Ok(())
    }
}

/// Adds what a key names, if it names anything.
async fn resolve(
    connection: &mut SqliteConnection,
    key: &Key,
    wanted: &mut Wanted,
    running: &mut Running,
) -> Result<(), Fault> {
    let query = match key {
        Key::RunningSessions(agent) => return running.load(connection, *agent, wanted).await,
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
        Key::Host(host) => sqlx::query_scalar("SELECT org FROM org_hosts WHERE host = ?")
            .bind(host.as_str().to_owned()),
        Key::AdminEmail(slug, email) => sqlx::query_scalar(
            "SELECT id FROM admins
             WHERE org = (SELECT id FROM orgs WHERE slug = ?) AND email = ?",
        )
        .bind(slug.as_str().to_owned())
        .bind(email.as_str().to_owned()),
        Key::AgentEmail(email) => sqlx::query_scalar("SELECT id FROM agents WHERE email = ?")
            .bind(email.as_str().to_owned()),
        Key::AgentKnownBy(subject) => {
            sqlx::query_scalar("SELECT id FROM agents WHERE json_extract(doc, '$.known_by') = ?")
                .bind(known_by(*subject)?)
        }
        Key::Operator(id) => {
            wanted.operators.insert(*id);
            return Ok(());
        }
        Key::CaseNumber(number) => sqlx::query_scalar("SELECT id FROM cases WHERE number = ?")
            .bind(number.as_str().to_owned()),
        Key::CaseNumbers(numbers) => sqlx::query_scalar(
            "SELECT id FROM cases WHERE number IN (SELECT value FROM json_each(?))",
        )
        .bind(array(numbers)?),
        Key::Session(id) => {
            sqlx::query_scalar("SELECT case_id FROM sessions WHERE id = ?").bind(id.to_string())
        }
        Key::ReachableCases(slug) => sqlx::query_scalar(
            "SELECT id FROM cases
             WHERE org = (SELECT id FROM orgs WHERE slug = ?) AND reachable = 1",
        )
        .bind(slug.as_str().to_owned()),
        Key::CasesWithSessions(slug) => sqlx::query_scalar(
            "SELECT DISTINCT case_id FROM sessions
             WHERE ended = 0 AND org = (SELECT id FROM orgs WHERE slug = ?)",
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
             UNION ALL SELECT id FROM admin_credentials WHERE org IN named AND way IN (?, ?)",
        )
        .bind(slug.as_str().to_owned())
        .bind(snapshots::way(WayIn::Passkey)?)
        .bind(snapshots::way(WayIn::OpenId)?),
        Key::MailDomain(domain) => {
            sqlx::query_scalar("SELECT org FROM mail_domains WHERE domain = ? ORDER BY org LIMIT ?")
                .bind(domain.as_str().to_owned())
                .bind(limit(ORGS_OF_A_DOMAIN))
        }
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
        Key::Slug(_) | Key::Host(_) | Key::Org(_) | Key::MailDomain(_) => {
            _ = wanted.orgs.insert(id.parse()?);
        }
        Key::AdminEmail(..) | Key::Admin(_) => _ = wanted.admins.insert(id.parse()?),
        Key::AgentEmail(_) | Key::AgentKnownBy(_) | Key::Agent(_) => {
            _ = wanted.agents.insert(id.parse()?);
        }
        Key::Operator(_) => _ = wanted.operators.insert(id.parse()?),
        Key::Credential(_) => _ = wanted.credentials.insert(id.parse()?),
        Key::Keyholders(_) => match id.parse() {
            Ok(admin) => _ = wanted.admins.insert(admin),
            Err(_) => _ = wanted.credentials.insert(id.parse()?),
        },
        Key::CaseNumber(_)
        | Key::CaseNumbers(_)
        | Key::Session(_)
        | Key::Case(_)
        | Key::ReachableCases(_)
        | Key::CasesWithSessions(_)
        | Key::SubjectSessions(..)
        | Key::AgentSessions(_)
        | Key::RunningSessions(_) => {
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
         UNION ALL SELECT 1, doc FROM admins WHERE org = ?1 AND email <> id
         UNION ALL SELECT 2, doc FROM agents WHERE email <> id",
    )
    .bind(org.map(|org| org.to_string()))
    .fetch_all(&mut *connection)
    .await?;
    let parts = snapshots::parse(rows)?;
    finish(connection, clock, parts, Running::default()).await
}

async fn finish(
    connection: &mut SqliteConnection,
    clock: &dyn Clock,
    parts: Parts,
    running: Running,
) -> Result<Slice, Fault> {
    let state = snapshots::close(connection, parts).await?;
    let state = state.with_last_requests(running.last_requests);
    let agents = running.agents.into_iter();
    let versions = versions::of_slice(connection, &state, agents).await?;
    let marks = Marks::read(connection).await?;
    Ok(Slice {
        state,
        credentials: vec![],
        versions,
        now: marks.now(clock),
        head: marks.head,
        barrier: marks.barrier,
    })
}
