//! At an address that is one org's alone: only that org's people are anybody (R1).

use axum::http::{Method, StatusCode};
use countersign_domain::HostName;
use countersign_identity::soft_authenticator::SoftAuthenticator;
use serde_json::Value;

use crate::{
    browser::{Browser, own_form},
    form::{Form, notice, words},
    operator::signed_in as operator_signed_in,
    world::{CASE, OPERATOR, World, slug},
};

const COOKIE: &str = "__Host-countersign";
const PUBLIC: &str = "https://support.example.com";
const ACMES: &str = "acme.support.example.com";
const GLOBEX: &str = "globex.support.example.com";
/// Acme's as well, and not below the deployment's.
const BESIDE: &str = "support-access.acme.example";
const PAGE: &str = "/settings/account";

impl World {
    async fn with_hosts() -> Self {
        let world = Self::reached_at(PUBLIC, "https://gw.example.net").await;
        world.give("acme", &[ACMES, BESIDE]).await;
        world.give("globex", &[GLOBEX]).await;
        world
    }

    async fn give(&self, org: &str, hosts: &[&str]) {
        let hosts = hosts.iter().map(|name| HostName::parse(name).unwrap());
        let org = slug(org);
        let set = self.app.set_hosts(OPERATOR, &org, hosts.collect());
        set.await.unwrap();
    }
}

/// A link of somebody else's signs in nobody here, names nobody, and is not used up by the try.
#[tokio::test]
async fn only_its_own_people_sign_in_by_link() {
    let world = World::with_hosts().await;
    for person in ["grace@globex.test", "sam@vendor.test"] {
        let link = world.link(person).await;
        let mut browser = world.browser_at(ACMES).await;
        let guess = browser.go("/sign-in/cso_guess").await;
        let answer = browser.go(&link).await;
        answer.status_is(StatusCode::NOT_FOUND);
        assert_eq!(browser.cookie(COOKIE), None);
        assert_eq!(answer.body, guess.body, "nothing tells it from no link");
        // Nor does the page that asks first.
        let asked = browser.send(Method::GET, &link, &[], None).await;
        asked.status_is(StatusCode::NOT_FOUND);
        let said = words(&asked.body);
        assert!(
            said.contains("Support agents and operators sign in at support.example.com"),
            "{said}"
        );
        assert!(!said.contains(person), "{said}");
        let mut elsewhere = world.browser();
        elsewhere.go(&link).await.leads_to("/");
        // Nor does it tell that it was a link once.
        let spent = browser.go(&link).await;
        spent.status_is(StatusCode::NOT_FOUND);
        assert_eq!(spent.body, guess.body);
    }
    let mut dana = world.browser_at(ACMES).await;
    let link = world.link("dana@acme.test").await;
    dana.go(&link).await.leads_to("/");
    dana.page(PAGE).await;
}

/// Whatever cookie is brought to it.
#[tokio::test]
async fn a_cookie_of_another_org_is_as_good_as_none() {
    let world = World::with_hosts().await;
    let cookie_of = async |person| {
        let browser = world.signed_in(person).await;
        browser.cookie(COOKIE).unwrap().to_owned()
    };
    let at = async |host: &str, cookie: &str| {
        let mut browser = world.browser_at(host).await;
        browser.plant(COOKIE, cookie);
        browser
    };
    let grace = cookie_of("grace@globex.test").await;
    let sam = cookie_of("sam@vendor.test").await;
    let dana = cookie_of("dana@acme.test").await;
    for (host, cookie) in [
        (ACMES, &grace),
        (ACMES, &sam),
        (GLOBEX, &dana),
        (BESIDE, &grace),
    ] {
        let mut browser = at(host, cookie).await;
        for path in [
            PAGE,
            "/cases",
            "/history",
            "/live",
            "/settings/account/news",
        ] {
            let answer = browser.go(path).await;
            answer.status_is(StatusCode::UNAUTHORIZED);
            assert!(words(&answer.body).contains("Your sign-in has ended"));
        }
        let block = browser
            .send(
                Method::POST,
                "/settings/account/block",
                &own_form(&format!("https://{host}")),
                Some(""),
            )
            .await;
        block.status_is(StatusCode::UNAUTHORIZED);
        // It still is somebody's where it belongs.
        let mut home = world.browser();
        home.plant(COOKIE, cookie);
        home.go("/cases").await.status_is(StatusCode::OK);
    }
    at(ACMES, &dana).await.page(PAGE).await;
    at(BESIDE, &dana).await.page(PAGE).await;
    at(GLOBEX, &grace).await.page(PAGE).await;
}

#[tokio::test]
async fn operators_are_led_to_the_deployments_own_address() {
    let world = World::with_hosts().await;
    let mut browser = world.browser_at(ACMES).await;
    let cookie = "__Host-countersign-operator";
    let operator = operator_signed_in(&world).await;
    browser.plant(cookie, operator.cookie(cookie).unwrap());
    for path in ["/operator", "/operator/orgs/acme", "/operator/sign-in"] {
        browser.go(path).await.leads_to(&format!("{PUBLIC}{path}"));
    }
    let sent = browser
        .send(
            Method::POST,
            "/operator/sign-in",
            &own_form(&format!("https://{ACMES}")),
            Some("token=x"),
        )
        .await;
    sent.refuses(404, "no_page");
    browser.go("/operatorial").await.refuses(404, "no_page");
}

/// Forms are taken from the address's own pages, and from those of no other address that is ours too.
#[tokio::test]
async fn a_form_of_another_address_is_foreign() {
    let world = World::with_hosts().await;
    let mut dana = world.browser_at(ACMES).await;
    let link = world.link("dana@acme.test").await;
    dana.go(&link).await.leads_to("/");
    let form = Form::on(&dana.page("/settings/rules").await, "/settings/rules");
    let body = form.encode();
    for origin in [
        PUBLIC.to_owned(),
        format!("https://{GLOBEX}"),
        format!("https://{BESIDE}"),
        format!("http://{ACMES}"),
        format!("https://{ACMES}.evil.test"),
    ] {
        let only_origin = [("origin", origin.as_str())];
        let sent = dana.send(Method::POST, "/settings/rules", &only_origin, Some(&body));
        sent.await.refuses(403, "foreign_form");
        let own = own_form(&origin);
        let sent = dana.send(Method::POST, "/settings/rules", &own, Some(&body));
        sent.await.refuses(403, "foreign_form");
    }
    dana.submit(&form).await.status_is(StatusCode::SEE_OTHER);
    // Nor are its own pages' forms the deployment's.
    let mut home = world.browser();
    home.plant(COOKIE, dana.cookie(COOKIE).unwrap());
    let only_origin = [("origin", "https://acme.support.example.com")];
    let sent = home.send(Method::POST, "/settings/rules", &only_origin, Some(&body));
    sent.await.refuses(403, "foreign_form");
}

async fn options(
    browser: &mut Browser,
    origin: &str,
    path: &str,
    csrf: &str,
) -> (StatusCode, Value) {
    let script = [
        ("sec-fetch-site", "same-origin"),
        ("sec-fetch-mode", "cors"),
        ("sec-fetch-dest", "empty"),
        ("origin", origin),
    ];
    let body = format!("csrf={csrf}");
    let answer = browser.send(Method::POST, path, &script, Some(&body)).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap())
}

/// Passkeys are the deployment's: a name below its own uses them, for its own org.
#[tokio::test]
async fn below_the_deployments_name_its_passkeys_are_used() {
    let world = World::with_hosts().await;
    let own = format!("https://{ACMES}");
    let mut device = SoftAuthenticator::new();
    let mut dana = world.browser_at(ACMES).await;
    dana.go(&world.link("dana@acme.test").await)
        .await
        .leads_to("/");
    let form = Form::on(&dana.page(PAGE).await, "/settings/account/passkeys");
    let csrf = form.value("csrf").unwrap().to_owned();
    let (_, asked) = options(&mut dana, &own, "/settings/account/passkeys/options", &csrf).await;
    assert_eq!(asked["origin"], own);
    assert_eq!(asked["options"]["rp"]["id"], "support.example.com");
    let answer = device.create(&own, &asked["options"].to_string());
    let added = dana
        .submit(&form.with("name", "Laptop").with("answer", &answer))
        .await;
    added.status_is(StatusCode::SEE_OTHER);

    let sign_in = async |device: &mut SoftAuthenticator, host: Option<&str>, page_at: &str| {
        let mut browser = match host {
            Some(host) => world.browser_at(host).await,
            None => world.browser(),
        };
        let origin = host.map_or(PUBLIC.to_owned(), |host| format!("https://{host}"));
        let form = Form::on(&browser.page("/sign-in").await, "/sign-in/passkey");
        let (_, asked) = options(&mut browser, &origin, "/sign-in/passkey/options", "").await;
        assert_eq!(asked["options"]["rpId"], "support.example.com");
        let answer = device.get(page_at, &asked["options"].to_string());
        browser.submit(&form.with("answer", &answer)).await
    };
    sign_in(&mut device, Some(ACMES), &own).await.leads_to(PAGE);
    // The same passkey at the deployment's own address.
    sign_in(&mut device, None, PUBLIC).await.leads_to("/");
    // At another org's address it is nobody's, and an answer that was given to another page is none.
    let globex = format!("https://{GLOBEX}");
    let refused = sign_in(&mut device, Some(GLOBEX), &globex).await;
    refused.refuses(403, "passkey_unknown");
    let refused = sign_in(&mut device, Some(ACMES), PUBLIC).await;
    refused.refuses(403, "passkey_not_verified");
    let refused = sign_in(&mut device, None, &own).await;
    refused.refuses(403, "passkey_not_verified");
}

/// Where the browser would not let them be used, the page leads to where it does.
#[tokio::test]
async fn beside_the_deployments_name_passkeys_lead_to_it() {
    let world = World::with_hosts().await;
    let mut browser = world.browser_at(BESIDE).await;
    let asked = "/settings/account?edit=support";
    let answer = browser.go(asked).await;
    answer.status_is(StatusCode::UNAUTHORIZED);
    assert!(Form::find(&answer.body, "/sign-in/passkey").is_none());
    let there = format!("href=\"{PUBLIC}{asked}\"");
    assert!(answer.body.contains(&there), "{}", answer.body);
    let origin = format!("https://{BESIDE}");
    let (status, told) = options(&mut browser, &origin, "/sign-in/passkey/options", "").await;
    assert_eq!(status, StatusCode::CONFLICT);
    let told = told["message"].as_str().unwrap();
    assert!(told.contains("not below it"), "{told}");

    browser
        .go(&world.link("dana@acme.test").await)
        .await
        .leads_to(asked);
    let page = browser.page(PAGE).await;
    assert!(Form::find(&page, "/settings/account/passkeys").is_none());
    let there = format!("href=\"{PUBLIC}/settings/account#passkeys\"");
    assert!(page.contains(&there), "{page}");
}

/// What an agent passes on leads to the customer's own address, unless it would tell the agent which org it is.
#[tokio::test]
async fn what_is_passed_on_leads_to_the_orgs_own_host() {
    let world = World::with_hosts().await;
    world.ask(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(&format!("/cases/{CASE}")).await;
    let link = format!("https://{ACMES}{PAGE}?edit=support#case-{CASE}");
    assert!(page.contains(&link), "{page}");

    world
        .open_case("SELF-1", "sam@vendor.test", &["sam@vendor.test"])
        .await;
    world.ask("SELF-1").await;
    let page = sam.page("/cases/SELF-1").await;
    let link = format!("{PUBLIC}{PAGE}?edit=support#case-SELF-1");
    assert!(page.contains(&link), "{page}");
    assert!(
        !page.contains(ACMES),
        "R6: the name would say which org it is"
    );
}

/// What stands in the field of the form.
fn in_the_field(page: &str) -> String {
    let (_, field) = page.split_once("name=\"hosts\"").unwrap();
    let (_, text) = field.split_once('>').unwrap();
    let (text, _) = text.split_once("</textarea>").unwrap();
    text.trim().to_owned()
}

#[tokio::test]
async fn an_operator_sets_them_on_the_orgs_page() {
    let world = World::with_hosts().await;
    let mut operator = operator_signed_in(&world).await;
    let (at, action) = ("/operator/orgs/acme", "/operator/orgs/acme/hosts");
    let page = operator.page(at).await;
    let form = Form::on(&page, action);
    assert_eq!(in_the_field(&page), format!("{ACMES}\n{BESIDE}"));
    let flagged = page.split("<ul class=\"bullets\">").nth(1).unwrap();
    let flagged = flagged.split("</ul>").next().unwrap();
    assert!(
        flagged.contains(BESIDE) && !flagged.contains(ACMES),
        "{flagged}"
    );

    let typed = format!("  New.support.example.com\r\n\r\n{ACMES} ");
    let page = operator.done(&form.clone().with("hosts", &typed)).await;
    assert_eq!(notice(&page), "The host names are saved.");
    let set = Form::on(&page, action);
    assert_eq!(
        in_the_field(&page),
        format!("new.support.example.com\n{ACMES}")
    );

    // The form is of before.
    let stale = operator.done(&form.with("hosts", "")).await;
    assert!(notice(&stale).starts_with("Someone has changed the host names"));
    for (typed, said) in [
        ("acme.example:443", "one in each line: no port"),
        ("fine.example.com support.example.com", "console or gateway"),
        (GLOBEX, "Another org has one of these host names"),
        ("a.example.com A.example.com", "A list with a name twice"),
    ] {
        let answer = operator.submit(&set.clone().with("hosts", typed)).await;
        answer.status_is(StatusCode::UNPROCESSABLE_ENTITY);
        let page = words(&answer.body);
        assert!(page.contains(said), "{typed}: {page}");
        assert_eq!(in_the_field(&answer.body), typed);
    }
    let page = operator.done(&set.with("hosts", "")).await;
    assert_eq!(in_the_field(&page), "");
}
