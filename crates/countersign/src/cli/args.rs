//! What can be typed.

use std::{net::SocketAddr, path::PathBuf};

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use countersign_domain::{
    CredentialId, Email, HeaderName, HostName, Mode, Origin, PersonName, Resource, Role, Slug,
    TextError,
};

use super::clients::ClientCommand;
use super::provider::ProviderCommand;

/// Customer-approved, read-only, time-limited support access.
#[derive(Debug, Parser)]
#[command(name = "countersign", version, about, arg_required_else_help = true)]
pub(crate) struct Cli {
    /// The database: sqlite:PATH, or postgres://USER@HOST/DATABASE. The default is countersign.db in
    /// the data directory.
    #[arg(long, global = true, env = "COUNTERSIGN_DATABASE", value_name = "URL")]
    pub(crate) database: Option<String>,

    /// Print one JSON object instead of text for people.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve console, API and gateway.
    Serve(Box<ServeArgs>),
    /// Run the product on throw-away data, with a sample product behind the gateway.
    Demo(DemoArgs),
    /// Customer orgs.
    #[command(subcommand)]
    Org(OrgCommand),
    /// Customer users.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Support personnel.
    #[command(subcommand)]
    Agent(AgentCommand),
    /// API tokens.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Service clients: programs of an org that come by keys of their own.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Make a link that signs a browser in once.
    LoginLink(LoginLinkArgs),
    /// The product behind the gateway.
    #[command(subcommand)]
    Upstream(UpstreamCommand),
    /// The OpenID providers by which people of an org sign in.
    #[command(subcommand)]
    Provider(ProviderCommand),
    /// Which requests to the product are reads.
    #[command(subcommand)]
    Route(RouteCommand),
    /// Whether the database holds everything that was acknowledged.
    #[command(subcommand)]
    Database(DatabaseCommand),
    /// Print the OpenAPI document of the native API.
    Openapi,
    /// Print this reference as Markdown.
    CliReference,
}

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum DatabaseCommand {
    /// Say which server the history is on, and whether anything is missing.
    Status,
    /// Say that a standby that was promoted may be gone on with: the server before is stopped for good, and its
    /// commits waited for this one to the last. Access goes on once every process that was serving has found
    /// here what it remembers. If you are not sure, accept the loss instead.
    TakeOver,
    /// Go on from what the database holds although something that was acknowledged may be missing. Ends
    /// all access, since nobody can tell whether it had been taken away; serving processes that ran before
    /// stop and have to be started again.
    AcceptLoss {
        /// The database was restored from an older copy, although nothing seems to be missing.
        #[arg(long)]
        restored: bool,
    },
}

#[derive(Clone, Debug, Args)]
pub(crate) struct ServeArgs {
    /// A TOML file with the settings that are not given here or in the environment.
    #[arg(long, env = "COUNTERSIGN_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Where console and API listen [default: 127.0.0.1:8080].
    #[arg(long, env = "COUNTERSIGN_LISTEN", value_name = "ADDR")]
    pub(crate) listen: Option<SocketAddr>,

    /// Where the gateway listens [default: 127.0.0.1:8081].
    #[arg(long, env = "COUNTERSIGN_GATEWAY_LISTEN", value_name = "ADDR")]
    pub(crate) gateway_listen: Option<SocketAddr>,

    /// How people reach the console [default: localhost at its port, or the address it listens on if
    /// that is another machine's].
    #[arg(long, env = "COUNTERSIGN_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,

    /// The origin below which every session has its own [default: gw.localhost at the gateway's
    /// port].
    #[arg(long, env = "COUNTERSIGN_GATEWAY_URL", value_name = "URL")]
    pub(crate) gateway_url: Option<String>,

    /// How many minutes a session may go without a request [default: 30].
    #[arg(long, env = "COUNTERSIGN_SESSION_IDLE_MINUTES", value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub(crate) session_idle_minutes: Option<u16>,

    /// How many minutes a session may last in all [default: 480].
    #[arg(long, env = "COUNTERSIGN_SESSION_MINUTES", value_name = "MINUTES", value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub(crate) session_minutes: Option<u16>,

    /// How many sessions of one agent may run at a time [default: 10].
    #[arg(long, env = "COUNTERSIGN_SESSIONS_PER_AGENT", value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) sessions_per_agent: Option<u16>,

    /// A file with the key that seals the secrets kept to be shown to OpenID providers, of 32 characters or more
    /// [default: beside an SQLite database, made at the first start; none with PostgreSQL].
    #[arg(long, env = "COUNTERSIGN_SEALING_KEY_FILE", value_name = "FILE")]
    pub(crate) sealing_key_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) tls: TlsArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TlsArgs {
    /// The certificate chain (PEM) that console, API and gateway show; without one they speak plain
    /// HTTP. The gateway needs a wildcard name: *.gw.example.com.
    #[arg(long, env = "COUNTERSIGN_TLS_CERT", value_name = "FILE")]
    pub(crate) tls_cert: Option<PathBuf>,

    /// Its private key (PEM). Both files are read again when they change.
    #[arg(long, env = "COUNTERSIGN_TLS_KEY", value_name = "FILE")]
    pub(crate) tls_key: Option<PathBuf>,

    /// The certificate chain that the gateway shows, where it is not the console's.
    #[arg(long, env = "COUNTERSIGN_GATEWAY_TLS_CERT", value_name = "FILE")]
    pub(crate) gateway_tls_cert: Option<PathBuf>,

    /// Its private key.
    #[arg(long, env = "COUNTERSIGN_GATEWAY_TLS_KEY", value_name = "FILE")]
    pub(crate) gateway_tls_key: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) upstream: UpstreamTlsArgs,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct UpstreamTlsArgs {
    /// The CAs (PEM) that https upstreams are trusted by, instead of the system's.
    #[arg(long, env = "COUNTERSIGN_UPSTREAM_CA", value_name = "FILE")]
    pub(crate) upstream_ca: Option<PathBuf>,

    /// The certificate chain shown to upstreams that ask for one.
    #[arg(long, env = "COUNTERSIGN_UPSTREAM_CERT", value_name = "FILE")]
    pub(crate) upstream_cert: Option<PathBuf>,

    /// Its private key.
    #[arg(long, env = "COUNTERSIGN_UPSTREAM_KEY", value_name = "FILE")]
    pub(crate) upstream_key: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct DemoArgs {
    /// Where console and API listen.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub(crate) listen: SocketAddr,

    /// Where the gateway listens.
    #[arg(long, default_value = "127.0.0.1:8081", value_name = "ADDR")]
    pub(crate) gateway_listen: SocketAddr,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OrgCommand {
    /// Create an org.
    Create {
        /// The short name: lower-case letters, digits and hyphens.
        #[arg(long, value_parser = text(Slug::parse))]
        slug: Slug,
        /// The name shown.
        #[arg(long, value_parser = text(PersonName::parse))]
        name: PersonName,
    },
    /// List orgs.
    List,
    /// Say which host names are an org's own, or show them: there, console and API are for its people only.
    Hosts {
        /// The org.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
        /// A host name; all of them are set, and the first is in links.
        #[arg(long = "host", value_parser = text(HostName::parse), value_name = "NAME", conflicts_with = "none")]
        hosts: Vec<HostName>,
        /// Take all of them away.
        #[arg(long)]
        none: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Create a customer user.
    Create {
        #[command(flatten)]
        admin: AdminArgs,
        /// The name shown.
        #[arg(long, value_parser = text(PersonName::parse))]
        name: PersonName,
        /// What they may do.
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// Give a customer user another role; it counts at once.
    SetRole {
        #[command(flatten)]
        admin: AdminArgs,
        /// What they may do from now on.
        #[arg(long, value_enum)]
        role: RoleArg,
    },
    /// Stop a customer user; sessions on their behalf end at once.
    Deactivate {
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// Let a customer user act again.
    Reactivate {
        #[command(flatten)]
        admin: AdminArgs,
    },
    /// List the customer users of an org.
    List {
        /// The org's short name.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
    },
}

#[derive(Debug, Args)]
pub(crate) struct AdminArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    pub(crate) org: Slug,
    /// The user's e-mail address.
    #[arg(long, value_parser = text(Email::parse))]
    pub(crate) email: Email,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Create an agent.
    Create {
        /// The agent's e-mail address.
        #[arg(long, value_parser = text(Email::parse))]
        email: Email,
        /// The name shown.
        #[arg(long, value_parser = text(PersonName::parse))]
        name: PersonName,
    },
    /// Take back what an OpenID provider of the vendor's knows an agent by: after their account there was made anew.
    Unlink {
        /// The agent's e-mail address.
        #[arg(long, value_parser = text(Email::parse))]
        email: Email,
    },
    /// Stop an agent; their sessions end at once.
    Deactivate {
        /// The agent's e-mail address.
        #[arg(long, value_parser = text(Email::parse))]
        email: Email,
    },
    /// Let an agent act again.
    Reactivate {
        /// The agent's e-mail address.
        #[arg(long, value_parser = text(Email::parse))]
        email: Email,
    },
    /// List agents.
    List,
}

#[derive(Debug, Subcommand)]
pub(crate) enum TokenCommand {
    /// Make an API token; the secret is shown once.
    Create {
        #[command(flatten)]
        owner: OwnerArgs,
        /// Make it for an operator, such as the case tracker.
        #[arg(
            long,
            conflicts_with_all = ["admin", "agent"],
            required_unless_present_any = ["admin", "agent"]
        )]
        operator: bool,
        /// How many days it is good.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Make a token by which a directory provisions people (SCIM) at /scim/v2; the secret is shown once.
    Scim {
        /// The org's short name, for its directory; without it, the token is for the vendor's and its agents.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Option<Slug>,
        /// How many days it is good.
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// Revoke an API token or a sign-in link; it opens nothing from the moment this returns.
    Revoke {
        /// The id that was printed when it was made.
        #[arg(long)]
        id: CredentialId,
    },
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("whom").args(["admin", "agent"]).required(true)))]
pub(crate) struct LoginLinkArgs {
    #[command(flatten)]
    pub(crate) owner: OwnerArgs,
    /// How many minutes it is good.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u16).range(1..=1440))]
    pub(crate) minutes: u16,
    /// How people reach the console [default: as the server on this database was last told].
    #[arg(long, env = "COUNTERSIGN_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OwnerArgs {
    /// The org's short name; with --admin.
    #[arg(long, value_parser = text(Slug::parse), requires = "admin", conflicts_with = "agent")]
    pub(crate) org: Option<Slug>,
    /// A customer user's e-mail address.
    #[arg(long, value_parser = text(Email::parse), requires = "org", conflicts_with = "agent")]
    pub(crate) admin: Option<Email>,
    /// An agent's e-mail address.
    #[arg(long, value_parser = text(Email::parse))]
    pub(crate) agent: Option<Email>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UpstreamCommand {
    /// Say where an org's product is and which requests to it are reads.
    ///
    /// What was set before is replaced whole: a header, mode or rule that is not given again is gone.
    /// When it differs, the org's running sessions have ended when this returns. When it may let through
    /// requests that were refused before, so has all access that customers granted: they are told what has
    /// changed, and have to tick again. The answer names the cases.
    Set(UpstreamSetArgs),
    /// Ask an org's product once whether it answers, from here and as the gateway would.
    ///
    /// One connection to the address that is set, and HEAD / in nobody's name. Exits 0 when it answers,
    /// whatever the status, and 1 when not.
    Check(UpstreamCheckArgs),
}

#[derive(Debug, Args)]
pub(crate) struct UpstreamCheckArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    pub(crate) org: Slug,
    #[command(flatten)]
    pub(crate) tls: UpstreamTlsArgs,
}

#[derive(Debug, Args)]
pub(crate) struct UpstreamSetArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    pub(crate) org: Slug,
    /// Scheme, host and port, such as https://app.example.com or http://127.0.0.1:9000.
    #[arg(long, value_parser = text(Origin::parse))]
    pub(crate) origin: Origin,
    /// The header in which the product takes the signed-in user's e-mail address.
    #[arg(long, value_parser = text(HeaderName::parse))]
    pub(crate) user_header: Option<HeaderName>,
    /// The header in which the product takes the org's short name.
    #[arg(long, value_parser = text(HeaderName::parse))]
    pub(crate) org_header: Option<HeaderName>,
    /// What a request is that no rule matches.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) mode: ModeArg,
    /// A TOML file with rules: [[route]] with method or methods, path, and effect = "read" or
    /// "write". It is taken whole or not at all.
    #[arg(long, value_name = "FILE")]
    pub(crate) routes: Option<PathBuf>,
    /// What access tokens are for that agents may exchange sessions for, to reach the product past the gateway: the
    /// address of its API as programs know it. Left out, there are none. What is done with them is not on the log.
    #[arg(long, value_name = "URL", value_parser = text(Resource::parse))]
    pub(crate) token_resource: Option<Resource>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ModeArg {
    /// GET, HEAD and OPTIONS are reads, everything else is a write.
    #[default]
    ByMethod,
    /// Everything is a write.
    Declared,
}

impl From<ModeArg> for Mode {
    fn from(mode: ModeArg) -> Self {
        match mode {
            ModeArg::ByMethod => Self::ByMethod,
            ModeArg::Declared => Self::Declared,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// List the rules of an org's upstream.
    List {
        /// The org's short name.
        #[arg(long, value_parser = text(Slug::parse))]
        org: Slug,
    },
    /// Say what the gateway would do with a request, and by which rule; exits 0 when it would pass.
    ///
    /// It judges what the request is. Whether there is a session that gives access, and whether a page
    /// from elsewhere sent it, is judged as well when it comes.
    Explain(ExplainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The org's short name.
    #[arg(long, value_parser = text(Slug::parse))]
    pub(crate) org: Slug,
    /// A request header, as 'Name: value'; can be repeated. A Content-Length announces a body.
    #[arg(long = "header", value_name = "HEADER", value_parser = header)]
    pub(crate) headers: Vec<(String, String)>,
    /// The method, in upper case as on the wire.
    pub(crate) method: String,
    /// The path, with its query if there is one, as on the wire.
    #[arg(value_name = "PATH")]
    pub(crate) target: String,
}

/// A header line, its name in lower case.
fn header(line: &str) -> Result<(String, String), String> {
    let (name, value) = line
        .split_once(':')
        .filter(|(name, _)| !name.trim().is_empty())
        .ok_or("must be of the form 'Name: value'")?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum RoleArg {
    /// Approves for every case of the org.
    #[value(name = "super_admin")]
    SuperAdmin,
    /// Approves for the cases they opened.
    #[value(name = "admin")]
    Admin,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::SuperAdmin => Self::SuperAdmin,
            RoleArg::Admin => Self::Admin,
        }
    }
}

/// Validated while parsing, so that a mistyped value is a usage error.
pub(super) fn text<T: Clone + Send + Sync + 'static>(
    parse: fn(&str) -> Result<T, TextError>,
) -> impl Fn(&str) -> Result<T, TextError> + Clone + Send + Sync + 'static {
    parse
}
