//! Heads that the parser would forgive, or show without what was odd about them (R17).

use countersign_domain::{
    Methods, Origin, RouteEffect, RoutePattern, RouteRule, Routes, Slug, Upstream,
};

use crate::{
    scene::{OPERATOR, Scene, Session},
    wire::get,
};

/// A session where `POST /search` is a read, so that nothing else refuses what has a body.
async fn searching() -> (Scene, Session) {
    let scene = Scene::new().await;
    let methods = Methods::parse(["POST"]).unwrap();
    let path = RoutePattern::parse("/search").unwrap();
    let rule = RouteRule::new(methods, path, RouteEffect::Read).unwrap();
    let upstream = Upstream {
        routes: Routes::new(vec![rule]).unwrap(),
        ..Upstream::new(Origin::parse(&scene.product.origin()).unwrap())
    };
    let acme = Slug::parse("acme").unwrap();
    let set = scene.app.set_upstream(OPERATOR, &acme, upstream);
    set.await.unwrap();
    scene.ticks_again().await;
    let session = scene.session().await;
    (scene, session)
}

/// Requests of which each reads differently to some servers.
fn odd(session: &Session) -> Vec<String> {
    let own = format!(
        "Host: {}\r\nCountersign-Session: {}\r\n",
        session.host, session.token
    );
    let post = format!("POST /search HTTP/1.1\r\n{own}Content-Type: text/plain\r\n");
    let smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    vec![
        format!("GET /odd HTTP/1.1\n{own}\r\n"),
        format!("GET /odd HTTP/1.1\r\n{}\r\n", own.replace("\r\n", "\n")),
        format!("GET /odd HTTP/1.1\r\n{own}A: b\nC: d\r\n\r\n"),
        format!("GET /odd HTTP/1.1\r\n{own}\n{smuggled}"),
        format!("\nGET /odd HTTP/1.1\r\n{own}\r\n"),
        format!("{post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{post}transfer-encoding: chunked\r\ncontent-length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
        format!("{post}Content-Length: 1\r\nContent-Length: 1\r\n\r\nx"),
    ]
}

#[tokio::test]
async fn r17_what_the_parser_would_forgive_or_hide_is_refused_and_ends_the_connection() {
    let (scene, session) = searching().await;
    for (count, request) in odd(&session).iter().enumerate() {
        let mut client = scene.client().await;
        let reply = client.call(request).await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "ambiguous_request".into()),
            "{request:?}"
        );
        assert_eq!(reply.header("connection"), Some("close"), "{request:?}");
        let (rest, _) = client.rest().await;
        assert_eq!(rest, b"", "one answer, and then nothing: {request:?}");
        let refused = scene.entries("request.refused").await;
        assert_eq!(refused.len(), count + 1, "{request:?}");
        assert_eq!(refused[count]["detail"]["code"], "ambiguous_request");
    }
    assert_eq!(scene.product.accepted(), 0, "the product was reached");
    assert_eq!(scene.entries("request").await.len(), 0);
}

#[tokio::test]
async fn r17_an_odd_head_behind_a_plain_request_is_refused_and_not_that_request() {
    let (scene, session) = searching().await;
    let plain = get(&session, "/plain", &[]);
    for (count, request) in odd(&session).iter().enumerate() {
        let mut client = scene.client().await;
        client.send(format!("{plain}{request}{plain}")).await;
        let (answers, _) = client.rest().await;
        let answers = String::from_utf8(answers).unwrap();
        let statuses: Vec<&str> = answers
            .split("HTTP/1.1 ")
            .skip(1)
            .map(|answer| &answer[..3])
            .collect();
        assert_eq!(statuses, ["200", "400"], "{request:?}: {answers}");
        assert_eq!(scene.product.requests(), count + 1, "{request:?}");
        assert_eq!(scene.product.last().0, "GET /plain");
    }
}

#[tokio::test]
async fn r17_nobody_is_answered_from_an_odd_head() {
    let (scene, session) = searching().await;
    let reserved = format!(
        "GET /.countersign/style.css HTTP/1.1\nHost: {}\r\n\r\n",
        session.host
    );
    let reply = scene.client().await.call(&reserved).await;
    assert_eq!(
        (reply.status, reply.code()),
        (400, "ambiguous_request".into())
    );
    // Whoever proves nothing learns nothing, and gets no second request in either.
    let stranger = format!("GET / HTTP/1.1\nHost: {}\r\n\r\n", session.host);
    let mut client = scene.client().await;
    client
        .send(format!("{stranger}{}", get(&session, "/", &[])))
        .await;
    let (answers, _) = client.rest().await;
    let answers = String::from_utf8(answers).unwrap();
    assert!(answers.starts_with("HTTP/1.1 401 "), "{answers}");
    assert_eq!(answers.matches("HTTP/1.1 ").count(), 1, "{answers}");
    assert_eq!(scene.product.accepted(), 0);
}

#[tokio::test]
async fn plain_requests_with_bodies_pass_one_after_another() {
    let (scene, session) = searching().await;
    let own = format!(
        "Host: {}\r\nCountersign-Session: {}\r\n",
        session.host, session.token
    );
    // A body that looks like an odd head is a body.
    let body = "A: b\nC\r\n\n\r\nGET / HTTP/1.1\n\n";
    let length = body.len();
    let search = format!(
        "\r\nPOST /search HTTP/1.1\r\n{own}Content-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}"
    );
    let mut client = scene.client().await;
    for round in 1..=20 {
        let reply = client.call(&search).await;
        assert_eq!((reply.status, reply.text()), (200, "hello".into()));
        let reply = client.call(get(&session, "/next", &[])).await;
        assert_eq!(reply.status, 200);
        assert_eq!(scene.product.requests(), 2 * round);
    }
    // Piece by piece, and the next one along with the end of the last.
    let text = format!("{search}{}", get(&session, "/last", &[]));
    for piece in text.as_bytes().chunks(7) {
        client.send(piece).await;
    }
    for _ in 0..2 {
        assert_eq!(client.call("").await.status, 200);
    }
    assert_eq!(scene.product.last().0, "GET /last");
}
