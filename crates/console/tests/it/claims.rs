//! R3 in the console: passkeys, the claim, and what waits for it.

use axum::http::{Method, StatusCode};
use countersign_domain::{Duration, ImpersonationStatus as Status, Role};
use countersign_identity::soft_authenticator::SoftAuthenticator;
use serde_json::Value;

use crate::{
    browser::{Answer, Browser, OWN_FORM},
    form::{Form, notice},
    world::{CASE, OPERATOR, PUBLIC, World, email, slug},
};

const PAGE: &str = "/settings/account";
const EDIT: &str = "/settings/account?edit=support";
const GRANT: &str = "/settings/account/cases/00012345/grant";
const PASSKEYS: &str = "/settings/account/passkeys";
const DANA: &str = "dana@acme.test";
const BEN: &str = "ben@acme.test";
/// The same in an address.
const BENS: &str = "ben%40acme.test";

/// What a browser says when a script of our own page asks.
const OWN_SCRIPT: [(&str, &str); 4] = [
    ("sec-fetch-site", "same-origin"),
    ("sec-fetch-mode", "cors"),
    ("sec-fetch-dest", "empty"),
    ("origin", PUBLIC),
];

/// What the script of a page is told to ask the browser.
async fn options(browser: &mut Browser, path: &str, csrf: Option<&str>) -> String {
    let body = csrf.map_or(String::new(), |csrf| format!("csrf={csrf}"));
    let answer = browser
        .send(Method::POST, path, &OWN_SCRIPT, Some(&body))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    assert_eq!(answer.header("content-type"), "application/json");
    let asked: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(asked["origin"], PUBLIC);
    asked["options"].to_string()
}

/// Adds a passkey of the device to the account that is signed in.
pub(crate) async fn add(browser: &mut Browser, device: &mut SoftAuthenticator) -> Answer {
    let form = Form::on(&browser.page(PAGE).await, PASSKEYS);
    let csrf = form.value("csrf").unwrap().to_owned();
    let options = options(browser, &format!("{PASSKEYS}/options"), Some(&csrf)).await;
    let answer = device.create(PUBLIC, &options);
    let form = form.with("name", "Work laptop").with("answer", &answer);
    browser.submit(&form).await
}

async fn sign_in(browser: &mut Browser, device: &mut SoftAuthenticator) -> Answer {
    let form = Form::on(&browser.page("/sign-in").await, "/sign-in/passkey");
    let options = options(browser, "/sign-in/passkey/options", None).await;
    let answer = device.get(PUBLIC, &options);
    browser.submit(&form.with("answer", &answer)).await
}

impl World {
    /// Dana's device and a browser in which she has claimed Acme with it.
    pub(crate) async fn claimed(&self) -> (SoftAuthenticator, Browser) {
        let mut device = SoftAuthenticator::new();
        let mut dana = self.signed_in(DANA).await;
        add(&mut dana, &mut device).await;
        sign_in(&mut dana, &mut device).await.leads_to(PAGE);
        (device, dana)
    }
}

/// What was asked for signed out is shown after the sign-in, and nothing of another site ever is.
#[tokio::test]
async fn the_page_that_was_asked_for_is_shown_after_the_sign_in() {
    let world = World::new().await;
    let (mut device, _) = world.claimed().await;
    let asked = "/settings/account?edit=support";
    let deep = format!("{asked}#case-{CASE}");
    for (to, leads_to) in [
        (None, asked),
        (Some(deep.as_str()), deep.as_str()),
        (
            Some("/history?case=00012345&kind=all"),
            "/history?case=00012345&kind=all",
        ),
        (Some("//evil.test/"), "/"),
        (Some("/\\evil.test/"), "/"),
        (Some("https://evil.test/"), "/"),
        (Some("/sign-in/cso_secret"), "/"),
        (Some("/sign-in?out"), "/"),
        (Some(""), "/"),
    ] {
        let mut browser = world.browser();
        let page = browser.go(asked).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        let mut form = Form::on(&page.body, "/sign-in/passkey");
        assert_eq!(form.value("to"), Some(asked));
        let options = options(&mut browser, "/sign-in/passkey/options", None).await;
        form = form.with("answer", &device.get(PUBLIC, &options));
        if let Some(to) = to {
            form = form.with("to", to);
        }
        browser.submit(&form).await.leads_to(leads_to);
    }
}

fn says(page: &str, text: &str) {
    assert!(page.contains(text), "no {text:?} in {page}");
}

#[tokio::test]
async fn from_a_link_to_a_claimed_org() {
    let world = World::new().await;
    let mut device = SoftAuthenticator::new();
    let mut dana = world.signed_in(DANA).await;
    let page = dana.page(PAGE).await;
    says(&page, "Your organisation is not claimed yet.");
    says(&page, "You have no passkey.");
    add(&mut dana, &mut device)
        .await
        .leads_to("/settings/account#passkeys");
    let page = dana.page(PAGE).await;
    assert!(notice(&page).contains("Passkey added"));
    says(&page, "Work laptop");
    says(
        &page,
        "Sign in with a passkey and claim <bdi>Acme Inc</bdi>",
    );

    // From the page itself, without signing out first; the session before is over.
    let before = dana.cookie("__Host-countersign").unwrap().to_owned();
    sign_in(&mut dana, &mut device).await.leads_to(PAGE);
    assert_ne!(dana.cookie("__Host-countersign"), Some(before.as_str()));
    let mut old = world.browser();
    old.plant("__Host-countersign", &before);
    assert_eq!(old.go(PAGE).await.status, StatusCode::UNAUTHORIZED);
    let page = dana.page(PAGE).await;
    says(&page, "You have claimed <bdi>Acme Inc</bdi>.");
    says(
        &page,
        "Access that was granted before you claimed the organisation",
    );
    says(&page, "signed in with this one");
    // Ben and Ann were made by the operator.
    says(&page, "2 things wait for you to accept them");
    world.pass(Duration::from_mins(10));
    let page = dana.page(PAGE).await;
    says(&page, "Claimed by <bdi>Dana Cruz</bdi>");
    let ben = world.signed_in(BEN).await.page(PAGE).await;
    says(&ben, "Claimed by <bdi>Dana Cruz</bdi>");
    // The next sign-in is one like any other.
    sign_in(&mut world.browser(), &mut device)
        .await
        .leads_to("/");
}

#[tokio::test]
async fn an_operators_link_looks_and_takes_away_and_grants_once_accepted() {
    let world = World::new().await;
    world.ask(CASE).await;
    let (_, mut dana) = world.claimed().await;
    let mut linked = world.signed_in(DANA).await;
    let page = linked.page(EDIT).await;
    says(&page, "You are signed in by something your vendor made.");
    says(&page, "Cannot be granted by you yet");
    assert!(Form::find(&page, PASSKEYS).is_none());
    // Whatever the page shows, the act is refused, with what to do.
    let tick = Form::on(&dana.page(EDIT).await, GRANT).with("grant", "on");
    let csrf = Form::on(&page, "/sign-out")
        .value("csrf")
        .unwrap()
        .to_owned();
    let forced = tick.clone().with("csrf", &csrf);
    let refused = linked.submit(&forced).await;
    refused.refuses(403, "credential_not_accepted");
    says(&refused.body, "Sign in with your passkey");
    assert_eq!(world.status(CASE).await.0, Status::Requested);
    // Nor does it accept itself.
    let waiting = dana.page(PAGE).await;
    says(&waiting, "somebody is signed in by it now");
    says(
        &waiting,
        "This link is yours. Accept it only if you asked for it",
    );
    assert!(!waiting.contains("tells you that they asked for it"));
    let accept = accept_link(&waiting);
    let own = accept.clone().with("csrf", &csrf);
    linked
        .submit(&own)
        .await
        .refuses(403, "credential_not_accepted");

    // What Dana grants, it takes away.
    dana.done(&tick).await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
    let untick = Form::on(&linked.page(EDIT).await, GRANT).without("grant");
    linked.done(&untick).await;
    assert_eq!(world.status(CASE).await.0, Status::Disabled);

    let page = dana.done(&accept).await;
    assert!(notice(&page).starts_with("Accepted."));
    let page = linked.page(EDIT).await;
    assert!(!page.contains("signed in by something your vendor made"));
    linked
        .done(&Form::on(&page, GRANT).with("grant", "on"))
        .await;
    assert_eq!(world.status(CASE).await.0, Status::Enabled);
    let page = dana.page(EDIT).await;
    says(&page, "By <bdi>Dana Cruz</bdi>");
}

/// The form that accepts the one sign-in link on the page.
fn accept_link(page: &str) -> Form {
    let start = page.find("One-time sign-in link").expect("a link waits");
    let row = &page[start..];
    let path = row.split("action=\"").nth(1).unwrap();
    Form::on(page, &path[..path.find('"').unwrap()])
}

#[tokio::test]
async fn refusing_signs_out_and_deactivates() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    let mut linked = world.signed_in(DANA).await;
    let page = dana.page(PAGE).await;
    let accept = accept_link(&page);
    let refuse = accept.action.replace("/accept", "/refuse");
    let page = dana.done(&Form::on(&page, &refuse)).await;
    assert!(notice(&page).starts_with("Refused."));
    assert_eq!(linked.go(PAGE).await.status, StatusCode::UNAUTHORIZED);

    let mut ben = world.signed_in(BEN).await;
    says(&ben.page(PAGE).await, "Your account waits to be accepted.");
    let page = dana.page(PAGE).await;
    let refuse = format!("{PAGE}/admins/{BENS}/refuse");
    dana.done(&Form::on(&page, &refuse)).await;
    assert_eq!(ben.go(PAGE).await.status, StatusCode::UNAUTHORIZED);
    let (acme, address) = (slug("acme"), email(BEN));
    let again = world
        .app
        .set_admin_active(OPERATOR, &acme, &address, true)
        .await;
    assert!(again.is_err());
}

#[tokio::test]
async fn a_role_and_an_account_are_accepted_apart() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    let (acme, address) = (slug("acme"), email(BEN));
    let raised = world
        .app
        .set_role(OPERATOR, &acme, &address, Role::SuperAdmin)
        .await;
    raised.unwrap();
    for (verb, text) in [
        ("super-admin/accept", "Role of super admin for"),
        ("accept", "Account"),
    ] {
        let page = dana.page(PAGE).await;
        says(&page, text);
        let action = format!("{PAGE}/admins/{BENS}/{verb}");
        dana.done(&Form::on(&page, &action)).await;
        assert!(Form::find(&dana.page(PAGE).await, &action).is_none());
    }
    let mut ben = world.signed_in(BEN).await;
    let page = ben.page(PAGE).await;
    says(&page, "Super admin");
    says(&page, "You are signed in by something your vendor made.");
}

#[tokio::test]
async fn removing_the_passkey_one_came_by_signs_out() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    let page = dana.page(PAGE).await;
    let remove = page
        .split("action=\"")
        .find(|rest| rest.starts_with(PASSKEYS) && rest.contains("/remove\""));
    let remove = remove.unwrap();
    let first = Form::on(&page, &remove[..remove.find('"').unwrap()]);
    dana.submit(&first).await.refuses(409, "last_passkey");
    let mut spare = SoftAuthenticator::new();
    add(&mut dana, &mut spare).await;
    dana.submit(&first).await.leads_to("/sign-in?out");
    assert_eq!(dana.go(PAGE).await.status, StatusCode::UNAUTHORIZED);
    sign_in(&mut dana, &mut spare).await.leads_to("/");
}

#[tokio::test]
async fn only_our_own_page_in_the_same_browser_signs_in_by_passkey() {
    let world = World::new().await;
    let (mut device, _) = world.claimed().await;
    let mut browser = world.browser();
    for headers in [
        &[
            ("sec-fetch-site", "cross-site"),
            ("origin", "https://evil.test"),
        ][..],
        &[
            ("sec-fetch-site", "same-site"),
            ("origin", "http://x.localhost:8080"),
        ],
        &[("origin", "https://evil.test")],
        &[],
    ] {
        let path = "/sign-in/passkey/options";
        let answer = browser.send(Method::POST, path, headers, Some("")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
        assert!(browser.cookie("__Host-countersign-passkey").is_none());
        let asked = options(&mut browser, path, None).await;
        let body = format!("answer={}", device.get(PUBLIC, &asked).len());
        let answer = browser
            .send(Method::POST, "/sign-in/passkey", headers, Some(&body))
            .await;
        answer.refuses(403, "foreign_form");
        assert!(browser.cookie("__Host-countersign").is_none());
        browser = world.browser();
    }
    // Somebody else's answer, planted in a browser that asked nothing.
    let mut victim = world.browser();
    let form = Form::on(&victim.page("/sign-in").await, "/sign-in/passkey");
    let mut attacker = world.browser();
    let asked = options(&mut attacker, "/sign-in/passkey/options", None).await;
    let answer = form.clone().with("answer", &device.get(PUBLIC, &asked));
    victim
        .submit(&answer)
        .await
        .refuses(409, "passkey_not_asked");
    assert!(victim.cookie("__Host-countersign").is_none());
    // The browser that asked may answer, once.
    attacker.submit(&answer).await.leads_to("/");
    attacker
        .submit(&answer)
        .await
        .refuses(409, "passkey_not_asked");
    // Without a script there is no answer.
    let said = victim.submit(&form).await;
    said.refuses(422, "passkeys_need_javascript");
    let garbled = form.with("answer", "{}");
    options(&mut victim, "/sign-in/passkey/options", None).await;
    victim
        .submit(&garbled)
        .await
        .refuses(422, "passkey_unreadable");
}

/// Each of these changes whose word counts; none without the token of this very sign-in, and none for
/// anybody but the org's own people.
#[tokio::test]
async fn every_act_is_guarded() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    let link = accept_link(&{
        world.signed_in(DANA).await;
        dana.page(PAGE).await
    });
    let credential = link.action.trim_end_matches("/accept").to_owned();
    let paths = [
        format!("{credential}/accept"),
        format!("{credential}/refuse"),
        format!("{PAGE}/admins/{BENS}/accept"),
        format!("{PAGE}/admins/{BENS}/refuse"),
        format!("{PAGE}/admins/{BENS}/super-admin/accept"),
        format!("{PAGE}/admins/{BENS}/super-admin/refuse"),
        PASSKEYS.to_owned(),
        format!("{PASSKEYS}/options"),
        format!(
            "{PASSKEYS}/{}/remove",
            credential.rsplit('/').next().unwrap()
        ),
    ];
    let mut sam = world.signed_in("sam@vendor.test").await;
    let mut grace = world.signed_in("grace@globex.test").await;
    let sams = token(&mut sam, "/cases").await;
    let graces = token(&mut grace, PAGE).await;
    for path in &paths {
        let send = async |browser: &mut Browser, csrf: &str| {
            let body = format!("csrf={csrf}&name=x&answer=x");
            browser
                .send(Method::POST, path, &OWN_FORM, Some(&body))
                .await
        };
        send(&mut dana, "wrong")
            .await
            .refuses(403, "form_not_yours");
        let nobody = send(&mut world.browser(), "wrong").await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        let agent = send(&mut sam, &sams).await;
        assert_eq!(
            agent.status,
            StatusCode::NOT_FOUND,
            "{path}: {}",
            agent.body
        );
        if path.contains("credentials") || path.contains("admins") || path.ends_with("/remove") {
            let stranger = send(&mut grace, &graces).await;
            assert_eq!(
                stranger.status,
                StatusCode::NOT_FOUND,
                "{path}: {}",
                stranger.body
            );
        }
    }
}

async fn token(browser: &mut Browser, path: &str) -> String {
    let page = browser.page(path).await;
    Form::on(&page, "/sign-out")
        .value("csrf")
        .unwrap()
        .to_owned()
}

/// What an operator makes in a claimed org is marked, and a link is not said to do what it does not.
#[tokio::test]
async fn operators_see_what_waits_and_what_a_link_gives() {
    let world = World::new().await;
    let path = "/operator/orgs/acme";
    let mut operator = crate::operator::signed_in(&world).await;
    let page = operator.page(path).await;
    assert!(!page.contains("waits to be accepted"), "{page}");
    let act = format!("{path}/people/act");
    let link = |page: &str| {
        Form::on(page, &act)
            .with("email", "ben@acme.test")
            .with("act", "link")
    };
    let page = operator.submit(&link(&page)).await.body;
    says(&page, "it signs in as them.");

    let (_, _) = world.claimed().await;
    let page = operator.page(path).await;
    let rows = |page: &str| {
        let rows = page.split("<li class=\"row\">").skip(1);
        let rows = rows.map(|row| {
            (
                row.contains("dana@acme.test"),
                row.contains("Account waits"),
            )
        });
        rows.collect::<Vec<_>>()
    };
    let rows = rows(&page);
    assert!(rows.len() > 1);
    // Whoever claimed the org waits for nobody.
    assert!(rows.iter().all(|(dana, waits)| dana != waits), "{page}");
    let page = operator.submit(&link(&page)).await.body;
    says(
        &page,
        "grants and changes nothing until one of its super admins accepts it.",
    );
    assert!(!page.contains("it signs in as them"), "{page}");
}

/// What an open page hears, and what it showed as waiting.
async fn news(browser: &mut Browser, page: &str) -> (String, String) {
    let attribute = |name: &str| {
        let (_, rest) = page.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    let news = page.split_once("id=\"news\"").unwrap().1;
    let seen = news.split_once("data-seen=\"").unwrap().1;
    let address = format!(
        "/settings/account/news?seen={}",
        seen.split('"').next().unwrap()
    );
    let answer = browser
        .send(Method::GET, &address, &OWN_SCRIPT[..3], None)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    (answer.body, attribute("data-waiting"))
}

#[tokio::test]
async fn an_open_page_hears_of_what_comes_to_wait() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    for address in [PAGE, EDIT] {
        let page = dana.page(address).await;
        let made = async {
            world.link(BEN).await;
        };
        let ((news, shown), ()) = tokio::join!(news(&mut dana, &page), made);
        says(&news, "Waits to be accepted: One-time sign-in link for");
        says(&news, "<bdi>ben@acme.test</bdi>");
        let (_, rest) = news.split_once("data-waiting=\"").unwrap();
        let now: Vec<&str> = rest.split('"').next().unwrap().split(' ').collect();
        let shown: Vec<&str> = shown.split(' ').collect();
        assert_eq!(now.len(), shown.len() + 1);
        let new = now.iter().filter(|one| !shown.contains(one));
        assert_eq!(new.count(), 1);
    }
    // Who accepts nothing hears nothing of it.
    let ben = world.signed_in(BEN).await.page(PAGE).await;
    says(&ben, "data-waiting=\"\"");
}

#[tokio::test]
async fn whoever_never_had_a_passkey_is_not_told_to_use_it() {
    let world = World::new().await;
    let (_, mut dana) = world.claimed().await;
    let accept = format!("{PAGE}/admins/{BENS}/accept");
    let form = Form::on(&dana.page(PAGE).await, &accept);
    dana.done(&form).await;
    let page = world.signed_in(BEN).await.page(PAGE).await;
    says(
        &page,
        "to accept this sign-in here, in Settings. Then add a passkey",
    );
    assert!(!page.contains("sign in with your passkey"));
    let waiting = dana.page(PAGE).await;
    says(&waiting, "tells you that they asked for it");
}
