//! What Okta's clients read.

use countersign_app::CaseRead;
use countersign_domain::{ImpersonationStatus, Refusal, SelfAssignmentStatus};
use serde::Serialize;

use super::CASES;
use crate::{problem::Problem, time};

/// The open cases that the caller sees.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SupportCases {
    pub(super) support_cases: Vec<SupportCase>,
}

/// A case.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SupportCase {
    case_number: String,
    subject: String,
    impersonation: Impersonation,
    self_assigned: SelfAssigned,
}

#[derive(Debug, Serialize)]
struct Impersonation {
    status: ImpersonationStatus,
    expiration: Option<String>,
}

#[derive(Debug, Serialize)]
struct SelfAssigned {
    status: SelfAssignmentStatus,
}

impl SupportCase {
    /// The case at the moment it was read.
    pub(super) fn of(read: &CaseRead) -> Result<Self, Problem> {
        let case = read.case().ok_or(Refusal::CaseNotFound)?;
        let (status, expiration) = case.impersonation(read.now);
        Ok(Self {
            case_number: case.number.to_string(),
            subject: case.title.to_string(),
            impersonation: Impersonation {
                status,
                expiration: expiration.map(time::write),
            },
            self_assigned: SelfAssigned {
                status: case.self_assignment_status(),
            },
        })
    }
}

/// Whether support can look now, by any of the cases that the caller sees, and for how long at most.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SupportSettings {
    support: Support,
    expiration: Option<String>,
    case_number: Option<String>,
    #[serde(rename = "_links")]
    links: Links,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Support {
    Enabled,
    Disabled,
}

/// Without `self`: a client of Okta's keeps whatever has that link, and goes on showing access that is gone.
#[derive(Debug, Serialize)]
struct Links {
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<Link>,
    cases: Link,
}

#[derive(Debug, Serialize)]
struct Link {
    href: String,
    hints: Hints,
}

#[derive(Debug, Serialize)]
struct Hints {
    allow: [&'static str; 1],
}

impl Link {
    fn new(href: String, allow: &'static str) -> Self {
        Self {
            href,
            hints: Hints { allow: [allow] },
        }
    }
}

impl SupportSettings {
    /// Made of the cases whose access is live: the one that lasts longest speaks for all.
    pub(super) fn of(live: &[CaseRead], home: &str) -> Self {
        let longest = live
            .iter()
            .filter_map(|read| {
                let case = read.case()?;
                let (_, expiration) = case.impersonation(read.now);
                Some((expiration?, case.number.to_string()))
            })
            .max();
        let cases = format!("{home}{CASES}");
        let link = |number: &String| Link::new(format!("{cases}/{number}"), "PATCH");
        Self {
            support: match longest {
                Some(_) => Support::Enabled,
                None => Support::Disabled,
            },
            links: Links {
                case: longest.as_ref().map(|(_, number)| link(number)),
                cases: Link::new(cases.clone(), "GET"),
            },
            expiration: longest.as_ref().map(|(at, _)| time::write(*at)),
            case_number: longest.map(|(_, number)| number),
        }
    }
}
