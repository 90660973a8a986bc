//! History and reports: what is found, by whom, and what another org's admin learns (R4, R5).

use axum::{Extension, http::StatusCode, response::IntoResponse};
use countersign_app::{HistoryOf, HistoryOrder};
use countersign_console::{Console, FileFormat, HistoryFiles, router};
use countersign_identity::Identity;

use crate::{
    browser::Browser,
    form::words,
    world::{CASE, World},
};

#[tokio::test]
async fn what_was_done_is_found_by_case_agent_day_kind_and_words() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let all = words(&dana.page("/history").await);
    for piece in [
        "dana@acme.test · granted access",
        "sam@vendor.test · asked for access",
        "the operator · opened the case",
    ] {
        assert!(all.contains(piece), "{piece}: {all}");
    }
    for (query, granted, asked) in [
        ("case=00012345", true, true),
        ("agent=sam@vendor.test", false, true),
        ("agent=kim@vendor.test", false, false),
        ("agent=nobody@vendor.test", false, false),
        ("day=2030-01-01", true, true),
        ("day=2029-12-31", false, false),
        ("kind=access", true, true),
        ("kind=refused", false, false),
        ("q=rule+list", false, true),
        ("q=%22nothing%22", false, false),
    ] {
        let page = words(&dana.page(&format!("/history?{query}")).await);
        assert_eq!(
            page.contains("· granted access"),
            granted,
            "{query}: {page}"
        );
        assert_eq!(
            page.contains("· asked for access"),
            asked,
            "{query}: {page}"
        );
    }
}

#[tokio::test]
async fn a_search_that_is_none_says_so_and_finds_nothing() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    for (query, said) in [
        ("day=yesterday", "The day must be a date."),
        ("agent=sam", "The agent must be given by an e-mail address."),
        ("q=%2B", "Search for up to 8 words"),
        ("case=%3Cb%3E", "There is no such case here."),
    ] {
        let answer = dana.go(&format!("/history?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(words(&answer.body).contains(said), "{query}");
        assert!(!answer.body.contains("asked for access"), "{query}");
        assert!(!answer.body.contains("<b>"), "{query}");
    }
}

#[tokio::test]
async fn another_orgs_history_is_like_none() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut grace = world.signed_in("grace@globex.test").await;
    assert!(!grace.page("/history").await.contains(CASE));
    let theirs = grace.go("/history?case=00012345").await;
    let nobodys = grace.go("/history?case=00099999").await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(
        theirs.body.replace(CASE, "00099999"),
        nobodys.body,
        "but for what was typed"
    );
    let theirs = grace.go("/cases/00012345/report").await;
    let nobodys = grace.go("/cases/00099999/report").await;
    theirs.refuses(404, "case_not_found");
    assert_eq!(
        theirs.body.replace(CASE, "00099999"),
        nobodys.body,
        "but for the address"
    );
    let mut ann = world.signed_in("ann@acme.test").await;
    assert!(!ann.page("/history").await.contains("asked for access"));
    ann.go("/cases/00012345/report")
        .await
        .refuses(404, "case_not_found");
    let mut sam = world.signed_in("sam@vendor.test").await;
    for address in ["/history", "/cases/00012345/report"] {
        sam.go(address).await.refuses(404, "no_page");
        let answer = world.browser().go(address).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_report_says_what_was_done_and_where_it_stands_on_the_log() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let read = world
        .app
        .case(world.dana(), &crate::world::number(CASE))
        .await;
    let org = read.unwrap().case().unwrap().org;
    let entries = countersign_store::Store::entries(&*world.store, org, 0, 1_000);
    let entries = entries.await.unwrap();
    let last = entries.last().unwrap();
    let hash: String = last.leaf_hash.iter().map(|b| format!("{b:02x}")).collect();
    // Of the admin who opened the case, and of a super admin.
    for person in ["ben@acme.test", "dana@acme.test"] {
        let mut browser = world.signed_in(person).await;
        let page = words(&browser.page("/cases/00012345/report").await);
        for piece in [
            "Report on case 00012345",
            "Ben Ode",
            "sam@vendor.test · asked for access",
            "dana@acme.test · granted access",
            "There was no session.",
            "/api/v1/orgs/acme/entries",
            &hash,
        ] {
            assert!(page.contains(piece), "{person}: {piece}: {page}");
        }
    }
}

/// A console with files that say what was asked for, as far as the actor may have it.
fn with_files(world: &World, browser: &Browser) -> Browser {
    let files = HistoryFiles::new(async |app, actor, org, ask, format| {
        let of = HistoryOf::Org(org.clone());
        let order = HistoryOrder::OldestFirst;
        let page = app.history(actor, &of, &ask, order, None, 100).await?;
        let format = match format {
            FileFormat::Csv => "csv",
            FileFormat::JsonLines => "jsonl",
        };
        Ok(format!("{org} {format} {}", page.rows.len()).into_response())
    });
    let console = Console {
        app: world.app.clone(),
        identity: Identity::new(world.app.clone()),
    };
    browser.twin_on(router(console).layer(Extension(files)))
}

#[tokio::test]
async fn what_was_found_is_had_as_a_file_by_those_who_may_see_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    let plain = world.signed_in("dana@acme.test").await;
    let mut dana = with_files(&world, &plain);
    let page = dana.page("/history?kind=access").await;
    assert!(page.contains("href=\"/history/export?kind=access&#38;format=csv\""));
    for (query, file) in [
        ("kind=access&format=csv", "acme csv 1"),
        ("case=00012345&kind=access&format=jsonl", "acme jsonl 1"),
        ("day=2029-12-31&format=jsonl", "acme jsonl 0"),
    ] {
        let answer = dana.go(&format!("/history/export?{query}")).await;
        assert_eq!(answer.body, file, "{query}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    for (query, status, code) in [
        ("", 422, "form_unreadable"),
        ("format=pdf", 422, "form_unreadable"),
        ("format=csv&day=x", 422, "form_unreadable"),
        ("format=csv&case=00099999", 404, "case_not_found"),
        ("format=csv&agent=nobody@vendor.test", 404, "no_page"),
    ] {
        let answer = dana.go(&format!("/history/export?{query}")).await;
        answer.refuses(status, code);
    }
    let address = "/history/export?format=csv&case=00012345";
    let mut grace = with_files(&world, &world.signed_in("grace@globex.test").await);
    grace.go(address).await.refuses(404, "case_not_found");
    let mut sam = with_files(&world, &world.signed_in("sam@vendor.test").await);
    sam.go(address).await.refuses(404, "no_page");
    let answer = with_files(&world, &world.browser()).go(address).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    // Where nothing makes files, none are offered.
    let mut without = plain;
    assert!(!without.page("/history").await.contains("/history/export"));
    without.go(address).await.refuses(404, "no_page");
}
