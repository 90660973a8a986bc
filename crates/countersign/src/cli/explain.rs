//! What the gateway would do with a request, and what says so (R17).

use countersign_decision::{
    Classified, Effect, Reason, RequestHead, RuleRef, Rules, classify, needs_body,
};
use countersign_domain::Upstream;
use serde_json::{Value, json};

/// A request as it was typed.
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) target: &'a str,
    /// Names in lower case, and values.
    pub(crate) headers: &'a [(String, String)],
}

/// What would happen to it.
#[derive(Debug)]
pub(crate) struct Explained {
    /// Whether it would pass.
    pub(crate) passes: bool,
    /// For programs.
    pub(crate) object: Value,
    /// For people.
    pub(crate) words: String,
}

/// What becomes of a request.
#[derive(Clone, Copy)]
enum Fate {
    Passes,
    /// With this status and code.
    Refused(u16, &'static str),
    /// The gateway answers it, and the product is not asked.
    Kept,
}

struct Answer {
    fate: Fate,
    by: &'static str,
    rule: Option<RuleRef>,
    because: String,
    /// Whether the body decides as well.
    body_decides: bool,
}

/// Explains what would become of a request at this upstream, in a session that gives access.
pub(crate) fn explain(org: &str, upstream: Option<&Upstream>, request: &Request<'_>) -> Explained {
    let mode = upstream.map(|upstream| upstream.mode.as_str());
    let answer = answer(upstream, request);
    let passes = matches!(answer.fate, Fate::Passes);
    let line = format!("{} {}", request.method, request.target);
    let because = &answer.because;
    let (mut words, status, code) = match answer.fate {
        Fate::Passes => (format!("{line} passes as a read: {because}."), None, None),
        Fate::Refused(status, code) => {
            let words = format!("{line} is refused with {status} {code}: {because}.");
            (words, Some(status), Some(code))
        }
        Fate::Kept => (
            format!("{line} does not reach the product: {because}."),
            None,
            None,
        ),
    };
    if answer.body_decides {
        words.push_str("\nIts body is looked into first: one that asks for another method, or that could be read differently, is refused.");
    }
    let rule = answer.rule.map(|named| {
        json!({
            "number": named.number, "methods": named.rule.methods(),
            "path": named.rule.path(), "effect": named.rule.effect(),
        })
    });
    Explained {
        passes,
        object: json!({
            "org": org, "method": request.method, "path": request.target, "mode": mode,
            "passes": passes,
            "status": status, "code": code,
            "by": answer.by, "rule": rule, "because": answer.because,
            "body_decides": answer.body_decides,
        }),
        words,
    }
}

fn answer(upstream: Option<&Upstream>, request: &Request<'_>) -> Answer {
    let by_gateway = |fate, because: &str| Answer {
        fate,
        by: "gateway",
        rule: None,
        because: because.to_owned(),
        body_decides: false,
    };
    let path = request.target.split('?').next().unwrap_or_default();
    if countersign_enforcement::is_reserved(path) {
        return by_gateway(Fate::Kept, "the gateway keeps this path for itself");
    }
    let Some(upstream) = upstream else {
        return by_gateway(
            Fate::Refused(502, "no_upstream"),
            "nobody has said where the org's product is (countersign upstream set)",
        );
    };
    let headers: Vec<(&str, &[u8])> = request
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_bytes()))
        .collect();
    let head = RequestHead {
        method: request.method,
        path,
        query: request.target.split_once('?').map(|(_, query)| query),
        headers: &headers,
        has_body: request.headers.iter().any(|(name, value)| {
            name == "transfer-encoding" || (name == "content-length" && value != "0")
        }),
    };
    let rules = Rules::new(upstream.mode, &upstream.routes);
    of_effect(&head, classify(&head, &rules))
}

fn of_effect(head: &RequestHead<'_>, classified: Classified) -> Answer {
    let Classified { effect, reason } = classified;
    let content_type = head
        .headers
        .iter()
        .find(|(name, _)| *name == "content-type");
    let body_decides = effect == Effect::Read
        && head.has_body
        && needs_body(content_type.map(|(_, value)| *value)) == Ok(true);
    let because = reason.to_string();
    let (by, rule) = match reason {
        Reason::Rule(named) => ("rule", Some(named)),
        Reason::Near(named) => ("near_rule", Some(named)),
        Reason::Mode(_) => ("mode", None),
        Reason::Method => ("method", None),
        Reason::Upgrade => ("upgrade", None),
        Reason::Override => ("override", None),
        Reason::Ambiguity(_) => ("ambiguity", None),
        Reason::Body(_) => ("body", None),
    };
    Answer {
        fate: match effect.status() {
            None => Fate::Passes,
            Some(status) => Fate::Refused(status, effect.code()),
        },
        by,
        rule,
        because,
        body_decides,
    }
}
