//! Settings > Single sign-on: the OpenID providers whose word the org takes (R3), for its super admins.

use std::collections::BTreeSet;

use axum::{extract::Path, http::StatusCode, response::Response};
use countersign_app::{Failure, IssuerRead};
use countersign_domain::{
    Acceptance, IssuerId, IssuerUrl, MailDomain, NewIssuer, OpenIdClient, Refusal, Slug,
};
use countersign_web::layout::Context;

use crate::{
    Console, names,
    notice_cookie::go,
    passkeys::credential_id,
    posted::{Fields, Posted},
    reader::Reader,
    refuse::Halt,
    said::Said,
    views::{
        nav::Place,
        openid::{BoundRow, IssuerRow, OpenIdPage},
    },
};

const PAGE: &str = "/settings/sign-in";
const ACCOUNT: &str = "/settings/account";

/// The page.
pub(crate) async fn show(console: Console, reader: Reader) -> Result<Response, Halt> {
    reader.admin()?;
    let view = page(&console, &reader)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn page(console: &Console, reader: &Reader) -> Result<OpenIdPage, Failure> {
    let read = console.app.claim_read(reader.actor()).await?;
    let issuers = console.app.issuers(reader.actor(), &read.org.slug).await?;
    Ok(OpenIdPage {
        page: reader.page(
            reader.t().openid(),
            Context::Org(read.org.name.as_str().into()),
            Place::Settings,
        ),
        org: read.org.name.as_str().into(),
        issuers: issuers.iter().map(|issuer| row(issuer, reader)).collect(),
        returns_to: console.app.openid_returns(&read.org),
        may_change: read.unaccepted.is_none(),
        claimed: read.org.claim.is_some(),
    })
}

fn row(read: &IssuerRead, reader: &Reader) -> IssuerRow {
    let issuer = &read.issuer;
    let domains: Vec<&str> = issuer.said.domains.iter().map(MailDomain::as_str).collect();
    IssuerRow {
        id: issuer.id.to_string(),
        url: issuer.said.url.as_str().into(),
        client: issuer.said.client.as_str().into(),
        domains: domains.join(", ").into(),
        has_secret: issuer.sealed.is_some(),
        added: reader.zone.moment(issuer.added_at),
        waits: read.acceptance == Acceptance::Waiting,
        bound: read
            .bound
            .iter()
            .map(|bound| BoundRow {
                credential: bound.credential.to_string(),
                person: names::of_admin(&bound.admin),
                in_use: reader.who.via == Some(bound.credential),
            })
            .collect(),
    }
}

/// Adds a provider.
pub(crate) async fn add(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let said = read(&fields).map_err(|refusal| fail(refusal.into()))?;
    let org = own_org(&console, &reader).await?;
    let secret = secret(&fields);
    console
        .app
        .add_issuer(reader.actor(), &org, said, secret)
        .await
        .map_err(fail)?;
    Ok(go(&reader, PAGE, &Said::IssuerAdded))
}

/// Shows to a provider who we are with another secret.
pub(crate) async fn set_secret(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    let (org, id) = issuer(&console, &reader, &id).await?;
    console
        .app
        .set_issuer_secret(reader.actor(), &org, id, secret(&fields))
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, PAGE, &Said::IssuerSecretSet))
}

/// Removes a provider.
pub(crate) async fn remove(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    let (org, id) = issuer(&console, &reader, &id).await?;
    console
        .app
        .remove_issuer(reader.actor(), &org, id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, PAGE, &Said::IssuerRemoved))
}

/// Lets the word of one that an operator added count.
pub(crate) async fn accept(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    let (org, id) = issuer(&console, &reader, &id).await?;
    console
        .app
        .accept_issuer(reader.actor(), &org, id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, ACCOUNT, &Said::Accepted))
}

/// Refuses it: it is gone.
pub(crate) async fn refuse(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    let (org, id) = issuer(&console, &reader, &id).await?;
    console
        .app
        .remove_issuer(reader.actor(), &org, id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, ACCOUNT, &Said::Refused))
}

/// Takes back what a provider knows somebody by.
pub(crate) async fn unbind(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let reader = posted.reader;
    reader.admin()?;
    let id = credential_id(&reader, &id)?;
    let org = own_org(&console, &reader).await?;
    console
        .app
        .unbind_openid(reader.actor(), &org, id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, PAGE, &Said::OpenIdUnbound))
}

async fn own_org(console: &Console, reader: &Reader) -> Result<Slug, Halt> {
    let own = console.app.own_org_alone(reader.actor()).await;
    own.map(|own| own.org.slug)
        .map_err(|failure| reader.fail(&failure))
}

/// The provider in an address, of the reader's org. What cannot be one is nobody's.
async fn issuer(console: &Console, reader: &Reader, text: &str) -> Result<(Slug, IssuerId), Halt> {
    reader.admin()?;
    let id = text
        .parse()
        .map_err(|_| reader.fail(&Failure::from(Refusal::IssuerNotFound)))?;
    Ok((own_org(console, reader).await?, id))
}

/// No secret is an empty field.
fn secret(fields: &Fields) -> Option<&str> {
    Some(fields.text("secret").trim()).filter(|secret| !secret.is_empty())
}

fn read(fields: &Fields) -> Result<NewIssuer, Refusal> {
    let text = |field| move |error| Refusal::Text { field, error };
    let domains: Result<BTreeSet<MailDomain>, Refusal> = fields
        .text("domains")
        .split([',', ' ', '\r', '\n'])
        .filter(|domain| !domain.is_empty())
        .map(|domain| MailDomain::parse(domain.trim_start_matches('@')).map_err(text("domains")))
        .collect();
    Ok(NewIssuer {
        url: IssuerUrl::parse(fields.text("issuer")).map_err(text("issuer"))?,
        client: OpenIdClient::parse(fields.text("client")).map_err(text("client_id"))?,
        domains: domains?,
    })
}
