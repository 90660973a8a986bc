//! The OpenID providers whose word an org takes about who somebody is (R3).

use std::collections::BTreeSet;

use axum::{Json, response::Response};
use countersign_app::{IssuerRead, Made};
use countersign_domain::{
    Email, IssuerId, IssuerUrl, MailDomain, NewIssuer, OpenIdClient, Refusal, Slug, TextError,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    claims::StateView,
    idempotency::Asked,
    params::{OrgRef, PersonRef, ProviderRef},
    people::Person,
    problem::{Problem, Texts},
    replies::{Changing, ChangingByBody, IdempotencyKey, Reading},
    router::Served,
    texts::{EmailText, IssuerText, MailDomainText, OpenIdClientText, ProviderIdText, SlugText},
    time,
};

/// The longest client secret, in characters.
const LONGEST_SECRET: usize = 1_000;

/// An OpenID provider to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewOpenIdProvider)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewProvider {
    /// Its issuer identifier, exactly as its tokens write it.
    #[schema(value_type = IssuerText)]
    issuer: String,
    /// What it knows Countersign by.
    #[schema(value_type = OpenIdClientText)]
    client_id: String,
    /// The client secret; null or left out for a client that shows only PKCE. It is kept sealed and shown to
    /// nobody again.
    #[schema(min_length = 1, max_length = 1000, pattern = r"^[!-~]+$")]
    client_secret: Option<String>,
    /// The domains of the addresses that are taken from it.
    #[schema(value_type = Vec<MailDomainText>, min_items = 1, max_items = 20)]
    domains: Vec<String>,
}

/// Another client secret.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = NewClientSecret)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSecret {
    /// The secret; null for a client that has none.
    // Named, so that what is not said takes no secret away.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required, min_length = 1, max_length = 1000, pattern = r"^[!-~]+$")]
    client_secret: Option<String>,
}

/// An OpenID provider whose word an org takes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenIdProvider)]
pub(crate) struct ProviderView {
    /// The id it has here.
    #[schema(example = "iss_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// Its issuer identifier.
    #[schema(example = "https://login.acme.test")]
    issuer: String,
    /// What it knows Countersign by.
    client_id: String,
    /// Whether a client secret is kept.
    has_secret: bool,
    /// The domains of the addresses that are taken from it.
    domains: Vec<String>,
    /// Where it sends people back to, all to be registered there: at the deployment's address and at each host name of
    /// the org's own.
    #[schema(example = json!(["https://support.example.com/sign-in/openid/acme"]))]
    redirect_uris: Vec<String>,
    /// Whether its word counts as the org's own.
    acceptance: StateView,
    /// When it was added.
    #[schema(format = DateTime)]
    added_at: String,
    /// Whom it knows: they have signed in by it.
    people: Vec<Person>,
}

/// The OpenID providers of an org.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenIdProviders)]
pub(crate) struct ProvidersView {
    /// All of them, oldest first.
    items: Vec<ProviderView>,
    /// Always null: there are few.
    #[schema(required)]
    next: Option<String>,
}

impl From<&IssuerRead> for ProviderView {
    fn from(read: &IssuerRead) -> Self {
        let issuer = &read.issuer;
        Self {
            id: issuer.id.to_string(),
            issuer: issuer.said.url.to_string(),
            client_id: issuer.said.client.to_string(),
            has_secret: issuer.sealed.is_some(),
            domains: issuer
                .said
                .domains
                .iter()
                .map(ToString::to_string)
                .collect(),
            redirect_uris: read.returns_to.clone(),
            acceptance: read.acceptance.into(),
            added_at: time::write(issuer.added_at),
            people: read
                .bound
                .iter()
                .map(|one| Person::from(&one.admin))
                .collect(),
        }
    }
}

/// List the OpenID providers of an org
///
/// For operators and the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/providers", tag = "providers",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The providers", body = ProvidersView), Reading),
)]
pub(crate) async fn list_providers(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Json<ProvidersView>, Problem> {
    let all = served.app.issuers(actor, &slug).await?;
    Ok(Json(ProvidersView {
        items: all.iter().map(ProviderView::from).collect(),
        next: None,
    }))
}

/// Add an OpenID provider
///
/// People whom the org has already sign in by it from then on. In a claimed org one that an operator adds
/// waits until a super admin accepts it. For operators and the org's super admins.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/providers", tag = "providers",
    params(("slug" = SlugText, Path, description = "The org's short name"), IdempotencyKey),
    request_body = NewProvider,
    responses((status = 201, description = "The provider", body = ProviderView), ChangingByBody),
)]
pub(crate) async fn add_provider(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    Asked { body: new, call }: Asked<NewProvider>,
) -> Result<Response, Problem> {
    let (said, secret) = new.parse()?;
    call.make(&served, actor, |app| async move {
        let added = app.add_issuer(actor, &slug, said, secret.as_deref());
        Ok(Made::Issuer(added.await?))
    })
    .await
}

/// Accept an OpenID provider
///
/// Its word counts from then on. Idempotent; for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/providers/{id}/accept", tag = "providers",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ProviderIdText, Path, description = "The provider's id"),
    ),
    responses((status = 200, description = "The provider", body = ProviderView), Changing),
)]
pub(crate) async fn accept_provider(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ProviderRef(id): ProviderRef,
) -> Result<Json<ProviderView>, Problem> {
    let read = served.app.accept_issuer(actor, &slug, id).await?;
    Ok(Json(ProviderView::from(&read)))
}

/// Change the client secret that an OpenID provider is shown
///
/// Idempotent; for operators and the org's super admins.
#[utoipa::path(
    put, path = "/api/v1/orgs/{slug}/providers/{id}/secret", tag = "providers",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ProviderIdText, Path, description = "The provider's id"),
    ),
    request_body = NewSecret,
    responses((status = 200, description = "The provider", body = ProviderView), ChangingByBody),
)]
pub(crate) async fn set_provider_secret(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ProviderRef(id): ProviderRef,
    JsonBody(new): JsonBody<NewSecret>,
) -> Result<Json<ProviderView>, Problem> {
    let mut texts = Texts::default();
    let secret = new.client_secret;
    let secret = secret.and_then(|secret| texts.read("client_secret", &secret, client_secret));
    texts.good()?;
    let set = served
        .app
        .set_issuer_secret(actor, &slug, id, secret.as_deref());
    let read = set.await?;
    Ok(Json(ProviderView::from(&read)))
}

/// Remove an OpenID provider
///
/// Whoever came by it is signed out. For the org's super admins, and for operators while it does not count.
/// Answers with those that remain.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{slug}/providers/{id}", tag = "providers",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ProviderIdText, Path, description = "The provider's id"),
    ),
    responses((status = 200, description = "The providers that remain", body = ProvidersView), Changing),
)]
pub(crate) async fn remove_provider(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ProviderRef(id): ProviderRef,
) -> Result<Json<ProvidersView>, Problem> {
    served.app.remove_issuer(actor, &slug, id).await?;
    list_providers(served, Caller(actor), OrgRef(slug)).await
}

/// Take back what an OpenID provider knows somebody by
///
/// They are signed out, and the next who signs in there with their address is taken for them. For the org's
/// super admins, and for everybody about themselves.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{slug}/providers/{id}/people/{email}", tag = "providers",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ProviderIdText, Path, description = "The provider's id"),
        ("email" = EmailText, Path, description = "The customer user's address"),
    ),
    responses((status = 200, description = "The provider", body = ProviderView), Changing),
)]
pub(crate) async fn unlink_person(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ProviderRef(id): ProviderRef,
    PersonRef(email): PersonRef,
) -> Result<Json<ProviderView>, Problem> {
    let known = find(&served, actor, &slug, id).await?;
    let theirs = |email: &Email| {
        let mut bound = known.bound.iter();
        bound.find(|one| one.admin.email == *email)
    };
    let bound = theirs(&email).ok_or(Refusal::PersonNotFound)?;
    served
        .app
        .unbind_openid(actor, &slug, bound.credential)
        .await?;
    let left = find(&served, actor, &slug, id).await?;
    Ok(Json(ProviderView::from(&left)))
}

async fn find(
    served: &Served,
    actor: countersign_domain::Actor,
    slug: &Slug,
    id: IssuerId,
) -> Result<IssuerRead, Problem> {
    let all = served.app.issuers(actor, slug).await?;
    let mut all = all.into_iter();
    let found = all.find(|read| read.issuer.id == id);
    found.ok_or_else(|| Refusal::IssuerNotFound.into())
}

impl NewProvider {
    fn parse(self) -> Result<(NewIssuer, Option<String>), Problem> {
        let mut texts = Texts::default();
        let url = texts.read("issuer", &self.issuer, IssuerUrl::parse);
        let client = texts.read("client_id", &self.client_id, OpenIdClient::parse);
        let secret = self
            .client_secret
            .and_then(|secret| texts.read("client_secret", &secret, client_secret));
        let domains: BTreeSet<MailDomain> = self
            .domains
            .iter()
            .filter_map(|domain| texts.read("domains", domain, MailDomain::parse))
            .collect();
        let (Some(url), Some(client)) = (url, client) else {
            return Err(texts.problem());
        };
        texts.good()?;
        let said = NewIssuer {
            url,
            client,
            domains,
        };
        Ok((said, secret))
    }
}

fn client_secret(text: &str) -> Result<String, TextError> {
    if text.is_empty() {
        return Err(TextError::Blank);
    }
    if text.len() > LONGEST_SECRET {
        return Err(TextError::TooLong {
            max: LONGEST_SECRET,
        });
    }
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        Ok(text.to_owned())
    } else {
        Err(TextError::Form {
            expected: "the client secret as the provider shows it, without white space",
        })
    }
}
