//! Orgs, and agents, as operators set them up (R1).

use axum::{Json, response::Response};
use countersign_app::{Made, agent_in};
use countersign_domain::{Actor, Email, PersonName, Slug};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    directory_view::{AgentView, OrgView},
    etag::{Conditions, Tag},
    idempotency::Asked,
    paging::PageQuery,
    params::{OrgRef, PersonRef},
    problem::{Problem, Texts},
    replies::{
        Changing, ChangingByBody, IdempotencyKey, IfMatch, IfNoneMatch, PagedByEmail, PagedBySlug,
        Reading, Stale, Unmodified, tagged,
    },
    router::Served,
    texts::{EmailText, NameText, SlugText},
};

/// An org to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewOrg {
    /// The short name.
    #[schema(value_type = SlugText)]
    slug: String,
    /// The name shown.
    #[schema(value_type = NameText)]
    name: String,
}

/// An agent to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAgent {
    /// Their address.
    #[schema(value_type = EmailText)]
    email: String,
    /// Their name.
    #[schema(value_type = NameText)]
    name: String,
}

/// A page of orgs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrgPage {
    /// The items of this page, in order.
    items: Vec<OrgView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// A page of agents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AgentPage {
    /// The items of this page, in order.
    items: Vec<AgentView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// List orgs
///
/// Ascending by short name. For operators.
#[utoipa::path(
    get, path = "/api/v1/orgs", tag = "orgs", params(PagedBySlug),
    responses((status = 200, description = "A page of orgs", body = OrgPage), Reading),
)]
pub(crate) async fn list_orgs(
    served: Served,
    Caller(actor): Caller,
    page: PageQuery<Slug>,
) -> Result<Json<OrgPage>, Problem> {
    let list = served.app.orgs(actor, page.after.as_ref(), page.limit);
    let list = list.await?;
    let items: Vec<_> = list.items.iter().map(OrgView::from).collect();
    let next = items.last().filter(|_| list.more);
    let next = next.map(|org| org.slug.clone());
    Ok(Json(OrgPage { items, next }))
}

/// Create an org
///
/// For operators.
#[utoipa::path(
    post, path = "/api/v1/orgs", tag = "orgs", params(IdempotencyKey), request_body = NewOrg,
    responses((status = 201, description = "The org", body = OrgView), ChangingByBody),
)]
pub(crate) async fn create_org(
    served: Served,
    Caller(actor): Caller,
    Asked { body: new, call }: Asked<NewOrg>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let slug = texts.read("slug", &new.slug, Slug::parse);
    let name = texts.read_prose("name", &new.name, &[], PersonName::parse);
    let (Some(slug), Some(name)) = (slug, name) else {
        return Err(texts.problem());
    };
    call.make(&served, actor, |app| async move {
        Ok(Made::Org(app.create_org(actor, slug, name).await?))
    })
    .await
}

/// Read an org
///
/// For operators and the org's admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}", tag = "orgs",
    params(("slug" = SlugText, Path, description = "The org's short name"), IfNoneMatch),
    responses((status = 200, description = "The org", body = OrgView), Unmodified, Reading),
)]
pub(crate) async fn get_org(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let org = served.app.org(actor, &slug).await?;
    Ok(conditions.answer(&OrgView::from(&org)))
}

/// List agents
///
/// Ascending by address. For operators.
#[utoipa::path(
    get, path = "/api/v1/agents", tag = "people", params(PagedByEmail),
    responses((status = 200, description = "A page of agents", body = AgentPage), Reading),
)]
pub(crate) async fn list_agents(
    served: Served,
    Caller(actor): Caller,
    page: PageQuery<Email>,
) -> Result<Json<AgentPage>, Problem> {
    let list = served.app.agents(actor, page.after.as_ref(), page.limit);
    let list = list.await?;
    let items: Vec<_> = list.items.iter().map(AgentView::from).collect();
    let next = items.last().filter(|_| list.more);
    let next = next.map(|agent| agent.email.clone());
    Ok(Json(AgentPage { items, next }))
}

/// Create an agent
///
/// For operators.
#[utoipa::path(
    post, path = "/api/v1/agents", tag = "people", params(IdempotencyKey),
    request_body = NewAgent,
    responses((status = 201, description = "The agent", body = AgentView), ChangingByBody),
)]
pub(crate) async fn create_agent(
    served: Served,
    Caller(actor): Caller,
    Asked { body: new, call }: Asked<NewAgent>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let email = texts.read("email", &new.email, Email::parse);
    let name = texts.read_prose("name", &new.name, &[], PersonName::parse);
    let (Some(email), Some(name)) = (email, name) else {
        return Err(texts.problem());
    };
    call.make(&served, actor, |app| async move {
        Ok(Made::Agent(app.create_agent(actor, email, name).await?))
    })
    .await
}

/// Read an agent
///
/// For operators.
#[utoipa::path(
    get, path = "/api/v1/agents/{email}", tag = "people",
    params(("email" = EmailText, Path, description = "The agent's address"), IfNoneMatch),
    responses((status = 200, description = "The agent", body = AgentView), Unmodified, Reading),
)]
pub(crate) async fn get_agent(
    served: Served,
    Caller(actor): Caller,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let agent = served.app.agent(actor, &email).await?;
    Ok(conditions.answer(&AgentView::from(&agent)))
}

/// Stop an agent
///
/// Their sessions end everywhere before the call answers. Idempotent; for operators.
#[utoipa::path(
    post, path = "/api/v1/agents/{email}/deactivate", tag = "people",
    params(("email" = EmailText, Path, description = "The agent's address"), IfMatch),
    responses((status = 200, description = "The agent", body = AgentView), Changing, Stale),
)]
pub(crate) async fn deactivate_agent(
    served: Served,
    Caller(actor): Caller,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    set_active(&served, actor, email, conditions, false).await
}

/// Let an agent act again
///
/// What has ended stays ended. Idempotent; for operators.
#[utoipa::path(
    post, path = "/api/v1/agents/{email}/reactivate", tag = "people",
    params(("email" = EmailText, Path, description = "The agent's address"), IfMatch),
    responses((status = 200, description = "The agent", body = AgentView), Changing, Stale),
)]
pub(crate) async fn reactivate_agent(
    served: Served,
    Caller(actor): Caller,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    set_active(&served, actor, email, conditions, true).await
}

async fn set_active(
    served: &Served,
    actor: Actor,
    email: Email,
    conditions: Conditions,
    active: bool,
) -> Result<Response, Problem> {
    let present = {
        let email = email.clone();
        move |state: &_, _| Ok(Some(Tag::of(&AgentView::from(agent_in(state, &email)?))))
    };
    let changed = conditions
        .change(&served.app, present, |app| async move {
            app.set_agent_active(actor, &email, active).await
        })
        .await?;
    Ok(tagged(&AgentView::from(&changed.person), changed.effective))
}
