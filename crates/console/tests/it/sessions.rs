//! Impersonation sessions: starting, listing, ending (R16).

use axum::http::StatusCode;
use countersign_domain::{Duration, EndedWhy, ImpersonationStatus as Status};

use crate::{
    form::{Form, notice, words},
    world::{CASE, World},
};

const EDIT: &str = "/settings/account?edit=support";
const PAGE: &str = "/cases/00012345";
const START: &str = "/cases/00012345/sessions";

async fn one(world: &World) -> String {
    let sessions = world.sessions(CASE).await;
    assert_eq!(sessions.len(), 1);
    sessions.into_iter().next().unwrap()
}

#[tokio::test]
async fn starting_leads_to_the_sessions_own_origin() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let answer = sam.submit(&Form::on(&page, START)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let session = one(&world).await;
    let to = answer.location();
    let (origin, rest) = to.split_once("/.countersign/").unwrap();
    assert!(origin.starts_with("http://") && origin.ends_with(".gw.localhost:8081"));
    assert!(
        rest.starts_with(&format!("open?session={session}&code=csl_")),
        "{to}"
    );
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("form-action 'self' http://*.gw.localhost:8081;"),
        "{policy}"
    );
}

#[tokio::test]
async fn nothing_starts_without_live_access() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    assert!(page.contains("id=\"open-00012345\" disabled"));
    let forced = Form::on(&page, "/sign-out").sent_to(START);
    let answer = sam.submit(&forced).await;
    answer.refuses(409, "access_not_live");
    let said = words(&answer.body);
    assert!(
        said.contains("What you can do Ask for access and pass the link on"),
        "{said}"
    );
    assert!(said.contains("Back to my cases"));
}

#[tokio::test]
async fn one_session_too_many_leads_to_those_that_run() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    let start = Form::on(&page, START);
    for _ in 0..10 {
        assert_eq!(sam.submit(&start).await.status, StatusCode::SEE_OTHER);
    }
    let answer = sam.submit(&start).await;
    answer.refuses(409, "too_many_sessions");
    let said = words(&answer.body);
    assert!(
        said.contains("As many of your sessions are running as may run at a time (10). What you can do End one of them first, on one of these cases: 00012345. Case 00012345"),
        "{said}"
    );
    assert!(answer.body.contains("<a href=\"/cases/00012345\">"));
    let page = sam.page(PAGE).await;
    let sessions = world.sessions(CASE).await;
    assert_eq!(sessions.len(), 10);
    let end = format!("/sessions/{}/end", sessions.first().unwrap());
    sam.done(&Form::on(&page, &end)).await;
    assert_eq!(sam.submit(&start).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_agent_ends_the_own_session() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(PAGE).await;
    sam.submit(&Form::on(&page, START)).await;
    let end = format!("/sessions/{}/end", one(&world).await);
    let page = sam.page(PAGE).await;
    assert!(words(&page).contains("Your open sessions As Ben Ode ben@acme.test"));
    assert!(words(&sam.page("/cases").await).contains("1 open now"));

    // A colleague neither sees nor ends it.
    let mut kim = world.signed_in("kim@vendor.test").await;
    let kims = kim.page(PAGE).await;
    assert_eq!(Form::find(&kims, &end), None);
    let forced = Form::on(&kims, "/sign-out").sent_to(&end);
    kim.submit(&forced).await.refuses(404, "session_not_found");

    let page = sam.done(&Form::on(&page, &end)).await;
    assert!(notice(&page).starts_with("Your session for case 00012345 ended. Effective"));
    assert!(world.sessions(CASE).await.is_empty());
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn an_approver_ends_a_session_and_may_untick_with_it() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    for untick in [false, true] {
        let number = crate::world::number(CASE);
        let started = world.app.start_session(world.sam(), &number).await.unwrap();
        let page = dana.page(EDIT).await;
        let said = words(&page);
        assert!(
            said.contains("Case 00012345, as Ben Ode · no request yet"),
            "{said}"
        );
        let action = format!("/settings/account/sessions/{}/end", started.id);
        let end = Form::on(&page, &action);
        let page = if untick {
            dana.done(&end.with("also", "revoke")).await
        } else {
            dana.done(&end).await
        };
        let also = if untick { " and access removed" } else { "" };
        let said = format!(
            "Session of sam@vendor.test for case 00012345 ended{also}. Effective everywhere since"
        );
        assert!(notice(&page).starts_with(&said), "{}", notice(&page));
        assert!(world.sessions(CASE).await.is_empty());
        let status = if untick {
            Status::Disabled
        } else {
            Status::Enabled
        };
        assert_eq!(world.status(CASE).await.0, status);
        // What the agent reads of the session at the gateway goes by this.
        let read = world.app.case(world.dana(), &number).await.unwrap();
        let why = if untick {
            EndedWhy::GrantRevoked
        } else {
            EndedWhy::ByApprover
        };
        assert_eq!(read.case().unwrap().ended_sessions[&started.id].why, why);
    }
}

#[tokio::test]
async fn a_session_is_ended_only_with_the_case_it_belongs_to() {
    let world = World::new().await;
    let other = "00012346";
    world
        .open_case(other, "ben@acme.test", &["sam@vendor.test"])
        .await;
    for case in [CASE, other] {
        world.ask(case).await;
        world.grant(case).await;
    }
    let number = crate::world::number(CASE);
    let started = world.app.start_session(world.sam(), &number).await.unwrap();
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    let action = format!("/settings/account/sessions/{}/end", started.id);
    let mixed = Form::on(&page, &action)
        .with("case", other)
        .with("also", "revoke");
    dana.submit(&mixed).await.refuses(404, "session_not_found");
    assert_eq!(world.status(other).await.0, Status::Enabled);
    assert_eq!(world.sessions(CASE).await.len(), 1);

    let mut grace = world.signed_in("grace@globex.test").await;
    let graces = grace.page(EDIT).await;
    let foreign = Form::on(&graces, "/sign-out").sent_to(&action);
    let foreign = foreign.with("case", CASE);
    grace
        .submit(&foreign)
        .await
        .refuses(404, "session_not_found");
    assert_eq!(world.sessions(CASE).await.len(), 1);
}

#[tokio::test]
async fn a_session_that_has_gone_idle_is_not_running() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let number = crate::world::number(CASE);
    world.app.start_session(world.sam(), &number).await.unwrap();
    let mut dana = world.signed_in("dana@acme.test").await;
    world.pass(Duration::from_mins(29));
    assert!(words(&dana.page(EDIT).await).contains("End now"));
    world.pass(Duration::from_mins(1));
    assert!(words(&dana.page(EDIT).await).contains("No session is running."));
}
