//! Forms that are not ours, and notices that are not ours (R3).

use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use countersign_domain::ImpersonationStatus as Status;
use tower::ServiceExt;

use crate::{
    browser::{OWN_FORM, TYPED},
    form::{Form, notice},
    world::{CASE, PUBLIC, World},
};

const EDIT: &str = "/settings/account?edit=support";
const GRANT: &str = "/settings/account/cases/00012345/grant";
const NOTICE: &str = "__Host-countersign-notice";

#[tokio::test]
async fn a_form_needs_the_token_of_this_sign_in() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    let mut lee = world.signed_in("ben@acme.test").await;
    let others = Form::on(&lee.page(EDIT).await, GRANT);
    let others = others.value("csrf").unwrap();
    let mut before = world.signed_in("dana@acme.test").await;
    let earlier = Form::on(&before.page(EDIT).await, GRANT);
    let earlier = earlier.value("csrf").unwrap();
    for form in [
        tick.clone().without("csrf"),
        tick.clone().with("csrf", ""),
        tick.clone().with("csrf", "wrong"),
        tick.clone().with("csrf", others),
        tick.clone().with("csrf", earlier),
    ] {
        dana.submit(&form).await.refuses(403, "form_not_yours");
        assert_eq!(world.status(CASE).await.0, Status::Requested);
    }
    dana.done(&tick).await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn a_form_from_another_site_is_refused_whatever_it_holds() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    let body = tick.encode();
    for headers in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[("origin", "http://localhost:8081")],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.test"),
        ],
        &[("sec-fetch-site", "cross-site"), ("origin", PUBLIC)],
        &[
            ("sec-fetch-site", "same-origin"),
            ("sec-fetch-site", "same-origin"),
        ],
    ] {
        let answer = dana.send(Method::POST, GRANT, headers, Some(&body)).await;
        answer.refuses(403, "foreign_form");
    }
    assert_eq!(world.status(CASE).await.0, Status::Requested);
    // A client that says nothing of where it comes from still has to know the token.
    let answer = dana.send(Method::POST, GRANT, &[], Some(&body)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
}

#[tokio::test]
async fn an_impersonation_gets_nothing() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let mut headers = TYPED.to_vec();
    headers.push(("countersign-identity", "eyJ"));
    for path in [EDIT, "/cases", "/sign-in"] {
        let answer = dana.send(Method::GET, path, &headers, None).await;
        answer.refuses(403, "impersonation_cannot_act");
    }
    let link = world.link("dana@acme.test").await;
    let answer = dana.send(Method::GET, &link, &headers, None).await;
    answer.refuses(403, "impersonation_cannot_act");
    world.browser().go(&link).await.leads_to("/");
}

#[tokio::test]
async fn only_forms_of_a_sane_shape_are_read() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    let twice = format!("{}&grant=on", tick.encode());
    let answer = dana
        .send(Method::POST, GRANT, &OWN_FORM, Some(&twice))
        .await;
    answer.refuses(400, "form_unreadable");
    let huge = tick.clone().with("more", &"x".repeat(64 * 1024));
    dana.submit(&huge).await.refuses(413, "form_unreadable");
    let json = [("content-type", "application/json")];
    let answer = dana.send(Method::POST, GRANT, &json, None).await;
    answer.refuses(415, "form_unreadable");
    assert_eq!(world.status(CASE).await.0, Status::Requested);
}

#[tokio::test]
async fn a_notice_that_was_tampered_with_says_nothing() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    let answer = dana.submit(&tick).await;
    let set = answer.header("set-cookie");
    for attribute in [
        "; Path=/",
        "; Secure",
        "; HttpOnly",
        "; SameSite=Lax",
        "; Max-Age=60",
    ] {
        assert!(set.contains(attribute), "{set}");
    }
    let genuine = dana.cookie(NOTICE).unwrap().to_owned();
    let (tag, said) = genuine.split_once(':').unwrap();
    let other = said.replace(CASE, "00099999");
    for value in [
        format!("{tag}:{other}"),
        format!("{tag}:{said}:more"),
        format!("x{tag}:{said}"),
        format!(":{said}"),
        said.to_owned(),
        "You are safe".to_owned(),
        String::new(),
    ] {
        dana.plant(NOTICE, &value);
        let page = dana.page(EDIT).await;
        assert_eq!(notice(&page), "", "{value}");
        assert_eq!(dana.cookie(NOTICE), None, "taken away");
    }
    let mut grace = world.signed_in("grace@globex.test").await;
    grace.plant(NOTICE, &genuine);
    assert_eq!(notice(&grace.page(EDIT).await), "", "another sign-in's");
    dana.plant(NOTICE, &genuine);
    assert!(notice(&dana.page(EDIT).await).starts_with("Access granted"));
}

#[tokio::test]
async fn an_address_says_nothing_but_what_it_is() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana
        .page("/settings/account?edit=support&notice=blocked&said=You+are+safe")
        .await;
    assert_eq!(notice(&page), "");
    assert!(!page.contains("You are safe"));
    let answer = dana.go("/cases/%3Cb%3Eyou%3C%2Fb%3E").await;
    answer.refuses(404, "case_not_found");
    assert!(!answer.body.contains("you&") && !answer.body.contains("<b>"));
    let request = Request::get("/cases/%ff").body(Body::empty()).unwrap();
    let router = countersign_console::router(countersign_console::Console {
        app: world.app.clone(),
        identity: countersign_identity::Identity::new(world.app.clone()),
    });
    let status = router.oneshot(request).await.unwrap().status();
    assert!(status.is_client_error());
}
