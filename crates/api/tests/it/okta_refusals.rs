//! What Okta's clients are told when a call is refused, and how they say who they are.

use std::num::NonZeroU32;

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_api::{Quota, RateLimits};
use serde_json::{Value, json};

use crate::okta::{CASES, disabled, enabled};
use crate::probe::Answer;
use crate::world::{START, World};

impl Answer {
    /// Okta's error object with this status and code.
    #[track_caller]
    pub(crate) fn okta(&self, status: u16, code: &str) -> Value {
        let error = self.with(status);
        assert_eq!(self.header("content-type"), "application/json");
        let fields: Vec<_> = error.as_object().unwrap().keys().collect();
        let all = [
            "errorCauses",
            "errorCode",
            "errorId",
            "errorLink",
            "errorSummary",
        ];
        assert_eq!(fields, all, "{self:?}");
        assert_eq!(
            (&error["errorCode"], &error["errorLink"]),
            (&json!(code), &json!(code))
        );
        let id = error["errorId"].as_str().unwrap();
        assert!(id.starts_with("oae") && id.len() > 20, "{id}");
        assert_eq!(self.header("x-okta-request-id"), id);
        assert_ne!(error["errorSummary"], "");
        for cause in error["errorCauses"].as_array().unwrap() {
            assert!(!cause["errorSummary"].as_str().unwrap().is_empty());
        }
        error
    }
}

impl World {
    async fn saying(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap())
            .await
    }
}

#[tokio::test]
async fn a_token_is_taken_after_ssws_and_as_a_bearer_and_nothing_else_is() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    for said in [
        format!("SSWS {dana}"),
        format!("SSWS{dana}"),
        format!("ssws {dana}"),
        format!("Bearer {dana}"),
    ] {
        let headers = [("authorization", said.as_str())];
        world.saying("GET", CASES, &headers, "").await.with(200);
    }
    for said in [
        "SSWS",
        "SSWS ",
        "SSWS cst_guess",
        &format!("Basic {dana}"),
        &format!("SSWS {}", world.tokens.expired),
        dana,
    ] {
        let refused = world
            .saying("GET", CASES, &[("authorization", said)], "")
            .await;
        let error = refused.okta(401, "E0000011");
        assert_eq!(error["errorSummary"], "Invalid token provided");
        assert!(refused.header("www-authenticate").contains("SSWS"));
    }
    let twice = format!("SSWS {dana}");
    let headers = [
        ("authorization", twice.as_str()),
        ("authorization", twice.as_str()),
    ];
    let refused = world.saying("GET", CASES, &headers, "").await;
    refused.okta(401, "E0000011");
    // The native API knows bearers only, and a session's cookie is for the console.
    let native = world
        .saying("GET", "/api/v1/me", &[("authorization", &twice)], "")
        .await;
    native.problem(401, "unauthenticated");
    let cookie = format!("__Host-countersign={dana}");
    let refused = world.saying("GET", CASES, &[("cookie", &cookie)], "").await;
    refused.okta(401, "E0000011");
}

/// R1, R3: none of it is for the vendor, whatever they hold.
#[tokio::test]
async fn agents_operators_and_impersonations_get_nothing() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let path = format!("{CASES}/{number}");
    let tokens = &world.tokens;
    for token in [&tokens.sam, &tokens.tom, &tokens.operator] {
        for (method, path) in [("GET", CASES), ("GET", "/api/v1/org/privacy/oktaSupport")] {
            world
                .call(token, method, path, None)
                .await
                .okta(403, "E0000006");
        }
        let refused = world.call(token, "PATCH", &path, Some(&disabled())).await;
        refused.okta(403, "E0000006");
    }
    let ssws = format!("SSWS {}", tokens.dana);
    let headers = [
        ("authorization", ssws.as_str()),
        ("countersign-identity", "eyJhbGciOiJFZERTQSJ9.e30.x"),
        ("content-type", "application/json"),
    ];
    let refused = world
        .saying("PATCH", &path, &headers, &disabled().to_string())
        .await;
    refused.okta(403, "E0000006");
    let read = world.get(&tokens.dana, CASES).await.with(200);
    assert_eq!(
        read["supportCases"][0]["impersonation"]["status"],
        "ENABLED"
    );
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_whole_and_the_field_is_named() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let dana = &world.tokens.dana;
    let expiration = world.later(countersign_domain::Duration::from_hours(24));
    let impersonation = |inner: Value| json!({ "impersonation": inner }).to_string();
    let own = |status: &str| json!({"selfAssigned": {"status": status}}).to_string();
    for (body, field) in [
        (String::new(), "malformed_json"),
        ("{".to_owned(), "malformed_json"),
        ("\u{feff}{}".to_owned(), "malformed_json"),
        ("[]".to_owned(), "body"),
        ("null".to_owned(), "body"),
        ("{}".to_owned(), "body"),
        (impersonation(json!({})), "body"),
        (
            impersonation(json!({"status": null, "expiration": null})),
            "body",
        ),
        (json!({"status": "ENABLED"}).to_string(), "status"),
        (
            json!({"caseNumber": number, "impersonation": {"status": "DISABLED"}}).to_string(),
            "caseNumber",
        ),
        (
            impersonation(json!({"status": "DISABLED", "why": "x"})),
            "impersonation.why",
        ),
        (
            impersonation(json!({"status": "enabled"})),
            "impersonation.status",
        ),
        (
            impersonation(json!({"status": "REVOKED"})),
            "impersonation.status",
        ),
        (
            impersonation(json!({"status": true})),
            "impersonation.status",
        ),
        (
            impersonation(json!({"status": "REQUESTED"})),
            "impersonation.status",
        ),
        (
            impersonation(json!({"status": "NOT_REQUESTED"})),
            "impersonation.status",
        ),
        (
            impersonation(json!({"status": "DISABLED", "expiration": expiration})),
            "impersonation.expiration",
        ),
        (
            impersonation(json!({"expiration": "tomorrow"})),
            "impersonation.expiration",
        ),
        (
            impersonation(json!({"expiration": 1_893_456_000})),
            "impersonation.expiration",
        ),
        (
            impersonation(json!({"expiration": "2030-01-01T00:00:00Z"})),
            "impersonation.expiration",
        ),
        (
            impersonation(json!({"expiration": "2030-02-01T00:00:00Z"})),
            "impersonation.expiration",
        ),
        (impersonation(json!("ENABLED")), "impersonation"),
        (own("REQUESTED"), "selfAssigned.status"),
        (own("NOT_REQUIRED"), "selfAssigned.status"),
        (own("DENIED"), "selfAssigned.status"),
        (
            r#"{"impersonation": {"status": "DISABLED", "status": "ENABLED"}}"#.to_owned(),
            "status",
        ),
    ] {
        let ssws = format!("SSWS {dana}");
        let headers = [
            ("authorization", ssws.as_str()),
            ("content-type", "application/json"),
        ];
        let path = format!("{CASES}/{number}");
        let refused = world.saying("PATCH", &path, &headers, &body).await;
        let error = refused.okta(400, "E0000001");
        let summary = format!("Api validation failed: {field}");
        assert_eq!(error["errorSummary"], summary, "{body}");
        assert_eq!(error["errorCauses"].as_array().unwrap().len(), 1, "{body}");
    }
    let read = world.get(dana, CASES).await.with(200);
    assert_eq!(
        read["supportCases"][0]["impersonation"]["status"],
        "ENABLED"
    );
}

#[tokio::test]
async fn addresses_methods_and_media_types_that_are_not_there_are_told_in_oktas_words() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let path = format!("{CASES}/{number}");
    let dana = &world.tokens.dana;
    for (method, path) in [
        ("GET", path.as_str()),
        ("POST", CASES),
        ("GET", "/api/v1/org/privacy/oktaSupport/grant"),
    ] {
        let refused = world.call(dana, method, path, None).await;
        refused.okta(405, "E0000022");
        assert_ne!(refused.header("allow"), "");
    }
    for path in [
        "/api/v1/org/privacy/oktaSupport/cases/",
        "/api/v1/org/factors",
        &format!("{path}/grant"),
    ] {
        let refused = world.call(dana, "GET", path, None).await;
        let error = refused.okta(404, "E0000008");
        assert_eq!(error["errorCauses"], json!([]));
    }
    let ssws = format!("SSWS {dana}");
    for media in ["text/plain", "application/x-www-form-urlencoded"] {
        let headers = [("authorization", ssws.as_str()), ("content-type", media)];
        let refused = world
            .saying("PATCH", &path, &headers, &disabled().to_string())
            .await;
        refused.okta(415, "E0000021");
    }
    let headers = [
        ("authorization", ssws.as_str()),
        ("content-type", "application/json"),
    ];
    let great = format!("{{\"a\": \"{}\"}}", "a".repeat(70_000));
    let refused = world.saying("PATCH", &path, &headers, &great).await;
    refused.okta(413, "E0000001");
    // Not what a path can name, and no case.
    let refused = world.patch(dana, "%20", &disabled()).await;
    refused.okta(404, "E0000007");
}

#[tokio::test]
async fn what_was_before_cases_sends_to_the_cases() {
    let world = World::new().await;
    for old in ["grant", "extend", "revoke"] {
        let path = format!("/api/v1/org/privacy/oktaSupport/{old}");
        let moved = world.call(&world.tokens.ben, "POST", &path, None).await;
        assert_eq!(moved.status, 301);
        assert_eq!(moved.header("location"), CASES);
        assert_eq!(
            (moved.text.as_str(), moved.header("content-type")),
            ("", "")
        );
        world
            .saying("POST", &path, &[], "")
            .await
            .okta(401, "E0000011");
    }
}

#[tokio::test]
async fn limits_are_told_as_okta_tells_them_and_nobody_is_kept_from_revoking() {
    let quota = |calls| Quota::per_minute(NonZeroU32::new(calls).unwrap());
    let world = World::new().await;
    let (granted, requested) = (world.granted_case().await, world.requested_case().await);
    let world = world.limited(RateLimits {
        calls: quota(3),
        unauthenticated: quota(1),
    });
    let dana = &world.tokens.dana;
    // Sixty seconds after the start of these tests' time.
    let now = START / 1_000 + 60;
    for (remaining, full_in) in [("2", 20), ("1", 40), ("0", 60)] {
        let answer = world.get(dana, CASES).await;
        answer.with(200);
        assert_eq!(answer.header("x-rate-limit-limit"), "3");
        assert_eq!(answer.header("x-rate-limit-remaining"), remaining);
        assert_eq!(
            answer.header("x-rate-limit-reset"),
            (now + full_in).to_string()
        );
        assert_ne!(answer.header("x-okta-request-id"), "");
    }
    for refused in [
        world.get(dana, CASES).await,
        world.patch(dana, &requested, &enabled()).await,
        world
            .patch(dana, &requested, &json!({"impersonation": "?"}))
            .await,
    ] {
        let error = refused.okta(429, "E0000047");
        assert_eq!(
            error["errorSummary"],
            "API call exceeded rate limit due to too many requests."
        );
        assert_eq!(refused.header("x-rate-limit-remaining"), "0");
        assert_eq!(refused.header("x-rate-limit-reset"), (now + 20).to_string());
        assert_eq!(refused.header("retry-after"), "20");
    }
    let revoked = world.patch(dana, &granted, &disabled()).await;
    assert_eq!(revoked.with(200)["impersonation"]["status"], "DISABLED");
    assert_eq!(revoked.header("x-rate-limit-remaining"), "2");
    world
        .saying("GET", CASES, &[], "")
        .await
        .okta(401, "E0000011");
    let headers = [(header::AUTHORIZATION.as_str(), "SSWS guess")];
    let stranger = world.saying("PATCH", CASES, &headers, "").await;
    stranger.okta(405, "E0000022");
    let path = format!("{CASES}/{granted}");
    let stranger = world.saying("PATCH", &path, &headers, "").await;
    stranger.okta(429, "E0000047");
}

#[tokio::test]
async fn a_store_that_is_out_of_reach_changes_nothing_and_is_told() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let dana = &world.tokens.dana;
    world.store.set_unreachable(true);
    let refused = world.patch(dana, &number, &enabled()).await;
    refused.okta(503, "E0000009");
    assert_eq!(refused.header("retry-after"), "1");
    world.store.set_unreachable(false);
    let read = world.get(dana, CASES).await.with(200);
    assert_eq!(
        read["supportCases"][0]["impersonation"]["status"],
        "REQUESTED"
    );
}
