//! What an agent does: ask, withdraw, close (R8).

use axum::http::StatusCode;
use countersign_domain::{Duration, ImpersonationStatus as Status};

use crate::{
    form::{Form, notice, words},
    world::{CASE, WHY, World},
};

const PAGE: &str = "/cases/00012345";
const ASK: &str = "/cases/00012345/request";
const WITHDRAW: &str = "/cases/00012345/request/withdraw";

#[tokio::test]
async fn asking_gives_a_link_to_pass_on() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let ask = Form::on(&page, ASK).with("justification", WHY);
    let page = sam.done(&ask).await;
    assert!(notice(&page).starts_with("Access requested for case 00012345. The customer is not"));
    assert!(page.contains(
        "readonly value=\"http://localhost:8080/settings/account?edit=support#case-00012345\""
    ));
    assert_eq!(world.status(CASE).await.0, Status::Requested);
}

#[tokio::test]
async fn a_form_that_is_not_taken_keeps_what_was_typed() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let blank = Form::on(&page, ASK);
    for (justification, subject, said) in [
        ("look <b>", "", "Write at least 10 characters"),
        ("   ", "", "Write at least 10 characters"),
        (
            &*"x".repeat(2_001),
            "",
            "This text must have at most 2,000 characters.",
        ),
        (WHY, "somebody", "This must be an e-mail address."),
        (
            WHY,
            "grace@globex.test",
            "That is no active admin of this organisation.",
        ),
        (
            WHY,
            "nobody@acme.test",
            "That is no active admin of this organisation.",
        ),
    ] {
        let form = blank
            .clone()
            .with("justification", justification)
            .with("subject", subject);
        let answer = sam.submit(&form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            words(&answer.body).contains(said),
            "{said}: {}",
            words(&answer.body)
        );
        let back = Form::on(&answer.body, ASK);
        assert_eq!(back.value("justification"), Some(justification));
        assert_eq!(back.value("subject"), Some(subject));
    }
    assert_eq!(world.status(CASE).await.0, Status::NotRequested);
}

#[tokio::test]
async fn line_breaks_of_a_form_count_as_one_character() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let text = format!("{}\r\n{}", "x".repeat(999), "y".repeat(1_000));
    let ask = Form::on(&page, ASK).with("justification", &text);
    sam.done(&ask).await;
    assert_eq!(world.status(CASE).await.0, Status::Requested);
}

#[tokio::test]
async fn asking_on_a_page_that_is_out_of_date_keeps_what_was_typed() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let ask = Form::on(&page, ASK).with("justification", "My own words, typed at length.");
    world.ask(CASE).await;
    let answer = sam.submit(&ask).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(notice(&answer.body).contains("has changed since you opened this page"));
    let back = Form::on(&answer.body, ASK);
    assert_eq!(
        back.value("justification"),
        Some("My own words, typed at length.")
    );
    sam.done(&back).await;
}

#[tokio::test]
async fn the_subject_may_be_named() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let ask = Form::on(&page, ASK)
        .with("justification", WHY)
        .with("subject", "ann@acme.test");
    assert!(words(&sam.done(&ask).await).contains("to act as Ann Lee ann@acme.test"));
    let mut dana = world.signed_in("dana@acme.test").await;
    let said = words(&dana.page("/settings/account?edit=support").await);
    assert!(said.contains("can look inside Acme Inc as Ann Lee"));
    let acme = crate::world::slug("acme");
    let ann = countersign_domain::Email::parse("ann@acme.test").unwrap();
    let gone = world
        .app
        .set_admin_active(crate::world::OPERATOR, &acme, &ann, false);
    gone.await.unwrap();
    let said = words(&dana.page("/settings/account?edit=support").await);
    assert!(
        said.contains("the admin to act as is no longer active here"),
        "{said}"
    );
}

#[tokio::test]
async fn an_ungranted_request_can_be_withdrawn_by_who_asked() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut kim = world.signed_in("kim@vendor.test").await;
    let page = kim.page(PAGE).await;
    assert_eq!(Form::find(&page, WITHDRAW), None);
    let forced = Form::on(&page, "/sign-out").sent_to(WITHDRAW);
    kim.submit(&forced).await.refuses(403, "only_requester");

    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let withdraw = Form::on(&page, WITHDRAW).with("seen", "long ago");
    let page = sam.done(&withdraw).await;
    assert_eq!(notice(&page), "Request for case 00012345 withdrawn.");
    assert_eq!(world.status(CASE).await.0, Status::NotRequested);
}

#[tokio::test]
async fn while_access_is_live_asking_wants_more_time() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    assert!(words(&page).contains("Ask for more time"));
    let page = sam
        .done(&Form::on(&page, ASK).with("justification", WHY))
        .await;
    assert!(notice(&page).starts_with("More time asked for, for case 00012345."));
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn the_list_says_where_each_case_stands() {
    let world = World::new().await;
    let team = ["sam@vendor.test"];
    for case in ["2", "3", "4"] {
        world.open_case(case, "ben@acme.test", &team).await;
        world.ask(case).await;
    }
    world.grant("3").await;
    world.pass(Duration::from_hours(8));
    world.grant("4").await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let said = words(&sam.page("/cases").await);
    for state in [
        "Not requested",
        "Waiting for approval",
        "Expired",
        "Access granted until",
    ] {
        assert!(said.contains(state), "{state}: {said}");
    }
    world
        .app
        .block(world.dana(), &crate::world::slug("acme"))
        .await
        .unwrap();
    assert!(words(&sam.page("/cases").await).contains("Blocked by customer"));
}

#[tokio::test]
async fn a_closed_case_takes_no_request() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let ask = Form::on(&page, ASK);
    let list = sam.done(&Form::on(&page, "/cases/00012345/close")).await;
    assert!(notice(&list).starts_with("Case 00012345 closed: it gives no access. Effective"));
    let page = sam.page(PAGE).await;
    assert!(words(&page).contains("a closed case gives no access"));
    assert_eq!(Form::find(&page, ASK), None);
    let seen_now = sam.submit(&ask.with("justification", WHY)).await;
    assert_eq!(seen_now.status, StatusCode::CONFLICT);
    let mut dana = world.signed_in("dana@acme.test").await;
    assert!(
        !dana
            .page("/settings/account?edit=support")
            .await
            .contains(CASE)
    );
}
