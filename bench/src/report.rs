//! Medians, spreads and ratios, as Markdown.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use crate::load::Load;

/// One measurement.
#[derive(Clone, Copy, Debug)]
struct Sample {
    per_second: f64,
    cpu_micros: f64,
    p50_ms: f64,
    p99_ms: f64,
}

/// Everything measured.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// In the order they were first measured in.
    contenders: Vec<(&'static str, &'static str)>,
    samples: BTreeMap<(usize, &'static str), Vec<Sample>>,
}

/// CPU time for each request, in microseconds.
pub(crate) fn micros_each(spent: Duration, requests: u64) -> f64 {
    spent.as_secs_f64() * 1e6 / requests.max(1) as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (Some(upper), 0) => values
            .get(middle - 1)
            .map_or(*upper, |lower| lower.midpoint(*upper)),
        (Some(value), _) => *value,
        (None, _) => f64::NAN,
    }
}

impl Report {
    pub(crate) fn add(
        &mut self,
        key: &'static str,
        name: &'static str,
        connections: usize,
        load: &Load,
        spent: Duration,
    ) {
        if !self.contenders.iter().any(|(known, _)| *known == key) {
            self.contenders.push((key, name));
        }
        self.samples
            .entry((connections, key))
            .or_default()
            .push(Sample {
                per_second: load.per_second(),
                cpu_micros: micros_each(spent, load.requests),
                p50_ms: load.p50.as_secs_f64() * 1e3,
                p99_ms: load.p99.as_secs_f64() * 1e3,
            });
    }

    fn of(&self, connections: usize, key: &'static str, what: fn(&Sample) -> f64) -> Vec<f64> {
        let samples = self.samples.get(&(connections, key));
        samples.map_or_else(Vec::new, |samples| samples.iter().map(what).collect())
    }

    fn median(&self, connections: usize, key: &'static str, what: fn(&Sample) -> f64) -> f64 {
        median(self.of(connections, key, what))
    }

    /// A table for each number of connections, and the ratios that were asked for.
    pub(crate) fn markdown(&self, connections: &[usize]) -> String {
        let mut out = String::new();
        for &count in connections {
            let plural = if count == 1 { "" } else { "s" };
            let _ = writeln!(out, "{count} connection{plural}:\n");
            out.push_str("| | requests/s (lowest–highest) | CPU per request | p50 | p99 |\n|---|--:|--:|--:|--:|\n");
            for (key, name) in &self.contenders {
                let rates = self.of(count, key, |sample| sample.per_second);
                let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
                let high = rates.iter().copied().fold(0.0, f64::max);
                let _ = writeln!(
                    out,
                    "| {name} | {:.0} ({low:.0}–{high:.0}) | {:.1} µs | {:.2} ms | {:.2} ms |",
                    median(rates),
                    self.median(count, key, |sample| sample.cpu_micros),
                    self.median(count, key, |sample| sample.p50_ms),
                    self.median(count, key, |sample| sample.p99_ms),
                );
            }
            out.push('\n');
        }
        out.push_str("| ratio of medians |");
        for count in connections {
            let _ = write!(out, " {count} |");
        }
        out.push_str("\n|---|");
        out.push_str(&"--:|".repeat(connections.len()));
        out.push('\n');
        let rate: fn(&Sample) -> f64 = |sample| sample.per_second;
        let cpu: fn(&Sample) -> f64 = |sample| sample.cpu_micros;
        for (title, what, ours, theirs) in [
            (
                "requests/s, countersign : nginx `auth_request`",
                rate,
                "countersign",
                "auth",
            ),
            (
                "requests/s, countersign : nginx `auth_request` with access log",
                rate,
                "countersign",
                "auth-log",
            ),
            (
                "requests/s, countersign : nginx `proxy_pass`",
                rate,
                "countersign",
                "plain",
            ),
            (
                "requests/s, countersign : product direct",
                rate,
                "countersign",
                "direct",
            ),
            (
                "requests/s, countersign : recording nothing",
                rate,
                "countersign",
                "unrecorded",
            ),
            (
                "CPU, recording nothing : nginx `proxy_pass`",
                cpu,
                "unrecorded",
                "plain",
            ),
            (
                "CPU, recording nothing : nginx `proxy_pass` with access log",
                cpu,
                "unrecorded",
                "plain-log",
            ),
            (
                "CPU, countersign : nginx `proxy_pass`",
                cpu,
                "countersign",
                "plain",
            ),
            (
                "CPU, countersign : nginx `auth_request` with access log",
                cpu,
                "countersign",
                "auth-log",
            ),
            (
                "CPU, countersign : recording nothing",
                cpu,
                "countersign",
                "unrecorded",
            ),
        ] {
            let _ = write!(out, "| {title} |");
            for &count in connections {
                let ratio = self.median(count, ours, what) / self.median(count, theirs, what);
                let _ = write!(out, " {ratio:.2} |");
            }
            out.push('\n');
        }
        out
    }
}
