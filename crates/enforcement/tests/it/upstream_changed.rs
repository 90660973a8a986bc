//! An org's product moves: whoever is inside the old one is out before the call returns (R12).

use bytes::Bytes;
use countersign_domain::{
    CaseNumber, Email, HeaderName, Justification, Methods, Origin, Refusal, RouteEffect,
    RoutePattern, RouteRule, Routes, SessionId, Slug, Title, Upstream,
};
use serde_json::{Value, json};

use countersign_app::{Failure, OpenCase, OpenerRef};

use crate::{
    product::{Product, Reply},
    scene::{OPERATOR, Scene, eventually},
    wire::get,
};

fn acme() -> Slug {
    Slug::parse("acme").unwrap()
}

fn upstream(product: &Product, user_header: &str) -> Upstream {
    Upstream {
        user_header: Some(HeaderName::parse(user_header).unwrap()),
        org_header: Some(HeaderName::parse("X-Org").unwrap()),
        ..Upstream::new(Origin::parse(&product.origin()).unwrap())
    }
}

/// The sessions that ended because of it, in the order of the log.
async fn ended(scene: &Scene) -> Vec<String> {
    let entries = scene.entries("session.ended").await;
    let ended = entries.iter().map(|entry| {
        assert_eq!(entry["detail"]["why"], "upstream_changed", "{entry}");
        entry["session"].as_str().unwrap().to_owned()
    });
    ended.collect()
}

#[tokio::test]
async fn a_moved_product_cuts_every_stream_before_the_call_returns() {
    let scene = Scene::new().await;
    let new = Product::start().await;
    let (one, two) = (scene.session().await, scene.session().await);
    let feed = scene.product.feeds("/stream");
    scene.product.answers("/slow", Reply::Silence);
    let mut streaming = scene.client().await;
    streaming.send(get(&one, "/stream", &[])).await;
    feed.send(Bytes::from_static(b"first")).unwrap();
    streaming.until(b"first").await.expect("a stream");
    let mut waiting = scene.client().await;
    waiting.send(get(&two, "/slow", &[])).await;
    eventually("the product to be asked", async || {
        scene.product.requests() == 2
    })
    .await;

    let to = upstream(&new, "X-Remote-User");
    let set = scene.app.set_upstream(OPERATOR, &acme(), to).await.unwrap();
    let effective = set.effective;
    // The call has returned: what the product says from now on reaches nobody.
    assert!(effective.is_some(), "it waited until it was effective");
    for session in [&one, &two] {
        assert!(!scene.node.may_flow(session.id));
    }
    let _ = feed.send(Bytes::from_static(b"late"));
    let (rest, _) = streaming.rest().await;
    let rest = String::from_utf8(rest).unwrap();
    assert!(!rest.contains("late"), "{rest:?}");
    assert!(!rest.ends_with("0\r\n\r\n"), "it looks complete: {rest:?}");
    let told = waiting.call("").await;
    assert_eq!((told.status, told.code()), (401, "session_over".into()));
    eventually("the old product's connections to end", async || {
        scene.product.open() == 0
    })
    .await;

    let mut both = [one.id.to_string(), two.id.to_string()];
    both.sort();
    let mut named = ended(&scene).await;
    named.sort();
    assert_eq!(named, both);
    let order: Vec<_> = scene
        .log()
        .await
        .into_iter()
        .map(|entry| entry["type"].clone())
        .collect();
    let place = |name: &str| order.iter().rposition(|this| this == name).unwrap();
    assert!(
        place("session.ended") < place("org.upstream_set"),
        "{order:?}"
    );
    eventually("both outcomes", async || {
        scene.entries("outcome").await.len() == 2
    })
    .await;
    for outcome in scene.entries("outcome").await {
        assert_eq!(outcome["detail"]["ending"], "cut", "{outcome}");
    }

    for session in [&one, &two] {
        let reply = scene.client().await.call(get(session, "/", &[])).await;
        assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
    }
    assert_eq!((scene.product.requests(), new.requests()), (2, 0));
    // The grant stands: a new session looks at the new product.
    let next = scene.session().await;
    let reply = scene.client().await.call(get(&next, "/", &[])).await;
    assert_eq!(reply.status, 200);
    assert_eq!((scene.product.requests(), new.requests()), (2, 1));
}

#[tokio::test]
async fn another_identity_header_is_a_change_and_the_same_upstream_is_none() {
    let scene = Scene::new().await;
    let session = scene.session().await;
    let same = upstream(&scene.product, "X-Remote-User");
    let effective = scene.app.set_upstream(OPERATOR, &acme(), same).await;
    assert_eq!(effective.unwrap().effective, None);
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
    assert_eq!(ended(&scene).await, [""; 0]);

    let other = upstream(&scene.product, "X-User");
    let effective = scene.app.set_upstream(OPERATOR, &acme(), other).await;
    assert!(effective.unwrap().effective.is_some());
    assert!(!scene.node.may_flow(session.id));
    assert_eq!(ended(&scene).await, [session.id.to_string()]);
}

/// A session that slips in between the decision and its append is not named, and ends all the same.
#[tokio::test]
async fn a_session_that_starts_in_between_ends_too() {
    let scene = Scene::new().await;
    let new = Product::start().await;
    let number = CaseNumber::parse("00012399").unwrap();
    let (app, sam, dana) = (scene.app.clone(), scene.sam, scene.dana);
    let (tell, mut told) = tokio::sync::oneshot::channel();
    scene.store.before_next_append(async move {
        let dana_at = Email::parse("dana@acme.test").unwrap();
        let case = OpenCase {
            org: acme(),
            number: Some(number.clone()),
            title: Title::parse("Another case").unwrap(),
            opened_by: Some(OpenerRef::Admin(dana_at)),
            team: vec![Email::parse("sam@vendor.test").unwrap()],
        };
        app.open_case(OPERATOR, case).await.unwrap();
        let why = Justification::parse("To see the wrong invoices").unwrap();
        app.request_access(sam, &number, why, None).await.unwrap();
        app.grant(dana, &number).await.unwrap();
        let started = app.start_session(sam, &number).await.unwrap();
        tell.send(started.id).unwrap();
    });
    let to = upstream(&new, "X-Remote-User");
    let effective = scene.app.set_upstream(OPERATOR, &acme(), to).await;
    assert!(effective.unwrap().effective.is_some());
    let slipped_in: SessionId = told.try_recv().expect("a session was started in between");
    assert!(!scene.node.may_flow(slipped_in));
    let read = scene
        .app
        .case(scene.dana, &CaseNumber::parse("00012399").unwrap())
        .await
        .unwrap();
    let case = read.case().unwrap();
    assert!(case.running(slipped_in, read.now).is_none());
    let ended = &case.ended_sessions[&slipped_in];
    assert_eq!(json!(ended.why), json!("upstream_changed"));
}

/// Two small steps in a row, each with a tick between: whatever more goes through, nobody is inside when
/// the call returns, and nobody gets in before the customer has said yes to it.
#[tokio::test]
async fn a1_wider_rules_end_access_before_the_call_returns() {
    let scene = Scene::new().await;
    let mut paths = vec![];
    for (step, path) in ["/search", "/find"].into_iter().enumerate() {
        let session = scene.session().await;
        let mut streaming = scene.client().await;
        let feed = scene.product.feeds("/stream");
        streaming.send(get(&session, "/stream", &[])).await;
        feed.send(Bytes::from_static(b"first")).unwrap();
        streaming.until(b"first").await.expect("a stream");
        paths.push(path);
        let rules = paths.iter().map(|path| {
            let methods = Methods::parse(["POST"]).unwrap();
            let path = RoutePattern::parse(path).unwrap();
            RouteRule::new(methods, path, RouteEffect::Read).unwrap()
        });
        let wider = Upstream {
            routes: Routes::new(rules.collect()).unwrap(),
            ..upstream(&scene.product, "X-Remote-User")
        };
        let set = scene.app.set_upstream(OPERATOR, &acme(), wider).await;
        let set = set.unwrap();
        assert!(set.effective.is_some(), "it waited until it was effective");
        assert_eq!(set.ended.as_slice(), std::slice::from_ref(&scene.number));
        assert!(!scene.node.may_flow(session.id));
        let _ = feed.send(Bytes::from_static(b"late"));
        let (rest, _) = streaming.rest().await;
        assert!(!String::from_utf8(rest).unwrap().contains("late"));
        let again = scene.app.start_session(scene.sam, &scene.number).await;
        assert!(
            matches!(again, Err(Failure::Refused(Refusal::AccessNotLive))),
            "{again:?}"
        );
        let why = |entries: Vec<Value>| entries.last().unwrap()["detail"]["why"].clone();
        assert_eq!(why(scene.entries("access.revoked").await), "rules_widened");
        assert_eq!(why(scene.entries("session.ended").await), "rules_widened");
        assert_eq!(scene.entries("access.revoked").await.len(), step + 1);
        let reply = scene.client().await.call(get(&session, "/", &[])).await;
        assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
        scene.ticks_again().await;
    }
    let session = scene.session().await;
    let reply = scene.client().await.call(get(&session, "/", &[])).await;
    assert_eq!(reply.status, 200);
}
