//! Sessions: the rows that requests find, and what each session is.

use std::collections::BTreeMap;

use countersign_domain::{Case, CaseId, Event, OrgId, Session, SessionId, State};
use sqlx::SqliteConnection;

use crate::fault::Fault;

/// The sessions that events of one append started or changed, as the last of these left them. The
/// state itself keeps of a session that ended only that it did.
#[derive(Debug, Default)]
pub(crate) struct Changed(BTreeMap<SessionId, (CaseId, Session)>);

impl Changed {
    /// Looks at the state that an event has just been folded into.
    pub(crate) fn note(&mut self, state: &State, event: &Event) {
        let (case, id) = match event {
            Event::SessionStarted { case, session, .. } => (*case, session.id),
            Event::LinkOpened { case, session, .. }
            | Event::SessionEntered { case, session, .. }
            | Event::TokenExchanged { case, session, .. }
            | Event::TokenEnded { case, session, .. } => (*case, *session),
            _ => return,
        };
        if let Some(session) = state.case(case).and_then(|case| case.sessions.get(&id)) {
            self.0.insert(id, (case, session.clone()));
        }
    }

    /// Writes what they are. Their rows and their cases' are there.
    pub(crate) async fn save(
        &self,
        connection: &mut SqliteConnection,
        state: &State,
    ) -> Result<(), Fault> {
        for (case, session) in self.0.values() {
            let Some(case) = state.case(*case) else {
                continue;
            };
            sqlx::query(
                "INSERT INTO session_docs (id, number, title, doc) VALUES (?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
            )
            .bind(session.id.to_string())
            .bind(case.number.as_str())
            .bind(case.title.as_str())
            .bind(serde_json::to_string(session)?)
            .execute(&mut *connection)
            .await?;
        }
        Ok(())
    }
}

/// The row of a session that starts.
pub(crate) async fn start(
    connection: &mut SqliteConnection,
    case: CaseId,
    org: OrgId,
    session: &Session,
) -> Result<(), Fault> {
    sqlx::query(
        "INSERT INTO sessions (id, case_id, org, agent, subject, grant_id, period, label,
                               started_at, last_request_at, ended,
                               pages, further, declared, refused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, 0, 0, 0, 0, 0)",
    )
    .bind(session.id.to_string())
    .bind(case.to_string())
    .bind(org.to_string())
    .bind(session.agent.to_string())
    .bind(session.subject.to_string())
    .bind(session.grant.to_string())
    .bind(i64::from(session.period))
    .bind(session.label.as_str())
    .bind(session.started_at.as_millis())
    .execute(connection)
    .await?;
    Ok(())
}

/// Marks the sessions of a case that have ended since it was as `before`.
pub(crate) async fn end(
    connection: &mut SqliteConnection,
    before: Option<&Case>,
    case: &Case,
) -> Result<(), Fault> {
    let known = |id| before.is_some_and(|before| before.ended_sessions.contains_key(id));
    for (id, ended) in case.ended_sessions.iter().filter(|(id, _)| !known(id)) {
        sqlx::query("UPDATE sessions SET ended = 1, ended_at = ?, ended_why = ? WHERE id = ?")
            .bind(ended.at.as_millis())
            .bind(serde_json::to_string(&ended.why)?)
            .bind(id.to_string())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}
