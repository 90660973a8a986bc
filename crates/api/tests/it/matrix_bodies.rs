//! What the calls of the authorization matrix send.

use serde_json::{Value, json};

use crate::world::{ANN, BEN, SAM};
use countersign_identity::soft_client::SoftClient;

pub(crate) fn none(_: &str) -> Option<Value> {
    None
}

pub(crate) fn trackers_case(number: &str) -> Option<Value> {
    Some(json!({
        "org": "acme", "number": number, "subject": "By the tracker",
        "opened_by": {"admin": BEN}, "team": [SAM],
    }))
}

pub(crate) fn own_case(_: &str) -> Option<Value> {
    Some(json!({"org": "acme", "subject": "By an own call"}))
}

pub(crate) fn settings(_: &str) -> Option<Value> {
    Some(json!({
        "default_duration_minutes": 480, "extension": true,
        "approvers": "super_admins_and_opener", "pin_team": false, "self_openers_only": false,
    }))
}

pub(crate) fn new_org(number: &str) -> Option<Value> {
    Some(json!({"slug": number.to_lowercase(), "name": "A new org"}))
}

pub(crate) fn upstream(_: &str) -> Option<Value> {
    Some(json!({"origin": "http://127.0.0.1:9000"}))
}

pub(crate) fn hosts(number: &str) -> Option<Value> {
    let host = format!("{}.example.com", number.to_lowercase());
    Some(json!({"hosts": [host]}))
}

pub(crate) fn wondered(_: &str) -> Option<Value> {
    Some(json!({"method": "GET", "path": "/invoices"}))
}

pub(crate) fn new_admin(number: &str) -> Option<Value> {
    let email = format!("{}@acme.test", number.to_lowercase());
    Some(json!({"email": email, "name": "A new admin", "role": "admin"}))
}

pub(crate) fn new_agent(number: &str) -> Option<Value> {
    let email = format!("{}@vendor.test", number.to_lowercase());
    Some(json!({"email": email, "name": "A new agent"}))
}

pub(crate) fn new_role(_: &str) -> Option<Value> {
    Some(json!({"role": "super_admin"}))
}

pub(crate) fn enabled(_: &str) -> Option<Value> {
    Some(json!({"impersonation": {"status": "ENABLED"}}))
}

pub(crate) fn disabled(_: &str) -> Option<Value> {
    Some(json!({"impersonation": {"status": "DISABLED"}}))
}

pub(crate) fn approved(_: &str) -> Option<Value> {
    Some(json!({"selfAssigned": {"status": "APPROVED"}}))
}

pub(crate) fn new_provider(number: &str) -> Option<Value> {
    let issuer = format!("https://{}.example.com", number.to_lowercase());
    Some(json!({"issuer": issuer, "client_id": "countersign", "domains": ["acme.test"]}))
}

pub(crate) fn no_secret(_: &str) -> Option<Value> {
    Some(json!({"client_secret": null}))
}

pub(crate) fn own_token(_: &str) -> Option<Value> {
    Some(json!({"kind": "api_token"}))
}

pub(crate) fn anns_token(_: &str) -> Option<Value> {
    Some(json!({"kind": "api_token", "owner": {"admin": {"org": "acme", "email": ANN}}}))
}

pub(crate) fn operators_token(_: &str) -> Option<Value> {
    Some(json!({"kind": "api_token", "owner": {"operator": {}}}))
}

pub(crate) fn new_client(_: &str) -> Option<Value> {
    Some(
        json!({"name": "Made by the table", "scopes": ["okta.orgs.read"], "jwks": SoftClient::p256().jwk()}),
    )
}

pub(crate) fn new_key(_: &str) -> Option<Value> {
    Some(SoftClient::p256().jwk())
}
