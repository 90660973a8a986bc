//! What a customer reads of requests that could change something and that the vendor declared harmless
//! (R17).

use countersign_domain::{
    Actor, Duration, Methods, Mode, OperatorVia, Origin, RouteEffect, RoutePattern, RouteRule,
    Routes, Upstream,
};
use countersign_entries::{Outcome, OutcomeEnding, RequestLine};
use countersign_store::Draft;

use crate::{
    form::{Form, notice, words},
    world::{CASE, World, number, slug},
};

const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};
const EDIT: &str = "/settings/account?edit=support";

/// The vendor sets rules such as `read POST /search`.
async fn declare(world: &World, mode: Mode, rules: &[&str]) {
    let rule = |text: &&str| {
        let [effect, methods, path] = text.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{text}");
        };
        let effect = match effect {
            "read" => RouteEffect::Read,
            _ => RouteEffect::Write,
        };
        let methods = Methods::parse(methods.split(',')).unwrap();
        RouteRule::new(methods, RoutePattern::parse(path).unwrap(), effect).unwrap()
    };
    let upstream = Upstream {
        mode,
        routes: Routes::new(rules.iter().map(rule).collect()).unwrap(),
        ..Upstream::new(Origin::parse("http://127.0.0.1:9000").unwrap())
    };
    let acme = slug("acme");
    let set = world.app.set_upstream(OPERATOR, &acme, upstream);
    set.await.unwrap();
}

/// A product that stayed where it was is not told as one that moved.
#[tokio::test]
async fn the_history_tells_rules_alone_from_where_the_product_is() {
    let world = World::new().await;
    declare(&world, Mode::ByMethod, &["read GET,POST /search"]).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let said = words(&dana.page("/history").await);
    for (told, times) in [
        (
            "the operator · set which requests to the product are reads",
            1,
        ),
        (
            "the operator · set where the product is, and which requests to it are reads",
            1,
        ),
    ] {
        assert_eq!(said.matches(told).count(), times, "{told}: {said}");
    }
}

#[tokio::test]
async fn whoever_ticks_is_told_and_a_form_from_before_does_not_grant() {
    let world = World::new().await;
    world.ask(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let page = dana.page(EDIT).await;
    let said = words(&page);
    assert!(said.contains("read-only, for 8 h"), "{said}");
    assert!(said.contains("Whoever your vendor puts on this case later can look in too."));
    assert!(!said.contains("declared"), "{said}");
    let form = Form::on(&page, &format!("/settings/account/cases/{CASE}/grant"));

    let rules = [
        "read GET,POST /search",
        "read DELETE /drafts/{id}",
        "write * /logout",
    ];
    declare(&world, Mode::ByMethod, &rules).await;
    let page = dana.done(&form.clone().with("grant", "on")).await;
    assert!(
        notice(&page).contains("so nothing was done"),
        "{}",
        notice(&page)
    );
    let page = dana.page(EDIT).await;
    let said = words(&page);
    assert!(
        said.contains(
            "read-only but for 2 kinds of requests that your vendor declares harmless, for 8 h"
        ) && said.contains(
            "Such requests could change something, and they go through: POST /search, DELETE /drafts/{id}. See which"
        ),
        "{said}"
    );
    assert!(page.contains("href=\"/settings/rules#reads\""));

    let said = words(&dana.page("/settings/rules").await);
    for piece in [
        "although they could change something (2) POST /search DELETE /drafts/{id}",
        "GET, HEAD and OPTIONS count as reads, everything else is refused.",
        "Declared to read (1) GET /search",
        "refused (1) * /logout",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    let mut ben = world.signed_in("ben@acme.test").await;
    assert!(words(&ben.page("/settings/rules").await).contains("DELETE /drafts/{id}"));
    declare(&world, Mode::Declared, &["read GET /search"]).await;
    let said = words(&dana.page("/settings/rules").await);
    assert!(
        said.contains("is declared harmless: access is read-only."),
        "{said}"
    );
    let said = words(&dana.page("/history?kind=rest").await);
    for piece in [
        "Declared harmless from now on, although it could change something: GET,POST /search",
        "Refused from now on, as a write: * /logout",
        "Counts as a read from now on: GET /search",
        "No longer declared harmless: DELETE /drafts/{id}",
        "No longer named as a write: * /logout",
        "Requests that no rule names are refused",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
}

#[tokio::test]
async fn what_was_sent_is_not_said_to_have_been_looked_at() {
    let world = World::new().await;
    declare(&world, Mode::ByMethod, &["read POST /search"]).await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let started = world.app.start_session(world.sam(), &number(CASE)).await;
    let session = started.unwrap().id;
    let lease = world.app.node().lease().unwrap();
    let record = async |draft| world.store_record(lease, draft).await;
    record(Draft::Request {
        session,
        request: RequestLine::new("GET", "/invoices"),
    })
    .await;
    let sent = record(Draft::Request {
        session,
        request: RequestLine {
            rule: Some("POST /search".to_owned()),
            ..RequestLine::new("POST", "/search")
        },
    })
    .await;
    let outcome = Outcome {
        request: sent,
        status: Some(200),
        bytes: 7,
        ending: OutcomeEnding::Complete,
    };
    record(Draft::Outcome { session, outcome }).await;

    let mut dana = world.signed_in("dana@acme.test").await;
    let told = "sent a request that the vendor declared harmless POST /search It could change something. \
                By the vendor’s rule POST /search it counts as a read. Answered (200)";
    let report = format!("/cases/{CASE}/report");
    for page in ["/history?kind=declared", report.as_str()] {
        let said = words(&dana.page(page).await);
        assert!(said.contains(told), "{page}: {said}");
    }
    let said = words(&dana.page(&report).await);
    assert!(
        said.contains("Sent, declared harmless by the vendor 1"),
        "{said}"
    );
    assert!(
        said.contains(
            "Pages: 0 (further requests: 1) · sent, declared harmless by the vendor: 1 · refused: 0"
        ),
        "{said}"
    );
    let said = words(&dana.page("/live").await);
    assert!(
        said.contains(
            "POST /search just now could change something; the vendor declared it harmless"
        ),
        "{said}"
    );
    // Who got the access, and to the second.
    let said = words(&dana.page("/history?kind=access").await);
    assert!(said.contains("1 Jan 2030, 00:00:00 UTC"), "{said}");
    for who in ["Sam", "Kim"] {
        assert!(said.contains(who), "{said}");
    }
    assert!(said.contains("to act as Ben Ode ben@acme.test"), "{said}");
    assert!(said.contains("Until 1 Jan 2030, 08:00:00 UTC: "), "{said}");
}

/// The vendor lets more through: access has ended, and the customer reads why, what is different, and
/// where to say yes again; the agent reads what to do.
#[tokio::test]
async fn wider_rules_end_access_and_the_customer_is_asked_again() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    let open = Form::on(
        &dana.page(EDIT).await,
        &format!("/settings/account/cases/{CASE}/grant"),
    );
    world.pass(Duration::from_mins(1));
    declare(
        &world,
        Mode::ByMethod,
        &["read POST /search", "write GET /out"],
    )
    .await;

    let closed = words(&dana.page("/settings/account").await);
    for piece in [
        "1 request waits for approval",
        "Access for 1 case ended: your vendor let through requests that were refused when you granted it.",
        "for one case, read-only but for 1 kind of request that your vendor declares harmless, for a limited time. See which",
    ] {
        assert!(closed.contains(piece), "{piece}: {closed}");
    }
    let page = dana.page(EDIT).await;
    let said = words(&page);
    for piece in [
        "Tick again",
        "Your vendor now lets through requests that were refused when this was granted. Access ended; tick again if you agree.",
        "What changed since: Declared harmless from now on, although it could change something: POST /search \
         Refused from now on, as a write: GET /out",
        "read-only but for 1 kind of request that your vendor declares harmless, for 8 h",
        "Your vendor let more through",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert!(!said.contains("Extend access by 1 day"), "{said}");
    let history = words(&dana.page("/history?kind=access").await);
    assert!(
        history.contains("The vendor let through requests that were refused when this was granted, and access ended until the customer ticks again."),
        "{history}"
    );

    let mut sam = world.signed_in("sam@vendor.test").await;
    let case = words(&sam.page(&format!("/cases/{CASE}")).await);
    for piece in [
        "The vendor lets through more than when the customer granted access, so access ended on",
        "because more requests go through now than when you granted it. I would like to go on: read-only but for 1 kind of request that we have declared harmless",
    ] {
        assert!(case.contains(piece), "{piece}: {case}");
    }

    // A page from before does nothing; one that shows what goes through now grants anew.
    let stale = dana
        .done(&open.clone().with("grant", "on").with("act", "grant"))
        .await;
    let said = notice(&stale);
    assert!(
        said.contains(
            "your vendor changed what goes through since you opened this page, so nothing was done"
        ) && said.contains("What goes through: read-only but for 1 kind of request"),
        "{said}"
    );
    assert!(world.status(CASE).await.1.is_none());
    let fresh = Form::on(&page, &format!("/settings/account/cases/{CASE}/grant"));
    let page = dana.done(&fresh.with("grant", "on")).await;
    assert!(
        notice(&page).contains("Access granted"),
        "{}",
        notice(&page)
    );
    let closed = words(&dana.page("/settings/account").await);
    assert!(
        closed.contains("What goes through: read-only but for 1 kind of request that your vendor declares harmless."),
        "{closed}"
    );
}

/// What had run out has expired, and nothing else: it is not counted among what was ended, and says why
/// it is not extended any more.
#[tokio::test]
async fn what_had_expired_when_rules_got_wider_stays_expired_and_is_not_extended() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    world.pass(Duration::from_hours(9));
    let mut dana = world.signed_in("dana@acme.test").await;
    assert!(words(&dana.page(EDIT).await).contains("This access has ended. If you extend it"));
    declare(&world, Mode::ByMethod, &["read POST /reports/**"]).await;

    let closed = words(&dana.page("/settings/account").await);
    assert!(!closed.contains("Access for 1 case ended"), "{closed}");
    let said = words(&dana.page(EDIT).await);
    for piece in [
        "Expired",
        "It can no longer be extended, because your vendor lets through more than when this was granted.",
        "Such a request could change something, and it goes through: POST /reports/**.",
        "Everything below a path goes through with that method, whatever it does there: POST /reports/**.",
    ] {
        assert!(said.contains(piece), "{piece}: {said}");
    }
    assert!(!said.contains("Access removed"), "{said}");
    let mut sam = world.signed_in("sam@vendor.test").await;
    let case = words(&sam.page(&format!("/cases/{CASE}")).await);
    assert!(
        case.contains("so the customer can no longer extend it"),
        "{case}"
    );
}

/// A card does not go on saying that the vendor lets through what it has stopped letting through.
#[tokio::test]
async fn what_the_vendor_took_back_is_said_to_be_taken_back() {
    let world = World::new().await;
    world.ask(CASE).await;
    world.grant(CASE).await;
    let mut dana = world.signed_in("dana@acme.test").await;
    world.pass(Duration::from_mins(1));
    declare(&world, Mode::ByMethod, &["read POST /search"]).await;
    world.pass(Duration::from_mins(1));
    declare(&world, Mode::ByMethod, &[]).await;
    let said = words(&dana.page(EDIT).await);
    assert!(said.contains("and has taken that back since"), "{said}");
    assert!(!said.contains("now lets through"), "{said}");
}
