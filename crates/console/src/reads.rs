//! Which requests the vendor declares to be reads, in words for its customer (R17).

use countersign_domain::{Method, Mode, RouteEffect, RouteRule, RulesChange, Upstream};
use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

use crate::views::reads::{ChangedRules, VendorRules};

/// What is set now.
pub(crate) fn now(upstream: Option<&Upstream>, t: Lang) -> VendorRules {
    let Some(upstream) = upstream else {
        return VendorRules::default();
    };
    let mut rules = VendorRules {
        otherwise: Some(otherwise(upstream.mode, t)),
        past: past(Some(upstream), t),
        ..VendorRules::default()
    };
    for rule in upstream.routes.as_slice() {
        let line = |method: &str| UserText::new(format!("{method} {}", rule.path()));
        match rule.effect() {
            RouteEffect::Write => rules.writes.push(UserText::new(rule.to_string())),
            RouteEffect::Read => {
                rules.harmless.extend(rule.declared_harmless().map(line));
                let safe = rule.methods().names().filter(|name| Method::is_safe(name));
                rules.reads.extend(safe.map(line));
            }
        }
    }
    rules
}

/// That support can reach the product past the gateway, where it can.
pub(crate) fn past(upstream: Option<&Upstream>, t: Lang) -> Option<Text> {
    let resource = upstream?.resource.as_ref()?;
    Some(t.say_past(UserText::new(resource.to_string())))
}

/// The kinds of requests that could change something and that rules declare to be reads.
pub(crate) fn harmless<'a>(rules: impl Iterator<Item = &'a RouteRule>) -> Vec<UserText> {
    let lines = |rule: &'a RouteRule| {
        rule.declared_harmless()
            .map(|method| UserText::new(format!("{method} {}", rule.path())))
    };
    rules.flat_map(lines).collect()
}

/// What an entry changed.
pub(crate) fn changed(change: &RulesChange, t: Lang) -> ChangedRules {
    let added = change.added.iter().map(|rule| {
        let text = UserText::new(rule.to_string());
        match weight(rule) {
            Weight::Harmless if rule.path().covers_all_below() => {
                (0, t.change_harmless_below(text))
            }
            Weight::Harmless => (0, t.change_harmless(text)),
            Weight::Read => (2, t.change_read(text)),
            Weight::Write => (4, t.change_write(text)),
        }
    });
    let removed = change.removed.iter().map(|rule| {
        let text = UserText::new(rule.to_string());
        match weight(rule) {
            Weight::Write => (1, t.change_not_write(text)),
            Weight::Harmless => (3, t.change_not_harmless(text)),
            Weight::Read => (5, t.change_not_read(text)),
        }
    });
    let past = change.past.iter();
    let past = past.map(|one| (0, t.change_past(UserText::new(one.to_string()))));
    let no_longer = change.no_longer_past.iter();
    let no_longer = no_longer.map(|one| (5, t.change_not_past(UserText::new(one.to_string()))));
    let mut lines: Vec<(u8, Text)> = past.chain(added).chain(removed).chain(no_longer).collect();
    lines.sort_by_key(|(place, _)| *place);
    ChangedRules {
        otherwise: (change.mode_before.is_some() || lines.is_empty())
            .then(|| otherwise(change.mode, t)),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        kept: change.kept,
    }
}

enum Weight {
    Harmless,
    Read,
    Write,
}

fn weight(rule: &RouteRule) -> Weight {
    match rule.effect() {
        RouteEffect::Write => Weight::Write,
        RouteEffect::Read if rule.declared_harmless().next().is_some() => Weight::Harmless,
        RouteEffect::Read => Weight::Read,
    }
}

fn otherwise(mode: Mode, t: Lang) -> Text {
    match mode {
        Mode::ByMethod => t.reads_by_method(),
        Mode::Declared => t.reads_declared(),
    }
}
