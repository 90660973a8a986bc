//! What an agent's open pages hear, and who hears it (R4, R5, R6).

use axum::http::{Method, StatusCode};
use countersign_domain::{Duration, OrgSettings};

use crate::{
    browser::{Answer, Browser},
    form::{Form, notice, words},
    world::{CASE, WHY, World, slug},
};

const PAGE: &str = "/cases/00012345";
const START: &str = "/cases/00012345/sessions";

/// What a script of our own page says.
const SCRIPT: [(&str, &str); 3] = [
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
];

/// Where a page of this moment asks for its news.
async fn address(browser: &mut Browser, page: &str) -> String {
    let page = browser.page(page).await;
    let (_, rest) = page.split_once("data-from=\"").unwrap();
    let (from, rest) = rest.split_once("\" data-seen=\"").unwrap();
    format!("{from}?seen={}", rest.split('"').next().unwrap())
}

async fn ask(browser: &mut Browser, address: &str) -> Answer {
    browser.send(Method::GET, address, &SCRIPT, None).await
}

/// The news that come while something is done.
async fn news(browser: &mut Browser, page: &str, done: impl Future<Output = ()>) -> String {
    let seen = address(browser, page).await;
    let (answer, ()) = tokio::join!(ask(browser, &seen), done);
    assert_eq!(answer.status, StatusCode::OK);
    answer.body
}

#[tokio::test]
async fn a_case_that_is_open_turns_granted_and_its_button_works() {
    let world = World::new().await;
    let default_duration = Duration::from_mins(15);
    let quarter = OrgSettings {
        default_duration,
        ..OrgSettings::default()
    };
    world.set(quarter).await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    for page in [PAGE, "/cases"] {
        let fresh = news(&mut sam, page, world.grant(CASE)).await;
        let said = words(&fresh);
        let granted = "Case 00012345: Dana Cruz granted access until 1 Jan 2030, 00:15 UTC.";
        assert!(said.contains(granted), "{said}");
        assert!(fresh.contains("<div data-put=\"chip-00012345\"><span class=\"chip chip-live\">"));
        assert!(fresh.contains("data-can=\"open-00012345\" data-now"));
        world
            .app
            .revoke(world.dana(), &crate::world::number(CASE))
            .await
            .unwrap();
    }
    let fresh = news(&mut sam, PAGE, world.grant(CASE)).await;
    assert!(fresh.contains("data-can=\"open-00012345\" data-now"));
    // The end comes by the clock alone.
    let seen = address(&mut sam, "/cases").await;
    world.pass(default_duration);
    let fresh = ask(&mut sam, &seen).await.body;
    assert!(words(&fresh).contains("Case 00012345: access expired on 1 Jan 2030, 00:15 UTC."));
    assert!(fresh.contains("data-can=\"open-00012345\"></p>"));
}

#[tokio::test]
async fn the_list_hears_of_a_case_of_an_org_that_it_held_none_of() {
    let world = World::new().await;
    let mut robin = world.signed_in("robin@vendor.test").await;
    let open = world.open_case("77", "grace@globex.test", &["robin@vendor.test"]);
    let fresh = news(&mut robin, "/cases", open).await;
    assert!(words(&fresh).contains("Case 77: no access is asked for."));
    let fresh = news(&mut robin, "/cases", world.join(CASE, "robin@vendor.test")).await;
    assert!(words(&fresh).contains("Case 00012345: no access is asked for."));
    let left = world.leave("77", "robin@vendor.test");
    let fresh = news(&mut robin, "/cases", left).await;
    assert!(!words(&fresh).contains("Case 77"));
    assert!(words(&fresh).contains("you are no longer on its team"));
}

#[tokio::test]
async fn whoever_is_taken_off_the_team_while_looking_is_told_that_and_no_more() {
    let world = World::new().await;
    let mut kim = world.signed_in("kim@vendor.test").await;
    let page = kim.page(PAGE).await;
    assert!(page.contains("data-gone=\"You are no longer on the team of this case.\""));
    let seen = address(&mut kim, PAGE).await;
    let leave = world.leave(CASE, "kim@vendor.test");
    let (answer, ()) = tokio::join!(ask(&mut kim, &seen), leave);
    answer.refuses(404, "case_not_found");
    assert!(!answer.body.contains("Rules stop"), "{}", answer.body);
}

#[tokio::test]
async fn another_teams_case_has_no_news_and_an_admin_none_here() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut robin = world.signed_in("robin@vendor.test").await;
    for case in ["00012345", "00099999", "%20"] {
        let news = ask(&mut robin, &format!("/my-cases/{case}/news?seen=old")).await;
        news.refuses(404, "case_not_found");
        assert!(!news.body.contains("Rules stop"), "{}", news.body);
    }
    let list = ask(&mut robin, "/my-cases/news?seen=old").await;
    assert_eq!(list.status, StatusCode::OK);
    assert!(!list.body.contains(CASE));
    let mut dana = world.signed_in("dana@acme.test").await;
    for path in ["/my-cases/news", "/my-cases/00012345/news"] {
        ask(&mut dana, path).await.refuses(404, "no_page");
        let answer = ask(&mut world.browser(), path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn whoever_signs_out_while_waiting_is_told_nothing() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let seen = address(&mut sam, PAGE).await;
    let mut waiting = sam.twin();
    let (answer, ()) = tokio::join!(ask(&mut waiting, &seen), async {
        sam.submit(&Form::on(&page, "/sign-out")).await;
        world.ask(CASE).await;
    });
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(!answer.body.contains("Rules stop") && !answer.body.contains("chip"));
}

#[tokio::test]
async fn an_unapproved_self_assigned_case_tells_its_agent_nobodys_name() {
    let world = World::new().await;
    world
        .open_case(
            "88",
            "sam@vendor.test",
            &["sam@vendor.test", "kim@vendor.test"],
        )
        .await;
    let mut kim = world.signed_in("kim@vendor.test").await;
    let fresh = news(&mut kim, "/cases/88", world.ask("88")).await;
    assert!(words(&fresh).contains("Case 88: Support assigned it to itself"));
    for hidden in ["Acme", "Sam Ito", WHY] {
        assert!(!fresh.contains(hidden), "{hidden}");
    }
    let page = kim.page("/cases/88").await;
    assert!(page.contains("Support has opened case 88"), "{page}");
    assert!(!page.contains("Acme"), "{page}");
}

#[tokio::test]
async fn acting_on_an_old_page_is_answered_with_what_has_happened() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let ask = Form::on(&sam.page(PAGE).await, "/cases/00012345/request").with("justification", WHY);
    world.ask(CASE).await;
    let withdraw = Form::on(&sam.page(PAGE).await, "/cases/00012345/request/withdraw");
    world.grant(CASE).await;
    let start = Form::on(&sam.page(PAGE).await, START);
    let changed = "Case 00012345 has changed since you opened this page, so nothing was done.";
    let granted = "Case 00012345: Dana Cruz granted access until 1 Jan 2030, 08:00 UTC.";
    assert_eq!(
        notice(&sam.submit(&ask).await.body),
        format!("{changed} {granted}")
    );
    assert_eq!(
        notice(&sam.done(&withdraw).await),
        format!("{changed} {granted}")
    );
    world.app.block(world.dana(), &slug("acme")).await.unwrap();
    assert_eq!(
        notice(&sam.done(&start).await),
        format!("{changed} Case 00012345: the customer has blocked all support access.")
    );
    assert!(world.sessions(CASE).await.is_empty());
}

#[tokio::test]
async fn access_that_is_not_for_this_agent_says_so() {
    let world = World::new().await;
    let pinned = OrgSettings {
        pin_team: true,
        ..OrgSettings::default()
    };
    world.set(pinned).await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    world.join(CASE, "robin@vendor.test").await;
    let mut robin = world.signed_in("robin@vendor.test").await;
    let page = robin.page(PAGE).await;
    assert!(page.contains("id=\"open-00012345\" disabled"));
    assert!(words(&page).contains("only to the agents who were on the case at that moment"));
    assert_eq!(Form::find(&robin.page("/cases").await, START), None);
    let forced = Form::on(&page, START);
    robin
        .submit(&forced)
        .await
        .refuses(403, "pinned_to_earlier_team");
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert!(Form::find(&sam.page("/cases").await, START).is_some());
}
