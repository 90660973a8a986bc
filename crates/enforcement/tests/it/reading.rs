//! What a read that passes looks like on either side.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use serde_json::json;

use crate::{
    product::Reply,
    scene::{Scene, log_of},
    wire::{ask, get},
};

#[tokio::test]
async fn a_read_passes_with_the_identity_and_the_headers_of_the_gateway() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut client = scene.client().await;
    let reply = client
        .call(get(
            &session,
            "/invoices?month=5&x=%20",
            &[
                "Accept-Encoding: br",
                "Range: bytes=0-",
                "If-None-Match: \"a\"",
            ],
        ))
        .await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));

    let (line, headers) = scene.product.last();
    assert_eq!(line, "GET /invoices?month=5&x=%20");
    let label_host = session.host.as_str();
    let product = scene.product.authority();
    for (name, value) in [
        ("host", product.as_str()),
        ("x-forwarded-host", label_host),
        ("x-forwarded-proto", "http"),
        ("x-forwarded-for", "127.0.0.1"),
        ("x-remote-user", "dana@acme.test"),
        ("x-org", "acme"),
        ("accept-encoding", "br"),
        ("range", "bytes=0-"),
        ("if-none-match", "\"a\""),
    ] {
        assert_eq!(scene.product.saw(name).as_deref(), Some(value), "{name}");
    }
    assert!(headers.get("countersign-session").is_none());
    assert_eq!(headers.len(), 12, "{headers:?}");
    let log = scene.log().await;
    let entry = log.iter().position(|entry| entry["type"] == "request");
    let named = scene.product.saw("countersign-request");
    assert_eq!(named, entry.map(|index| index.to_string()));

    let token = scene.product.saw("countersign-identity").unwrap();
    let mut claims: serde_json::Value = serde_json::from_str(&token).unwrap();
    let jti = claims["jti"].take();
    assert_eq!(jti.as_str().unwrap().len(), 32);
    // The lease of 30 s is the shortest of the three limits; whole seconds, rounded down.
    let exp = claims["exp"].take().as_i64().unwrap();
    assert!((1_800_000_020..=1_800_000_030).contains(&exp), "{exp}");
    assert_eq!(
        claims,
        json!({
            "iss": "http://localhost:8080",
            "aud": scene.product.origin(),
            "sub": "dana@acme.test",
            "act": {"sub": "sam@vendor.test"},
            "org": "acme",
            "case": "00012345",
            "sid": session.id.to_string(),
            "scope": "read",
            "iat": 1_800_000_000,
            "exp": null,
            "jti": null,
        })
    );
    let outcome = scene.outcome().await;
    assert_eq!(outcome["ending"], "complete");
    assert_eq!(
        (&outcome["status"], &outcome["bytes"]),
        (&json!(200), &json!(5))
    );
}

#[tokio::test]
async fn a_token_is_signed_once_for_each_expiry_and_session() {
    let scene = Scene::new().await;
    let sessions = [scene.session().await, scene.session().await];
    let mut client = scene.client().await;
    let mut tokens = std::collections::BTreeMap::new();
    for session in sessions.iter().cycle().take(12) {
        let reply = client.call(get(session, "/", &[])).await;
        assert_eq!(reply.status, 200);
        let token = scene.product.saw("countersign-identity").unwrap();
        let claims: serde_json::Value = serde_json::from_str(&token).unwrap();
        assert_eq!(claims["sid"], session.id.to_string());
        let exp = claims["exp"].as_i64().unwrap();
        tokens
            .entry((exp, session.id))
            .or_insert_with(Vec::new)
            .push(token);
    }
    // The expiry falls back while the test's clock stands still and the lease runs: what is signed
    // for the latest one is kept.
    let latest = tokens.keys().map(|(exp, _)| *exp).max().unwrap();
    for ((exp, _), same) in &tokens {
        assert!(*exp < latest || same.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[tokio::test]
async fn a5_the_entry_is_durable_before_the_product_sees_the_request() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let found = Arc::new(AtomicUsize::new(0));
    let (store, org, count) = (scene.store.clone(), scene.org, found.clone());
    scene.product.on_hit(move || {
        let (store, count) = (store.clone(), count.clone());
        async move {
            let log = log_of(store.as_ref(), org).await;
            let last = log.last().unwrap();
            let durable = last["type"] == "request"
                && last["request"] == json!({"method": "GET", "page": true, "path": "/a?b=c"})
                && last["actor"]["email"] == "sam@vendor.test"
                && last["actor"]["subject"] == "dana@acme.test";
            count.fetch_add(usize::from(durable), Ordering::SeqCst);
        }
    });
    let reply = scene
        .client()
        .await
        .call(get(&session, "/a?b=c", &[]))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(found.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_a_client_says_about_itself_is_not_believed() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let mut client = scene.client().await;
    for line in [
        "X-Remote-User: evil@x.test",
        "x-remote-user: evil@x.test",
        "X-REMOTE-USER: evil@x.test\r\nX-Remote-User: evil2@x.test",
        "X-Org: evil",
        "Remote-User: evil",
        "X-Auth-Request-User: evil",
        "X-Goog-Authenticated-User-Email: evil",
        "SSL-Client-Cert: evil",
        "SSLClientCert: evil",
        "X-ARR-ClientCert: evil",
        "Sudo: evil",
        "X-Impersonate-User: evil",
        "Private-Token: evil",
        "X-Authorization: Bearer evil",
        "X-Scope-OrgID: evil",
        "Forwarded: for=evil;host=evil",
        "X-Forwarded-For: 6.6.6.6",
        "X-Forwarded-Host: evil",
        "X-Forwarded-Proto: evil",
        "X-Forwarded-Prefix: /evil",
        "X-Real-IP: 6.6.6.6",
        "X-Original-URL: /evil",
        "X-Rewrite-URL: /evil",
        "Authorization: Bearer evil",
        "Proxy-Authorization: Basic evil",
        "Countersign-Identity: evil",
        "Countersign-Anything: evil",
        "Cookie: evil=1",
        "Origin: http://evil.test",
        "Referer: http://evil.test/evil",
    ] {
        let reply = client.call(get(&session, "/", &[line])).await;
        assert_eq!(reply.status, 200, "{line}");
        let (_, headers) = scene.product.last();
        assert!(
            headers
                .values()
                .all(|v| !v.to_str().unwrap().contains("evil") && v != "6.6.6.6"),
            "{line}: {headers:?}"
        );
        assert_eq!(
            scene.product.saw("x-remote-user").unwrap(),
            "dana@acme.test"
        );
        assert_eq!(scene.product.saw("x-org").unwrap(), "acme");
    }
    let before = scene.product.requests();
    for line in [
        "X_Remote_User: evil",
        "x_org: evil",
        "Countersign_Identity: evil",
    ] {
        let reply = scene.client().await.call(get(&session, "/", &[line])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (400, "ambiguous_request".into())
        );
    }
    assert_eq!(scene.product.requests(), before);
}

#[tokio::test]
async fn the_sessions_own_origin_and_referer_become_the_products() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let origin = format!("Origin: http://{}", session.host);
    let referer = format!("Referer: http://{}/a?b", session.host);
    let reply = scene
        .client()
        .await
        .call(get(&session, "/", &[&origin, &referer]))
        .await;
    assert_eq!(reply.status, 200);
    let product = scene.product.origin();
    assert_eq!(scene.product.saw("origin").unwrap(), product);
    assert_eq!(
        scene.product.saw("referer").unwrap(),
        format!("{product}/a?b")
    );
}

#[tokio::test]
async fn hop_by_hop_headers_stay_on_their_hop() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.plain(
        "/hop",
        &[
            ("connection", "x-secret-hop"),
            ("x-secret-hop", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-authenticate", "Basic"),
            ("x-kept", "1"),
        ],
    );
    let lines = [
        "Connection: keep-alive, X-Mine",
        "X-Mine: 1",
        "Keep-Alive: 5",
        "Proxy-Connection: keep-alive",
        "X-Kept: 1",
        "Expect: 100-continue",
    ];
    let reply = scene
        .client()
        .await
        .call(get(&session, "/hop", &lines))
        .await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("x-kept"), Some("1"));
    for name in [
        "connection",
        "x-secret-hop",
        "keep-alive",
        "proxy-authenticate",
    ] {
        assert_eq!(reply.header(name), None, "{name}");
    }
    let (_, headers) = scene.product.last();
    assert_eq!(scene.product.saw("x-kept").as_deref(), Some("1"));
    for name in [
        "connection",
        "x-mine",
        "keep-alive",
        "proxy-connection",
        "expect",
    ] {
        assert!(!headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn connections_head_requests_and_trailers_are_carried() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.answers("/trailers", Reply::Trailers);
    let mut client = scene.client().await;
    for _ in 0..3 {
        assert_eq!(client.call(get(&session, "/", &[])).await.status, 200);
    }
    let head = client.call(ask("HEAD", &session, "/", &[])).await;
    assert_eq!(
        (head.status, head.header("content-length")),
        (200, Some("5"))
    );
    assert_eq!(
        scene.product.accepted(),
        1,
        "an idle connection is used again"
    );

    let request = get(&session, "/trailers", &["TE: trailers", "Connection: te"]);
    let reply = client.call(request).await;
    assert_eq!((reply.status, reply.text()), (200, "body".into()));
    assert_eq!(reply.trailers.to_lowercase(), "x-sum: 42\r\n");
    assert_eq!(scene.product.saw("te").as_deref(), Some("trailers"));
    assert_eq!(scene.outcome().await["ending"], "complete");
}
