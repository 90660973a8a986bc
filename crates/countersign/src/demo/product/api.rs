//! What programs use: JSON, the CSV download, the event stream, and the counts that tests read.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Extension, Json, Path, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval};

use super::ledger::{Currency, Invoice, Line, Stage, Status};
use super::{Caller, Product, session_cookie};

type Failure = (StatusCode, Json<Value>);

fn failure(status: StatusCode, message: &str) -> Failure {
    (status, Json(json!({ "error": message })))
}

fn unknown_invoice() -> Failure {
    failure(
        StatusCode::NOT_FOUND,
        "There is no invoice with this number.",
    )
}

#[derive(Serialize)]
pub(super) struct Shown {
    number: String,
    customer: String,
    memo: String,
    issued: Date,
    due: Date,
    status: Status,
    currency: &'static str,
    total_cents: i64,
    lines: Vec<Line>,
}

fn shown(invoice: &Invoice, currency: Currency, today: Date) -> Shown {
    Shown {
        number: invoice.number.clone(),
        customer: invoice.customer.clone(),
        memo: invoice.memo.clone(),
        issued: invoice.issued,
        due: invoice.due,
        status: invoice.status(today),
        currency: currency.code,
        total_cents: invoice.cents(),
        lines: invoice.lines.clone(),
    }
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
    status: Option<Status>,
}

pub(super) async fn list(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Query(filter): Query<Filter>,
) -> Json<Value> {
    let books = product.books();
    let company = books.company(&caller);
    let items: Vec<Shown> = company
        .find(&filter.q, filter.status, product.today)
        .into_iter()
        .map(|invoice| shown(invoice, company.currency, product.today))
        .collect();
    Json(json!({ "items": items }))
}

pub(super) async fn read(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
) -> Result<Json<Shown>, Failure> {
    let books = product.books();
    let company = books.company(&caller);
    let invoice = company.invoices.get(&number).ok_or_else(unknown_invoice)?;
    Ok(Json(shown(invoice, company.currency, product.today)))
}

#[derive(Deserialize)]
pub(super) struct New {
    customer: String,
    memo: String,
    lines: Vec<Line>,
}

pub(super) async fn create(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Json(new): Json<New>,
) -> Result<(StatusCode, Json<Shown>), Failure> {
    let mut books = product.books();
    let known = &books.company(&caller).customers;
    if !known.iter().any(|customer| customer.name == new.customer) {
        return Err(failure(
            StatusCode::UNPROCESSABLE_ENTITY,
            "There is no customer with this name.",
        ));
    }
    let company = books.change(&caller);
    let days = i64::from(company.settings.payment_days);
    let invoice = company.enter(Invoice {
        number: String::new(),
        customer: new.customer,
        memo: new.memo,
        issued: product.today,
        due: product.today.saturating_add(days.days()),
        stage: Stage::Draft,
        lines: new.lines,
    });
    let shown = shown(&invoice, company.currency, product.today);
    Ok((StatusCode::CREATED, Json(shown)))
}

#[derive(Deserialize)]
pub(super) struct Changes {
    memo: Option<String>,
    due: Option<Date>,
    stage: Option<Stage>,
}

pub(super) async fn update(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    Json(changes): Json<Changes>,
) -> Result<Json<Shown>, Failure> {
    let mut books = product.books();
    if !books.company(&caller).invoices.contains_key(&number) {
        return Err(unknown_invoice());
    }
    let company = books.change(&caller);
    let currency = company.currency;
    let invoice = company
        .invoices
        .get_mut(&number)
        .ok_or_else(unknown_invoice)?;
    invoice.memo = changes.memo.unwrap_or_else(|| invoice.memo.clone());
    invoice.due = changes.due.unwrap_or(invoice.due);
    invoice.stage = changes.stage.unwrap_or(invoice.stage);
    Ok(Json(shown(invoice, currency, product.today)))
}

pub(super) async fn delete(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
) -> Result<StatusCode, Failure> {
    let mut books = product.books();
    if !books.company(&caller).invoices.contains_key(&number) {
        return Err(unknown_invoice());
    }
    books.change(&caller).invoices.remove(&number);
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn csv(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let mut text = String::from("number,customer,memo,issued,due,status,currency,total\r\n");
    {
        let books = product.books();
        let company = books.company(&caller);
        for invoice in company.find("", None, product.today) {
            let row = [
                invoice.number.clone(),
                invoice.customer.clone(),
                invoice.memo.clone(),
                invoice.issued.to_string(),
                invoice.due.to_string(),
                invoice.status(product.today).word().to_owned(),
                company.currency.code.to_owned(),
                format!("{}.{:02}", invoice.cents() / 100, invoice.cents() % 100),
            ];
            text.push_str(&row.map(|field| csv_field(&field)).join(","));
            text.push_str("\r\n");
        }
    }
    let disposition = format!("attachment; filename=\"{}-invoices.csv\"", caller.slug);
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, disposition.as_str()),
    ];
    (headers, text).into_response()
}

/// Quoted as RFC 4180 has it, and never read as a formula by a spreadsheet.
fn csv_field(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

/// One event a second for as long as the reader stays, the first at once.
pub(super) async fn events(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let mut ticks = interval(Duration::from_secs(1));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream = stream::unfold((ticks, 1_u64), move |(mut ticks, number)| {
        let (product, caller) = (product.clone(), caller.clone());
        async move {
            ticks.tick().await;
            let outstanding = {
                let books = product.books();
                let company = books.company(&caller);
                company.currency.money(company.outstanding())
            };
            let data = json!({ "number": number, "outstanding": outstanding });
            let event = Bytes::from(format!("event: tick\nid: {number}\ndata: {data}\n\n"));
            Some((Ok::<_, Infallible>(event), (ticks, number + 1)))
        }
    });
    let headers = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, "no-cache"),
    ];
    (headers, Body::from_stream(stream)).into_response()
}

/// Whom the product takes the caller for, and which headers came along; never their values.
pub(super) async fn whoami(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
) -> Json<Value> {
    let names: Vec<&str> = headers.keys().map(axum::http::HeaderName::as_str).collect();
    let books = product.books();
    let visits = session_cookie(&headers).and_then(|id| books.visits.get(id));
    Json(json!({
        "email": caller.email,
        "org": caller.slug,
        "visits": visits,
        "headers": names,
    }))
}

/// What reached the product since it started, for tests that prove that something did not.
pub(super) async fn stats(State(product): State<Product>) -> Json<Value> {
    let books = product.books();
    Json(json!({
        "requests": books.requests,
        "unsafe_requests": books.unsafe_requests,
        "writes": books.writes,
    }))
}
