//! A customer admin's cases, and opening one.

use axum::{http::StatusCode, response::Response};
use countersign_app::{CaseRead, Failure, OpenCase, StatusFilter};
use countersign_domain::{AdminId, TextError, Title};
use countersign_web::{layout::Context, refusals::text_error};

use crate::{
    Console,
    access_state::access_state,
    case_view::CaseView,
    listing,
    notice_cookie::{go, see_other},
    posted::Posted,
    reader::Reader,
    refuse::Halt,
    said::Said,
    views::{
        admin_cases::{AdminCaseRow, AdminCaseStatus, AdminCasesPage},
        nav::Place,
        open_case::{OpenCaseForm, OpenCasePage},
    },
};

/// The cases an admin may see, newest first.
pub(crate) async fn cases(console: &Console, reader: &Reader) -> Result<Response, Halt> {
    let viewer = reader.admin()?;
    let view = cases_view(console, reader, viewer)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn cases_view(
    console: &Console,
    reader: &Reader,
    viewer: AdminId,
) -> Result<AdminCasesPage, Failure> {
    let org = console.app.own_org(reader.actor()).await?.org;
    let listed = listing::all(&console.app, reader.actor(), StatusFilter::Any).await?;
    let mut views: Vec<CaseView<'_>> = listed
        .cases
        .iter()
        .filter_map(|read| CaseView::new(read, viewer, &reader.zone))
        .collect();
    views.sort_by_key(|view| std::cmp::Reverse(view.case.opened_at));
    Ok(AdminCasesPage {
        page: reader.page(
            reader.t().cases(),
            Context::Org(org.name.as_str().into()),
            Place::Cases,
        ),
        cases: views.iter().map(row).collect(),
        cut_off: listed.more.then_some(listing::MOST),
    })
}

fn row(view: &CaseView<'_>) -> AdminCaseRow {
    let case = view.case;
    AdminCaseRow {
        number: case.number.as_str().into(),
        title: case.title.as_str().into(),
        status: if case.is_open() {
            AdminCaseStatus::Open(access_state(case, Some(view.org), view.zone, view.now()))
        } else {
            AdminCaseStatus::Closed
        },
        may_decide: view.may_approve(),
    }
}

/// Where an admin decides about a case they see.
pub(crate) fn where_decided(read: &CaseRead) -> Response {
    match read.case().filter(|case| case.is_open()) {
        Some(case) => see_other(&format!(
            "/settings/account?edit=support#case-{}",
            case.number
        )),
        None => see_other("/cases"),
    }
}

/// The form that opens a case.
pub(crate) async fn new_case(console: Console, reader: Reader) -> Result<Response, Halt> {
    form(&console, &reader, OpenCaseForm::default(), StatusCode::OK).await
}

async fn form(
    console: &Console,
    reader: &Reader,
    form: OpenCaseForm,
    status: StatusCode,
) -> Result<Response, Halt> {
    reader.admin()?;
    let org = console.app.own_org(reader.actor()).await;
    let org = org.map_err(|failure| reader.fail(&failure))?.org;
    let context = Context::Org(org.name.as_str().into());
    let view = OpenCasePage {
        page: reader.page(reader.t().open_case(), context, Place::Cases),
        form,
    };
    Ok(reader.show(status, &view))
}

/// Opens a case in the admin's own name.
pub(crate) async fn open_case(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let typed = fields.text("title");
    let title = match Title::parse(typed) {
        Ok(title) => title,
        Err(error) => {
            let wrong = OpenCaseForm {
                title: typed.to_owned(),
                title_error: Some(match error {
                    TextError::Blank => reader.t().open_case_title_missing(),
                    error => reader.t().text_is_wrong(text_error(error, reader.t())),
                }),
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return form(&console, &reader, wrong, status).await;
        }
    };
    let fail = |failure: Failure| reader.fail(&failure);
    let org = console.app.own_org(reader.actor()).await.map_err(fail)?.org;
    let new = OpenCase {
        org: org.slug,
        number: None,
        title,
        opened_by: None,
        team: vec![],
    };
    let read = console
        .app
        .open_case(reader.actor(), new)
        .await
        .map_err(fail)?;
    Ok(match read.case() {
        Some(case) => {
            let case = case.number.clone();
            go(&reader, "/cases", &Said::CaseOpened { case })
        }
        None => see_other("/cases"),
    })
}
