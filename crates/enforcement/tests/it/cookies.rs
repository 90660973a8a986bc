//! What the product says to the browser, and what of it arrives.

use bytes::Bytes;

use crate::{
    product::Reply,
    scene::Scene,
    wire::{get, plain},
};

#[tokio::test]
async fn http_only_cookies_never_reach_the_client_and_go_back_to_the_product() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let other = scene.session().await;
    scene.product.plain(
        "/login",
        &[
            (
                "set-cookie",
                "sid=top-secret; HttpOnly; Secure; Path=/; Domain=127.0.0.1",
            ),
            (
                "set-cookie",
                "theme=dark; Path=/; Domain=product.test; SameSite=Lax",
            ),
            (
                "set-cookie",
                "__Host-countersign-session=forged; Path=/; Secure",
            ),
        ],
    );
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/login", &[])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.all("set-cookie"),
        ["theme=dark; SameSite=Lax; Path=/"]
    );
    assert!(!format!("{reply:?}").contains("top-secret"));

    let sent = "Cookie: theme=light; sid=forged; other=1; __Host-countersign-x=1";
    client.call(get(&session, "/next", &[sent])).await;
    let cookie = scene.product.saw("cookie").unwrap();
    assert_eq!(cookie, "sid=top-secret; theme=light");

    client.call(get(&other, "/next", &[sent])).await;
    assert_eq!(scene.product.saw("cookie"), None, "jars are per session");
}

/// A cookie that another program set for all of `localhost`, in another encoding, spoils nothing.
#[tokio::test]
async fn a_cookie_that_is_no_text_hides_only_itself() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.product.plain(
        "/login",
        &[
            ("set-cookie", "sid=top-secret; HttpOnly; Path=/"),
            ("set-cookie", "theme=dark; Path=/"),
        ],
    );
    let mut client = scene.client().await;
    let reply = client.call(get(&session, "/login", &[])).await;
    assert_eq!(reply.status, 200);
    let head = get(&session, "/next", &[]);
    let head = head.trim_end().as_bytes();
    for cookies in [
        b"\r\nCookie: town=K\xf6ln; theme=light; x=1\r\n\r\n".as_slice(),
        b"\r\nCookie: theme=light; town=K\xf6ln\r\n\r\n",
        b"\r\nCookie: \xff\xfe; theme=light;\xc3=\x28\r\n\r\n",
    ] {
        let reply = client.call([head, cookies].concat()).await;
        assert_eq!(reply.status, 200, "{cookies:?}");
        let cookie = scene.product.saw("cookie").unwrap();
        assert_eq!(cookie, "sid=top-secret; theme=light", "{cookies:?}");
    }

    // Nor does it hide the secret of the session, wherever it stands.
    let plain = format!("GET /next HTTP/1.1\r\nHost: {}\r\n", session.host);
    let twice =
        b"Cookie: a=\xff; __Host-countersign-session=1; b=\xfe; __Host-countersign-session=2";
    let reply = client
        .call([plain.as_bytes(), twice, b"\r\n\r\n"].concat())
        .await;
    assert_eq!(
        (reply.status, reply.code()),
        (400, "ambiguous_request".into())
    );
}

#[tokio::test]
async fn addresses_of_the_product_become_the_sessions() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let product = scene.product.origin();
    let own = format!("http://{}", session.host);
    let location = format!("{product}/b?c#d");
    let link = format!("<{product}/2>; rel=next");
    scene.product.answers(
        "/a",
        Reply::Plain(
            302,
            vec![
                ("location", location.clone()),
                ("content-location", format!("{product}/c")),
                ("refresh", format!("5; url={product}/r")),
                ("link", link),
            ],
            Bytes::new(),
        ),
    );
    let reply = scene.client().await.call(get(&session, "/a", &[])).await;
    assert_eq!(reply.status, 302);
    assert_eq!(reply.header("location").unwrap(), format!("{own}/b?c#d"));
    assert_eq!(
        reply.header("content-location").unwrap(),
        format!("{own}/c")
    );
    assert_eq!(reply.header("refresh").unwrap(), format!("5; url={own}/r"));
    assert_eq!(
        reply.header("link").unwrap(),
        format!("<{own}/2>; rel=next")
    );
}

#[tokio::test]
async fn r17_a_redirect_to_countersign_is_refused() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let other = scene.session().await;
    for (name, to) in [
        ("location", "http://localhost:8080/cases".to_owned()),
        ("location", "http://127.0.0.1:8080/".to_owned()),
        ("location", "\\\\localhost:8080/".to_owned()),
        ("location", format!("http://{}/", other.host)),
        ("location", "http://gw.localhost:8081/".to_owned()),
        ("refresh", "0;url=http://localhost:8080/".to_owned()),
    ] {
        let reply = Reply::Plain(302, vec![(name, to.clone())], Bytes::new());
        scene.product.answers("/to", reply);
        let reply = scene.client().await.call(get(&session, "/to", &[])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (502, "redirect_refused".into()),
            "{to}"
        );
        assert_eq!(reply.header("location"), None);
        let outcome = scene.outcome().await;
        assert_eq!(outcome["status"], 302);
    }
}

#[tokio::test]
async fn what_a_product_may_not_decide_about_the_origin_is_dropped() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let dropped = [
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", "true"),
        ("clear-site-data", "\"*\""),
        ("alt-svc", "h3=\":443\""),
        ("strict-transport-security", "max-age=1"),
        ("service-worker-allowed", "/"),
        ("public-key-pins", "x"),
        ("set-cookie2", "a=b"),
        ("nel", "{}"),
        ("report-to", "{}"),
        ("reporting-endpoints", "a=\"b\""),
        ("countersign-identity", "x"),
    ];
    let mut headers = dropped.to_vec();
    headers.extend([
        ("cache-control", "public, max-age=3600"),
        ("content-security-policy", "default-src 'self'"),
        ("etag", "\"a\""),
    ]);
    scene.product.plain("/a", &headers);
    let reply = scene.client().await.call(get(&session, "/a", &[])).await;
    assert_eq!(reply.status, 200);
    for (name, _) in dropped {
        assert_eq!(reply.header(name), None, "{name}");
    }
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("etag"), Some("\"a\""));
    assert_eq!(reply.header("origin-agent-cluster"), Some("?1"));
    assert_eq!(
        reply.all("content-security-policy"),
        [
            "default-src 'self'",
            "connect-src 'self'; form-action 'self'; frame-ancestors 'self'"
        ]
    );
}

#[tokio::test]
async fn a_browser_that_comes_back_to_an_ended_session_forgets_it() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    scene.revoke().await;
    let cookie = "Cookie: __Host-countersign-session=x; theme=dark";
    let reply = scene
        .client()
        .await
        .call(plain(
            "GET",
            &session.host,
            "/",
            &[cookie, "Accept: text/html"],
        ))
        .await;
    assert_eq!(reply.status, 401);
    assert_eq!(
        reply.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    let expired = reply.all("set-cookie");
    for name in [
        "__Host-countersign-session",
        "__Host-countersign-browser",
        "theme",
    ] {
        let expected = format!("{name}=; Path=/; Max-Age=0; Secure");
        assert!(expired.contains(&expected.as_str()), "{name}: {expired:?}");
    }
    assert!(reply.text().contains("There is no session at this address"));
}
