//! What a use case's failures are on the wire: whether anything has changed is what a caller has to know.

use axum::http::StatusCode;
use countersign_app::Failure;

use crate::problem::Problem;

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => refusal.into(),
            Failure::Busy => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                "Too many changes at once",
                "Others kept changing the same thing, and nothing has changed by this call: try again in a moment.",
            ),
            // Whoever keeps answers finds this one, unless it expired a moment ago.
            Failure::Kept => Self::under_way(),
            Failure::Unavailable(why) => Self::unavailable(&why),
            Failure::OutcomeUnknown { takes_away, why } => {
                tracing::warn!(why, "it is not known whether a change was made");
                Self::outcome_unknown(takes_away)
            }
            Failure::EffectUnknown(why) => {
                tracing::warn!(why, "a change is recorded and not known to be effective");
                Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "effect_unknown",
                    "Recorded, and perhaps not effective everywhere yet",
                    "The change is recorded, but it is not known whether every process has heard of it: repeat the call, which answers when it is effective everywhere.",
                )
            }
        }
    }
}

impl Problem {
    /// The store was lost in the middle of a change.
    pub(crate) fn outcome_unknown(takes_away: bool) -> Self {
        if takes_away {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "outcome_unknown",
                "Access may not have ended yet",
                "The store was lost while access was being taken away: it may have ended and may go on. Repeat the call until it answers, which it does when access has ended everywhere; repeating is safe.",
            );
        }
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "outcome_unknown",
            "It is not known whether this was done",
            "The store was lost while this was being done: it may have been done, or not. Repeat the call, which is safe: what makes something makes it once if it is repeated with its Idempotency-Key. If that had no key, look first whether it is there.",
        )
    }
}

#[cfg(test)]
mod tests {
    use axum::{http::header, response::IntoResponse};

    use super::*;

    #[test]
    fn a_failure_says_whether_anything_has_changed() {
        for (failure, code, says) in [
            (Failure::Busy, "busy", "nothing has changed"),
            (
                Failure::Unavailable("disk".to_owned()),
                "unavailable",
                "nothing has changed",
            ),
            (
                Failure::OutcomeUnknown {
                    takes_away: false,
                    why: "disk".to_owned(),
                },
                "outcome_unknown",
                "may have been done, or not",
            ),
            (
                Failure::OutcomeUnknown {
                    takes_away: true,
                    why: "disk".to_owned(),
                },
                "outcome_unknown",
                "may have ended and may go on",
            ),
            (
                Failure::EffectUnknown("disk".to_owned()),
                "effect_unknown",
                "The change is recorded",
            ),
        ] {
            let problem = Problem::from(failure);
            assert_eq!(problem.code(), code);
            assert!(problem.detail().contains(says), "{}", problem.detail());
            assert!(!problem.detail().contains("disk"));
            let response = problem.into_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers()[header::RETRY_AFTER], "1");
        }
    }
}
