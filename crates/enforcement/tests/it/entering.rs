//! A browser enters a session: link, hand-over, cookie (R16).

use countersign_app::{App, hash_secret};

use crate::{
    scene::{Scene, Session},
    wire::{Reply, plain},
};

const COOKIE: &str = "__Host-countersign-session";

fn parameter<'a>(url: &'a str, name: &str) -> &'a str {
    let query = url.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(this, _)| *this == name).unwrap().1
}

/// The value of a cookie just set, with the attributes every cookie of the gateway has.
fn secret(reply: &Reply, name: &str) -> String {
    let cookies = reply.all("set-cookie");
    let prefix = format!("{name}=");
    let cookie = cookies
        .iter()
        .find(|cookie| cookie.starts_with(&prefix))
        .unwrap();
    let (value, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "Path=/; Secure; HttpOnly; SameSite=Lax");
    value.strip_prefix(&prefix).unwrap().to_owned()
}

pub(crate) async fn visit(scene: &Scene, session: &Session, target: &str, lines: &[&str]) -> Reply {
    let mut client = scene.client().await;
    client
        .call(plain("GET", &session.host, target, lines))
        .await
}

/// As far as the hand-over; answers its target and the browser's cookie.
async fn handed_over(scene: &Scene, session: &Session) -> (String, String) {
    let target = session.url.split_once(&session.host).unwrap().1;
    let reply = visit(scene, session, target, &["Accept: text/html"]).await;
    assert_eq!(reply.status, 303, "{reply:?}");
    let browser = secret(&reply, "__Host-countersign-browser");
    let location = reply.header("location").unwrap();
    let expected = format!("http://localhost:8080/sessions/{}/open?", session.id);
    assert!(location.starts_with(&expected), "{location}");
    let hash = hash_secret(&browser);
    assert_eq!(parameter(location, "browser"), App::hash_for_address(hash));
    assert_eq!(parameter(location, "code"), parameter(target, "code"));

    // What the console does for the signed-in agent.
    let code = parameter(location, "code");
    let url = scene
        .app
        .open_link(scene.sam, session.id, code, hash)
        .await
        .unwrap();
    let target = url.split_once(&session.host).unwrap().1.to_owned();
    (
        target,
        format!("Cookie: __Host-countersign-browser={browser}"),
    )
}

/// All the way in; answers the browser's cookie as a header line.
pub(crate) async fn entered(scene: &Scene, session: &Session) -> String {
    let (target, browser) = handed_over(scene, session).await;
    let reply = visit(scene, session, &target, &[&browser]).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, Some("/")),
        "{reply:?}"
    );
    let gone = "__Host-countersign-browser=; Path=/; Max-Age=0; Secure";
    assert!(reply.all("set-cookie").contains(&gone));
    format!("Cookie: {COOKIE}={}", secret(&reply, COOKIE))
}

/// The same after the console has told the language that the agent has chosen.
pub(crate) async fn entered_speaking(scene: &Scene, session: &Session, code: &str) -> String {
    let (target, browser) = handed_over(scene, session).await;
    let target = format!("{target}&language={code}");
    let reply = visit(scene, session, &target, &[&browser]).await;
    assert_eq!(reply.status, 303, "{reply:?}");
    let names = [COOKIE, "__Host-countersign-language"];
    let set = reply.all("set-cookie");
    let kept = names.into_iter().filter(|name| {
        let prefix = format!("{name}=");
        set.iter().any(|cookie| cookie.starts_with(&prefix))
    });
    let pairs: Vec<String> = kept
        .map(|name| format!("{name}={}", secret(&reply, name)))
        .collect();
    format!("Cookie: {}", pairs.join("; "))
}

/// Cookies are sent to every port of a host, so a stranger's may stand beside ours.
#[tokio::test]
async fn a_cookie_that_is_no_text_keeps_nobody_out() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let beside = |cookie: &str| {
        let pair = cookie.strip_prefix("Cookie: ").unwrap().as_bytes();
        [b"Cookie: town=K\xf6ln; ".as_slice(), pair, b"; \xff=1"].concat()
    };
    let ask = async |target: &str, cookie: Vec<u8>| {
        let head = format!("GET {target} HTTP/1.1\r\nHost: {}\r\n", session.host);
        let request = [head.as_bytes(), &cookie, b"\r\n\r\n"].concat();
        scene.client().await.call(request).await
    };
    let (target, browser) = handed_over(&scene, &session).await;
    let reply = ask(&target, beside(&browser)).await;
    assert_eq!((reply.status, reply.header("location")), (303, Some("/")));
    let cookie = format!("Cookie: {COOKIE}={}", secret(&reply, COOKIE));
    let reply = ask("/", beside(&cookie)).await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));
    assert_eq!(scene.product.saw("cookie"), None);
}

#[tokio::test]
async fn a_browser_enters_and_reads() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    assert_eq!(
        scene.product.accepted(),
        0,
        "entering is no request to the product"
    );
    let reply = visit(&scene, &session, "/", &[&cookie]).await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));
    assert_eq!(scene.product.saw("cookie"), None);
    assert_eq!(
        scene.product.saw("x-remote-user").unwrap(),
        "dana@acme.test"
    );

    let token = format!("Countersign-Session: {}", session.token);
    assert_eq!(
        visit(&scene, &session, "/", &[&cookie, &token])
            .await
            .status,
        200
    );
    let other = scene.session().await;
    let wrong = format!("Countersign-Session: {}", other.token);
    assert_eq!(
        visit(&scene, &session, "/", &[&cookie, &wrong])
            .await
            .status,
        401
    );
    assert_eq!(visit(&scene, &other, "/", &[&cookie]).await.status, 401);
}

#[tokio::test]
async fn r16_only_the_browser_that_opened_the_link_enters_and_only_once() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let (target, browser) = handed_over(&scene, &session).await;
    let without = visit(&scene, &session, &target, &[]).await;
    assert_eq!(
        (without.status, without.code()),
        (403, "other_browser".into())
    );
    let other = "Cookie: __Host-countersign-browser=csb_other";
    assert_eq!(visit(&scene, &session, &target, &[other]).await.status, 403);
    let twice = format!("{browser}; __Host-countersign-browser=x");
    assert_eq!(
        visit(&scene, &session, &target, &[&twice]).await.status,
        400
    );
    let wrong = "/.countersign/enter?handover=csh_wrong";
    assert_eq!(
        visit(&scene, &session, wrong, &[&browser]).await.status,
        403
    );

    assert_eq!(
        visit(&scene, &session, &target, &[&browser]).await.status,
        303
    );
    assert_eq!(
        visit(&scene, &session, &target, &[&browser]).await.status,
        403
    );
    assert_eq!(scene.product.accepted(), 0);
}

#[tokio::test]
async fn links_that_are_damaged_or_of_another_session_lead_nowhere() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let other = scene.session().await;
    let cross = format!("/.countersign/open?session={}&code=x", other.id);
    let twice = format!("/.countersign/open?session={}&code=x&code=y", session.id);
    let smuggle = format!(
        "/.countersign/open?session={}&code=x%26browser=y",
        session.id
    );
    for (target, status) in [
        (cross.as_str(), 401),
        (&twice, 400),
        (&smuggle, 400),
        ("/.countersign/open", 400),
        ("/.countersign/open?session=x&code=y", 400),
        ("/.countersign/enter", 400),
    ] {
        let reply = visit(&scene, &session, target, &[]).await;
        assert_eq!(reply.status, status, "{target}");
        assert!(reply.all("set-cookie").is_empty());
    }
}

#[tokio::test]
async fn another_pages_requests_are_refused_and_logged() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let navigate = [
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Mode: navigate",
        "Sec-Fetch-Dest: document",
    ];
    let refused: [&[&str]; 4] = [
        &["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"],
        &["Sec-Fetch-Site: same-site", "Sec-Fetch-Mode: cors"],
        &[
            "Sec-Fetch-Site: same-site",
            "Sec-Fetch-Mode: navigate",
            "Sec-Fetch-Dest: iframe",
        ],
        &["Origin: http://evil.test"],
    ];
    for lines in refused {
        let lines = [&[cookie.as_str()], lines].concat();
        let reply = visit(&scene, &session, "/", &lines).await;
        assert_eq!(
            (reply.status, reply.code()),
            (403, "cross_origin".into()),
            "{lines:?}"
        );
    }
    assert_eq!(scene.product.accepted(), 0);
    assert_eq!(scene.entries("request.refused").await.len(), refused.len());
    let lines = [&[cookie.as_str()], navigate.as_slice()].concat();
    assert_eq!(visit(&scene, &session, "/", &lines).await.status, 200);
}
