//! What an operator does at the console, and what nobody does with an operator's cookie (R1, R3, R4).

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::{
    Extension,
    http::{Method, StatusCode},
};
use countersign_app::{Checked, OwnerRef, ProductCheck, Seen};
use countersign_console::{Console, Products, router};
use countersign_domain::{Duration, ImpersonationStatus as Status, Origin};
use countersign_identity::Identity;

use crate::{
    browser::{Browser, OWN_FORM},
    form::{Form, notice, words},
    world::{CASE, OPERATOR, World, slug},
};

const COOKIE: &str = "__Host-countersign-operator";

async fn token(world: &World) -> String {
    let minted = world
        .app
        .mint_token(OPERATOR, &OwnerRef::Operator, None)
        .await;
    minted.unwrap().secret.expose().to_owned()
}

async fn signed_in_on(world: &World, mut browser: Browser) -> Browser {
    let page = browser.page("/operator/sign-in").await;
    let form = Form::on(&page, "/operator/sign-in").with("token", &token(world).await);
    browser.submit(&form).await.leads_to("/operator");
    browser
}

pub(crate) async fn signed_in(world: &World) -> Browser {
    signed_in_on(world, world.browser()).await
}

#[tokio::test]
async fn an_operator_signs_in_with_a_token_that_stays_out_of_the_browser() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser
        .go("/operator")
        .await
        .status_is(StatusCode::UNAUTHORIZED);
    let page = browser.page("/operator/sign-in").await;
    let form = Form::on(&page, "/operator/sign-in");
    let token = token(&world).await;
    let answer = browser.submit(&form.clone().with("token", &token)).await;
    answer.leads_to("/operator");
    let cookie = answer.header("set-cookie");
    for part in [
        "; Secure",
        "; HttpOnly",
        "; SameSite=Strict",
        "; Path=/",
        "; Max-Age=14400",
    ] {
        assert!(cookie.contains(part), "{part}: {cookie}");
    }
    assert_ne!(browser.cookie(COOKIE), Some(&*token));
    let page = browser.page("/operator").await;
    assert!(words(&page).contains("acme Acme Inc http://127.0.0.1:9000"));

    // Signing out revokes: a copy of the cookie opens nothing any more.
    let mut stolen = browser.twin();
    browser
        .submit(&Form::on(&page, "/operator/sign-out"))
        .await
        .leads_to("/operator/sign-in");
    stolen
        .go("/operator")
        .await
        .status_is(StatusCode::UNAUTHORIZED);
    assert!(world.identity().bearer(&token).await.is_ok());
}

#[tokio::test]
async fn nothing_but_an_operators_good_token_signs_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    let form = Form::on(
        &browser.page("/operator/sign-in").await,
        "/operator/sign-in",
    );
    let sam = OwnerRef::Agent {
        email: countersign_domain::Email::parse("sam@vendor.test").unwrap(),
    };
    let sams = world.app.mint_token(OPERATOR, &sam, None).await.unwrap();
    for wrong in ["", "nonsense", sams.secret.expose()] {
        let answer = browser.submit(&form.clone().with("token", wrong)).await;
        answer.status_is(StatusCode::FORBIDDEN);
        assert!(words(&answer.body).contains("That is no good API token of an operator."));
        assert_eq!(browser.cookie(COOKIE), None);
    }
    let token = token(&world).await;
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.test"),
    ];
    let body = form.with("token", &token).encode();
    let answer = browser
        .send(Method::POST, "/operator/sign-in", &foreign, Some(&body))
        .await;
    answer.refuses(403, "foreign_form");
    assert_eq!(browser.cookie(COOKIE), None);

    let over = "Your sign-in has ended, after half an hour without a request or after four hours";
    for (passes, times) in [(30, 1), (20, 12)] {
        let mut operator = signed_in(&world).await;
        for _ in 1..times {
            world.pass(Duration::from_mins(passes));
            operator.page("/operator").await;
        }
        world.pass(Duration::from_mins(passes));
        let answer = operator.go("/operator").await;
        answer.status_is(StatusCode::UNAUTHORIZED);
        assert!(words(&answer.body).contains(over), "{}", answer.body);
    }
}

/// What is in an operator's browser opens the console and nothing else, and a token is no cookie.
#[tokio::test]
async fn an_operators_cookie_is_no_token_and_a_token_no_cookie() {
    let world = World::new().await;
    let operator = signed_in(&world).await;
    let cookie = operator.cookie(COOKIE).unwrap();
    assert!(world.identity().bearer(cookie).await.is_err());
    let mut planted = world.browser();
    planted.plant(COOKIE, &token(&world).await);
    planted
        .go("/operator")
        .await
        .status_is(StatusCode::UNAUTHORIZED);
}

const READS: [&str; 6] = [
    "/operator",
    "/operator/orgs/acme",
    "/operator/orgs/acme/routes",
    "/operator/agents",
    "/operator/cases",
    "/operator/health",
];
const WRITES: [&str; 9] = [
    "/operator/sign-out",
    "/operator/orgs",
    "/operator/orgs/acme/product",
    "/operator/orgs/acme/product/check",
    "/operator/orgs/acme/routes",
    "/operator/orgs/acme/people",
    "/operator/orgs/acme/people/act",
    "/operator/agents",
    "/operator/agents/act",
];

#[tokio::test]
async fn the_operators_pages_are_for_operators_and_their_forms_for_their_own_pages() {
    let world = World::new().await;
    for person in ["dana@acme.test", "ben@acme.test", "sam@vendor.test"] {
        let mut browser = world.signed_in(person).await;
        let csrf = Form::on(&browser.page("/cases").await, "/sign-out");
        for path in READS {
            let answer = browser.go(path).await;
            answer.status_is(StatusCode::UNAUTHORIZED);
            assert!(!answer.body.contains("globex"), "{person} {path}");
        }
        for path in WRITES {
            let answer = browser.submit(&csrf.clone().sent_to(path)).await;
            answer.status_is(StatusCode::UNAUTHORIZED);
        }
        // Another person's session secret is no operator's credential.
        let cookie = browser.cookie("__Host-countersign").unwrap().to_owned();
        browser.plant(COOKIE, &cookie);
        browser
            .go("/operator")
            .await
            .status_is(StatusCode::UNAUTHORIZED);
    }
    let mut operator = signed_in(&world).await;
    for path in READS {
        operator.page(path).await;
    }
    for path in WRITES {
        for csrf in ["", "csrf=", "csrf=wrong", "csrf=x&csrf=y"] {
            let answer = operator
                .send(Method::POST, path, &OWN_FORM, Some(csrf))
                .await;
            assert!(
                answer.status == StatusCode::FORBIDDEN || answer.status == StatusCode::BAD_REQUEST,
                "{path} {csrf}: {}",
                answer.status
            );
        }
    }
    let page = operator.page("/operator").await;
    assert!(words(&page).contains("acme") && !page.contains("A new one"));
}

#[tokio::test]
async fn an_operator_approves_opens_and_acts_on_no_route() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut operator = signed_in(&world).await;
    let csrf = Form::on(&operator.page("/operator").await, "/operator/sign-out");
    let settings = format!("/settings/account/cases/{CASE}");
    for path in [
        "/settings/account/block".to_owned(),
        "/settings/account/unblock".to_owned(),
        "/settings/rules".to_owned(),
        "/settings/account/sessions/sess_00000000000000000000000000001001/end".to_owned(),
        format!("{settings}/grant"),
        format!("{settings}/extend"),
        format!("{settings}/self-assignment/approve"),
        format!("{settings}/self-assignment/withdraw"),
        "/cases".to_owned(),
        format!("/cases/{CASE}/request"),
        format!("/cases/{CASE}/request/withdraw"),
        format!("/cases/{CASE}/sessions"),
        format!("/cases/{CASE}/close"),
        format!("/cases/{CASE}/reopen"),
        "/sessions/sess_00000000000000000000000000001001/end".to_owned(),
        "/sign-out".to_owned(),
    ] {
        let form = csrf.clone().with("grant", "on").sent_to(&path);
        operator
            .submit(&form)
            .await
            .status_is(StatusCode::UNAUTHORIZED);
    }
    for path in [
        "/settings/account",
        "/settings/rules",
        "/live",
        "/history",
        "/cases",
        "/cases/00012345",
        "/cases/00012345/looked",
        "/cases/00012345/report",
        "/my-cases/news",
        "/sessions/sess_00000000000000000000000000001001/open",
    ] {
        let answer = operator.go(path).await;
        answer.status_is(StatusCode::UNAUTHORIZED);
        assert!(!answer.body.contains("Rules stop"), "{path}");
    }
    assert_eq!(world.status(CASE).await.0, Status::Requested);
    let cases = operator.page("/operator/cases").await;
    let said = words(&cases);
    assert!(said.contains("00012345 Acme Inc"), "{said}");
    assert!(said.contains("Waiting for approval"), "{said}");
    // What support asks for, and looks at, is not for operators; and nothing can be done from here.
    assert!(!cases.contains(crate::world::WHY));
    assert_eq!(cases.matches("<form").count(), 2, "sign out and language");
}

#[tokio::test]
async fn an_org_and_its_people_are_made() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let form = Form::on(&operator.page("/operator").await, "/operator/orgs");
    let wrong = form.clone().with("slug", "In itech!").with("name", "  ");
    let answer = operator.submit(&wrong).await;
    answer.status_is(StatusCode::UNPROCESSABLE_ENTITY);
    let said = words(&answer.body);
    assert!(said.contains("Write a short name of a to z"), "{said}");
    assert!(said.contains("Write a name, in one line."), "{said}");
    assert_eq!(
        Form::on(&answer.body, "/operator/orgs").value("slug"),
        Some("In itech!")
    );
    let taken = form.clone().with("slug", "acme").with("name", "Another");
    let answer = operator.submit(&taken).await;
    answer.status_is(StatusCode::CONFLICT);
    assert!(words(&answer.body).contains("Another organisation has this short name."));

    let page = operator
        .done(&form.with("slug", "initech").with("name", "Initech & Söhne"))
        .await;
    assert!(notice(&page).starts_with("The organisation is there. Next: say where"));
    assert!(page.contains("<h1><bdi>Initech &amp; Söhne</bdi></h1>"));
    let people = "/operator/orgs/initech/people";
    let form = Form::on(&page, people);
    let answer = operator
        .submit(&form.clone().with("email", "peter").with("name", ""))
        .await;
    answer.status_is(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&answer.body).contains("This must be an e-mail address."));
    let peter = form
        .with("email", "peter@initech.test")
        .with("name", "Peter Gib")
        .with("role", "super_admin");
    let page = operator.done(&peter).await;
    assert!(notice(&page).starts_with("The person is there."));
    let row = |page: &str| {
        words(
            page.split_once("Peter Gib")
                .unwrap()
                .1
                .split_once("</li>")
                .unwrap()
                .0,
        )
    };
    assert!(
        row(&page).starts_with("Super admin peter@initech.test"),
        "{}",
        row(&page)
    );
    let answer = operator.submit(&peter).await;
    answer.status_is(StatusCode::CONFLICT);
    assert!(words(&answer.body).contains("Somebody has this address already."));

    // A link that signs in once, shown once.
    let act = Form::on(&page, &format!("{people}/act"));
    let answer = operator.submit(&act.clone().with("act", "link")).await;
    answer.status_is(StatusCode::OK);
    let (_, rest) = answer
        .body
        .split_once("value=\"http://localhost:8080/sign-in/")
        .unwrap();
    let link = format!("/sign-in/{}", rest.split('"').next().unwrap());
    let mut peter = world.browser();
    peter.go(&link).await.leads_to("/");
    assert!(peter.page("/settings/account").await.contains("Initech"));
    assert!(
        !operator
            .page("/operator/orgs/initech")
            .await
            .contains("/sign-in/cso")
    );

    let page = operator.done(&act.clone().with("act", "admin")).await;
    assert_eq!(notice(&page), "The role of peter@initech.test is set.");
    assert!(!row(&page).contains("Super admin peter"));
    let page = operator.done(&act.clone().with("act", "deactivate")).await;
    assert!(notice(&page).starts_with("peter@initech.test may not act any more. Effective"));
    assert!(row(&page).starts_with("Inactive peter@initech.test"));
    peter
        .go("/settings/account")
        .await
        .status_is(StatusCode::UNAUTHORIZED);
    let page = operator.done(&act.clone().with("act", "activate")).await;
    assert_eq!(notice(&page), "peter@initech.test may sign in and act.");
    for strange in ["", "approve", "grant"] {
        let answer = operator.submit(&act.clone().with("act", strange)).await;
        answer.refuses(400, "form_unreadable");
    }
    operator
        .go("/operator/orgs/nobody")
        .await
        .refuses(404, "org_not_found");
    operator
        .go("/operator/orgs/%20")
        .await
        .refuses(404, "org_not_found");
}

#[tokio::test]
async fn an_agent_is_made_and_stopped_with_every_session() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let started = world
        .app
        .start_session(world.sam(), &crate::world::number(CASE))
        .await;
    started.unwrap();
    let mut operator = signed_in(&world).await;
    let page = operator.page("/operator/agents").await;
    let form = Form::on(&page, "/operator/agents");
    let new = form.with("email", "max@vendor.test").with("name", "Max");
    let page = operator.done(&new).await;
    assert!(words(&page).contains("Max max@vendor.test"));
    let act = Form::on(&page, "/operator/agents/act").with("email", "sam@vendor.test");
    let page = operator.done(&act.clone().with("act", "deactivate")).await;
    assert!(
        notice(&page).starts_with("sam@vendor.test may not act any more. Effective everywhere")
    );
    assert!(world.sessions(CASE).await.is_empty());
    let role = operator.submit(&act.with("act", "super_admin")).await;
    role.refuses(400, "form_unreadable");
}

#[tokio::test]
async fn where_the_product_is_can_be_set_on_what_is_set_now_only() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let path = "/operator/orgs/acme/product";
    let form = Form::on(&operator.page("/operator/orgs/acme").await, path);
    assert_eq!(form.value("origin"), Some("http://127.0.0.1:9000"));
    let wrong = form
        .clone()
        .with("origin", "https://app.example.com/path")
        .with("user_header", "Cookie");
    let answer = operator.submit(&wrong).await;
    answer.status_is(StatusCode::UNPROCESSABLE_ENTITY);
    let said = words(&answer.body);
    assert!(
        said.contains("Write an address such as https://app.example.com"),
        "{said}"
    );
    assert!(
        said.contains("Write the name of a header that the gateway may set"),
        "{said}"
    );
    let new = form
        .clone()
        .with("origin", "https://app.example.com")
        .with("user_header", "X-Remote-User");
    let page = operator.done(&new).await;
    assert!(
        notice(&page).starts_with("The product is saved."),
        "{}",
        notice(&page)
    );
    let set = world
        .app
        .upstream(OPERATOR, &slug("acme"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(set.origin.as_str(), "https://app.example.com");
    assert_eq!(set.user_header.unwrap().as_str(), "x-remote-user");
    assert_eq!(set.mode.as_str(), "by-method");
    // A form from before.
    let page = operator.done(&form).await;
    assert!(
        notice(&page).starts_with("Someone has changed the product since you opened this page")
    );
    let set = world
        .app
        .upstream(OPERATOR, &slug("acme"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(set.origin.as_str(), "https://app.example.com");
}

#[derive(Clone, Default)]
struct Asked(Arc<Mutex<Vec<String>>>);

#[async_trait]
impl ProductCheck for Asked {
    async fn check(&self, origin: &Origin) -> Checked {
        self.0.lock().unwrap().push(origin.to_string());
        Checked {
            took_ms: 7,
            seen: Seen::Refused,
        }
    }
}

#[tokio::test]
async fn only_the_product_that_is_configured_is_asked_and_only_when_the_button_is_pressed() {
    let world = World::new().await;
    let asked = Asked::default();
    let console = Console {
        app: world.app.clone(),
        identity: Identity::new(world.app.clone()),
    };
    let router = router(console).layer(Extension(Products::new(asked.clone())));
    let mut operator = signed_in_on(&world, world.browser().twin_on(router)).await;
    let page = operator.page("/operator/orgs/acme").await;
    let check = "/operator/orgs/acme/product/check";
    operator
        .go(check)
        .await
        .status_is(StatusCode::METHOD_NOT_ALLOWED);
    assert!(asked.0.lock().unwrap().is_empty());
    // What else the form brings is not asked.
    let form = Form::on(&page, check).with("origin", "http://169.254.169.254");
    let answer = operator.submit(&form).await;
    answer.status_is(StatusCode::OK);
    let said = words(&answer.body);
    assert!(
        said.contains("Does not answer Nothing listens at this address. Check the port, and that the product runs. It took 7 ms."),
        "{said}"
    );
    assert_eq!(*asked.0.lock().unwrap(), ["http://127.0.0.1:9000"]);
    let form = form.sent_to("/operator/orgs/nobody/product/check");
    operator.submit(&form).await.refuses(404, "org_not_found");
    assert_eq!(asked.0.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn health_says_whether_this_server_serves() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let said = words(&operator.page("/operator/health").await);
    for piece in [
        "Ready",
        "Version 0.1.0",
        "Time of the database 00:00:00 UTC",
        "http://gw.localhost:8081",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    world.app.node().stop().await;
    let answer = operator.go("/operator/health").await;
    answer.status_is(StatusCode::SERVICE_UNAVAILABLE);
    assert!(words(&answer.body).contains("Not ready"));
}
