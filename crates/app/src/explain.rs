//! What the gateway would do with a request, and what says so (R17).

use countersign_decision::{
    Classified, Effect, Reason, RequestHead, RuleRef, Rules, classify, is_reserved, needs_body,
};
use countersign_domain::{Actor, RouteRule, Slug, Upstream};

use crate::{App, Failure};

/// A request that somebody wonders about.
#[derive(Clone, Copy, Debug)]
pub struct Wondered<'a> {
    /// The method, as on the wire.
    pub method: &'a str,
    /// Path and query, as on the wire.
    pub target: &'a str,
    /// Names in lower case, and values.
    pub headers: &'a [(String, String)],
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It passes as a read.
    Passes,
    /// It is refused.
    Refused {
        /// With this status.
        status: u16,
        /// And this code.
        code: &'static str,
    },
    /// The gateway answers it, and the product is not asked.
    Kept,
}

/// What would become of a request in a session that gives access, and why.
#[derive(Clone, Debug)]
pub struct Explained {
    /// What would become of it.
    pub fate: Fate,
    /// What kind of thing says so.
    pub by: &'static str,
    /// The rule that says so, and its number from one.
    pub rule: Option<(usize, RouteRule)>,
    /// Why, as a clause for people.
    pub because: String,
    /// Whether the body decides as well.
    pub body_decides: bool,
}

impl App {
    /// Explains what would become of a request at an org's upstream, for operators.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn explain(
        &self,
        actor: Actor,
        slug: &Slug,
        request: &Wondered<'_>,
    ) -> Result<Explained, Failure> {
        let upstream = self.upstream(actor, slug).await?;
        Ok(explain(upstream.as_ref(), request))
    }
}

/// Explains what would become of a request at this upstream.
#[must_use]
pub fn explain(upstream: Option<&Upstream>, request: &Wondered<'_>) -> Explained {
    let by_gateway = |fate, because: &str| Explained {
        fate,
        by: "gateway",
        rule: None,
        because: because.to_owned(),
        body_decides: false,
    };
    let path = request.target.split('?').next().unwrap_or_default();
    if is_reserved(path) {
        return by_gateway(Fate::Kept, "the gateway keeps this path for itself");
    }
    let Some(upstream) = upstream else {
        let refused = Fate::Refused {
            status: 502,
            code: "no_upstream",
        };
        return by_gateway(
            refused,
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

fn of_effect(head: &RequestHead<'_>, classified: Classified) -> Explained {
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
    Explained {
        fate: match effect.status() {
            None => Fate::Passes,
            Some(status) => Fate::Refused {
                status,
                code: effect.code(),
            },
        },
        by,
        rule: rule.map(|RuleRef { number, rule }| (number, RouteRule::clone(&rule))),
        because,
        body_decides,
    }
}
