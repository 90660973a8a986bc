//! What an entry does not say itself: whose session it is about, whom access concerned, who opened its
//! case, and whether the request that an outcome tells of is one. None of that ever changes.

use std::collections::{BTreeMap, btree_map::Entry};

use countersign_domain::{AdminId, AgentId, CaseId, OrgId, SessionId, StreamId, Timestamp};
use countersign_entries::Written;
use countersign_store::{CaseEvent, Concerned, Facts, TELLING};

use super::key;
use crate::{
    connection::Connection,
    fault::{Fault, column},
};

pub(crate) struct Lookups<'c> {
    connection: &'c Connection,
    org: String,
    agents: BTreeMap<SessionId, Option<AgentId>>,
    openers: BTreeMap<CaseId, Option<AdminId>>,
    teams: BTreeMap<CaseId, Vec<CaseEvent>>,
}

impl<'c> Lookups<'c> {
    pub(crate) fn new(connection: &'c Connection, org: OrgId) -> Self {
        Self {
            connection,
            org: key(org),
            agents: BTreeMap::new(),
            openers: BTreeMap::new(),
            teams: BTreeMap::new(),
        }
    }

    /// What a row with this entry is found by.
    pub(crate) async fn facts<'e>(&mut self, entry: &'e Written<'e>) -> Result<Facts<'e>, Fault> {
        let agent = match (entry.agent(), entry.session) {
            (Some(agent), _) => Some(agent),
            (None, Some(session)) => self.agent_of(session).await?,
            (None, None) => None,
        };
        let opened_by = match &entry.case {
            Some(case) => self.opener_of(case.id).await?,
            None => None,
        };
        let needed = Concerned::of(entry);
        let events = match (needed, &entry.case) {
            (Concerned::By(_), Some(case)) => self.team_of(case.id).await?,
            _ => &[],
        };
        Ok(Facts {
            entry,
            agent,
            concerned: needed.agents(entry, events),
            opened_by,
        })
    }

    /// The request that the entry at `index` tells the outcome of. An outcome that tells of no
    /// request before it has a row of its own.
    pub(crate) async fn request_of(
        &self,
        index: u64,
        entry: &Written<'_>,
    ) -> Result<Option<u64>, Fault> {
        let Some(outcome) = entry.outcome() else {
            return Ok(None);
        };
        if outcome.request >= index {
            return Ok(None);
        }
        let is_request: Option<bool> = self
            .connection
            .value_if_any(
                "SELECT type = 'request' FROM entries WHERE org = $1 AND idx = $2",
                &[&self.org, &column(outcome.request)],
            )
            .await?;
        Ok((is_request == Some(true)).then_some(outcome.request))
    }

    async fn agent_of(&mut self, session: SessionId) -> Result<Option<AgentId>, Fault> {
        match self.agents.entry(session) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(vacant) => {
                let agent: Option<String> = self
                    .connection
                    .value_if_any(
                        "SELECT agent FROM sessions WHERE id = $1",
                        &[&session.to_string()],
                    )
                    .await?;
                Ok(*vacant.insert(agent.map(|agent| agent.parse()).transpose()?))
            }
        }
    }

    /// The grants of a case, and who joined and left its team.
    async fn team_of(&mut self, case: CaseId) -> Result<&[CaseEvent], Fault> {
        match self.teams.entry(case) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(vacant) => {
                let rows: Vec<(i64, String)> = self
                    .connection
                    .all(
                        "SELECT at, body FROM events WHERE stream = $1 AND type = ANY ($2)
                         ORDER BY version",
                        &[&StreamId::Case(case).to_string(), &TELLING.as_slice()],
                    )
                    .await?;
                let event = |(at, body): (i64, String)| -> Result<CaseEvent, Fault> {
                    Ok((Timestamp::from_millis(at), serde_json::from_str(&body)?))
                };
                Ok(vacant.insert(rows.into_iter().map(event).collect::<Result<_, _>>()?))
            }
        }
    }

    async fn opener_of(&mut self, case: CaseId) -> Result<Option<AdminId>, Fault> {
        match self.openers.entry(case) {
            Entry::Occupied(known) => Ok(*known.get()),
            Entry::Vacant(vacant) => {
                let opener: Option<Option<String>> = self
                    .connection
                    .value_if_any(
                        "SELECT opened_by_admin FROM cases WHERE id = $1",
                        &[&case.to_string()],
                    )
                    .await?;
                let opener = opener.flatten().map(|opener| opener.parse()).transpose()?;
                Ok(*vacant.insert(opener))
            }
        }
    }
}
