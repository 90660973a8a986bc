//! What the gateway would do with a request, in words and for programs (R17).

use countersign_app::{Explained, Fate, Wondered, explain};
use countersign_domain::Upstream;
use serde_json::{Value, json};

/// What would happen to a request.
#[derive(Debug)]
pub(crate) struct Told {
    /// Whether it would pass.
    pub(crate) passes: bool,
    /// For programs.
    pub(crate) object: Value,
    /// For people.
    pub(crate) words: String,
}

/// Explains what would become of a request at this upstream, in a session that gives access.
pub(crate) fn tell(org: &str, upstream: Option<&Upstream>, request: &Wondered<'_>) -> Told {
    let mode = upstream.map(|upstream| upstream.mode.as_str());
    let Explained {
        fate,
        by,
        rule,
        because,
        body_decides,
    } = explain(upstream, request);
    let passes = fate == Fate::Passes;
    let line = format!("{} {}", request.method, request.target);
    let (mut words, status, code) = match fate {
        Fate::Passes => (format!("{line} passes as a read: {because}."), None, None),
        Fate::Refused { status, code } => {
            let words = format!("{line} is refused with {status} {code}: {because}.");
            (words, Some(status), Some(code))
        }
        Fate::Kept => (
            format!("{line} does not reach the product: {because}."),
            None,
            None,
        ),
    };
    if body_decides {
        words.push_str("\nIts body is looked into first: one that asks for another method, or that could be read differently, is refused.");
    }
    let rule = rule.map(|(number, rule)| {
        json!({
            "number": number, "methods": rule.methods(),
            "path": rule.path(), "effect": rule.effect(),
        })
    });
    Told {
        passes,
        object: json!({
            "org": org, "method": request.method, "path": request.target, "mode": mode,
            "passes": passes,
            "status": status, "code": code,
            "by": by, "rule": rule, "because": because,
            "body_decides": body_decides,
        }),
        words,
    }
}
