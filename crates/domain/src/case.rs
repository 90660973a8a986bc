//! Support cases (R4–R7).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    Access, AdminId, AgentId, ApproverId, CaseId, CaseNumber, EndedSession, Grant, OrgId, Session,
    SessionId, Timestamp, Title,
};

/// A support case of one org.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The id.
    pub id: CaseId,
    /// The org it belongs to.
    pub org: OrgId,
    /// The number people know it by; unique in a deployment.
    pub number: CaseNumber,
    /// The title ("subject" on the wire).
    pub title: Title,
    /// Who opened it; never changes.
    pub opened_by: Opener,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// Open or closed.
    pub lifecycle: Lifecycle,
    /// The agents associated with it, and since when.
    pub team: BTreeMap<AgentId, Timestamp>,
    /// The extra approval of a case that an agent opened for themselves (R6).
    pub self_assignment: SelfAssignment,
    /// Requests and grants of impersonation.
    pub access: Access,
    /// Sessions nobody and no rule has ended.
    pub sessions: BTreeMap<SessionId, Session>,
    /// Sessions that were ended.
    pub ended_sessions: BTreeMap<SessionId, EndedSession>,
}

/// Whether a case is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lifecycle {
    /// Being worked on.
    Open,
    /// Done; nothing can be granted (R7).
    Closed,
}

/// Who opened a case, and on whose word we know it (R4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Opener {
    /// The person.
    pub who: OpenedBy,
    /// On whose word.
    pub attested: Attested,
}

/// The person who opened a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum OpenedBy {
    /// A customer admin.
    Admin(AdminId),
    /// An agent.
    Agent(AgentId),
}

/// On whose word we know who opened a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attested {
    /// That person's own call.
    #[serde(rename = "self")]
    Own,
    /// The vendor's case tracker said so.
    Tracker,
}

/// The extra approval that a self-assigned case needs (R6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum SelfAssignment {
    /// Not self-assigned.
    NotRequired,
    /// Self-assigned; the customer has not said yes.
    Requested {
        /// Since when.
        since: Timestamp,
    },
    /// The customer said yes.
    Approved {
        /// Who.
        by: ApproverId,
        /// When.
        at: Timestamp,
    },
}

/// What people call a case; neither part ever changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseName {
    /// Its number.
    pub number: CaseNumber,
    /// Its title.
    pub title: Title,
}

impl Case {
    /// What people call it.
    #[must_use]
    pub fn name(&self) -> CaseName {
        CaseName {
            number: self.number.clone(),
            title: self.title.clone(),
        }
    }

    /// Whether the case is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lifecycle == Lifecycle::Open
    }

    /// Whether an unapproved self-assignment stands in the way (R6).
    #[must_use]
    pub fn awaits_self_assignment(&self) -> bool {
        matches!(self.self_assignment, SelfAssignment::Requested { .. })
    }

    /// The agents who joined after the tick of `grant` (R5).
    pub fn joined_since<'a>(&'a self, grant: &'a Grant) -> impl Iterator<Item = AgentId> + 'a {
        self.team
            .keys()
            .copied()
            .filter(|agent| !grant.team.at_tick.contains(agent))
    }

    /// Every customer admin a decision about this case may look at.
    #[must_use]
    pub fn admins(&self) -> BTreeSet<AdminId> {
        let mut admins = BTreeSet::new();
        if let OpenedBy::Admin(id) = self.opened_by.who {
            admins.insert(id);
        }
        admins.extend(self.access.request().and_then(|request| request.subject));
        if let Some(grant) = self.access.unrevoked() {
            admins.extend(grant.approved_by.admin());
            admins.insert(grant.subject);
        }
        if let Access::Revoked { by, .. } = self.access {
            admins.extend(by.and_then(ApproverId::admin));
        }
        if let SelfAssignment::Approved { by, .. } = self.self_assignment {
            admins.extend(by.admin());
        }
        admins.extend(self.sessions.values().map(|session| session.subject));
        admins
    }

    /// Every agent a decision about this case may look at.
    #[must_use]
    pub fn agents(&self) -> BTreeSet<AgentId> {
        let mut agents: BTreeSet<AgentId> = self.team.keys().copied().collect();
        if let OpenedBy::Agent(id) = self.opened_by.who {
            agents.insert(id);
        }
        agents.extend(self.access.request().map(|request| request.requested_by));
        if let Some(grant) = self.access.unrevoked() {
            agents.extend(&grant.team.at_tick);
        }
        if let Access::Granted {
            more_time_wanted: Some(wanted),
            ..
        } = &self.access
        {
            agents.insert(wanted.by);
        }
        agents.extend(self.sessions.values().map(|session| session.agent));
        agents
    }
}
