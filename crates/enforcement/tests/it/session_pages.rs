//! What a browser asks the gateway itself: what the session is, whether it runs, and that it end.

use serde_json::Value;

use crate::{
    entering::{entered, visit},
    scene::{START, Scene, Session, eventually},
    stopping::heard_nothing,
    wire::{Client, Reply, plain},
};

const STATUS: &str = "/.countersign/status";

async fn end(scene: &Scene, session: &Session, lines: &[&str]) -> Reply {
    let request = plain("POST", &session.host, "/.countersign/end", lines);
    scene.client().await.call(request).await
}

async fn status(scene: &Scene, session: &Session, cookie: &str) -> Value {
    let reply = visit(scene, session, STATUS, &[cookie]).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    serde_json::from_slice(&reply.body).unwrap()
}

#[tokio::test]
async fn the_status_is_for_the_browser_inside_and_is_no_activity() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    for lines in [
        vec![],
        vec!["Cookie: __Host-countersign-session=csc_wrong".to_owned()],
        vec![format!("Countersign-Session: {}", session.token)],
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        for path in [STATUS, "/.countersign/session"] {
            let reply = visit(&scene, &session, path, &lines).await;
            assert_eq!((reply.status, reply.code()), (401, "not_in_session".into()));
        }
    }
    let cookie = entered(&scene, &session).await;
    let now = status(&scene, &session, &cookie).await;
    assert_eq!(now["over"], Value::Null);
    assert_eq!(now["now"], "2027-01-15T08:00:00Z");
    assert_eq!(now["ends_at"], "2027-01-15T16:00:00Z");
    assert_eq!(now["idle_ends_at"], "2027-01-15T08:30:00Z");

    scene.set_time(1_800_000_000_500 + 29 * 60_000);
    let later = status(&scene, &session, &cookie).await;
    assert_eq!(
        later["idle_ends_at"], now["idle_ends_at"],
        "asking is no activity"
    );
    assert_eq!(scene.product.accepted(), 0);
    assert_eq!(scene.entries("request").await.len(), 0);
    assert_eq!(scene.entries("request.refused").await.len(), 0);

    scene.set_time(1_800_000_000_500 + 30 * 60_000);
    let over = status(&scene, &session, &cookie).await;
    assert_eq!(over["over"]["reason"], "idle");
}

#[tokio::test]
async fn when_access_is_over_the_status_says_why_and_the_browser_forgets() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    scene.revoke().await;
    let line = format!("{cookie}; theme=dark");
    let reply = visit(&scene, &session, STATUS, &[&line]).await;
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["over"]["reason"], "revoked");
    assert_eq!(
        body["over"]["case_url"],
        "http://localhost:8080/cases/00012345"
    );
    assert_eq!(
        reply.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    let expired = reply.all("set-cookie").join("\n");
    assert!(
        expired.contains("theme=; Path=/.countersign/;"),
        "{expired}"
    );
    assert!(
        !expired.contains("__Host-countersign-session="),
        "{expired}"
    );

    // With the cookie, the next page is told why, and a problem has the reason too.
    let html = ["Accept: text/html", "Sec-Fetch-Dest: document"];
    let page = visit(
        &scene,
        &session,
        "/",
        &[&[cookie.as_str()], html.as_slice()].concat(),
    )
    .await;
    assert_eq!(page.status, 401);
    let text = page.text();
    assert!(
        text.contains("The customer has taken access back"),
        "{text}"
    );
    assert!(text.contains("href=\"http://localhost:8080/cases/00012345\""));
    assert!(
        page.all("set-cookie")
            .join("")
            .contains("__Host-countersign-session=;")
    );
    let fetched = visit(&scene, &session, "/", &[&cookie, "Sec-Fetch-Dest: empty"]).await;
    assert_eq!(fetched.code(), "session_over");
    let problem: Value = serde_json::from_slice(&fetched.body).unwrap();
    assert_eq!(problem["reason"], "revoked");
    assert!(
        !fetched
            .all("set-cookie")
            .join("")
            .contains("__Host-countersign-session=;")
    );
}

#[tokio::test]
async fn the_session_page_says_what_it_is() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let reply = visit(&scene, &session, "/.countersign/session", &[&cookie]).await;
    assert_eq!(reply.status, 200);
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("form-action 'self'"));
    let text = reply.text();
    for expected in [
        "Acme Inc",
        "00012345",
        "dana@acme.test",
        "sam@vendor.test",
        "15 Jan 2027",
    ] {
        assert!(text.contains(expected), "{expected}");
    }
    let again = visit(&scene, &session, "/.countersign/end", &[&cookie]).await;
    assert_eq!(
        (again.status, again.header("location")),
        (303, Some("/.countersign/session"))
    );
    assert_eq!(scene.entries("request").await.len(), 0);
}

#[tokio::test]
async fn r16_the_agent_ends_the_session_by_a_form_of_its_own_pages() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let own = format!("Origin: http://{}", session.host);
    let refused: [&[&str]; 6] = [
        &[&cookie],
        &[&cookie, "Sec-Fetch-Site: cross-site"],
        &[&cookie, "Sec-Fetch-Site: same-site", &own],
        &[&cookie, "Sec-Fetch-Site: none"],
        &[&cookie, "Origin: null"],
        &[
            &cookie,
            "Origin: http://evil.test",
            "Sec-Fetch-Site: same-origin",
        ],
    ];
    for lines in refused {
        let reply = end(&scene, &session, lines).await;
        assert_eq!(
            (reply.status, reply.code()),
            (403, "cross_origin".into()),
            "{lines:?}"
        );
    }
    let stranger = end(&scene, &session, &[&own]).await;
    assert_eq!(stranger.status, 401);
    assert!(scene.node.may_flow(session.id));

    // A page with `Referrer-Policy: no-referrer` makes the browser say `Origin: null`.
    let line = format!("{cookie}; theme=dark");
    let reply = end(
        &scene,
        &session,
        &[&line, "Sec-Fetch-Site: same-origin", "Origin: null"],
    )
    .await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(!scene.node.may_flow(session.id), "ended before it is said");
    let text = reply.text();
    assert!(text.contains("<h1>Session ended</h1>"));
    assert!(text.contains("href=\"http://localhost:8080/cases/00012345\""));
    assert_eq!(
        reply.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    let expired = reply.all("set-cookie").join("\n");
    assert!(expired.contains("__Host-countersign-session=; Path=/; Max-Age=0"));
    assert!(expired.contains("theme=; Path=/; Max-Age=0"));
    let ended = scene.entries("session.ended").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["session"], session.id.to_string());

    // Sent twice, it is answered twice.
    let again = end(&scene, &session, &[&cookie, &own]).await;
    assert_eq!(again.status, 200);
    assert_eq!(scene.entries("session.ended").await.len(), 1);
    let refusal = visit(&scene, &session, "/", &[&cookie, "Accept: text/html"]).await;
    assert!(refusal.text().contains("You have ended this session"));
}

#[tokio::test]
async fn an_end_that_cannot_be_seen_is_not_said() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let own = format!("Origin: http://{}", session.host);
    scene.store.set_unreachable(true);
    let reply = end(&scene, &session, &[&cookie, &own]).await;
    assert_eq!((reply.status, reply.code()), (503, "end_unknown".into()));
    assert!(reply.all("set-cookie").is_empty());
    scene.store.set_unreachable(false);
    assert_eq!(end(&scene, &session, &[&cookie, &own]).await.status, 200);
}

#[tokio::test]
async fn a_doubtful_gateway_says_neither_that_it_runs_nor_that_it_is_over() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    scene.node.stop().await;
    for path in [STATUS, "/.countersign/session"] {
        let reply = visit(&scene, &session, path, &[&cookie]).await;
        assert_eq!((reply.status, reply.code()), (503, "cannot_be_sure".into()));
    }
    let own = format!("Origin: http://{}", session.host);
    assert_eq!(end(&scene, &session, &[&cookie, &own]).await.status, 503);
}

#[tokio::test]
async fn refusals_lead_back_to_the_case_only_whoever_is_inside() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let post = |lines: &[&str]| plain("POST", &session.host, "/a", lines);
    let mut client = scene.client().await;
    let own = [cookie.as_str(), "Accept: text/html"];
    let inside = client.call(post(&own)).await;
    assert!(
        inside
            .text()
            .contains("href=\"http://localhost:8080/cases/00012345\"")
    );
    let outside = client.call(post(&["Accept: text/html"])).await;
    assert_eq!(outside.status, 401);
    assert!(!outside.text().contains("00012345"));
    // A frame of the product's shows it too.
    let policy = inside.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
    // On HEAD, the head is the same.
    let head = plain("HEAD", &session.host, "/.countersign/nothing", &own);
    let head = client.call(head).await;
    assert_eq!(
        (head.status, head.header("content-type")),
        (404, Some("text/html; charset=utf-8"))
    );
    let get = visit(
        &scene,
        &session,
        "/.countersign/nothing",
        &[&cookie, "Accept: */*"],
    )
    .await;
    assert_eq!(get.code(), "not_found");
}

/// Two pages of a session ask to be told of its end, and one may wait: answers the other's refusal and the
/// connection of the one that waits.
async fn one_waits(scene: &Scene, session: &Session, cookie: &str) -> (Reply, Client) {
    let (mut one, mut two) = (scene.client().await, scene.client().await);
    let asked = plain("GET", &session.host, "/.countersign/over", &[cookie]);
    tokio::select! {
        refused = one.call(&asked) => (refused, two),
        refused = two.call(&asked) => (refused, one),
    }
}

#[tokio::test]
async fn a_page_that_waits_is_told_of_the_end_at_once() {
    let scene = Scene::with(|config| config.waits_per_session = 1).await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    scene.set_time(START + 29 * 60_000);
    let (refused, mut waiting) = one_waits(&scene, &session, &cookie).await;
    assert_eq!(
        (refused.status, refused.code()),
        (429, "too_many_requests".into())
    );
    assert!(heard_nothing(&waiting));
    // Another session has places of its own, and its end is nobody else's.
    let other = scene.session().await;
    let theirs = entered(&scene, &other).await;
    let (refused, mut other_waiting) = one_waits(&scene, &other, &theirs).await;
    assert_eq!(refused.status, 429);
    scene
        .app
        .end_session(scene.sam, other.id)
        .await
        .expect("an end");
    let reply = other_waiting.reply(false).await.expect("an answer");
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["over"]["reason"], "ended");
    assert!(heard_nothing(&waiting));

    let ends = status(&scene, &session, &cookie).await;
    assert_eq!(
        ends["idle_ends_at"], "2027-01-15T08:30:00Z",
        "waiting is no activity"
    );
    scene.revoke().await;
    let reply = waiting.reply(false).await.expect("an answer");
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["over"]["reason"], "revoked");
    assert_eq!(
        reply.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    // And whoever asks from now on does not wait; no place was left taken.
    let late = visit(&scene, &session, "/.countersign/over", &[&cookie]).await;
    assert_eq!(late.status, 200);
    assert_eq!(scene.product.accepted(), 0);
    for kind in ["request", "request.refused"] {
        assert_eq!(scene.entries(kind).await.len(), 0, "{kind}");
    }
    let stranger = visit(&scene, &session, "/.countersign/over", &[]).await;
    assert_eq!(stranger.status, 401);
}

#[tokio::test]
async fn whoever_waits_holds_up_no_stop() {
    let scene = Scene::with(|config| {
        config.waits_per_session = 1;
        config.drain = std::time::Duration::from_mins(10);
    })
    .await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let (_, mut waiting) = one_waits(&scene, &session, &cookie).await;
    scene.stop();
    let reply = waiting.reply(false).await.expect("an answer");
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!((reply.status, &body["over"]), (200, &Value::Null));
    eventually("the gateway to stop", async || scene.is_over()).await;
}
