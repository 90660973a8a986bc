//! One-time links, browser sessions and their ends.

use axum::http::{Method, StatusCode};
use countersign_domain::{
    Duration, ImpersonationStatus, IssuerUrl, MailDomain, NewIssuer, OpenIdClient,
};

use crate::{
    browser::{Browser, OWN_FORM, TYPED},
    form::{Form, words},
    world::{CASE, PUBLIC, World},
};

const COOKIE: &str = "__Host-countersign";

async fn is_signed_in(browser: &mut Browser) -> bool {
    browser.go("/settings/account").await.status == StatusCode::OK
}

#[tokio::test]
async fn going_to_a_link_signs_in() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let mut browser = world.browser();
    let answer = browser.go(&link).await;
    answer.leads_to("/");
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-countersign=csb_"), "{cookie}");
    for attribute in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    browser.go("/").await.leads_to("/settings/account");
    assert!(is_signed_in(&mut browser).await);

    let mut agent = world.signed_in("sam@vendor.test").await;
    agent.go("/").await.leads_to("/cases");
}

#[tokio::test]
async fn a_link_works_once() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    world.browser().go(&link).await.leads_to("/");
    let mut second = world.browser();
    let answer = second.go(&link).await;
    assert_eq!(answer.status, StatusCode::GONE);
    assert!(words(&answer.body).contains("This link no longer works"));
    assert_eq!(second.cookie(COOKIE), None);
}

#[tokio::test]
async fn a_link_expires() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    world.pass(Duration::from_hours(1));
    assert_eq!(world.browser().go(&link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_that_is_none_is_not_found() {
    let world = World::new().await;
    let answer = world.browser().go("/sign-in/cso_nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn whatever_is_no_person_at_a_window_is_asked_first() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let mut ahead = TYPED.to_vec();
    ahead.push(("sec-purpose", "prefetch"));
    let visits: [(Method, &[(&str, &str)]); 7] = [
        (Method::GET, &[]),
        (Method::HEAD, &TYPED),
        (Method::GET, &ahead),
        (
            Method::GET,
            &[
                ("sec-fetch-site", "cross-site"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
            ],
        ),
        (
            Method::GET,
            &[
                ("sec-fetch-site", "none"),
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
            ],
        ),
        (
            Method::GET,
            &[
                ("sec-fetch-site", "same-origin"),
                ("sec-fetch-mode", "no-cors"),
                ("sec-fetch-dest", "image"),
            ],
        ),
        (Method::GET, &[("purpose", "prefetch")]),
    ];
    for (method, headers) in visits {
        let mut visitor = world.browser();
        let answer = visitor.send(method.clone(), &link, headers, None).await;
        assert_eq!(answer.status, StatusCode::OK, "{headers:?}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(visitor.cookie(COOKIE), None, "{headers:?}");
        if method == Method::GET {
            let said = words(&answer.body);
            assert!(said.contains("Sign in as Dana Cruz?"), "{said}");
            assert!(said.contains("dana@acme.test"));
        }
    }
    world.browser().go(&link).await.leads_to("/");
}

#[tokio::test]
async fn the_button_signs_in() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let mut browser = world.browser();
    let page = browser.send(Method::GET, &link, &[], None).await.body;
    browser
        .submit(&Form::on(&page, "/sign-in"))
        .await
        .leads_to("/");
    assert!(is_signed_in(&mut browser).await);
    let again = world.browser().submit(&Form::on(&page, "/sign-in")).await;
    assert_eq!(again.status, StatusCode::GONE);
}

#[tokio::test]
async fn only_our_own_page_can_press_that_button() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let mut browser = world.browser();
    let page = browser.send(Method::GET, &link, &[], None).await.body;
    let form = Form::on(&page, "/sign-in").encode();
    for headers in [
        &[][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("origin", PUBLIC)],
        &[("origin", "https://evil.test")],
        &[("origin", "null")],
        &[
            ("sec-fetch-site", "same-origin"),
            ("origin", "https://evil.test"),
        ],
    ] {
        let answer = browser
            .send(Method::POST, "/sign-in", headers, Some(&form))
            .await;
        answer.refuses(403, "foreign_form");
        assert_eq!(browser.cookie(COOKIE), None);
    }
    // A page without referrer sends `Origin: null` with its own forms.
    let own = [("sec-fetch-site", "same-origin"), ("origin", "null")];
    let answer = browser.send(Method::POST, "/sign-in", &own, Some(&form));
    answer.await.leads_to("/");
}

#[tokio::test]
async fn signing_in_again_ends_the_earlier_session() {
    let world = World::new().await;
    let mut browser = world.signed_in("dana@acme.test").await;
    let before = browser.cookie(COOKIE).unwrap().to_owned();
    let link = world.link("ben@acme.test").await;
    browser.go(&link).await.leads_to("/");
    assert_ne!(browser.cookie(COOKIE).unwrap(), before);
    assert!(words(&browser.page("/settings/account").await).contains("Ben Ode"));

    let mut thief = world.browser();
    thief.plant(COOKIE, &before);
    assert!(!is_signed_in(&mut thief).await);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let world = World::new().await;
    let mut browser = world.signed_in("dana@acme.test").await;
    let cookie = browser.cookie(COOKIE).unwrap().to_owned();
    let page = browser.page("/settings/account").await;
    let said = browser.done(&Form::on(&page, "/sign-out")).await;
    assert!(words(&said).contains("You are signed out"));
    assert_eq!(browser.cookie(COOKIE), None);
    browser.plant(COOKIE, &cookie);
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn a_session_ends_when_it_is_idle() {
    let world = World::new().await;
    let mut browser = world.signed_in("dana@acme.test").await;
    for _ in 0..3 {
        world.pass(Duration::from_mins(50));
        assert!(is_signed_in(&mut browser).await);
    }
    world.pass(Duration::from_mins(60));
    let answer = browser.go("/settings/account").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(words(&answer.body).contains("Your sign-in has ended"));
}

#[tokio::test]
async fn a_session_ends_after_half_a_day_whatever_is_done() {
    let world = World::new().await;
    let mut browser = world.signed_in("dana@acme.test").await;
    for _ in 0..15 {
        world.pass(Duration::from_mins(45));
        assert!(is_signed_in(&mut browser).await);
    }
    world.pass(Duration::from_mins(45));
    assert!(!is_signed_in(&mut browser).await);
}

#[tokio::test]
async fn nobody_in_particular_is_asked_to_sign_in() {
    let world = World::new().await;
    let mut browser = world.browser();
    for path in ["/", "/settings/account", "/cases", "/cases/new", "/cases/1"] {
        let answer = browser.go(path).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert!(words(&answer.body).contains("Sign in"));
        assert!(!answer.header("www-authenticate").is_empty());
    }
    assert_eq!(browser.go("/sign-in").await.status, StatusCode::OK);
    for path in ["/cases", "/settings/account/block", "/sign-out"] {
        let answer = browser
            .send(Method::POST, path, &OWN_FORM, Some("csrf="))
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

/// What was asked for signed out is shown after the sign-in, by whichever step the link signs in.
#[tokio::test]
async fn a_link_leads_to_the_page_that_was_asked_for() {
    let world = World::new().await;
    let asked = "/settings/account?edit=support";
    let kept = "__Host-countersign-asked";
    let mut browser = world.browser();
    let answer = browser.go(asked).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let cookie = answer.header("set-cookie");
    assert_eq!(
        cookie,
        "__Host-countersign-asked=%2Fsettings%2Faccount%3Fedit%3Dsupport; \
         Path=/; Secure; SameSite=Lax; Max-Age=3600"
    );
    let mut other_window = browser.twin();
    // The sign-in's own pages and what a script asks for are no pages to come back to.
    browser.go("/sign-in").await;
    let asks = [("sec-fetch-dest", "empty"), ("sec-fetch-mode", "cors")];
    let news = "/settings/account/news?seen=x";
    browser.send(Method::GET, news, &asks, None).await;
    browser.send(Method::GET, "/history", &[], None).await;
    let link = world.link("dana@acme.test").await;
    browser.go(&link).await.leads_to(asked);
    assert_eq!(browser.cookie(kept), None, "once");
    let link = world.link("dana@acme.test").await;
    browser.go(&link).await.leads_to("/");

    // By the button too, with the part of the page that the script has added.
    let deep = "%2Fsettings%2Faccount%3Fedit%3Dsupport%23case-00012345";
    other_window.plant(kept, deep);
    let link = world.link("dana@acme.test").await;
    let page = other_window.send(Method::GET, &link, &[], None).await.body;
    let form = Form::on(&page, "/sign-in");
    let led = other_window.submit(&form).await;
    led.leads_to("/settings/account?edit=support#case-00012345");
}

/// Whoever plants the cookie leads nobody out of this console, and an agent who signs in where a customer
/// asked is not led to a page that does not exist for them.
#[tokio::test]
async fn a_link_leads_nowhere_else() {
    let world = World::new().await;
    for (planted, who, leads_to) in [
        ("%2F%2Fevil.test%2F", "dana@acme.test", "/"),
        ("https%3A%2F%2Fevil.test", "dana@acme.test", "/"),
        ("%2F%5Cevil.test", "dana@acme.test", "/"),
        ("%2Fsign-in%2Fcso_stolen", "dana@acme.test", "/"),
        ("%2Fsettings%2Faccount", "sam@vendor.test", "/"),
        ("%2Fcases%2F00012345", "sam@vendor.test", "/cases/00012345"),
    ] {
        let mut browser = world.browser();
        browser.plant("__Host-countersign-asked", planted);
        let link = world.link(who).await;
        browser.go(&link).await.leads_to(leads_to);
    }
}

/// Whoever has the cookie begins a form and holds its end back; once its owner has signed out, it comes to nothing.
#[tokio::test]
async fn a_form_that_is_held_back_does_not_outlive_the_sign_in() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page("/settings/account").await;
    let grant =
        Form::on(&page, "/sign-out").sent_to(&format!("/settings/account/cases/{CASE}/grant"));
    let mut owner = dana.twin();
    let signed_out = async move {
        owner.done(&Form::on(&page, "/sign-out")).await;
    };
    let answer = dana.submit_held_back(&grant, signed_out).await;
    let said = words(&answer.body);
    assert!(said.contains("Your sign-in has ended"), "{said}");
    let (status, _) = world.status(CASE).await;
    assert_eq!(status, ImpersonationStatus::Requested);
}

#[tokio::test]
async fn nobody_is_led_to_a_provider_from_another_site_or_where_there_is_none() {
    let world = World::new().await;
    let mut browser = world.browser();
    let ask = Form::on(&browser.page("/sign-in").await, "/sign-in/openid");
    let by_acme = ask.clone().with("who", "acme");
    let foreign = [("origin", "https://evil.test")];
    for headers in [&foreign[..], &[]] {
        let answer = browser
            .send(
                Method::POST,
                "/sign-in/openid",
                headers,
                Some(&by_acme.encode()),
            )
            .await;
        answer.refuses(403, "foreign_form");
    }
    for who in ["", "acme", "dana@acme.test", "<b>", "nobody@nowhere.test"] {
        let answer = browser.submit(&ask.clone().with("who", who)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{who}");
        assert!(words(&answer.body).contains("No organisation here has its own sign-in"));
        assert!(!answer.body.contains("<b>"));
    }
    // Where there is one, and this server connects to none.
    let said = NewIssuer {
        url: IssuerUrl::parse("https://login.acme.test").unwrap(),
        client: OpenIdClient::parse("countersign").unwrap(),
        domains: [MailDomain::parse("acme.test").unwrap()].into(),
    };
    let acme = crate::world::slug("acme");
    world
        .app
        .add_issuer(crate::world::OPERATOR, &acme, said.clone(), None)
        .await
        .unwrap();
    browser
        .submit(&by_acme)
        .await
        .refuses(409, "openid_nowhere");
    // Two orgs with one domain are not told apart by it, and neither is named.
    let globex = crate::world::slug("globex");
    world
        .app
        .add_issuer(crate::world::OPERATOR, &globex, said, None)
        .await
        .unwrap();
    let answer = browser.submit(&ask.with("who", "dana@acme.test")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(words(&answer.body).contains("More than one organisation uses that domain"));
    assert!(!answer.body.contains("Globex"));
}

#[tokio::test]
async fn a_super_admin_sets_a_provider_and_takes_it_away() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page("/settings/sign-in").await;
    assert!(words(&page).contains(&format!("{PUBLIC}/sign-in/openid/acme")));
    let add = Form::on(&page, "/settings/sign-in")
        .with("issuer", "https://login.acme.test")
        .with("client", "countersign")
        .with("domains", "@acme.test, acme.example");
    for (field, value) in [
        ("issuer", "http://login.acme.test"),
        ("client", "a b"),
        ("domains", "acme..test"),
    ] {
        let answer = dana.submit(&add.clone().with(field, value)).await;
        answer.refuses(422, "invalid_text");
    }
    dana.submit(&add.clone().with("domains", ""))
        .await
        .refuses(422, "issuer_domains");
    let kept = dana.submit(&add.clone().with("secret", "s3cret")).await;
    kept.refuses(409, "nothing_to_seal_with");
    dana.done(&add).await;
    dana.submit(&add).await.refuses(409, "issuer_taken");
    let page = dana.page("/settings/sign-in").await;
    assert!(words(&page).contains("acme.example, acme.test"), "{page}");
    let acme = crate::world::slug("acme");
    let issuers = world
        .app
        .issuers(crate::world::OPERATOR, &acme)
        .await
        .unwrap();
    let id = issuers[0].issuer.id;
    // Nobody else's.
    let remove = format!("/settings/sign-in/{id}/remove");
    for (person, status) in [
        ("ben@acme.test", 403),
        ("grace@globex.test", 404),
        ("sam@vendor.test", 404),
    ] {
        let mut browser = world.signed_in(person).await;
        let out = Form::on(&browser.page("/cases").await, "/sign-out");
        let body = format!("csrf={}", out.value("csrf").unwrap());
        let answer = browser
            .send(Method::POST, &remove, &OWN_FORM, Some(&body))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{person}");
    }
    dana.done(&Form::on(&page, &remove)).await;
    assert_eq!(
        world
            .app
            .issuers(crate::world::OPERATOR, &acme)
            .await
            .unwrap()
            .len(),
        0
    );
}
