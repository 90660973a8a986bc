//! What a super admin does with the service clients of the org. Each act leads back to the settings page.

use axum::{extract::Path, http::StatusCode, response::Response};
use countersign_app::{ClientChange, MakeClient};
use countersign_domain::{ClientId, ClientName, NewClientKey, Refusal, Scope, Slug, Thumbprint};
use countersign_identity::{KeyError, read_keys_text};
use countersign_web::{messages::Lang, refusals::Words};

use crate::{
    Console,
    notice_cookie::go,
    posted::Posted,
    reader::Reader,
    refuse::{Halt, Told, words},
    said::Said,
};

const PAGE: &str = "/settings/account?edit=support#clients";

/// Makes one.
pub(crate) async fn make(console: Console, posted: Posted) -> Result<Response, Halt> {
    let Posted { reader, fields } = posted;
    let org = own_org(&console, &reader).await?;
    let name = ClientName::parse(fields.text("name")).map_err(|error| {
        let field = "name";
        reader.fail(&Refusal::Text { field, error }.into())
    })?;
    let scopes = [
        ("read", Scope::OrgsRead),
        ("manage", Scope::OrgsManage),
        ("logs", Scope::LogsRead),
        ("cases", Scope::CasesRead),
        ("grants", Scope::GrantsManage),
        ("log", Scope::LogRead),
        ("introspect", Scope::TokensIntrospect),
    ];
    let chosen = scopes
        .into_iter()
        .filter(|(field, _)| fields.text(field) == "on");
    let new = MakeClient {
        name,
        scopes: chosen.map(|(_, scope)| scope).collect(),
        dpop: fields.text("dpop") == "on",
        keys: keys(&reader, fields.text("jwks"))?,
    };
    if new.scopes.is_empty() {
        return Err(reader.tell(&no_scope()));
    }
    let made = console.app.make_client(reader.actor(), &org, new).await;
    made.map_err(|failure| reader.fail(&failure))?;
    Ok(go(&reader, PAGE, &Said::ClientsChanged))
}

/// Gives one another key.
pub(crate) async fn add_key(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    posted.reader.admin()?;
    let mut keys = keys(&posted.reader, posted.fields.text("jwks"))?;
    let (Some(key), None) = (keys.pop(), keys.pop()) else {
        return Err(posted.reader.tell(&wrong_key(&KeyError::TooMany)));
    };
    change(&console, &posted.reader, &id, &ClientChange::AddKey(key)).await
}

/// Takes a key from one.
pub(crate) async fn remove_key(
    console: Console,
    Path((id, thumbprint)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, Halt> {
    let key = ClientChange::RemoveKey(Thumbprint::new(thumbprint));
    change(&console, &posted.reader, &id, &key).await
}

/// Removes one.
pub(crate) async fn remove(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    change(&console, &posted.reader, &id, &ClientChange::Remove).await
}

/// Lets one count (R3).
pub(crate) async fn accept(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    change(&console, &posted.reader, &id, &ClientChange::Accept).await
}

/// Refuses one (R3).
pub(crate) async fn refuse(
    console: Console,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, Halt> {
    change(&console, &posted.reader, &id, &ClientChange::Refuse).await
}

async fn change(
    console: &Console,
    reader: &Reader,
    id: &str,
    change: &ClientChange,
) -> Result<Response, Halt> {
    let org = own_org(console, reader).await?;
    let id: ClientId = id
        .parse()
        .map_err(|_| reader.fail(&Refusal::ClientNotFound.into()))?;
    let changed = console
        .app
        .change_client(reader.actor(), &org, id, change)
        .await;
    changed.map_err(|failure| reader.fail(&failure))?;
    Ok(go(reader, PAGE, &Said::ClientsChanged))
}

async fn own_org(console: &Console, reader: &Reader) -> Result<Slug, Halt> {
    reader.admin()?;
    let own = console.app.own_org_alone(reader.actor()).await;
    Ok(own.map_err(|failure| reader.fail(&failure))?.org.slug)
}

fn keys(reader: &Reader, text: &str) -> Result<Vec<NewClientKey>, Halt> {
    read_keys_text(text.trim()).map_err(|error| reader.tell(&wrong_key(&error)))
}

fn no_scope() -> Told {
    Told::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "no_scope",
        words!(client_no_scope, client_no_scope_why, client_no_scope_next),
    )
}

/// Whoever pasted a private key must hear that it is burnt.
fn wrong_key(error: &KeyError) -> Told {
    let words = match error {
        KeyError::Private | KeyError::Symmetric => {
            words!(
                client_key_burnt,
                client_key_burnt_why,
                client_key_burnt_next
            )
        }
        KeyError::Empty | KeyError::TooMany | KeyError::Twice => {
            words!(
                client_keys_count,
                client_keys_count_why,
                client_keys_count_next
            )
        }
        KeyError::Form(_) | KeyError::Unsupported(_) | KeyError::Use => {
            words!(
                client_key_wrong,
                client_key_wrong_why,
                client_key_wrong_next
            )
        }
    };
    Told::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_key", words)
}
