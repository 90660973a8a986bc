//! What happened, and nothing that follows from it.

use std::collections::BTreeSet;

use countersign_domain::{
    Actor, AdminId, AgentId, CaseId, CredentialId, CredentialOwner, GrantId, OpenedBy, OrgId,
    OrgSettings, Role, SessionId, Timestamp, Upstream,
};

/// One thing that happened. Consequences (a grant that a block revokes, a session that a closing
/// ends) are not facts: they are found by reading on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub by: Actor,
    /// What they did.
    pub what: What,
}

/// What someone did.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum What {
    OrgMade(OrgId),
    UpstreamSet(OrgId, Upstream),
    SettingsMade(OrgId, OrgSettings),
    Blocked(OrgId),
    Unblocked(OrgId),
    AdminMade(AdminId, OrgId),
    RoleGiven(AdminId, Role),
    AdminActive(AdminId, bool),
    AgentActive(AgentId, bool),
    Opened {
        case: CaseId,
        org: OrgId,
        opener: OpenedBy,
        team: BTreeSet<AgentId>,
    },
    Closed(CaseId),
    Reopened(CaseId),
    Joined(CaseId, AgentId),
    Left(CaseId, AgentId),
    SelfAssignmentApproved(CaseId),
    SelfAssignmentWithdrawn(CaseId),
    Asked {
        case: CaseId,
        subject: Option<AdminId>,
    },
    WantedMoreTime(CaseId),
    RequestWithdrawn(CaseId),
    Ticked {
        case: CaseId,
        grant: GrantId,
        subject: AdminId,
        until: Timestamp,
        pinned: bool,
    },
    Extended {
        case: CaseId,
        until: Timestamp,
    },
    Unticked(CaseId),
    Started {
        case: CaseId,
        session: SessionId,
        absolute_until: Timestamp,
        idle_from: Timestamp,
    },
    Ended(SessionId),
    CredentialRevoked,
    Minted(CredentialId, CredentialOwner),
    PasskeyAdded(CredentialId, AdminId),
    PasskeyTaken(CredentialId),
    Claimed {
        org: OrgId,
        by: AdminId,
        with: CredentialId,
    },
    AdminAccepted(AdminId),
    AdminRefused(AdminId),
    RoleProposed(AdminId, Role),
    RoleRefused(AdminId),
    CredentialAccepted(CredentialId),
    CredentialRefused(CredentialId),
}

/// Everything that ever happened, in order.
#[derive(Clone, Debug, Default)]
pub struct History {
    facts: Vec<Fact>,
}

impl History {
    /// Adds what happened now.
    pub fn record(&mut self, facts: Vec<Fact>) {
        self.facts.extend(facts);
    }

    /// All of it, to be asked.
    #[must_use]
    pub fn past(&self) -> Past<'_> {
        Past { facts: &self.facts }
    }
}

/// What had happened up to some moment; every question is asked of one of these.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub(super) facts: &'a [Fact],
}

impl<'a> Past<'a> {
    /// The past as it was right before fact number `index`.
    pub(super) fn before(self, index: usize) -> Self {
        Self {
            facts: &self.facts[..index],
        }
    }

    /// The number of the last fact that `matches`.
    pub(super) fn last(self, matches: impl Fn(&What) -> bool) -> Option<usize> {
        self.facts.iter().rposition(|fact| matches(&fact.what))
    }

    /// The last answer that any fact gives.
    pub(super) fn latest<T>(self, answer: impl Fn(&'a What) -> Option<T>) -> Option<T> {
        self.facts.iter().rev().find_map(|fact| answer(&fact.what))
    }

    /// Facts from number `from` on, with their numbers.
    pub(super) fn since(self, from: usize) -> impl Iterator<Item = (usize, &'a Fact)> {
        self.facts.iter().enumerate().skip(from)
    }
}
