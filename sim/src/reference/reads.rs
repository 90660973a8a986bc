//! What goes through (R17): whether an upstream may let through what the one before it refused.

use countersign_domain::{Mode, OrgId, RouteEffect, Upstream};

use super::{Past, What};

/// A pattern without the names of its parameters, a method, and what a rule says of the two.
type Saying = (String, String, RouteEffect);

impl<'a> Past<'a> {
    /// The upstream last set.
    pub(super) fn upstream(self, org: OrgId) -> Option<&'a Upstream> {
        self.latest(|what| match what {
            What::UpstreamSet(id, upstream) if *id == org => Some(upstream),
            _ => None,
        })
    }

    /// Whether setting `now` loosened what customers agreed to. It did unless nothing at all goes through,
    /// or all of this holds: the mode is no looser; what a rule refused, a rule with that pattern refuses now; and whatever a rule
    /// lets through, it let through before, but for safe methods where nothing refused any of those.
    pub(super) fn loosens(self, org: OrgId, now: &Upstream) -> bool {
        let before = self.upstream(org);
        let mode = before.map_or(Mode::ByMethod, |set| set.mode);
        let had = before.map_or(vec![], sayings);
        let has = sayings(now);
        let refused = |all: &[Saying], pattern: &str, method: &str| {
            all.iter()
                .any(|(p, m, says)| p == pattern && m == method && *says == RouteEffect::Write)
        };
        let safe = |method: &str| ["GET", "HEAD", "OPTIONS"].contains(&method);
        let mode_holds = mode == Mode::ByMethod || now.mode == Mode::Declared;
        let refusals_hold = had.iter().all(|(pattern, method, says)| {
            *says == RouteEffect::Read
                || refused(&has, pattern, method)
                || refused(&has, pattern, "*")
        });
        let safe_went_through = mode == Mode::ByMethod
            && had.iter().all(|(_, method, says)| {
                *says == RouteEffect::Read || !(safe(method) || method == "*")
            });
        let nothing_new = has.iter().all(|saying| {
            let (_, method, says) = saying;
            *says == RouteEffect::Write
                || had.contains(saying)
                || (safe(method) && safe_went_through)
        });
        let nothing_at_all = now.mode == Mode::Declared
            && has.iter().all(|(_, _, says)| *says == RouteEffect::Write);
        !(nothing_at_all || (mode_holds && refusals_hold && nothing_new))
    }
}

fn sayings(upstream: &Upstream) -> Vec<Saying> {
    let mut all = vec![];
    for rule in upstream.routes.as_slice() {
        for method in rule.methods().names() {
            all.push((rule.path().shape(), method.to_owned(), rule.effect()));
        }
    }
    all
}
