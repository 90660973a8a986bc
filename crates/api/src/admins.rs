//! The customer users of an org (R1, R2).

use axum::{Json, response::Response};
use countersign_app::{AdminRead, App, Failure, Made, PersonChanged, admin_in};
use countersign_domain::{Actor, Email, PersonName, Slug};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    directory_view::{AdminView, RoleView},
    etag::{Conditions, Tag},
    idempotency::Asked,
    paging::PageQuery,
    params::{OrgRef, PersonRef},
    problem::{Problem, Texts},
    replies::{
        Changing, ChangingByBody, IdempotencyKey, IfMatch, IfNoneMatch, PagedByEmail, Reading,
        Stale, Unmodified, tagged,
    },
    router::Served,
    texts::{EmailText, NameText, SlugText},
};

/// A customer user to be created.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAdmin {
    /// Their address.
    #[schema(value_type = EmailText)]
    email: String,
    /// Their name.
    #[schema(value_type = NameText)]
    name: String,
    /// What they may do.
    role: RoleView,
}

/// A role to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    /// What they may do from now on.
    role: RoleView,
}

/// A page of customer users.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AdminPage {
    /// The items of this page, in order.
    items: Vec<AdminView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// List the customer users of an org
///
/// Ascending by address. For operators and the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/admins", tag = "people",
    params(("slug" = SlugText, Path, description = "The org's short name"), PagedByEmail),
    responses((status = 200, description = "A page of customer users", body = AdminPage), Reading),
)]
pub(crate) async fn list_admins(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    page: PageQuery<Email>,
) -> Result<Json<AdminPage>, Problem> {
    let list = served
        .app
        .admins(actor, &slug, page.after.as_ref(), page.limit)
        .await?;
    let items: Vec<_> = list.items.iter().map(AdminView::from).collect();
    let next = items.last().filter(|_| list.more);
    let next = next.map(|admin| admin.email.clone());
    Ok(Json(AdminPage { items, next }))
}

/// Create a customer user
///
/// For operators.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins", tag = "people",
    params(("slug" = SlugText, Path, description = "The org's short name"), IdempotencyKey),
    request_body = NewAdmin,
    responses((status = 201, description = "The customer user", body = AdminView), ChangingByBody),
)]
pub(crate) async fn create_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    Asked { body: new, call }: Asked<NewAdmin>,
) -> Result<Response, Problem> {
    let mut texts = Texts::default();
    let email = texts.read("email", &new.email, Email::parse);
    let name = texts.read_prose("name", &new.name, &[], PersonName::parse);
    let (Some(email), Some(name)) = (email, name) else {
        return Err(texts.problem());
    };
    call.make(&served, actor, |app| async move {
        let made = app.create_admin(actor, &slug, email, name, new.role.into());
        Ok(Made::Admin(made.await?))
    })
    .await
}

/// Read a customer user
///
/// For operators and the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/admins/{email}", tag = "people",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
        IfNoneMatch,
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Unmodified, Reading),
)]
pub(crate) async fn get_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let read = served.app.admin(actor, &slug, &email).await?;
    Ok(conditions.answer(&AdminView::from(&read)))
}

/// Give a customer user another role
///
/// It counts at once, but for one: where the org is claimed, a super admin whom an operator makes waits
/// to be accepted. Idempotent; for operators and the org's super admins.
#[utoipa::path(
    put, path = "/api/v1/orgs/{slug}/admins/{email}/role", tag = "people",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
        IfMatch,
    ),
    request_body = NewRole,
    responses((status = 200, description = "The customer user", body = AdminView), ChangingByBody, Stale),
)]
pub(crate) async fn set_role(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
    conditions: Conditions,
    JsonBody(NewRole { role }): JsonBody<NewRole>,
) -> Result<Response, Problem> {
    let whom = Whom { slug, email };
    whom.change(&served, conditions, |app, whom| async move {
        app.set_role(actor, &whom.slug, &whom.email, role.into())
            .await
    })
    .await
}

/// Stop a customer user
///
/// Sessions on their behalf end everywhere before the call answers. Idempotent; for operators and the
/// org's super admins.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/deactivate", tag = "people",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
        IfMatch,
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing, Stale),
)]
pub(crate) async fn deactivate_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let whom = Whom { slug, email };
    whom.set_active(&served, actor, conditions, false).await
}

/// Let a customer user act again
///
/// What has ended stays ended. Idempotent; for operators and the org's super admins.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/reactivate", tag = "people",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
        IfMatch,
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing, Stale),
)]
pub(crate) async fn reactivate_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
    conditions: Conditions,
) -> Result<Response, Problem> {
    let whom = Whom { slug, email };
    whom.set_active(&served, actor, conditions, true).await
}

/// A customer user as a path names them.
#[derive(Clone)]
struct Whom {
    slug: Slug,
    email: Email,
}

impl Whom {
    async fn set_active(
        self,
        served: &Served,
        actor: Actor,
        conditions: Conditions,
        active: bool,
    ) -> Result<Response, Problem> {
        self.change(served, conditions, |app, whom| async move {
            app.set_admin_active(actor, &whom.slug, &whom.email, active)
                .await
        })
        .await
    }

    async fn change<F: Future<Output = Result<PersonChanged<AdminRead>, Failure>>>(
        self,
        served: &Served,
        conditions: Conditions,
        call: impl FnOnce(App, Self) -> F,
    ) -> Result<Response, Problem> {
        let present = {
            let Self { slug, email } = self.clone();
            move |state: &_, _| {
                let read = admin_in(state, &slug, &email)?;
                Ok(Some(Tag::of(&AdminView::from(&read))))
            }
        };
        let changed = conditions
            .change(&served.app, present, |app| call(app, self))
            .await?;
        Ok(tagged(&AdminView::from(&changed.person), changed.effective))
    }
}
