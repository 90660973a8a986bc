//! What an agent did on a case, for that agent and nobody else (R4, R5).

use axum::http::StatusCode;

use crate::{
    form::words,
    world::{CASE, World, number},
};

const LOOKED: &str = "/cases/00012345/looked";

#[tokio::test]
async fn an_agent_reads_what_they_did_themself_and_nobody_elses() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let session = world.app.start_session(world.sam(), &number(CASE)).await;
    session.unwrap();
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert!(
        sam.page("/cases/00012345")
            .await
            .contains(&format!("href=\"{LOOKED}\""))
    );
    let said = words(&sam.page(LOOKED).await);
    for piece in [
        "00012345 Rules stop after the third page",
        "sam@vendor.test · asked for access",
        "sam@vendor.test · started a session",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert!(!said.contains("granted access"), "{said}");
    let mut kim = world.signed_in("kim@vendor.test").await;
    let said = words(&kim.page(LOOKED).await);
    assert!(!said.contains("sam@vendor.test"), "{said}");
}

#[tokio::test]
async fn it_is_searched_by_words_day_and_kind_and_by_nobody_elses_name() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    for (query, found) in [
        ("q=rule+list", true),
        ("q=%22nothing%22", false),
        ("kind=access", true),
        ("kind=sessions", false),
        ("day=2030-01-01", true),
        ("day=2029-12-31", false),
        // What the form does not have is not asked for.
        ("agent=kim@vendor.test", true),
        ("case=00099999", true),
    ] {
        let said = words(&sam.page(&format!("{LOOKED}?{query}")).await);
        assert_eq!(
            said.contains("· asked for access"),
            found,
            "{query}: {said}"
        );
    }
    let answer = sam.go(&format!("{LOOKED}?from=yesterday")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&answer.body).contains("A day must be a date"));
}

#[tokio::test]
async fn another_teams_case_has_none_and_an_unapproved_one_shows_none() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut robin = world.signed_in("robin@vendor.test").await;
    let theirs = robin.go(LOOKED).await;
    theirs.refuses(404, "case_not_found");
    let nobodys = robin.go("/cases/00099999/looked").await;
    nobodys.refuses(404, "case_not_found");
    assert_eq!(
        theirs.body.replace(LOOKED, ""),
        nobodys.body.replace("/cases/00099999/looked", "")
    );
    let mut dana = world.signed_in("dana@acme.test").await;
    dana.go(LOOKED).await.refuses(404, "no_page");

    world
        .open_case("88", "sam@vendor.test", &["sam@vendor.test"])
        .await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert!(!sam.page("/cases/88").await.contains("/looked"));
    sam.go("/cases/88/looked")
        .await
        .refuses(409, "self_assignment_not_approved");
}

#[tokio::test]
async fn closed_cases_are_listed_apart() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    assert!(words(&sam.page("/cases?status=closed").await).contains("You are on no closed case."));
    let closed = world.app.close_case(world.sam(), &number(CASE)).await;
    closed.unwrap();
    assert!(!sam.page("/cases").await.contains(CASE));
    let list = sam.page("/cases?status=closed").await;
    assert!(list.contains("href=\"/cases/00012345\""));
    assert!(words(&sam.page(LOOKED).await).contains("· asked for access"));
}

#[tokio::test]
async fn the_message_to_pass_on_is_in_the_language_that_is_chosen() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page("/cases/00012345").await;
    for piece in [
        "<textarea class=\"field share-message\" id=\"share-message\" readonly",
        "Hello,\n\nTo work on case 00012345, “Rules stop after the third page”, I would like to look inside Acme Inc",
        "tick “Grant impersonation”:\nhttp://localhost:8080/settings/account?edit=support#case-00012345\n\nNobody can look in until you do",
        "at any time.\n\nSam Ito</textarea>",
    ] {
        assert!(page.contains(piece), "{piece}: {page}");
    }
    let german = sam.page("/cases/00012345?message=de").await;
    assert!(
        german.contains("lang=\"de\">\nGuten Tag,\n\nfür den Fall 00012345"),
        "{german}"
    );
    assert!(german.contains("<html lang=\"en\""));
    let same = sam.page("/cases/00012345?message=tlh").await;
    assert!(same.contains("Hello,\n\nTo work on case 00012345"));
}
