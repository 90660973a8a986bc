//! A row of a history in the words of a page.

use countersign_app::HistoryRow;
use countersign_entries::{OutcomeEnding, Written};
use countersign_web::{
    chip::{Chip, Tone},
    messages::{Lang, Text},
    text::UserText,
};

use crate::{views::history, zone::Zone};

/// A row; none if it cannot be read.
pub(crate) fn row(row: &HistoryRow, zone: &Zone) -> Option<history::HistoryRow> {
    let written = Written::read(&row.entry.encoded).ok()?;
    let t = zone.lang();
    let target = written
        .request
        .as_ref()
        .map(|request| UserText::new(format!("{} {}", request.method, request.path)));
    let actor = &written.actor;
    let email = |email: &str| UserText::from(email);
    Some(history::HistoryRow {
        at: zone.moment(written.at),
        who: actor.email.as_deref().map(email),
        subject: actor.subject.as_deref().map(email),
        what: what(&written.kind, t),
        kind: written.kind.as_ref().into(),
        target,
        result: result(row, &written, t),
        case: written
            .case
            .as_ref()
            .map(|case| case.number.as_ref().into()),
        index: row.entry.index,
    })
}

fn result(row: &HistoryRow, written: &Written<'_>, t: Lang) -> Option<Chip> {
    match &*written.kind {
        "request.refused" => Some(Chip::new(Tone::Alert, t.result_refused())),
        "request" => Some(outcome(row, t)),
        _ => None,
    }
}

fn outcome(row: &HistoryRow, t: Lang) -> Chip {
    let read = row.outcomes.first();
    let read = read.and_then(|entry| Written::read(&entry.encoded).ok()?.outcome());
    let Some(outcome) = read else {
        return Chip::new(Tone::Waiting, t.result_unknown());
    };
    match (outcome.ending, outcome.status) {
        (OutcomeEnding::Complete, Some(status)) => {
            Chip::new(Tone::Quiet, t.result_seen(i64::from(status)))
        }
        (OutcomeEnding::Complete, None) => Chip::new(Tone::Quiet, t.result_complete()),
        (OutcomeEnding::Cut, _) => Chip::new(Tone::Alert, t.result_cut()),
        (OutcomeEnding::NotSent, _) => Chip::new(Tone::Alert, t.result_not_sent()),
        (OutcomeEnding::ClientGone, _) => Chip::new(Tone::Quiet, t.result_client_gone()),
        (OutcomeEnding::UpstreamFailed, _) => Chip::new(Tone::Quiet, t.result_upstream_failed()),
    }
}

/// What was done, in words. A kind that later versions add is shown by its name.
fn what(kind: &str, t: Lang) -> Option<Text> {
    Some(match kind {
        "access.extended" => t.did_extended(),
        "access.granted" => t.did_granted(),
        "access.more_time_wanted" => t.did_more_time(),
        "access.period_opened" => t.did_period_opened(),
        "access.request_withdrawn" => t.did_request_withdrawn(),
        "access.requested" => t.did_requested(),
        "access.revoked" => t.did_revoked(),
        "admin.accepted" => t.did_admin_accepted(),
        "admin.created" => t.did_admin_created(),
        "admin.deactivated" => t.did_admin_deactivated(),
        "admin.reactivated" => t.did_admin_reactivated(),
        "admin.refused" => t.did_admin_refused(),
        "admin.role_accepted" => t.did_role_accepted(),
        "admin.role_proposed" => t.did_role_proposed(),
        "admin.role_refused" => t.did_role_refused(),
        "admin.role_set" => t.did_admin_role(),
        "agent.created" => t.did_agent_created(),
        "agent.deactivated" => t.did_agent_deactivated(),
        "agent.reactivated" => t.did_agent_reactivated(),
        "case.closed" => t.did_case_closed(),
        "case.opened" => t.did_case_opened(),
        "case.reopened" => t.did_case_reopened(),
        "case.team_joined" => t.did_team_joined(),
        "case.team_left" => t.did_team_left(),
        "credential.accepted" => t.did_credential_accepted(),
        "credential.minted" => t.did_credential_minted(),
        "credential.refused" => t.did_credential_refused(),
        "credential.revoked" => t.did_credential_revoked(),
        "org.blocked" => t.did_blocked(),
        "org.claimed" => t.did_org_claimed(),
        "org.created" => t.did_org_created(),
        "org.settings_changed" => t.did_settings_changed(),
        "org.unblocked" => t.did_unblocked(),
        "org.upstream_set" => t.did_upstream_set(),
        "outcome" => t.did_outcome(),
        "passkey.registered" => t.did_passkey_registered(),
        "passkey.removed" => t.did_passkey_removed(),
        "request" => t.did_request(),
        "request.refused" => t.did_request_refused(),
        "self_assignment.approved" => t.did_self_approved(),
        "self_assignment.requested" => t.did_self_requested(),
        "self_assignment.withdrawn" => t.did_self_withdrawn(),
        "session.ended" => t.did_session_ended(),
        "session.entered" => t.did_session_entered(),
        "session.link_opened" => t.did_link_opened(),
        "session.started" => t.did_session_started(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use countersign_entries::KINDS;

    use super::*;

    #[test]
    fn every_kind_has_its_words() {
        for kind in KINDS {
            assert!(what(kind, Lang::En).is_some(), "{kind}");
        }
        assert!(what("later.kind", Lang::En).is_none());
    }
}
