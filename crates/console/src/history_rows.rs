//! A row of a history in the words of a page.

use countersign_app::{ActAbout, Failure, HistoryRow, Named};
use countersign_domain::{Role, WayIn};
use countersign_entries::{OutcomeEnding, Written};
use countersign_web::{
    attempts,
    chip::{Chip, Tone},
    messages::{Lang, Text},
    person::Person,
    text::UserText,
};

use crate::{
    Console, reads,
    views::{history, reads::ChangedRules},
    zone::Zone,
};

/// Rows, with whom or what each is about. One that cannot be read is left out.
pub(crate) async fn rows(
    console: &Console,
    rows: &[HistoryRow],
    zone: &Zone,
) -> Result<Vec<history::HistoryRow>, Failure> {
    let names = console.app.row_names(rows).await?;
    let both = rows.iter().zip(names);
    Ok(both
        .filter_map(|(one, names)| row(console, one, names.about, zone))
        .collect())
}

fn row(
    console: &Console,
    row: &HistoryRow,
    about: Option<ActAbout>,
    zone: &Zone,
) -> Option<history::HistoryRow> {
    let written = Written::read(&row.entry.encoded).ok()?;
    let t = zone.lang();
    let asked = written.request.as_ref();
    let left_open = asked.is_some_and(|request| request.left_open);
    let target = asked.map(|request| UserText::new(format!("{} {}", request.method, request.path)));
    let actor = &written.actor;
    let email = |email: &str| UserText::from(email);
    let declared = written.declared_harmless();
    let rules_alone = matches!(about, Some(ActAbout::Rules { only: true, .. }));
    let tried = match &about {
        Some(ActAbout::Tried { attempted, .. }) => attempts::tried(attempted, t),
        _ => None,
    };
    let said = match about {
        Some(about) => in_words(about, zone),
        None if declared => Said::about(match request_rule(&written) {
            Some(rule) => t.did_about_rule(rule),
            None => t.did_about_no_rule(),
        }),
        None => Said::default(),
    };
    let client = actor.name.as_deref().map(UserText::from);
    let client = client.map(|name| UserText::new(t.service_client_named(name).plain()));
    let somebody = (actor.kind == "unknown").then(|| match &*written.kind {
        "attempt.refused" => t.somebody_elsewhere(),
        _ => t.somebody(),
    });
    let somebody = somebody.map(|text| UserText::new(text.plain()));
    Some(history::HistoryRow {
        at: zone.moment(written.at),
        who: match &*actor.kind {
            "provisioning" => Some(UserText::new(t.directory_of_org().plain())),
            "operator" => actor
                .email
                .as_deref()
                .map(|who| UserText::new(t.operator_who(UserText::from(who)).plain())),
            _ => actor.email.as_deref().map(email).or(client).or(somebody),
        },
        subject: actor.subject.as_deref().map(email),
        what: if left_open {
            Some(t.did_request_left_open())
        } else if declared {
            Some(t.did_declared())
        } else if rules_alone {
            Some(t.did_rules_set())
        } else if tried.is_some() {
            tried
        } else {
            what(&written.kind, actor.kind == "agent", t)
        },
        kind: written.kind.as_ref().into(),
        target,
        about: said.about,
        rules: said.rules,
        because: said.because,
        result: result(console, row, &written, t),
        case: written
            .case
            .as_ref()
            .map(|case| case.number.as_ref().into()),
        index: row.entry.index,
        further: None,
        from: written.client.as_ref().map(|client| history::From {
            address: UserText::new(client.address.to_string()),
            program: client.user_agent.as_deref().map(UserText::from),
        }),
    })
}

/// What is said below an act.
#[derive(Default)]
struct Said {
    about: Option<Text>,
    because: Option<UserText>,
    rules: Option<ChangedRules>,
}

impl Said {
    fn about(text: Text) -> Self {
        Self {
            about: Some(text),
            ..Self::default()
        }
    }
}

fn request_rule(written: &Written<'_>) -> Option<UserText> {
    let rule = written.request.as_ref()?.rule.as_deref()?;
    Some(UserText::from(rule))
}

/// Whom or what it was about; and in whose words, where an agent gave a reason.
fn in_words(about: ActAbout, zone: &Zone) -> Said {
    let t = zone.lang();
    let who = |named: Named| Person::new(named.name, named.email);
    let said = match about {
        ActAbout::Person(one) => t.names_one(who(one)),
        ActAbout::Role { person, role } => {
            let role = match role {
                Role::SuperAdmin => t.role_super_admin(),
                Role::Admin => t.role_admin(),
            };
            t.did_about_role(role, who(person))
        }
        ActAbout::Credential { owner, way, name } => {
            let kind = match way {
                Some(WayIn::ApiToken) => t.credential_api_token(),
                Some(WayIn::LoginLink) => t.credential_sign_in_link(),
                Some(WayIn::Passkey) => t.credential_passkey(),
                Some(WayIn::OpenId) => t.credential_openid(),
                Some(WayIn::ScimToken) => t.credential_scim_token(),
                None => t.did_about_credential(),
            };
            match name {
                Some(name) => t.did_about_named(kind, UserText::new(name), who(owner)),
                None => t.did_about_kind(kind, who(owner)),
            }
        }
        ActAbout::DirectoryToken => t.waiting_directory(),
        ActAbout::Asked { because, subject } => {
            let subject = subject.map(|one| t.did_about_as(who(one)));
            return Said {
                about: subject,
                because: Some(UserText::new(because)),
                rules: None,
            };
        }
        ActAbout::Access {
            agents,
            joins,
            until,
            widened,
            subject,
        } => {
            let agents: Vec<Person> = agents.into_iter().map(who).collect();
            let (count, who_all) = (agents.len(), in_full(&agents, t));
            let whose = match joins {
                true => t.did_about_access_later(count, who(subject), who_all),
                false => t.did_about_access(count, who(subject), who_all),
            };
            let whose = match until {
                Some(until) => t.did_about_until(zone.moment(until).exact(), whose),
                None => whose,
            };
            if widened {
                t.sentences(whose, t.did_about_widened())
            } else {
                whose
            }
        }
        ActAbout::Rules { change, .. } => {
            return Said {
                rules: Some(reads::changed(&change, t)),
                ..Said::default()
            };
        }
        ActAbout::ActsAs(one) => t.did_about_as(who(one)),
        ActAbout::Opened { by, title } => t.did_about_opened(UserText::new(title), who(by)),
        ActAbout::Client(name) => t.service_client_named(UserText::new(name)),
        ActAbout::SessionOf(one) => t.did_about_session(who(one)),
        ActAbout::HistoryLost => t.ends_removed_history_lost(),
        ActAbout::Tried { code, left_out, .. } => {
            let answer = attempts::answer(&code, t);
            let answer = answer.map_or(UserText::new(code), |text| UserText::new(text.plain()));
            with_left_out(t.tried_answer(answer), left_out, t)
        }
        ActAbout::TurnedAway {
            who: named,
            code,
            left_out,
        } => with_left_out(turned_away(who(named), code, t), left_out, t),
    };
    Said::about(said)
}

/// Why somebody was not let in who came as this person.
fn turned_away(who: Person, code: String, t: Lang) -> Text {
    match code.as_str() {
        "link_used" => t.turned_away_link_used(who),
        "link_expired" => t.turned_away_link_expired(who),
        "caller_inactive" => t.turned_away_inactive(who),
        "passkey_not_verified" => t.turned_away_not_verified(who),
        "passkey_copied" => t.turned_away_copied(who),
        "passkey_unknown" => t.turned_away_removed(who),
        "credential_refused" => t.turned_away_refused(who),
        _ => t.turned_away_otherwise(UserText::new(code), who),
    }
}

fn with_left_out(said: Text, left_out: u64, t: Lang) -> Text {
    match left_out {
        0 => said,
        count => t.sentences(said, t.left_out(count)),
    }
}

/// Everybody by name and address: whom access was given to is not shortened.
fn in_full(people: &[Person], t: Lang) -> Text {
    let mut people = people.iter().map(|one| t.names_one(one));
    let Some(first) = people.next() else {
        return t.names_nobody();
    };
    people.fold(first, |all, one| t.did_about_and(all, one))
}

fn result(console: &Console, row: &HistoryRow, written: &Written<'_>, t: Lang) -> Option<Chip> {
    match &*written.kind {
        "attempt.refused" | "console.sign_in_failed" | "request.refused" => {
            Some(Chip::new(Tone::Alert, t.result_refused()))
        }
        "request" => Some(
            outcome(row, written.declared_harmless(), t)
                .unwrap_or_else(|| no_outcome(console, written, t)),
        ),
        _ => None,
    }
}

/// While its session gives access, a request without an outcome may still be under way, as a stream is for
/// as long as its page is open; the log does not say whether its server has stopped meanwhile. Everything
/// under a session ends with it, so an outcome that is missing a moment later does not come.
fn no_outcome(console: &Console, written: &Written<'_>, t: Lang) -> Chip {
    let session = written.session;
    if session.is_some_and(|id| console.app.node().running_until(id).is_ok()) {
        Chip::new(Tone::Quiet, t.result_open())
    } else {
        Chip::new(Tone::Waiting, t.result_unknown())
    }
}

fn outcome(row: &HistoryRow, declared: bool, t: Lang) -> Option<Chip> {
    let entry = row.outcomes.first()?;
    let outcome = Written::read(&entry.encoded).ok()?.outcome()?;
    Some(match (outcome.ending, outcome.status) {
        // What could change something was not only looked at.
        (OutcomeEnding::Complete, Some(status)) if declared => {
            Chip::new(Tone::Waiting, t.result_answered(i64::from(status)))
        }
        (OutcomeEnding::Complete, None) if declared => {
            Chip::new(Tone::Waiting, t.result_answered_whole())
        }
        (OutcomeEnding::Complete, Some(status)) => {
            Chip::new(Tone::Quiet, t.result_seen(i64::from(status)))
        }
        (OutcomeEnding::Complete, None) => Chip::new(Tone::Quiet, t.result_complete()),
        (OutcomeEnding::Cut, _) => Chip::new(Tone::Alert, t.result_cut()),
        (OutcomeEnding::NotSent, _) => Chip::new(Tone::Alert, t.result_not_sent()),
        (OutcomeEnding::ClientGone, _) => Chip::new(Tone::Quiet, t.result_client_gone()),
        (OutcomeEnding::UpstreamFailed, _) => Chip::new(Tone::Quiet, t.result_upstream_failed()),
    })
}

/// What was done, in words. A kind that later versions add is shown by its name. A case becomes
/// self-assigned by an agent's own act, or by that of whoever opens, staffs or reopens it.
fn what(kind: &str, by_agent: bool, t: Lang) -> Option<Text> {
    Some(match kind {
        "access.extended" => t.did_extended(),
        "access.granted" => t.did_granted(),
        "access.more_time_wanted" => t.did_more_time(),
        "access.period_opened" => t.did_period_opened(),
        "access.request_withdrawn" => t.did_request_withdrawn(),
        "access.requested" => t.did_requested(),
        "access.revoked" => t.did_revoked(),
        "admin.accepted" => t.did_admin_accepted(),
        "admin.changed" => t.did_admin_changed(),
        "admin.created" => t.did_admin_created(),
        "admin.deactivated" => t.did_admin_deactivated(),
        "admin.reactivated" => t.did_admin_reactivated(),
        "admin.refused" => t.did_admin_refused(),
        "admin.removed" => t.did_admin_removed(),
        "admin.role_accepted" => t.did_role_accepted(),
        "admin.role_proposed" => t.did_role_proposed(),
        "admin.role_refused" => t.did_role_refused(),
        "admin.role_set" => t.did_admin_role(),
        "admin.vouched_for" => t.did_admin_vouched_for(),
        "agent.changed" => t.did_agent_changed(),
        "agent.created" => t.did_agent_created(),
        "agent.deactivated" => t.did_agent_deactivated(),
        "agent.reactivated" => t.did_agent_reactivated(),
        "agent.removed" => t.did_agent_removed(),
        "attempt.refused" => t.did_attempt(),
        "case.closed" => t.did_case_closed(),
        "case.opened" => t.did_case_opened(),
        "case.reopened" => t.did_case_reopened(),
        "case.team_joined" => t.did_team_joined(),
        "case.team_left" => t.did_team_left(),
        "client.accepted" => t.did_client_accepted(),
        "client.created" => t.did_client_created(),
        "client.key_added" => t.did_client_key_added(),
        "client.key_removed" => t.did_client_key_removed(),
        "client.refused" => t.did_client_refused(),
        "client.removed" => t.did_client_removed(),
        "console.sign_in_failed" => t.did_sign_in_failed(),
        "console.signed_in" => t.did_signed_in(),
        "console.signed_out" => t.did_signed_out(),
        "credential.accepted" => t.did_credential_accepted(),
        "credential.minted" => t.did_credential_minted(),
        "credential.refused" => t.did_credential_refused(),
        "credential.revoked" => t.did_credential_revoked(),
        "issuer.accepted" => t.did_issuer_accepted(),
        "issuer.added" => t.did_issuer_added(),
        "issuer.removed" => t.did_issuer_removed(),
        "issuer.secret_set" => t.did_issuer_secret(),
        "openid.bound" => t.did_openid_bound(),
        "openid.unbound" => t.did_openid_unbound(),
        "org.blocked" => t.did_blocked(),
        "org.claimed" => t.did_org_claimed(),
        "org.created" => t.did_org_created(),
        "org.hosts_set" => t.did_hosts_set(),
        "org.settings_changed" => t.did_settings_changed(),
        "org.unblocked" => t.did_unblocked(),
        "org.upstream_set" => t.did_upstream_set(),
        "outcome" => t.did_outcome(),
        "passkey.registered" => t.did_passkey_registered(),
        "passkey.removed" => t.did_passkey_removed(),
        "request" => t.did_request(),
        "request.refused" => t.did_request_refused(),
        "self_assignment.approved" => t.did_self_approved(),
        "self_assignment.requested" if by_agent => t.did_self_requested(),
        "self_assignment.requested" => t.did_self_requested_for(),
        "self_assignment.withdrawn" => t.did_self_withdrawn(),
        "session.ended" => t.did_session_ended(),
        "session.entered" => t.did_session_entered(),
        "session.link_opened" => t.did_link_opened(),
        "session.started" => t.did_session_started(),
        "session.token_ended" => t.did_token_ended(),
        "session.token_exchanged" => t.did_token_exchanged(),
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
            assert!(what(kind, false, Lang::En).is_some(), "{kind}");
        }
        assert!(what("later.kind", true, Lang::En).is_none());
    }
}
