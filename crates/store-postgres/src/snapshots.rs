//! Orgs, people and cases as the domain folds them, kept as JSON: no rule is written again in SQL.
//! As text, and what is looked for in columns of its own: the text is read by the domain only.

use countersign_domain::{AgentId, Case, OpenedBy, OperatorPerson, Org, Standing, State, WayIn};

use crate::{
    connection::Connection,
    fault::Fault,
    volley::{Answers, Volley, held},
};
use countersign_store::alike::{Parts, Wanted, address_of, external_id, mail_domains};

/// Ids, for `= ANY ($1)`.
pub(crate) fn array<T: ToString>(ids: impl IntoIterator<Item = T>) -> Vec<String> {
    ids.into_iter().map(|id| id.to_string()).collect()
}

/// The snapshots named, as far as they exist.
pub(crate) async fn load(connection: &Connection, wanted: &Wanted) -> Result<Parts, Fault> {
    let mut volley = Volley::default();
    ask(&mut volley, wanted);
    answered(&mut connection.ask(&volley).await?)
}

/// Asks for the snapshots named, as far as they exist.
pub(crate) fn ask(volley: &mut Volley, wanted: &Wanted) {
    volley.push(
        "SELECT 0, doc FROM orgs WHERE id = ANY ($1)
         UNION ALL SELECT 1, doc FROM admins WHERE id = ANY ($2)
         UNION ALL SELECT 2, doc FROM agents WHERE id = ANY ($3)
         UNION ALL SELECT 3, doc FROM cases WHERE id = ANY ($4)
         UNION ALL SELECT 4, doc FROM admin_credentials
                   WHERE id = ANY ($5)
         UNION ALL SELECT 5, doc FROM operator_people WHERE credential = ANY ($6)",
        held![
            array(&wanted.orgs),
            array(&wanted.admins),
            array(&wanted.agents),
            array(&wanted.cases),
            array(&wanted.credentials),
            array(&wanted.operators),
        ],
    );
}

/// Snapshots that were asked for, as kind and JSON.
pub(crate) fn answered(answers: &mut Answers) -> Result<Parts, Fault> {
    parse(answers.all()?)
}

/// Snapshots from rows of kind and JSON.
pub(crate) fn parse(rows: Vec<(i32, String)>) -> Result<Parts, Fault> {
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

/// Which snapshots these are.
pub(crate) fn named(parts: &Parts) -> Wanted {
    Wanted {
        orgs: parts.orgs.iter().map(|org| org.id).collect(),
        admins: parts.admins.iter().map(|admin| admin.id).collect(),
        agents: parts.agents.iter().map(|agent| agent.id).collect(),
        cases: parts.cases.iter().map(|case| case.id).collect(),
        credentials: parts.credentials.iter().map(|one| one.id).collect(),
        operators: parts.operators.iter().map(|one| one.credential).collect(),
    }
}

/// Adds everything the snapshots mention, and what that mentions.
pub(crate) async fn close(connection: &Connection, mut parts: Parts) -> Result<State, Fault> {
    let mut asked = named(&parts);
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
pub(crate) fn save(volley: &mut Volley, before: &State, after: &State) -> Result<(), Fault> {
    for org in after.orgs().filter(|org| before.org(org.id) != Some(org)) {
        let had = before.org(org.id).map_or(&[][..], |org| &org.hosts);
        for gone in had.iter().filter(|host| !org.hosts.contains(host)) {
            volley.push(
                "DELETE FROM org_hosts WHERE host = $1",
                held![gone.to_string()],
            );
        }
        volley.push(
            "INSERT INTO orgs (id, slug, doc) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET slug = excluded.slug, doc = excluded.doc",
            held![
                org.id.to_string(),
                org.slug.to_string(),
                serde_json::to_string(org)?,
            ],
        );
        save_domains(volley, before.org(org.id), org);
        for host in org.hosts.iter().filter(|host| !had.contains(host)) {
            volley.push(
                "INSERT INTO org_hosts (host, org) VALUES ($1, $2)",
                held![host.to_string(), org.id.to_string()],
            );
        }
    }
    for admin in after
        .admins()
        .filter(|admin| before.admin(admin.id) != Some(admin))
    {
        volley.push(
            "INSERT INTO admins (id, org, email, external_id, doc) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (id) DO UPDATE
             SET email = excluded.email, external_id = excluded.external_id, doc = excluded.doc",
            held![
                admin.id.to_string(),
                admin.org.to_string(),
                address_of(&admin.id, &admin.email, admin.removed),
                external_id(&admin.profile, admin.removed),
                serde_json::to_string(admin)?,
            ],
        );
    }
    for agent in after
        .agents()
        .filter(|agent| before.agent(agent.id) != Some(agent))
    {
        volley.push(
            "INSERT INTO agents (id, email, external_id, doc) VALUES ($1, $2, $3, $4)
             ON CONFLICT (id) DO UPDATE
             SET email = excluded.email, external_id = excluded.external_id, doc = excluded.doc",
            held![
                agent.id.to_string(),
                address_of(&agent.id, &agent.email, agent.removed),
                external_id(&agent.profile, agent.removed),
                serde_json::to_string(agent)?,
            ],
        );
    }
    for case in after.cases() {
        let earlier = before.case(case.id);
        if earlier != Some(case) {
            save_case(volley, earlier, case)?;
        }
    }
    let new = |one: &&OperatorPerson| before.operator(one.credential).is_none();
    for one in after.operators().filter(new) {
        volley.push(
            "INSERT INTO operator_people (credential, doc) VALUES ($1, $2)",
            held![one.credential.to_string(), serde_json::to_string(one)?],
        );
    }
    save_credentials(volley, before, after)
}

/// Keeps the rows of the domains that its OpenID providers speak for.
fn save_domains(volley: &mut Volley, before: Option<&Org>, org: &Org) {
    let (was, is) = (
        before.map(mail_domains).unwrap_or_default(),
        mail_domains(org),
    );
    for gone in was.difference(&is) {
        volley.push(
            "DELETE FROM mail_domains WHERE domain = $1 AND org = $2",
            held![gone.to_string(), org.id.to_string()],
        );
    }
    for new in is.difference(&was) {
        volley.push(
            "INSERT INTO mail_domains (domain, org) VALUES ($1, $2)",
            held![new.to_string(), org.id.to_string()],
        );
    }
}

fn save_credentials(volley: &mut Volley, before: &State, after: &State) -> Result<(), Fault> {
    for one in after
        .credentials()
        .filter(|one| before.credential(one.id) != Some(one))
    {
        volley.push(
            "INSERT INTO admin_credentials (id, org, owner, way, unaccepted, standing, doc)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (id) DO UPDATE
                 SET unaccepted = excluded.unaccepted, standing = excluded.standing,
                     doc = excluded.doc",
            held![
                one.id.to_string(),
                one.org.to_string(),
                one.owner.map(|owner| owner.to_string()),
                way(one.way)?,
                matches!(one.standing, Standing::Unaccepted),
                serde_json::to_string(&one.standing)?,
                serde_json::to_string(one)?,
            ],
        );
    }
    for gone in before
        .credentials()
        .filter(|one| after.credential(one.id).is_none())
    {
        volley.push(
            "DELETE FROM admin_credentials WHERE id = $1",
            held![gone.id.to_string()],
        );
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

fn save_case(volley: &mut Volley, before: Option<&Case>, case: &Case) -> Result<(), Fault> {
    let opener = match case.opened_by.who {
        OpenedBy::Admin(id) => Some(id.to_string()),
        OpenedBy::Agent(_) => None,
    };
    let reachable = case.access.unrevoked().is_some() || !case.sessions.is_empty();
    volley.push(
        "INSERT INTO cases (id, org, number, title, opened_by_admin, open, reachable, doc)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE
         SET open = excluded.open, reachable = excluded.reachable, doc = excluded.doc",
        held![
            case.id.to_string(),
            case.org.to_string(),
            case.number.to_string(),
            case.title.to_string(),
            opener,
            case.is_open(),
            reachable,
            serde_json::to_string(case)?,
        ],
    );
    save_grant(volley, before, case)?;
    let was_on = |agent: &AgentId| before.is_some_and(|case| case.team.contains_key(agent));
    for agent in case.team.keys().filter(|agent| !was_on(agent)) {
        volley.push(
            "INSERT INTO case_team (agent, number, case_id) VALUES ($1, $2, $3)",
            held![
                agent.to_string(),
                case.number.to_string(),
                case.id.to_string(),
            ],
        );
    }
    let earlier = before.into_iter().flat_map(|case| case.team.keys());
    for agent in earlier.filter(|agent| !case.team.contains_key(agent)) {
        volley.push(
            "DELETE FROM case_team WHERE agent = $1 AND number = $2",
            held![agent.to_string(), case.number.to_string()],
        );
    }
    Ok(())
}

/// Keeps the row of the case's grant that has not been revoked.
fn save_grant(volley: &mut Volley, before: Option<&Case>, case: &Case) -> Result<(), Fault> {
    let earlier = before.and_then(|case| case.access.unrevoked());
    match case.access.unrevoked() {
        grant if grant == earlier => {}
        Some(grant) => {
            volley.push(
                "INSERT INTO unrevoked_grants (case_id, org, doc) VALUES ($1, $2, $3)
                 ON CONFLICT (case_id) DO UPDATE SET doc = excluded.doc",
                held![
                    case.id.to_string(),
                    case.org.to_string(),
                    serde_json::to_string(grant)?,
                ],
            );
        }
        None => {
            volley.push(
                "DELETE FROM unrevoked_grants WHERE case_id = $1",
                held![case.id.to_string()],
            );
        }
    }
    Ok(())
}
