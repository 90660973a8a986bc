//! Recording what support does, and the fence in the same transaction (R18, DESIGN section 4).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use countersign_domain::{
    AgentId, Case, CaseId, CaseNumber, GrantId, OrgId, SessionId, Slug, State, Timestamp,
};
use countersign_entries::{Entry, What, Who};
use countersign_store::{Clock, Draft, Fence, LeaseEpoch, Verdict};
use sqlx::SqliteConnection;

use crate::{
    fault::Fault,
    leases,
    log::Log,
    marks::{self, Marks},
    snapshots::{self, Wanted, array},
};

/// Records a batch: one verdict per draft, in order.
pub(crate) async fn record(
    connection: &mut SqliteConnection,
    clock: Arc<dyn Clock>,
    lease: LeaseEpoch,
    drafts: Vec<Draft>,
) -> Result<Vec<Verdict>, Fault> {
    if !leases::holds(connection, lease).await? {
        return Ok(vec![Verdict::Fenced(Fence::LeaseLost); drafts.len()]);
    }
    let now = Marks::read(connection).await?.now(clock.as_ref());
    let ids: BTreeSet<SessionId> = drafts.iter().map(Draft::session).collect();
    let mut sessions = sessions(connection, &ids, now).await?;
    let orgs: BTreeSet<OrgId> = sessions.values().map(|session| session.org).collect();
    let mut log = Log::open(connection, &orgs).await?;
    let mut passed = BTreeSet::new();
    let mut verdicts = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let id = draft.session();
        let Some(session) = sessions.get_mut(&id) else {
            verdicts.push(Verdict::Fenced(Fence::UnknownSession));
            continue;
        };
        let (what, fence) = session.judge(draft);
        if matches!(what, What::Request(_)) {
            passed.insert(id);
        }
        let index = log.push(&session.entry(id, now, what))?;
        verdicts.push(match fence {
            Some(fence) => Verdict::Fenced(fence),
            None => Verdict::Recorded {
                org: session.org,
                index,
                at: now,
            },
        });
    }
    log.write(connection).await?;
    sqlx::query(
        "UPDATE sessions SET last_request_at = ?
         WHERE id IN (SELECT value FROM json_each(?))",
    )
    .bind(now.as_millis())
    .bind(array(&passed)?)
    .execute(&mut *connection)
    .await?;
    marks::advance(connection, now).await?;
    Ok(verdicts)
}

/// What a batch needs of a session, looked up once.
struct UnderSession {
    org: OrgId,
    slug: Slug,
    case: CaseId,
    number: CaseNumber,
    agent: AgentId,
    agent_email: String,
    subject_email: String,
    grant: GrantId,
    /// Why requests under it must not go on.
    fence: Option<Fence>,
}

impl UnderSession {
    /// What goes on the log, and the fence if a request must not go on.
    fn judge(&self, draft: Draft) -> (What, Option<Fence>) {
        match (draft, self.fence) {
            (Draft::Request { request, .. }, None) => (What::Request(request), None),
            (Draft::Request { request, .. }, Some(fence)) => {
                let code = fence.code().to_owned();
                (What::Refused { request, code }, Some(fence))
            }
            (Draft::Refused { request, code, .. }, _) => (What::Refused { request, code }, None),
            (Draft::Outcome { outcome, .. }, _) => (What::Outcome(outcome), None),
        }
    }

    fn entry(&self, id: SessionId, at: Timestamp, what: What) -> Entry {
        Entry {
            org: self.org,
            org_slug: self.slug.clone(),
            at,
            actor: Who::Agent {
                id: self.agent,
                email: self.agent_email.clone(),
                subject: Some(self.subject_email.clone()),
            },
            case: Some((self.case, self.number.clone())),
            grant: Some(self.grant),
            session: Some(id),
            what,
        }
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    case_id: String,
    org: String,
    agent: String,
    subject: String,
    grant_id: String,
    last_request_at: i64,
}

async fn sessions(
    connection: &mut SqliteConnection,
    ids: &BTreeSet<SessionId>,
    now: Timestamp,
) -> Result<BTreeMap<SessionId, UnderSession>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, case_id, org, agent, subject, grant_id, last_request_at FROM sessions
         WHERE id IN (SELECT value FROM json_each(?))",
    )
    .bind(array(ids)?)
    .fetch_all(&mut *connection)
    .await?;
    let mut wanted = Wanted::default();
    for row in &rows {
        wanted.orgs.insert(row.org.parse()?);
        wanted.cases.insert(row.case_id.parse()?);
        wanted.agents.insert(row.agent.parse()?);
        wanted.admins.insert(row.subject.parse()?);
    }
    let state = snapshots::load(connection, &wanted).await?.into_state();
    rows.iter()
        .map(|row| Ok((row.id.parse()?, under_session(&state, row, now)?)))
        .collect()
}

fn under_session(state: &State, row: &Row, now: Timestamp) -> Result<UnderSession, Fault> {
    let missing = || Fault::Damaged(format!("session {} mentions what is not there", row.id));
    let org = state.org(row.org.parse()?).ok_or_else(missing)?;
    let case = state.case(row.case_id.parse()?).ok_or_else(missing)?;
    let agent = state.agent(row.agent.parse()?).ok_or_else(missing)?;
    let subject = state.admin(row.subject.parse()?).ok_or_else(missing)?;
    let last_request = Timestamp::from_millis(row.last_request_at);
    Ok(UnderSession {
        org: org.id,
        slug: org.slug.clone(),
        case: case.id,
        number: case.number.clone(),
        agent: agent.id,
        agent_email: agent.email.as_str().to_owned(),
        subject_email: subject.email.as_str().to_owned(),
        grant: row.grant_id.parse()?,
        fence: fence(state, case, row.id.parse()?, last_request, now),
    })
}

/// Why a request under a session must not go on; the domain's own judgement, on the state as it is
/// in this transaction. A request that passes keeps the session from going idle, so all of a batch
/// are judged alike.
fn fence(
    state: &State,
    case: &Case,
    id: SessionId,
    last_request: Timestamp,
    now: Timestamp,
) -> Option<Fence> {
    let blocked = state.org(case.org).is_none_or(|org| org.block.is_some());
    let Some((session, grant)) = case.running(id, now) else {
        return Some(Fence::Over);
    };
    let allowed = !blocked
        && case.is_open()
        && case.team.contains_key(&session.agent)
        && grant.team.admits(session.agent)
        && state.agent_is_active(session.agent)
        && state.admin_is_active_in(session.subject, case.org);
    if !allowed {
        Some(Fence::Over)
    } else if session.is_idle(last_request, now) {
        Some(Fence::Idle)
    } else {
        None
    }
}
