//! Sessions as the fence knows them, kept from one batch to the next.
//!
//! What is kept here is folded from events. As long as the newest barrier is the one at which it
//! was loaded, nothing of it has been taken away since, whichever process has written meanwhile;
//! what has been given since (an extension) is noticed when it would refuse. What changes without
//! an event (the last request, the end of the log) is not kept.

use std::collections::BTreeMap;

use countersign_domain::{
    Admin, Agent, Case, CaseId, Duration, Org, OrgId, SessionId, State, Timestamp,
};
use countersign_entries::{Entry, Frame, RequestLine, What, Who};
use countersign_store::Position;
use serde::de::DeserializeOwned;

use crate::{
    connection::Connection,
    fault::{Fault, count},
    fence,
    snapshots::array,
};

/// How many sessions are kept; more than are asked under at a time, and a bound on memory.
const MOST: usize = 1_024;

/// Sessions as of one barrier.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) barrier: Position,
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
    /// When the last request under it was recorded, when this was loaded.
    pub(crate) last_request: Timestamp,
    /// How long it is good if nothing is taken away; none when it is over.
    pub(crate) good: Option<Good>,
}

/// The clock's share of a judgement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Good {
    /// The first moment at which it is not good any more.
    pub(crate) until: Timestamp,
    /// How long it may go without a request.
    pub(crate) idle: Duration,
}

impl Known {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.sessions.clear();
    }

    /// Forgets all but some.
    pub(crate) fn retain(&mut self, keep: impl Fn(&UnderSession) -> bool) {
        self.sessions.retain(|_, under| keep(under));
    }

    pub(crate) fn get(&self, id: SessionId) -> Option<&UnderSession> {
        self.sessions.get(&id)
    }

    /// Makes sure of `ids`, as far as they exist.
    pub(crate) async fn load(
        &mut self,
        connection: &Connection,
        ids: &[SessionId],
    ) -> Result<(), Fault> {
        if self.sessions.len().saturating_add(ids.len()) > MOST {
            self.clear();
        }
        let missing: Vec<&SessionId> = ids
            .iter()
            .filter(|id| !self.sessions.contains_key(id))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let was_empty = self.sessions.is_empty();
        let before = self.barrier;
        self.read(connection, &array(missing)).await?;
        if !was_empty && self.barrier != before {
            // What was kept is older than what was read.
            self.clear();
            self.read(connection, &array(ids)).await?;
        }
        Ok(())
    }

    async fn read(&mut self, connection: &Connection, ids: &[String]) -> Result<(), Fault> {
        // One statement sees one moment.
        let rows = connection
            .rows(
                "SELECT m.barrier, s.id, s.grant_id, s.last_request_at, c.doc, o.doc, a.doc, d.doc
                 FROM meta m CROSS JOIN sessions s
                 JOIN cases c ON c.id = s.case_id
                 JOIN orgs o ON o.id = s.org
                 JOIN agents a ON a.id = s.agent
                 JOIN admins d ON d.id = s.subject
                 WHERE s.id = ANY ($1)",
                &[&ids],
            )
            .await?;
        for row in rows {
            self.barrier = Position(count(row.try_get(0)?)?);
            let id = row.try_get::<_, &str>(1)?.parse()?;
            self.sessions.insert(id, UnderSession::of(id, &row)?);
        }
        Ok(())
    }
}

impl UnderSession {
    fn of(id: SessionId, row: &tokio_postgres::Row) -> Result<Self, Fault> {
        let case: Case = document(row, 4)?;
        let org: Org = document(row, 5)?;
        let agent: Agent = document(row, 6)?;
        let subject: Admin = document(row, 7)?;
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
            grant: Some(row.try_get::<_, &str>(2)?.parse()?),
            session: Some(id),
            client: None,
            what: What::Request(RequestLine::new("", "")),
        });
        let mut under = Self {
            org: org.id,
            case: case.id,
            frame,
            last_request: Timestamp::from_millis(row.try_get(3)?),
            good: None,
            state: State::from_parts([org], [subject], [agent], [case]),
        };
        under.good = fence::good(&under, id);
        Ok(under)
    }
}

fn document<T: DeserializeOwned>(row: &tokio_postgres::Row, column: usize) -> Result<T, Fault> {
    Ok(serde_json::from_str(row.try_get(column)?)?)
}
