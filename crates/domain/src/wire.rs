//! The statuses of the outside contract, judged at the moment of reading.

use serde::Serialize;

use crate::{Access, Case, SelfAssignment, Timestamp};

/// Impersonation of a case as it reads outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImpersonationStatus {
    /// Nobody asked.
    NotRequested,
    /// Asked, not granted since.
    Requested,
    /// Live.
    Enabled,
    /// Expired, revoked or closed.
    Disabled,
}

/// Self-assignment of a case as it reads outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SelfAssignmentStatus {
    /// Not self-assigned.
    NotRequired,
    /// Self-assigned, not approved.
    Requested,
    /// Self-assigned and approved.
    Approved,
}

impl Case {
    /// Status and expiration at `now`: an expired grant keeps its past expiration, a revoked one
    /// and a closed case have none.
    #[must_use]
    pub fn impersonation(&self, now: Timestamp) -> (ImpersonationStatus, Option<Timestamp>) {
        if !self.is_open() {
            return (ImpersonationStatus::Disabled, None);
        }
        match &self.access {
            Access::NotRequested => (ImpersonationStatus::NotRequested, None),
            Access::Requested { .. } => (ImpersonationStatus::Requested, None),
            Access::Granted { grant, .. } if grant.period.is_live(now) => {
                (ImpersonationStatus::Enabled, Some(grant.period.expires_at))
            }
            Access::Granted { grant, .. } => {
                (ImpersonationStatus::Disabled, Some(grant.period.expires_at))
            }
            Access::Revoked { .. } => (ImpersonationStatus::Disabled, None),
        }
    }

    /// Self-assignment as it reads outside.
    #[must_use]
    pub fn self_assignment_status(&self) -> SelfAssignmentStatus {
        match self.self_assignment {
            SelfAssignment::NotRequired => SelfAssignmentStatus::NotRequired,
            SelfAssignment::Requested { .. } => SelfAssignmentStatus::Requested,
            SelfAssignment::Approved { .. } => SelfAssignmentStatus::Approved,
        }
    }
}
