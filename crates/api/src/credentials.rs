//! API tokens, sign-in links, and the tokens of directories (R3).

use axum::{Json, response::Response};
use countersign_app::{Made, OwnerRef};
use countersign_domain::{Duration, Email, Slug, TextError};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    credential_view::{CredentialView, KindView, MintedView},
    idempotency::Asked,
    paging::CredentialListQuery,
    params::CredentialRef,
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, IdempotencyKey, PagedByCredential, Reading},
    router::Served,
    texts::{CredentialIdText, EmailText, SlugText},
};

/// A year and a day, as on the command line.
const LONGEST_TOKEN: i64 = 366 * 24 * 60;
const LONGEST_LINK: i64 = 24 * 60;

/// A credential to be made.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCredential {
    kind: KindView,
    owner: Option<OwnerChoice>,
    minutes: Option<i64>,
}

/// A credential to be made, as it is described: what may be said depends on the kind.
#[derive(ToSchema)]
#[schema(as = NewCredential)]
#[serde(untagged)]
#[allow(dead_code)]
enum NewCredentialText {
    Token(NewToken),
    Link(NewLink),
    Scim(NewScimToken),
}

/// An API token to be made.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct NewToken {
    kind: TokenKind,
    /// Whom it lets in; the caller, when left out. Only operators make one for somebody else.
    owner: Option<PersonChoice>,
    /// For how many minutes it is good, up to 366 days; 90 days when left out.
    #[schema(minimum = 1, maximum = 527040, example = 43200)]
    minutes: Option<i64>,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code)]
enum TokenKind {
    ApiToken,
}

/// A sign-in link to be made. There is none for operators.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct NewLink {
    kind: LinkKind,
    /// Whom it signs in; the caller, when left out. Only operators make one for somebody else.
    owner: Option<PersonChoice>,
    /// For how many minutes it is good, up to a day; an hour when left out.
    #[schema(minimum = 1, maximum = 1440, example = 60)]
    minutes: Option<i64>,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code)]
enum LinkKind {
    LoginLink,
}

/// A token by which a directory provisions people (SCIM), to be made.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct NewScimToken {
    kind: ScimTokenKind,
    /// Whose directory: operators make one for any, super admins for their org's.
    owner: DirectoryOwner,
    /// For how many minutes it is good, up to 366 days; a year when left out.
    #[schema(minimum = 1, maximum = 527040, example = 525600)]
    minutes: Option<i64>,
}

#[derive(ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code)]
enum ScimTokenKind {
    ScimToken,
}

#[derive(ToSchema)]
#[schema(as = NewScimTokenOwner)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct DirectoryOwner {
    directory: DirectoryChoice,
}

/// Whom a credential lets in, by address.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OwnerChoice {
    Admin(AdminChoice),
    Agent(String),
    Operator(Nothing),
    /// Of a token of the kind `scim_token`, and of no other.
    Directory(DirectoryChoice),
}

/// Whom a credential of a person or an operator lets in, by address.
#[derive(ToSchema)]
#[schema(as = NewCredentialOwner)]
#[serde(rename_all = "snake_case")]
#[allow(dead_code)]
enum PersonChoice {
    /// A customer user.
    Admin(AdminChoice),
    /// An agent, by address.
    #[schema(value_type = EmailText)]
    Agent(String),
    /// An operator: `{}`.
    Operator(Nothing),
}

/// A directory: with an org, its own; without, the vendor's.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCredentialDirectory)]
#[serde(deny_unknown_fields)]
struct DirectoryChoice {
    /// The org's short name.
    #[schema(value_type = Option<SlugText>)]
    org: Option<String>,
}

/// A customer user by org and address.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCredentialAdmin)]
#[serde(deny_unknown_fields)]
struct AdminChoice {
    /// The org's short name.
    #[schema(value_type = SlugText)]
    org: String,
    /// Their address.
    #[schema(value_type = EmailText)]
    email: String,
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewCredentialOperator)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// A page of credentials.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CredentialPage {
    /// The items of this page, in order.
    items: Vec<CredentialView>,
    /// Pass it as `after` to read on; null at the end of the list.
    #[schema(required)]
    next: Option<String>,
}

/// List the credentials that the caller may see
///
/// Operators see all, super admins those of their org's people, everyone their own. Newest first.
#[utoipa::path(
    get, path = "/api/v1/credentials", tag = "credentials",
    params(
        ("org" = Option<SlugText>, Query, description = "Those of this org's people only"),
        ("agent" = Option<EmailText>, Query, description = "Those of the agent with this address only"),
        PagedByCredential,
    ),
    responses((status = 200, description = "A page of credentials", body = CredentialPage), Reading),
)]
pub(crate) async fn list_credentials(
    served: Served,
    Caller(actor): Caller,
    CredentialListQuery { filter, page }: CredentialListQuery,
) -> Result<Json<CredentialPage>, Problem> {
    let list = served
        .app
        .credentials(actor, &filter, page.after, page.limit)
        .await?;
    Ok(Json(CredentialPage {
        items: list.credentials.iter().map(CredentialView::from).collect(),
        next: list.next.map(|id| id.to_string()),
    }))
}

/// Make a credential
///
/// Its secret is in this answer and nowhere else; with an idempotency key it is in the answers to the
/// same call for a day. It stands on the log of its owner's org. A SCIM token opens /scim/v2 and nothing else. In a claimed org what an operator makes
/// waits until a super admin of the org accepts it, and `acceptance` says so. For operators, for
/// everyone in the own name, and for super admins for their org's directory.
#[utoipa::path(
    post, path = "/api/v1/credentials", tag = "credentials", params(IdempotencyKey),
    request_body = NewCredentialText,
    responses((status = 201, description = "The credential", body = MintedView), ChangingByBody),
)]
pub(crate) async fn mint_credential(
    served: Served,
    Caller(actor): Caller,
    Asked { body: new, call }: Asked<NewCredential>,
) -> Result<Response, Problem> {
    let kind = new.kind;
    let (owner, good_for) = new.parse()?;
    call.make(&served, actor, |app| async move {
        let minted = match kind {
            KindView::ApiToken => app.mint_token(actor, &owner, good_for).await?,
            KindView::LoginLink => app.mint_login_link(actor, &owner, good_for).await?.0,
            KindView::ScimToken => app.mint_scim_token(actor, &owner, good_for).await?,
        };
        Ok(Made::Credential(minted))
    })
    .await
}

/// Revoke a credential
///
/// It opens nothing from then on. Idempotent; for operators, its owner, and super admins of the owner's
/// org.
#[utoipa::path(
    delete, path = "/api/v1/credentials/{id}", tag = "credentials",
    params(("id" = CredentialIdText, Path, description = "The credential's id")),
    responses((status = 200, description = "The credential", body = CredentialView), Changing),
)]
pub(crate) async fn revoke_credential(
    served: Served,
    Caller(actor): Caller,
    CredentialRef(id): CredentialRef,
) -> Result<Json<CredentialView>, Problem> {
    let read = served.app.revoke_credential(actor, id).await?;
    Ok(Json(CredentialView::from(&read)))
}

impl NewCredential {
    fn parse(self) -> Result<(OwnerRef, Option<Duration>), Problem> {
        let mut texts = Texts::default();
        let owner = match self.owner {
            None => Some(OwnerRef::Caller),
            Some(OwnerChoice::Operator(Nothing {})) => Some(OwnerRef::Operator),
            Some(OwnerChoice::Directory(DirectoryChoice { org: None })) => {
                Some(OwnerRef::VendorDirectory)
            }
            Some(OwnerChoice::Directory(DirectoryChoice { org: Some(org) })) => texts
                .read("owner.directory.org", &org, Slug::parse)
                .map(OwnerRef::OrgDirectory),
            Some(OwnerChoice::Agent(email)) => texts
                .read("owner.agent", &email, Email::parse)
                .map(|email| OwnerRef::Agent { email }),
            Some(OwnerChoice::Admin(AdminChoice { org, email })) => {
                let org = texts.read("owner.admin.org", &org, Slug::parse);
                let email = texts.read("owner.admin.email", &email, Email::parse);
                org.zip(email)
                    .map(|(org, email)| OwnerRef::Admin { org, email })
            }
        };
        let (longest, expected) = match self.kind {
            KindView::ApiToken => (LONGEST_TOKEN, "a number from 1 to 527040 for a token"),
            KindView::ScimToken => (LONGEST_TOKEN, "a number from 1 to 527040 for a SCIM token"),
            KindView::LoginLink => (LONGEST_LINK, "a number from 1 to 1440 for a sign-in link"),
        };
        let of_directory = matches!(
            owner,
            Some(OwnerRef::OrgDirectory(_) | OwnerRef::VendorDirectory)
        );
        let for_directory = matches!(self.kind, KindView::ScimToken);
        if owner.is_some() && of_directory != for_directory {
            let expected = if for_directory {
                "a directory, as a SCIM token is for"
            } else {
                "a person or an operator: a directory has SCIM tokens only"
            };
            texts.wrong("owner", &TextError::Form { expected });
        }
        if self
            .minutes
            .is_some_and(|minutes| !(1..=longest).contains(&minutes))
        {
            texts.wrong("minutes", &TextError::Form { expected });
        }
        match owner {
            Some(owner) => {
                texts.good()?;
                Ok((owner, self.minutes.map(Duration::from_mins)))
            }
            None => Err(texts.problem()),
        }
    }
}
