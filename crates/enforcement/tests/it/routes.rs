//! Reads as the operator declares them (R17).

use countersign_app::Failure;
use countersign_domain::{
    Actor, Methods, Mode, OperatorVia, Origin, RouteEffect, RoutePattern, RouteRule, Routes, Slug,
    Upstream,
};
use countersign_node::Effective;
use serde_json::json;

use crate::{
    product::Reply,
    scene::{Scene, eventually},
    wire::{ask, get},
};

const OPERATOR: Actor = Actor::Operator {
    via: OperatorVia::CommandLine,
};

/// Sets the scene's upstream to this mode and rules such as `read POST /search`.
async fn set(scene: &Scene, mode: Mode, rules: &[&str]) -> Result<Option<Effective>, Failure> {
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
        ..Upstream::new(Origin::parse(&scene.product.origin()).unwrap())
    };
    let org = Slug::parse("acme").unwrap();
    let set = scene.app.set_upstream(OPERATOR, &org, upstream).await?;
    scene.ticks_again().await;
    Ok(set.effective)
}

const SEARCH: &str = "{\"q\":\"invoices\"}";

#[tokio::test]
async fn a4_only_what_is_declared_reaches_the_product() {
    let scene = Scene::new().await;
    let rules = ["read POST /search", "read GET /invoices/{id}"];
    set(&scene, Mode::Declared, &rules).await.unwrap();
    let session = scene.session().await;
    let length = format!("Content-Length: {}", SEARCH.len());
    let json = ["Content-Type: application/json", &length];

    let mut client = scene.client().await;
    let search = ask("POST", &session, "/search?page=2", &json) + SEARCH;
    let reply = client.call(&search).await;
    assert_eq!((reply.status, reply.text()), (200, "hello".into()));
    assert_eq!(scene.product.last().0, "POST /search?page=2");
    let sent = scene.product.saw("content-length").unwrap();
    assert_eq!(sent, SEARCH.len().to_string());
    let logged = scene.entries("request").await;
    assert_eq!(
        logged[0]["request"],
        json!({"method": "POST", "page": true, "path": "/search?page=2", "rule": "POST /search"})
    );
    let reply = client.call(get(&session, "/invoices/7", &[])).await;
    assert_eq!(reply.status, 200);
    // What reads by its method is no declaration worth telling.
    let logged = scene.entries("request").await;
    let read = json!({"method": "GET", "page": true, "path": "/invoices/7"});
    assert_eq!(logged[1]["request"], read);

    let multipart = ["Content-Type: multipart/form-data; boundary=x", &length];
    let cases: [(&str, &str, &[&str], u16, &str); 7] = [
        ("GET", "/", &[], 403, "not_a_read"),
        ("GET", "/search", &[], 403, "not_a_read"),
        ("HEAD", "/search", &[], 403, "not_a_read"),
        ("OPTIONS", "/invoices/7", &[], 403, "not_a_read"),
        ("GET", "/Invoices/7", &[], 403, "not_a_read"),
        ("POST", "/search?_method=PUT", &[], 400, "method_overridden"),
        ("POST", "/search", &multipart, 403, "effect_unknown"),
    ];
    for (count, (method, target, lines, status, code)) in cases.into_iter().enumerate() {
        let request = ask(method, &session, target, lines);
        let reply = scene.client().await.call(&request).await;
        assert_eq!(reply.status, status, "{request}");
        if method != "HEAD" {
            assert_eq!(reply.code(), code, "{request}");
        }
        let refused = scene.entries("request.refused").await;
        assert_eq!(refused.len(), count + 1, "{request}");
        assert_eq!(refused[count]["detail"]["code"], code);
        assert_eq!(refused[count]["request"]["path"], target);
    }
    assert_eq!(scene.product.requests(), 2);
    let page = client
        .call(get(&session, "/", &["Accept: text/html"]))
        .await;
    assert!(
        page.text()
            .contains("Nobody has declared that this only reads")
    );
}

#[tokio::test]
async fn a4_a_get_that_is_declared_a_write_is_refused() {
    let scene = Scene::new().await;
    let rules = ["write GET /logout", "write * /jobs/{id}/run"];
    set(&scene, Mode::ByMethod, &rules).await.unwrap();
    let session = scene.session().await;
    for (target, status, code) in [
        ("/logout", 403, "not_a_read"),
        ("/log%6fut?now", 403, "not_a_read"),
        ("/Logout/", 400, "ambiguous_request"),
        ("/jobs/7/run", 403, "not_a_read"),
        ("/jobs/7/RUN", 400, "ambiguous_request"),
    ] {
        let reply = scene.client().await.call(get(&session, target, &[])).await;
        assert_eq!(
            (reply.status, reply.code()),
            (status, code.into()),
            "{target}"
        );
    }
    assert_eq!(scene.product.accepted(), 0);
    let reply = scene
        .client()
        .await
        .call(get(&session, "/jobs/7", &[]))
        .await;
    assert_eq!(reply.status, 200);
}

#[tokio::test]
async fn a1_changed_rules_have_ended_what_runs_when_the_call_returns() {
    let scene = Scene::new().await;
    let rules = ["read GET /stream"];
    set(&scene, Mode::ByMethod, &rules).await.unwrap();
    scene.product.answers("/stream", Reply::Ticks);
    let narrower = "upstream_changed";
    let wider = "rules_widened";
    let steps: [(Mode, &[&str], &str); 3] = [
        (Mode::Declared, &rules, narrower),
        (
            Mode::Declared,
            &["read GET /stream", "read POST /search"],
            wider,
        ),
        (Mode::ByMethod, &[], wider),
    ];
    let mut before = (Mode::ByMethod, &rules[..]);
    for (count, (mode, rules, why)) in steps.into_iter().enumerate() {
        let session = scene.session().await;
        let mut client = scene.client().await;
        client.send(get(&session, "/stream", &[])).await;
        client.until(b"data: tick\n\n").await.expect("a tick");

        // What is so already ends nothing.
        let same = set(&scene, before.0, before.1).await.unwrap();
        assert!(same.is_none());
        assert!(scene.node.may_flow(session.id));

        let effective = set(&scene, mode, rules).await.unwrap();
        assert!(effective.is_some());
        assert!(!scene.node.may_flow(session.id));
        client.rest().await;
        eventually("the product's connection to end", async || {
            scene.product.open() == 0
        })
        .await;
        assert_eq!(scene.outcome().await["ending"], "cut");
        let reply = scene
            .client()
            .await
            .call(get(&session, "/stream", &[]))
            .await;
        assert_eq!((reply.status, reply.code()), (401, "session_over".into()));
        let ended = scene.entries("session.ended").await;
        assert_eq!(ended.len(), count + 1);
        assert_eq!(ended[count]["detail"]["why"], why);
        if why == wider {
            scene.ticks_again().await;
        }
        let last = scene.entries("org.upstream_set").await.pop().unwrap();
        let shown = last["detail"]["upstream"]["routes"].as_array();
        assert_eq!(shown.map_or(0, Vec::len), rules.len());
        before = (mode, rules);
    }
}
