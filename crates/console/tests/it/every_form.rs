//! What holds for every address there is, found where the addresses are said: a new one is in these tests by itself.

use std::{collections::BTreeMap, fs, path::Path};

use axum::http::{Method, StatusCode};

use crate::{
    browser::{OWN_FORM, TYPED},
    form::Form,
    operator,
    world::{CASE, World},
};

/// Forms of nobody in particular: nobody is signed in whose token they could carry, and the guard alone
/// vouches for them.
const ANYBODYS: [&str; 8] = [
    "/sign-in",
    "/sign-in/openid",
    // Providers', which are no browsers: what they send proves itself.
    "/sign-in/openid/{slug}/out",
    "/sign-in/staff/{slug}/out",
    "/sign-in/passkey",
    "/sign-in/passkey/options",
    "/operator/sign-in",
    "/language",
];

/// A case that there is not.
const NONE: &str = "00099999";

struct Route {
    path: String,
    posts: bool,
    gets: bool,
}

/// The routes as the code says them.
fn routes() -> Vec<Route> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let code = fs::read_to_string(path).unwrap();
        // Parts of addresses that have a name: `let case = "/settings/account/cases/{number}";`
        let named: BTreeMap<&str, &str> = code
            .split("let ")
            .skip(1)
            .filter_map(|rest| {
                rest.split_once(';')
                    .unwrap_or((rest, ""))
                    .0
                    .split_once(" = ")
            })
            .filter(|(_, value)| value.starts_with("\"/"))
            .map(|(name, value)| (name, value.trim_matches('"')))
            .collect();
        for route in code.split(".route(").skip(1) {
            // The address is a text, a text with a named part in it, or such a part.
            let route = route.trim_start();
            let route = route.strip_prefix("&format!(").unwrap_or(route);
            let (path, handlers) = match route.strip_prefix('"') {
                Some(text) => text.split_once('"').unwrap(),
                None => {
                    let (name, handlers) = route.split_once(',').unwrap();
                    (named[name], handlers)
                }
            };
            let end = handlers.find([';', '}']).unwrap_or(handlers.len());
            let handlers = &handlers[..end];
            let mut path = path.to_owned();
            for (name, value) in &named {
                path = path.replace(&format!("{{{name}}}"), value);
            }
            found.push(Route {
                path,
                posts: handlers.contains("post("),
                gets: handlers.contains("get("),
            });
        }
    }
    assert!(found.len() > 25, "the routes are found");
    found
}

/// The address with these in its places.
fn filled(path: &str, case: &str, session: &str) -> String {
    let pieces = path.split('/').map(|piece| match piece {
        "{number}" => case,
        "{id}" => session,
        piece if piece.starts_with('{') => "anything",
        piece => piece,
    });
    pieces.collect::<Vec<_>>().join("/")
}

/// Live access to [`CASE`], Sam in a session under it, and that session's id.
async fn busy() -> (World, String) {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut sam = world.signed_in("sam@vendor.test").await;
    let page = sam.page(&format!("/cases/{CASE}")).await;
    sam.submit(&Form::on(&page, &format!("/cases/{CASE}/sessions")))
        .await;
    let session = world.sessions(CASE).await.into_iter().next().unwrap();
    (world, session)
}

#[tokio::test]
async fn no_form_is_taken_without_its_senders_token_or_from_elsewhere() {
    let (world, session) = busy().await;
    let standing = (world.status(CASE).await, world.sessions(CASE).await);
    let mut people = Vec::new();
    for (mut browser, page) in [
        (world.signed_in("dana@acme.test").await, "/cases"),
        (world.signed_in("sam@vendor.test").await, "/cases"),
        (operator::signed_in(&world).await, "/operator"),
    ] {
        let out = sign_out(page);
        let form = Form::on(&browser.page(page).await, out);
        let token = form.value("csrf").unwrap().to_owned();
        people.push((browser, token, out));
    }
    let tokens: Vec<String> = people.iter().map(|(_, token, _)| token.clone()).collect();
    let mut forms = 0;
    for route in routes().iter().filter(|route| route.posts) {
        let path = filled(&route.path, CASE, &session);
        forms += 1;
        let mut nobody = world.browser();
        for headers in [
            [("sec-fetch-site", "cross-site")],
            [("sec-fetch-site", "same-site")],
            [("origin", "https://evil.test")],
        ] {
            for (browser, token, _) in &mut people {
                let body = format!("csrf={token}&language=de&to=%2F&token=x");
                let answer = browser
                    .send(Method::POST, &path, &headers, Some(&body))
                    .await;
                answer.refuses(403, "foreign_form");
            }
            let answer = nobody.send(Method::POST, &path, &headers, Some("")).await;
            answer.refuses(403, "foreign_form");
        }
        if ANYBODYS.contains(&route.path.as_str()) {
            continue;
        }
        for (at, (browser, _, out)) in people.iter_mut().enumerate() {
            // Operators have addresses of their own, and no others.
            if sign_out(&route.path) != *out {
                let answer = browser.send(Method::POST, &path, &OWN_FORM, Some("")).await;
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
                continue;
            }
            let others = format!("csrf={}", tokens[(at + 1) % tokens.len()]);
            for body in ["", "csrf=", others.as_str()] {
                let answer = browser
                    .send(Method::POST, &path, &OWN_FORM, Some(body))
                    .await;
                answer.refuses(403, "form_not_yours");
            }
        }
        let answer = nobody.send(Method::POST, &path, &OWN_FORM, Some("")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    assert!(forms > 12, "{forms} forms");
    assert_eq!(
        (world.status(CASE).await, world.sessions(CASE).await),
        standing
    );
    // The tokens that were refused elsewhere are good where they belong.
    for (browser, token, out) in &mut people {
        let body = format!("csrf={token}");
        let answer = browser
            .send(Method::POST, out, &OWN_FORM, Some(&body))
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{out}");
    }
}

/// Where whoever may send forms to this address signs out.
fn sign_out(path: &str) -> &'static str {
    if path.starts_with("/operator") {
        "/operator/sign-out"
    } else {
        "/sign-out"
    }
}

#[tokio::test]
async fn whose_case_or_session_a_number_is_cannot_be_guessed() {
    let (world, session) = busy().await;
    let standing = (world.status(CASE).await, world.sessions(CASE).await);
    let (rest, last) = session.split_at(session.len() - 1);
    let no_session = format!("{rest}{}", if last == "1" { "2" } else { "1" });
    // A super admin of another org, an admin who did not open the case, and an agent off its team.
    for person in ["grace@globex.test", "ann@acme.test", "robin@vendor.test"] {
        let mut browser = world.signed_in(person).await;
        let page = browser.page("/cases").await;
        let token = Form::on(&page, "/sign-out")
            .value("csrf")
            .unwrap()
            .to_owned();
        for route in routes().iter().filter(|route| route.path.contains('{')) {
            for method in [Method::GET, Method::POST] {
                let (asked, headers) = match method {
                    Method::GET => (route.gets, &TYPED),
                    _ => (route.posts, &OWN_FORM),
                };
                if !asked {
                    continue;
                }
                let mut answers = Vec::new();
                for (case, id) in [(CASE, session.as_str()), (NONE, no_session.as_str())] {
                    let path = filled(&route.path, case, id);
                    let body = format!("csrf={token}&case={case}&grant=on&seen=x");
                    let form = (method == Method::POST).then_some(body.as_str());
                    let answer = browser.send(method.clone(), &path, headers, form).await;
                    let told = answer.body.replace(case, "N").replace(id, "S");
                    answers.push((answer.status, told));
                }
                assert!(
                    answers[0].0.is_client_error(),
                    "{person}: {method} {}",
                    route.path
                );
                assert_eq!(answers[0], answers[1], "{person}: {method} {}", route.path);
            }
        }
    }
    assert_eq!(
        (world.status(CASE).await, world.sessions(CASE).await),
        standing
    );
}

#[tokio::test]
async fn no_parameter_of_an_address_leads_elsewhere() {
    let (world, session) = busy().await;
    let evil = "https%3A%2F%2Fevil.test%2F";
    let names = [
        "next", "to", "back", "url", "return", "redirect", "from", "href",
    ];
    let query: String = names.map(|name| format!("&{name}={evil}")).concat();
    for mut browser in [
        world.signed_in("dana@acme.test").await,
        world.signed_in("sam@vendor.test").await,
        operator::signed_in(&world).await,
    ] {
        for route in routes().iter().filter(|route| route.gets) {
            let path = format!("{}?x{query}", filled(&route.path, CASE, &session));
            let answer = browser.go(&path).await;
            assert!(!answer.location().contains("evil"), "{path}");
            for place in [
                "href=\"https://evil",
                "action=\"https://evil",
                "src=\"https://evil",
            ] {
                assert!(!answer.body.contains(place), "{path}: {place}");
            }
        }
    }
}

#[tokio::test]
async fn a_cookie_from_before_the_sign_in_is_worth_nothing_after_it() {
    const SESSION: &str = "__Host-countersign";
    let world = World::new().await;
    // Whoever plants a cookie, made up or of their own sign-in, does not share what follows.
    let robin = world.signed_in("robin@vendor.test").await;
    for planted in ["chosen", robin.cookie(SESSION).unwrap()] {
        let mut dana = world.browser();
        dana.plant(SESSION, planted);
        let link = world.link("dana@acme.test").await;
        dana.go(&link).await.leads_to("/");
        assert_ne!(dana.cookie(SESSION).unwrap(), planted);
        let mut holder = world.browser();
        holder.plant(SESSION, planted);
        let answer = holder.go("/settings/account").await;
        assert!(answer.status.is_client_error());
        assert!(!answer.body.contains("dana@acme.test"));
    }
}

#[tokio::test]
async fn of_two_who_follow_a_link_at_once_one_gets_in() {
    let world = World::new().await;
    let link = world.link("dana@acme.test").await;
    let (mut one, mut other) = (world.browser(), world.browser());
    let (first, second) = tokio::join!(one.go(&link), other.go(&link));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::GONE]);
}
