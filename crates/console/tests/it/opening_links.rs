//! The one-time link into a session, as the gateway sends a browser by with it (R16).

use axum::http::{Method, StatusCode};
use countersign_app::App;
use countersign_domain::{Duration, SecretHash};

use crate::{
    form::words,
    world::{CASE, World},
};

/// What a browser says when the session's origin sends it here.
const BY_REDIRECT: [(&str, &str); 3] = [
    ("sec-fetch-site", "cross-site"),
    ("sec-fetch-mode", "navigate"),
    ("sec-fetch-dest", "document"),
];

/// The console's address of a session's link, as the gateway makes it.
async fn link(world: &World) -> String {
    world.ask(CASE).await;
    world.grant(CASE).await;
    let number = crate::world::number(CASE);
    let started = world.app.start_session(world.sam(), &number).await.unwrap();
    let (_, code) = started.url.split_once("&code=").unwrap();
    let browser = App::hash_for_address(SecretHash::from_bytes([3; 32]));
    format!(
        "/sessions/{}/open?code={code}&browser={browser}",
        started.id
    )
}

#[tokio::test]
async fn the_agents_browser_goes_on_to_the_session() {
    let world = World::new().await;
    let link = link(&world).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let answer = sam.send(Method::GET, &link, &BY_REDIRECT, None).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.location();
    assert!(
        to.contains(".gw.localhost:8081/.countersign/enter?handover=csh_"),
        "{to}"
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");

    let again = sam.send(Method::GET, &link, &BY_REDIRECT, None).await;
    again.refuses(409, "link_used");
    assert_eq!(again.header("referrer-policy"), "no-referrer");
    assert!(!again.body.contains("csl_"));
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_to_and_uses_nothing_up() {
    let world = World::new().await;
    let link = link(&world).await;
    let answer = world.browser().go(&link).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let said = words(&answer.body);
    assert!(
        said.contains("then open the link again: it was not used up."),
        "{said}"
    );
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert_eq!(sam.go(&link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_chosen_language_goes_along() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let answer = sam.go(&link(&world).await).await;
    assert!(!answer.location().contains("language="));
    sam.plant("countersign-language", "fr");
    let answer = sam.go(&link(&world).await).await;
    assert!(
        answer.location().ends_with("&language=fr"),
        "{}",
        answer.location()
    );
}

#[tokio::test]
async fn another_person_opens_nothing() {
    let world = World::new().await;
    let link = link(&world).await;
    let mut kim = world.signed_in("kim@vendor.test").await;
    kim.go(&link).await.refuses(404, "session_not_found");
    let mut robin = world.signed_in("robin@vendor.test").await;
    robin.go(&link).await.refuses(404, "session_not_found");
    let mut dana = world.signed_in("dana@acme.test").await;
    dana.go(&link).await.refuses(404, "no_page");
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert_eq!(sam.go(&link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn fetching_ahead_opens_nothing() {
    let world = World::new().await;
    let link = link(&world).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let ahead = [("sec-purpose", "prefetch")];
    let answer = sam.send(Method::GET, &link, &ahead, None).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    sam.send(Method::HEAD, &link, &BY_REDIRECT, None).await;
    assert_eq!(sam.go(&link).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_that_does_not_fit_opens_nothing() {
    let world = World::new().await;
    let link = link(&world).await;
    let (path, _) = link.split_once('?').unwrap();
    let mut sam = world.signed_in("sam@vendor.test").await;
    let hash = App::hash_for_address(SecretHash::from_bytes([3; 32]));
    for query in [
        String::new(),
        format!("?code=csl_wrong&browser={hash}"),
        "?code=csl_wrong&browser=short".to_owned(),
        format!("?code=a&code=b&browser={hash}"),
    ] {
        sam.go(&format!("{path}{query}"))
            .await
            .refuses(403, "link_wrong");
    }
    let nowhere = link.replacen("sess_", "sess_x", 1);
    sam.go(&nowhere).await.refuses(404, "session_not_found");
    world.pass(Duration::from_mins(10));
    sam.go(&link).await.refuses(409, "link_expired");
}
