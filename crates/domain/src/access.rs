//! Requests and grants of impersonation; each state carries its evidence (R8–R14).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{AdminId, AgentId, ApproverId, GrantId, Justification, Period, Timestamp, has_passed};

/// Where a case stands between "nobody asked" and "the customer said yes".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Access {
    /// Nobody has asked in this opening of the case, or the request was withdrawn.
    #[default]
    NotRequested,
    /// An agent has asked; the customer has not ticked since.
    Requested {
        /// The request.
        request: AccessRequest,
        /// A grant that ran out before this request and can still be extended (R8).
        earlier: Option<Grant>,
    },
    /// The customer ticked. Whether it is live is a matter of the clock.
    Granted {
        /// The request that was granted.
        request: AccessRequest,
        /// The grant.
        grant: Grant,
        /// The wish for more time, recorded while live (R8).
        more_time_wanted: Option<MoreTimeWanted>,
    },
    /// A grant was revoked; the request stands and can be granted afresh (R10).
    Revoked {
        /// The request that was granted.
        request: AccessRequest,
        /// The grant that is no more.
        grant: GrantId,
        /// When it ended.
        at: Timestamp,
        /// Why.
        why: RevokedWhy,
        /// Whose act it was; none when it was nobody of the customer, or is not known any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<ApproverId>,
    },
}

impl Access {
    /// The standing request, if there is one.
    #[must_use]
    pub fn request(&self) -> Option<&AccessRequest> {
        match self {
            Self::NotRequested => None,
            Self::Requested { request, .. }
            | Self::Granted { request, .. }
            | Self::Revoked { request, .. } => Some(request),
        }
    }

    /// The grant that has not been revoked, live or expired: the one an extension extends (R13).
    #[must_use]
    pub fn unrevoked(&self) -> Option<&Grant> {
        match self {
            Self::Granted { grant, .. }
            | Self::Requested {
                earlier: Some(grant),
                ..
            } => Some(grant),
            Self::NotRequested | Self::Requested { .. } | Self::Revoked { .. } => None,
        }
    }

    /// The grant that gives access at `now`, or would by some other clock that is behind or ahead: it
    /// has neither been revoked nor run out.
    #[must_use]
    pub fn not_over(&self, now: Timestamp) -> Option<&Grant> {
        self.unrevoked()
            .filter(|grant| !has_passed(grant.period.expires_at, now))
    }

    /// The grant that gives access at `now`.
    #[must_use]
    pub fn live(&self, now: Timestamp) -> Option<&Grant> {
        match self {
            Self::Granted { grant, .. } if grant.period.is_live(now) => Some(grant),
            _ => None,
        }
    }
}

/// An agent's request (R8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessRequest {
    /// Who asked last.
    pub requested_by: AgentId,
    /// Why.
    pub justification: Justification,
    /// Whom to act as, when the agent named someone.
    pub subject: Option<AdminId>,
    /// When.
    pub at: Timestamp,
}

/// The wish for more time while access is live (R8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoreTimeWanted {
    /// Who wants it.
    pub by: AgentId,
    /// Why.
    pub justification: Justification,
    /// When.
    pub at: Timestamp,
}

/// The customer's yes (R9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The id.
    pub id: GrantId,
    /// Who ticked.
    pub approved_by: ApproverId,
    /// Whom the agents act as, fixed for the grant (R8).
    pub subject: AdminId,
    /// Which agents it is for.
    pub team: TeamScope,
    /// The present or last live period.
    pub period: Period,
}

/// Which agents a grant is for (R5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamScope {
    /// Who was on the team at the tick; anyone else is named as having joined later.
    pub at_tick: BTreeSet<AgentId>,
    /// Whether only those may use it.
    pub pinned: bool,
}

impl TeamScope {
    /// Whether an agent who is on the team now may use the grant.
    #[must_use]
    pub fn admits(&self, agent: AgentId) -> bool {
        !self.pinned || self.at_tick.contains(&agent)
    }
}

/// Why a grant was revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevokedWhy {
    /// An approver unticked (R12).
    Unticked,
    /// The case was closed (R7).
    CaseClosed,
    /// The case became self-assigned (R6).
    BecameSelfAssigned,
    /// The approval of the self-assigned case was withdrawn (R6).
    SelfAssignmentWithdrawn,
    /// A super admin blocked all support access (R15).
    Blocked,
    /// The database may have lost that it was taken away (A7).
    HistoryLost,
    /// The vendor let through requests that were refused when the customer ticked (R9, R17).
    RulesWidened,
}
