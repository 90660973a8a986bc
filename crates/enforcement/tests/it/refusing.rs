//! What goes no further, and that nothing of it is seen upstream.

use crate::{
    scene::{Scene, Session},
    wire::{ask, get, plain},
};

async fn untouched(scene: &Scene) {
    assert_eq!(scene.product.accepted(), 0, "the product was reached");
    assert_eq!(scene.entries("request").await.len(), 0);
}

#[tokio::test]
async fn a4_writes_overrides_and_ambiguity_are_refused_logged_and_never_sent() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cases: &[(&str, &str, &[&str], u16, &str)] = &[
        ("POST", "/a", &["Content-Length: 0"], 403, "not_a_read"),
        ("PUT", "/a", &[], 403, "not_a_read"),
        ("PATCH", "/a", &[], 403, "not_a_read"),
        ("DELETE", "/a", &[], 403, "not_a_read"),
        ("get", "/a", &[], 403, "not_a_read"),
        ("TRACE", "/a", &[], 403, "effect_unknown"),
        (
            "GET",
            "/ws",
            &["Upgrade: websocket", "Connection: upgrade"],
            403,
            "effect_unknown",
        ),
        ("GET", "/a?_method=DELETE", &[], 400, "method_overridden"),
        (
            "GET",
            "/a",
            &["X-HTTP-Method-Override: PUT"],
            400,
            "method_overridden",
        ),
        ("GET", "/a/../b", &[], 400, "ambiguous_request"),
        ("GET", "/a/%2e%2e/b", &[], 400, "ambiguous_request"),
        ("GET", "/a//b", &[], 400, "ambiguous_request"),
        ("GET", "/a%2fb", &[], 400, "ambiguous_request"),
        ("GET", "/a;b", &[], 400, "ambiguous_request"),
        ("OPTIONS", "*", &[], 400, "ambiguous_request"),
        (
            "GET",
            "/a",
            &["Content-Length: 3", "", "abc"],
            400,
            "ambiguous_request",
        ),
        ("GET", "/a", &["X_Y: 1"], 400, "ambiguous_request"),
        (
            "GET",
            "/a",
            &["Range: a", "Range: b"],
            400,
            "ambiguous_request",
        ),
        (
            "GET",
            "/a",
            &["Connection: X-Remote-User"],
            400,
            "ambiguous_request",
        ),
        (
            "GET",
            "/a",
            &["Connection: close, cookie"],
            400,
            "ambiguous_request",
        ),
        (
            "GET",
            "/sw.js",
            &["Service-Worker: script"],
            403,
            "service_worker",
        ),
    ];
    for (count, (method, target, lines, status, code)) in cases.iter().enumerate() {
        let request = ask(method, &session, target, lines);
        let reply = scene.client().await.call(&request).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (*status, *code),
            "{request}"
        );
        let refused = scene.entries("request.refused").await;
        assert_eq!(refused.len(), count + 1, "{request}");
        let last = refused.last().unwrap();
        assert_eq!(last["detail"]["code"], *code);
        assert_eq!(last["request"]["method"], *method);
        assert_eq!(last["request"]["path"], *target);
    }
    untouched(&scene).await;
}

#[tokio::test]
async fn a3_only_its_own_secret_opens_a_session_and_only_at_its_own_origin() {
    let scene = Scene::new().await;
    let a = scene.session().await;
    let b = scene.session().await;
    let token = |session: &Session| format!("Countersign-Session: {}", session.token);
    let wrong = "Countersign-Session: csi_wrong".to_owned();
    let cookie = "Cookie: __Host-countersign-session=csc_wrong".to_owned();
    let twice = format!("{}\r\n{}", token(&a), token(&a));
    let cases = [
        (a.host.as_str(), vec![], 401, "not_in_session"),
        (&a.host, vec![wrong.clone()], 401, "not_in_session"),
        (
            &a.host,
            vec!["Countersign-Session:".into()],
            401,
            "not_in_session",
        ),
        (&a.host, vec![token(&b)], 401, "not_in_session"),
        (&b.host, vec![token(&a)], 401, "not_in_session"),
        (
            &a.host,
            vec![token(&a), cookie.clone()],
            401,
            "not_in_session",
        ),
        (&a.host, vec![cookie.clone()], 401, "not_in_session"),
        (&a.host, vec![twice], 400, "ambiguous_request"),
        (
            &a.host,
            vec![format!("{cookie}; __Host-countersign-session=y")],
            400,
            "ambiguous_request",
        ),
        (
            "unknown.gw.localhost:8081",
            vec![token(&a)],
            401,
            "no_session",
        ),
        ("gw.localhost:8081", vec![token(&a)], 401, "no_session"),
        ("localhost:8081", vec![token(&a)], 401, "no_session"),
        ("127.0.0.1", vec![token(&a)], 401, "no_session"),
    ];
    for (host, lines, status, code) in cases {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let reply = scene
            .client()
            .await
            .call(plain("GET", host, "/", &lines))
            .await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (status, code),
            "{host} {lines:?}"
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    untouched(&scene).await;
    let without_port = a.host.split(':').next().unwrap();
    for host in [&a.host, &a.host.to_uppercase(), without_port] {
        let reply = scene
            .client()
            .await
            .call(plain("GET", host, "/", &[&token(&a)]))
            .await;
        assert_eq!(reply.status, 200, "{host}");
    }
    // Nobody knows whose the unauthenticated ones were, so they are on no customer's log.
    assert_eq!(scene.entries("request.refused").await.len(), 0);
}

#[tokio::test]
async fn a_target_that_names_another_host_is_refused() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let same = format!("http://{}/a?b", session.host);
    let other = "http://evil.test/a";
    let token = format!("Countersign-Session: {}", session.token);
    for lines in [
        format!(
            "GET {other} HTTP/1.1\r\nHost: {}\r\n{token}\r\n\r\n",
            session.host
        ),
        format!("GET {same} HTTP/1.1\r\nHost: evil.test\r\n{token}\r\n\r\n"),
        format!(
            "GET / HTTP/1.1\r\nHost: {0}\r\nHost: {0}\r\n{token}\r\n\r\n",
            session.host
        ),
        format!("GET / HTTP/1.1\r\n{token}\r\n\r\n"),
    ] {
        let reply = scene.client().await.call(&lines).await;
        assert_eq!(reply.status, 400, "{lines}");
    }
    untouched(&scene).await;
    let reply = scene.client().await.call(get(&session, &same, &[])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(scene.product.last().0, "GET /a?b");
}

#[tokio::test]
async fn hostile_bytes_never_reach_the_product() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let head = format!(
        "Host: {}\r\nCountersign-Session: {}\r\n",
        session.host, session.token
    );
    for request in [
        format!(
            "GET / HTTP/1.1\r\n{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        format!(
            "GET / HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
        ),
        format!(
            "POST / HTTP/1.1\r\n{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        format!("GET / HTTP/1.1\r\n{head}Transfer-Encoding: identity\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}Transfer-Encoding: xchunked\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde"),
        format!("GET / HTTP/1.1\r\n{head}Content-Length: +0\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}Content-Length : 0\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}X-A: b\r\n c\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}X-A: b\0c\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{head}X-A: b\rc\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n X-A: b\r\n{head}\r\n"),
        format!("GET  / HTTP/1.1\r\n{head}\r\n"),
        format!("GET / HTTP/1.1 x\r\n{head}\r\n"),
        format!("GET / HTTP/2.0\r\n{head}\r\n"),
        format!("GET /\r\n{head}\r\n"),
        format!("GET /a b HTTP/1.1\r\n{head}\r\n"),
        format!("GET / HTTP/1.1\r\n{head}{}\r\n", "X-A: b\r\n".repeat(200)),
        format!("CONNECT product:80 HTTP/1.1\r\n{head}\r\n"),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "\x16\x03\x01\x02\x00\x01\r\n\r\n".to_owned(),
    ] {
        let reply = scene.client().await.try_call(&request).await;
        if let Some(reply) = reply {
            assert!((400..500).contains(&reply.status), "{request:?}: {reply:?}");
        }
    }
    untouched(&scene).await;
}

#[tokio::test]
async fn a_person_gets_a_page_and_a_program_a_problem() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut client = scene.client().await;
    let html = ["Accept: text/html,*/*;q=0.8", "Content-Length: 0"];
    let page = client.call(ask("POST", &session, "/a<b>", &html)).await;
    assert_eq!(page.status, 400, "the path itself is ambiguous");
    let mut client = scene.client().await;
    let page = client.call(ask("POST", &session, "/invoices", &html)).await;
    assert_eq!(page.status, 403);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.header("content-security-policy")
            .unwrap()
            .contains("default-src 'none'")
    );
    let text = page.text();
    for expected in [
        "Support can look, not change",
        "POST /invoices",
        "not_a_read",
        "Ask the customer",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    let style = client
        .call(plain("GET", &session.host, "/.countersign/style.css", &[]))
        .await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, Some("text/css; charset=utf-8"))
    );
    for path in [
        "/.countersign/",
        "/.countersign/x",
        "/%2ecountersign/open",
        "/.Countersign/open",
    ] {
        let reply = client.call(get(&session, path, &[])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (404, "not_found".into()),
            "{path}"
        );
    }
    untouched(&scene).await;
}

#[tokio::test]
async fn access_that_was_taken_away_is_refused_at_once_and_logged() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.revoke().await;
    let reply = scene.client().await.call(get(&session, "/late", &[])).await;
    assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    let refused = scene.entries("request.refused").await;
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0]["request"]["path"], "/late");
    assert_eq!(refused[0]["session"], session.id.to_string());

    // Whoever cannot prove to have been in it learns nothing and is nobody's entry.
    let reply = scene
        .client()
        .await
        .call(plain(
            "GET",
            &session.host,
            "/",
            &["Countersign-Session: csi_wrong"],
        ))
        .await;
    assert_eq!((reply.status, reply.code()), (401, "no_session".into()));
    assert_eq!(scene.entries("request.refused").await.len(), 1);
    untouched(&scene).await;
}
