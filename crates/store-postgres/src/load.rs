//! Loading slices: what is named, and everything a decision about it looks at.

use std::collections::BTreeSet;

use countersign_domain::{AgentId, OrgId, SessionId, Timestamp, WayIn};
use countersign_store::{Key, Slice};
use tokio_postgres::types::ToSql;

use crate::{
    connection::Connection,
    credentials,
    fault::Fault,
    marks::{Marks, Time},
    snapshots::{self, array},
    versions,
};
use countersign_store::alike::{Parts, Wanted};

/// The slice that `keys` name.
pub(crate) async fn slice(
    connection: &Connection,
    time: &Time,
    keys: &[Key],
) -> Result<Slice, Fault> {
    let mut wanted = Wanted::default();
    let mut running = Running::default();
    let mut found = vec![];
    for key in keys {
        if let Key::Credential(id) = key {
            found.extend(credentials::by_id(connection, time, *id).await?);
        }
        resolve(connection, key, &mut wanted, &mut running).await?;
    }
    wanted.extend(credentials::owners(&found));
    let parts = snapshots::load(connection, &wanted).await?;
    let slice = finish(connection, time, parts, running).await?;
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
        connection: &Connection,
        agent: AgentId,
        wanted: &mut Wanted,
    ) -> Result<(), Fault> {
        let sessions: Vec<(String, String, i64)> = connection
            .all(
                "SELECT id, case_id, last_request_at FROM sessions WHERE agent = $1 AND NOT ended",
                &[&agent.to_string()],
            )
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
    connection: &Connection,
    key: &Key,
    wanted: &mut Wanted,
    running: &mut Running,
) -> Result<(), Fault> {
    let (query, bound): (&str, Vec<String>) = match key {
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
        Key::Slug(slug) => (
            "SELECT id FROM orgs WHERE slug = $1",
            vec![slug.to_string()],
        ),
        Key::AdminEmail(slug, email) => (
            "SELECT id FROM admins
             WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND email = $2",
            vec![slug.to_string(), email.to_string()],
        ),
        Key::AgentEmail(email) => (
            "SELECT id FROM agents WHERE email = $1",
            vec![email.to_string()],
        ),
        Key::CaseNumber(number) => (
            "SELECT id FROM cases WHERE number = $1",
            vec![number.to_string()],
        ),
        Key::CaseNumbers(numbers) => {
            let found: Vec<String> = connection
                .values(
                    "SELECT id FROM cases WHERE number = ANY ($1)",
                    &[&array(numbers)],
                )
                .await?;
            return found.iter().try_for_each(|id| want(key, id, wanted));
        }
        Key::Session(id) => (
            "SELECT case_id FROM sessions WHERE id = $1",
            vec![id.to_string()],
        ),
        Key::ReachableCases(slug) => (
            "SELECT id FROM cases
             WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND reachable",
            vec![slug.to_string()],
        ),
        Key::CasesWithSessions(slug) => (
            "SELECT DISTINCT case_id FROM sessions
             WHERE NOT ended AND org = (SELECT id FROM orgs WHERE slug = $1)",
            vec![slug.to_string()],
        ),
        Key::SubjectSessions(slug, email) => (
            "SELECT DISTINCT case_id FROM sessions
             WHERE NOT ended AND subject = (
                 SELECT id FROM admins
                 WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND email = $2)",
            vec![slug.to_string(), email.to_string()],
        ),
        Key::Credential(id) => {
            wanted.credentials.insert(*id);
            return Ok(());
        }
        Key::Keyholders(slug) => (
            "WITH named AS (SELECT id FROM orgs WHERE slug = $1)
             SELECT id FROM admins WHERE org IN (SELECT id FROM named)
             UNION ALL
             SELECT id FROM admin_credentials WHERE org IN (SELECT id FROM named) AND way = $2",
            vec![slug.to_string(), snapshots::way(WayIn::Passkey)?],
        ),
        Key::AgentSessions(email) => (
            "SELECT DISTINCT case_id FROM sessions
             WHERE NOT ended AND agent = (SELECT id FROM agents WHERE email = $1)",
            vec![email.to_string()],
        ),
    };
    let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|one| one as _).collect();
    let found: Vec<String> = connection.values(query, &bound).await?;
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
    connection: &Connection,
    time: &Time,
    org: Option<OrgId>,
) -> Result<Slice, Fault> {
    let rows: Vec<(i32, String)> = connection
        .all(
            "SELECT 0, doc FROM orgs WHERE $1::text IS NULL OR id = $1
         UNION ALL SELECT 1, doc FROM admins WHERE org = $1
         UNION ALL SELECT 2, doc FROM agents",
            &[&org.map(|org| org.to_string())],
        )
        .await?;
    let parts = snapshots::parse(rows)?;
    finish(connection, time, parts, Running::default()).await
}

async fn finish(
    connection: &Connection,
    time: &Time,
    parts: Parts,
    running: Running,
) -> Result<Slice, Fault> {
    let state = snapshots::close(connection, parts).await?;
    let state = state.with_last_requests(running.last_requests);
    let agents = running.agents.into_iter();
    let versions = versions::of_slice(connection, &state, agents).await?;
    let marks = Marks::read(connection, time).await?;
    Ok(Slice {
        state,
        credentials: vec![],
        versions,
        now: marks.now,
        head: marks.head,
        barrier: marks.barrier,
    })
}
