//! Word that a page no longer shows what is true, for whoever has it open.

use axum::http::{Method, StatusCode};
use countersign_domain::{Duration, OrgSettings};

use crate::{
    browser::{Answer, Browser},
    form::{Form, notice, words},
    world::{CASE, World, number},
};

const EDIT: &str = "/settings/account?edit=support";

/// What a script of our own page says.
const SCRIPT: [(&str, &str); 3] = [
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];

/// Where the page of this moment asks for its news.
async fn address(browser: &mut Browser) -> String {
    let page = browser.page(EDIT).await;
    let (_, rest) = page
        .split_once("data-from=\"/settings/account/news\" data-seen=\"")
        .unwrap();
    format!(
        "/settings/account/news?seen={}",
        rest.split('"').next().unwrap()
    )
}

async fn ask(browser: &mut Browser, address: &str) -> Answer {
    browser.send(Method::GET, address, &SCRIPT, None).await
}

#[tokio::test]
async fn a_page_that_shows_what_is_true_waits_until_it_no_longer_does() {
    let world = World::new().await;
    let quarter = Duration::from_mins(15);
    world
        .set(OrgSettings {
            default_duration: quarter,
            ..OrgSettings::default()
        })
        .await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let seen = address(&mut dana).await;
    let (answer, ()) = tokio::join!(ask(&mut dana, &seen), world.ask(CASE));
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        words(&answer.body).contains("Case 00012345: Sam Ito asks for access."),
        "{}",
        answer.body
    );
    let seen = address(&mut dana).await;
    let (answer, ()) = tokio::join!(ask(&mut dana, &seen), world.grant(CASE));
    assert!(
        words(&answer.body)
            .contains("Case 00012345: Dana Cruz granted access until 1 Jan 2030, 00:15 UTC."),
        "{}",
        answer.body
    );
    // Whoever joins later can look in as well, which is not what the tick was about.
    let seen = address(&mut dana).await;
    let (answer, ()) = tokio::join!(ask(&mut dana, &seen), world.join(CASE, "robin@vendor.test"));
    let said = words(&answer.body);
    let joined = "Case 00012345: Robin Vale joined after access was granted, and can look in too until 1 Jan 2030, 00:15 UTC.";
    assert!(said.contains(joined), "{said}");
    assert!(!said.contains("granted access"), "{said}");
    // Whoever is taken off cannot any more.
    let seen = address(&mut dana).await;
    let off = async {
        world.leave(CASE, "robin@vendor.test").await;
        world.leave(CASE, "kim@vendor.test").await;
    };
    off.await;
    let answer = ask(&mut dana, &seen).await;
    let said = words(&answer.body);
    assert!(
        said.contains("Sam Ito can look inside Acme Inc as Ben Ode, read-only."),
        "{said}"
    );
    // The end comes by the clock alone.
    let seen = address(&mut dana).await;
    world.pass(quarter);
    let answer = ask(&mut dana, &seen).await;
    assert!(
        words(&answer.body).contains("Case 00012345: access expired on 1 Jan 2030, 00:15 UTC."),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn without_news_the_answer_is_empty_and_a_stopping_server_keeps_nobody_waiting() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let seen = address(&mut dana).await;
    let node = world.app.node();
    let (answer, ()) = tokio::join!(ask(&mut dana, &seen), async { node.end_news() });
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(answer.body, "");
    assert_eq!(answer.header("cache-control"), "no-store");
    let answer = ask(&mut dana, &seen).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn news_are_for_whoever_sees_the_case() {
    let world = World::new().await;
    world.ask(CASE).await;
    for other in ["grace@globex.test", "ann@acme.test"] {
        let mut other = world.signed_in(other).await;
        let answer = ask(&mut other, "/settings/account/news?seen=old").await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(!answer.body.contains(CASE), "{}", answer.body);
    }
    let mut sam = world.signed_in("sam@vendor.test").await;
    let answer = ask(&mut sam, "/settings/account/news").await;
    answer.refuses(404, "no_page");
    let answer = ask(&mut world.browser(), "/settings/account/news").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.body.contains(CASE));
}

#[tokio::test]
async fn whoever_signs_out_while_waiting_is_told_nothing() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    let seen = address(&mut dana).await;
    let mut waiting = dana.twin();
    let (answer, ()) = tokio::join!(ask(&mut waiting, &seen), async {
        dana.submit(&Form::on(&page, "/sign-out")).await;
        world.ask(CASE).await;
    });
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.body.contains(CASE));
}

#[tokio::test]
async fn a_stale_form_is_answered_with_what_has_happened_meanwhile() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let address = format!("/settings/account/cases/{CASE}/grant");
    let tick = Form::on(&dana.page(EDIT).await, &address).with("grant", "on");
    world.grant(CASE).await;
    let page = dana.done(&tick).await;
    assert_eq!(
        notice(&page),
        "Case 00012345 has changed since you opened this page, so nothing was done. \
         Case 00012345: Dana Cruz granted access until 1 Jan 2030, 08:00 UTC. \
         Sam Ito and Kim Okafor can look inside Acme Inc as Ben Ode, read-only."
    );
}

#[tokio::test]
async fn a_case_that_went_is_told_by_its_number_and_who_closed_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let seen = address(&mut dana).await;
    let tick = format!("/settings/account/cases/{CASE}/grant");
    let tick = Form::on(&dana.page(EDIT).await, &tick).with("grant", "on");
    let case = number(CASE);
    let (answer, closed) = tokio::join!(
        ask(&mut dana, &seen),
        world.app.close_case(world.dana(), &case)
    );
    closed.unwrap();
    let said = words(&answer.body);
    assert!(
        said.contains("Case 00012345: Dana Cruz dana@acme.test closed it."),
        "{said}"
    );
    assert!(answer.body.contains("data-gone=\"case-00012345\""));
    let page = dana.done(&tick).await;
    assert_eq!(
        notice(&page),
        "Case 00012345 has changed since you opened this page, so nothing was done. \
         Case 00012345: Dana Cruz dana@acme.test closed it."
    );
}

#[tokio::test]
async fn a_block_that_another_admin_set_anew_is_not_lifted_unseen() {
    let world = World::new().await;
    let acme = crate::world::slug("acme");
    let mut dana = world.signed_in("dana@acme.test").await;
    world.app.block(world.dana(), &acme).await.unwrap();
    let lift = Form::on(&dana.page(EDIT).await, "/settings/account/unblock");
    world.app.unblock(world.dana(), &acme).await.unwrap();
    world.pass(Duration::from_mins(1));
    world.app.block(world.dana(), &acme).await.unwrap();
    let page = dana.done(&lift).await;
    assert!(
        notice(&page).starts_with("The block has changed since you opened this page"),
        "{}",
        notice(&page)
    );
    let own = world.app.own_org_alone(world.dana()).await.unwrap();
    assert!(own.org.block.is_some());
    dana.done(&Form::on(&page, "/settings/account/unblock"))
        .await;
    let own = world.app.own_org_alone(world.dana()).await.unwrap();
    assert!(own.org.block.is_none());
}
