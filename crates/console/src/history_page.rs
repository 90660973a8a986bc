//! What was done about support access in an org, for its admins: by case, agent and day, searchable.

use axum::{
    Extension,
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{Failure, HistoryAsk, HistoryOf, HistoryOrder, Search};
use countersign_domain::{CaseNumber, Email, Refusal};
use countersign_entries::kinds_named;
use countersign_web::{
    layout::Context,
    messages::{Lang, Text},
    text::UserText,
};

use crate::{
    Console,
    history_export::HistoryFiles,
    history_rows,
    reader::Reader,
    refuse::Halt,
    views::{
        history::{Filter, HistoryPage, HistoryRow, KindChoice},
        nav::Place,
    },
};

const AT_A_TIME: usize = 50;
/// A page of the log may hold few rows or none that are looked for; more of it is read so often
/// before the reader is asked to go on.
const PIECES: usize = 20;

/// The kinds to choose from: what is sent, and the kinds or areas that it means.
const KINDS: [(&str, &[&str]); 6] = [
    ("", &[]),
    ("looked", &["request"]),
    ("refused", &["request.refused"]),
    ("access", &["access", "self_assignment"]),
    ("sessions", &["session"]),
    (
        "rest",
        &["case", "org", "admin", "agent", "credential", "passkey"],
    ),
];

/// The page.
pub(crate) async fn show(
    State(console): State<Console>,
    reader: Reader,
    files: Option<Extension<HistoryFiles>>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let org = own.map_err(fail)?.org;
    let typed = Typed::of(&query);
    let found = match typed.ask(&reader) {
        Ok(ask) => {
            let of = HistoryOf::Org(org.slug.clone());
            match find(&console, &reader, &of, &ask, typed.after()).await {
                Ok(found) => found,
                Err(Failure::Refused(Refusal::CaseNotFound)) => {
                    Found::wrong(StatusCode::NOT_FOUND, reader.t().history_no_case())
                }
                Err(Failure::Refused(Refusal::PersonNotFound)) => {
                    Found::wrong(StatusCode::NOT_FOUND, reader.t().history_no_agent())
                }
                Err(failure) => return Err(fail(failure)),
            }
        }
        Err(wrong) => Found::wrong(StatusCode::UNPROCESSABLE_ENTITY, wrong),
    };
    let name = org.name.as_str();
    let view = HistoryPage {
        page: reader.page(
            reader.t().history(),
            Context::Org(name.into()),
            Place::History,
        ),
        org: name.into(),
        older: found.next.map(|after| typed.older("/history", after)),
        files: files
            .filter(|_| !found.rows.is_empty())
            .map(|_| (typed.file("csv"), typed.file("jsonl"))),
        continued: typed.after().is_some(),
        filter: typed.filter(reader.t()),
        wrong: found.wrong,
        rows: found.rows,
    };
    Ok(reader.show(found.status, &view))
}

/// What came of it.
pub(crate) struct Found {
    pub(crate) status: StatusCode,
    pub(crate) wrong: Option<Text>,
    pub(crate) rows: Vec<HistoryRow>,
    pub(crate) next: Option<u64>,
}

impl Default for Found {
    fn default() -> Self {
        Self {
            status: StatusCode::OK,
            wrong: None,
            rows: vec![],
            next: None,
        }
    }
}

impl Found {
    pub(crate) fn wrong(status: StatusCode, wrong: Text) -> Self {
        Self {
            status,
            wrong: Some(wrong),
            ..Self::default()
        }
    }
}

/// A page of what is asked for.
pub(crate) async fn find(
    console: &Console,
    reader: &Reader,
    of: &HistoryOf,
    ask: &HistoryAsk,
    mut after: Option<u64>,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    for _ in 0..PIECES {
        let wanted = AT_A_TIME.saturating_sub(found.rows.len());
        let page = console
            .app
            .history(
                reader.actor(),
                of,
                ask,
                HistoryOrder::NewestFirst,
                after,
                wanted,
            )
            .await?;
        let rows = history_rows::rows(console, &page.rows, &reader.zone);
        found.rows.extend(rows.await?);
        after = page.next;
        found.next = after;
        if after.is_none() || found.rows.len() >= AT_A_TIME {
            break;
        }
    }
    Ok(found)
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

    pub(crate) fn after(&self) -> Option<u64> {
        self.text("after").parse().ok()
    }

    pub(crate) fn ask(&self, reader: &Reader) -> Result<HistoryAsk, Text> {
        let t = reader.t();
        let given = |name: &str| Some(self.text(name)).filter(|text| !text.is_empty());
        let day = given("day").map(|day| reader.zone.day(day).ok_or_else(|| t.history_no_day()));
        let day = day.transpose()?;
        let kinds = KINDS.iter().find(|(value, _)| *value == self.text("kind"));
        let names = kinds.map_or(&[][..], |(_, names)| names);
        Ok(HistoryAsk {
            case: given("case")
                .map(|case| CaseNumber::parse(case).map_err(|_| t.history_no_case()))
                .transpose()?,
            agent: given("agent")
                .map(|agent| Email::parse(agent).map_err(|_| t.history_no_address()))
                .transpose()?,
            session: None,
            kinds: names.iter().flat_map(|name| kinds_named(name)).collect(),
            search: given("q")
                .map(|words| Search::parse(words).map_err(|_| t.history_no_words()))
                .transpose()?,
            from: day.map(|(from, _)| from),
            to: day.map(|(_, to)| to),
        })
    }

    /// The same, continued behind an entry.
    pub(crate) fn older(&self, path: &str, after: u64) -> String {
        self.address(path, "after", &after.to_string())
    }

    /// The same as a file.
    fn file(&self, format: &str) -> String {
        self.address("/history/export", "format", format)
    }

    fn address(&self, path: &str, name: &str, value: &str) -> String {
        let (last, mut address) = (name, format!("{path}?"));
        for name in ["q", "case", "agent", "day", "kind"] {
            let text = self.text(name);
            if !text.is_empty() {
                let text = UserText::from(text).path_segment();
                address.push_str(&format!("{name}={text}&"));
            }
        }
        address.push_str(&format!("{last}={value}"));
        address
    }

    pub(crate) fn filter(&self, t: Lang) -> Filter {
        let text = |name| self.text(name).to_owned();
        let choice = |(value, label): (&'static str, Text)| KindChoice {
            value,
            label,
            chosen: self.text("kind") == value,
        };
        Filter {
            q: text("q"),
            case: text("case"),
            agent: text("agent"),
            day: text("day"),
            kinds: [
                ("", t.history_kind_all()),
                ("looked", t.history_kind_looked()),
                ("refused", t.history_kind_refused()),
                ("access", t.history_kind_access()),
                ("sessions", t.history_kind_sessions()),
                ("rest", t.history_kind_rest()),
            ]
            .map(choice)
            .into(),
            narrows: ["q", "case", "agent", "day", "kind"]
                .iter()
                .any(|name| !self.text(name).is_empty()),
        }
    }
}
