//! What a page showed when its form was made, so that nobody decides on what is no longer true.
//!
//! A short hash, sent back as `seen`. It guards against surprise, not against forgery: whoever may
//! decide may also make it up.

use countersign_app::{App, CaseRead, hash_secret};
use countersign_domain::{Access, Case, Org, Timestamp};

use crate::case_view::CaseView;

/// What an approver was shown: the state, and whom the tick gives what for how long.
pub(crate) fn by_approver(view: &CaseView<'_>) -> String {
    let case = short(&format!(
        "{};{:?};{:?};{:?};{}",
        standing(view.case, view.now()),
        view.subject(),
        view.team(),
        view.org.settings.default_duration,
        view.org.settings.pin_team,
    ));
    format!("{case}.{}", reads(view.org))
}

/// Which requests read: whoever ticks says yes to those that go through now.
fn reads(org: &Org) -> String {
    let upstream = org.upstream.as_ref();
    short(&format!(
        "{:?}",
        upstream.map(|set| (set.mode, &set.routes, &set.resource))
    ))
}

/// Whether an approver was shown that other requests read than do now.
pub(crate) fn other_reads(seen: &str, org: &Org) -> bool {
    seen.split_once('.')
        .is_some_and(|(_, shown)| shown != reads(org))
}

/// What the form of an org's rules showed.
pub(crate) fn rules(org: &Org) -> String {
    short(&format!("{:?};{:?}", org.settings, org.settings_changed))
}

/// Whether all support access was shown as blocked, and by whom and since when.
pub(crate) fn block(org: &Org) -> String {
    short(&format!("{:?}", org.block))
}

/// Where an org's product was shown to be.
pub(crate) fn product(org: &Org) -> String {
    short(&format!("{:?}", org.upstream))
}

/// Which host names an org was shown to have.
pub(crate) fn hosts(org: &Org) -> String {
    short(&format!("{:?}", org.hosts))
}

/// What an agent was shown.
pub(crate) fn by_agent(read: &CaseRead) -> String {
    let Some(case) = read.case() else {
        return String::new();
    };
    let org = read.state().org(case.org);
    let blocked = org.is_some_and(|org| org.block.is_some());
    short(&format!("{};{blocked}", standing(case, read.now)))
}

fn standing(case: &Case, now: Timestamp) -> String {
    let asked = case.access.request().map(|asked| {
        (
            asked.at,
            asked.requested_by,
            asked.subject,
            &asked.justification,
        )
    });
    let revoked = match &case.access {
        Access::Revoked { grant, at, .. } => Some((grant, at)),
        _ => None,
    };
    let more_time = match &case.access {
        Access::Granted {
            more_time_wanted, ..
        } => more_time_wanted.as_ref().map(|wanted| wanted.at),
        _ => None,
    };
    let grant = case
        .access
        .unrevoked()
        .map(|grant| (grant.id, grant.period));
    format!(
        "{:?};{grant:?};{revoked:?};{asked:?};{more_time:?};{:?};{:?}",
        case.impersonation(now).0,
        case.self_assignment,
        case.lifecycle,
    )
}

/// A short hash of a text.
pub(crate) fn short(text: &str) -> String {
    let mut hash = App::hash_for_address(hash_secret(text));
    hash.truncate(22);
    hash
}
