//! Who sees which case, and what texts of the other side do to a page (R4, R5, R6).

use axum::http::StatusCode;
use countersign_domain::ImpersonationStatus as Status;

use crate::{
    form::{Form, notice, words},
    world::{CASE, World},
};

const EDIT: &str = "/settings/account?edit=support";

#[tokio::test]
async fn another_orgs_case_is_like_none() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut grace = world.signed_in("grace@globex.test").await;
    let page = grace.page(EDIT).await;
    assert!(!page.contains(CASE));
    let csrf = Form::on(&page, "/sign-out");
    for act in [
        "grant",
        "extend",
        "self-assignment/approve",
        "self-assignment/withdraw",
    ] {
        let send = |case: &str| {
            csrf.clone()
                .sent_to(&format!("/settings/account/cases/{case}/{act}"))
        };
        let theirs = grace.submit(&send(CASE)).await;
        let unknown = grace.submit(&send("00099999")).await;
        let impossible = grace.submit(&send("%20")).await;
        theirs.refuses(404, "case_not_found");
        assert_eq!(theirs.body, unknown.body);
        assert_eq!(theirs.body, impossible.body);
    }
    grace
        .go(&format!("/cases/{CASE}"))
        .await
        .refuses(404, "case_not_found");
    let close = csrf.sent_to(&format!("/cases/{CASE}/close"));
    grace.submit(&close).await.refuses(404, "case_not_found");
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn an_admin_who_did_not_open_a_case_does_not_see_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut ann = world.signed_in("ann@acme.test").await;
    for path in [EDIT, "/settings/account", "/cases"] {
        assert!(!ann.page(path).await.contains(CASE), "{path}");
    }
    let page = ann.page(EDIT).await;
    let untick =
        Form::on(&page, "/sign-out").sent_to(&format!("/settings/account/cases/{CASE}/grant"));
    ann.submit(&untick).await.refuses(404, "case_not_found");
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn the_admin_who_opened_a_case_approves_for_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut ben = world.signed_in("ben@acme.test").await;
    let page = ben.page(EDIT).await;
    assert!(words(&page).contains("as Ben Ode and see what you see"));
    assert_eq!(Form::find(&page, "/settings/account/block"), None);
    let tick = Form::on(&page, &format!("/settings/account/cases/{CASE}/grant"));
    ben.done(&tick.with("grant", "on")).await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
    let block = Form::on(&page, "/sign-out").sent_to("/settings/account/block");
    ben.submit(&block).await.refuses(403, "only_super_admins");
}

#[tokio::test]
async fn an_agent_off_the_team_finds_nothing() {
    let world = World::new().await;
    let mut robin = world.signed_in("robin@vendor.test").await;
    let list = robin.page("/cases").await;
    assert!(!list.contains(CASE));
    let case = format!("/cases/{CASE}");
    robin.go(&case).await.refuses(404, "case_not_found");
    for act in ["request", "request/withdraw", "sessions", "close"] {
        let form = Form::on(&list, "/sign-out").sent_to(&format!("{case}/{act}"));
        robin.submit(&form).await.refuses(404, "case_not_found");
    }
}

#[tokio::test]
async fn each_side_has_its_own_pages() {
    let world = World::new().await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let cases = sam.page("/cases").await;
    for path in ["/settings/account", EDIT, "/cases/new"] {
        sam.go(path).await.refuses(404, "no_page");
    }
    for path in [
        "/settings/account/block".to_owned(),
        "/settings/account/unblock".to_owned(),
        format!("/settings/account/cases/{CASE}/grant"),
        format!("/settings/account/cases/{CASE}/extend"),
        format!("/cases/{CASE}/reopen"),
        "/cases".to_owned(),
    ] {
        let form = Form::on(&cases, "/sign-out").sent_to(&path);
        sam.submit(&form).await.refuses(404, "no_page");
    }
    let mut dana = world.signed_in("dana@acme.test").await;
    let cases = dana.page("/cases").await;
    for path in [
        format!("/cases/{CASE}/request"),
        format!("/cases/{CASE}/request/withdraw"),
        format!("/cases/{CASE}/sessions"),
        "/sessions/sess_00000000000000000000000000001001/end".to_owned(),
    ] {
        let form = Form::on(&cases, "/sign-out").sent_to(&path);
        dana.submit(&form).await.refuses(404, "no_page");
    }
    let link = format!("/cases/{CASE}");
    let to = format!("{EDIT}#case-{CASE}");
    dana.go(&link).await.leads_to(&to);
}

#[tokio::test]
async fn an_unapproved_self_assigned_case_shows_its_agent_only_its_outline() {
    let world = World::new().await;
    let case = "00012352";
    world
        .open_case(
            case,
            "sam@vendor.test",
            &["sam@vendor.test", "kim@vendor.test"],
        )
        .await;
    world.ask(case).await;
    let mut kim = world.signed_in("kim@vendor.test").await;
    let list = kim.page("/cases").await;
    let row = &list[list.find(case).unwrap()..];
    let row = &row[..row.find("</a>").unwrap()];
    assert!(!row.contains("Acme") && row.contains("Rules stop"), "{row}");
    let page = kim.page(&format!("/cases/{case}")).await;
    for hidden in ["Acme", crate::world::WHY, "Sam Ito", "sam@vendor.test"] {
        assert!(!page.contains(hidden), "{hidden}");
    }
    assert!(words(&page).contains("Until the customer approves that, there is no access"));
    assert!(Form::find(&page, &format!("/cases/{case}/request")).is_some());
}

#[tokio::test]
async fn texts_of_the_other_side_cannot_pass_for_the_page() {
    let world = World::new().await;
    let title = "<script>alert(1)</script> \u{202e}detnarg \"'&";
    let case = "00066666";
    world
        .open_titled(case, title, "ben@acme.test", &["sam@vendor.test"])
        .await;
    world
        .ask_because(
            case,
            "\"><img src=x onerror=alert(1)>\u{200b} </textarea></form>",
        )
        .await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    for html in [
        dana.page(EDIT).await,
        dana.page("/cases").await,
        sam.page("/cases").await,
        sam.page(&format!("/cases/{case}")).await,
    ] {
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(html.contains("<bdi>&lt;script") && html.contains("U+202E"));
        assert!(!html.contains("<script>") && !html.contains("<img"));
        assert!(!html.contains('\u{202e}') && !html.contains('\u{200b}'));
    }
}

#[tokio::test]
async fn an_admin_opens_closes_and_reopens_a_case() {
    let world = World::new().await;
    let mut ann = world.signed_in("ann@acme.test").await;
    let page = ann.page("/cases/new").await;
    let form = Form::on(&page, "/cases");
    assert_eq!(form.value("team"), None, "teams are set by operators");
    let answer = ann.submit(&form.clone().with("title", "  ")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&answer.body).contains("Write what is wrong, in one line."));
    let long = "x".repeat(201);
    let answer = ann.submit(&form.clone().with("title", &long)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        Form::on(&answer.body, "/cases").value("title"),
        Some(&*long)
    );

    let page = ann.done(&form.with("title", "Mail is late")).await;
    assert!(
        notice(&page).starts_with("Case 00001001 opened."),
        "{}",
        notice(&page)
    );
    assert!(words(&page).contains("Mail is late"));
    let page = ann.done(&Form::on(&page, "/cases/00001001/close")).await;
    assert!(notice(&page).starts_with("Case 00001001 closed"));
    let page = ann.done(&Form::on(&page, "/cases/00001001/reopen")).await;
    assert!(notice(&page).starts_with("Case 00001001 reopened."));
}

#[tokio::test]
async fn an_agent_who_is_named_like_an_admin_is_told_apart_in_words() {
    let world = World::new().await;
    // Ben opened the case. One e is Cyrillic.
    for (address, name) in [
        ("ben@vendor.test", "Ben Ode"),
        ("b.ode@vendor.test", "Ben Od\u{435}"),
    ] {
        world.agent(address, name).await;
        world.join(CASE, address).await;
    }
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let said = words(&dana.page(EDIT).await);
    for expected in [
        "Not your colleague. Ben Ode ben@vendor.test is support personnel with a name like that of Ben Ode ben@acme.test",
        "Look twice at this name. Ben OdU+0435 b.ode@vendor.test is support personnel",
    ] {
        assert!(said.contains(expected), "{expected} in {said}");
    }
    assert!(!said.contains("Look twice at this name. Ben Ode"));
    assert!(!said.contains("like that of Sam"));
}

#[tokio::test]
async fn a_case_that_is_not_there_is_told_in_words_for_its_reader() {
    let world = World::new().await;
    for (person, address, next) in [
        (
            "ann@acme.test",
            "/cases/00012345/report",
            "You see the cases you opened",
        ),
        (
            "robin@vendor.test",
            "/cases/00012345",
            "ask to be put on the case’s team",
        ),
    ] {
        let mut browser = world.signed_in(person).await;
        let answer = browser.go(address).await;
        answer.refuses(404, "case_not_found");
        let said = words(&answer.body);
        assert!(said.contains(next), "{said}");
        assert!(!said.contains("if you are an agent"), "{said}");
    }
}
