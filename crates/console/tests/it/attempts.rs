//! Who came to the console, who went, and what was tried in vain, as a super admin reads it.

use axum::http::{Method, StatusCode};

use crate::{
    browser::TYPED,
    form::{Form, words},
    world::{CASE, World, number},
};

#[tokio::test]
async fn history_tells_who_came_and_what_was_tried_in_every_language() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let link = world.link("dana@acme.test").await;
    let mut again = world.browser();
    again.go(&link).await.leads_to("/");
    let page = again.page("/settings/account").await;
    again.submit(&Form::on(&page, "/sign-out")).await;
    for _ in 0..2 {
        let used = world.browser().go(&link).await;
        assert_eq!(used.status, StatusCode::GONE);
    }
    let case = number(CASE);
    assert!(world.app.grant(world.sam(), &case).await.is_err());
    for (language, said) in [
        (
            "en",
            [
                "dana@acme.test · signed in",
                "dana@acme.test · signed out",
                "Somebody · tried to sign in and was not let in",
                "As Dana Cruz dana@acme.test: the sign-in link had been used before.",
                "sam@vendor.test · tried to grant access",
                "Answer: “For approvers of the case only”",
            ],
        ),
        (
            "de",
            [
                "dana@acme.test · hat sich angemeldet",
                "dana@acme.test · hat sich abgemeldet",
                "Jemand · wollte sich anmelden und wurde nicht eingelassen",
                "Der Anmeldelink war schon verwendet worden.",
                "sam@vendor.test · wollte Zugriff freigeben",
                "Antwort: „",
            ],
        ),
        (
            "fr",
            [
                "dana@acme.test · a établi une connexion",
                "dana@acme.test · a mis fin à sa connexion",
                "Quelqu’un · a tenté une connexion, qui a été refusée",
                "le lien de connexion avait déjà servi.",
                "sam@vendor.test · a voulu accorder l’accès",
                "Réponse : « ",
            ],
        ),
    ] {
        let headers = [TYPED.as_slice(), &[("accept-language", language)]].concat();
        let answer = dana.send(Method::GET, "/history", &headers, None).await;
        let page = words(&answer.body);
        for piece in said {
            assert!(page.contains(piece), "{piece}: {page}");
        }
    }
    // The same again within the minute is not another row.
    let all = words(&dana.page("/history").await);
    assert_eq!(all.matches("was not let in").count(), 1, "{all}");
    for (kind, came, tried) in [("sign_ins", true, false), ("attempts", false, true)] {
        let page = words(&dana.page(&format!("/history?kind={kind}")).await);
        assert_eq!(page.contains("· signed in"), came, "{kind}: {page}");
        assert_eq!(
            page.contains("· tried to grant access"),
            tried,
            "{kind}: {page}"
        );
        assert!(!page.contains("· asked for access"), "{kind}: {page}");
    }
    // A plain admin reads of neither, but for what was tried on the cases that they opened.
    let mut ben = world.signed_in("ben@acme.test").await;
    let page = words(&ben.page("/history").await);
    assert!(!page.contains("signed in"), "{page}");
}
