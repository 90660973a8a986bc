//! The pages a person sees.

use askama::Template;
use axum::extract::{Extension, Form, Path, Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, StatusCode};
use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::civil::Date;
use serde::Deserialize;

use super::ledger::{Company, Customer, Invoice, Settings, Stage, Status};
use super::{Caller, Product};

fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// What stands around every page of a signed-in person.
struct Chrome {
    title: &'static str,
    company: String,
    email: String,
    outstanding: String,
}

impl Chrome {
    fn new(title: &'static str, caller: &Caller, company: &Company) -> Self {
        Self {
            title,
            company: company.settings.company_name.clone(),
            email: caller.email.clone(),
            outstanding: company.currency.money(company.outstanding()),
        }
    }

    fn here(&self, title: &str) -> &'static str {
        if self.title == title { "page" } else { "false" }
    }

    fn initial(&self) -> String {
        self.email
            .chars()
            .take(1)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

struct Row {
    number: String,
    customer: String,
    memo: String,
    issued: String,
    due: String,
    status: &'static str,
    total: String,
}

fn row(invoice: &Invoice, company: &Company, today: Date) -> Row {
    Row {
        number: invoice.number.clone(),
        customer: invoice.customer.clone(),
        memo: invoice.memo.clone(),
        issued: day(invoice.issued),
        due: day(invoice.due),
        status: invoice.status(today).word(),
        total: company.currency.money(invoice.cents()),
    }
}

fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// One month of the chart, in the units of its 360 by 120 drawing.
struct Bar {
    x: i64,
    y: i64,
    height: i64,
    month: String,
    total: String,
}

fn chart(company: &Company, today: Date) -> Vec<Bar> {
    const TALLEST: i64 = 84;
    let mut first = today.first_of_month();
    let mut months = Vec::new();
    for _ in 0..6 {
        let total: i64 = company
            .invoices
            .values()
            .filter(|invoice| invoice.stage != Stage::Draft)
            .filter(|invoice| invoice.issued.first_of_month() == first)
            .map(Invoice::cents)
            .sum();
        months.push((first, total));
        first = first.yesterday().unwrap_or(first).first_of_month();
    }
    months.reverse();
    let most = months
        .iter()
        .map(|(_, total)| *total)
        .max()
        .unwrap_or(0)
        .max(1);
    (0..)
        .zip(months)
        .map(|(at, (month, total))| {
            let height = (total * TALLEST / most).max(2);
            Bar {
                x: 10 + at * 58,
                y: 100 - height,
                height,
                month: month.strftime("%b").to_string(),
                total: company.currency.money(total),
            }
        })
        .collect()
}

#[derive(Template)]
#[template(path = "dashboard.html")]
struct Dashboard {
    chrome: Chrome,
    overdue: usize,
    drafts: usize,
    paid: String,
    reminders: u32,
    bars: Vec<Bar>,
    recent: Vec<Row>,
}

pub(super) async fn dashboard(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let books = product.books();
    let company = books.company(&caller);
    let today = product.today;
    let with = |status| company.find("", Some(status), today);
    let paid = with(Status::Paid).into_iter().map(Invoice::cents).sum();
    let dashboard = Dashboard {
        chrome: Chrome::new("Dashboard", &caller, company),
        overdue: with(Status::Overdue).len(),
        drafts: with(Status::Draft).len(),
        paid: company.currency.money(paid),
        reminders: company.reminders,
        bars: chart(company, today),
        recent: company
            .find("", None, today)
            .into_iter()
            .take(6)
            .map(|invoice| row(invoice, company, today))
            .collect(),
    };
    page(StatusCode::OK, &dashboard)
}

pub(super) async fn send_reminders(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
) -> Redirect {
    product.books().change(&caller).reminders += 1;
    Redirect::to("/")
}

/// As the form sends it: an empty or unknown status shows all.
#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    q: String,
    #[serde(default)]
    status: String,
}

#[derive(Template)]
#[template(path = "invoices.html")]
struct Invoices {
    chrome: Chrome,
    search: String,
    status: Option<Status>,
    rows: Vec<Row>,
    total: String,
}

pub(super) async fn invoices(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Query(filter): Query<Filter>,
) -> Response {
    let books = product.books();
    let company = books.company(&caller);
    let status = Status::ALL
        .into_iter()
        .find(|status| status.word() == filter.status);
    let found = company.find(&filter.q, status, product.today);
    let total = found.iter().map(|invoice| invoice.cents()).sum();
    let invoices = Invoices {
        chrome: Chrome::new("Invoices", &caller, company),
        search: filter.q,
        status,
        rows: found
            .into_iter()
            .map(|invoice| row(invoice, company, product.today))
            .collect(),
        total: company.currency.money(total),
    };
    page(StatusCode::OK, &invoices)
}

#[derive(Template)]
#[template(path = "invoice.html")]
struct InvoicePage {
    chrome: Chrome,
    row: Row,
    due: String,
    stage: Stage,
    lines: Vec<[String; 4]>,
    footer: String,
    saved: bool,
}

#[derive(Deserialize)]
pub(super) struct Saved {
    saved: Option<String>,
}

pub(super) async fn invoice(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    Query(Saved { saved }): Query<Saved>,
) -> Response {
    let books = product.books();
    let company = books.company(&caller);
    let Some(invoice) = company.invoices.get(&number) else {
        return missing();
    };
    let money = |cents| company.currency.money(cents);
    let lines = invoice.lines.iter().map(|line| {
        [
            line.text.clone(),
            line.quantity.to_string(),
            money(line.unit_cents),
            money(line.cents()),
        ]
    });
    let shown = InvoicePage {
        chrome: Chrome::new("Invoices", &caller, company),
        row: row(invoice, company, product.today),
        due: invoice.due.to_string(),
        stage: invoice.stage,
        lines: lines.collect(),
        footer: company.settings.footer.clone(),
        saved: saved.is_some(),
    };
    page(StatusCode::OK, &shown)
}

#[derive(Deserialize)]
pub(super) struct Edited {
    memo: String,
    due: Date,
    stage: Stage,
}

pub(super) async fn save_invoice(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Path(number): Path<String>,
    Form(edited): Form<Edited>,
) -> Response {
    let mut books = product.books();
    if !books.company(&caller).invoices.contains_key(&number) {
        return missing();
    }
    if let Some(invoice) = books.change(&caller).invoices.get_mut(&number) {
        invoice.memo = edited.memo;
        invoice.due = edited.due;
        invoice.stage = edited.stage;
    }
    Redirect::to(&format!("/invoices/{number}?saved=1")).into_response()
}

#[derive(Template)]
#[template(path = "customers.html")]
struct Customers {
    chrome: Chrome,
    customers: Vec<(Customer, String)>,
}

pub(super) async fn customers(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
) -> Response {
    let books = product.books();
    let company = books.company(&caller);
    let customers = company
        .customers
        .iter()
        .map(|customer| {
            (
                customer.clone(),
                company.currency.money(company.owed_by(customer.name)),
            )
        })
        .collect();
    let chrome = Chrome::new("Customers", &caller, company);
    page(StatusCode::OK, &Customers { chrome, customers })
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    chrome: Chrome,
    settings: Settings,
    saved: bool,
}

pub(super) async fn settings(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Query(Saved { saved }): Query<Saved>,
) -> Response {
    let books = product.books();
    let company = books.company(&caller);
    let shown = SettingsPage {
        chrome: Chrome::new("Settings", &caller, company),
        settings: company.settings.clone(),
        saved: saved.is_some(),
    };
    page(StatusCode::OK, &shown)
}

pub(super) async fn save_settings(
    State(product): State<Product>,
    Extension(caller): Extension<Caller>,
    Form(settings): Form<Settings>,
) -> Redirect {
    product.books().change(&caller).settings = settings;
    Redirect::to("/settings?saved=1")
}

#[derive(Template)]
#[template(path = "message.html")]
struct Message {
    title: &'static str,
    text: String,
}

fn missing() -> Response {
    let message = Message {
        title: "Not found",
        text: "There is nothing at this address.".into(),
    };
    page(StatusCode::NOT_FOUND, &message)
}

pub(super) async fn not_found() -> Response {
    missing()
}

/// For a request that does not name a person of a company that exists here.
pub(super) fn signed_out(user_header: &HeaderName, org_header: &HeaderName) -> Response {
    let message = Message {
        title: "Signed out",
        text: format!(
            "Ledgerly is a sample product. It listens on loopback only and believes whoever is \
             named in the headers {user_header} and {org_header}; this request names nobody that \
             it knows."
        ),
    };
    page(StatusCode::UNAUTHORIZED, &message)
}

pub(super) async fn style() -> Response {
    let style = include_str!("ledgerly.css");
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], style).into_response()
}

pub(super) async fn script() -> Response {
    let script = include_str!("ledgerly.js");
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], script).into_response()
}
