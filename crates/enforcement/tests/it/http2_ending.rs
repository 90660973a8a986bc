//! Ending a session from its banner over HTTP/2, where the connection ends with the session.

use countersign_app::hash_secret;
use http::{HeaderValue, Request, header};
use tokio::time::timeout;

use crate::{
    scene::{Scene, Session, eventually},
    tls::{Ca, PATIENCE, asks},
    wire::Reply,
};

/// What comes behind `name=` in an address.
fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let (_, behind) = url.split_once(&format!("{name}=")).unwrap();
    behind.split('&').next().unwrap()
}

/// The session's cookie, as the browser that has opened its link holds it.
async fn entered(scene: &Scene, session: &Session) -> String {
    let browser = "csb_this-browser";
    let code = parameter(&session.url, "code");
    let opened = scene
        .app
        .open_link(scene.sam, session.id, code, hash_secret(browser));
    let url = opened.await.unwrap();
    let handover = parameter(&url, "handover");
    let cookie = scene.app.enter_session(session.id, handover, browser).await;
    let cookie = cookie.unwrap();
    let hash = hash_secret(cookie.expose());
    eventually("the gateway to know the cookie", async || {
        let live = scene.node.session(session.id);
        live.is_some_and(|live| live.cookie() == Some(hash))
    })
    .await;
    format!("__Host-countersign-session={}", cookie.expose())
}

fn from_its_page(method: &str, session: &Session, path: &str, cookie: &str) -> Request<()> {
    let mut request = asks(method, session, path);
    let headers = request.headers_mut();
    headers.remove("countersign-session");
    headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
    let same = HeaderValue::from_static("same-origin");
    headers.insert("sec-fetch-site", same);
    request
}

/// Asks, and asks again on a connection of its own when the first is cut, as browsers do with a GET.
async fn follows(ca: &Ca, scene: &Scene, session: &Session, to: &str, cookie: &str) -> Reply {
    for _ in 0..2 {
        let client = ca.http2(scene, session).await;
        let request = from_its_page("GET", session, to, cookie);
        if let Ok(reply) = client.call(request).await {
            return reply;
        }
    }
    panic!("cut twice")
}

#[tokio::test]
async fn r16_ending_over_http2_is_answered_and_cuts_the_connection() {
    let ca = Ca::new();
    let scene = Scene::with(|config| config.tls = Some(ca.gateway())).await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let mut client = ca.http2(&scene, &session).await;
    let read = from_its_page("GET", &session, "/", &cookie);
    assert_eq!(client.call(read).await.unwrap().status, 200);

    // The form is answered on the connection that carries the session's pages.
    let form = from_its_page("POST", &session, "/.countersign/end", &cookie);
    let reply = client.call(form).await.unwrap();
    assert_eq!(reply.status, 303, "{reply:?}");
    let to = reply.header("location").unwrap().to_owned();
    assert!(to.starts_with("/.countersign/end?ending="), "{to}");
    assert!(scene.node.may_flow(session.id), "not ended by the form yet");

    let reply = follows(&ca, &scene, &session, &to, &cookie).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(!scene.node.may_flow(session.id), "ended before it is said");
    let text = reply.text();
    assert!(text.contains("<h1>Session ended</h1>"), "{text}");
    assert!(text.contains("href=\"http://localhost:8080/cases/00012345\""));
    assert_eq!(
        reply.header("clear-site-data"),
        Some("\"cache\", \"storage\"")
    );
    let ended = scene.entries("session.ended").await;
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["session"], session.id.to_string());
    // The connection that held the session's bytes is gone.
    let cut = timeout(PATIENCE, &mut client.driving).await.unwrap();
    assert!(cut.unwrap().is_err());
    assert_eq!(scene.product.requests(), 1);
}

#[tokio::test]
async fn r16_nobody_else_takes_the_second_step() {
    let ca = Ca::new();
    let scene = Scene::with(|config| config.tls = Some(ca.gateway())).await;
    let (session, other) = (scene.session().await, scene.session().await);
    let cookie = entered(&scene, &session).await;
    let others = entered(&scene, &other).await;
    let client = ca.http2(&scene, &other).await;
    let form = from_its_page("POST", &other, "/.countersign/end", &others);
    let reply = client.call(form).await.unwrap();
    let another = reply.header("location").unwrap().to_owned();
    let client = ca.http2(&scene, &session).await;
    for (to, cookie, status) in [
        ("/.countersign/end?ending=x", cookie.as_str(), 403),
        (another.as_str(), &cookie, 403),
        (another.as_str(), &others, 401),
        (another.as_str(), "a=b", 401),
    ] {
        let request = from_its_page("GET", &session, to, cookie);
        let reply = client.call(request).await.unwrap();
        assert_eq!(reply.status, status, "{to} with {cookie}");
    }
    // From another site, the form itself is refused.
    let mut form = from_its_page("POST", &session, "/.countersign/end", &cookie);
    let cross = HeaderValue::from_static("cross-site");
    form.headers_mut().insert("sec-fetch-site", cross);
    assert_eq!(client.call(form).await.unwrap().status, 403);
    assert!(scene.node.may_flow(session.id) && scene.node.may_flow(other.id));
}
