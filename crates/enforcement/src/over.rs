//! Why a session gives no access any more, in words for the person who was in it.

use countersign_decision::Denial;
use countersign_domain::EndedWhy;

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

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    /// For programs.
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
    pub(crate) why: &'static str,
    pub(crate) next: &'static str,
}

impl From<EndedWhy> for Over {
    fn from(why: EndedWhy) -> Self {
        match why {
            EndedWhy::PeriodOver => Self::Expired,
            why => Self::Ended(why),
        }
    }
}

const ASK_AGAIN: &str = "If you still need to look inside, ask again from the case and pass the link on to the customer.";
const START_AGAIN: &str = "Start a new session from the case, while access is still granted.";

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

    pub(crate) fn words(self) -> Words {
        let (code, title, why, next) = match self {
            Self::Ended(EndedWhy::ByAgent) => (
                "ended",
                "You have ended this session",
                "You ended it here or in another tab.",
                START_AGAIN,
            ),
            Self::Ended(EndedWhy::ByApprover) => (
                "ended_by_customer",
                "The customer has ended this session",
                "An admin of the customer ended it.",
                "Access itself may still be granted. Ask the customer before you start another session from the case.",
            ),
            Self::Ended(EndedWhy::GrantRevoked) => (
                "revoked",
                "The customer has taken access back",
                "An admin of the customer removed the approval for this case.",
                ASK_AGAIN,
            ),
            Self::Expired | Self::Ended(EndedWhy::PeriodOver) => (
                "expired",
                "Access has expired",
                "The time the customer granted is up.",
                ASK_AGAIN,
            ),
            Self::Ended(EndedWhy::CaseClosed) => (
                "case_closed",
                "The case has been closed",
                "Access is for open cases only.",
                "If there is more to do, have the case reopened and ask again.",
            ),
            Self::Ended(EndedWhy::AgentLeftTeam) => (
                "left_team",
                "You are no longer on this case",
                "Access is for the agents on the case's team, and you have been taken off it.",
                "Ask whoever runs the case if you need to be on it again.",
            ),
            Self::Ended(EndedWhy::AgentDeactivated) => (
                "agent_deactivated",
                "Your account has been deactivated",
                "Deactivated accounts have no access.",
                "Ask the operator of Countersign.",
            ),
            Self::Ended(EndedWhy::SubjectDeactivated) => (
                "subject_deactivated",
                "The person you looked as is no longer active",
                "Access was granted as that person, and their account has been deactivated.",
                "Ask again from the case, as somebody else.",
            ),
            Self::Ended(EndedWhy::Blocked) => (
                "blocked",
                "The customer has blocked all support access",
                "A super admin of the customer has done so for all cases.",
                "Only the customer can lift that. Contact them outside of Countersign.",
            ),
            Self::Ended(EndedWhy::UpstreamChanged) => (
                "upstream_changed",
                "The customer's product has moved",
                "The operator has changed where it is, which ends sessions there.",
                START_AGAIN,
            ),
            Self::TooLong => (
                "time_limit",
                "This session has reached its limit",
                "A session lasts a limited time, however long access is granted.",
                START_AGAIN,
            ),
            Self::Idle => (
                "idle",
                "This session has ended without activity",
                "Nothing was opened under it for too long.",
                START_AGAIN,
            ),
            Self::Unknown => (
                "over",
                "This session is over",
                "The customer took access back, or the session was ended, was idle for too long, or its time is up.",
                "Look at the case to see whether access is still granted.",
            ),
        };
        Words {
            code,
            title,
            why,
            next,
        }
    }
}
