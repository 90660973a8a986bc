//! What a support agent does about a case.

use axum::{extract::Path, http::StatusCode, response::Response};
use countersign_app::{CaseRead, Failure};
use countersign_domain::{
    CaseNumber, Email, Event, Justification, Refusal, RefusalKind, TextError,
};
use countersign_web::{
    messages::{Lang, Text},
    notice::Notice,
    refusals::text_error,
};

use crate::{
    Console,
    agent_pages::case_view,
    agent_rows::AgentView,
    notice_cookie::{go, see_other},
    posted::{Fields, Posted, case_number, session_id},
    reader::Reader,
    refuse::Halt,
    said::Said,
    seen,
    staff_sign_in::anew,
    took::Took,
    views::{agent_case::AskForm, notices},
    visit::Visit,
};

/// Asks for access, or for more time. A form that is not taken comes back with what was typed.
pub(crate) async fn ask(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.agent()?;
    let case = case_number(&reader, &number)?;
    let read = console
        .app
        .case(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let mut form = typed(&fields);
    if seen::by_agent(&read) != fields.text("seen") {
        let by_now = by_now(&console, &reader, &read).await?;
        let stale = notices::stale(reader.t(), &case.as_str().into(), by_now);
        return again(&console, &reader, &read, form, StatusCode::CONFLICT, stale).await;
    }
    let Some((justification, subject)) = checked(&mut form, reader.t()) else {
        return not_taken(&console, &reader, &read, form).await;
    };
    let asked = console
        .app
        .request_access(reader.actor(), &case, justification, subject.clone())
        .await;
    match asked {
        Ok(changed) => {
            let more_time = |event: &Event| matches!(event, Event::MoreTimeWanted { .. });
            let page = page_of(&case);
            let said = if changed.events.iter().any(more_time) {
                Said::MoreTimeAsked { case }
            } else {
                Said::Asked { case, subject }
            };
            Ok(go(&reader, &page, &said))
        }
        Err(Failure::Refused(Refusal::SubjectUnknown)) => {
            form.subject_error = Some(reader.t().ask_as_unknown());
            not_taken(&console, &reader, &read, form).await
        }
        Err(failure) => Err(reader.fail(&failure)),
    }
}

/// Where the case stands, for whoever acted on something older.
async fn by_now(console: &Console, reader: &Reader, read: &CaseRead) -> Result<Text, Halt> {
    let view = AgentView::of(&console.app, read, reader.agent()?, &reader.zone).await;
    let view = view.map_err(|failure| reader.fail(&failure))?;
    Ok(view.map_or_else(|| reader.t().notice_stale_detail(), |view| view.by_now()))
}

/// Browsers send line breaks as CR LF and count each as one character.
fn typed(fields: &Fields) -> AskForm {
    AskForm {
        justification: fields.text("justification").replace("\r\n", "\n"),
        subject: fields.text("subject").trim().to_owned(),
        ..AskForm::default()
    }
}

/// What was typed as values, or the form told what is wrong with it.
fn checked(form: &mut AskForm, t: Lang) -> Option<(Justification, Option<Email>)> {
    let justification = match Justification::parse(&form.justification) {
        Ok(justification) => Some(justification),
        Err(error) => {
            form.justification_error = Some(match error {
                TextError::Blank | TextError::TooShort { .. } => t.ask_why_wrong(),
                error => t.text_is_wrong(text_error(error, t)),
            });
            None
        }
    };
    let subject = match form.subject.as_str() {
        "" => Some(None),
        text => match Email::parse(text) {
            Ok(email) => Some(Some(email)),
            Err(_) => {
                form.subject_error = Some(t.ask_as_no_address());
                None
            }
        },
    };
    justification.zip(subject)
}

async fn not_taken(
    console: &Console,
    reader: &Reader,
    read: &CaseRead,
    form: AskForm,
) -> Result<Response, Halt> {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    let notice = Notice::refused(reader.t().notice_request_not_made());
    again(console, reader, read, form, status, notice).await
}

async fn again(
    console: &Console,
    reader: &Reader,
    read: &CaseRead,
    form: AskForm,
    status: StatusCode,
    notice: Notice,
) -> Result<Response, Halt> {
    let view = case_view(console, reader, read, form, Some(notice)).await?;
    Ok(reader.show(status, &view))
}

fn page_of(case: &CaseNumber) -> String {
    format!("/cases/{case}")
}

/// Takes an ungranted request back.
pub(crate) async fn withdraw(
    console: Console,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.agent()?;
    let case = case_number(&reader, &number)?;
    let done = console.app.withdraw_request(reader.actor(), &case).await;
    match done {
        Ok(_) => {
            let page = page_of(&case);
            Ok(go(&reader, &page, &Said::RequestWithdrawn { case }))
        }
        Err(failure) => refused(&console, &reader, case, &fields, &failure).await,
    }
}

/// Starts a session and goes to it.
pub(crate) async fn start_session(
    console: Console,
    visit: Visit,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.agent()?;
    let case = case_number(&reader, &number)?;
    let app = console.app.shown_at(reader.who.at.shown_at);
    match app.start_session(reader.actor(), &case).await {
        Ok(started) => Ok(see_other(&started.url)),
        Err(Failure::Refused(refusal @ Refusal::FreshSignInNeeded { .. })) => {
            Ok(anew(&console, &visit, &reader, &refusal, &page_of(&case)).await)
        }
        Err(failure) => refused(&console, &reader, case, &fields, &failure).await,
    }
}

/// Why it was not done: what has happened meanwhile, for whoever was shown something older, and the
/// rule itself for everybody else.
async fn refused(
    console: &Console,
    reader: &Reader,
    case: CaseNumber,
    fields: &Fields,
    failure: &Failure,
) -> Result<Response, Halt> {
    let by_state =
        matches!(failure, Failure::Refused(refusal) if refusal.kind() == RefusalKind::Conflict);
    let read = console.app.case(reader.actor(), &case).await;
    let shown = fields.text("seen");
    let changed = !shown.is_empty() && read.is_ok_and(|read| seen::by_agent(&read) != shown);
    if by_state && changed {
        let page = page_of(&case);
        return Ok(go(reader, &page, &Said::Stale { case }));
    }
    Err(reader.fail(failure))
}

/// Ends a session of the agent's own.
pub(crate) async fn end_session(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.agent()?;
    let session = session_id(&reader, &id)?;
    let effective = console
        .app
        .end_session(reader.actor(), session)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let took = Took::just_now(&console.app, effective);
    Ok(match CaseNumber::parse(fields.text("case")) {
        Ok(case) => {
            let page = page_of(&case);
            go(&reader, &page, &Said::OwnSessionEnded { case, took })
        }
        Err(_) => see_other("/cases"),
    })
}
