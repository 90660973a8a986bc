//! Host names that are an org's alone.

use axum::{extract::State, response::Response};
use countersign_app::{Settings, org_in};
use countersign_domain::{HostName, Org};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    etag::{Conditions, Tag},
    params::OrgRef,
    problem::{Problem, Texts},
    replies::{ChangingByBody, IfMatch, IfNoneMatch, Reading, Stale, Unmodified, tagged},
    router::Served,
    texts::{HostNameText, SlugText},
};

/// The host names that are to be an org's own: all of them.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewOrgHosts)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewHosts {
    /// The names, at most ten and each once; none takes them all away.
    #[schema(value_type = Vec<HostNameText>, max_items = 10)]
    hosts: Vec<String>,
}

/// The host names that are an org's own.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrgHosts)]
pub(crate) struct HostsView {
    /// The names, in the order given.
    #[schema(example = json!(["acme.support.example.com"]))]
    hosts: Vec<String>,
    /// Where the org's people are led: at the first of them, or else at the deployment's own address.
    #[schema(example = "https://acme.support.example.com")]
    url: String,
}

impl HostsView {
    fn of(org: &Org, settings: &Settings) -> Self {
        Self {
            hosts: org.hosts.iter().map(ToString::to_string).collect(),
            url: settings.home(org),
        }
    }
}

/// Read the host names that are an org's own
///
/// For operators and the org's admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/hosts", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfNoneMatch),
    responses((status = 200, description = "The host names", body = HostsView), Unmodified, Reading),
)]
pub(crate) async fn get_hosts(
    State(served): State<Served>,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let org = served.app.org(actor, &slug).await?;
    Ok(conditions.answer(&HostsView::of(&org, served.app.settings())))
}

/// Say which host names are an org's own
///
/// Replaces all of them. At these names the deployment answers to the people of this org only, and links for
/// them are made with the first. No two orgs have the same one. For operators.
#[utoipa::path(
    put, path = "/api/v1/orgs/{slug}/hosts", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfMatch),
    request_body = NewHosts,
    responses((status = 200, description = "The host names", body = HostsView), ChangingByBody, Stale),
)]
pub(crate) async fn put_hosts(
    State(served): State<Served>,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
    JsonBody(new): JsonBody<NewHosts>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let read: Vec<_> = new
        .hosts
        .iter()
        .enumerate()
        .filter_map(|(n, text)| texts.read(format!("hosts.{n}"), text, HostName::parse))
        .collect();
    if read.len() < new.hosts.len() {
        return Err(texts.problem());
    }
    let settings = served.app.settings().clone();
    let present = {
        let slug = slug.clone();
        move |state: &_, _| {
            Ok(Some(Tag::of(&HostsView::of(
                org_in(state, &slug)?,
                &settings,
            ))))
        }
    };
    let asked = slug.clone();
    let effective = conditions
        .change(&served.app, present, |app| async move {
            app.set_hosts(actor, &asked, read).await
        })
        .await?;
    let org = served.app.org(actor, &slug).await?;
    Ok(tagged(
        &HostsView::of(&org, served.app.settings()),
        effective,
    ))
}
