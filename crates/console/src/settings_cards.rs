//! A request as a card on the settings page (R8 to R14).

use std::cmp::Reverse;

use countersign_domain::{
    Access, AccessRequest, AgentId, Duration, Extension, Grant, Period, RevokedWhy, extension,
    has_passed, still_approves,
};
use countersign_web::time::{length, time_left};

use crate::{
    case_view::CaseView,
    names, reads, seen,
    views::request_card::{
        CannotExtend, CannotGrant, Extend, Flag, Removed, RequestCard, RequestState, Tick,
    },
};

/// From how long before its end on the page says that access ends soon.
const SOON: Duration = Duration::from_mins(30);

/// Where a card stands among the others: what waits comes first, then what ends soonest, then what
/// is over, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Waiting(i64),
    Live(i64),
    Expired(Reverse<i64>),
    Revoked(Reverse<i64>),
}

/// The card of a case with a standing request; none without one.
pub(crate) fn card(view: &CaseView<'_>) -> Option<(Place, RequestCard)> {
    let request = view.case.access.request()?;
    let (place, state) = state(view)?;
    let now = view.now();
    let lasts = view.org.settings.default_duration;
    let subject = view.subject();
    let (harmless, harmless_below) = view.harmless();
    let card = RequestCard {
        case_number: view.case.number.as_str().into(),
        title: view.case.title.as_str().into(),
        org: view.org.name.as_str().into(),
        opened_by: names::opener(view.zone.lang(), view.read.state(), view.case),
        requested_by: view.agent(request.requested_by),
        requested_at: view.zone.moment(request.at),
        justification: request.justification.as_str().into(),
        subject: subject.map(|id| view.admin(id)),
        subject_is_you: subject == Some(view.viewer.id),
        team: view.agents(&view.team()),
        joiners: view
            .live()
            .map_or(!view.org.settings.pin_team, |grant| !grant.team.pinned),
        declared: harmless.len(),
        harmless,
        harmless_below,
        past: reads::past(view.org.upstream.as_ref(), view.zone.lang()),
        state,
        widened: None,
        taken_back: false,
        flags: flags(view, request),
        tick: tick(view),
        extend: extend(view),
        would_last: length(lasts.as_millis(), view.zone.lang()),
        would_end: view.zone.moment(now.plus(lasts)),
        seen: seen::by_approver(view),
    };
    Some((place, card))
}

fn state(view: &CaseView<'_>) -> Option<(Place, RequestState)> {
    let now = view.now();
    Some(match &view.case.access {
        Access::NotRequested => return None,
        Access::Requested { request, .. } => (
            Place::Waiting(request.at.as_millis()),
            RequestState::Requested,
        ),
        Access::Granted { grant, .. } => {
            let until = grant.period.expires_at;
            let ms = until.as_millis();
            let granted_by = view.approver(grant.approved_by);
            if grant.period.is_live(now) {
                let live = RequestState::Live {
                    until: view.zone.moment(until),
                    left: view.zone.left(now, until),
                    granted_by,
                    granted_at: view.zone.moment(grant.period.from),
                    soon: has_passed(until, now.plus(SOON)),
                };
                (Place::Live(ms), live)
            } else {
                let expired = RequestState::Expired {
                    at: view.zone.moment(until),
                    age: time_left(now.as_millis(), ms, view.zone.lang()),
                    granted_by,
                };
                (Place::Expired(Reverse(ms)), expired)
            }
        }
        Access::Revoked { at, why, by, .. } => {
            let revoked = RequestState::Revoked {
                at: view.zone.moment(*at),
                why: match why {
                    RevokedWhy::Unticked => Removed::Unticked,
                    RevokedWhy::Blocked => Removed::Block,
                    RevokedWhy::SelfAssignmentWithdrawn => Removed::ApprovalWithdrawn,
                    RevokedWhy::BecameSelfAssigned => Removed::BecameSelfAssigned,
                    RevokedWhy::CaseClosed => Removed::CaseClosed,
                    RevokedWhy::HistoryLost => Removed::HistoryLost,
                    RevokedWhy::RulesWidened => Removed::RulesWidened,
                },
                by: by.map(|by| view.approver(by)),
            };
            let place = match why {
                RevokedWhy::RulesWidened => Place::Waiting(at.as_millis()),
                _ => Place::Revoked(Reverse(at.as_millis())),
            };
            (place, revoked)
        }
    })
}

/// Unticking needs an approver and nothing else (R12).
fn tick(view: &CaseView<'_>) -> Tick {
    let reason = match view.live() {
        Some(_) => view.not_approver(),
        None => view.cannot_grant(),
    };
    reason.map_or(Tick::Possible, Tick::Impossible)
}

fn extend(view: &CaseView<'_>) -> Extend {
    let Some(grant) = view.case.access.unrevoked() else {
        return Extend::Hidden;
    };
    if !view.org.settings.extension {
        return Extend::SwitchedOff;
    }
    match view.cannot_grant() {
        // An extension keeps the subject of its grant, whomever the request names now.
        None | Some(CannotGrant::NoSubject) => {}
        Some(CannotGrant::NoAgentOnTeam) if view.live().is_some() => {
            return Extend::Impossible(CannotExtend::NoAgentOnTeam);
        }
        Some(CannotGrant::NotAccepted) if view.live().is_some() => {
            return Extend::Impossible(CannotExtend::NotAccepted);
        }
        Some(_) => return Extend::Impossible(CannotExtend::NotGrantable),
    }
    if view.org.widened_since(&grant.period) {
        return Extend::Impossible(CannotExtend::RulesWidened);
    }
    match extension(&grant.period, view.now(), None) {
        Extension::Lengthened(period) => Extend::Possible {
            until: view.zone.moment(period.expires_at),
        },
        Extension::Reopened(period) => again(view, grant, period),
        Extension::Nothing | Extension::TooEarly | Extension::TooLate => {
            Extend::Impossible(CannotExtend::AlreadyAFullDay)
        }
    }
}

/// What is over begins again with the agents and the subject of its grant, whatever a tick would give.
fn again(view: &CaseView<'_>, grant: &Grant, period: Period) -> Extend {
    let mut team = view.team();
    team.retain(|agent| grant.team.admits(*agent));
    if team.is_empty() {
        return Extend::Impossible(CannotExtend::NoAgentOnTeam);
    }
    Extend::Again {
        until: view.zone.moment(period.expires_at),
        who: view.agents(&team),
        subject: view.admin(grant.subject),
        subject_is_you: grant.subject == view.viewer.id,
        joiners: !grant.team.pinned,
    }
}

fn flags(view: &CaseView<'_>, request: &AccessRequest) -> Vec<Flag> {
    let mut flags = Vec::new();
    if let Access::Granted {
        more_time_wanted: Some(wanted),
        ..
    } = &view.case.access
    {
        flags.push(Flag::MoreTimeWanted {
            by: view.agent(wanted.by),
            at: view.zone.moment(wanted.at),
            why: wanted.justification.as_str().into(),
        });
    }
    if let Access::Requested {
        earlier: Some(earlier),
        ..
    } = &view.case.access
    {
        flags.push(Flag::GrantedBefore {
            by: view.approver(earlier.approved_by),
            until: view.zone.moment(earlier.period.expires_at),
            both: tick(view) == Tick::Possible && matches!(extend(view), Extend::Again { .. }),
        });
    }
    if let Some(grant) = view.live() {
        let team = view.team();
        let joined: Vec<_> = view
            .case
            .joined_since(grant)
            .filter(|agent| team.contains(agent))
            .collect();
        if !joined.is_empty() {
            flags.push(Flag::JoinedAfterTick(view.agents(&joined)));
        }
        let approver_still =
            still_approves(view.read.state(), view.org, view.case, grant.approved_by);
        if !approver_still {
            flags.push(Flag::ApproverNoLongerAdmin {
                who: view.approver(grant.approved_by),
                removable: view.may_approve(),
            });
        }
    }
    if !view.case.team.contains_key(&request.requested_by) {
        flags.push(Flag::RequesterLeftTeam(view.agent(request.requested_by)));
    }
    let mut agents = view.team();
    if !agents.contains(&request.requested_by) {
        agents.push(request.requested_by);
    }
    flags.extend(misleading_names(view, &agents));
    flags
}

/// Anybody chooses a name; an approver is told where one could be taken for another's.
pub(crate) fn misleading_names(view: &CaseView<'_>, agents: &[AgentId]) -> Vec<Flag> {
    let admins: Vec<_> = view
        .read
        .state()
        .admins()
        .filter(|admin| admin.org == view.org.id)
        .map(names::of_admin)
        .collect();
    let mut flags = Vec::new();
    for agent in view.agents(agents) {
        if agent.name.is_disguised() {
            flags.push(Flag::NameInDisguise(agent.clone()));
        }
        if let Some(admin) = admins
            .iter()
            .find(|admin| agent.name.reads_like(&admin.name))
        {
            flags.push(Flag::NamedLikeAdmin {
                agent,
                admin: admin.clone(),
            });
        }
    }
    flags
}
