//! What is taken for a body, and what is not.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::Body,
    http::{Request, header},
};
use bytes::Bytes;
use http_body_util::StreamBody;
use serde_json::json;

use crate::world::World;

const CASES: &str = "/api/v1/cases";

impl World {
    fn raw(&self, content_type: Option<&str>, body: impl Into<Body>) -> Request<Body> {
        let operator = format!("Bearer {}", self.tokens.operator);
        let mut request = Request::post(CASES).header(header::AUTHORIZATION, operator);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        request.body(body.into()).unwrap()
    }
}

#[tokio::test]
async fn only_json_that_is_said_to_be_json_is_read() {
    let world = World::new().await;
    let json = Some("application/json");
    let good = json!({
        "org": "acme", "number": "1", "subject": "x", "opened_by": {"admin": "ben@acme.test"}
    })
    .to_string();
    for (content_type, body, status, code) in [
        (None, good.clone(), 415, "unsupported_media_type"),
        (
            Some("text/plain"),
            good.clone(),
            415,
            "unsupported_media_type",
        ),
        (
            Some("application/x-www-form-urlencoded"),
            good.clone(),
            415,
            "unsupported_media_type",
        ),
        (json, String::new(), 400, "malformed_json"),
        (None, String::new(), 400, "malformed_json"),
        (json, "{".to_owned(), 400, "malformed_json"),
        (json, format!("{good} x"), 400, "malformed_json"),
        (json, "[".repeat(50_000), 400, "malformed_json"),
        (
            json,
            "[\"acme\", null, \"x\", null, []]".to_owned(),
            422,
            "invalid_field",
        ),
        (json, "null".to_owned(), 422, "invalid_field"),
    ] {
        let answer = world.send(world.raw(content_type, body.clone())).await;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(
            answer.status, status,
            "{content_type:?} {shown}: {answer:?}"
        );
        answer.problem(status, code);
    }
    let latin = world.raw(json, Bytes::from_static(b"{\"org\": \"caf\xe9\"}"));
    world.send(latin).await.problem(400, "malformed_json");
    let with_charset = world.raw(Some("Application/JSON; charset=utf-8"), good);
    world.send(with_charset).await.with(201);
}

#[tokio::test]
async fn a_body_announced_as_a_gigabyte_is_refused_unread() {
    let world = World::new().await;
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&polls);
    let stream = endless(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Bytes::from_static(b"x")
    });
    let mut request = world.raw(Some("application/json"), stream);
    let length = header::HeaderValue::from_static("1073741824");
    request.headers_mut().insert(header::CONTENT_LENGTH, length);
    world.send(request).await.problem(413, "body_too_large");
    assert_eq!(polls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_body_that_never_ends_is_cut_off_at_the_limit() {
    let world = World::new().await;
    let polls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&polls);
    let stream = endless(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        Bytes::from_static(&[b' '; 1024])
    });
    let request = world.raw(Some("application/json"), stream);
    world.send(request).await.problem(413, "body_too_large");
    assert!(polls.load(Ordering::SeqCst) <= 66);
}

/// An endless body.
fn endless(next: impl FnMut() -> Bytes + Send + 'static) -> Body {
    let stream = Endless(Box::new(next));
    Body::new(StreamBody::new(stream))
}

struct Endless(Box<dyn FnMut() -> Bytes + Send>);

impl futures_util::Stream for Endless {
    type Item = Result<http_body::Frame<Bytes>, std::convert::Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(Some(Ok(http_body::Frame::data((self.0)()))))
    }
}

#[tokio::test]
async fn calls_without_a_body_need_no_content_type_and_mind_none() {
    let world = World::new().await;
    let number = world.granted_case().await;
    for (path, method) in [
        ("grant/extend", "POST"),
        ("grant", "PUT"),
        ("close", "POST"),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1/cases/{number}/{path}"))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", world.tokens.dana),
            )
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::empty())
            .unwrap();
        world.send(request).await.with(200);
    }
}
