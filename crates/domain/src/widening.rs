//! Whether an upstream lets through what was refused before: then what customers said yes to is not what
//! support can do any more (R9, R17).

use std::collections::BTreeSet;

use crate::{Method, Methods, Mode, RouteEffect, Routes, Upstream};

/// What rules say, told apart by pattern and method. Their order says nothing: of all that match, the
/// most specific pattern speaks, and there the most specific method.
struct Said {
    reads: BTreeSet<(String, String)>,
    writes: BTreeSet<(String, String)>,
}

impl Said {
    fn by(routes: &Routes) -> Self {
        let of = |effect| {
            let rules = routes.as_slice().iter();
            let rules = rules.filter(move |rule| rule.effect() == effect);
            rules
                .flat_map(|rule| {
                    let shape = rule.path().shape();
                    rule.methods()
                        .names()
                        .map(|name| (shape.clone(), name.to_owned()))
                        .collect::<Vec<_>>()
                })
                .collect()
        };
        Self {
            reads: of(RouteEffect::Read),
            writes: of(RouteEffect::Write),
        }
    }

    /// Whether what was refused at this pattern with this method still is, unless a read is added there.
    fn still_refuses(&self, shape: &str, method: &str) -> bool {
        let is_in = |set: &BTreeSet<(String, String)>, name: &str| {
            set.contains(&(shape.to_owned(), name.to_owned()))
        };
        // What is said of GET holds for HEAD before what is said of every method.
        let get_speaks = method == "HEAD" && is_in(&self.reads, "GET");
        is_in(&self.writes, method) || (!get_speaks && is_in(&self.writes, Methods::ANY))
    }

    /// Whether any rule refuses a method that reads by itself.
    fn refuses_safe(&self) -> bool {
        self.writes
            .iter()
            .any(|(_, method)| method == Methods::ANY || Method::is_safe(method))
    }
}

/// Whether some request that `before` refused may pass under `now`. Where it cannot be shown that none
/// does, it is so. An org without an upstream is judged as its customer was told: read-only, by method.
#[must_use]
pub fn widens(before: Option<&Upstream>, now: &Upstream) -> bool {
    // Past the gateway nothing is classified, and nothing recorded.
    let past = before.and_then(|set| set.resource.as_ref());
    if now.resource.is_some() && now.resource.as_ref() != past {
        return true;
    }
    let none = Routes::default();
    let (mode, routes) = before.map_or((Mode::ByMethod, &none), |set| (set.mode, &set.routes));
    if mode == Mode::Declared && now.mode == Mode::ByMethod {
        return true;
    }
    let (had, has) = (Said::by(routes), Said::by(&now.routes));
    if now.mode == Mode::Declared && has.reads.is_empty() {
        return false;
    }
    // A rule for writes that goes may uncover a read: the mode, or a rule that is less specific.
    if had
        .writes
        .iter()
        .any(|(shape, method)| !has.still_refuses(shape, method))
    {
        return true;
    }
    // Where every request with a safe method passed, one more rule that says so of some is none that
    // widens. Anywhere else it may have been added because they did not pass.
    let safe_passed = mode == Mode::ByMethod && !had.refuses_safe();
    has.reads
        .difference(&had.reads)
        .any(|(_, method)| !(safe_passed && Method::is_safe(method)))
}
