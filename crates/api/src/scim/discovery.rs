//! What a client may find out about this server (RFC 7644 section 4), and what is not offered.

use axum::{http::StatusCode, response::Response};
use serde_json::{Value, json};

use super::{
    caller::{Directory, Id},
    error::ScimError,
    list::{MOST, listed},
    reply::{address, document},
    schemas::Type,
};
use crate::{problem::Problem, router::Served};

pub(super) async fn configuration(served: Served, _: Directory) -> Response {
    let value = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": MOST},
        "changePassword": {"supported": false},
        "sort": {"supported": false},
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "SCIM token",
            "description": "A token made for this directory, as a bearer token.",
            "specUri": "https://www.rfc-editor.org/rfc/rfc6750",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": address(&served, "ServiceProviderConfig"),
        },
    });
    document(StatusCode::OK, &value)
}

pub(super) async fn resource_types(served: Served, directory: Directory) -> Response {
    all(directory, |kind| resource_type_of(kind, &served))
}

pub(super) async fn resource_type(
    served: Served,
    directory: Directory,
    Id(id): Id,
) -> Result<Response, Problem> {
    let found = types(directory).find(|kind| kind.name() == id);
    let kind = found.ok_or_else(Problem::no_such_path)?;
    Ok(document(StatusCode::OK, &resource_type_of(kind, &served)))
}

pub(super) async fn schemas(served: Served, directory: Directory) -> Response {
    all(directory, |kind| schema_of(kind, &served))
}

pub(super) async fn schema(
    served: Served,
    directory: Directory,
    Id(id): Id,
) -> Result<Response, Problem> {
    let found = types(directory).find(|kind| kind.urn().eq_ignore_ascii_case(&id));
    let kind = found.ok_or_else(Problem::no_such_path)?;
    Ok(document(StatusCode::OK, &schema_of(kind, &served)))
}

/// A directory is nobody who has a record of their own (RFC 7644 section 3.11).
pub(super) async fn me(_: Directory) -> ScimError {
    ScimError::NotOffered("A directory is no user, so there is no /Me: ask for /Users.")
}

pub(super) async fn bulk(_: Directory) -> ScimError {
    ScimError::NotOffered(
        "There are no bulk operations here, as /ServiceProviderConfig says: send each by itself.",
    )
}

fn types(directory: Directory) -> impl Iterator<Item = Type> {
    Type::of_directory(directory.org.is_some()).iter().copied()
}

fn all(directory: Directory, told: impl Fn(Type) -> Value) -> Response {
    let all: Vec<Value> = types(directory).map(told).collect();
    let total = all.len();
    document(StatusCode::OK, &listed(&all, 1, total))
}

fn resource_type_of(kind: Type, served: &Served) -> Value {
    let location = address(served, &format!("ResourceTypes/{}", kind.name()));
    kind.described(&location)
}

fn schema_of(kind: Type, served: &Served) -> Value {
    kind.schema(&address(served, &format!("Schemas/{}", kind.urn())))
}
