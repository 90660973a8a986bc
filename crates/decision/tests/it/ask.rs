//! Requests and rules, written short.

use countersign_decision::{Classified, Effect, RequestHead, Rules, classify};
use countersign_domain::{Methods, Mode, RouteEffect, RoutePattern, RouteRule, Routes};

/// Classifies `METHOD target` with these headers; a `content-length` announces a body.
pub(crate) fn ask(line: &str, headers: &[(&str, &str)], rules: &Rules) -> Classified {
    let (method, target) = line.split_once(' ').unwrap();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (target, None),
    };
    let headers: Vec<(&str, &[u8])> = headers.iter().map(|(n, v)| (*n, v.as_bytes())).collect();
    let has_body = headers.iter().any(|(name, _)| *name == "content-length");
    classify(
        &RequestHead {
            method,
            path,
            query,
            headers: &headers,
            has_body,
        },
        rules,
    )
}

pub(crate) fn effect(line: &str, headers: &[(&str, &str)]) -> Effect {
    ask(line, headers, &Rules::default()).effect
}

/// `read GET,POST /path`.
pub(crate) fn rule(text: &str) -> RouteRule {
    let mut parts = text.splitn(3, ' ');
    let effect = match parts.next().unwrap() {
        "read" => RouteEffect::Read,
        "write" => RouteEffect::Write,
        other => panic!("{other}"),
    };
    let methods = Methods::parse(parts.next().unwrap().split(',')).unwrap();
    let path = RoutePattern::parse(parts.next().unwrap()).unwrap();
    RouteRule::new(methods, path, effect).unwrap()
}

pub(crate) fn rules(mode: Mode, texts: &[&str]) -> Rules {
    let routes = Routes::new(texts.iter().map(|text| rule(text)).collect()).unwrap();
    Rules::new(mode, &routes)
}
