//! Loading slices: what is named, and everything a decision about it looks at.
//!
//! What keys name is read at once; then what that mentions, together with the versions of all that is
//! known by then; and so on as long as something new is mentioned, which is seldom.

use std::collections::{BTreeMap, BTreeSet};

use countersign_domain::{AgentId, OrgId, SessionId, State, StreamId, Timestamp, WayIn};
use countersign_store::{Key, ORGS_OF_A_DOMAIN, Slice, Version};

use crate::{
    credentials,
    fault::{Fault, limit},
    marks::{Marks, Time},
    readers::{Readers, View},
    snapshots::{self, array},
    versions,
    volley::{Answers, Held, Volley, held},
};
use countersign_store::alike::{Parts, Wanted, known_by};

/// The slice that `keys` name.
pub(crate) async fn slice(readers: &Readers, time: &Time, keys: &[Key]) -> Result<Slice, Fault> {
    let mut volley = Volley::default();
    snapshots::ask(&mut volley, &by_id(keys));
    let mut agents = BTreeSet::new();
    let mut named = BTreeSet::new();
    let mut lookups = 0;
    for key in keys {
        match key {
            Key::RunningSessions(agent) => _ = agents.insert(*agent),
            Key::Credential(id) => _ = named.insert(*id),
            _ => {}
        }
        if let Some((query, bound)) = lookup(key)? {
            volley.push(query, bound);
            lookups += 1;
        }
    }
    for agent in &agents {
        running(&mut volley, *agent);
    }
    Marks::ask(&mut volley, time);
    let (view, mut found) = readers.ask(volley).await?;
    let mut parts = snapshots::answered(&mut found)?;
    for _ in 0..lookups {
        parts.extend(snapshots::answered(&mut found)?);
    }
    let mut last_requests = vec![];
    for _ in &agents {
        last_requests.extend(last_request_times(&mut found)?);
        parts.extend(snapshots::answered(&mut found)?);
    }
    let marks = Marks::answered(&mut found)?;
    let credentials = credentials::named(&view, &named, marks.now).await?;
    let wanted = credentials::owners(&credentials);
    let (state, versions) = complete(&view, parts, wanted, agents).await?;
    Ok(Slice {
        state: state.with_last_requests(last_requests),
        credentials,
        versions,
        now: marks.now,
        head: marks.head,
        barrier: marks.barrier,
    })
}

/// What keys name by its id.
fn by_id(keys: &[Key]) -> Wanted {
    let mut wanted = Wanted::default();
    for key in keys {
        match key {
            Key::Org(id) => _ = wanted.orgs.insert(*id),
            Key::Admin(id) => _ = wanted.admins.insert(*id),
            Key::Agent(id) => _ = wanted.agents.insert(*id),
            Key::Case(id) => _ = wanted.cases.insert(*id),
            Key::Credential(id) => _ = wanted.credentials.insert(*id),
            Key::Operator(id) => _ = wanted.operators.insert(*id),
            _ => {}
        }
    }
    wanted
}

/// Asks for the running sessions of an agent, and for their cases.
fn running(volley: &mut Volley, agent: AgentId) {
    volley.push(
        "SELECT id, last_request_at FROM sessions WHERE agent = $1 AND NOT ended",
        held![agent.to_string()],
    );
    volley.push(
        "SELECT 3, doc FROM cases
         WHERE id IN (SELECT case_id FROM sessions WHERE agent = $1 AND NOT ended)",
        held![agent.to_string()],
    );
}

fn last_request_times(answers: &mut Answers) -> Result<Vec<(SessionId, Timestamp)>, Fault> {
    let sessions: Vec<(String, i64)> = answers.all()?;
    sessions
        .into_iter()
        .map(|(session, at)| Ok((session.parse()?, Timestamp::from_millis(at))))
        .collect()
}

/// How what a key names otherwise is found, as snapshots with their kinds.
fn lookup(key: &Key) -> Result<Option<(&'static str, Vec<Held>)>, Fault> {
    Ok(Some(match key {
        Key::Org(_)
        | Key::Admin(_)
        | Key::Agent(_)
        | Key::Case(_)
        | Key::Credential(_)
        | Key::Operator(_)
        | Key::RunningSessions(_) => return Ok(None),
        Key::Slug(slug) => (
            "SELECT 0, doc FROM orgs WHERE slug = $1",
            held![slug.to_string()],
        ),
        Key::Host(host) => (
            "SELECT 0, doc FROM orgs WHERE id = (SELECT org FROM org_hosts WHERE host = $1)",
            held![host.to_string()],
        ),
        Key::AdminEmail(slug, email) => (
            "SELECT 1, doc FROM admins
             WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND email = $2",
            held![slug.to_string(), email.to_string()],
        ),
        Key::AgentEmail(email) => (
            "SELECT 2, doc FROM agents WHERE email = $1",
            held![email.to_string()],
        ),
        Key::AgentKnownBy(subject) => (
            "SELECT 2, doc FROM agents WHERE doc::jsonb ->> 'known_by' = $1",
            held![known_by(*subject)?],
        ),
        Key::CaseNumber(number) => (
            "SELECT 3, doc FROM cases WHERE number = $1",
            held![number.to_string()],
        ),
        Key::CaseNumbers(numbers) => (
            "SELECT 3, doc FROM cases WHERE number = ANY ($1)",
            held![array(numbers)],
        ),
        Key::Session(id) => (
            "SELECT 3, doc FROM cases WHERE id = (SELECT case_id FROM sessions WHERE id = $1)",
            held![id.to_string()],
        ),
        Key::ReachableCases(slug) => (
            "SELECT 3, doc FROM cases
             WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND reachable",
            held![slug.to_string()],
        ),
        Key::CasesWithSessions(slug) => (
            "SELECT 3, doc FROM cases WHERE id IN (
                 SELECT case_id FROM sessions
                 WHERE NOT ended AND org = (SELECT id FROM orgs WHERE slug = $1))",
            held![slug.to_string()],
        ),
        Key::SubjectSessions(slug, email) => (
            "SELECT 3, doc FROM cases WHERE id IN (
                 SELECT case_id FROM sessions
                 WHERE NOT ended AND subject = (
                     SELECT id FROM admins
                     WHERE org = (SELECT id FROM orgs WHERE slug = $1) AND email = $2))",
            held![slug.to_string(), email.to_string()],
        ),
        Key::Keyholders(slug) => (
            "WITH named AS (SELECT id FROM orgs WHERE slug = $1)
             SELECT 1, doc FROM admins WHERE org IN (SELECT id FROM named)
             UNION ALL
             SELECT 4, doc FROM admin_credentials
             WHERE org IN (SELECT id FROM named) AND way IN ($2, $3)",
            held![
                slug.to_string(),
                snapshots::way(WayIn::Passkey)?,
                snapshots::way(WayIn::OpenId)?,
            ],
        ),
        Key::MailDomain(domain) => (
            "SELECT 0, doc FROM orgs WHERE id IN (
                 SELECT org FROM mail_domains WHERE domain = $1 ORDER BY org LIMIT $2)",
            held![domain.to_string(), limit(ORGS_OF_A_DOMAIN)],
        ),
        Key::AgentSessions(email) => (
            "SELECT 3, doc FROM cases WHERE id IN (
                 SELECT case_id FROM sessions
                 WHERE NOT ended AND agent = (SELECT id FROM agents WHERE email = $1))",
            held![email.to_string()],
        ),
    }))
}

/// Every org and every agent; of one org, its customer users and every agent.
pub(crate) async fn directory(
    readers: &Readers,
    time: &Time,
    org: Option<OrgId>,
) -> Result<Slice, Fault> {
    let mut volley = Volley::default();
    volley.push(
        "SELECT 0, doc FROM orgs WHERE $1::text IS NULL OR id = $1
         UNION ALL SELECT 1, doc FROM admins WHERE org = $1 AND email <> id
         UNION ALL SELECT 2, doc FROM agents WHERE email <> id",
        held![org.map(|org| org.to_string())],
    );
    Marks::ask(&mut volley, time);
    let (view, mut found) = readers.ask(volley).await?;
    let parts = snapshots::answered(&mut found)?;
    let marks = Marks::answered(&mut found)?;
    let (state, versions) = complete(&view, parts, Wanted::default(), BTreeSet::new()).await?;
    Ok(Slice {
        state,
        credentials: vec![],
        versions,
        now: marks.now,
        head: marks.head,
        barrier: marks.barrier,
    })
}

/// Adds everything the snapshots mention, and what that mentions, and finds the version of every stream of
/// it: its orgs, people and cases, the starts of the agents whose running sessions were asked for, and the
/// operators, who are in every slice because no key names them.
async fn complete(
    view: &View,
    mut parts: Parts,
    wanted: Wanted,
    starts: BTreeSet<AgentId>,
) -> Result<(State, Vec<(StreamId, Version)>), Fault> {
    let mut asked = snapshots::named(&parts);
    let mut missing = wanted;
    missing.extend(parts.mentioned());
    let mut missing = missing.without(&asked);
    let mut streams: BTreeSet<StreamId> = streams(&asked).collect();
    streams.extend(starts.into_iter().map(StreamId::Starts));
    streams.insert(StreamId::Operators);
    let mut versions = BTreeMap::new();
    while !(missing.is_empty() && streams.is_empty()) {
        streams.extend(self::streams(&missing));
        let mut volley = Volley::default();
        versions::ask(&mut volley, &streams);
        snapshots::ask(&mut volley, &missing);
        let mut found = view.ask(&volley).await?;
        versions.extend(versions::answered(&mut found)?);
        streams.clear();
        asked.extend(missing);
        let more = snapshots::answered(&mut found)?;
        missing = more.mentioned().without(&asked);
        parts.extend(more);
    }
    // What is mentioned and does not exist has none.
    let there: BTreeSet<StreamId> = self::streams(&snapshots::named(&parts)).collect();
    versions.retain(|stream, _| {
        matches!(stream, StreamId::Operators | StreamId::Starts(_)) || there.contains(stream)
    });
    Ok((parts.into_state(), versions.into_iter().collect()))
}

fn streams(of: &Wanted) -> impl Iterator<Item = StreamId> + '_ {
    let orgs = of.orgs.iter().copied().map(StreamId::Org);
    let admins = of.admins.iter().copied().map(StreamId::Admin);
    let agents = of.agents.iter().copied().map(StreamId::Agent);
    let cases = of.cases.iter().copied().map(StreamId::Case);
    orgs.chain(admins).chain(agents).chain(cases)
}
