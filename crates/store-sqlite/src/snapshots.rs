//! Orgs, people and cases as the domain folds them, kept as JSON: no rule is written again in SQL.

use countersign_domain::{AgentId, Case, OpenedBy, OperatorPerson, Org, State, WayIn};
use serde::Serialize;
use sqlx::SqliteConnection;

use crate::fault::Fault;
use countersign_store::alike::{Parts, Wanted, address_of, external_id, mail_domains};

/// Ids as a JSON array, for `IN (SELECT value FROM json_each(?))`.
pub(crate) fn array(ids: &impl Serialize) -> Result<String, Fault> {
    Ok(serde_json::to_string(ids)?)
}

/// The snapshots named, as far as they exist.
pub(crate) async fn load(
    connection: &mut SqliteConnection,
    wanted: &Wanted,
) -> Result<Parts, Fault> {
    let rows: Vec<(i64, String)> = sqlx::query_as(
        "SELECT 0, doc FROM orgs WHERE id IN (SELECT value FROM json_each(?1))
         UNION ALL SELECT 1, doc FROM admins WHERE id IN (SELECT value FROM json_each(?2))
         UNION ALL SELECT 2, doc FROM agents WHERE id IN (SELECT value FROM json_each(?3))
         UNION ALL SELECT 3, doc FROM cases WHERE id IN (SELECT value FROM json_each(?4))
         UNION ALL SELECT 4, doc FROM admin_credentials
                   WHERE id IN (SELECT value FROM json_each(?5))
         UNION ALL SELECT 5, doc FROM operator_people
                   WHERE credential IN (SELECT value FROM json_each(?6))",
    )
    .bind(array(&wanted.orgs)?)
    .bind(array(&wanted.admins)?)
    .bind(array(&wanted.agents)?)
    .bind(array(&wanted.cases)?)
    .bind(array(&wanted.credentials)?)
    .bind(array(&wanted.operators)?)
    .fetch_all(&mut *connection)
    .await?;
    parse(rows)
}

/// Snapshots from rows of kind and JSON.
pub(crate) fn parse(rows: Vec<(i64, String)>) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    for (kind, doc) in rows {
        match kind {
            0 => parts.orgs.push(serde_json::from_str(&doc)?),
            1 => parts.admins.push(serde_json::from_str(&doc)?),
            2 => parts.agents.push(serde_json::from_str(&doc)?),
            3 => parts.cases.push(serde_json::from_str(&doc)?),
            4 => parts.credentials.push(serde_json::from_str(&doc)?),
            _ => parts.operators.push(serde_json::from_str(&doc)?),
        }
    }
    Ok(parts)
}

/// Adds everything the snapshots mention, and what that mentions.
pub(crate) async fn close(
    connection: &mut SqliteConnection,
    mut parts: Parts,
) -> Result<State, Fault> {
    let mut asked = Wanted {
        orgs: parts.orgs.iter().map(|org| org.id).collect(),
        admins: parts.admins.iter().map(|admin| admin.id).collect(),
        agents: parts.agents.iter().map(|agent| agent.id).collect(),
        cases: parts.cases.iter().map(|case| case.id).collect(),
        credentials: parts.credentials.iter().map(|one| one.id).collect(),
        operators: parts.operators.iter().map(|one| one.credential).collect(),
    };
    loop {
        let missing = parts.mentioned().without(&asked);
        if missing.is_empty() {
            return Ok(parts.into_state());
        }
        parts.extend(load(connection, &missing).await?);
        asked.extend(missing);
    }
}

/// Writes the snapshots that changed.
pub(crate) async fn save(
    connection: &mut SqliteConnection,
    before: &State,
    after: &State,
) -> Result<(), Fault> {
    for org in after.orgs().filter(|org| before.org(org.id) != Some(org)) {
        let had = before.org(org.id).map_or(&[][..], |org| &org.hosts);
        for gone in had.iter().filter(|host| !org.hosts.contains(host)) {
            sqlx::query("DELETE FROM org_hosts WHERE host = ?")
                .bind(gone.as_str())
                .execute(&mut *connection)
                .await?;
        }
        sqlx::query(
            "INSERT INTO orgs (id, slug, doc) VALUES (?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, doc = excluded.doc",
        )
        .bind(org.id.to_string())
        .bind(org.slug.as_str())
        .bind(serde_json::to_string(org)?)
        .execute(&mut *connection)
        .await?;
        save_domains(connection, before.org(org.id), org).await?;
        for host in org.hosts.iter().filter(|host| !had.contains(host)) {
            sqlx::query("INSERT INTO org_hosts (host, org) VALUES (?, ?)")
                .bind(host.as_str())
                .bind(org.id.to_string())
                .execute(&mut *connection)
                .await?;
        }
    }
    for admin in after
        .admins()
        .filter(|admin| before.admin(admin.id) != Some(admin))
    {
        sqlx::query(
            "INSERT INTO admins (id, org, email, external_id, doc) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE
             SET email = excluded.email, external_id = excluded.external_id, doc = excluded.doc",
        )
        .bind(admin.id.to_string())
        .bind(admin.org.to_string())
        .bind(address_of(&admin.id, &admin.email, admin.removed))
        .bind(external_id(&admin.profile, admin.removed))
        .bind(serde_json::to_string(admin)?)
        .execute(&mut *connection)
        .await?;
    }
    for agent in after
        .agents()
        .filter(|agent| before.agent(agent.id) != Some(agent))
    {
        sqlx::query(
            "INSERT INTO agents (id, email, external_id, doc) VALUES (?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE
             SET email = excluded.email, external_id = excluded.external_id, doc = excluded.doc",
        )
        .bind(agent.id.to_string())
        .bind(address_of(&agent.id, &agent.email, agent.removed))
        .bind(external_id(&agent.profile, agent.removed))
        .bind(serde_json::to_string(agent)?)
        .execute(&mut *connection)
        .await?;
    }
    for case in after.cases() {
        let earlier = before.case(case.id);
        if earlier != Some(case) {
            save_case(connection, earlier, case).await?;
        }
    }
    let new = |one: &&OperatorPerson| before.operator(one.credential).is_none();
    for one in after.operators().filter(new) {
        sqlx::query("INSERT INTO operator_people (credential, doc) VALUES (?, ?)")
            .bind(one.credential.to_string())
            .bind(serde_json::to_string(one)?)
            .execute(&mut *connection)
            .await?;
    }
    save_credentials(connection, before, after).await
}

/// Keeps the rows of the domains that its OpenID providers speak for.
async fn save_domains(
    connection: &mut SqliteConnection,
    before: Option<&Org>,
    org: &Org,
) -> Result<(), Fault> {
    let (was, is) = (
        before.map(mail_domains).unwrap_or_default(),
        mail_domains(org),
    );
    for gone in was.difference(&is) {
        sqlx::query("DELETE FROM mail_domains WHERE domain = ? AND org = ?")
            .bind(gone.as_str())
            .bind(org.id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    for new in is.difference(&was) {
        sqlx::query("INSERT INTO mail_domains (domain, org) VALUES (?, ?)")
            .bind(new.as_str())
            .bind(org.id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn save_credentials(
    connection: &mut SqliteConnection,
    before: &State,
    after: &State,
) -> Result<(), Fault> {
    for one in after
        .credentials()
        .filter(|one| before.credential(one.id) != Some(one))
    {
        sqlx::query(
            "INSERT INTO admin_credentials (id, org, owner, way, doc) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
        )
        .bind(one.id.to_string())
        .bind(one.org.to_string())
        .bind(one.owner.map(|owner| owner.to_string()))
        .bind(way(one.way)?)
        .bind(serde_json::to_string(one)?)
        .execute(&mut *connection)
        .await?;
    }
    for gone in before
        .credentials()
        .filter(|one| after.credential(one.id).is_none())
    {
        sqlx::query("DELETE FROM admin_credentials WHERE id = ?")
            .bind(gone.id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// A way in as its column has it: the name the domain's own document uses.
pub(crate) fn way(way: WayIn) -> Result<String, Fault> {
    match serde_json::to_value(way)? {
        serde_json::Value::String(name) => Ok(name),
        other => Err(Fault::Damaged(format!("{other} is not a name"))),
    }
}

async fn save_case(
    connection: &mut SqliteConnection,
    before: Option<&Case>,
    case: &Case,
) -> Result<(), Fault> {
    let opener = match case.opened_by.who {
        OpenedBy::Admin(id) => Some(id.to_string()),
        OpenedBy::Agent(_) => None,
    };
    let reachable = case.access.unrevoked().is_some() || !case.sessions.is_empty();
    sqlx::query(
        "INSERT INTO cases (id, org, number, opened_by_admin, open, reachable, doc)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE
         SET open = excluded.open, reachable = excluded.reachable, doc = excluded.doc",
    )
    .bind(case.id.to_string())
    .bind(case.org.to_string())
    .bind(case.number.as_str())
    .bind(opener)
    .bind(case.is_open())
    .bind(reachable)
    .bind(serde_json::to_string(case)?)
    .execute(&mut *connection)
    .await?;
    save_grant(connection, before, case).await?;
    let was_on = |agent: &AgentId| before.is_some_and(|case| case.team.contains_key(agent));
    for agent in case.team.keys().filter(|agent| !was_on(agent)) {
        sqlx::query("INSERT INTO case_team (agent, number, case_id) VALUES (?, ?, ?)")
            .bind(agent.to_string())
            .bind(case.number.as_str())
            .bind(case.id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    let earlier = before.into_iter().flat_map(|case| case.team.keys());
    for agent in earlier.filter(|agent| !case.team.contains_key(agent)) {
        sqlx::query("DELETE FROM case_team WHERE agent = ? AND number = ?")
            .bind(agent.to_string())
            .bind(case.number.as_str())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Keeps the row of the case's grant that has not been revoked.
pub(crate) async fn save_grant(
    connection: &mut SqliteConnection,
    before: Option<&Case>,
    case: &Case,
) -> Result<(), Fault> {
    let earlier = before.and_then(|case| case.access.unrevoked());
    match case.access.unrevoked() {
        grant if grant == earlier => {}
        Some(grant) => {
            sqlx::query(
                "INSERT INTO unrevoked_grants (case_id, org, doc) VALUES (?, ?, ?)
                 ON CONFLICT (case_id) DO UPDATE SET doc = excluded.doc",
            )
            .bind(case.id.to_string())
            .bind(case.org.to_string())
            .bind(serde_json::to_string(grant)?)
            .execute(connection)
            .await?;
        }
        None => {
            sqlx::query("DELETE FROM unrevoked_grants WHERE case_id = ?")
                .bind(case.id.to_string())
                .execute(connection)
                .await?;
        }
    }
    Ok(())
}
