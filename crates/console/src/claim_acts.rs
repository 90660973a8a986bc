//! What a super admin accepts and refuses (R3). Each act leads back to the settings page.

use axum::{extract::Path, response::Response};
use countersign_app::{AwaitingRef, Failure};
use countersign_domain::{Email, Refusal, Role, Slug};

use crate::{
    Console, notice_cookie::go, passkeys::credential_id, posted::Posted, reader::Reader,
    refuse::Halt, said::Said,
};

const PAGE: &str = "/settings/account";

/// Accepts a credential.
pub(crate) async fn accept_credential(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let what = AwaitingRef::Credential(credential_id(&posted.reader, &id)?);
    accept(&console, &posted.reader, &what).await
}

/// Refuses a credential.
pub(crate) async fn refuse_credential(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let what = AwaitingRef::Credential(credential_id(&posted.reader, &id)?);
    refuse(&console, &posted.reader, &what).await
}

/// Accepts a person.
pub(crate) async fn accept_admin(
    console: Console,
    Path(address): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let (org, email) = person(&console, &posted.reader, &address).await?;
    let what = AwaitingRef::Admin(org, email);
    accept(&console, &posted.reader, &what).await
}

/// Refuses a person.
pub(crate) async fn refuse_admin(
    console: Console,
    Path(address): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let (org, email) = person(&console, &posted.reader, &address).await?;
    let what = AwaitingRef::Admin(org, email);
    refuse(&console, &posted.reader, &what).await
}

/// Accepts that a person becomes a super admin.
pub(crate) async fn accept_role(
    console: Console,
    Path(address): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let (org, email) = person(&console, &posted.reader, &address).await?;
    let what = AwaitingRef::Role(org, email, Role::SuperAdmin);
    accept(&console, &posted.reader, &what).await
}

/// Refuses that.
pub(crate) async fn refuse_role(
    console: Console,
    Path(address): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let (org, email) = person(&console, &posted.reader, &address).await?;
    let what = AwaitingRef::Role(org, email, Role::SuperAdmin);
    refuse(&console, &posted.reader, &what).await
}

async fn accept(console: &Console, reader: &Reader, what: &AwaitingRef) -> Result<Response, Halt> {
    reader.admin()?;
    console
        .app
        .accept(reader.actor(), what)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(reader, PAGE, &Said::Accepted))
}

async fn refuse(console: &Console, reader: &Reader, what: &AwaitingRef) -> Result<Response, Halt> {
    reader.admin()?;
    console
        .app
        .refuse(reader.actor(), what)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(reader, PAGE, &Said::Refused))
}

/// The person of the reader's org in an address. What cannot be one is nobody.
async fn person(console: &Console, reader: &Reader, address: &str) -> Result<(Slug, Email), Halt> {
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let email = Email::parse(address).map_err(|_| fail(Refusal::PersonNotFound.into()))?;
    let read = console.app.claim_read(reader.actor()).await.map_err(fail)?;
    Ok((read.org.slug, email))
}
