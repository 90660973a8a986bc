//! What somebody types to look something up in a history, and what it asks for.

use countersign_app::{HistoryAsk, Named, Requests, Search};
use countersign_domain::{CaseNumber, Email, Timestamp};
use countersign_entries::kinds_named;
use countersign_web::{
    messages::{Lang, Text},
    text::UserText,
};

use crate::{
    reader::Reader,
    views::history::{Choice, Filter, Preset},
};

/// The fields of a filter, as addresses have them.
const FIELDS: [&str; 7] = ["q", "case", "agent", "from", "to", "kind", "session"];
/// What addresses have besides.
const OF_ADDRESSES: [&str; 3] = ["after", "since", "order"];

/// A choice of what to be shown.
struct Kind {
    /// What is sent.
    value: &'static str,
    /// Kinds or areas of kinds; none for all.
    names: &'static [&'static str],
    /// Of requests, only these.
    requests: Option<Requests>,
    label: fn(Lang) -> Text,
}

/// The choices. The first is what is shown to whoever has chosen nothing: everything, but what pages load
/// beside themselves stands with them as a number.
#[allow(
    clippy::redundant_closure_for_method_calls,
    reason = "a test looks for calls of each message"
)]
const KINDS: [Kind; 12] = [
    kind("", &[], None, |t| t.history_kind_telling()),
    kind("pages", &[], Some(Requests::Pages), |t| {
        t.history_kind_pages()
    }),
    kind("requests", &["request", "request.refused"], None, |t| {
        t.history_kind_requests()
    }),
    kind("further", &[], Some(Requests::Further), |t| {
        t.history_kind_further()
    }),
    kind("refused", &["request.refused"], None, |t| {
        t.history_kind_refused()
    }),
    kind("declared", &[], Some(Requests::Declared), |t| {
        t.history_kind_declared()
    }),
    kind("access", &["access", "self_assignment"], None, |t| {
        t.history_kind_access()
    }),
    kind("sessions", &["session"], None, |t| {
        t.history_kind_sessions()
    }),
    kind("attempts", &["attempt"], None, |t| {
        t.history_kind_attempts()
    }),
    kind("sign_ins", &["console"], None, |t| {
        t.history_kind_sign_ins()
    }),
    kind(
        "rest",
        &["case", "org", "admin", "agent", "credential", "passkey"],
        None,
        |t| t.history_kind_rest(),
    ),
    kind("all", &[], None, |t| t.history_kind_all()),
];

const fn kind(
    value: &'static str,
    names: &'static [&'static str],
    requests: Option<Requests>,
    label: fn(Lang) -> Text,
) -> Kind {
    Kind {
        value,
        names,
        requests,
        label,
    }
}

/// What is asked for.
pub(crate) struct Asked {
    pub(crate) ask: HistoryAsk,
    /// Whether what a page loads beside itself stands with the page as a number.
    pub(crate) by_page: bool,
    /// Continue behind this entry.
    pub(crate) after: Option<u64>,
    /// Nothing older than this entry: what belongs to one page ends with it.
    pub(crate) since: Option<u64>,
}

/// What cannot be asked for.
#[derive(Clone)]
pub(crate) struct Wrong {
    /// The field that says so; none of the form's for what only an address has.
    pub(crate) field: &'static str,
    /// Why, and what to do.
    pub(crate) text: Text,
}

impl Wrong {
    pub(crate) const fn new(field: &'static str, text: Text) -> Self {
        Self { field, text }
    }
}

/// What was typed.
pub(crate) struct Typed<'a>(&'a [(String, String)]);

impl<'a> Typed<'a> {
    pub(crate) fn of(query: &'a [(String, String)]) -> Self {
        Self(query)
    }

    pub(crate) fn text(&self, name: &str) -> &'a str {
        let mut fields = self.0.iter();
        let field = fields.find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value.trim())
    }

    /// A field as it was typed. Addresses from before there were two days have one.
    fn field(&self, name: &str) -> &'a str {
        match (name, self.text(name)) {
            ("from" | "to", "") => self.text("day"),
            (_, text) => text,
        }
    }

    pub(crate) fn continued(&self) -> bool {
        !self.text("after").is_empty()
    }

    /// What is asked for. What cannot be read is refused: what it would have left out would read as if it
    /// had not happened, or had.
    pub(crate) fn ask(&self, reader: &Reader) -> Result<Asked, Wrong> {
        let t = reader.t();
        let given = |name: &str| Some(self.field(name)).filter(|text| !text.is_empty());
        let twice = |name: &&str| self.0.iter().filter(|(known, _)| known == name).count() > 1;
        let mut fields = FIELDS.into_iter().chain(["day"]).chain(OF_ADDRESSES);
        if let Some(field) = fields.find(twice) {
            let field = if field == "day" { "from" } else { field };
            return Err(Wrong::new(field, t.history_twice()));
        }
        if !matches!(self.text("order"), "" | "newest") {
            return Err(Wrong::new("order", t.history_no_order()));
        }
        let day = |name: &'static str| {
            let day = given(name);
            day.map(|day| {
                let day = reader.zone.day(day);
                day.ok_or_else(|| Wrong::new(name, t.history_no_day()))
            })
            .transpose()
        };
        let (from, to) = (day("from")?, day("to")?);
        if let (Some((from, _)), Some((_, to))) = (from, to)
            && from >= to
        {
            return Err(Wrong::new("to", t.history_days_backwards()));
        }
        let mut kinds = KINDS.iter();
        let kind = kinds.find(|kind| kind.value == self.text("kind"));
        let kind = kind.ok_or_else(|| Wrong::new("kind", t.history_no_kind()))?;
        let place = |name: &'static str| {
            given(name)
                .map(|place| {
                    place
                        .parse()
                        .map_err(|_| Wrong::new(name, t.history_no_place()))
                })
                .transpose()
        };
        let search = given("q")
            .map(|words| Search::parse(words).map_err(|_| Wrong::new("q", t.history_no_words())))
            .transpose()?;
        let no_case = || Wrong::new("case", t.history_no_case());
        let no_agent = || Wrong::new("agent", t.history_no_agent());
        let no_session = || Wrong::new("session", t.history_no_session());
        Ok(Asked {
            // Whoever looks for words has to be shown every place that has them.
            by_page: kind.value.is_empty() && search.is_none(),
            after: place("after")?,
            since: place("since")?,
            ask: HistoryAsk {
                case: given("case")
                    .map(|case| CaseNumber::parse(case).map_err(|_| no_case()))
                    .transpose()?,
                agent: given("agent")
                    .map(|agent| Email::parse(agent).map_err(|_| no_agent()))
                    .transpose()?,
                session: given("session")
                    .map(|session| session.parse().map_err(|_| no_session()))
                    .transpose()?,
                kinds: kind
                    .names
                    .iter()
                    .flat_map(|name| kinds_named(name))
                    .collect(),
                requests: kind.requests,
                search,
                from: from.map(|(from, _)| from),
                to: to.map(|(_, to)| to),
            },
        })
    }

    /// The same, continued behind an entry.
    pub(crate) fn older(&self, path: &str, after: u64) -> String {
        let after = after.to_string();
        let since = Some(("since", self.text("since"))).filter(|(_, since)| !since.is_empty());
        let mut places = vec![("after", after.as_str())];
        places.extend(since);
        self.address(path, &[], &places)
    }

    /// The same as a file.
    pub(crate) fn file(&self, format: &str) -> String {
        self.address("/history/export", &[], &[("format", format)])
    }

    /// The same without some of its fields, and with others.
    fn address(&self, path: &str, without: &[&str], with: &[(&str, &str)]) -> String {
        let kept = FIELDS.into_iter().filter(|name| !without.contains(name));
        let kept = kept.map(|name| (name, self.field(name)));
        let fields: Vec<String> = kept
            .filter(|(_, text)| !text.is_empty())
            .chain(with.iter().copied())
            .map(|(name, text)| format!("{name}={}", UserText::from(text).path_segment()))
            .collect();
        if fields.is_empty() {
            return path.to_owned();
        }
        format!("{path}?{}", fields.join("&"))
    }

    /// The form, with the agents that there are to choose from.
    pub(crate) fn filter(
        &self,
        reader: &Reader,
        path: &str,
        agents: &[Named],
        now: Timestamp,
        wrong: Option<Wrong>,
    ) -> Filter {
        let t = reader.t();
        let text = |name| self.field(name).to_owned();
        let known = agents.iter().map(|agent| Choice {
            value: agent.email.clone(),
            label: t.history_agent_choice(
                UserText::from(agent.email.as_str()),
                UserText::from(agent.name.as_str()),
            ),
            chosen: agent.email == self.text("agent"),
        });
        let mut agents: Vec<Choice> = known.collect();
        let typed = text("agent");
        if !typed.is_empty() && !agents.iter().any(|agent| agent.chosen) {
            agents.push(Choice {
                label: t.names_one(UserText::from(typed.as_str())),
                value: typed,
                chosen: true,
            });
        }
        let preset = |label: Text, back: Option<i64>| {
            let from = back.map(|days| reader.zone.day_before(now, days));
            let to = back.map(|_| reader.zone.day_before(now, 0));
            let days: Vec<(&str, &str)> = [("from", &from), ("to", &to)]
                .into_iter()
                .filter_map(|(name, day)| Some((name, day.as_deref()?)))
                .collect();
            Preset {
                label,
                chosen: from.as_deref().unwrap_or_default() == self.field("from")
                    && to.as_deref().unwrap_or_default() == self.field("to"),
                href: self.address(path, &["from", "to"], &days),
            }
        };
        Filter {
            q: text("q"),
            case: text("case"),
            agents,
            from: text("from"),
            to: text("to"),
            zone: UserText::from(reader.zone.name().as_str()),
            presets: vec![
                preset(t.history_days_today(), Some(0)),
                preset(t.history_days_week(), Some(6)),
                preset(t.history_days_month(), Some(29)),
                preset(t.history_days_all(), None),
            ],
            kinds: KINDS
                .iter()
                .map(|kind| Choice {
                    value: kind.value.to_owned(),
                    label: (kind.label)(t),
                    chosen: self.text("kind") == kind.value,
                })
                .collect(),
            wrong: wrong.map(|wrong| (wrong.field, wrong.text)),
            whose: None,
            of_page: !self.text("since").is_empty(),
            session: Some(text("session")).filter(|session| !session.is_empty()),
            without_session: self.address(path, &["session"], &[]),
            narrows: FIELDS.iter().any(|name| !self.field(name).is_empty()),
        }
    }
}
