//! The words for each refusal: what happened, why, and what to do next, for the support engineer,
//! customer admin or operator who gets it. The stable code is the domain's.

mod words;

use countersign_domain::{Refusal, TextError};

use crate::{
    field_error,
    messages::{Lang, Text},
};

pub use words::words;

/// A refusal in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// What happened, in a few words: the title of a page.
    pub title: Text,
    /// What happened and why.
    pub why: Text,
    /// What to do next.
    pub next: Text,
}

/// What happened, in a few words and in English: the title of a problem for programs.
#[must_use]
pub fn title(refusal: &Refusal) -> String {
    words(refusal, Lang::En).title.plain()
}

/// What happened, why, and what to do next, in one English sentence: for programs and the command
/// line.
#[must_use]
pub fn sentence(refusal: &Refusal) -> String {
    // What form a field takes is said to programs only; a page has its own words beside the field.
    if let Refusal::Text { field, error } = refusal {
        return field_error::sentence(field, *error);
    }
    let Words { why, next, .. } = words(refusal, Lang::En);
    let (why, next) = (why.plain(), next.plain());
    let mut letters = next.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .collect();
    format!("{}: {first}{}", why.trim_end_matches('.'), letters.as_str())
}

/// What is wrong with a text, as the clause that follows its name: `must not be blank`.
pub fn text_error(error: TextError, t: Lang) -> Text {
    match error {
        TextError::Blank => t.text_error_blank(),
        TextError::TooShort { min } => t.text_error_too_short(min),
        TextError::TooLong { max } => t.text_error_too_long(max),
        TextError::Control => t.text_error_control(),
        TextError::Form { .. } => t.text_error_form(),
    }
}

#[cfg(test)]
mod tests {
    use countersign_domain::{CaseNumber, RunningSession, TextError, Timestamp};

    use super::*;

    #[test]
    fn what_varies_is_said() {
        let latest = Timestamp::from_millis(1_764_000_000_000);
        assert_eq!(
            sentence(&Refusal::ExpirationTooLate { latest }),
            "Access can be extended to at most one day from now: choose an expiration no later than 2025-11-24T16:00:00Z."
        );
        let short = Refusal::Text {
            field: "justification",
            error: TextError::TooShort { min: 10 },
        };
        assert_eq!(
            sentence(&short),
            "The field \"justification\" must have at least 10 characters: correct it and try again."
        );
    }

    #[test]
    fn which_session_to_end_is_said_by_its_case() {
        let running = |cases: &[&str]| Refusal::TooManySessions {
            most: 3,
            running: cases
                .iter()
                .map(|case| RunningSession {
                    id: format!("sess_{:032x}", 7).parse().expect("an id"),
                    case: CaseNumber::parse(case).expect("a case number"),
                    started_at: Timestamp::from_millis(0),
                })
                .collect(),
        };
        assert_eq!(
            sentence(&running(&["12", "11", "12", "10"])),
            "As many of your sessions are running as may run at a time (3): end one of them first, on one of these cases: 10, 11, 12."
        );
    }

    #[test]
    fn a_sentence_says_what_to_do_next() {
        for refusal in [
            Refusal::CaseNotFound,
            Refusal::OnlyApprovers,
            Refusal::AccessNotLive,
            Refusal::SupportBlocked,
            Refusal::SubjectUnknown,
        ] {
            let sentence = sentence(&refusal);
            assert!(
                sentence.ends_with('.') && sentence.contains(": "),
                "{sentence}"
            );
            assert!(!title(&refusal).ends_with('.'));
        }
    }
}
