//! Whose word counts in an org: the claim, and accepting what an operator made (R3).

use axum::{Json, response::Response};
use countersign_app::{AdminRead, AwaitingRef, Decided, Waiting};
use countersign_domain::{
    Acceptance, CredentialId, CredentialKind, CredentialOwner, Person as Who, Refusal, Role, Slug,
    Standing,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    directory_view::AdminView,
    params::{CredentialRef, OrgRef, PersonRef},
    people::Person,
    problem::Problem,
    replies::{Changing, Reading, tagged},
    router::Served,
    texts::{CredentialIdText, EmailText, SlugText},
    time,
};

/// Whether something counts as the customer's own.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = AcceptanceState)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateView {
    /// The org is not claimed yet: everything counts.
    NotRequired,
    /// The org is claimed, and it grants and changes nothing until a super admin of the org accepts it.
    Waiting,
    /// It was made through something that counted.
    Own,
    /// A super admin accepted it, or claimed the org with it.
    Accepted,
    /// A super admin refused it, for good.
    Refused,
}

impl From<Acceptance> for StateView {
    fn from(acceptance: Acceptance) -> Self {
        match acceptance {
            Acceptance::NotRequired => Self::NotRequired,
            Acceptance::Waiting => Self::Waiting,
            Acceptance::Own => Self::Own,
            Acceptance::Accepted => Self::Accepted,
            Acceptance::Refused => Self::Refused,
        }
    }
}

/// What was decided about a credential.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Acceptance)]
pub(crate) struct AcceptanceView {
    /// The credential.
    #[schema(example = "cred_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    credential: String,
    /// Whom it lets in.
    #[schema(required)]
    person: Option<Person>,
    /// How it stands now.
    state: StateView,
    /// Whoever accepted it; null unless somebody did.
    #[schema(required)]
    accepted_by: Option<Person>,
}

impl AcceptanceView {
    fn of(decided: &Decided, credential: CredentialId) -> Self {
        let accepted = matches!(decided.standing, Standing::Accepted { .. });
        Self {
            credential: credential.to_string(),
            person: decided.person.as_ref().map(Person::from),
            // Only in a claimed org is anything decided.
            state: decided.standing.in_org(true).into(),
            accepted_by: decided.by.as_ref().filter(|_| accepted).map(Person::from),
        }
    }
}

/// What waits to be accepted.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Waiting)]
pub(crate) struct WaitingView {
    /// What it is.
    kind: WaitingKind,
    /// Whose it is.
    #[schema(required)]
    person: Option<Person>,
    /// The credential, the OpenID provider or the service client; null for an account or a role.
    #[schema(required)]
    credential: Option<String>,
    /// Whether a browser is signed in by it now.
    in_use: bool,
}

/// What can wait.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitingKind {
    /// A customer user whom an operator made or reactivated.
    Account,
    /// That a customer user becomes a super admin.
    Role,
    /// An API token.
    ApiToken,
    /// A sign-in link.
    LoginLink,
    /// A token of the org's directory.
    ScimToken,
    /// A passkey.
    Passkey,
    /// An OpenID provider of the org; `credential` is its id.
    OpenidProvider,
    /// A service client of the org; `credential` is its id.
    ServiceClient,
}

/// Whose word counts in an org.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Claim)]
pub(crate) struct ClaimView {
    /// The org's short name.
    org: String,
    /// When a super admin claimed it; null before.
    #[schema(required, format = DateTime)]
    claimed_at: Option<String>,
    /// Who; null before, and where the caller may not know.
    #[schema(required)]
    claimed_by: Option<Person>,
    /// Whether what the caller does with this token counts as the org's own.
    counts: bool,
    /// What waits to be accepted; empty for callers who are no super admins.
    waiting: Vec<WaitingView>,
}

/// Read whose word counts in an org
///
/// Once a super admin has claimed the org, what an operator makes in it grants and changes nothing until
/// a super admin of the org accepts it. For the org's admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/claim", tag = "claims",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The claim", body = ClaimView), Reading),
)]
pub(crate) async fn get_claim(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Json<ClaimView>, Problem> {
    let read = served.app.claim_read(actor).await?;
    if read.org.slug != slug {
        return Err(Refusal::OrgNotFound.into());
    }
    let person = |who: Who| match who {
        Who::Admin(id) => read.person(id).map(Person::from),
        Who::Agent(_) => None,
    };
    let waiting = read.waiting.iter().map(|one| match one {
        Waiting::Admin(admin) => WaitingView {
            kind: WaitingKind::Account,
            person: Some(admin.into()),
            credential: None,
            in_use: false,
        },
        Waiting::Role(admin, _) => WaitingView {
            kind: WaitingKind::Role,
            person: Some(admin.into()),
            credential: None,
            in_use: false,
        },
        Waiting::Passkey(key) => WaitingView {
            kind: WaitingKind::Passkey,
            person: person(key.person),
            credential: Some(key.id.to_string()),
            in_use: false,
        },
        Waiting::Client(client) => WaitingView {
            kind: WaitingKind::ServiceClient,
            person: None,
            credential: Some(client.id.to_string()),
            in_use: false,
        },
        Waiting::Issuer(issuer) => WaitingView {
            kind: WaitingKind::OpenidProvider,
            person: None,
            credential: Some(issuer.id.to_string()),
            in_use: false,
        },
        Waiting::Credential(credential) => WaitingView {
            kind: match credential.kind {
                CredentialKind::ApiToken => WaitingKind::ApiToken,
                CredentialKind::LoginLink => WaitingKind::LoginLink,
                CredentialKind::ScimToken => WaitingKind::ScimToken,
            },
            person: match credential.owner {
                CredentialOwner::Admin(id) => person(Who::Admin(id)),
                _ => None,
            },
            credential: Some(credential.id.to_string()),
            in_use: credential.in_use,
        },
    });
    Ok(Json(ClaimView {
        org: read.org.slug.to_string(),
        claimed_at: read.org.claim.map(|claim| time::write(claim.at)),
        claimed_by: read.claimed_by().map(Person::from),
        counts: read.unaccepted.is_none(),
        waiting: waiting.collect(),
    }))
}

/// Accept a credential
///
/// It counts as the org's own from then on. Idempotent; for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/credentials/{id}/accept", tag = "claims",
    params(("id" = CredentialIdText, Path, description = "The credential's id")),
    responses((status = 200, description = "How it stands", body = AcceptanceView), Changing),
)]
pub(crate) async fn accept_credential(
    served: Served,
    Caller(actor): Caller,
    CredentialRef(id): CredentialRef,
) -> Result<Json<AcceptanceView>, Problem> {
    let decided = served
        .app
        .accept(actor, &AwaitingRef::Credential(id))
        .await?;
    Ok(Json(AcceptanceView::of(&decided, id)))
}

/// Refuse a credential
///
/// It opens nothing any more, and whoever is signed in by it is signed out, for good. Idempotent; for
/// super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/credentials/{id}/refuse", tag = "claims",
    params(("id" = CredentialIdText, Path, description = "The credential's id")),
    responses((status = 200, description = "How it stands", body = AcceptanceView), Changing),
)]
pub(crate) async fn refuse_credential(
    served: Served,
    Caller(actor): Caller,
    CredentialRef(id): CredentialRef,
) -> Result<Json<AcceptanceView>, Problem> {
    let decided = served
        .app
        .refuse(actor, &AwaitingRef::Credential(id))
        .await?;
    Ok(Json(AcceptanceView::of(&decided, id)))
}

/// Accept a customer user
///
/// What they do through something that counts counts from then on. Idempotent; for super admins of the
/// claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/accept", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing),
)]
pub(crate) async fn accept_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
) -> Result<Response, Problem> {
    let what = AwaitingRef::Admin(slug.clone(), email);
    decided(&slug, &served.app.accept(actor, &what).await?)
}

/// Refuse a customer user
///
/// They are deactivated, everywhere before the call answers, and no operator can undo that. Idempotent;
/// for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/refuse", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing),
)]
pub(crate) async fn refuse_admin(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
) -> Result<Response, Problem> {
    let what = AwaitingRef::Admin(slug.clone(), email);
    decided(&slug, &served.app.refuse(actor, &what).await?)
}

/// Accept that a customer user becomes a super admin
///
/// Idempotent; for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/super-admin/accept", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing),
)]
pub(crate) async fn accept_role(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
) -> Result<Response, Problem> {
    let what = AwaitingRef::Role(slug.clone(), email, Role::SuperAdmin);
    decided(&slug, &served.app.accept(actor, &what).await?)
}

/// Refuse that a customer user becomes a super admin
///
/// Idempotent; for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/admins/{email}/super-admin/refuse", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("email" = EmailText, Path, description = "The customer user's address"),
    ),
    responses((status = 200, description = "The customer user", body = AdminView), Changing),
)]
pub(crate) async fn refuse_role(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    PersonRef(email): PersonRef,
) -> Result<Response, Problem> {
    let what = AwaitingRef::Role(slug.clone(), email, Role::SuperAdmin);
    decided(&slug, &served.app.refuse(actor, &what).await?)
}

/// The customer user after a decision about them.
fn decided(org: &Slug, decided: &Decided) -> Result<Response, Problem> {
    let admin = decided.person.clone().ok_or(Refusal::PersonNotFound)?;
    let read = AdminRead {
        org: org.clone(),
        admin,
        claimed: true,
    };
    Ok(tagged(&AdminView::from(&read), decided.effective))
}
