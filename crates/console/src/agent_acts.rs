//! What a support agent does about a case.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use countersign_app::{CaseRead, Failure};
use countersign_domain::{CaseNumber, Email, Event, Justification, Refusal, TextError};
use countersign_web::{messages::Lang, notice::Notice, refusals::text_error};

use crate::{
    Console,
    agent_pages::case_view,
    notice_cookie::{go, see_other},
    posted::{Fields, Posted, case_number, session_id},
    reader::Reader,
    refuse::Halt,
    said::{Said, Took},
    seen,
    views::{agent_case::AskForm, notices},
};

/// Asks for access, or for more time. A form that is not taken comes back with what was typed.
pub(crate) async fn ask(
    State(console): State<Console>,
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
        let stale = notices::stale(
            reader.t(),
            &case.as_str().into(),
            reader.t().notice_stale_detail(),
        );
        return again(&console, &reader, &read, form, StatusCode::CONFLICT, stale).await;
    }
    let Some((justification, subject)) = checked(&mut form, reader.t()) else {
        return not_taken(&console, &reader, &read, form).await;
    };
    let asked = console
        .app
        .request_access(reader.actor(), &case, justification, subject)
        .await;
    match asked {
        Ok(changed) => {
            let more_time = |event: &Event| matches!(event, Event::MoreTimeWanted { .. });
            let page = page_of(&case);
            let said = if changed.events.iter().any(more_time) {
                Said::MoreTimeAsked { case }
            } else {
                Said::Asked { case }
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
    State(console): State<Console>,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.agent()?;
    let case = case_number(&reader, &number)?;
    console
        .app
        .withdraw_request(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    let page = page_of(&case);
    Ok(go(&reader, &page, &Said::RequestWithdrawn { case }))
}

/// Starts a session and goes to it.
pub(crate) async fn start_session(
    State(console): State<Console>,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.agent()?;
    let case = case_number(&reader, &number)?;
    let started = console
        .app
        .start_session(reader.actor(), &case)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(see_other(&started.url))
}

/// Ends a session of the agent's own.
pub(crate) async fn end_session(
    State(console): State<Console>,
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
