//! A rogue agent against a customer who wants to take access away.

use countersign_e2e::{Api, Server, countersign};
use reqwest::{Client, Method, StatusCode, redirect};
use serde_json::json;
use tokio::task::JoinSet;

use crate::world::World;

async fn granted(world: &World, server: &Server, number: &str) {
    let new = json!({
        "org": "acme", "number": number, "subject": "Something is off",
        "opened_by": {"admin": "dana@acme.test"}, "team": ["sam@vendor.test"],
    });
    let operator = server.api(&world.operator);
    let opened = operator.call(Method::POST, "/cases", Some(new)).await;
    let _ = opened.expect(StatusCode::CREATED);
    let path = format!("/cases/{number}");
    let asked = ask(&server.api(&world.sam), &path, "for the customer to read").await;
    assert_eq!(asked, 200);
    let grant = format!("{path}/grant");
    let granted = server
        .api(&world.dana)
        .call(Method::PUT, &grant, None)
        .await;
    let _ = granted.expect(StatusCode::OK);
}

async fn ask(sam: &Api, path: &str, why: &str) -> u16 {
    let body = json!({ "justification": why });
    let path = format!("{path}/access-request");
    sam.call(Method::POST, &path, Some(body)).await.status
}

/// R12: however fast an agent keeps changing the case, unticking and closing go through.
#[tokio::test(flavor = "multi_thread")]
async fn r12_an_agent_cannot_keep_a_customer_from_revoking() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    granted(&world, &server, "F-1").await;
    let dana = server.api(&world.dana);
    let mut flood = JoinSet::new();
    for agent in 0..60 {
        let sam = server.api(&world.sam);
        flood.spawn(async move {
            for count in 0.. {
                let why = format!("more time, please, for the {agent}th and {count}th time");
                if ask(&sam, "/cases/F-1", &why).await == 409 {
                    return;
                }
            }
        });
    }
    for _ in 0..3 {
        let revoked = dana.call(Method::DELETE, "/cases/F-1/grant", None).await;
        let revoked = revoked.expect(StatusCode::OK);
        assert_ne!(revoked["impersonation"]["status"], "ENABLED");
        let granted = dana.call(Method::PUT, "/cases/F-1/grant", None).await;
        // Granting may lose to the flood; taking away may not.
        assert!([200, 503].contains(&granted.status), "{}", granted.body);
    }
    let closed = dana.call(Method::POST, "/cases/F-1/close", None).await;
    assert_eq!(closed.expect(StatusCode::OK)["status"], "closed");
    // A closed case refuses every further request, which ends the flood.
    while flood.join_next().await.is_some() {}
    server.kill().await;
}

/// R14: however many cases an agent opens, live access stays on the page with its box.
#[tokio::test(flavor = "multi_thread")]
async fn r14_an_agent_cannot_push_live_access_off_the_page() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    granted(&world, &server, "Z-LAST").await;
    let mut noise = JoinSet::new();
    for _ in 0..8 {
        let kim = server.api(&world.kim);
        noise.spawn(async move {
            for _ in 0..65 {
                let new = json!({"org": "acme", "subject": "noise"});
                let opened = kim.call(Method::POST, "/cases", Some(new)).await;
                let _ = opened.expect(StatusCode::CREATED);
            }
        });
    }
    while let Some(done) = noise.join_next().await {
        done.unwrap();
    }
    let page = settings_page(&world).await;
    assert!(
        page.contains("id=\"case-Z-LAST\""),
        "the case is on the page"
    );
    assert!(page.contains("/settings/account/cases/Z-LAST/grant"));
    server.kill().await;
}

/// The settings page as Dana's browser gets it, signed in by a one-time link.
async fn settings_page(world: &World) -> String {
    let database = world.database();
    let link = countersign(&[
        "login-link",
        "--org",
        "acme",
        "--admin",
        "dana@acme.test",
        "--database",
        &database,
        "--json",
    ])
    .done();
    let url = link["url"].as_str().unwrap();
    let browser = Client::builder()
        .redirect(redirect::Policy::none())
        .build()
        .unwrap();
    let signed_in = browser
        .get(url)
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-site", "none")
        .send()
        .await
        .unwrap();
    assert_eq!(signed_in.status(), StatusCode::SEE_OTHER);
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let base = url.split("/sign-in/").next().unwrap();
    browser
        .get(format!("{base}/settings/account?edit=support"))
        .header("cookie", cookie)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap()
}
