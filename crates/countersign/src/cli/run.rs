//! Running what was typed.

use std::{process::ExitCode, sync::Arc};

use countersign_app::{App, OwnerRef, Settings};
use countersign_domain::{Admin, Agent, Duration, Org, Role, Slug, Timestamp};
use countersign_store::Key;
use serde_json::{Value, json};

use super::args::{
    AdminArgs, AdminCommand, AgentCommand, Cli, Command, LoginLinkArgs, OrgCommand, OwnerArgs,
    TokenCommand, UpstreamCommand,
};
use super::{Failed, Output, upstream};
use crate::{
    config, demo,
    ports::WallClock,
    reference, serve,
    wiring::{self, OPERATOR},
};

/// Runs one command; what it answers is its exit code.
pub(crate) async fn run(cli: Cli) -> Result<ExitCode, Failed> {
    let output = Output::new(cli.json);
    let done = match cli.command {
        Command::Route(command) => {
            let app = open(cli.database.as_deref()).await?;
            return upstream::route(&app, command, output).await;
        }
        Command::Serve(args) => serve::serve(args, cli.database, output).await,
        Command::Demo(args) => demo::demo(args, output).await,
        Command::Openapi => {
            print!("{}", countersign_api::openapi_json());
            Ok(())
        }
        Command::CliReference => {
            print!("{}", reference::markdown());
            Ok(())
        }
        command => {
            let app = open(cli.database.as_deref()).await?;
            on_database(&app, command, output).await
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// The use cases on the database, deciding nothing of their own.
async fn open(database: Option<&str>) -> Result<App, Failed> {
    let wall = Arc::new(WallClock::default());
    let of_file = config::database_of_file()?;
    let database = config::database(database.or(of_file.as_deref()))?;
    let store = wiring::open_store(&database, &wall).await?;
    let node = wiring::observing_node(&store, &wall);
    let addresses = store.addresses().await.map_err(Failed::other)?;
    let settings = addresses.map_or_else(
        || Settings::new("http://127.0.0.1:8080", "http://gw.localhost:8081"),
        |known| Settings::new(&known.public_url, &known.gateway_url),
    );
    Ok(wiring::app(&store, node, settings))
}

async fn on_database(app: &App, command: Command, output: Output) -> Result<(), Failed> {
    match command {
        Command::Org(command) => org(app, command, output).await,
        Command::Admin(command) => admin(app, command, output).await,
        Command::Agent(command) => agent(app, command, output).await,
        Command::Token(TokenCommand::Create { owner, days, .. }) => {
            let good_for = Duration::from_hours(24 * i64::from(days));
            let waits = credential_waits(app, owner.org.as_ref()).await?;
            let minted = app
                .mint_token(OPERATOR, &owner.named(), Some(good_for))
                .await?;
            let answer = json!({
                "id": minted.id.to_string(),
                "token": minted.secret.expose(),
                "expires_at": rfc3339(minted.expires_at),
            });
            output.waiting(answer, waits);
            Ok(())
        }
        Command::Token(TokenCommand::Revoke { id }) => {
            app.revoke_credential(OPERATOR, id).await?;
            output.object(&json!({"id": id.to_string(), "revoked": true}));
            Ok(())
        }
        Command::LoginLink(args) => login_link(app, args, output).await,
        Command::Upstream(UpstreamCommand::Set(args)) => upstream::set(app, args, output).await,
        Command::Serve(_)
        | Command::Demo(_)
        | Command::Route(_)
        | Command::Openapi
        | Command::CliReference => Ok(()),
    }
}

async fn org(app: &App, command: OrgCommand, output: Output) -> Result<(), Failed> {
    match command {
        OrgCommand::Create { slug, name } => {
            let answer = json!({"slug": slug.as_str(), "name": name.as_str()});
            let org = app.create_org(OPERATOR, slug, name).await?;
            output.object(&with_id(org.id, answer));
        }
        OrgCommand::List => {
            let slice = app.store().directory(None).await.map_err(Failed::other)?;
            let orgs: Vec<Value> = slice.state.orgs().map(org_row).collect();
            output.list(
                &["slug", "name", "upstream", "mode", "routes", "blocked"],
                &orgs,
            );
        }
    }
    Ok(())
}

async fn admin(app: &App, command: AdminCommand, output: Output) -> Result<(), Failed> {
    match command {
        AdminCommand::Create { admin, name, role } => {
            let role = Role::from(role);
            let answer = json!({
                "org": admin.org.as_str(), "email": admin.email.as_str(),
                "name": name.as_str(), "role": role,
            });
            let made = app
                .create_admin(OPERATOR, &admin.org, admin.email.clone(), name, role)
                .await?;
            let answer = with_id(made.admin.id, answer);
            output.waiting(answer, person_waits(app, &admin).await?);
        }
        AdminCommand::SetRole { admin, role } => {
            let role = Role::from(role);
            let changed = app
                .set_role(OPERATOR, &admin.org, &admin.email, role)
                .await?;
            let role = changed.person.admin.role;
            let answer = json!({"email": admin.email.as_str(), "role": role});
            output.waiting(answer, person_waits(app, &admin).await?);
        }
        AdminCommand::Deactivate { admin } => {
            app.set_admin_active(OPERATOR, &admin.org, &admin.email, false)
                .await?;
            output.object(&json!({"email": admin.email.as_str(), "active": false}));
        }
        AdminCommand::Reactivate { admin } => {
            app.set_admin_active(OPERATOR, &admin.org, &admin.email, true)
                .await?;
            let answer = json!({"email": admin.email.as_str(), "active": true});
            output.waiting(answer, person_waits(app, &admin).await?);
        }
        AdminCommand::List { org } => {
            let all = app.store().directory(None).await.map_err(Failed::other)?;
            let found = all.state.orgs().find(|known| known.slug == org);
            let id = found
                .ok_or(countersign_app::Failure::Refused(
                    countersign_domain::Refusal::OrgNotFound,
                ))?
                .id;
            let slice = app
                .store()
                .directory(Some(id))
                .await
                .map_err(Failed::other)?;
            let admins: Vec<Value> = slice.state.admins().map(admin_row).collect();
            output.list(&["email", "name", "role", "active"], &admins);
        }
    }
    Ok(())
}

async fn agent(app: &App, command: AgentCommand, output: Output) -> Result<(), Failed> {
    match command {
        AgentCommand::Create { email, name } => {
            let answer = json!({"email": email.as_str(), "name": name.as_str()});
            let agent = app.create_agent(OPERATOR, email, name).await?;
            output.object(&with_id(agent.id, answer));
        }
        AgentCommand::Deactivate { email } => {
            app.set_agent_active(OPERATOR, &email, false).await?;
            output.object(&json!({"email": email.as_str(), "active": false}));
        }
        AgentCommand::Reactivate { email } => {
            app.set_agent_active(OPERATOR, &email, true).await?;
            output.object(&json!({"email": email.as_str(), "active": true}));
        }
        AgentCommand::List => {
            let slice = app.store().directory(None).await.map_err(Failed::other)?;
            let agents: Vec<Value> = slice.state.agents().map(agent_row).collect();
            output.list(&["email", "name", "active"], &agents);
        }
    }
    Ok(())
}

async fn login_link(app: &App, args: LoginLinkArgs, output: Output) -> Result<(), Failed> {
    let good_for = Duration::from_mins(i64::from(args.minutes));
    let app = match &args.public_url {
        Some(url) => {
            let url = config::origin("--public-url", url)?;
            app.with_public_url(&url)
        }
        None => app.clone(),
    };
    let waits = credential_waits(&app, args.owner.org.as_ref()).await?;
    let (minted, url) = app
        .mint_login_link(OPERATOR, &args.owner.named(), Some(good_for))
        .await?;
    let answer = json!({
        "url": url,
        "expires_at": rfc3339(minted.expires_at),
    });
    output.waiting(answer, waits);
    Ok(())
}

/// Whether a customer user, or a role of theirs, waits until the customer accepts it (R3).
async fn person_waits(app: &App, admin: &AdminArgs) -> Result<bool, Failed> {
    let key = Key::AdminEmail(admin.org.clone(), admin.email.clone());
    let slice = app.store().load(&[key]).await.map_err(Failed::other)?;
    let claimed = slice.state.orgs().any(|org| org.claim.is_some());
    let waits = |admin: &Admin| admin.standing.awaits() || admin.proposed.is_some();
    Ok(claimed && slice.state.admins().any(waits))
}

/// Whether a credential made for a customer user of this org waits (R3).
async fn credential_waits(app: &App, org: Option<&Slug>) -> Result<bool, Failed> {
    match org {
        // Whoever names no org, or none that is, is told by the command itself.
        None => Ok(false),
        Some(org) => match app.is_claimed(org).await {
            Ok(claimed) => Ok(claimed),
            Err(countersign_app::Failure::Refused(_)) => Ok(false),
            Err(failure) => Err(failure.into()),
        },
    }
}

impl OwnerArgs {
    /// Clap has seen to it that --org comes with --admin.
    fn named(&self) -> OwnerRef {
        match (&self.org, &self.admin, &self.agent) {
            (Some(org), Some(email), _) => OwnerRef::Admin {
                org: org.clone(),
                email: email.clone(),
            },
            (_, _, Some(email)) => OwnerRef::Agent {
                email: email.clone(),
            },
            _ => OwnerRef::Operator,
        }
    }
}

fn with_id(id: impl std::fmt::Display, mut value: Value) -> Value {
    if let Value::Object(fields) = &mut value {
        fields.insert("id".to_owned(), id.to_string().into());
    }
    value
}

fn org_row(org: &Org) -> Value {
    json!({
        "slug": org.slug.as_str(),
        "name": org.name.as_str(),
        "upstream": org.upstream.as_ref().map(|upstream| upstream.origin.as_str()),
        "mode": org.upstream.as_ref().map(|upstream| upstream.mode),
        "routes": org.upstream.as_ref().map(|upstream| upstream.routes.as_slice().len()),
        "blocked": org.block.is_some(),
    })
}

fn admin_row(admin: &Admin) -> Value {
    json!({
        "email": admin.email.as_str(), "name": admin.name.as_str(),
        "role": admin.role, "active": admin.active,
    })
}

fn agent_row(agent: &Agent) -> Value {
    json!({
        "email": agent.email.as_str(), "name": agent.name.as_str(), "active": agent.active,
    })
}

/// RFC 3339 in UTC with milliseconds.
pub(crate) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map_or_else(|_| at.as_millis().to_string(), |at| format!("{at:.3}"))
}
