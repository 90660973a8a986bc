//! Sessions: the rows that requests find, and what each session is.

use std::collections::BTreeMap;

use countersign_domain::{Case, CaseId, Event, OrgId, Session, SessionId, State};

use crate::{
    fault::Fault,
    volley::{Volley, held},
};

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
    pub(crate) fn save(&self, volley: &mut Volley, state: &State) -> Result<(), Fault> {
        for (case, session) in self.0.values() {
            let Some(case) = state.case(*case) else {
                continue;
            };
            volley.push(
                "INSERT INTO session_docs (id, number, title, doc) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (id) DO UPDATE SET doc = excluded.doc",
                held![
                    session.id.to_string(),
                    case.number.to_string(),
                    case.title.to_string(),
                    serde_json::to_string(session)?,
                ],
            );
        }
        Ok(())
    }
}

/// The row of a session that starts.
pub(crate) fn start(volley: &mut Volley, case: CaseId, org: OrgId, session: &Session) {
    volley.push(
        "INSERT INTO sessions (id, case_id, org, agent, subject, grant_id, period, label,
                               started_at, last_request_at, ended,
                               pages, further, declared, refused)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, false, 0, 0, 0, 0)",
        held![
            session.id.to_string(),
            case.to_string(),
            org.to_string(),
            session.agent.to_string(),
            session.subject.to_string(),
            session.grant.to_string(),
            i64::from(session.period),
            session.label.to_string(),
            session.started_at.as_millis(),
        ],
    );
}

/// Marks the sessions of a case that have ended since it was as `before`.
pub(crate) fn end(volley: &mut Volley, before: Option<&Case>, case: &Case) -> Result<(), Fault> {
    let known = |id| before.is_some_and(|before| before.ended_sessions.contains_key(id));
    for (id, ended) in case.ended_sessions.iter().filter(|(id, _)| !known(id)) {
        volley.push(
            "UPDATE sessions SET ended = true, ended_at = $1, ended_why = $2 WHERE id = $3",
            held![
                ended.at.as_millis(),
                serde_json::to_string(&ended.why)?,
                id.to_string(),
            ],
        );
    }
    Ok(())
}
