//! An org's own OpenID providers.

use std::{collections::BTreeSet, path::PathBuf};

use clap::{Args, Subcommand};
use countersign_app::{App, IssuerRead};
use countersign_domain::{
    Acceptance, IssuerId, IssuerUrl, MailDomain, NewIssuer, OpenIdClient, Slug,
};
use serde_json::{Value, json};

use super::{Failed, Output, args::text, run::rfc3339};
use crate::{config::ConfigError, wiring::OPERATOR};

#[derive(Debug, Subcommand)]
pub(crate) enum ProviderCommand {
    /// Let people of an org sign in by an OpenID provider.
    ///
    /// Register Countersign at the provider first, with the redirect address PUBLIC_URL/sign-in/openid/ORG. In an
    /// org that its customer has claimed it counts for nothing until one of its super admins accepts it.
    Add(ProviderAddArgs),
    /// List the OpenID providers of an org.
    List {
        /// The org's short name.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
    },
    /// Take a provider's word no more; whoever came by it is signed out.
    ///
    /// In an org that its customer has claimed, only while it has not been accepted.
    Remove {
        /// The org's short name.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
        /// The provider's id, as the list has it.
        #[arg(long)]
        id: IssuerId,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ProviderAddArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    org: Slug,
    /// The issuer, exactly as the provider writes it.
    #[arg(long, value_name = "URL", value_parser = text(IssuerUrl::parse))]
    issuer: IssuerUrl,
    /// The client id that the provider gave us.
    #[arg(long, value_parser = text(OpenIdClient::parse))]
    client_id: OpenIdClient,
    /// A file with the client secret; none for a client that has none.
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// A domain of the org's e-mail addresses; can be repeated.
    #[arg(long = "domain", required = true, value_parser = text(MailDomain::parse))]
    domains: Vec<MailDomain>,
}

/// Runs one of them.
pub(crate) async fn run(app: &App, command: ProviderCommand, output: Output) -> Result<(), Failed> {
    match command {
        ProviderCommand::Add(args) => {
            let secret = args.client_secret_file.as_ref().map(read).transpose()?;
            let said = NewIssuer {
                url: args.issuer,
                client: args.client_id,
                domains: BTreeSet::from_iter(args.domains),
            };
            let secret = secret.as_deref().map(str::trim);
            let added = app.add_issuer(OPERATOR, &args.org, said, secret).await?;
            output.waiting(row(&added), added.acceptance == Acceptance::Waiting);
        }
        ProviderCommand::List { org } => {
            let all = app.issuers(OPERATOR, &org).await?;
            let rows: Vec<Value> = all.iter().map(row).collect();
            let columns = [
                "id",
                "issuer",
                "client_id",
                "domains",
                "awaits_acceptance",
                "people",
            ];
            output.list(&columns, &rows);
        }
        ProviderCommand::Remove { org, id } => {
            app.remove_issuer(OPERATOR, &org, id).await?;
            output.object(&json!({"id": id.to_string(), "removed": true}));
        }
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<String, Failed> {
    let text = std::fs::read_to_string(path);
    text.map_err(|error| {
        ConfigError::Unreadable {
            path: path.display().to_string(),
            error,
        }
        .into()
    })
}

fn row(read: &IssuerRead) -> Value {
    let issuer = &read.issuer;
    let domains: Vec<&str> = issuer.said.domains.iter().map(MailDomain::as_str).collect();
    json!({
        "id": issuer.id.to_string(),
        "issuer": issuer.said.url.as_str(),
        "client_id": issuer.said.client.as_str(),
        "domains": domains,
        "has_secret": issuer.sealed.is_some(),
        "awaits_acceptance": read.acceptance == Acceptance::Waiting,
        "people": read.bound.len(),
        "added_at": rfc3339(issuer.added_at),
    })
}
