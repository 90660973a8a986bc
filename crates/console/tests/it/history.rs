//! History and reports: what is found, by whom, and what another org's admin learns (R4, R5).

use axum::{Extension, http::StatusCode, response::IntoResponse};
use countersign_app::{HistoryOf, HistoryOrder};
use countersign_console::{Console, FileFormat, HistoryFiles, router};
use countersign_domain::Role;
use countersign_identity::Identity;

use crate::{
    browser::Browser,
    form::words,
    world::{CASE, OPERATOR, WHY, World, email, number, slug},
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
    let read = world.app.case(world.dana(), &number(CASE)).await;
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

/// The rows of a page: what is said of each.
fn rows(page: &str) -> Vec<String> {
    let rows = page.split("<li class=\"did\">").skip(1);
    rows.map(|row| words(row.split("</li>").next().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_row_names_whom_or_what_it_is_about() {
    let world = World::new().await;
    world.join(CASE, "robin@vendor.test").await;
    world.leave(CASE, "robin@vendor.test").await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let (case, acme) = (number(CASE), slug("acme"));
    let sam = world.sam();
    let started = world.app.start_session(sam, &case).await.unwrap();
    let ended = world.app.end_session(world.dana(), started.id);
    ended.await.unwrap();
    let ann = email("ann@acme.test");
    let role = world.app.set_role(OPERATOR, &acme, &ann, Role::SuperAdmin);
    role.await.unwrap();
    world
        .open_case("7", "kim@vendor.test", &["kim@vendor.test"])
        .await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let found = rows(&dana.page("/history").await);
    for piece in [
        "the operator · put an agent on the case Robin Vale robin@vendor.test",
        "the operator · took an agent off the case Robin Vale robin@vendor.test",
        "sam@vendor.test · asked for access I would like to see the rule list as you see it.",
        "dana@acme.test · granted access Sam Ito sam@vendor.test, Kim Okafor kim@vendor.test, to act as \
         Ben Ode ben@acme.test. Whoever is put on the case later can look in too.",
        "sam@vendor.test · started a session as Ben Ode ben@acme.test",
        "dana@acme.test · ended a session session of Sam Ito sam@vendor.test",
        "the operator · created an admin Ann Lee ann@acme.test: Admin",
        "the operator · changed an admin’s role Ann Lee ann@acme.test: Super admin",
        "the operator · made a credential One-time sign-in link of Dana Cruz dana@acme.test",
        "the operator · opened the case “Rules stop after the third page”, for Ben Ode ben@acme.test",
        // Whoever opened it for the agent, it was not them that took it on.
        "the operator · made the self-assigned case wait for approval Kim Okafor kim@vendor.test",
    ] {
        assert!(
            found.iter().any(|row| row.contains(piece)),
            "{piece}: {found:#?}"
        );
    }
    // What a search finds by its words shows them.
    let searched = rows(&dana.page("/history?q=rule+list").await);
    assert_eq!(searched.len(), 1, "{searched:#?}");
    assert!(searched[0].contains(WHY));
    // So does the report, which says besides who asked last, as whom, and why.
    let report = words(&dana.page("/cases/00012345/report").await);
    for piece in [
        "Sam Ito sam@vendor.test asked on 1 Jan 2030, 00:00 UTC, because: I would like",
        "Acts as Ben Ode ben@acme.test",
        "dana@acme.test · granted access Sam Ito sam@vendor.test, Kim Okafor kim@vendor.test, to act as \
         Ben Ode ben@acme.test. Whoever is put on the case later can look in too.",
    ] {
        assert!(report.contains(piece), "{piece}: {report}");
    }
    // Nobody who joins after it was removed can look in.
    let revoked = world.app.revoke(world.dana(), &number(CASE)).await;
    assert!(revoked.is_ok(), "{revoked:?}");
    let found = rows(&dana.page("/history").await);
    assert!(
        found[0].contains(
            "removed access Sam Ito sam@vendor.test, Kim Okafor kim@vendor.test, to act as Ben Ode"
        ),
        "{found:#?}"
    );
    assert!(!found[0].contains("later"), "{found:#?}");
    world.grant(CASE).await;
    let lost = world.app.end_all_after_loss(OPERATOR).await;
    assert_eq!(lost.unwrap(), 1);
    let ended = "the operator · removed access The database lost part of the history";
    let found = rows(&dana.page("/history").await);
    assert!(found[0].contains(ended), "{found:#?}");
}

#[tokio::test]
async fn an_agent_that_there_is_not_is_told_from_one_who_did_nothing() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let idle = dana.page("/history?agent=robin@vendor.test").await;
    assert!(words(&idle).contains("Nothing was found."));
    let nobody = dana.go("/history?agent=nobody@vendor.test").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let said = words(&nobody.body);
    assert!(said.contains("There is no such agent."), "{said}");
    assert!(!said.contains("Nothing was found."), "{said}");
}

#[tokio::test]
async fn a_long_report_is_complete_in_parts() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    for n in 0..1_000 {
        world
            .ask_because(CASE, &format!("More time, number {n:04}."))
            .await;
    }
    // Opened, asked, granted, and a thousand times more time.
    let mut dana = world.signed_in("dana@acme.test").await;
    let address = "/cases/00012345/report";
    let first = dana.page(address).await;
    let second = dana.page(&format!("{address}?part=2")).await;
    assert_eq!((rows(&first).len(), rows(&second).len()), (1_000, 3));
    let mut all = rows(&first);
    all.extend(rows(&second));
    for n in 0..1_000 {
        let why = format!("More time, number {n:04}.");
        let told = all.iter().filter(|row| row.contains(&why));
        assert_eq!(told.count(), 1, "{why}");
    }
    assert!(words(&first).contains("Part 1 of 2"));
    assert!(words(&first).contains("1 to 1,000 of 1,003"));
    assert!(first.contains("href=\"/cases/00012345/report?part=2\" rel=\"next\""));
    assert!(words(&second).contains("Part 2 of 2"));
    assert!(words(&second).contains("1,001 to 1,003 of 1,003"));
    assert!(second.contains("href=\"/cases/00012345/report?part=1\" rel=\"prev\""));
    for none in ["0", "3", "x", "-1", "18446744073709551615"] {
        let answer = dana.go(&format!("{address}?part={none}")).await;
        answer.refuses(404, "no_page");
    }
}
