//! Service clients, on the command line.

use std::{fs, path::Path};

use clap::{Args, Subcommand};
use countersign_app::{App, ClientChange, ClientRead, MakeClient};
use countersign_domain::{Acceptance, ClientId, ClientName, NewClientKey, Scope, Slug, Thumbprint};
use countersign_identity::read_keys_text;
use serde_json::{Value, json};

use super::{Failed, Output, args::text, run::rfc3339};
use crate::wiring::OPERATOR;

#[derive(Debug, Subcommand)]
pub(crate) enum ClientCommand {
    /// Make a service client: a program of an org that comes by keys of its own (OAuth 2.0 client credentials).
    ///
    /// In an org that its customer has claimed it grants, extends and approves nothing until a super admin of the org
    /// accepts it.
    Create(ClientCreateArgs),
    /// List the service clients of an org.
    List {
        /// The org's short name.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
    },
    /// Remove a service client for good; its access tokens open nothing from the moment this returns.
    Remove {
        #[command(flatten)]
        which: WhichClient,
    },
    /// Give a service client another key. Not in a claimed org: there its super admins do.
    AddKey {
        #[command(flatten)]
        which: WhichClient,
        /// A file with the public key as a JWK, in JSON.
        #[arg(long, value_name = "FILE")]
        jwk: std::path::PathBuf,
    },
    /// Take a key from a service client; the access tokens it was shown for open nothing from the moment this returns.
    RemoveKey {
        #[command(flatten)]
        which: WhichClient,
        /// The key's SHA-256 thumbprint (RFC 7638), which the list shows.
        #[arg(long)]
        thumbprint: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ClientCreateArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    org: Slug,
    /// What it is to be called.
    #[arg(long, value_parser = text(ClientName::parse))]
    name: ClientName,
    /// A file with its public keys as a JWK set, or one JWK, in JSON.
    #[arg(long, value_name = "FILE")]
    jwks: std::path::PathBuf,
    /// What it may ask for: cases.read, grants.manage, log.read; by their names at Okta’s addresses okta.orgs.read,
    /// okta.orgs.manage, okta.logs.read; tokens.introspect for the product itself. Can be given several times.
    #[arg(long = "scope", required = true, value_parser = scope)]
    scopes: Vec<Scope>,
    /// Bind each of its access tokens to a key that is shown with it (DPoP, RFC 9449).
    #[arg(long)]
    dpop: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WhichClient {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    org: Slug,
    /// The service client's id.
    #[arg(long)]
    id: ClientId,
}

fn scope(name: &str) -> Result<Scope, String> {
    Scope::parse(name).ok_or_else(|| {
        let names = Scope::ALL.map(Scope::as_str).join(", ");
        format!("must be one of {names}")
    })
}

pub(super) async fn run(app: &App, command: ClientCommand, output: Output) -> Result<(), Failed> {
    match command {
        ClientCommand::Create(args) => {
            let new = MakeClient {
                name: args.name,
                scopes: args.scopes.into_iter().collect(),
                dpop: args.dpop,
                keys: keys(&args.jwks)?,
            };
            let made = app.make_client(OPERATOR, &args.org, new).await?;
            output.waiting(object(&made), made.acceptance == Acceptance::Waiting);
        }
        ClientCommand::List { org } => {
            let clients = app.clients(OPERATOR, &org).await?;
            let rows: Vec<Value> = clients.iter().map(object).collect();
            output.list(&["id", "name", "scopes", "dpop", "keys", "made_by"], &rows);
        }
        ClientCommand::Remove { which } => {
            change(app, &which, &ClientChange::Remove).await?;
            output.object(&json!({"id": which.id.to_string(), "removed": true}));
        }
        ClientCommand::AddKey { which, jwk } => {
            let mut keys = keys(&jwk)?;
            let (Some(key), None) = (keys.pop(), keys.pop()) else {
                return Err(Failed::other("the file must hold one key"));
            };
            let read = change(app, &which, &ClientChange::AddKey(key)).await?;
            output.object(&object(&read));
        }
        ClientCommand::RemoveKey { which, thumbprint } => {
            let key = Thumbprint::new(thumbprint);
            let read = change(app, &which, &ClientChange::RemoveKey(key)).await?;
            output.object(&object(&read));
        }
    }
    Ok(())
}

async fn change(
    app: &App,
    which: &WhichClient,
    change: &ClientChange,
) -> Result<ClientRead, Failed> {
    Ok(app
        .change_client(OPERATOR, &which.org, which.id, change)
        .await?)
}

fn keys(path: &Path) -> Result<Vec<NewClientKey>, Failed> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .map_err(|error| Failed::Other(format!("{shown} cannot be read: {error}")))?;
    read_keys_text(&text)
        .map_err(|error| Failed::Other(format!("{shown} {error}. Nothing has been changed.")))
}

fn object(read: &ClientRead) -> Value {
    let client = &read.client;
    let thumbprints: Vec<&str> = client.keys.keys().map(Thumbprint::as_str).collect();
    json!({
        "id": client.id.to_string(),
        "name": client.name.as_str(),
        "scopes": client.scopes.to_string(),
        "dpop": client.dpop,
        "keys": thumbprints.join(" "),
        "made_by": read.made_by.as_ref().map(|admin| admin.email.to_string()),
        "created_at": rfc3339(client.made_at),
    })
}
