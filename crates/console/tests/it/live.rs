//! Who is in now: who sees it, and ending what runs from there (R4, R16).

use axum::http::{Method, StatusCode};
use countersign_entries::RequestLine;
use countersign_store::{Draft, Verdict};

use crate::{
    form::{Form, notice, words},
    world::{CASE, World, number},
};

/// A session of Sam's under a live grant; answers its id.
async fn sam_is_in(world: &World) -> String {
    world.ask(CASE).await;
    world.grant(CASE).await;
    let started = world.app.start_session(world.sam(), &number(CASE)).await;
    started.unwrap().id.to_string()
}

#[tokio::test]
async fn a_session_is_shown_and_can_be_ended_from_there() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    assert!(words(&dana.page("/live").await).contains("Nobody from Support is in now."));
    let session = sam_is_in(&world).await;
    let page = dana.page("/live").await;
    let said = words(&page);
    for piece in [
        "Sam Ito sam@vendor.test",
        "Case 00012345, Rules stop after the third page · as Ben Ode",
        "has not opened a page yet",
        "Nothing else since",
        "Pages: 0 (further requests: 0) · refused: 0",
        "Nothing sent or refused so far",
        "Since 1 Jan 2030, 00:00 UTC · until 1 Jan 2030, 08:00 UTC at the latest (8 h left)",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    let request = |target: &str, page| Draft::Request {
        session: session.parse().unwrap(),
        request: RequestLine {
            page,
            ..RequestLine::new("GET", target)
        },
    };
    let lease = world.app.node().lease().unwrap();
    for (asked, shown) in [
        // A program does not say what is a page.
        (request("/data.json", false), "GET /data.json"),
        (request("/invoices", true), "GET /invoices"),
        (request("/favicon.ico", false), "GET /invoices"),
        (request("/invoices/17", true), "GET /invoices/17"),
    ] {
        let recorded = world.app.store().record(lease, &[asked]).await.unwrap();
        assert!(matches!(recorded[..], [Verdict::Recorded { .. }]));
        let page = dana.page("/live").await;
        let look = page.split_once("<code class=\"look-what\"").unwrap().1;
        let look = look.split("</p>").next().unwrap();
        assert!(words(look).contains(shown), "{shown}: {look}");
    }
    // What has no outcome may be under way until its session is over, and no longer.
    let counted = |page: &str, words: &str| page.matches(words).count();
    let history = dana.page("/history?kind=requests").await;
    assert_eq!(counted(&history, "Still open"), 4, "{history}");
    assert_eq!(counted(&history, "Outcome unknown"), 0, "{history}");
    let end = Form::on(&page, &format!("/settings/account/sessions/{session}/end"));
    let answer = dana.submit(&end).await;
    answer.leads_to("/live");
    let page = dana.page("/live").await;
    assert!(
        notice(&page).starts_with("Session of sam@vendor.test for case 00012345 ended."),
        "{}",
        notice(&page)
    );
    assert!(world.sessions(CASE).await.is_empty());
    let history = dana.page("/history?kind=requests").await;
    assert_eq!(counted(&history, "Still open"), 0, "{history}");
    assert_eq!(counted(&history, "Outcome unknown"), 4, "{history}");
}

/// A client that calls everything a picture leaves the page it is said to be on where it is. What it goes
/// on reading is shown beside it, counted, and said with what was refused.
#[tokio::test]
async fn nothing_hides_behind_a_page_that_is_left_as_it_is() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let session = sam_is_in(&world).await;
    let session = session.parse().unwrap();
    let lease = world.app.node().lease().unwrap();
    let line = |method: &str, target: &str, page| RequestLine {
        page,
        ..RequestLine::new(method, target)
    };
    let get = |target: &str, page| Draft::Request {
        session,
        request: line("GET", target, page),
    };
    let refused = |target: &str| Draft::Refused {
        session,
        request: line("POST", target, false),
        code: "not_a_read".to_owned(),
    };
    world.store_record(lease, get("/help", true)).await;
    let seen = |page: &str| {
        let rest = page
            .split_once("data-from=\"/live/news\" data-seen=\"")
            .unwrap()
            .1;
        format!("/live/news?seen={}", rest.split('"').next().unwrap())
    };
    let address = seen(&dana.page("/live").await);
    world
        .store_record(lease, get("/admin/salaries", false))
        .await;
    // What went through stays in sight, whatever is refused after it.
    let sent = Draft::Request {
        session,
        request: line("POST", "/drafts", false),
    };
    world.store_record(lease, sent).await;
    for n in 1..=4 {
        world
            .store_record(lease, refused(&format!("/admin/users/{n}")))
            .await;
    }
    for address in [address.as_str(), "/live"] {
        let page = dana.page(address).await;
        let said = words(&page);
        for piece in [
            "GET /help just now",
            "Also POST /drafts just now",
            "Pages: 1 (further requests: 1) · sent, declared harmless by the vendor: 1 · refused: 4",
            "POST /drafts Passed",
            "POST /admin/users/4 Refused",
            "POST /admin/users/3 Refused",
            "POST /admin/users/2 Refused",
        ] {
            assert!(said.contains(piece), "{piece}: {said}");
        }
        assert!(!said.contains("/admin/users/1"), "the last few: {said}");
        for kind in ["requests", "declared", "refused"] {
            let some = format!("href=\"/history?kind={kind}&amp;session={session}\"");
            assert!(page.contains(&some), "{kind}: {page}");
        }
        assert!(said.find("POST /drafts Passed") < said.find("/admin/users/4 Refused"));
        assert!(page.contains("href=\"/history?case=00012345\""), "{page}");
    }
    // Whom it does not concern learns nothing by the session's id.
    let mut ann = world.signed_in("ann@acme.test").await;
    let answer = ann
        .go(&format!("/history?kind=requests&session={session}"))
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(!answer.body.contains("salaries"));
}

#[tokio::test]
async fn who_is_in_is_for_those_who_see_the_case() {
    let world = World::new().await;
    let session = sam_is_in(&world).await;
    for (person, sees) in [
        ("ben@acme.test", true),
        ("ann@acme.test", false),
        ("grace@globex.test", false),
    ] {
        let mut browser = world.signed_in(person).await;
        for address in ["/live", "/live/news?seen=old"] {
            let page = browser.page(address).await;
            assert_eq!(page.contains(&session), sees, "{person} {address}");
            assert_eq!(page.contains(CASE), sees, "{person} {address}");
        }
    }
    let mut sam = world.signed_in("sam@vendor.test").await;
    for address in ["/live", "/live/news"] {
        sam.go(address).await.refuses(404, "no_page");
        let answer = world.browser().go(address).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn the_page_hears_of_a_session_that_starts_and_of_one_that_ends() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let seen = |page: &str| {
        let (_, rest) = page
            .split_once("data-from=\"/live/news\" data-seen=\"")
            .unwrap();
        format!("/live/news?seen={}", rest.split('"').next().unwrap())
    };
    let address = seen(&dana.page("/live").await);
    let (answer, session) = tokio::join!(
        dana.send(Method::GET, &address, &[], None),
        sam_is_in(&world)
    );
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains(&format!("id=\"in-{session}\"")));
    let address = seen(&dana.page("/live").await);
    let case = number(CASE);
    let (answer, _) = tokio::join!(
        dana.send(Method::GET, &address, &[], None),
        world.app.revoke(world.dana(), &case)
    );
    assert_eq!(answer.status, StatusCode::OK);
    assert!(!answer.body.contains(&session));
}
