//! Why a session gives no access any more, in words for the person who was in it.

use countersign_decision::Denial;
use countersign_domain::EndedWhy;
use countersign_web::{messages::Lang, refusals::Words};

/// Why a session gives no access any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// Somebody or a rule ended it.
    Ended(EndedWhy),
    /// The grant's period is over.
    Expired,
    /// The session's own limit.
    TooLong,
    /// Too long without a request.
    Idle,
    /// It is over; the reason is not known here any more.
    Unknown,
}

impl From<EndedWhy> for Over {
    fn from(why: EndedWhy) -> Self {
        match why {
            EndedWhy::PeriodOver => Self::Expired,
            why => Self::Ended(why),
        }
    }
}

impl Over {
    /// A session that nobody ended, by what the live view says of it.
    pub(crate) fn by_clock(denial: Denial, at_its_limit: bool, clock_alone: bool) -> Self {
        match denial {
            Denial::AccessNotLive => Self::Expired,
            _ if at_its_limit => Self::TooLong,
            _ if clock_alone => Self::Idle,
            _ => Self::Unknown,
        }
    }

    /// For programs.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Ended(EndedWhy::ByAgent) => "ended",
            Self::Ended(EndedWhy::ByApprover) => "ended_by_customer",
            Self::Ended(EndedWhy::GrantRevoked) => "revoked",
            Self::Expired | Self::Ended(EndedWhy::PeriodOver) => "expired",
            Self::Ended(EndedWhy::CaseClosed) => "case_closed",
            Self::Ended(EndedWhy::AgentLeftTeam) => "left_team",
            Self::Ended(EndedWhy::AgentDeactivated) => "agent_deactivated",
            Self::Ended(EndedWhy::AgentSignedOut) => "agent_signed_out",
            Self::Ended(EndedWhy::SubjectDeactivated) => "subject_deactivated",
            Self::Ended(EndedWhy::Blocked) => "blocked",
            Self::Ended(EndedWhy::UpstreamChanged) => "upstream_changed",
            Self::Ended(EndedWhy::RulesWidened) => "rules_widened",
            Self::TooLong => "time_limit",
            Self::Idle => "idle",
            Self::Unknown => "over",
        }
    }

    pub(crate) fn words(self, t: Lang) -> Words {
        let (title, why, next) = match self {
            Self::Ended(EndedWhy::ByAgent) => (
                t.over_by_agent(),
                t.over_by_agent_why(),
                t.over_start_again(),
            ),
            Self::Ended(EndedWhy::ByApprover) => (
                t.over_by_approver(),
                t.over_by_approver_why(),
                t.over_by_approver_next(),
            ),
            Self::Ended(EndedWhy::GrantRevoked) => {
                (t.over_revoked(), t.over_revoked_why(), t.over_ask_again())
            }
            Self::Expired | Self::Ended(EndedWhy::PeriodOver) => {
                (t.over_expired(), t.over_expired_why(), t.over_ask_again())
            }
            Self::Ended(EndedWhy::CaseClosed) => (
                t.over_case_closed(),
                t.over_case_closed_why(),
                t.over_case_closed_next(),
            ),
            Self::Ended(EndedWhy::AgentLeftTeam) => (
                t.over_left_team(),
                t.over_left_team_why(),
                t.over_left_team_next(),
            ),
            Self::Ended(EndedWhy::AgentDeactivated) => (
                t.over_agent_deactivated(),
                t.over_agent_deactivated_why(),
                t.over_agent_deactivated_next(),
            ),
            Self::Ended(EndedWhy::AgentSignedOut) => (
                t.over_agent_signed_out(),
                t.over_agent_signed_out_why(),
                t.over_agent_signed_out_next(),
            ),
            Self::Ended(EndedWhy::SubjectDeactivated) => (
                t.over_subject_deactivated(),
                t.over_subject_deactivated_why(),
                t.over_subject_deactivated_next(),
            ),
            Self::Ended(EndedWhy::Blocked) => (
                t.over_blocked(),
                t.over_blocked_why(),
                t.over_blocked_next(),
            ),
            Self::Ended(EndedWhy::UpstreamChanged) => (
                t.over_upstream_changed(),
                t.over_upstream_changed_why(),
                t.over_start_again(),
            ),
            Self::Ended(EndedWhy::RulesWidened) => (
                t.over_rules_widened(),
                t.over_rules_widened_why(),
                t.over_rules_widened_next(),
            ),
            Self::TooLong => (
                t.over_too_long(),
                t.over_too_long_why(),
                t.over_start_again(),
            ),
            Self::Idle => (t.over_idle(), t.over_idle_why(), t.over_start_again()),
            Self::Unknown => (
                t.over_unknown(),
                t.over_unknown_why(),
                t.over_unknown_next(),
            ),
        };
        Words { title, why, next }
    }
}
