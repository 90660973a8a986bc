//! What an org sets about support access, and the block (R9, R15).

use axum::response::Response;
use countersign_app::{Effective, org_in};
use countersign_domain::{Actor, Approvers, Duration, Org, OrgSettings, Refusal, Slug};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    etag::{Conditions, Tag},
    params::OrgRef,
    problem::Problem,
    replies::{
        Changing, ChangingByBody, EffectiveView, IfMatch, IfNoneMatch, Reading, Stale, Unmodified,
        done, tagged,
    },
    router::Served,
    texts::SlugText,
    time,
};

/// What an org has set about support access. It narrows who approves and for how long; nothing
/// widens it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = OrgSettings)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsView {
    /// For how many minutes a tick grants access: 15 to 1,440.
    #[schema(minimum = 15, maximum = 1440, example = 480)]
    default_duration_minutes: i64,
    /// Whether access can be extended by a day.
    extension: bool,
    /// Who approves.
    approvers: ApproversView,
    /// Whether a grant is for the agents on the team at the tick only.
    pin_team: bool,
    /// Whether an opener approves only when they opened the case by their own call.
    self_openers_only: bool,
}

/// Who approves in an org.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Approvers)]
#[serde(rename_all = "snake_case")]
enum ApproversView {
    SuperAdminsAndOpener,
    SuperAdmins,
}

impl From<OrgSettings> for SettingsView {
    fn from(settings: OrgSettings) -> Self {
        let OrgSettings {
            default_duration,
            extension,
            approvers,
            pin_team,
            self_openers_only,
        } = settings;
        Self {
            default_duration_minutes: default_duration.as_millis() / MINUTE,
            extension,
            approvers: match approvers {
                Approvers::SuperAdminsAndOpener => ApproversView::SuperAdminsAndOpener,
                Approvers::SuperAdmins => ApproversView::SuperAdmins,
            },
            pin_team,
            self_openers_only,
        }
    }
}

const MINUTE: i64 = Duration::from_mins(1).as_millis();

impl From<SettingsView> for OrgSettings {
    fn from(view: SettingsView) -> Self {
        Self {
            default_duration: Duration::from_mins(view.default_duration_minutes),
            extension: view.extension,
            approvers: match view.approvers {
                ApproversView::SuperAdminsAndOpener => Approvers::SuperAdminsAndOpener,
                ApproversView::SuperAdmins => Approvers::SuperAdmins,
            },
            pin_team: view.pin_team,
            self_openers_only: view.self_openers_only,
        }
    }
}

/// The block on all support access of an org.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Block)]
pub(crate) struct BlockView {
    /// The org's short name.
    org: String,
    /// Whether support access is blocked.
    blocked: bool,
    /// Since when; null while it is not.
    #[schema(required, format = DateTime)]
    blocked_at: Option<String>,
    /// How the block became effective everywhere; null when nothing was taken away.
    #[schema(required)]
    effective: Option<EffectiveView>,
}

/// The caller's own org, if that is the one the path names.
async fn own_org(served: &Served, actor: Actor, slug: &Slug) -> Result<Org, Problem> {
    match actor {
        Actor::Admin { .. } => Ok(served.app.org(actor, slug).await?),
        _ => Err(Refusal::OrgNotFound.into()),
    }
}

/// Read what an org has set about support access
///
/// For the org's admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/settings", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfNoneMatch),
    responses((status = 200, description = "The settings", body = SettingsView), Unmodified, Reading),
)]
pub(crate) async fn get_settings(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let org = own_org(&served, actor, &slug).await?;
    Ok(conditions.answer(&SettingsView::from(org.settings)))
}

/// Change what an org has set about support access
///
/// Replaces all of it. What is granted stays granted. For the org's super admins.
#[utoipa::path(
    put, path = "/api/v1/orgs/{slug}/settings", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfMatch),
    request_body = SettingsView,
    responses((status = 200, description = "The settings", body = SettingsView), ChangingByBody, Stale),
)]
pub(crate) async fn put_settings(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
    JsonBody(view): JsonBody<SettingsView>,
) -> Result<Response, Problem> {
    let settings = OrgSettings::from(view);
    let present = {
        let slug = slug.clone();
        move |state: &_, _| {
            let settings = org_in(state, &slug)?.settings;
            Ok(Some(Tag::of(&SettingsView::from(settings))))
        }
    };
    let effective = conditions
        .change(&served.app, present, |app| async move {
            app.change_settings(actor, &slug, settings).await
        })
        .await?;
    Ok(tagged(&SettingsView::from(settings), effective))
}

/// Block all support access to an org
///
/// Every grant is revoked, everywhere before the call answers. Idempotent; for the org's super
/// admins.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/block", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The block", body = BlockView), Changing),
)]
pub(crate) async fn block(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Response, Problem> {
    let effective = served.app.block(actor, &slug).await?;
    block_view(&served, actor, &slug, effective).await
}

/// Lift the block
///
/// Restores nothing: what the block revoked stays revoked. Idempotent; for the org's super admins.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{slug}/block", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The block", body = BlockView), Changing),
)]
pub(crate) async fn unblock(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Response, Problem> {
    let effective = served.app.unblock(actor, &slug).await?;
    block_view(&served, actor, &slug, effective).await
}

async fn block_view(
    served: &Served,
    actor: Actor,
    slug: &Slug,
    effective: Option<Effective>,
) -> Result<Response, Problem> {
    let org = own_org(served, actor, slug).await?;
    let view = BlockView {
        org: org.slug.to_string(),
        blocked: org.block.is_some(),
        blocked_at: org.block.map(|block| time::write(block.at)),
        effective: effective.map(EffectiveView::from),
    };
    Ok(done(&view, effective))
}
