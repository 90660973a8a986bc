//! Where access to a case stands, in the words of the lists.

use countersign_domain::{Access, Case, Org, RevokedWhy, Timestamp};

use crate::{views::agent_cases::AccessState, zone::Zone};

/// Where access stands at `now`. An unapproved self-assignment comes before the block: its agent is
/// told nothing about the org (R6).
pub(crate) fn access_state(
    case: &Case,
    org: Option<&Org>,
    zone: &Zone,
    now: Timestamp,
) -> AccessState {
    let requested = case.access.request().is_some();
    if !case.is_open() {
        return AccessState::Closed;
    }
    if case.awaits_self_assignment() {
        return AccessState::SelfAssignmentWaiting { requested };
    }
    if org.is_some_and(|org| org.block.is_some()) {
        return AccessState::Blocked { requested };
    }
    match &case.access {
        Access::NotRequested => AccessState::NotRequested,
        Access::Requested { request, .. } => AccessState::Requested {
            at: zone.moment(request.at),
        },
        Access::Granted { grant, .. } => {
            let until = grant.period.expires_at;
            if grant.period.is_live(now) {
                AccessState::Live {
                    until: zone.moment(until),
                    left: zone.left(now, until),
                }
            } else {
                AccessState::Expired {
                    at: zone.moment(until),
                    widened: org.is_some_and(|org| org.widened_since(&grant.period)),
                }
            }
        }
        Access::Revoked { at, why, .. } => {
            let at = zone.moment(*at);
            match why {
                RevokedWhy::RulesWidened => AccessState::TickAgain { at },
                _ => AccessState::Revoked { at },
            }
        }
    }
}
