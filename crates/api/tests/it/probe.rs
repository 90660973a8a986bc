//! Calling the router, and the calls that tests begin with.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{BEN, KIM, SAM, World};

/// Why Sam asks.
pub(crate) const WHY: &str = "I would like to see the rule list as you see it.";

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The body of an answer with this status.
    #[track_caller]
    pub(crate) fn with(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        self.json()
    }

    /// A problem document with this status and code.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let problem = self.with(status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["code"], code, "{self:?}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:countersign:problem:{code}"));
        for said in ["title", "detail"] {
            assert!(problem[said].as_str().is_some_and(|text| !text.is_empty()));
        }
        problem
    }

    /// A header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header in ASCII"))
    }
}

impl World {
    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: head.status,
            headers: head.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Calls with a token and, if there is one, a JSON body.
    pub(crate) async fn call(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    /// The same with more headers.
    pub(crate) async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(value) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(value.to_string())
            }
            None => Body::empty(),
        };
        self.send(request.body(body).unwrap()).await
    }

    pub(crate) async fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, None).await
    }

    pub(crate) async fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.call(token, "POST", path, Some(body)).await
    }

    /// A case that Ben opened, by the tracker's word, with Sam on it.
    pub(crate) async fn open_case(&self) -> String {
        self.open_case_by(&json!({ "admin": BEN })).await
    }

    /// The same with another opener.
    pub(crate) async fn open_case_by(&self, opener: &Value) -> String {
        let number = self.fresh_number();
        let new = json!({
            "org": "acme", "number": number, "subject": "Rules stop after the third page",
            "opened_by": opener, "team": [SAM],
        });
        let opened = self.post(&self.tokens.operator, "/api/v1/cases", &new);
        opened.await.with(201);
        number
    }

    /// A case for which Sam has asked.
    pub(crate) async fn requested_case(&self) -> String {
        let number = self.open_case().await;
        self.ask(&number).await;
        number
    }

    /// A case whose access Dana has granted.
    pub(crate) async fn granted_case(&self) -> String {
        let number = self.requested_case().await;
        self.grant(&number).await;
        number
    }

    pub(crate) async fn ask(&self, number: &str) {
        let path = format!("/api/v1/cases/{number}/access-request");
        let ask = json!({ "justification": WHY });
        self.post(&self.tokens.sam, &path, &ask).await.with(200);
    }

    pub(crate) async fn grant(&self, number: &str) {
        let path = format!("/api/v1/cases/{number}/grant");
        let granted = self.call(&self.tokens.dana, "PUT", &path, None);
        granted.await.with(200);
    }

    /// Sam starts a session; its id.
    pub(crate) async fn start_session(&self, number: &str) -> Value {
        let path = format!("/api/v1/cases/{number}/sessions");
        let started = self.call(&self.tokens.sam, "POST", &path, None);
        started.await.with(201)
    }

    /// Kim, who is deactivated, on the team all the same.
    pub(crate) async fn with_kim(&self, number: &str) {
        let (kim, number) = (
            crate::world::email(KIM),
            countersign_domain::CaseNumber::parse(number).unwrap(),
        );
        let operator = crate::world::OPERATOR;
        crate::world::good(self.app.set_agent_active(operator, &kim, true).await);
        crate::world::good(self.app.join_team(operator, &number, &kim).await);
        crate::world::good(self.app.set_agent_active(operator, &kim, false).await);
    }
}
