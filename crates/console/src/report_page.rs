//! A report on one case for its customer's admins, to be printed and kept.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{CaseReport, Failure, HistoryRow, LogPlace, SessionReport};
use countersign_domain::Refusal;
use countersign_web::{layout::Context, text::UserText};

use crate::{
    Console, history_rows, names,
    posted::case_number,
    reader::Reader,
    refuse::Halt,
    views::{
        history::{LogRange, ReportPage, ReportedSession},
        nav::Place,
    },
};

/// How many requests a report shows; it says how many there are besides.
const REQUESTS: usize = 1_000;

/// The report.
pub(crate) async fn show(
    State(console): State<Console>,
    reader: Reader,
    Path(number): Path<String>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let number = case_number(&reader, &number)?;
    let fail = |failure: Failure| reader.fail(&failure);
    let report = console
        .app
        .case_report(reader.actor(), &number, REQUESTS)
        .await
        .map_err(fail)?;
    let view = page(&reader, &report).map_err(|refusal| fail(refusal.into()))?;
    Ok(reader.show(StatusCode::OK, &view))
}

fn page(reader: &Reader, report: &CaseReport) -> Result<ReportPage, Refusal> {
    let (t, zone, read) = (reader.t(), &reader.zone, &report.case);
    let case = read.case().ok_or(Refusal::CaseNotFound)?;
    let org = read.state().org(case.org).ok_or(Refusal::CaseNotFound)?;
    let rows = |rows: &[HistoryRow]| {
        rows.iter()
            .filter_map(|row| history_rows::row(row, zone))
            .collect::<Vec<_>>()
    };
    let shown = u64::try_from(report.requests.len()).unwrap_or(u64::MAX);
    let all = report.looked_at.saturating_add(report.refused);
    let session = |session: &SessionReport| ReportedSession {
        agent: session.agent.as_str().into(),
        subject: session.subject.as_deref().map(Into::into),
        since: zone.moment(session.started_at),
        ended: session.ended.as_ref().map(|(at, _)| zone.moment(*at)),
        looked_at: session.looked_at,
        refused: session.refused,
    };
    let log = report.first.zip(report.last);
    let range = |(first, last): (LogPlace, LogPlace)| LogRange {
        first: first.index,
        last: last.index,
        at: zone.moment(last.at),
        leaf_hash: hex(&last.leaf_hash),
    };
    Ok(ReportPage {
        page: reader.page(
            t.report_title(UserText::from(case.number.as_str())),
            Context::Org(org.name.as_str().into()),
            Place::History,
        ),
        org: org.name.as_str().into(),
        slug: org.slug.as_str().into(),
        number: case.number.as_str().into(),
        title: case.title.as_str().into(),
        opened_by: names::opener(t, read.state(), case).person,
        made_at: zone.moment(read.now),
        looked_at: report.looked_at,
        refused: report.refused,
        acts: rows(&report.acts),
        sessions: report.sessions.iter().map(session).collect(),
        requests: rows(&report.requests),
        more_requests: all.saturating_sub(shown),
        complete: report.complete,
        log: log.map(range),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
