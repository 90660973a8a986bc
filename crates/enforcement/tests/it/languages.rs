//! The gateway's own pages and the banner in the agent's language.

use bytes::Bytes;
use serde_json::Value;

use crate::{
    entering::{entered, entered_speaking, visit},
    product::Reply,
    scene::Scene,
};

const DOCUMENT: [&str; 2] = ["Accept: text/html", "Sec-Fetch-Dest: document"];
const GERMAN: &str = "Accept-Language: de-CH, en;q=0.5";

#[tokio::test]
async fn pages_are_in_the_language_the_browser_asks_for_and_problems_in_english() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let page = visit(&scene, &session, "/", &["Accept: text/html", GERMAN]).await;
    assert_eq!(page.status, 401);
    assert_eq!(page.header("content-language"), Some("de"));
    assert!(page.header("vary").unwrap().contains("Accept-Language"));
    let html = page.text();
    assert!(html.contains("<html lang=\"de\" dir=\"ltr\">"), "{html}");
    assert!(
        html.contains("<h1>Diese Sitzung ist hier nicht geöffnet</h1>"),
        "{html}"
    );
    assert!(html.contains("<h2>Was Sie tun können</h2>"), "{html}");

    let problem = visit(&scene, &session, "/", &["Accept: */*", GERMAN]).await;
    assert_eq!(problem.header("content-language"), Some("en"));
    let problem: Value = serde_json::from_slice(&problem.body).unwrap();
    assert_eq!(problem["title"], "This session is not open here");
}

#[tokio::test]
async fn a_technical_reason_stays_english_and_says_so() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookie = entered(&scene, &session).await;
    let page = visit(
        &scene,
        &session,
        "/a%2fb",
        &[&cookie, "Accept: text/html", GERMAN],
    )
    .await;
    assert_eq!(page.status, 400);
    let html = page.text();
    assert!(html.contains("Die Anfrage ist mehrdeutig"), "{html}");
    assert!(
        html.contains("(technischer Grund: <span lang=\"en\">"),
        "{html}"
    );
}

#[tokio::test]
async fn a_choice_that_comes_along_is_kept_here_and_goes_before_the_browser() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookies = entered_speaking(&scene, &session, "fr").await;
    let lines = [&[cookies.as_str(), GERMAN], DOCUMENT.as_slice()].concat();
    let html = visit(&scene, &session, "/.countersign/session", &lines)
        .await
        .text();
    assert!(html.contains("<h1>Votre session de support</h1>"), "{html}");
    assert!(html.contains("encore 8 h"), "{html}");

    let html = [("content-type", "text/html".to_owned())];
    let body = Bytes::from_static(b"<!doctype html><body><p>hello</p></body>");
    let reply = Reply::Plain(200, html.into(), body);
    scene.product.answers("/page", reply);
    let html = visit(&scene, &session, "/page", &lines).await.text();
    assert!(
        html.contains("<dialog open lang=\"fr\" dir=\"ltr\""),
        "{html}"
    );
    assert!(html.contains("/.countersign/banner.fr.js?v="), "{html}");
    assert_eq!(scene.product.saw("cookie"), None);

    scene.revoke().await;
    let status = visit(&scene, &session, "/.countersign/status", &lines).await;
    let status: Value = serde_json::from_slice(&status.body).unwrap();
    assert_eq!(status["over"]["reason"], "revoked");
    assert_eq!(status["over"]["title"], "Le client a retiré l’accès");
}

#[tokio::test]
async fn what_is_no_language_is_no_choice() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let cookies = entered_speaking(&scene, &session, "xx").await;
    assert!(!cookies.contains("language"), "{cookies}");
    for cookie in [
        "Cookie: __Host-countersign-language=xx",
        "Cookie: __Host-countersign-language=fr; __Host-countersign-language=de",
        "Cookie: countersign-language=fr",
    ] {
        let page = visit(&scene, &session, "/", &[cookie, "Accept: text/html"]).await;
        assert_eq!(page.header("content-language"), Some("en"), "{cookie}");
    }
}
