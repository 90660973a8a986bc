//! A report on one case for its customer's admins, to be printed and kept.

use std::collections::BTreeMap;

use axum::{
    extract::{Path, Query},
    http::StatusCode,
    response::Response,
};
use countersign_app::{CaseReport, Failure, LogPlace, ReportPart, SessionReport};
use countersign_domain::{Access, AccessRequest, Refusal};
use countersign_web::{layout::Context, text::UserText};

use crate::{
    Console, history_rows, names,
    posted::case_number,
    reader::Reader,
    refuse::{Halt, Told},
    views::{
        history::{Asked, Further, HistoryRow, LogRange, Part, ReportPage, ReportedSession},
        nav::Place,
    },
};

/// How many acts, sessions and requests each a part of a report has. A report of any length is
/// complete, in parts that a browser can print.
const PART: u16 = 1_000;

/// The report.
pub(crate) async fn show(
    console: Console,
    reader: Reader,
    Path(number): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Halt> {
    reader.admin()?;
    let number = case_number(&reader, &number)?;
    let fail = |failure: Failure| reader.fail(&failure);
    let no_page = || reader.tell(&Told::no_page());
    let asked = query.iter().find(|(name, _)| name == "part");
    let asked = asked.map_or(Ok(1), |(_, part)| part.parse::<u64>());
    let before = asked.ok().and_then(|part| part.checked_sub(1));
    let skip = before.and_then(|before| before.checked_mul(PART.into()));
    let skip = skip.ok_or_else(no_page)?;
    let every = match query.iter().find(|(name, _)| name == "every") {
        None => false,
        Some((_, value)) if value == "1" => true,
        Some(_) => return Err(no_page()),
    };
    let part = ReportPart {
        every,
        skip,
        acts: PART.into(),
        requests: PART.into(),
    };
    let report = console.app.case_report(reader.actor(), &number, part).await;
    let report = report.map_err(fail)?;
    let most = report
        .requests_in_all
        .max(report.acts_in_all)
        .max(report.sessions_in_all);
    let part = Part {
        number: skip / u64::from(PART) + 1,
        of: most.div_ceil(PART.into()).max(1),
        skip,
    };
    if part.number > part.of {
        return Err(no_page());
    }
    let rows = async |rows| history_rows::rows(&console, rows, &reader.zone).await;
    let acts = rows(&report.acts).await.map_err(fail)?;
    let listed: Vec<_> = report.requests.iter().map(|one| one.row.clone()).collect();
    let mut requests = rows(&listed).await.map_err(fail)?;
    let further = report.requests.iter();
    let further = further.map(|one| (one.row.entry.index, one.further));
    let further: BTreeMap<u64, u64> = further.filter(|(_, number)| *number > 0).collect();
    for row in &mut requests {
        let number = further.get(&row.index);
        row.further = number.map(|number| Further {
            number: *number,
            href: None,
        });
    }
    let view = page(&reader, &report, part, every, acts, requests);
    let view = view.map_err(|refusal| fail(refusal.into()))?;
    Ok(reader.show(StatusCode::OK, &view))
}

fn page(
    reader: &Reader,
    report: &CaseReport,
    part: Part,
    every: bool,
    acts: Vec<HistoryRow>,
    requests: Vec<HistoryRow>,
) -> Result<ReportPage, Refusal> {
    let (t, zone, read) = (reader.t(), &reader.zone, &report.case);
    let case = read.case().ok_or(Refusal::CaseNotFound)?;
    let org = read.state().org(case.org).ok_or(Refusal::CaseNotFound)?;
    let session = |session: &SessionReport| ReportedSession {
        agent: session.agent.as_str().into(),
        subject: session.subject.as_deref().map(Into::into),
        since: zone.moment(session.started_at),
        ended: session.ended.as_ref().map(|(at, _)| zone.moment(*at)),
        counts: session.counts,
    };
    let log = report.first.zip(report.last);
    let range = |(first, last): (LogPlace, LogPlace)| LogRange {
        first: first.index,
        last: last.index,
        at: zone.moment(last.at),
        leaf_hash: hex(&last.leaf_hash),
    };
    let acts_as = match &case.access {
        Access::Granted { grant, .. } => Some(grant.subject),
        other => other.request().and_then(|request| request.subject),
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
        opened_by: names::opener(t, read.state(), case),
        made_at: zone.moment(read.now),
        counts: report.counts,
        every,
        part,
        asked: case.access.request().map(|request: &AccessRequest| Asked {
            by: names::agent(t, read.state(), request.requested_by),
            at: zone.moment(request.at),
            because: request.justification.as_str().into(),
        }),
        acts_as: acts_as.map(|id| names::admin(t, read.state(), id)),
        acts,
        acts_in_all: report.acts_in_all,
        sessions: report.sessions.iter().map(session).collect(),
        sessions_in_all: report.sessions_in_all,
        requests,
        requests_in_all: report.requests_in_all,
        log: log.map(range),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
