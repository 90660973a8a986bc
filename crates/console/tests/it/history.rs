//! History and reports: what is found, by whom, and what another org's admin learns (R4, R5).

use axum::{Extension, http::StatusCode, response::IntoResponse};
use countersign_app::{HistoryOf, HistoryOrder};
use countersign_console::{Console, FileFormat, HistoryFiles, router};
use countersign_domain::{Role, SessionId};
use countersign_entries::RequestLine;
use countersign_identity::Identity;
use countersign_store::Draft;

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
        // Whom access was given to is concerned as well as who asked for it.
        ("agent=sam@vendor.test", true, true),
        ("agent=kim@vendor.test", true, false),
        ("from=2030-01-01", true, true),
        ("to=2030-01-01", true, true),
        ("from=2029-12-25&to=2030-01-01", true, true),
        ("from=2029-12-25&to=2029-12-31", false, false),
        ("from=2030-01-02", false, false),
        // As addresses had it before.
        ("day=2030-01-01", true, true),
        ("day=2029-12-31", false, false),
        ("kind=all", true, true),
        ("kind=requests", false, false),
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
    for (query, field, said) in [
        ("from=yesterday", "from", "A day must be a date"),
        ("to=2030-02-30", "to", "A day must be a date"),
        (
            "from=2030-01-02&to=2030-01-01",
            "to",
            "The last day is before the first.",
        ),
        (
            "agent=sam",
            "agent",
            "No such agent appears in this history.",
        ),
        (
            "kind=bogus",
            "kind",
            "There is no such choice under “What”.",
        ),
        (
            "kind=looked",
            "kind",
            "There is no such choice under “What”.",
        ),
        ("session=sess_1", "", "There is no such session here."),
        ("after=latest", "", "says no place in the history"),
        ("since=first", "", "says no place in the history"),
        ("order=oldest", "", "This page has the newest first"),
        (
            "kind=refused&kind=access",
            "kind",
            "A part of the filter is given twice.",
        ),
        ("q=%2B", "q", "Search for up to 8 words"),
        ("case=%3Cb%3E", "case", "There is no such case here."),
    ] {
        let answer = dana.go(&format!("/history?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert_eq!(words(&answer.body).matches(said).count(), 1, "{query}");
        let beside = format!("id=\"{field}-error\"");
        assert_eq!(answer.body.contains(&beside), !field.is_empty(), "{query}");
        assert!(!answer.body.contains("· asked for access"), "{query}");
        assert!(!answer.body.contains("<b>"), "{query}");
        // Nobody is looked up for it.
        assert!(!answer.body.contains("kim@vendor.test"), "{query}");
    }
    // What else was typed stays.
    let answer = dana
        .go("/history?kind=bogus&q=rule+list&case=00012345&to=2030-01-01")
        .await;
    for kept in [
        "value=\"rule list\"",
        "value=\"00012345\"",
        "value=\"2030-01-01\"",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
}

/// What a browser does under a session of Sam's: pages, parts of them, a write that was refused.
async fn browse(world: &World) -> SessionId {
    world.ask(CASE).await;
    world.grant(CASE).await;
    let started = world.app.start_session(world.sam(), &number(CASE)).await;
    let session = started.unwrap().id;
    let lease = world.app.node().lease().unwrap();
    let get = |target: &str, page| Draft::Request {
        session,
        request: RequestLine {
            page,
            ..RequestLine::new("GET", target)
        },
    };
    let refused = Draft::Refused {
        session,
        request: RequestLine::new("DELETE", "/invoices/17"),
        code: "not_a_read".to_owned(),
    };
    for draft in [
        get("/first.js", false),
        get("/invoices", true),
        get("/app.css", false),
        refused,
        get("/logo.svg", false),
        get("/invoices/17", true),
        get("/api/lines", false),
    ] {
        world.store_record(lease, draft).await;
    }
    session
}

#[tokio::test]
async fn pages_stand_for_what_they_load_and_nothing_is_hidden() {
    let world = World::new().await;
    let session = browse(&world).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page("/history").await;
    let shown = rows(&page);
    let row = |with: &str| shown.iter().find(|row| row.contains(with)).cloned();
    let has = |with: &str, further: &str| {
        let row = row(with).unwrap_or_else(|| panic!("{with}: {shown:#?}"));
        assert!(row.contains(further), "{row}");
    };
    has("GET /invoices and", "and 2 further requests");
    has("GET /invoices/17 and", "and 1 further request ");
    // Before any page they stand with what there was.
    has("started a session", "and 1 further request ");
    has("DELETE /invoices/17", "Refused");
    for part in ["/app.css", "/logo.svg", "/api/lines", "/first.js"] {
        assert_eq!(row(part), None, "{part}");
    }
    // One click shows them and no others, and whose they are.
    let of_page = page
        .split("<li class=\"did\">")
        .find(|row| row.contains("and 2 further requests"))
        .unwrap();
    let href = of_page.split("href=\"").nth(1).unwrap();
    let href = href.split('"').next().unwrap().replace("&#38;", "&");
    assert!(href.contains(&format!("session={session}")), "{href}");
    let beside = dana.page(&href).await;
    let listed = rows(&beside);
    assert_eq!(listed.len(), 2, "{listed:#?}");
    for (row, target) in listed.iter().zip(["/logo.svg", "/app.css"]) {
        assert!(row.contains(target), "{target}: {listed:#?}");
    }
    let said = words(&beside);
    let whose = "in a session of Sam Ito sam@vendor.test for case 00012345.";
    assert!(said.contains(whose), "{said}");
    assert!(!said.contains("Download everything"), "{said}");
    for (query, targets) in [
        ("kind=pages", &["GET /invoices/17", "GET /invoices"][..]),
        (
            "kind=further",
            &[
                "GET /api/lines",
                "GET /logo.svg",
                "GET /app.css",
                "GET /first.js",
            ],
        ),
        ("kind=refused", &["DELETE /invoices/17"]),
        ("kind=declared", &[]),
        // Whoever looks for words is shown every place.
        ("q=%2Fapp.css", &["GET /app.css"]),
        ("q=lines", &["GET /api/lines"]),
    ] {
        let found = rows(&dana.page(&format!("/history?{query}")).await);
        assert_eq!(found.len(), targets.len(), "{query}: {found:#?}");
        for (row, target) in found.iter().zip(targets) {
            assert!(row.contains(target), "{query}: {found:#?}");
        }
    }
    let all = rows(&dana.page("/history?kind=requests").await);
    assert_eq!(all.len(), 7, "{all:#?}");

    let report = format!("/cases/{CASE}/report");
    let page = dana.page(&report).await;
    let said = words(&page);
    for piece in [
        "Pages opened 2",
        "Further requests, such as images and scripts 4",
        "Refused 1",
        "Pages: 2 (further requests: 4) · refused: 1",
        "GET /invoices and 2 further requests",
        // Before any page each stands for itself.
        "GET /first.js",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert!(!said.contains("/app.css"), "{said}");
    let every = words(&dana.page(&format!("{report}?every=1")).await);
    for target in ["/app.css", "/logo.svg", "/api/lines"] {
        assert!(every.contains(target), "{every}");
    }
    assert!(!every.contains("and 2 further"), "{every}");
    dana.go(&format!("{report}?every=yes"))
        .await
        .refuses(404, "no_page");
}

#[tokio::test]
async fn what_a_page_has_no_room_for_goes_on_with_the_next() {
    let world = World::new().await;
    let session = browse(&world).await;
    let lease = world.app.node().lease().unwrap();
    for n in 0..60 {
        for (target, page) in [(format!("/item/{n}"), true), (format!("/part/{n}"), false)] {
            let request = RequestLine {
                page,
                ..RequestLine::new("GET", &target)
            };
            world
                .store_record(lease, Draft::Request { session, request })
                .await;
        }
    }
    let mut dana = world.signed_in("dana@acme.test").await;
    let mut address = "/history".to_owned();
    let mut all = vec![];
    loop {
        let page = dana.page(&address).await;
        all.extend(rows(&page));
        let Some((_, next)) = page
            .split_once("rel=\"next\"")
            .and(page.rsplit_once("<a class=\"button\" href=\""))
        else {
            break;
        };
        address = next.split('"').next().unwrap().replace("&#38;", "&");
    }
    for n in 0..60 {
        let item = format!("GET /item/{n} and 1 further request ");
        let told = all.iter().filter(|row| row.contains(&item));
        assert_eq!(told.count(), 1, "{item}: {all:#?}");
    }
}

#[tokio::test]
async fn agents_are_chosen_from_those_who_appear_where_the_reader_may_look() {
    let world = World::new().await;
    world.ask(CASE).await;
    let choices = |page: &str| {
        let select = page
            .split_once("<select class=\"field\" id=\"agent\"")
            .unwrap()
            .1;
        words(select.split("</select>").next().unwrap())
    };
    let mut dana = world.signed_in("dana@acme.test").await;
    let chosen = choices(&dana.page("/history?agent=sam@vendor.test").await);
    assert!(chosen.contains("Sam Ito (sam@vendor.test)"), "{chosen}");
    assert!(
        chosen.contains("Kim Okafor (kim@vendor.test)"),
        "on the team: {chosen}"
    );
    assert!(!chosen.contains("robin@vendor.test"), "{chosen}");
    for elsewhere in ["ann@acme.test", "grace@globex.test"] {
        let mut browser = world.signed_in(elsewhere).await;
        let page = browser.page("/history").await;
        assert!(!page.contains("@vendor.test"), "{elsewhere}: {page}");
        let answer = browser.go("/history?agent=sam@vendor.test").await;
        assert!(
            words(&answer.body).contains("Nothing was found."),
            "{elsewhere}"
        );
    }
    let mut ben = world.signed_in("ben@acme.test").await;
    assert!(choices(&ben.page("/history").await).contains("sam@vendor.test"));
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
        // Who works for the vendor and who does not are alike.
        ("agent=robin@vendor.test&format=jsonl", "acme jsonl 0"),
        ("agent=nobody@vendor.test&format=jsonl", "acme jsonl 0"),
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
        "dana@acme.test · granted access Until 1 Jan 2030, 08:00:00 UTC: Sam Ito sam@vendor.test, Kim Okafor kim@vendor.test, to act as \
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
        "dana@acme.test · granted access Until 1 Jan 2030, 08:00:00 UTC: Sam Ito sam@vendor.test, Kim Okafor kim@vendor.test, to act as \
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
async fn who_works_for_the_vendor_is_not_told_by_a_search() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let idle = dana.go("/history?agent=robin@vendor.test").await;
    let nobody = dana.go("/history?agent=nobody@vendor.test").await;
    for answer in [&idle, &nobody] {
        assert_eq!(answer.status, StatusCode::OK);
        let said = words(&answer.body);
        assert!(said.contains("Nothing was found."), "{said}");
    }
    let renamed = idle.body.replace("robin@vendor.test", "nobody@vendor.test");
    assert_eq!(renamed.replace("robin%40", "nobody%40"), nobody.body);
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
