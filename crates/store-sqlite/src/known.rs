//! Sessions as the fence knows them, kept from one batch to the next.
//!
//! What is kept here is folded from events, and only from events: as long as the newest position
//! that the present transaction reads is the one at which it was loaded, it is what loading it
//! again would give, whichever process has written meanwhile. Once the position has moved, nothing
//! of it counts. What changes without an event (the last request, the end of the log) is not kept.

use std::collections::BTreeMap;

use countersign_domain::{Admin, Agent, Case, CaseId, Org, OrgId, SessionId, State, Timestamp};
use countersign_entries::{Entry, Frame, RequestLine, What, Who};
use countersign_store::Position;
use rusqlite::{Connection, OptionalExtension};
use serde::de::DeserializeOwned;

use crate::fault::Fault;

/// How many sessions are kept; more than are asked under at a time, and a bound on memory.
const MOST: usize = 1_024;

/// Sessions as of one position.
#[derive(Debug, Default)]
pub(crate) struct Known {
    at: Position,
    sessions: BTreeMap<SessionId, UnderSession>,
}

/// What a batch needs of a session.
#[derive(Debug)]
pub(crate) struct UnderSession {
    /// The org, case and people of the session.
    pub(crate) state: State,
    pub(crate) org: OrgId,
    pub(crate) case: CaseId,
    /// What its entries have in common.
    pub(crate) frame: Frame,
}

impl Known {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.sessions.clear();
    }

    /// Makes sure of `ids`, as far as they exist, as of `head`, which the present transaction read.
    pub(crate) fn load<'a>(
        &mut self,
        connection: &Connection,
        head: Position,
        ids: impl ExactSizeIterator<Item = &'a SessionId>,
    ) -> Result<(), Fault> {
        if self.at != head || self.sessions.len() + ids.len() > MOST {
            self.clear();
            self.at = head;
        }
        for id in ids {
            if !self.sessions.contains_key(id)
                && let Some(session) = load(connection, *id)?
            {
                self.sessions.insert(*id, session);
            }
        }
        Ok(())
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&UnderSession> {
        self.sessions.get(&id)
    }
}

fn load(connection: &Connection, id: SessionId) -> Result<Option<UnderSession>, Fault> {
    let row: Option<[String; 5]> = connection
        .prepare_cached("SELECT case_id, org, agent, subject, grant_id FROM sessions WHERE id = ?")?
        .query_row([id.to_string()], |row| {
            Ok([
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ])
        })
        .optional()?;
    let Some([case, org, agent, subject, grant]) = row else {
        return Ok(None);
    };
    let case: Case = document(connection, "SELECT doc FROM cases WHERE id = ?", &case)?;
    let org: Org = document(connection, "SELECT doc FROM orgs WHERE id = ?", &org)?;
    let agent: Agent = document(connection, "SELECT doc FROM agents WHERE id = ?", &agent)?;
    let subject: Admin = document(connection, "SELECT doc FROM admins WHERE id = ?", &subject)?;
    let frame = Frame::of(&Entry {
        org: org.id,
        org_slug: org.slug.clone(),
        at: Timestamp::from_millis(0),
        actor: Who::Agent {
            id: agent.id,
            email: agent.email.as_str().to_owned(),
            subject: Some(subject.email.as_str().to_owned()),
        },
        case: Some((case.id, case.number.clone())),
        grant: Some(grant.parse()?),
        session: Some(id),
        client: None,
        what: What::Request(RequestLine::new("", "")),
    });
    Ok(Some(UnderSession {
        org: org.id,
        case: case.id,
        frame,
        state: State::from_parts([org], [subject], [agent], [case]),
    }))
}

fn document<T: DeserializeOwned>(
    connection: &Connection,
    select: &str,
    id: &str,
) -> Result<T, Fault> {
    let doc: Option<String> = connection
        .prepare_cached(select)?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let doc = doc.ok_or_else(|| Fault::Damaged(format!("a session mentions {id}")))?;
    Ok(serde_json::from_str(&doc)?)
}
