//! Which requests to a product read, as an operator says and asks at the console (R17).

use axum::http::StatusCode;
use countersign_domain::{HeaderName, Mode, PersonName, RouteEffect, Upstream};

use crate::{
    browser::Browser,
    form::{Form, notice, words},
    operator::signed_in,
    world::{CASE, OPERATOR, World, slug},
};

const ORG: &str = "/operator/orgs/acme";
const PAGE: &str = "/operator/orgs/acme/routes";

async fn set(world: &World) -> Upstream {
    let set = world.app.upstream(OPERATOR, &slug("acme")).await;
    set.unwrap().unwrap()
}

fn rules(upstream: &Upstream) -> Vec<String> {
    let rules = upstream.routes.as_slice().iter();
    rules
        .map(|rule| format!("{rule} {}", rule.effect().as_str()))
        .collect()
}

async fn form(operator: &mut Browser) -> Form {
    Form::on(&operator.page(PAGE).await, PAGE)
}

fn typing(form: Form, number: usize, methods: &str, path: &str, effect: RouteEffect) -> Form {
    form.with(&format!("methods-{number}"), methods)
        .with(&format!("path-{number}"), path)
        .with(&format!("effect-{number}"), effect.as_str())
}

#[tokio::test]
async fn mode_and_rules_are_saved_as_a_whole_and_end_what_runs() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let number = crate::world::number(CASE);
    let started = world.app.start_session(world.sam(), &number).await;
    started.unwrap();
    let kept = Upstream {
        user_header: Some(HeaderName::parse("x-remote-user").unwrap()),
        ..set(&world).await
    };
    let acme = slug("acme");
    let before = world.app.set_upstream(OPERATOR, &acme, kept.clone());
    before.await.unwrap();
    let started = world.app.start_session(world.sam(), &number).await;
    started.unwrap();

    let mut operator = signed_in(&world).await;
    let page = operator.page(ORG).await;
    assert!(page.contains(&format!("href=\"{PAGE}\"")), "{page}");
    let empty = form(&mut operator).await;
    let page = operator.done(&empty).await;
    assert_eq!(
        notice(&page),
        "Nothing changed: mode and rules are so already."
    );
    assert_eq!(world.sessions(CASE).await.len(), 1);

    let new = typing(empty, 1, "GET, POST", "/api/search", RouteEffect::Read);
    let new = typing(new, 3, "*", "/admin/**", RouteEffect::Write).with("mode", "declared");
    // What more goes through ends the customer's grant, so it is asked for.
    let asked = operator.submit(&new).await;
    asked.status_is(StatusCode::OK);
    let said = words(&asked.body);
    for piece in [
        "Nothing is saved yet.",
        &format!("1 case has access that its customer granted without them: {CASE}."),
        "Declared harmless from now on, although it could change something: GET,POST /api/search",
        "Save, and end access for 1 case",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert_eq!(set(&world).await, kept);
    assert_eq!(world.sessions(CASE).await.len(), 1);
    let page = operator.done(&Form::on(&asked.body, PAGE)).await;
    let said = notice(&page);
    assert!(
        said.starts_with(
            "Mode and rules are saved. Access for 1 case has ended; its customer has to tick again. \
             Effective everywhere since"
        ),
        "{said}"
    );
    let now = set(&world).await;
    assert_eq!(
        rules(&now),
        ["GET,POST /api/search read", "* /admin/** write"]
    );
    assert_eq!(now.mode, Mode::Declared);
    assert_eq!(
        (now.origin, now.user_header),
        (kept.origin, kept.user_header)
    );
    assert_eq!(world.sessions(CASE).await.len(), 0);
    assert!(
        words(&page).contains("1 read GET,POST /api/search"),
        "{}",
        words(&page)
    );

    // What is left out stays; what is ticked goes. The product's own form touches neither.
    let page = operator
        .done(&Form::on(&page, PAGE).with("remove-1", "read GET,POST /api/search"))
        .await;
    assert!(notice(&page).starts_with("Mode and rules are saved."));
    let product = format!("{ORG}/product");
    let moved =
        Form::on(&operator.page(ORG).await, &product).with("origin", "http://127.0.0.1:9001");
    operator.done(&moved).await;
    let now = set(&world).await;
    assert_eq!(rules(&now), ["* /admin/** write"]);
    assert_eq!(
        (now.mode, now.origin.as_str()),
        (Mode::Declared, "http://127.0.0.1:9001")
    );
}

#[tokio::test]
async fn rules_that_cannot_be_are_refused_whole_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let one = typing(
        form(&mut operator).await,
        1,
        "POST",
        "/api/search",
        RouteEffect::Read,
    );
    operator.done(&one).await;
    let before = set(&world).await;
    for (methods, path, effect, says) in [
        (
            "",
            "/x",
            RouteEffect::Read,
            "Name a method, or * for a write",
        ),
        (
            "P@ST",
            "/x",
            RouteEffect::Read,
            "Write methods such as GET or POST: letters, digits and hyphens.",
        ),
        (
            "TRACE",
            "/x",
            RouteEffect::Write,
            "CONNECT and TRACE are never reads.",
        ),
        (
            "*, GET",
            "/x",
            RouteEffect::Write,
            "Name * alone, or methods without it.",
        ),
        (
            "*",
            "/x",
            RouteEffect::Read,
            "No rule makes a read of whatever the method.",
        ),
        (
            "GET",
            "",
            RouteEffect::Read,
            "Write a path such as /orders/{id} or /admin/**",
        ),
        (
            "GET",
            "/a/**/b",
            RouteEffect::Read,
            "Write a path such as /orders/{id} or /admin/**",
        ),
        (
            "GET",
            "/a?b",
            RouteEffect::Read,
            "Write a path such as /orders/{id} or /admin/**",
        ),
        (
            "GET, POST",
            "/api/search",
            RouteEffect::Write,
            "POST /api/search would be a read and a write: GET,POST /api/search says the opposite.",
        ),
    ] {
        let good = typing(
            form(&mut operator).await,
            2,
            "PUT",
            "/fine",
            RouteEffect::Read,
        );
        let sent = typing(good, 1, methods, path, effect).with("mode", "declared");
        let answer = operator.submit(&sent).await;
        answer.status_is(StatusCode::UNPROCESSABLE_ENTITY);
        let said = words(&answer.body);
        assert!(said.contains(says), "{methods} {path}: {said}");
        assert!(said.contains("Nothing was saved."), "{said}");
        let back = Form::on(&answer.body, PAGE);
        assert_eq!(back.value("methods-1"), Some(methods));
        assert_eq!(back.value("path-1"), Some(path));
        assert_eq!(back.value("effect-1"), Some(effect.as_str()));
        assert_eq!(back.value("path-2"), Some("/fine"));
        assert_eq!(back.value("mode"), Some("declared"));
        assert_eq!(set(&world).await, before);
    }
    // One of the two that contradict each other may go in the same breath.
    let other = typing(
        form(&mut operator).await,
        1,
        "POST",
        "/api/search",
        RouteEffect::Write,
    );
    operator
        .done(&other.with("remove-1", "read POST /api/search"))
        .await;
    assert_eq!(rules(&set(&world).await), ["POST /api/search write"]);
    let strange = form(&mut operator).await.with("mode", "everything");
    operator
        .submit(&strange)
        .await
        .refuses(422, "form_unreadable");
}

#[tokio::test]
async fn a_form_from_before_somebody_elses_change_removes_no_rule() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let first = typing(
        form(&mut operator).await,
        1,
        "POST",
        "/first",
        RouteEffect::Read,
    );
    operator.done(&first).await;
    let old = form(&mut operator)
        .await
        .with("remove-1", "read POST /first");
    let old = typing(old, 2, "PUT", "/mine", RouteEffect::Write).with("mode", "declared");
    let swap = typing(
        form(&mut operator).await,
        1,
        "POST",
        "/other",
        RouteEffect::Read,
    );
    operator
        .done(&swap.with("remove-1", "read POST /first"))
        .await;
    let answer = operator.submit(&old).await;
    answer.status_is(StatusCode::CONFLICT);
    let said = words(&answer.body);
    assert!(said.contains("someone has changed mode or rules"), "{said}");
    assert_eq!(rules(&set(&world).await), ["POST /other read"]);
    // What was typed stands beside the rules as they are; what was to go, and has gone, is not asked for.
    let again = Form::on(&answer.body, PAGE);
    assert_eq!(again.value("path-2"), Some("/mine"));
    assert_eq!(again.value("mode"), Some("declared"));
    assert_eq!(again.value("remove-1"), None);
    operator.done(&again).await;
    assert_eq!(
        rules(&set(&world).await),
        ["POST /other read", "PUT /mine write"]
    );
    // An org without a product has none.
    let name = PersonName::parse("Initech").unwrap();
    let made = world.app.create_org(OPERATOR, slug("initech"), name).await;
    made.unwrap();
    let elsewhere = old.clone().sent_to("/operator/orgs/initech/routes");
    operator
        .submit(&elsewhere)
        .await
        .refuses(409, "no_upstream");
    let page = operator.page("/operator/orgs/initech/routes").await;
    assert!(words(&page).contains("Nobody has said where the product is."));
}

#[tokio::test]
async fn what_would_become_of_a_request_is_explained_by_what_is_saved() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let rules = typing(
        form(&mut operator).await,
        1,
        "POST",
        "/api/search",
        RouteEffect::Read,
    );
    let rules = typing(rules, 2, "GET", "/admin/**", RouteEffect::Write);
    operator.done(&rules).await;
    for (asked, status, says) in [
        (
            "method=POST&path=/api/search%3Fq=x",
            200,
            "Passes POST /api/search?q=x passes as a read. Rule 1 says that it is a read: POST /api/search. A body is looked into first",
        ),
        (
            "method=GET&path=/admin/users",
            200,
            "Does not pass GET /admin/users is refused with status 403. Rule 2 says that it is a write: GET /admin/**.",
        ),
        (
            "method=GET&path=/Admin/users",
            200,
            "is refused with status 400. It differs from a declared write only in what some servers overlook, such as letter case or a slash at the end: rule 2, GET /admin/**.",
        ),
        (
            "method=GET&path=/orders",
            200,
            "Passes GET /orders passes as a read. No rule speaks of it, and by method GET",
        ),
        (
            "method=PUT&path=/orders",
            200,
            "PUT /orders is refused with status 403. No rule speaks of it, and by method GET",
        ),
        (
            "method=GET&path=/a//b",
            200,
            "is refused with status 400. The gateway and the product could read it differently",
        ),
        (
            "method=GET&path=/a%3F_method=PUT",
            200,
            "is refused with status 400. A header or its query asks for another method than its own.",
        ),
        (
            "method=GET&path=/.countersign/session",
            200,
            "does not reach the product. The gateway keeps this path for itself.",
        ),
        (
            "method=get&path=/orders",
            200,
            "Passes GET /orders passes as a read.",
        ),
        (
            "method=g%40t&path=/orders",
            422,
            "Write methods such as GET or POST",
        ),
        (
            "method=post&path=/api/search&content-type=multipart/form-data",
            200,
            "is refused with status 403. Its body cannot be looked into",
        ),
        (
            "method=post&path=/api/search&content-type=application/json",
            200,
            "Passes POST /api/search passes as a read. Rule 1 says that it is a read: POST /api/search. A body is looked into first",
        ),
        (
            "method=post&path=/api/search&content-type=text/csv",
            200,
            "Passes POST /api/search passes as a read. Rule 1 says that it is a read: POST /api/search.",
        ),
        (
            "method=GET&path=/orders&headers=X-HTTP-Method-Override:%20DELETE",
            200,
            "is refused with status 400. A header or its query asks for another method than its own.",
        ),
        (
            "method=GET&path=/orders&headers=Upgrade:%20websocket",
            200,
            "is refused with status 403. It asks to switch protocols",
        ),
        (
            "method=GET&path=/orders&headers=no+header",
            422,
            "Write each header as a name, a colon and a value",
        ),
        (
            "method=GET&path=orders",
            422,
            "Write a path that begins with a slash",
        ),
    ] {
        let answer = operator.go(&format!("{PAGE}?{asked}")).await;
        let said = words(&answer.body);
        assert_eq!(answer.status.as_u16(), status, "{asked}: {said}");
        assert!(said.contains(says), "{asked}: {said}");
    }
    let hostile = operator
        .go(&format!("{PAGE}?method=GET&path=/%3Cscript%3E%22%E2%80%AE"))
        .await;
    assert!(!hostile.body.contains("<script>\""), "{}", hostile.body);
    assert!(hostile.body.contains("U+202E"), "{}", hostile.body);
    let form = form(&mut operator).await.with("mode", "declared");
    operator.done(&form).await;
    let answer = operator
        .go(&format!("{PAGE}?method=GET&path=/orders"))
        .await;
    assert!(
        words(&answer.body).contains("No rule speaks of it, and only what is declared is a read.")
    );
}

#[tokio::test]
async fn the_page_says_who_reads_the_rules() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let reads = "The customer can read mode and rules: each change is an entry of their log";
    let claimed = "They have claimed the organisation, and need not accept this change";
    let said = words(&operator.page(PAGE).await);
    assert!(said.contains(reads) && !said.contains(claimed), "{said}");
    world.claimed().await;
    let said = words(&operator.page(PAGE).await);
    assert!(said.contains(reads) && said.contains(claimed), "{said}");
}

/// What is confirmed is these rules and these cases: neither other rules nor a grant that came meanwhile
/// go with it.
#[tokio::test]
async fn abuse_a_confirmation_is_good_for_what_it_showed_and_nothing_else() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut operator = signed_in(&world).await;
    let before = set(&world).await;
    let new = typing(
        form(&mut operator).await,
        1,
        "post",
        "/api/search",
        RouteEffect::Read,
    );
    let asked = operator.submit(&new).await;
    let confirmed = Form::on(&asked.body, PAGE);
    let other = confirmed.clone().with("path-1", "/api/everything/**");
    let other = operator.submit(&other).await;
    assert!(words(&other.body).contains("Nothing is saved yet."));
    assert_eq!(set(&world).await, before);
    // The customer unticks and ticks: another grant of the same case, which was named.
    let again = operator.done(&confirmed).await;
    assert!(notice(&again).contains("Access for 1 case has ended"));
    // Without live access there is nothing to confirm.
    let more = typing(
        Form::on(&again, PAGE),
        1,
        "DELETE",
        "/drafts/{id}",
        RouteEffect::Read,
    );
    let page = operator.done(&more).await;
    assert!(notice(&page).starts_with("Mode and rules are saved. Effective"));
    // With it, narrowing asks nothing and ends none.
    world.grant(CASE).await;
    let less = Form::on(&page, PAGE).with("remove-2", "read DELETE /drafts/{id}");
    let page = operator.done(&less).await;
    assert!(notice(&page).starts_with("Mode and rules are saved. Effective"));
    let read = world
        .app
        .case(OPERATOR, &crate::world::number(CASE))
        .await
        .unwrap();
    assert!(read.case().unwrap().access.live(read.now).is_some());
}

/// Changing a rule is one form: it comes back filled in, and the old one goes with the new one.
#[tokio::test]
async fn a_rule_is_changed_in_one_go() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    let one = typing(
        form(&mut operator).await,
        1,
        "get, post",
        "/api/search",
        RouteEffect::Write,
    );
    let page = operator.done(&one).await;
    let edit = format!("{PAGE}?edit=1#rules");
    assert!(page.contains(&format!("href=\"{edit}\"")), "{page}");
    let page = operator.page(&format!("{PAGE}?edit=1")).await;
    let edited = Form::on(&page, PAGE);
    assert_eq!(edited.value("methods-1"), Some("GET,POST"));
    assert_eq!(edited.value("effect-1"), Some("write"));
    operator.done(&edited.with("path-1", "/api/find")).await;
    assert_eq!(rules(&set(&world).await), ["GET,POST /api/find write"]);
}

/// Only what is wrong is marked.
#[tokio::test]
async fn the_field_that_is_wrong_is_marked_and_the_other_is_not() {
    let world = World::new().await;
    let mut operator = signed_in(&world).await;
    for (methods, path, wrong, right) in [
        ("P@ST", "/x", "methods-1", "path-1"),
        ("POST", "x", "path-1", "methods-1"),
    ] {
        let sent = typing(
            form(&mut operator).await,
            1,
            methods,
            path,
            RouteEffect::Write,
        );
        let page = operator.submit(&sent).await.body;
        let field = |id: &str| {
            let from = page.find(&format!("id=\"{id}\"")).unwrap();
            page[from..].split('>').next().unwrap().to_owned()
        };
        assert!(field(wrong).contains("aria-invalid"), "{}", field(wrong));
        assert!(!field(right).contains("aria-invalid"), "{}", field(right));
    }
}
