//! Settings > Directory: the tokens by which the org's directory provisions its people (SCIM). Super admins
//! make and revoke them.

use axum::{extract::Path, http::StatusCode, response::Response};
use countersign_app::{CredentialFilter, Failure, Minted, MintedCredential, OwnerRef};
use countersign_web::layout::Context;

use crate::{
    Console,
    notice_cookie::go,
    passkeys::credential_id,
    posted::Posted,
    reader::Reader,
    refuse::Halt,
    said::Said,
    settings_rows,
    views::{
        directory::{DirectoryForm, DirectoryPage, FreshToken, TokenRow},
        nav::Place,
        support_access::CredentialState,
    },
};

const PAGE: &str = "/settings/directory";
/// How many tokens are listed; whoever has more finds them by the API.
const MOST: usize = 50;

/// The page.
pub(crate) async fn show(console: Console, reader: Reader) -> Result<Response, Halt> {
    reader.admin()?;
    let view = page(&console, &reader, None)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(reader.show(StatusCode::OK, &view))
}

async fn page(
    console: &Console,
    reader: &Reader,
    fresh: Option<Minted>,
) -> Result<DirectoryPage, Failure> {
    let claims = console.app.claim_read(reader.actor()).await?;
    let form = if claims.caller.is_super() {
        let filter = CredentialFilter::Directory(claims.org.slug.clone());
        let list = console
            .app
            .credentials(reader.actor(), &filter, None, MOST)
            .await?;
        let tokens = list.credentials.into_iter().map(|read| {
            let credential = read.credential;
            let minted = MintedCredential {
                credential,
                owner: None,
            };
            let row = settings_rows::credential(&minted, &claims, &reader.zone);
            TokenRow {
                revoke: (row.state == CredentialState::Active)
                    .then(|| format!("{PAGE}/tokens/{}/revoke", credential.id)),
                row,
            }
        });
        Some(DirectoryForm {
            tokens: tokens.collect(),
            may_make: claims.unaccepted.is_none(),
            claimed: claims.org.claim.is_some(),
        })
    } else {
        None
    };
    Ok(DirectoryPage {
        page: reader.page(
            reader.t().directory(),
            Context::Org(claims.org.name.as_str().into()),
            Place::Settings,
        ),
        org: claims.org.name.as_str().into(),
        address: format!("{}/scim/v2", console.app.settings().public_url),
        form,
        fresh: fresh.map(|minted| FreshToken {
            secret: minted.secret.expose().to_owned(),
            until: reader.zone.moment(minted.expires_at),
        }),
    })
}

/// Makes a token; its secret is on this page and nowhere else.
pub(crate) async fn make(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, .. } = posted;
    reader.admin()?;
    let fail = |failure: Failure| reader.fail(&failure);
    let own = console.app.own_org_alone(reader.actor()).await;
    let owner = OwnerRef::OrgDirectory(own.map_err(fail)?.org.slug);
    let minted = console
        .app
        .mint_scim_token(reader.actor(), &owner, None)
        .await
        .map_err(fail)?;
    let view = page(&console, &reader, Some(minted)).await.map_err(fail)?;
    Ok(reader.show(StatusCode::OK, &view))
}

/// Revokes one.
pub(crate) async fn revoke(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    let Posted { reader, .. } = posted;
    reader.admin()?;
    let id = credential_id(&reader, &id)?;
    console
        .app
        .revoke_credential(reader.actor(), id)
        .await
        .map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, PAGE, &Said::TokenRevoked))
}
