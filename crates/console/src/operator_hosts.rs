//! The host names that are an organisation's own, as an operator types them.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, org_in};
use countersign_domain::{HostName, Org, Refusal};
use countersign_identity::{NoPasskeys, RelyingParty};
use countersign_web::refusals;

use crate::{
    Console,
    operator::OperatorPosted,
    operator_forms,
    operator_org::{Besides, named, page},
    refuse::Halt,
    said::{OperatorDid, Said},
    seen,
    views::operator::HostsForm,
};

/// The form as it is set.
pub(crate) fn as_set(console: &Console, org: &Org) -> HostsForm {
    let lines: Vec<&str> = org.hosts.iter().map(HostName::as_str).collect();
    let settings = console.app.settings();
    let party = RelyingParty::of(&settings.public_url);
    let elsewhere = |host: &&HostName| {
        let below = party
            .as_ref()
            .map(|own| own.used_at(&settings.url_at(host)));
        matches!(below, Ok(Err(NoPasskeys::NotBelow)))
    };
    HostsForm {
        hosts: lines.join("\n"),
        without_passkeys: org
            .hosts
            .iter()
            .filter(elsewhere)
            .map(|host| host.as_str().into())
            .collect(),
        error: None,
        seen: seen::hosts(org),
    }
}

/// Sets all of them; an empty field takes them away.
pub(crate) async fn set(
    State(console): State<Console>,
    Path(slug): Path<String>,
    posted: OperatorPosted,
) -> Result<Response, Halt> {
    let OperatorPosted { operator, fields } = posted;
    let slug = named(&operator, &slug)?;
    let t = operator.t();
    let typed = fields.text("hosts").to_owned();
    let shown = fields.text("seen").to_owned();
    let read: Result<Vec<HostName>, _> = typed
        .split_whitespace()
        .map(|line| operator_forms::read(line, HostName::parse, t.operator_hosts_wrong(), t))
        .collect();
    let asked = slug.clone();
    let as_shown = shown.clone();
    let app = console.app.as_read(move |state, _| {
        if seen::hosts(org_in(state, &asked)?) == as_shown {
            Ok(())
        } else {
            Err(Refusal::ChangedSinceShown)
        }
    });
    let to = format!("/operator/orgs/{slug}#hosts");
    let error = match read {
        Err(error) => error,
        Ok(hosts) => match app.set_hosts(operator.actor(), &slug, hosts).await {
            Ok(_) => return Ok(operator.go(&to, &Said::Operator(OperatorDid::HostsSet))),
            Err(Failure::Refused(Refusal::ChangedSinceShown)) => {
                return Ok(operator.go(&to, &Said::Operator(OperatorDid::HostsStale)));
            }
            Err(Failure::Refused(
                refusal @ (Refusal::HostTaken
                | Refusal::HostReserved
                | Refusal::HostTwice
                | Refusal::TooManyHosts),
            )) => {
                let words = refusals::words(&refusal, t);
                t.sentences(words.why, words.next)
            }
            Err(failure) => return Err(operator.fail(&failure)),
        },
    };
    let besides = Besides {
        hosts: Some(HostsForm {
            hosts: typed,
            without_passkeys: vec![],
            error: Some(error),
            seen: shown,
        }),
        ..Besides::default()
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    page(&console, &operator, &slug, besides, status).await
}
