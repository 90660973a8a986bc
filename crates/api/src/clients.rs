//! The service clients of an org: programs that come by keys of their own (OAuth 2.0 client credentials).

use axum::Json;
use countersign_app::{ClientChange, ClientRead, MakeClient};
use countersign_domain::{ClientKey, ClientName, NewClientKey, Scope, Scopes};
use countersign_identity::read_keys;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    body::JsonBody,
    caller::Caller,
    claims::StateView,
    params::{ClientRef, OrgRef, ThumbprintRef},
    people::Person,
    problem::{FieldError, Problem, Texts},
    replies::{Changing, ChangingByBody, Reading},
    router::Served,
    texts::{ClientIdText, ClientNameText, SlugText, ThumbprintText},
    time,
};

/// A service client to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewServiceClient {
    /// What it is to be called: it is named so wherever it has done something.
    #[schema(value_type = ClientNameText)]
    name: String,
    /// What it may ask for. For this API: `cases.read` to read the support cases, `grants.manage` to grant, extend, revoke
    /// and approve as a super admin could, `log.read` to read the log. For Okta's addresses the same by Okta's names:
    /// `okta.orgs.read`, `okta.orgs.manage`, `okta.logs.read`. For the product itself: `tokens.introspect`, to ask what
    /// an access token is worth.
    #[schema(value_type = Vec<ScopeView>, min_items = 1, max_items = 7)]
    scopes: Vec<String>,
    /// Its public keys: a JWK set (RFC 7517), or one JWK. RSA of 2048 to 4096 bits, EC on P-256 or P-384, or Ed25519.
    #[schema(value_type = Object)]
    jwks: Value,
    /// Whether each of its access tokens is bound to a key that is to be shown with it (DPoP, RFC 9449).
    #[serde(default)]
    #[schema(required = false, default = false)]
    dpop_bound_access_tokens: bool,
}

/// What a service client may do.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = Scope)]
enum ScopeView {
    #[serde(rename = "cases.read")]
    CasesRead,
    #[serde(rename = "grants.manage")]
    GrantsManage,
    #[serde(rename = "log.read")]
    LogRead,
    #[serde(rename = "okta.logs.read")]
    LogsRead,
    #[serde(rename = "okta.orgs.manage")]
    OrgsManage,
    #[serde(rename = "okta.orgs.read")]
    OrgsRead,
    #[serde(rename = "tokens.introspect")]
    TokensIntrospect,
}

/// The service clients of an org.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceClients {
    /// All of them, oldest first.
    items: Vec<ServiceClient>,
}

/// A service client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ServiceClient {
    /// The id: what OAuth calls `client_id`.
    #[schema(example = "client_019ac1d1d8a07d2f8b1c6f1a2b3c4d5e")]
    id: String,
    /// The short name of its org.
    org: String,
    /// What it is called.
    name: String,
    /// What it may ask for.
    scopes: Vec<ScopeView>,
    /// Whether each of its access tokens is bound to a key.
    dpop_bound_access_tokens: bool,
    /// Its public keys.
    keys: Vec<ClientKeyView>,
    /// The admin who made it; null when an operator did.
    #[schema(required)]
    made_by: Option<Person>,
    /// When it was made.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was removed; null before.
    #[schema(required, format = DateTime)]
    removed_at: Option<String>,
    /// Whether it counts as the org's own. One that is waiting reads the cases and takes away, and grants and approves
    /// nothing until a super admin of the org accepts it.
    acceptance: StateView,
}

/// A public key of a service client.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientKeyView {
    /// Its SHA-256 thumbprint (RFC 7638).
    thumbprint: String,
    /// What its owner calls it.
    #[schema(required)]
    kid: Option<String>,
    /// The key as a JWK.
    #[schema(value_type = Object)]
    jwk: Value,
    /// When it was added.
    #[schema(format = DateTime)]
    added_at: String,
}

/// List the service clients of an org
///
/// Oldest first; there are few. For operators and the org's super admins.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/clients", tag = "clients",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    responses((status = 200, description = "The service clients", body = ServiceClients), Reading),
)]
pub(crate) async fn list_clients(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
) -> Result<Json<ServiceClients>, Problem> {
    let clients = served.app.clients(actor, &slug).await?;
    let items = clients.iter().map(ServiceClient::from).collect();
    Ok(Json(ServiceClients { items }))
}

/// Make a service client
///
/// It comes with a client assertion signed by one of its keys to `/oauth2/v1/token`, and with the access token to
/// what its scopes are for. In a claimed org one that an operator makes waits until a super admin of the org accepts it. For
/// operators and the org's super admins.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/clients", tag = "clients",
    params(("slug" = SlugText, Path, description = "The org's short name")),
    request_body = NewServiceClient,
    responses((status = 200, description = "The service client", body = ServiceClient), ChangingByBody),
)]
pub(crate) async fn make_client(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    JsonBody(new): JsonBody<NewServiceClient>,
) -> Result<Json<ServiceClient>, Problem> {
    let made = served.app.make_client(actor, &slug, new.parse()?).await?;
    Ok(Json(ServiceClient::from(&made)))
}

/// Remove a service client
///
/// For good: its access tokens end at once. Idempotent; for operators and the org's super admins.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{slug}/clients/{id}", tag = "clients",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ClientIdText, Path, description = "The service client's id"),
    ),
    responses((status = 200, description = "The service client", body = ServiceClient), Changing),
)]
pub(crate) async fn remove_client(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ClientRef(id): ClientRef,
) -> Result<Json<ServiceClient>, Problem> {
    let change = ClientChange::Remove;
    let read = served.app.change_client(actor, &slug, id, &change).await?;
    Ok(Json(ServiceClient::from(&read)))
}

/// Give a service client another key
///
/// A public JWK (RFC 7517). Add the new one, let the program use it, and take the old one away. Idempotent; for the
/// org's super admins, and for operators until the org is claimed.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/clients/{id}/keys", tag = "clients",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ClientIdText, Path, description = "The service client's id"),
    ),
    request_body = Object,
    responses((status = 200, description = "The service client", body = ServiceClient), ChangingByBody),
)]
pub(crate) async fn add_key(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ClientRef(id): ClientRef,
    JsonBody(key): JsonBody<Value>,
) -> Result<Json<ServiceClient>, Problem> {
    let mut keys = keys(".", &key)?;
    let (Some(key), None) = (keys.pop(), keys.pop()) else {
        let one = FieldError::new(".", "must hold one key: add several one after the other");
        return Err(Problem::fields("invalid_key", vec![one]));
    };
    let change = ClientChange::AddKey(key);
    let read = served.app.change_client(actor, &slug, id, &change).await?;
    Ok(Json(ServiceClient::from(&read)))
}

/// Take a key from a service client
///
/// The access tokens that it was shown for end at once. Idempotent; for operators and the org's super admins.
#[utoipa::path(
    delete, path = "/api/v1/orgs/{slug}/clients/{id}/keys/{thumbprint}", tag = "clients",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ClientIdText, Path, description = "The service client's id"),
        ("thumbprint" = ThumbprintText, Path, description = "The key's SHA-256 thumbprint (RFC 7638)"),
    ),
    responses((status = 200, description = "The service client", body = ServiceClient), Changing),
)]
pub(crate) async fn remove_key(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ClientRef(id): ClientRef,
    ThumbprintRef(key): ThumbprintRef,
) -> Result<Json<ServiceClient>, Problem> {
    let change = ClientChange::RemoveKey(key);
    let read = served.app.change_client(actor, &slug, id, &change).await?;
    Ok(Json(ServiceClient::from(&read)))
}

/// Accept a service client
///
/// It counts as the org's own from then on, with the keys that it has. Idempotent; for super admins of the claimed
/// org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/clients/{id}/accept", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ClientIdText, Path, description = "The service client's id"),
    ),
    responses((status = 200, description = "The service client", body = ServiceClient), Changing),
)]
pub(crate) async fn accept_client(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ClientRef(id): ClientRef,
) -> Result<Json<ServiceClient>, Problem> {
    let change = ClientChange::Accept;
    let read = served.app.change_client(actor, &slug, id, &change).await?;
    Ok(Json(ServiceClient::from(&read)))
}

/// Refuse a service client
///
/// It is removed for good, and its access tokens end at once. Idempotent; for super admins of the claimed org.
#[utoipa::path(
    post, path = "/api/v1/orgs/{slug}/clients/{id}/refuse", tag = "claims",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        ("id" = ClientIdText, Path, description = "The service client's id"),
    ),
    responses((status = 200, description = "The service client", body = ServiceClient), Changing),
)]
pub(crate) async fn refuse_client(
    served: Served,
    Caller(actor): Caller,
    OrgRef(slug): OrgRef,
    ClientRef(id): ClientRef,
) -> Result<Json<ServiceClient>, Problem> {
    let change = ClientChange::Refuse;
    let read = served.app.change_client(actor, &slug, id, &change).await?;
    Ok(Json(ServiceClient::from(&read)))
}

impl NewServiceClient {
    fn parse(self) -> Result<MakeClient, Problem> {
        let mut texts = Texts::default();
        let name = texts.read_prose("name", &self.name, &[], ClientName::parse);
        let scopes: Option<Scopes> = self.scopes.iter().map(|name| Scope::parse(name)).collect();
        let scopes = scopes.filter(|scopes| !scopes.is_empty());
        if scopes.is_none() {
            let names = Scope::ALL.map(Scope::as_str).join(", ");
            texts.wrong("scopes", &format!("must be some of {names}"));
        }
        let keys = read_keys(&self.jwks);
        if let Err(error) = &keys {
            texts.wrong("jwks", error);
        }
        match (name, scopes, keys) {
            (Some(name), Some(scopes), Ok(keys)) => Ok(MakeClient {
                name,
                scopes,
                dpop: self.dpop_bound_access_tokens,
                keys,
            }),
            _ => Err(texts.problem()),
        }
    }
}

fn keys(field: &str, given: &Value) -> Result<Vec<NewClientKey>, Problem> {
    read_keys(given).map_err(|error| {
        let error = FieldError::new(field, error.to_string());
        Problem::fields("invalid_key", vec![error])
    })
}

impl From<&ClientRead> for ServiceClient {
    fn from(read: &ClientRead) -> Self {
        let client = &read.client;
        Self {
            id: client.id.to_string(),
            org: read.org.to_string(),
            name: client.name.to_string(),
            scopes: client.scopes.iter().map(ScopeView::from).collect(),
            dpop_bound_access_tokens: client.dpop,
            keys: client.keys.values().map(ClientKeyView::from).collect(),
            made_by: read.made_by.as_ref().map(Person::from),
            created_at: time::write(client.made_at),
            removed_at: client.removed_at.map(time::write),
            acceptance: read.acceptance.into(),
        }
    }
}

impl From<&ClientKey> for ClientKeyView {
    fn from(key: &ClientKey) -> Self {
        Self {
            thumbprint: key.thumbprint.to_string(),
            kid: key.kid.clone(),
            jwk: serde_json::from_str(&key.jwk).unwrap_or_default(),
            added_at: time::write(key.added_at),
        }
    }
}

impl From<Scope> for ScopeView {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::CasesRead => Self::CasesRead,
            Scope::GrantsManage => Self::GrantsManage,
            Scope::LogRead => Self::LogRead,
            Scope::LogsRead => Self::LogsRead,
            Scope::OrgsManage => Self::OrgsManage,
            Scope::OrgsRead => Self::OrgsRead,
            Scope::TokensIntrospect => Self::TokensIntrospect,
        }
    }
}
