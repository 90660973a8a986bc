//! The authorization matrix: who may call what. Every endpoint is in it, or in the reviewed list of
//! public ones.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_identity::soft_client::SoftClient;
use serde_json::{Value, json};

use crate::{
    matrix_bodies::{
        anns_token, approved, disabled, enabled, hosts, new_admin, new_agent, new_client, new_key,
        new_org, new_provider, new_role, no_secret, none, operators_token, own_case, own_token,
        settings, trackers_case, upstream, wondered,
    },
    probe::WHY,
    world::{SAM, TOM, World},
};

/// Endpoints that answer anyone. Each has been thought about: none tells anything about an org, a
/// case or a person.
const PUBLIC: [&str; 5] = [
    "GET /.well-known/jwks.json",
    "GET /healthz",
    "GET /metrics",
    "GET /openapi.json",
    "GET /readyz",
];

/// Endpoints of OAuth, which tell who calls by what is in the call and tell others nothing. Their own tests say how.
const OAUTH: [&str; 2] = [
    "GET /.well-known/oauth-authorization-server",
    "POST /oauth2/v1/token",
];

/// The kinds of caller, in the order of the table's columns.
const CALLERS: [&str; 12] = [
    "anonymous",
    "expired token",
    "super admin",
    "admin who opened the case",
    "another admin of the org",
    "super admin of another org",
    "agent on the team",
    "agent off the team",
    "deactivated agent on the team",
    "operator",
    "super admin's token beside an impersonation",
    "service client",
];

/// What a row's call finds.
#[derive(Clone, Copy)]
enum Stage {
    /// Nothing of its own.
    Bare,
    /// An open case.
    Open,
    /// A closed case.
    Closed,
    /// An open case for which Sam asked.
    Requested,
    /// An open case whose access is granted.
    Granted,
    /// That, with a session of Sam's.
    Running,
    /// A case that Sam opened, not approved.
    SelfAssigned,
    /// A case that Sam opened, approved.
    SelfApproved,
    /// An admin of Acme of its own.
    Admin,
    /// An agent of its own.
    Agent,
    /// A token of Ann's of its own.
    Credential,
    /// A service client of Acme.
    Client,
    /// An OpenID provider of Acme, the only one.
    Provider,
}

/// What a row's call is about.
struct Staged {
    number: String,
    email: String,
    id: String,
}

struct Row {
    method: &'static str,
    path: &'static str,
    stage: Stage,
    body: fn(&str) -> Option<Value>,
    expected: [u16; 12],
}

const fn row(
    method: &'static str,
    path: &'static str,
    stage: Stage,
    body: fn(&str) -> Option<Value>,
    expected: [u16; 12],
) -> Row {
    Row {
        method,
        path,
        stage,
        body,
        expected,
    }
}

//                                  anon exp  sup  opnr admn strg on   off  deac oper imp  client
#[rustfmt::skip]
fn table() -> Vec<Row> {
    use Stage::{
        Admin, Agent, Bare, Client, Closed, Credential, Granted, Open, Provider, Requested, Running, SelfApproved,
        SelfAssigned,
    };
    let ask: fn(&str) -> Option<Value> = |_| Some(json!({"justification": WHY}));
    let tom: fn(&str) -> Option<Value> = |_| Some(json!({"agent": TOM}));
    vec![
        row("POST", "/api/v1/cases", Bare, trackers_case,
                                   [401, 401, 403, 403, 403, 404, 403, 403, 403, 201, 403, 403]),
        row("POST", "/api/v1/cases", Bare, own_case,
                                   [401, 401, 201, 201, 201, 404, 201, 201, 403, 422, 403, 403]),
        row("GET", "/api/v1/cases", Open, none,
                                   [401, 401, 200, 200, 200, 200, 200, 200, 403, 200, 403, 403]),
        row("GET", "/api/v1/cases/{number}", Open, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 200, 403, 403]),
        row("POST", "/api/v1/cases/{number}/close", Open, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 200, 403, 403]),
        row("POST", "/api/v1/cases/{number}/reopen", Closed, none,
                                   [401, 401, 200, 200, 404, 404, 403, 404, 403, 200, 403, 403]),
        row("POST", "/api/v1/cases/{number}/team", Open, tom,
                                   [401, 401, 403, 403, 404, 404, 403, 404, 404, 200, 403, 403]),
        row("DELETE", "/api/v1/cases/{number}/team/{email}", Open, none,
                                   [401, 401, 403, 403, 404, 404, 403, 404, 404, 200, 403, 403]),
        row("POST", "/api/v1/cases/{number}/access-request", Open, ask,
                                   [401, 401, 403, 403, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("DELETE", "/api/v1/cases/{number}/access-request", Requested, none,
                                   [401, 401, 403, 403, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("PUT", "/api/v1/cases/{number}/grant", Requested, none,
                                   [401, 401, 200, 200, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("DELETE", "/api/v1/cases/{number}/grant", Granted, none,
                                   [401, 401, 200, 200, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("POST", "/api/v1/cases/{number}/grant/extend", Granted, none,
                                   [401, 401, 200, 200, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("POST", "/api/v1/cases/{number}/self-assignment/approve", SelfAssigned, none,
                                   [401, 401, 200, 404, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("DELETE", "/api/v1/cases/{number}/self-assignment", SelfApproved, none,
                                   [401, 401, 200, 404, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("POST", "/api/v1/cases/{number}/sessions", Granted, none,
                                   [401, 401, 403, 403, 404, 404, 201, 404, 403, 403, 403, 403]),
        row("DELETE", "/api/v1/sessions/{id}", Running, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/entries", Open, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/history", Running, none,
                                   [401, 401, 200, 200, 200, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/history/export", Running, none,
                                   [401, 401, 200, 200, 200, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/cases/{number}/history", Running, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/cases/{number}/history", SelfAssigned, none,
                                   [401, 401, 200, 404, 404, 404, 409, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/cases/{number}/history/export", Running, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/cases/{number}/report", Running, none,
                                   [401, 401, 200, 200, 404, 404, 403, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/live", Running, none,
                                   [401, 401, 200, 200, 200, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/block", Bare, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("DELETE", "/api/v1/orgs/{slug}/block", Bare, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/settings", Bare, none,
                                   [401, 401, 200, 200, 200, 404, 404, 404, 404, 404, 403, 403]),
        row("PUT", "/api/v1/orgs/{slug}/settings", Bare, settings,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs", Bare, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs", Bare, new_org,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}", Bare, none,
                                   [401, 401, 200, 200, 200, 404, 404, 404, 403, 200, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/hosts", Bare, none,
                                   [401, 401, 200, 200, 200, 404, 404, 404, 403, 200, 403, 403]),
        row("PUT", "/api/v1/orgs/{slug}/hosts", Bare, hosts,
                                   [401, 401, 403, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/upstream", Bare, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("PUT", "/api/v1/orgs/{slug}/upstream", Bare, upstream,
                                   [401, 401, 403, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/upstream/check", Bare, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/upstream/explain", Bare, wondered,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/admins", Bare, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins", Bare, new_admin,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/admins/{email}", Admin, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("PUT", "/api/v1/orgs/{slug}/admins/{email}/role", Admin, new_role,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/deactivate", Admin, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/reactivate", Admin, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("GET", "/api/v1/agents", Bare, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/agents", Bare, new_agent,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403]),
        row("GET", "/api/v1/agents/{email}", Bare, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/agents/{email}/deactivate", Agent, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/agents/{email}/reactivate", Agent, none,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("GET", "/api/v1/credentials", Bare, none,
                                   [401, 401, 200, 200, 200, 200, 200, 200, 403, 200, 403, 403]),
        row("POST", "/api/v1/credentials", Bare, own_token,
                                   [401, 401, 201, 201, 201, 201, 201, 201, 403, 201, 403, 403]),
        row("POST", "/api/v1/credentials", Bare, anns_token,
                                   [401, 401, 403, 403, 201, 403, 403, 403, 403, 201, 403, 403]),
        row("POST", "/api/v1/credentials", Bare, operators_token,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 201, 403, 403]),
        row("DELETE", "/api/v1/credentials/{id}", Credential, none,
                                   [401, 401, 200, 404, 200, 404, 404, 404, 403, 200, 403, 403]),
        row("POST", "/api/v1/cases/import", Bare, trackers_case,
                                   [401, 401, 403, 403, 403, 403, 403, 403, 403, 200, 403, 403]),
        row("GET", "/api/v1/sessions", Running, none,
                                   [401, 401, 200, 200, 200, 200, 200, 200, 403, 403, 403, 403]),
        row("GET", "/api/v1/sessions/{id}", Running, none,
                                   [401, 401, 200, 200, 404, 404, 200, 404, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/entries/stream", Open, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/claim", Bare, none,
                                   [401, 401, 200, 200, 200, 404, 404, 404, 403, 404, 403, 403]),
        row("POST", "/api/v1/credentials/{id}/accept", Credential, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/credentials/{id}/refuse", Credential, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/accept", Admin, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/refuse", Admin, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/super-admin/accept", Admin, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/admins/{email}/super-admin/refuse", Admin, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/org/privacy/oktaSupport", Granted, none,
                                   [401, 401, 200, 200, 200, 200, 403, 403, 403, 403, 403, 200]),
        row("GET", "/api/v1/org/privacy/oktaSupport/cases", Open, none,
                                   [401, 401, 200, 200, 200, 200, 403, 403, 403, 403, 403, 200]),
        row("PATCH", "/api/v1/org/privacy/oktaSupport/cases/{number}", Requested, enabled,
                                   [401, 401, 200, 200, 404, 404, 403, 403, 403, 403, 403, 200]),
        row("PATCH", "/api/v1/org/privacy/oktaSupport/cases/{number}", Granted, disabled,
                                   [401, 401, 200, 200, 404, 404, 403, 403, 403, 403, 403, 200]),
        row("PATCH", "/api/v1/org/privacy/oktaSupport/cases/{number}", SelfAssigned, approved,
                                   [401, 401, 200, 404, 404, 404, 403, 403, 403, 403, 403, 200]),
        row("PATCH", "/api/v1/org/privacy/oktaSupport/cases/{number}", Closed, disabled,
                                   [401, 401, 404, 404, 404, 404, 403, 403, 403, 403, 403, 404]),
        row("POST", "/api/v1/org/privacy/oktaSupport/grant", Bare, none,
                                   [401, 401, 301, 301, 301, 301, 403, 403, 403, 403, 403, 301]),
        row("POST", "/api/v1/org/privacy/oktaSupport/extend", Bare, none,
                                   [401, 401, 301, 301, 301, 301, 403, 403, 403, 403, 403, 301]),
        row("POST", "/api/v1/org/privacy/oktaSupport/revoke", Bare, none,
                                   [401, 401, 301, 301, 301, 301, 403, 403, 403, 403, 403, 301]),
        row("GET", "/api/v1/logs", Open, none,
                                   [401, 401, 200, 403, 403, 200, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/clients", Bare, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/clients", Bare, new_client,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("DELETE", "/api/v1/orgs/{slug}/clients/{id}", Client, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/clients/{id}/keys", Client, new_key,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("DELETE", "/api/v1/orgs/{slug}/clients/{id}/keys/{thumbprint}", Client, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/clients/{id}/accept", Client, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/clients/{id}/refuse", Client, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("GET", "/api/v1/orgs/{slug}/providers", Provider, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/providers", Provider, new_provider,
                                   [401, 401, 201, 403, 403, 404, 403, 403, 403, 201, 403, 403]),
        row("DELETE", "/api/v1/orgs/{slug}/providers/{id}", Provider, none,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("POST", "/api/v1/orgs/{slug}/providers/{id}/accept", Provider, none,
                                   [401, 401, 409, 403, 403, 404, 403, 403, 403, 403, 403, 403]),
        row("PUT", "/api/v1/orgs/{slug}/providers/{id}/secret", Provider, no_secret,
                                   [401, 401, 200, 403, 403, 404, 403, 403, 403, 200, 403, 403]),
        row("DELETE", "/api/v1/orgs/{slug}/providers/{id}/people/{email}", Provider, none,
                                   [401, 401, 404, 403, 403, 404, 403, 403, 403, 404, 403, 403]),
        row("GET", "/api/v1/me", Bare, none,
                                   [401, 401, 200, 200, 200, 200, 200, 200, 403, 200, 403, 403]),
    ]
}

impl World {
    /// Brings a case, a person or a credential to where a row needs it.
    async fn stage(&self, stage: Stage) -> Staged {
        let opened_by_sam = json!({ "agent": SAM });
        let number = match stage {
            Stage::Bare
            | Stage::Admin
            | Stage::Agent
            | Stage::Client
            | Stage::Credential
            | Stage::Provider => self.fresh_number(),
            Stage::Open => self.open_case().await,
            Stage::Closed => {
                let number = self.open_case().await;
                let path = format!("/api/v1/cases/{number}/close");
                let closed = self.call(&self.tokens.operator, "POST", &path, None);
                closed.await.with(200);
                number
            }
            Stage::Requested => self.requested_case().await,
            Stage::Granted | Stage::Running => self.granted_case().await,
            Stage::SelfAssigned | Stage::SelfApproved => self.open_case_by(&opened_by_sam).await,
        };
        if let Stage::SelfApproved = stage {
            let path = format!("/api/v1/cases/{number}/self-assignment/approve");
            let approved = self.call(&self.tokens.dana, "POST", &path, None);
            approved.await.with(200);
        }
        let mut staged = Staged {
            email: SAM.to_owned(),
            id: String::new(),
            number,
        };
        let operator = &self.tokens.operator;
        match stage {
            Stage::Running => {
                let started = self.start_session(&staged.number).await;
                started["id"].as_str().unwrap().clone_into(&mut staged.id);
            }
            Stage::Credential => {
                let body = anns_token("").unwrap();
                let minted = self.post(operator, "/api/v1/credentials", &body).await;
                let minted = minted.with(201);
                minted["id"].as_str().unwrap().clone_into(&mut staged.id);
            }
            Stage::Client => staged.id = self.staged_client().await,
            Stage::Provider => {
                let all = "/api/v1/orgs/acme/providers";
                let listed = self.call(operator, "GET", all, None).await.with(200);
                for one in listed["items"].as_array().unwrap() {
                    let path = format!("{all}/{}", one["id"].as_str().unwrap());
                    self.call(operator, "DELETE", &path, None).await.with(200);
                }
                let body = new_provider("N-first").unwrap();
                let added = self.post(operator, all, &body).await.with(201);
                added["id"].as_str().unwrap().clone_into(&mut staged.id);
            }
            Stage::Admin => {
                let body = new_admin(&staged.number).unwrap();
                let made = self.post(operator, "/api/v1/orgs/acme/admins", &body).await;
                let made = made.with(201);
                made["email"]
                    .as_str()
                    .unwrap()
                    .clone_into(&mut staged.email);
            }
            Stage::Agent => {
                let body = new_agent(&staged.number).unwrap();
                let made = self.post(operator, "/api/v1/agents", &body).await;
                let made = made.with(201);
                made["email"]
                    .as_str()
                    .unwrap()
                    .clone_into(&mut staged.email);
            }
            _ => {}
        }
        staged
    }

    fn request(
        &self,
        caller: &str,
        row: &Row,
        path: String,
        number: &str,
        client: &str,
    ) -> Request<Body> {
        let tokens = &self.tokens;
        let token = match caller {
            "anonymous" => None,
            "expired token" => Some(tokens.expired.as_str()),
            "admin who opened the case" => Some(tokens.ben.as_str()),
            "another admin of the org" => Some(tokens.ann.as_str()),
            "super admin of another org" => Some(tokens.grace.as_str()),
            "agent on the team" => Some(tokens.sam.as_str()),
            "agent off the team" => Some(tokens.tom.as_str()),
            "deactivated agent on the team" => Some(tokens.kim.as_str()),
            "operator" => Some(tokens.operator.as_str()),
            "service client" => Some(client),
            _ => Some(tokens.dana.as_str()),
        };
        let mut request = Request::builder().method(row.method).uri(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if caller.ends_with("impersonation") {
            request = request.header("countersign-identity", "eyJhbGciOiJFZERTQSJ9.e30.x");
        }
        match (row.body)(number) {
            Some(body) => request
                .header(header::CONTENT_TYPE, content_type(row.path))
                .body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        }
        .unwrap()
    }
}

fn content_type(path: &str) -> &'static str {
    if path.ends_with("/import") {
        "application/jsonl"
    } else {
        "application/json"
    }
}

#[tokio::test]
async fn everyone_is_answered_as_the_table_says() {
    // Sam starts one session after the other.
    let world = World::with(|settings| settings.session.per_agent = 1_000).await;
    let client = world
        .client_token(&SoftClient::p256(), "okta.orgs.manage")
        .await;
    let mut wrong = vec![];
    for row in table() {
        for (caller, expected) in CALLERS.into_iter().zip(row.expected) {
            let staged = world.stage(row.stage).await;
            let number = &staged.number;
            if caller.starts_with("deactivated") && row.path.contains("{number}") {
                world.with_kim(number).await;
            }
            let path = row
                .path
                .replace("{number}", number)
                .replace("{email}", &staged.email)
                .replace("{id}", &staged.id)
                .replace("{slug}", "acme")
                .replace("{thumbprint}", "none");
            let request = world.request(caller, &row, path, number, &client);
            // A stream ends when the process stops, and otherwise never.
            world.stopping.send_replace(row.path.ends_with("/stream"));
            let answer = world.send(request).await;
            world.stopping.send_replace(false);
            if answer.status != expected {
                wrong.push(format!(
                    "{} {} by {caller}: {} instead of {expected}: {}",
                    row.method, row.path, answer.status, answer.text
                ));
            }
            // A block must not stand in the way of the rows that follow.
            if row.path.ends_with("/block") {
                let lifted = world.call(
                    &world.tokens.dana,
                    "DELETE",
                    "/api/v1/orgs/acme/block",
                    None,
                );
                lifted.await.with(200);
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn documented() -> BTreeSet<String> {
    let document = serde_json::to_value(countersign_api::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| format!("{} {path}", method.to_uppercase()))
    });
    operations.collect()
}

#[test]
fn every_endpoint_is_in_the_table_or_in_the_reviewed_list() {
    let rows = table();
    let known: BTreeSet<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.method, row.path))
        .chain(PUBLIC.map(str::to_owned))
        .chain(OAUTH.map(str::to_owned))
        .collect();
    let mut served = documented();
    served.extend(countersign_api::okta_endpoints());
    let unknown: Vec<_> = served.difference(&known).collect();
    assert!(unknown.is_empty(), "say who may call {unknown:?}");
    let gone: Vec<_> = known.difference(&served).collect();
    assert!(gone.is_empty(), "no such endpoint: {gone:?}");
}

#[tokio::test]
async fn public_endpoints_answer_anyone_and_are_documented_so() {
    let world = World::new().await;
    let document = serde_json::to_value(countersign_api::openapi()).unwrap();
    for endpoint in PUBLIC {
        let path = endpoint.strip_prefix("GET ").unwrap();
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(world.send(request).await.status, 200, "{path}");
        assert_eq!(document["paths"][path]["get"]["security"], json!([{}]));
    }
    let everything_else = documented()
        .into_iter()
        .filter(|e| !PUBLIC.contains(&e.as_str()));
    for endpoint in everything_else {
        let (method, path) = endpoint.split_once(' ').unwrap();
        let operation = &document["paths"][path][method.to_lowercase()];
        assert_eq!(operation["security"], Value::Null, "{endpoint}");
    }
    assert_eq!(document["security"], json!([{"bearer": []}]));
}
