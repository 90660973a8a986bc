//! A history as a file of any length. It goes out as it is read: nobody holds it whole, and a slow
//! client makes the reading slow.

use std::io;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use countersign_app::{
    ActAbout, App, Export, Failure, HistoryAsk, HistoryOf, HistoryOrder, HistoryRow, Named,
    RowNames,
};
use countersign_domain::{Actor, Slug};
use futures_util::stream::try_unfold;

use crate::{
    caller::{Caller, CallerOrClient},
    csv,
    entry_view::hex,
    history_params::{FileFormat, Filters, OfCase},
    history_query::{CaseExportQuery, ExportQuery, Format},
    history_view::{OutcomeView, entry_view, read, shows_place},
    params::{CaseRef, OrgRef},
    problem::Problem,
    replies::{Reading, ReadingCaseHistory},
    router::Served,
    texts::{CaseNumberText, SlugText},
    time,
};

/// New ones go behind the others: somebody may read them by their places.
const COLUMNS: [&str; 25] = [
    "index",
    "at",
    "type",
    "actor_kind",
    "actor",
    "subject",
    "case",
    "grant",
    "session",
    "method",
    "path",
    "refused_with",
    "outcome",
    "status",
    "bytes",
    "outcome_index",
    "detail",
    "leaf_hash",
    "rule",
    "actor_name",
    "subject_name",
    "agents",
    "page",
    "client_address",
    "client_user_agent",
];

/// Export what was done in an org
///
/// Oldest first, from the beginning of the log to its end, as a file. JSON Lines have one entry in
/// each line, in the form and the order in which the log is read, and with no filter they are the
/// log. CSV has a row in each line: a request with how it went. Cells that a spreadsheet could take
/// for a formula begin with an apostrophe, and so do those that begin with one themselves.
#[utoipa::path(
    get, path = "/api/v1/orgs/{slug}/history/export", tag = "history",
    params(
        ("slug" = SlugText, Path, description = "The org's short name"),
        FileFormat, OfCase, Filters,
    ),
    responses((status = 200, description = "The history", content((String = "application/jsonl"), (String = "text/csv"))), Reading),
)]
pub(crate) async fn export_org_history(
    served: Served,
    CallerOrClient(actor): CallerOrClient,
    OrgRef(slug): OrgRef,
    query: ExportQuery,
) -> Result<Response, Problem> {
    let name = format!("countersign-{slug}-history");
    file(&served.app, actor, HistoryOf::Org(slug), query, &name).await
}

/// Export what was done about a case
///
/// As for an org. For admins who see the case, and for agents on its team, who get what they did
/// themselves.
#[utoipa::path(
    get, path = "/api/v1/cases/{number}/history/export", tag = "history",
    params(
        ("number" = CaseNumberText, Path, description = "The case number"),
        FileFormat, Filters,
    ),
    responses((status = 200, description = "The history", content((String = "application/jsonl"), (String = "text/csv"))), ReadingCaseHistory),
)]
pub(crate) async fn export_case_history(
    served: Served,
    Caller(actor): Caller,
    CaseRef(number): CaseRef,
    CaseExportQuery(query): CaseExportQuery,
) -> Result<Response, Problem> {
    let name = format!("countersign-case-{number}-history");
    file(&served.app, actor, HistoryOf::Case(number), query, &name).await
}

/// The same file for whoever came another way than by a token.
///
/// # Errors
/// A refusal, or the store does not answer.
pub async fn history_file(
    app: App,
    actor: Actor,
    org: Slug,
    ask: HistoryAsk,
    format: Format,
) -> Result<Response, Failure> {
    let name = format!("countersign-{org}-history");
    let of = HistoryOf::Org(org);
    // Who may not have it is told so in their own way.
    let order = HistoryOrder::OldestFirst;
    app.history(actor, &of, &ask, order, None, 1).await?;
    file(&app, actor, of, ExportQuery { ask, format }, &name)
        .await
        .map_err(|_| Failure::Unavailable("the export could not be begun".to_owned()))
}

async fn file(
    app: &App,
    actor: Actor,
    of: HistoryOf,
    query: ExportQuery,
    name: &str,
) -> Result<Response, Problem> {
    let ExportQuery { ask, format } = query;
    let mut pieces = Pieces {
        export: app.export(actor, of, ask),
        actor,
        format,
    };
    // Whoever may not have it gets a refusal and not the beginning of a file.
    let first = pieces.next().await?;
    let header = match format {
        Format::Csv => {
            let mut header = String::new();
            csv::line(&mut header, COLUMNS);
            header
        }
        Format::JsonLines => String::new(),
    };
    let first = first.map(|first| header + &first);
    let body = try_unfold((pieces, first), async |(mut pieces, ready)| {
        let ready = match ready {
            Some(ready) => Some(ready),
            None => pieces.next_or_cut().await?,
        };
        Ok::<_, io::Error>(ready.map(|ready| (ready, (pieces, None))))
    });
    let (kind, extension) = match format {
        Format::Csv => ("text/csv; charset=utf-8; header=present", "csv"),
        Format::JsonLines => ("application/jsonl", "jsonl"),
    };
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    // Short names and case numbers have nothing in them that would need escaping.
    let disposition = format!("attachment; filename=\"{name}.{extension}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok((headers, Body::from_stream(body)).into_response())
}

struct Pieces {
    export: Export,
    actor: Actor,
    format: Format,
}

impl Pieces {
    /// The next piece that has something in it, as text; none at the end.
    async fn next(&mut self) -> Result<Option<String>, Problem> {
        loop {
            let mut text = String::new();
            match self.format {
                Format::Csv => {
                    let Some(rows) = self.export.rows().await? else {
                        return Ok(None);
                    };
                    let names = self.export.names(&rows).await?;
                    for (row, names) in rows.iter().zip(&names) {
                        csv_row(&mut text, row, names, &self.actor)?;
                    }
                }
                Format::JsonLines => {
                    let Some(entries) = self.export.entries().await? else {
                        return Ok(None);
                    };
                    for entry in &entries {
                        let entry = entry_view(entry, &self.actor)?;
                        let line = serde_json::to_string(&entry)
                            .map_err(|error| Problem::unavailable(&error.to_string()))?;
                        text.push_str(&line);
                        text.push('\n');
                    }
                }
            }
            if !text.is_empty() {
                return Ok(Some(text));
            }
        }
    }

    /// The same under way, where nothing but breaking off can say that something went wrong.
    async fn next_or_cut(&mut self) -> Result<Option<String>, io::Error> {
        self.next().await.map_err(|problem| {
            tracing::warn!(?problem, "an export was broken off");
            io::Error::other("the export was broken off")
        })
    }
}

fn csv_row(
    out: &mut String,
    row: &HistoryRow,
    names: &RowNames,
    caller: &Actor,
) -> Result<(), Problem> {
    let written = read(&row.entry)?;
    let outcome = (written.kind == "request").then(|| OutcomeView::of(row));
    let outcome = outcome.transpose()?;
    let number = |number: Option<u64>| number.map(|number| number.to_string());
    let actor = &written.actor;
    let request = written.request.as_ref();
    let shown = shows_place(&written, caller);
    let client = written.client.as_ref().filter(|_| shown);
    // Refusals and outcomes have columns of their own.
    let detail = written
        .detail
        .filter(|_| request.is_none() && written.kind != "outcome");
    let cells: [String; COLUMNS.len()] = [
        row.entry.index.to_string(),
        time::write(written.at),
        written.kind.to_string(),
        actor.kind.to_string(),
        [&actor.email, &actor.id, &actor.via]
            .into_iter()
            .flatten()
            .next()
            .map(ToString::to_string)
            .unwrap_or_default(),
        match (&actor.subject, &names.subject) {
            (Some(then), _) => then.to_string(),
            (None, named) => named
                .as_ref()
                .map(|named| named.email.clone())
                .unwrap_or_default(),
        },
        written
            .case
            .as_ref()
            .map(|case| case.number.to_string())
            .unwrap_or_default(),
        written
            .grant
            .map(|grant| grant.to_string())
            .unwrap_or_default(),
        written
            .session
            .map(|session| session.to_string())
            .unwrap_or_default(),
        request
            .map(|request| request.method.to_string())
            .unwrap_or_default(),
        request
            .map(|request| request.path.to_string())
            .unwrap_or_default(),
        written
            .refused_with()
            .map(|code| code.to_string())
            .unwrap_or_default(),
        outcome
            .as_ref()
            .map(|outcome| outcome.state.clone())
            .unwrap_or_default(),
        number(
            outcome
                .as_ref()
                .and_then(|outcome| outcome.status.map(u64::from)),
        )
        .unwrap_or_default(),
        number(outcome.as_ref().and_then(|outcome| outcome.bytes)).unwrap_or_default(),
        number(outcome.as_ref().and_then(|outcome| outcome.index)).unwrap_or_default(),
        detail
            .map(|detail| detail.get().to_owned())
            .unwrap_or_default(),
        if shown {
            hex(&row.entry.leaf_hash)
        } else {
            String::new()
        },
        request
            .and_then(|request| request.rule.as_deref())
            .unwrap_or_default()
            .to_owned(),
        match &actor.name {
            Some(client) => client.to_string(),
            None => name(&names.actor),
        },
        name(&names.subject),
        agents(names),
        request
            .map(|request| request.page.to_string())
            .unwrap_or_default(),
        client
            .map(|client| client.address.to_string())
            .unwrap_or_default(),
        client
            .and_then(|client| client.user_agent.as_deref())
            .unwrap_or_default()
            .to_owned(),
    ];
    csv::line(out, cells.iter().map(String::as_str));
    Ok(())
}

fn name(named: &Option<Named>) -> String {
    let named = named.as_ref().map(|named| named.name.clone());
    named.unwrap_or_default()
}

/// Whom access was given to or taken from, by address.
fn agents(names: &RowNames) -> String {
    let Some(ActAbout::Access { agents, .. }) = &names.about else {
        return String::new();
    };
    let agents: Vec<&str> = agents.iter().map(|agent| agent.email.as_str()).collect();
    agents.join(" ")
}
