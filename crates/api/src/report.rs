//! A report on one case.

use axum::Json;
use countersign_app::{LogPlace, ReportPart, SessionReport};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    caller::Caller,
    case_view::CaseView,
    entry_view::hex,
    history_query::ReportQuery,
    history_view::HistoryRowView,
    params::CaseRef,
    problem::Problem,
    replies::{ReadingCaseHistory, view},
    router::Served,
    texts::CaseNumberText,
    time,
};

/// How many acts and sessions an answer has at most.
const ACTS: usize = 2_000;

/// What there is to say of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CaseReport {
    /// The case as it is now.
    case: CaseView,
    /// Requests for access, grants, extensions, revocations and whatever else was done, oldest first.
    acts: Vec<HistoryRowView>,
    /// The sessions, oldest first.
    sessions: Vec<ReportedSession>,
    /// What was looked at and refused, oldest first, as many as were asked for.
    requests: Vec<HistoryRowView>,
    /// How many requests passed.
    looked_at: u64,
    /// How many of these read and were for a page of its own.
    pages: u64,
    /// How many of these could change something, and passed because the vendor declares them harmless.
    declared_harmless: u64,
    /// How many were refused.
    refused: u64,
    /// The first entry about the case.
    #[schema(required)]
    first: Option<LogPlaceView>,
    /// The last entry about the case, or the last outcome of a request.
    #[schema(required)]
    last: Option<LogPlaceView>,
    /// False when more was done, or in more sessions, than a report lists: then the lists are of the
    /// beginning, and an export has all of it. Counts are always of everything.
    complete: bool,
}

/// A session of a case.
#[derive(Debug, Serialize, ToSchema)]
struct ReportedSession {
    /// Its id.
    id: String,
    /// The address of who acted.
    agent: String,
    /// The address of the person on whose behalf.
    #[schema(required)]
    subject: Option<String>,
    /// When it started.
    #[schema(format = DateTime)]
    since: String,
    /// When somebody or some rule ended it; null when nothing but time did, or it runs.
    #[schema(required, format = DateTime)]
    ended_at: Option<String>,
    /// Why.
    #[schema(required, example = "grant_revoked")]
    ended_why: Option<String>,
    /// How many requests passed.
    looked_at: u64,
    /// How many of these read and were for a page of its own.
    pages: u64,
    /// How many of these could change something, and passed because the vendor declares them harmless.
    declared_harmless: u64,
    /// How many were refused.
    refused: u64,
}

/// A place on the org's log, to be checked against it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogPlace)]
struct LogPlaceView {
    /// The index.
    index: u64,
    /// When it was recorded.
    #[schema(format = DateTime)]
    at: String,
    /// The leaf hash.
    leaf_hash: String,
}

impl From<SessionReport> for ReportedSession {
    fn from(session: SessionReport) -> Self {
        let (ended_at, ended_why) = session.ended.unzip();
        Self {
            id: session.session.to_string(),
            agent: session.agent,
            subject: session.subject,
            since: time::write(session.started_at),
            ended_at: ended_at.map(time::write),
            ended_why,
            looked_at: session.counts.passed(),
            pages: session.counts.pages,
            declared_harmless: session.counts.declared,
            refused: session.counts.refused,
        }
    }
}

impl From<LogPlace> for LogPlaceView {
    fn from(place: LogPlace) -> Self {
        Self {
            index: place.index,
            at: time::write(place.at),
            leaf_hash: hex(&place.leaf_hash),
        }
    }
}

/// Report on a case
///
/// Who asked and granted, when and why, the sessions, and what was looked at and refused, with the
/// places on the log at which it begins and ends. For admins who see the case.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/report", tag = "history",
    params(
        ("number" = CaseNumberText, Path, description = "The case number"),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 1000, description = "At most this many requests; 100 when left out"),
    ),
    responses((status = 200, description = "The report", body = CaseReport), ReadingCaseHistory),
)]
pub(crate) async fn case_report(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    query: ReportQuery,
) -> Result<Json<CaseReport>, Problem> {
    let part = ReportPart {
        skip: 0,
        acts: ACTS,
        requests: query.requests,
        every: true,
    };
    let report = served.app.case_report(actor, &number, part);
    let report = report.await?;
    let rows = |rows: &[countersign_app::HistoryRow]| {
        rows.iter()
            .map(|row| HistoryRowView::of(row, &actor))
            .collect::<Result<Vec<_>, _>>()
    };
    let requests = report.requests.iter();
    let requests = requests.map(|request| HistoryRowView::of(&request.row, &actor));
    let listed = [report.acts.len(), report.sessions.len()].map(u64::try_from);
    let complete = listed == [Ok(report.acts_in_all), Ok(report.sessions_in_all)];
    Ok(Json(CaseReport {
        case: view(&report.case)?,
        acts: rows(&report.acts)?,
        sessions: report.sessions.into_iter().map(Into::into).collect(),
        requests: requests.collect::<Result<_, _>>()?,
        looked_at: report.counts.passed(),
        pages: report.counts.pages,
        declared_harmless: report.counts.declared,
        refused: report.counts.refused,
        first: report.first.map(Into::into),
        last: report.last.map(Into::into),
        complete,
    }))
}
