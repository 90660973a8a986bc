//! Settings > Rules for Support: an org's own settings (R4, R5, R9). Admins read, super admins
//! change; whoever changes them must have seen what is set now.

use axum::{http::StatusCode, response::Response};
use countersign_app::{Failure, OwnOrg};
use countersign_domain::{Approvers, Duration, Org, OrgSettings, Refusal};
use countersign_web::{layout::Context, messages::Lang, time::length};

use crate::{
    Console, listing, names,
    notice_cookie::go,
    posted::{Fields, Posted},
    reader::Reader,
    reads,
    refuse::{Halt, Told},
    said::Said,
    seen,
    views::{
        nav::Place,
        rules::{Changed, DurationChoice, Rules, RulesForm, RulesPage},
    },
};

const PAGE: &str = "/settings/rules";

/// What the form offers, besides what is set.
const DURATIONS: [Duration; 8] = [
    OrgSettings::MIN_DURATION,
    Duration::from_mins(30),
    Duration::from_hours(1),
    Duration::from_hours(2),
    Duration::from_hours(4),
    Duration::from_hours(8),
    Duration::from_hours(12),
    OrgSettings::MAX_DURATION,
];

/// The page.
pub(crate) async fn show(console: Console, reader: Reader) -> Result<Response, Halt> {
    reader.admin()?;
    let view = page(&console, &reader)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn page(console: &Console, reader: &Reader) -> Result<RulesPage, Failure> {
    let own = console.app.own_org_alone(reader.actor()).await?;
    let OwnOrg { org, caller, now } = &own;
    let t = reader.t();
    let form = if caller.is_super() {
        let reachable = listing::reachable(&console.app, reader.actor()).await?;
        let live = reachable
            .iter()
            .filter_map(|read| read.case()?.access.live(*now))
            .count();
        Some(RulesForm {
            durations: durations(org.settings.default_duration, t),
            live,
            seen: seen::rules(org),
        })
    } else {
        None
    };
    Ok(RulesPage {
        page: reader.page(
            t.rules(),
            Context::Org(org.name.as_str().into()),
            Place::Settings,
        ),
        org: org.name.as_str().into(),
        rules: Rules {
            duration: length(org.settings.default_duration.as_millis(), t),
            super_admins_only: org.settings.approvers == Approvers::SuperAdmins,
            self_openers_only: org.settings.self_openers_only,
            extension: org.settings.extension,
            pinned: org.settings.pin_team,
        },
        changed: changed(console, reader, &own).await?,
        form,
        vendor: reads::now(org.upstream.as_ref(), t),
    })
}

async fn changed(console: &Console, reader: &Reader, own: &OwnOrg) -> Result<Changed, Failure> {
    let OwnOrg { org, caller, .. } = own;
    let Some(change) = org.settings_changed else {
        // Defaults that somebody has gone back to were recorded as a change.
        let default = org.settings == OrgSettings::default();
        return Ok(if default {
            Changed::Never
        } else {
            Changed::Unknown
        });
    };
    let who = if change.by == caller.id {
        names::of_admin(caller)
    } else {
        let people = console.app.store().directory(Some(org.id)).await?;
        names::admin(reader.t(), &people.state, change.by)
    };
    Ok(Changed::By(who, reader.zone.moment(change.at)))
}

fn durations(set: Duration, t: Lang) -> Vec<DurationChoice> {
    let mut offered = DURATIONS.to_vec();
    // By API any length in between can be set, and saving the form as it is must not change it.
    if !offered.contains(&set) {
        offered.push(set);
        offered.sort_by_key(|duration| duration.as_millis());
    }
    let choice = |duration: Duration| {
        let ms = duration.as_millis();
        let label = length(ms, t);
        DurationChoice {
            ms,
            label: if DURATIONS.contains(&duration) {
                label
            } else {
                t.rules_other(label)
            },
            chosen: duration == set,
        }
    };
    offered.into_iter().map(choice).collect()
}

/// Saves the rules as a whole, if they are as the form showed them.
pub(crate) async fn save(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let settings = read(&fields).map_err(|told| reader.tell(&told))?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let own = own.map_err(fail)?;
    if !own.caller.is_super() {
        return Err(fail(Refusal::OnlySuperAdmins.into()));
    }
    let shown = fields.text("seen");
    let saved = console
        .app
        .change_settings_as_shown(reader.actor(), &own.org.slug, settings, |org: &Org| {
            seen::rules(org) == shown
        })
        .await;
    let said = match saved {
        Ok(true) => Said::RulesSaved,
        Ok(false) => Said::RulesUnchanged,
        Err(Failure::Refused(Refusal::ChangedSinceShown)) => Said::RulesStale,
        Err(failure) => return Err(fail(failure)),
    };
    Ok(go(&reader, PAGE, &said))
}

/// What the form says. A box that is not there is empty; a choice that is not there is no form of
/// ours.
fn read(fields: &Fields) -> Result<OrgSettings, Told> {
    let unreadable = || Told::unreadable_form(StatusCode::UNPROCESSABLE_ENTITY);
    let ms: i64 = fields.text("duration").parse().map_err(|_| unreadable())?;
    let approvers = match fields.text("approvers") {
        "openers" => Approvers::SuperAdminsAndOpener,
        "super_admins" => Approvers::SuperAdmins,
        _ => return Err(unreadable()),
    };
    Ok(OrgSettings {
        default_duration: Duration::from_millis(ms),
        extension: fields.is("extension", "on"),
        approvers,
        pin_team: fields.is("pin_team", "on"),
        self_openers_only: fields.is("self_openers_only", "on"),
    })
}
