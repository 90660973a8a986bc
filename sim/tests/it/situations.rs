//! Which interesting situations a history has been through.

use countersign_domain::{
    Access, Actor, Case, CaseId, Command, EndedWhy, Event, Grant, OpenedBy, OrgId, Refusal,
    RevokedWhy, SelfAssignment, Standing, counts,
};

use crate::world::World;

/// Situations that a fixed run must come through, or agreement would mean little.
pub(crate) const INTERESTING: &[&str] = &[
    "asked",
    "asked again while requested",
    "asked again after expiry",
    "asked again after revocation",
    "asked while blocked",
    "asked while self-assignment is unapproved",
    "asked for a named subject",
    "more time wanted",
    "withdrawn",
    "withdrawn after an expired grant",
    "granted by a super admin",
    "granted by the opener",
    "granted after expiry",
    "granted after revocation",
    "granted afresh over an extendable grant",
    "granted at exactly the expiration of another",
    "granted on an approved self-assigned case",
    "granted for 15 minutes",
    "granted for 24 hours",
    "granted on a second opening",
    "granted pinned to the team",
    "ticked while live",
    "lengthened",
    "lengthened with a session running",
    "extension under 60 s",
    "extension to the present expiration",
    "period opened",
    "period opened at exactly the expiration",
    "period opened after asking again",
    "period opened for the third time",
    "revoked while live",
    "revoked with sessions running",
    "revoked after expiry",
    "revoked twice",
    "blocked with a live grant",
    "blocked with an expired grant",
    "blocked with a session running",
    "block lifted",
    "closed with a live grant",
    "ended after a loss of history",
    "closed with an expired grant",
    "closed with a session running",
    "closed by an agent",
    "reopened",
    "reopened self-assigned",
    "self-assigned with a live grant",
    "self-assigned with an expired grant",
    "self-assignment approved",
    "self-assignment withdrawn with a live grant",
    "self-assignment withdrawn with an expired grant",
    "session started",
    "session started by one who joined after the tick",
    "session started in a later period",
    "session started under a grant of a demoted or deactivated approver",
    "session ended by its agent",
    "session ended by an approver",
    "session over when ended",
    "left with a session running",
    "agent deactivated with a session running",
    "subject deactivated with a session running",
    "upstream changed with a session running",
    "rules widened with a live grant",
    "rules widened with an expired grant",
    "rules widened with a session running",
    "an opener refused by the org's settings",
    "claimed",
    "granted in a claimed org",
    "granted by someone who was accepted",
    "granted through a credential that was accepted",
    "granted through a credential of the customer's own making",
    "unticked in a claimed org by what does not count",
    "a person accepted",
    "a person refused",
    "a person refused with a session running for them",
    "a credential accepted",
    "a credential refused",
    "a role proposed",
    "a role accepted",
    "a role refused",
    "a passkey removed in a claimed org",
];

pub(crate) fn note(
    w: &mut World,
    actor: Actor,
    command: &Command,
    verdict: &Result<Vec<Event>, Refusal>,
) {
    let mut seen = Vec::new();
    match verdict {
        Ok(events) => {
            unchanged(w, command, events, &mut seen);
            about_access(w, command, events, &mut seen);
            about_the_rest(w, actor, command, events, &mut seen);
            about_claims(w, actor, events, &mut seen);
        }
        Err(refusal) => {
            seen.push(refusal.code());
            if matches!(
                refusal,
                Refusal::OnlySuperAdminsApproveHere | Refusal::OpenerNotAttested
            ) {
                seen.push("an opener refused by the org's settings");
            }
        }
    }
    for situation in seen {
        *w.situations.entry(situation).or_default() += 1;
    }
}

/// Commands that found things as they wanted them.
fn unchanged(w: &World, command: &Command, events: &[Event], seen: &mut Vec<&'static str>) {
    if !events.is_empty() {
        return;
    }
    match command {
        Command::Grant { .. } => seen.push("ticked while live"),
        Command::Extend { to: None, .. } => seen.push("extension under 60 s"),
        Command::Extend { case, to } => {
            let present = w.known(*case).access.unrevoked();
            if *to == present.map(|grant| grant.period.expires_at) {
                seen.push("extension to the present expiration");
            }
        }
        Command::Revoke { case } => {
            if matches!(w.known(*case).access, Access::Revoked { .. }) {
                seen.push("revoked twice");
            }
        }
        Command::EndSession { .. } => seen.push("session over when ended"),
        _ => {}
    }
}

fn about_access(w: &World, command: &Command, events: &[Event], seen: &mut Vec<&'static str>) {
    for event in events {
        match event {
            Event::AccessRequested { case, subject, .. } => {
                let known = w.known(*case);
                seen.push("asked");
                if subject.is_some() {
                    seen.push("asked for a named subject");
                }
                match known.access {
                    Access::Requested { .. } => seen.push("asked again while requested"),
                    Access::Granted { .. } => seen.push("asked again after expiry"),
                    Access::Revoked { .. } => seen.push("asked again after revocation"),
                    Access::NotRequested => {}
                }
                if w.state
                    .org(known.org)
                    .is_some_and(|org| org.block.is_some())
                {
                    seen.push("asked while blocked");
                }
                if known.awaits_self_assignment() {
                    seen.push("asked while self-assignment is unapproved");
                }
            }
            Event::MoreTimeWanted { .. } => seen.push("more time wanted"),
            Event::RequestWithdrawn { case, .. } => {
                seen.push("withdrawn");
                if w.known(*case).access.unrevoked().is_some() {
                    seen.push("withdrawn after an expired grant");
                }
            }
            Event::Granted { case, grant, .. } => granted(w, *case, grant, seen),
            Event::Extended { .. } => {
                seen.push("lengthened");
                if runs(w, command) {
                    seen.push("lengthened with a session running");
                }
            }
            Event::PeriodOpened { case, period, .. } => {
                seen.push("period opened");
                let known = w.known(*case);
                if period.number >= 3 {
                    seen.push("period opened for the third time");
                }
                if known.access.unrevoked().map(|g| g.period.expires_at) == Some(w.now) {
                    seen.push("period opened at exactly the expiration");
                }
                if matches!(known.access, Access::Requested { .. }) {
                    seen.push("period opened after asking again");
                }
            }
            Event::Revoked { case, why, .. } => {
                let live = w.known(*case).access.live(w.now).is_some();
                seen.extend(match (why, live) {
                    (RevokedWhy::Unticked, true) => Some("revoked while live"),
                    (RevokedWhy::Unticked, false) => Some("revoked after expiry"),
                    (RevokedWhy::CaseClosed, true) => Some("closed with a live grant"),
                    (RevokedWhy::CaseClosed, false) => Some("closed with an expired grant"),
                    (RevokedWhy::BecameSelfAssigned, _) => Some("self-assigned with a live grant"),
                    (RevokedWhy::SelfAssignmentWithdrawn, _) => {
                        Some("self-assignment withdrawn with a live grant")
                    }
                    (RevokedWhy::HistoryLost, _) => Some("ended after a loss of history"),
                    (RevokedWhy::RulesWidened, _) => Some("rules widened with a live grant"),
                    (RevokedWhy::Blocked, _) => None,
                });
            }
            Event::UpstreamSet {
                org, widened: true, ..
            } => {
                let ran_out = |case: &Case| {
                    case.org == *org
                        && case.access.unrevoked().is_some()
                        && case.access.not_over(w.now).is_none()
                };
                if w.state.cases().any(ran_out) {
                    seen.push("rules widened with an expired grant");
                }
            }
            _ => {}
        }
    }
}

fn granted(w: &World, case: CaseId, grant: &Grant, seen: &mut Vec<&'static str>) {
    let known = w.known(case);
    let opener = grant.approved_by.admin().map(OpenedBy::Admin) == Some(known.opened_by.who);
    seen.push(if opener {
        "granted by the opener"
    } else {
        "granted by a super admin"
    });
    match &known.access {
        Access::Granted { grant, .. } => {
            seen.push("granted after expiry");
            if grant.period.expires_at == w.now {
                seen.push("granted at exactly the expiration of another");
            }
        }
        Access::Revoked { .. } => seen.push("granted after revocation"),
        Access::Requested {
            earlier: Some(_), ..
        } => seen.push("granted afresh over an extendable grant"),
        _ => {}
    }
    if matches!(known.self_assignment, SelfAssignment::Approved { .. }) {
        seen.push("granted on an approved self-assigned case");
    }
    match grant.period.expires_at.since(w.now).as_millis() {
        900_000 => seen.push("granted for 15 minutes"),
        86_400_000 => seen.push("granted for 24 hours"),
        _ => {}
    }
    if grant.team.pinned {
        seen.push("granted pinned to the team");
    }
    if w.reopened.contains(&case) {
        seen.push("granted on a second opening");
    }
}

fn about_the_rest(
    w: &World,
    actor: Actor,
    command: &Command,
    events: &[Event],
    seen: &mut Vec<&'static str>,
) {
    for event in events {
        match event {
            Event::Blocked { org, .. } => {
                for case in w.state.cases().filter(|case| case.org == *org) {
                    if case.access.live(w.now).is_some() {
                        seen.push("blocked with a live grant");
                    } else if case.access.unrevoked().is_some() {
                        seen.push("blocked with an expired grant");
                    }
                    if any_runs(w, case) {
                        seen.push("blocked with a session running");
                    }
                }
            }
            Event::Unblocked { .. } => seen.push("block lifted"),
            Event::CaseClosed { .. } => {
                if matches!(actor, Actor::Agent { .. }) {
                    seen.push("closed by an agent");
                }
            }
            Event::CaseReopened { case, .. } => {
                seen.push("reopened");
                if w.known(*case).self_assignment != SelfAssignment::NotRequired {
                    seen.push("reopened self-assigned");
                }
            }
            Event::SelfAssignmentRequested { case, .. } => {
                let expired = w.state.case(*case).is_some_and(|known| {
                    known.access.unrevoked().is_some() && known.access.live(w.now).is_none()
                });
                if expired {
                    seen.push("self-assigned with an expired grant");
                }
            }
            Event::SelfAssignmentApproved { .. } => seen.push("self-assignment approved"),
            Event::SelfAssignmentWithdrawn { case, .. } => {
                let access = &w.known(*case).access;
                if access.unrevoked().is_some() && access.live(w.now).is_none() {
                    seen.push("self-assignment withdrawn with an expired grant");
                }
            }
            Event::SessionStarted { case, session, .. } => {
                seen.push("session started");
                if session.period > 1 {
                    seen.push("session started in a later period");
                }
                let known = w.known(*case);
                if let Some(grant) = known.access.live(w.now) {
                    if !grant.team.at_tick.contains(&session.agent) {
                        seen.push("session started by one who joined after the tick");
                    }
                    let approver = grant.approved_by.admin().and_then(|id| w.state.admin(id));
                    let opener =
                        grant.approved_by.admin().map(OpenedBy::Admin) == Some(known.opened_by.who);
                    if approver.is_some_and(|a| !a.active || (!a.is_super() && !opener)) {
                        seen.push(
                            "session started under a grant of a demoted or deactivated approver",
                        );
                    }
                }
            }
            Event::SessionEnded { why, .. } => seen.extend(match why {
                EndedWhy::ByAgent => Some("session ended by its agent"),
                EndedWhy::ByApprover => Some("session ended by an approver"),
                EndedWhy::CaseClosed => Some("closed with a session running"),
                EndedWhy::AgentLeftTeam => Some("left with a session running"),
                EndedWhy::UpstreamChanged => Some("upstream changed with a session running"),
                EndedWhy::RulesWidened => Some("rules widened with a session running"),
                EndedWhy::GrantRevoked if matches!(command, Command::Revoke { .. }) => {
                    Some("revoked with sessions running")
                }
                _ => None,
            }),
            Event::AgentActiveSet {
                agent,
                active: false,
            } => {
                let theirs = w.state.cases().any(|case| {
                    case.sessions
                        .values()
                        .any(|s| s.agent == *agent && case.running(s.id, w.now).is_some())
                });
                if theirs {
                    seen.push("agent deactivated with a session running");
                }
            }
            Event::AdminActiveSet {
                admin,
                active: false,
                ..
            } => {
                let theirs = w.state.cases().any(|case| {
                    case.sessions
                        .values()
                        .any(|s| s.subject == *admin && case.running(s.id, w.now).is_some())
                });
                if theirs {
                    seen.push("subject deactivated with a session running");
                }
            }
            _ => {}
        }
    }
}

/// Whose word counted, and what the customer made of what an operator made (R3).
fn about_claims(w: &World, actor: Actor, events: &[Event], seen: &mut Vec<&'static str>) {
    let claimed = |org| w.state.org(org).is_some_and(|org| org.claim.is_some());
    for event in events {
        match event {
            Event::OrgClaimed { .. } => seen.push("claimed"),
            Event::Granted { org, .. } if claimed(*org) => {
                seen.push("granted in a claimed org");
                granted_by(w, actor, *org, seen);
            }
            Event::Revoked { org, .. } if claimed(*org) && counts(&w.state, &actor).is_err() => {
                seen.push("unticked in a claimed org by what does not count");
            }
            Event::AdminAccepted { .. } if events.len() == 1 => {
                seen.push("a person accepted");
            }
            Event::AdminRefused { .. } => {
                seen.push("a person refused");
                if matches!(events, [Event::SessionEnded { .. }, ..]) {
                    seen.push("a person refused with a session running for them");
                }
            }
            Event::CredentialAccepted { .. } => seen.push("a credential accepted"),
            Event::CredentialRefused { .. } => seen.push("a credential refused"),
            Event::RoleProposed { .. } => seen.push("a role proposed"),
            Event::RoleAccepted { .. } => seen.push("a role accepted"),
            Event::RoleRefused { .. } => seen.push("a role refused"),
            Event::PasskeyRemoved { org, .. } if claimed(*org) => {
                seen.push("a passkey removed in a claimed org");
            }
            _ => {}
        }
    }
}

fn granted_by(w: &World, actor: Actor, org: OrgId, seen: &mut Vec<&'static str>) {
    let Actor::Admin { id, via } = actor else {
        return;
    };
    let claimer = w
        .state
        .org(org)
        .and_then(|org| org.claim)
        .map(|claim| claim.by);
    if claimer != Some(id) {
        seen.push("granted by someone who was accepted");
    }
    let claims = w
        .state
        .org(org)
        .and_then(|org| org.claim)
        .map(|claim| claim.credential);
    let standing = via
        .filter(|via| claims != Some(*via))
        .and_then(|via| w.state.credential(via))
        .map(|credential| credential.standing);
    match standing {
        Some(Standing::Accepted { .. }) => {
            seen.push("granted through a credential that was accepted");
        }
        Some(Standing::Own) => {
            seen.push("granted through a credential of the customer's own making");
        }
        _ => {}
    }
}

fn any_runs(w: &World, case: &Case) -> bool {
    case.sessions
        .keys()
        .any(|id| case.running(*id, w.now).is_some())
}

fn runs(w: &World, command: &Command) -> bool {
    match command {
        Command::Extend { case, .. } => any_runs(w, w.known(*case)),
        _ => false,
    }
}
