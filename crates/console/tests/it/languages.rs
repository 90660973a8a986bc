//! Pages in the reader's language, and choosing it.

use axum::http::Method;

use crate::{
    browser::{Browser, OWN_FORM, TYPED},
    form::{Form, notice, words},
    world::{CASE, World},
};

const COOKIE: &str = "countersign-language";

async fn asking(browser: &mut Browser, path: &str, languages: &str) -> crate::browser::Answer {
    let headers = [TYPED.as_slice(), &[("accept-language", languages)]].concat();
    browser.send(Method::GET, path, &headers, None).await
}

#[tokio::test]
async fn a_browser_gets_the_language_it_asks_for() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (asked, code, heading) in [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "<h1>Anmelden</h1>"),
        ("en;q=0.2, fr;q=0.4", "fr", "<h1>Connexion</h1>"),
        ("ja", "en", "<h1>Sign in</h1>"),
        ("de;q=0, \u{7f}<script>", "en", "<h1>Sign in</h1>"),
    ] {
        let asked = asked.replace('\u{7f}', "");
        let answer = asking(&mut browser, "/sign-in", &asked).await;
        assert_eq!(answer.header("content-language"), code);
        assert_eq!(answer.header("vary"), "Accept-Language, Cookie");
        let html = format!("<html lang=\"{code}\" dir=\"ltr\">");
        assert!(answer.body.contains(&html), "{}", answer.body);
        assert!(answer.body.contains(heading), "{}", answer.body);
    }
    let answer = asking(&mut browser, "/settings/account", "de").await;
    assert_eq!(answer.status.as_u16(), 401);
    assert_eq!(answer.header("content-language"), "de");
    let answer = asking(&mut browser, "/nothing", "fr").await;
    answer.refuses(404, "no_page");
    assert!(words(&answer.body).contains("Page introuvable"));
}

#[tokio::test]
async fn a_choice_goes_before_the_browser_and_leads_back_to_the_page() {
    let world = World::new().await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page("/settings/account?edit=support").await;
    let form = Form::on(&page, "/language");
    assert_eq!(form.value("to"), Some("/settings/account?edit=support"));
    dana.submit(&form.with("language", "de"))
        .await
        .leads_to("/settings/account?edit=support");
    assert_eq!(dana.cookie(COOKIE), Some("de"));
    let answer = asking(&mut dana, "/settings/account?edit=support", "fr").await;
    assert_eq!(answer.header("content-language"), "de");
    let said = words(&answer.body);
    assert!(said.contains("Dem Support Zugriff geben"), "{said}");

    dana.plant(COOKIE, "xx");
    let answer = asking(&mut dana, "/cases", "fr").await;
    assert_eq!(answer.header("content-language"), "fr");
}

#[tokio::test]
async fn an_act_is_answered_in_the_readers_language() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    dana.plant(COOKIE, "de");
    let page = dana.page("/settings/account?edit=support").await;
    let grant = format!("/settings/account/cases/{CASE}/grant");
    let ticked = Form::on(&page, &grant)
        .with("grant", "on")
        .with("act", "grant");
    let page = dana.done(&ticked).await;
    let said = notice(&page);
    assert!(
        said.starts_with(&format!("Zugriff für Fall {CASE} freigegeben bis ")),
        "{said}"
    );

    let mut sam = world.signed_in("sam@vendor.test").await;
    sam.plant(COOKIE, "fr");
    let page = sam.page(&format!("/cases/{CASE}")).await;
    assert!(
        words(&page).contains("Lecture seule, jusqu’au "),
        "{}",
        words(&page)
    );
    let answer = sam.go("/settings/account").await;
    answer.refuses(404, "no_page");
    assert!(words(&answer.body).contains("Retour à mes dossiers"));
}

#[tokio::test]
async fn a_choice_leads_nowhere_else_and_is_nobody_elses_to_make() {
    let world = World::new().await;
    let mut browser = world.browser();
    for to in [
        "//evil.test",
        "/\\evil.test",
        "https://evil.test/",
        "/sign-in/cslk_somebody",
        "/x/../sign-in/cslk_somebody",
        "/sessions/sess_1/open?code=1",
        "",
    ] {
        let form = format!("language=de&to={}", to.replace('?', "%3F"));
        let answer = browser
            .send(Method::POST, "/language", &OWN_FORM, Some(&form))
            .await;
        answer.refuses(400, "form_unreadable");
        assert_eq!(browser.cookie(COOKIE), None, "{to}");
    }
    for form in [
        "language=xx&to=/",
        "language=de%0d%0a&to=/",
        "to=/",
        "language=de&language=fr&to=/",
    ] {
        let answer = browser
            .send(Method::POST, "/language", &OWN_FORM, Some(form))
            .await;
        answer.refuses(400, "form_unreadable");
    }
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://evil.test"),
    ];
    let answer = browser
        .send(
            Method::POST,
            "/language",
            &foreign,
            Some("language=de&to=/"),
        )
        .await;
    answer.refuses(403, "foreign_form");
    assert_eq!(browser.cookie(COOKIE), None);
}

/// A page that is gone to by itself would use the link up, or sign somebody in as somebody else.
#[tokio::test]
async fn a_page_at_a_one_time_address_offers_no_way_back_to_itself() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let mut browser = world.browser();
    let answer = browser.send(Method::GET, &link, &[], None).await;
    assert!(
        answer.body.contains("action=\"/sign-in\""),
        "{}",
        answer.body
    );
    assert!(Form::find(&answer.body, "/language").is_none());
    let page = browser.page("/sign-in").await;
    assert!(Form::find(&page, "/language").is_some());
}
