//! Running what was typed.

use std::{process::ExitCode, sync::Arc};

use countersign_app::{AdminRead, App, Failure, OwnerRef, Settings};
use countersign_domain::{Agent, Duration, Email, HostName, Org, Refusal, Role, Slug, Timestamp};
use countersign_identity::RelyingParty;
use serde_json::{Value, json};

use super::args::{
    AdminArgs, AdminCommand, AgentCommand, Cli, Command, LoginLinkArgs, OrgCommand, OwnerArgs,
    TokenCommand, UpstreamCommand,
};
use super::{Failed, Output, clients, loss, provider, upstream};
use crate::{
    config, demo, openid,
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
            let done = upstream::route(&app, command, output).await;
            app.store().close().await;
            return done;
        }
        Command::Upstream(UpstreamCommand::Check(args)) => {
            let app = open(cli.database.as_deref()).await?;
            let done = upstream::check(&app, args, output).await;
            app.store().close().await;
            return done;
        }
        Command::Provider(command) => {
            let app = open_with(cli.database.as_deref(), true).await?;
            let done = provider::run(&app, command, output).await;
            app.store().close().await;
            done
        }
        Command::Database(command) => loss::run(command, cli.database.as_deref(), output).await,
        Command::Serve(args) => serve::serve(*args, cli.database, output).await,
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
            let done = on_database(&app, command, output).await;
            app.store().close().await;
            done
        }
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// The use cases on the database, deciding nothing of their own.
async fn open(database: Option<&str>) -> Result<App, Failed> {
    open_with(database, false).await
}

/// The same, where the command may seal a secret: with a key that is made if need be.
async fn open_with(database: Option<&str>, seals: bool) -> Result<App, Failed> {
    let wall = Arc::new(WallClock::default());
    let mut file = config::file_of_environment()?;
    let database = config::database(database.or(file.database.as_deref()))?;
    let store = wiring::open_store(&database, &wall).await?;
    let node = wiring::observing_node(&store, &wall);
    let addresses = store.addresses().await.map_err(Failed::other)?;
    let settings = addresses.map_or_else(
        || Settings::new("http://localhost:8080", "http://gw.localhost:8081"),
        |known| Settings::new(&known.public_url, &known.gateway_url),
    );
    let sealer = openid::sealer(openid::named_key(&mut file).as_ref(), &database, seals)?;
    Ok(wiring::app(&store, node, settings).with_sealer(sealer))
}

async fn on_database(app: &App, command: Command, output: Output) -> Result<(), Failed> {
    match command {
        Command::Org(command) => org(app, command, output).await,
        Command::Admin(command) => admin(app, command, output).await,
        Command::Agent(command) => agent(app, command, output).await,
        Command::Token(TokenCommand::Create { owner, days, .. }) => {
            let good_for = Duration::from_hours(24 * i64::from(days));
            let minted = app
                .mint_token(OPERATOR, &owner.named(), Some(good_for))
                .await?;
            let answer = json!({
                "id": minted.id.to_string(),
                "token": minted.secret.expose(),
                "expires_at": rfc3339(minted.expires_at),
            });
            output.waiting(answer, minted.awaits());
            Ok(())
        }
        Command::Token(TokenCommand::Scim { org, days }) => {
            let good_for = Duration::from_hours(24 * i64::from(days));
            let owner = org.map_or(OwnerRef::VendorDirectory, OwnerRef::OrgDirectory);
            let minted = app
                .mint_scim_token(OPERATOR, &owner, Some(good_for))
                .await?;
            let answer = json!({
                "id": minted.id.to_string(),
                "token": minted.secret.expose(),
                "expires_at": rfc3339(minted.expires_at),
            });
            output.waiting(answer, minted.awaits());
            Ok(())
        }
        Command::Token(TokenCommand::Revoke { id }) => {
            app.revoke_credential(OPERATOR, id).await?;
            output.object(&json!({"id": id.to_string(), "revoked": true}));
            Ok(())
        }
        Command::Client(command) => clients::run(app, command, output).await,
        Command::LoginLink(args) => login_link(app, args, output).await,
        Command::Upstream(UpstreamCommand::Set(args)) => upstream::set(app, args, output).await,
        Command::Upstream(UpstreamCommand::Check(_))
        | Command::Serve(_)
        | Command::Demo(_)
        | Command::Database(_)
        | Command::Provider(_)
        | Command::Route(_)
        | Command::Openapi
        | Command::CliReference => Ok(()),
    }
}

/// Which org has the short name, for whoever may see every org.
async fn taken(app: &App, slug: Slug) -> Result<Failed, Failed> {
    let slice = app.store().directory(None).await.map_err(Failed::other)?;
    let name = slice.state.orgs().find(|org| org.slug == slug);
    let name = name.map(|org| org.name.to_string()).unwrap_or_default();
    Ok(Failed::SlugTaken { slug, name })
}

async fn org(app: &App, command: OrgCommand, output: Output) -> Result<(), Failed> {
    match command {
        OrgCommand::Create { slug, name } => {
            let answer = json!({"slug": slug.as_str(), "name": name.as_str()});
            let created = app.create_org(OPERATOR, slug.clone(), name).await;
            let org = match created {
                Err(Failure::Refused(Refusal::SlugTaken)) => return Err(taken(app, slug).await?),
                created => created?,
            };
            output.object(&with_id(org.id, answer));
        }
        OrgCommand::Hosts { org, hosts, none } => {
            if none || !hosts.is_empty() {
                app.set_hosts(OPERATOR, &org, hosts).await?;
            }
            let org = app.org(OPERATOR, &org).await?;
            let hosts: Vec<&str> = org.hosts.iter().map(HostName::as_str).collect();
            output.object(&json!({
                "org": org.slug.as_str(), "hosts": hosts, "url": app.settings().home(&org),
            }));
            no_passkeys_at(app, &org, output);
        }
        OrgCommand::List => {
            let slice = app.store().directory(None).await.map_err(Failed::other)?;
            let orgs: Vec<Value> = slice.state.orgs().map(org_row).collect();
            output.list(
                &[
                    "slug", "name", "upstream", "mode", "routes", "claimed", "blocked",
                ],
                &orgs,
            );
        }
    }
    Ok(())
}

/// Tells at which of an org's own host names no passkey is used.
fn no_passkeys_at(app: &App, org: &Org, output: Output) {
    let settings = app.settings();
    let Ok(party) = RelyingParty::of(&settings.public_url) else {
        return;
    };
    let beside = |host: &&HostName| party.used_at(&settings.url_at(host)).is_err();
    let names: Vec<&str> = org
        .hosts
        .iter()
        .filter(beside)
        .map(HostName::as_str)
        .collect();
    if !names.is_empty() {
        output.note(&format!(
            "No passkeys are used at {}: they belong to the name of {}, and only names below that use them.",
            names.join(", "),
            settings.public_url
        ));
    }
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
            output.waiting(answer, made.awaits());
        }
        AdminCommand::SetRole { admin, role } => {
            let AdminArgs { org, email } = &admin;
            let was = app.admin(OPERATOR, org, email).await?.admin.role;
            let wanted = Role::from(role);
            let changed = app.set_role(OPERATOR, org, email, wanted).await?;
            role_set(email, was, wanted, &changed.person, output);
        }
        AdminCommand::Deactivate { admin } => {
            app.set_admin_active(OPERATOR, &admin.org, &admin.email, false)
                .await?;
            output.object(&json!({"email": admin.email.as_str(), "active": false}));
        }
        AdminCommand::Reactivate { admin } => {
            let changed = app
                .set_admin_active(OPERATOR, &admin.org, &admin.email, true)
                .await?;
            let answer = json!({"email": admin.email.as_str(), "active": true});
            output.waiting(answer, changed.person.awaits());
        }
        AdminCommand::List { org } => {
            let all = app.store().directory(None).await.map_err(Failed::other)?;
            let found = all.state.orgs().find(|known| known.slug == org);
            let org = found.ok_or(Failure::Refused(Refusal::OrgNotFound))?;
            let slice = app.store().directory(Some(org.id)).await;
            let slice = slice.map_err(Failed::other)?;
            let admins = slice.state.admins();
            let admins = admins.map(|admin| AdminRead::of(org, admin.clone()));
            let rows: Vec<Value> = admins.map(|read| admin_row(&read)).collect();
            let columns = [
                "email",
                "name",
                "role",
                "proposed_role",
                "active",
                "awaits_acceptance",
            ];
            output.list(&columns, &rows);
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
        AgentCommand::Unlink { email } => {
            app.unbind_agent(OPERATOR, &email).await?;
            output.object(&json!({"email": email.as_str(), "linked": false}));
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
    let (minted, url) = app
        .mint_login_link(OPERATOR, &args.owner.named(), Some(good_for))
        .await?;
    let answer = json!({
        "url": url,
        "expires_at": rfc3339(minted.expires_at),
    });
    output.waiting(answer, minted.awaits());
    Ok(())
}

/// What a role was, is, and may become.
fn role_set(email: &Email, was: Role, wanted: Role, read: &AdminRead, output: Output) {
    let now = read.admin.role;
    let proposed = read.admin.proposed.map(|proposal| proposal.role);
    let answer = json!({
        "email": email.as_str(), "was": was, "role": now, "proposed_role": proposed,
        "awaits_acceptance": read.awaits(),
    });
    let words = if now != was {
        format!("{email} was {} and is {} now.", called(was), called(now))
    } else if now == wanted {
        format!("{email} is {} already; nothing has changed.", called(now))
    } else {
        format!(
            "{email} was {was} and stays {was}: the org is claimed. One of its super admins can accept {email} \
             as {} on Settings > Account.",
            called(wanted),
            was = called(was),
        )
    };
    output.said(&answer, &words);
}

const fn called(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => "a super admin",
        Role::Admin => "an admin",
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
        "claimed": org.claim.is_some(),
        "blocked": org.block.is_some(),
    })
}

fn admin_row(read: &AdminRead) -> Value {
    let admin = &read.admin;
    json!({
        "email": admin.email.as_str(), "name": admin.name.as_str(),
        "role": admin.role, "active": admin.active,
        "proposed_role": admin.proposed.map(|proposal| proposal.role),
        "awaits_acceptance": read.awaits(),
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
