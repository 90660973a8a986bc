//! Every address of the console with every kind of caller. An address that is not here fails the test.

use std::collections::BTreeSet;

use axum::http::Method;
use countersign_app::OwnerRef;

use crate::{
    browser::{Browser, OWN_FORM, TYPED},
    form::Form,
    world::{CASE, OPERATOR, World, number},
};

/// The callers, in the order of the columns.
const CALLERS: [&str; 8] = [
    "nobody",
    "operator",
    "grace@globex.test",
    "ann@acme.test",
    "robin@vendor.test",
    "sam@vendor.test",
    "ben@acme.test",
    "dana@acme.test",
];

/// What each is answered. Grace is a super admin of another org, Ann an admin who did not open the case, Robin an
/// agent who is not on it; Sam is on it and looks inside, Ben opened it, Dana is a super admin. Forms come with
/// the sender's own token and the case number, and nothing else; each finds what those before it have left.
const EXPECTED: &str = "
    GET  /                                                         401 401 303 303 303 303 303 303
    GET  /assets/{file}                                            404 404 404 404 404 404 404 404
    GET  /cases                                                    401 401 200 200 200 200 200 200
    GET  /cases/new                                                401 401 200 200 404 404 200 200
    GET  /cases/{number}                                           401 401 404 404 404 200 303 303
    GET  /cases/{number}/looked                                    401 401 404 404 404 200 404 404
    GET  /cases/{number}/report                                    401 401 404 404 404 404 200 200
    GET  /history                                                  401 401 200 200 404 404 200 200
    GET  /history/export                                           401 401 404 404 404 404 404 404
    GET  /live                                                     401 401 200 200 404 404 200 200
    GET  /live/news                                                401 401 200 200 404 404 200 200
    GET  /my-cases/news                                            401 401 404 404 200 200 404 404
    GET  /my-cases/{number}/news                                   401 401 404 404 404 200 404 404
    GET  /operator                                                 401 200 401 401 401 401 401 401
    GET  /operator/agents                                          401 200 401 401 401 401 401 401
    GET  /operator/cases                                           401 200 401 401 401 401 401 401
    GET  /operator/health                                          401 200 401 401 401 401 401 401
    GET  /operator/orgs/{slug}                                     401 200 401 401 401 401 401 401
    GET  /operator/orgs/{slug}/routes                              401 200 401 401 401 401 401 401
    GET  /operator/sign-in                                         200 200 200 200 200 200 200 200
    GET  /sessions/{id}/open                                       401 401 404 404 403 403 404 404
    GET  /settings/account                                         401 401 200 200 404 404 200 200
    GET  /settings/account/news                                    401 401 200 200 404 404 200 200
    GET  /settings/directory                                       401 401 200 200 404 404 200 200
    GET  /settings/rules                                           401 401 200 200 404 404 200 200
    GET  /settings/sign-in                                         401 401 200 403 404 404 403 200
    GET  /sign-in                                                  200 200 200 200 200 200 200 200
    GET  /sign-in/openid/{slug}                                    404 404 404 404 404 404 404 404
    GET  /sign-in/staff/{slug}                                     404 404 404 404 404 404 404 404
    GET  /sign-in/{code}                                           404 404 404 404 404 404 404 404
    POST /cases                                                    401 401 422 422 404 404 422 422
    POST /cases/{number}/close                                     401 401 404 404 404 303 303 303
    POST /cases/{number}/reopen                                    401 401 404 404 404 404 303 303
    POST /cases/{number}/request                                   401 401 404 404 404 409 404 404
    POST /cases/{number}/request/withdraw                          401 401 404 404 404 409 404 404
    POST /cases/{number}/sessions                                  401 401 404 404 404 409 404 404
    POST /language                                                 400 400 400 400 400 400 400 400
    POST /operator/agents                                          401 422 401 401 401 401 401 401
    POST /operator/agents/act                                      401 400 401 401 401 401 401 401
    POST /operator/orgs                                            401 422 401 401 401 401 401 401
    POST /operator/orgs/{slug}/hosts                               401 303 401 401 401 401 401 401
    POST /operator/orgs/{slug}/people                              401 422 401 401 401 401 401 401
    POST /operator/orgs/{slug}/people/act                          401 400 401 401 401 401 401 401
    POST /operator/orgs/{slug}/product                             401 422 401 401 401 401 401 401
    POST /operator/orgs/{slug}/product/check                       401 404 401 401 401 401 401 401
    POST /operator/orgs/{slug}/routes                              401 422 401 401 401 401 401 401
    POST /operator/sign-in                                         403 403 403 403 403 403 403 403
    POST /sessions/{id}/end                                        401 401 404 404 404 303 404 404
    POST /settings/account/admins/{email}/accept                   401 401 404 404 404 404 404 404
    POST /settings/account/admins/{email}/refuse                   401 401 404 404 404 404 404 404
    POST /settings/account/admins/{email}/super-admin/accept       401 401 404 404 404 404 404 404
    POST /settings/account/admins/{email}/super-admin/refuse       401 401 404 404 404 404 404 404
    POST /settings/account/block                                   401 401 303 403 404 404 403 303
    POST /settings/account/cases/{number}/extend                   401 401 404 404 404 404 303 303
    POST /settings/account/cases/{number}/grant                    401 401 404 404 404 404 303 303
    POST /settings/account/cases/{number}/self-assignment/approve  401 401 404 404 404 404 303 303
    POST /settings/account/cases/{number}/self-assignment/withdraw 401 401 404 404 404 404 409 409
    POST /settings/account/clients                                 401 401 422 422 404 404 422 422
    POST /settings/account/clients/{id}/accept                     401 401 404 404 404 404 404 404
    POST /settings/account/clients/{id}/keys                       401 401 422 422 404 404 422 422
    POST /settings/account/clients/{id}/keys/{thumbprint}/remove   401 401 404 404 404 404 404 404
    POST /settings/account/clients/{id}/refuse                     401 401 404 404 404 404 404 404
    POST /settings/account/clients/{id}/remove                     401 401 404 404 404 404 404 404
    POST /settings/account/credentials/{id}/accept                 401 401 404 404 404 404 404 404
    POST /settings/account/credentials/{id}/refuse                 401 401 404 404 404 404 404 404
    POST /settings/account/issuers/{id}/accept                     401 401 404 404 404 404 404 404
    POST /settings/account/issuers/{id}/refuse                     401 401 404 404 404 404 404 404
    POST /settings/account/passkeys                                401 401 422 422 404 404 422 422
    POST /settings/account/passkeys/options                        401 401 200 200 404 404 200 200
    POST /settings/account/passkeys/{id}/remove                    401 401 404 404 404 404 404 404
    POST /settings/account/sessions/{id}/end                       401 401 404 404 404 404 303 303
    POST /settings/account/unblock                                 401 401 303 303 404 404 303 303
    POST /settings/directory/tokens                                401 401 200 403 404 404 403 200
    POST /settings/directory/tokens/{id}/revoke                    401 401 404 404 404 404 404 404
    POST /settings/rules                                           401 401 422 422 404 404 422 422
    POST /settings/sign-in                                         401 401 422 422 404 404 422 422
    POST /settings/sign-in/people/{id}/unlink                      401 401 404 404 404 404 404 404
    POST /settings/sign-in/{id}/remove                             401 401 404 404 404 404 404 404
    POST /settings/sign-in/{id}/secret                             401 401 404 404 404 404 404 404
    POST /sign-in                                                  404 404 404 404 404 404 404 404
    POST /sign-in/openid                                           422 422 422 422 422 422 422 422
    POST /sign-in/openid/{slug}/out                                400 400 400 400 400 400 400 400
    POST /sign-in/passkey                                          422 422 422 422 422 422 422 422
    POST /sign-in/passkey/options                                  200 200 200 200 200 200 200 200
    POST /sign-in/staff/{slug}/out                                 400 400 400 400 400 400 400 400
    POST /operator/sign-out                                        401 303 401 401 401 401 401 401
    POST /sign-out                                                 401 401 303 303 303 303 303 303
";

/// The addresses as the router has them.
fn addresses() -> BTreeSet<String> {
    let source = include_str!("../../src/console.rs");
    let literals = source.split('"').skip(1).step_by(2);
    let named = |text: &str| {
        text.replace("{case}", "/settings/account/cases/{number}")
            .replace("{org}", "/operator/orgs/{slug}")
    };
    // The beginning of others, and no address of its own.
    let begins = |text: &String| text == "/settings/account/cases/{number}";
    let addresses = literals.map(named).filter(|text| text.starts_with('/'));
    addresses.filter(|text| !begins(text)).collect()
}

fn concrete(address: &str, session: &str) -> String {
    let path = address
        .replace("{number}", CASE)
        .replace("{slug}", "acme")
        .replace("{id}", session)
        .replace("{thumbprint}", "nothing")
        .replace("{code}", "nonsense")
        .replace("{file}", "nothing.css");
    if path.ends_with("/news") {
        path + "?seen=old"
    } else {
        path
    }
}

struct Seat {
    browser: Browser,
    csrf: String,
}

async fn seats(world: &World) -> Vec<Seat> {
    let mut seats = Vec::new();
    for caller in CALLERS {
        let (mut browser, page) = match caller {
            "nobody" => (world.browser(), "/sign-in"),
            "operator" => {
                let minted = world
                    .app
                    .mint_token(OPERATOR, &OwnerRef::Operator, None)
                    .await;
                let mut browser = world.browser();
                let form = Form::on(
                    &browser.page("/operator/sign-in").await,
                    "/operator/sign-in",
                );
                let form = form.with("token", minted.unwrap().secret.expose());
                browser.submit(&form).await.leads_to("/operator");
                (browser, "/operator")
            }
            person => (world.signed_in(person).await, "/cases"),
        };
        let page = browser.page(page).await;
        let out =
            Form::find(&page, "/sign-out").or_else(|| Form::find(&page, "/operator/sign-out"));
        let csrf = out.and_then(|form| form.value("csrf").map(ToOwned::to_owned));
        let csrf = csrf.unwrap_or_default();
        seats.push(Seat { browser, csrf });
    }
    seats
}

/// One row for each address that takes the method, asked by every caller in turn.
async fn rows(method: Method, addresses: &[String]) -> Vec<String> {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let started = world.app.start_session(world.sam(), &number(CASE)).await;
    let session = started.unwrap().id.to_string();
    let mut seats = seats(&world).await;
    let mut rows = Vec::new();
    for address in addresses {
        let path = concrete(address, &session);
        let mut said = Vec::new();
        for seat in &mut seats {
            let (headers, form) = match method {
                Method::POST => (OWN_FORM, Some(format!("csrf={}&case={CASE}", seat.csrf))),
                _ => (TYPED, None),
            };
            let browser = &mut seat.browser;
            let sent = browser.send(method.clone(), &path, &headers, form.as_deref());
            said.push(sent.await.status.as_u16().to_string());
        }
        if said.iter().any(|status| status != "405") {
            rows.push(format!("{method} {address} {}", said.join(" ")));
        }
    }
    rows
}

#[tokio::test]
async fn every_address_answers_every_kind_of_caller_as_written_here() {
    let mut addresses: Vec<_> = addresses().into_iter().collect();
    // Whoever has signed out is nobody any more.
    addresses.sort_by_key(|address| address.ends_with("/sign-out"));
    let mut found = rows(Method::GET, &addresses).await;
    found.extend(rows(Method::POST, &addresses).await);
    for address in &addresses {
        let known = |row: &String| row.split(' ').nth(1) == Some(address);
        assert!(found.iter().any(known), "{address} answers nothing");
    }
    let words = |row: &str| row.split_whitespace().collect::<Vec<_>>().join(" ");
    let expected: Vec<_> = EXPECTED
        .lines()
        .map(words)
        .filter(|row| !row.is_empty())
        .collect();
    assert_eq!(found, expected, "{}", found.join("\n"));
}
