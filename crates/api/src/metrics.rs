//! What `/metrics` tells: build, readiness, position and answers counted, in Prometheus' text format.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// The content type of the text format.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// An answer as counted: method, route, status. The route is the pattern, so that callers cannot
/// make up ever more of them.
type Answer = (&'static str, String, u16);

/// Answers counted since the process started.
#[derive(Debug, Default)]
pub(crate) struct Answers(Mutex<BTreeMap<Answer, u64>>);

impl Answers {
    pub(crate) fn count(&self, method: &str, route: &str, status: u16) {
        let method = ["GET", "HEAD", "POST", "PUT", "DELETE"]
            .into_iter()
            .find(|known| *known == method)
            .unwrap_or("other");
        let mut counts = self.counts();
        let count = counts
            .entry((method, route.to_owned(), status))
            .or_default();
        *count = count.saturating_add(1);
    }

    /// A panic elsewhere does not spoil numbers.
    fn counts(&self) -> MutexGuard<'_, BTreeMap<Answer, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The text of `/metrics`.
    pub(crate) fn text(&self, ready: bool, position: u64, folded: u64) -> String {
        let version = env!("CARGO_PKG_VERSION");
        let ready = u8::from(ready);
        let mut text = format!(
            "# HELP countersign_build_info The version that is running.\n\
             # TYPE countersign_build_info gauge\n\
             countersign_build_info{{version=\"{version}\"}} 1\n\
             # HELP countersign_ready Whether this process serves decisions.\n\
             # TYPE countersign_ready gauge\n\
             countersign_ready {ready}\n\
             # HELP countersign_position The newest event this process has folded.\n\
             # TYPE countersign_position gauge\n\
             countersign_position {position}\n\
             # HELP countersign_events_folded_total Events folded since this process started from what was live.\n\
             # TYPE countersign_events_folded_total counter\n\
             countersign_events_folded_total {folded}\n\
             # HELP countersign_api_requests_total Calls of the API, by answer.\n\
             # TYPE countersign_api_requests_total counter\n"
        );
        for ((method, route, status), count) in self.counts().iter() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "countersign_api_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {count}"
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_known_methods_only() {
        let answers = Answers::default();
        answers.count("GET", "/api/v1/cases", 200);
        answers.count("GET", "/api/v1/cases", 200);
        answers.count("EVIL\"}", "/api/v1/cases", 405);
        let text = answers.text(true, 7, 2);
        assert!(text.contains("countersign_ready 1\n"));
        assert!(text.contains("countersign_position 7\n"));
        assert!(text.contains("countersign_events_folded_total 2\n"));
        assert!(text.contains("{method=\"GET\",route=\"/api/v1/cases\",status=\"200\"} 2\n"));
        assert!(text.contains("{method=\"other\",route=\"/api/v1/cases\",status=\"405\"} 1\n"));
        assert!(text.ends_with('\n'));
    }
}
