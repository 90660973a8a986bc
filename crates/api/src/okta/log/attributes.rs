//! The attributes of a LogEvent, and which comparisons of them make sense.

use countersign_filter::{Attribute, Comparison, Filter, Operator, Term, Value};

use super::{matches, types};
use crate::time;

/// What an attribute's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Moment,
    Number,
    /// A whole number that stands as text, as all debug data does.
    Digits,
    Bool,
    /// It has attributes of its own.
    Parts,
    /// Several, which have attributes of their own.
    List,
}

#[rustfmt::skip]
const ATTRIBUTES: [(Kind, &[&str]); 7] = [
    (Kind::Text, &[
        "uuid", "eventType", "legacyEventType", "displayMessage", "version", "severity",
        "actor.id", "actor.type", "actor.alternateId", "actor.displayName",
        "client.id", "client.zone", "client.device", "client.ipAddress",
        "client.userAgent.rawUserAgent", "client.userAgent.os", "client.userAgent.browser",
        "client.geographicalContext.city", "client.geographicalContext.state",
        "client.geographicalContext.country", "client.geographicalContext.postalCode",
        "outcome.result", "outcome.reason",
        "target.id", "target.type", "target.alternateId", "target.displayName",
        "transaction.id", "transaction.type", "transaction.detail.requestApiTokenId",
        "authenticationContext.authenticationProvider", "authenticationContext.credentialProvider",
        "authenticationContext.credentialType", "authenticationContext.externalSessionId",
        "authenticationContext.interface", "authenticationContext.issuer.id", "authenticationContext.issuer.type",
        "securityContext.asOrg", "securityContext.isp", "securityContext.domain",
        "request.ipChain.ip", "request.ipChain.version", "request.ipChain.source",
    ]),
    (Kind::Moment, &["published"]),
    (Kind::Number, &[
        "authenticationContext.authenticationStep", "securityContext.asNumber",
        "client.geographicalContext.geolocation.lat", "client.geographicalContext.geolocation.lon",
    ]),
    (Kind::Digits, &["debugContext.debugData.entryIndex", "debugContext.debugData.leftOut"]),
    (Kind::Bool, &["securityContext.isProxy"]),
    (Kind::Parts, &[
        "actor", "actor.detailEntry", "client", "client.userAgent", "client.geographicalContext",
        "client.geographicalContext.geolocation", "outcome", "transaction", "transaction.detail", "debugContext",
        "debugContext.debugData", "authenticationContext", "authenticationContext.issuer", "securityContext",
        "request", "target.detailEntry",
    ]),
    (Kind::List, &["target", "request.ipChain"]),
];

/// Attributes that have no values but these, in lower case: all that Okta has.
const CLOSED: [(&str, &[&str]); 3] = [
    (
        "outcome.result",
        &[
            "success",
            "failure",
            "skipped",
            "allow",
            "deny",
            "challenge",
            "unknown",
        ],
    ),
    ("severity", &["debug", "info", "warn", "error"]),
    ("transaction.type", &["web", "job"]),
];

/// Event types that begin so are all known here: Okta has no others, or none at all.
const FAMILIES: [&str; 2] = ["user.session.impersonation.", "support."];

/// What the attribute of these names is, if there is one.
pub(super) fn kind_of(names: &[String]) -> Option<Kind> {
    let known = |known: &str| {
        let mut parts = known.split('.');
        let same = names.iter().all(|name| {
            let part = parts.next();
            part.is_some_and(|part| part.eq_ignore_ascii_case(name))
        });
        same && parts.next().is_none()
    };
    let mut kinds = ATTRIBUTES.into_iter();
    let found = kinds.find(|(_, all)| all.iter().any(|name| known(name)));
    if let Some((kind, _)) = found {
        return Some(kind);
    }
    // What stands there is each event type's own affair.
    let [context, data, _] = names else {
        return None;
    };
    let free =
        context.eq_ignore_ascii_case("debugContext") && data.eq_ignore_ascii_case("debugData");
    free.then_some(Kind::Text)
}

/// Something that a filter says and that makes no sense here.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Senseless {
    /// How many characters stand before it.
    pub(super) at: usize,
    pub(super) why: String,
}

/// Refuses a filter that asks for what no event could ever be.
pub(super) fn check(filter: &Filter) -> Result<(), Senseless> {
    checked(filter, &[])
}

/// Where each term stands, those within brackets and the brackets themselves included.
pub(super) fn places(filter: &Filter) -> Vec<usize> {
    let terms = filter.terms().into_iter();
    let places = terms.flat_map(|term| match term {
        Term::Present(attribute) => vec![attribute.at],
        Term::Compare(comparison) => vec![comparison.attribute.at],
        Term::Has(attribute, value) => [vec![attribute.at], places(value)].concat(),
    });
    places.collect()
}

fn checked(filter: &Filter, within: &[String]) -> Result<(), Senseless> {
    for term in filter.terms() {
        match term {
            Term::Present(attribute) => _ = known(attribute, within)?,
            Term::Compare(comparison) => compares(comparison, within)?,
            Term::Has(attribute, value) => match known(attribute, within)? {
                Kind::List => checked(value, &attribute.names)?,
                _ => {
                    let why = format!(
                        "{attribute} has no values to choose from with brackets: target has"
                    );
                    return Err(senseless(attribute.at, why));
                }
            },
        }
    }
    Ok(())
}

fn known(attribute: &Attribute, within: &[String]) -> Result<Kind, Senseless> {
    let names = [within, attribute.names.as_slice()].concat();
    let kind = kind_of(&names).filter(|_| attribute.schema.is_none());
    kind.ok_or_else(|| {
        let why = format!("a log event has no attribute {attribute}");
        senseless(attribute.at, why)
    })
}

fn compares(comparison: &Comparison, within: &[String]) -> Result<(), Senseless> {
    let Comparison {
        attribute,
        operator,
        value,
        value_at,
    } = comparison;
    let kind = known(attribute, within)?;
    let wrong = |is: &str| Err(senseless(*value_at, format!("{attribute} {is}")));
    match (kind, value) {
        (Kind::Parts | Kind::List, _) => {
            let why = format!(
                "{attribute} has parts and is not compared as a whole: name one of them, or ask whether it is there with pr"
            );
            Err(senseless(attribute.at, why))
        }
        (_, Value::Null) | (Kind::Bool, Value::Bool(_)) => Ok(()),
        (Kind::Text, Value::Text(text)) => {
            can_be(attribute, within, *operator, text).map_err(|why| senseless(*value_at, why))
        }
        (Kind::Digits, _) if operator.is_about_text() => {
            wrong("is a number, which has no part to look for: use eq, ne, gt, ge, lt or le")
        }
        (Kind::Digits, Value::Number(number)) if number.is_u64() => Ok(()),
        (Kind::Digits, Value::Text(text)) if is_whole(text) => Ok(()),
        (Kind::Digits, _) => wrong("is compared with a whole number"),
        (Kind::Text, _) => wrong("is compared with text in double quotes"),
        (Kind::Moment, Value::Text(text)) if !operator.is_about_text() => match time::read(text) {
            Ok(_) => Ok(()),
            Err(_) => wrong("is compared with an RFC 3339 time such as \"2025-11-24T16:00:00Z\""),
        },
        (Kind::Moment, Value::Text(_)) => {
            wrong("is a moment, which has no part to look for: use eq, ne, gt, ge, lt or le")
        }
        (Kind::Moment, _) => wrong("is compared with an RFC 3339 time in double quotes"),
        (Kind::Number, Value::Number(_)) => Ok(()),
        (Kind::Number, _) => wrong("is compared with a number"),
        (Kind::Bool, _) => wrong("is true or false"),
    }
}

/// Digits and nothing else.
fn is_whole(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u64>().is_ok()
}

/// Refuses what is a slip of the pen, and would find nothing for ever: a value that no event ever has.
fn can_be(
    attribute: &Attribute,
    within: &[String],
    operator: Operator,
    text: &str,
) -> Result<(), String> {
    let names = [within, attribute.names.as_slice()].concat();
    let name = names.join(".");
    let text = text.to_lowercase();
    // Whoever excludes something means something that there is.
    let operator = match operator {
        Operator::NotEqual => Operator::Equal,
        other => other,
    };
    let closed = CLOSED
        .iter()
        .find(|(one, _)| one.eq_ignore_ascii_case(&name));
    if let Some((_, values)) = closed
        && !values
            .iter()
            .any(|value| matches::text(operator, value, &text))
    {
        let values = values.join(", ").to_uppercase();
        return Err(format!("{attribute} is one of {values}"));
    }
    let of_family = FAMILIES.iter().any(|family| text.starts_with(family));
    if name.eq_ignore_ascii_case("eventType")
        && operator == Operator::Equal
        && of_family
        && !types::is_known(&text)
    {
        return Err(format!("there is no event type {text:?}"));
    }
    Ok(())
}

fn senseless(at: usize, why: String) -> Senseless {
    Senseless { at, why }
}

/// Whether an event of this type could be what the filter asks for, whatever else it says.
pub(super) fn could_be(filter: &Filter, event_type: &str) -> bool {
    possible(filter, event_type) != Some(false)
}

/// What is known of the answer by the type alone.
fn possible(filter: &Filter, event_type: &str) -> Option<bool> {
    match filter {
        Filter::Compare(comparison) if comparison.attribute.is("eventType") => {
            let Value::Text(text) = &comparison.value else {
                return None;
            };
            let text = text.to_lowercase();
            Some(matches::text(comparison.operator, event_type, &text))
        }
        Filter::Present(_) | Filter::Compare(_) | Filter::Has(..) => None,
        Filter::Not(filter) => possible(filter, event_type).map(|held| !held),
        Filter::And(filters) => all(filters, event_type, false),
        Filter::Or(filters) => all(filters, event_type, true),
    }
}

/// `decides` if one of them is so, the opposite if none can be, and otherwise nobody knows.
fn all(filters: &[Filter], event_type: &str, decides: bool) -> Option<bool> {
    let mut answer = Some(!decides);
    for filter in filters {
        match possible(filter, event_type) {
            Some(held) if held == decides => return Some(decides),
            Some(_) => {}
            None => answer = None,
        }
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(text: &str) -> Filter {
        text.parse()
            .unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn what_makes_no_sense_is_refused_at_its_place() {
        for (text, at, why) in [
            (
                "eventtype eq \"x\" and actor.email eq \"x\"",
                21,
                "a log event has no attribute actor.email",
            ),
            (
                "urn:x:uuid pr",
                0,
                "a log event has no attribute urn:x:uuid",
            ),
            (
                "actor eq \"x\"",
                0,
                "actor has parts and is not compared as a whole: name one of them, or ask whether it is there with pr",
            ),
            (
                "published gt \"yesterday\"",
                13,
                "published is compared with an RFC 3339 time such as \"2025-11-24T16:00:00Z\"",
            ),
            (
                "published co \"2025\"",
                13,
                "published is a moment, which has no part to look for: use eq, ne, gt, ge, lt or le",
            ),
            (
                "uuid eq 7",
                8,
                "uuid is compared with text in double quotes",
            ),
            (
                "securityContext.isProxy eq \"true\"",
                27,
                "securityContext.isProxy is true or false",
            ),
            (
                "securityContext.asNumber eq \"7\"",
                28,
                "securityContext.asNumber is compared with a number",
            ),
            (
                "target[email eq \"x\"]",
                7,
                "a log event has no attribute email",
            ),
            (
                "actor[id eq \"x\"]",
                0,
                "actor has no values to choose from with brackets: target has",
            ),
        ] {
            let refused = check(&filter(text)).expect_err(text);
            assert_eq!((refused.at, refused.why.as_str()), (at, why), "{text}");
        }
        for text in [
            "EVENTTYPE eq \"x\"",
            "actor pr and client.ipAddress eq null",
            "debugContext.debugData.caseNumber eq \"4711\"",
            "target[type eq \"User\" and alternateId eq \"dana@acme.test\"]",
            "published gt \"2025-11-24T16:00:00+01:00\"",
        ] {
            assert_eq!(check(&filter(text)), Ok(()), "{text}");
        }
    }

    /// A slip of the pen finds nothing for ever and looks like peace. Types of Okta's that never happen here are none.
    #[test]
    fn values_that_can_never_occur_are_refused_and_others_are_not() {
        for (text, at, why) in [
            (
                "outcome.result eq \"FAILED\"",
                18,
                "outcome.result is one of SUCCESS, FAILURE, SKIPPED, ALLOW, DENY, CHALLENGE, UNKNOWN",
            ),
            (
                "not (severity ne \"warning\")",
                17,
                "severity is one of DEBUG, INFO, WARN, ERROR",
            ),
            (
                "eventType eq \"user.session.impersonation.granted\"",
                13,
                "there is no event type \"user.session.impersonation.granted\"",
            ),
            (
                "eventType eq \"support.org.views\"",
                13,
                "there is no event type \"support.org.views\"",
            ),
            ("debugContext.debugData.entryIndex co 1", 34, ""),
            (
                "debugContext.debugData.entryIndex gt \"ten\"",
                37,
                "debugContext.debugData.entryIndex is compared with a whole number",
            ),
            (
                "debugContext.debugData.entryIndex gt 1.5",
                37,
                "debugContext.debugData.entryIndex is compared with a whole number",
            ),
        ] {
            let read = text.parse::<Filter>();
            match read {
                Ok(filter) => {
                    let why = why.to_owned();
                    assert_eq!(check(&filter), Err(Senseless { at, why }), "{text}");
                }
                // What is about text alone is not compared with a number to begin with.
                Err(_) => assert!(why.is_empty(), "{text}"),
            }
        }
        for text in [
            "outcome.result eq \"failure\" or outcome.result sw \"S\"",
            "outcome.result ne \"SKIPPED\" and outcome.result eq null",
            "eventType eq \"user.authentication.sso\"",
            "eventType sw \"user.session.impersonation\"",
            "eventType eq \"USER.SESSION.START\"",
            "transaction.type eq \"WEB\"",
            "debugContext.debugData.entryIndex ge 9 and debugContext.debugData.leftOut gt \"0\"",
        ] {
            assert_eq!(check(&filter(text)), Ok(()), "{text}");
        }
    }

    #[test]
    fn entry_indexes_are_compared_as_numbers() {
        let event = serde_json::json!({"debugcontext": {"debugdata": {"entryindex": "10"}}});
        for (text, holds) in [
            ("debugContext.debugData.entryIndex gt 9", true),
            ("debugContext.debugData.entryIndex gt \"9\"", true),
            ("debugContext.debugData.entryIndex lt \"9\"", false),
            ("debugContext.debugData.entryIndex eq 10", true),
            ("debugContext.debugData.entryIndex ne 10", false),
            ("debugContext.debugData.entryIndex le 100", true),
        ] {
            let filter = matches::in_lower_case(filter(text));
            assert_eq!(matches::is_so(&filter, &event), holds, "{text}");
        }
    }

    #[test]
    fn what_no_event_of_a_type_can_be_is_known_by_the_type() {
        for (text, could) in [
            ("eventType eq \"A.B\"", true),
            ("eventType eq \"a.c\"", false),
            ("eventType sw \"a.\" and actor.id eq \"x\"", true),
            ("eventType eq \"a.c\" and actor.id eq \"x\"", false),
            ("eventType eq \"a.c\" or actor.id eq \"x\"", true),
            ("not (eventType eq \"a.b\")", false),
            ("not (eventType eq \"a.c\" or actor.id eq \"x\")", true),
            ("not (eventType eq \"a.b\" or actor.id eq \"x\")", false),
            ("eventType pr", true),
        ] {
            assert_eq!(could_be(&filter(text), "a.b"), could, "{text}");
        }
    }
}
