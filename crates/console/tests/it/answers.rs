//! What every answer carries, and addresses that lead nowhere.

use axum::http::{Method, StatusCode};

use crate::{
    browser::{OWN_FORM, TYPED},
    form::words,
    world::{CASE, World},
};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let headers = [&TYPED[..], &[("accept-encoding", "gzip, br")]].concat();
    for path in [
        "/",
        "/settings/account",
        "/cases",
        "/cases/new",
        "/live",
        "/live/news?seen=old",
        "/history",
        "/settings/rules",
        "/settings/account/news?seen=old",
        "/my-cases/news",
        "/operator",
        "/operator/sign-in",
        "/sign-in",
        "/nothing",
        "/sign-in/nothing",
        "/sessions/nothing/open",
        "/assets/nothing.css",
    ] {
        let answer = dana.send(Method::GET, path, &headers, None).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{path}: {name}");
        }
        assert!(
            policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"),
            "{path}"
        );
        assert!(
            answer.header("permissions-policy").contains("camera=()"),
            "{path}"
        );
        // A page shows what others wrote beside the token of its forms: compressed, its length would
        // tell of the token.
        assert_eq!(answer.header("content-encoding"), "", "{path}");
    }
}

#[tokio::test]
async fn every_file_that_a_page_links_to_is_there() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.page("/sign-in").await;
    let mut found = 0;
    for piece in page.split("\"/assets/").skip(1) {
        let path = format!("/assets/{}", piece.split('"').next().unwrap());
        let answer = browser.go(&path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.header("cache-control").contains("immutable"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        found += 1;
    }
    assert_eq!(found, 4);
}

#[tokio::test]
async fn an_unknown_address_is_a_page_that_says_so() {
    let world = World::new().await;
    for mut browser in [world.browser(), world.signed_in("dana@acme.test").await] {
        let answer = browser.go("/nothing").await;
        answer.refuses(404, "no_page");
        assert!(words(&answer.body).contains("What you can do"));
        let answer = browser
            .send(Method::POST, "/nothing", &OWN_FORM, Some(""))
            .await;
        answer.refuses(404, "no_page");
    }
}

#[tokio::test]
async fn a_wrong_method_is_told_the_right_ones() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let path = format!("/settings/account/cases/{CASE}/grant");
    let answer = dana.go(&path).await;
    answer.refuses(405, "wrong_method");
    assert!(
        answer.header("allow").contains("POST"),
        "{:?}",
        answer.headers
    );
    let answer = dana
        .send(Method::DELETE, "/settings/account", &OWN_FORM, None)
        .await;
    answer.refuses(405, "wrong_method");
}
