//! Settings: flags first, then `COUNTERSIGN_*`, then the TOML file.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt, fs,
    net::SocketAddr,
    num::NonZeroU32,
    ops::RangeInclusive,
    path::PathBuf,
    time::Duration,
};

use countersign_api::{Quota, RateLimits};
use countersign_domain::{Network, TrustedProxies};
use countersign_enforcement::GatewayConfig;
use countersign_store_postgres::{Address, AddressError};
use serde::{Deserialize, Deserializer};

use crate::{
    cli::{TlsArgs, UpstreamTlsArgs},
    openid::OpenId,
    staff::Staff,
    tls::{Files, TlsError, UpstreamTrust},
};

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable { path: String, error: std::io::Error },
    /// The file is not what it should be.
    #[error("{path}: {error}")]
    Malformed {
        path: String,
        error: toml::de::Error,
    },
    /// The sealing key is none.
    #[error("{path} holds no sealing key: it takes {least} random characters or more on one line")]
    ShortKey { path: String, least: usize },
    /// A provider for the vendor's staff, or what is demanded of it, is not usable.
    #[error("staff{}: {why}", provider.as_ref().map_or_else(String::new, |id| format!(".provider {id:?}")))]
    Staff {
        provider: Option<String>,
        why: String,
    },
    /// There is no place for the data.
    #[error("there is no home directory to keep data in; say where with --database sqlite:PATH")]
    NoDataDirectory,
    /// The database address is of a kind this version does not know.
    #[error("--database is {0:?}; it takes sqlite:PATH or postgres://USER@HOST/DATABASE")]
    UnknownDatabase(String),
    /// The address of a PostgreSQL database is not usable.
    #[error("--database is {address:?}: {error}")]
    BadDatabase {
        address: String,
        error: AddressError,
    },
    /// An address is not usable.
    #[error("{name} is {value:?}, which is not of the form http(s)://host[:port] without a path")]
    BadUrl { name: &'static str, value: String },
    /// Certificates cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
}

/// What the TOML file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// `sqlite:PATH` or `postgres://…`.
    pub(crate) database: Option<String>,
    /// Where console and API listen.
    pub(crate) listen: Option<SocketAddr>,
    /// Where the gateway listens.
    pub(crate) gateway_listen: Option<SocketAddr>,
    /// How people reach the console.
    pub(crate) public_url: Option<String>,
    /// The origin below which sessions live.
    pub(crate) gateway_url: Option<String>,
    /// How long a session may go without a request.
    #[serde(default, deserialize_with = "minutes")]
    pub(crate) session_idle_minutes: Option<u16>,
    /// How long a session may last in all.
    #[serde(default, deserialize_with = "minutes")]
    pub(crate) session_minutes: Option<u16>,
    /// How many sessions of one agent may run at a time.
    #[serde(default, deserialize_with = "sessions")]
    pub(crate) sessions_per_agent: Option<u16>,
    /// The certificate that console, API and gateway show.
    pub(crate) tls_cert: Option<PathBuf>,
    /// Its key.
    pub(crate) tls_key: Option<PathBuf>,
    /// The certificate that the gateway shows instead.
    pub(crate) gateway_tls_cert: Option<PathBuf>,
    /// Its key.
    pub(crate) gateway_tls_key: Option<PathBuf>,
    /// The CAs that are trusted for upstreams.
    pub(crate) upstream_ca: Option<PathBuf>,
    /// The certificate shown to upstreams.
    pub(crate) upstream_cert: Option<PathBuf>,
    /// Its key.
    pub(crate) upstream_key: Option<PathBuf>,
    /// The proxies in front that are believed when they say for whom they ask: addresses, or networks such as
    /// `10.0.0.0/8`.
    #[serde(default, deserialize_with = "proxies")]
    pub(crate) trusted_proxies: TrustedProxies,
    /// The file with the key that seals secrets.
    pub(crate) sealing_key_file: Option<PathBuf>,
    /// OpenID providers.
    #[serde(default)]
    pub(crate) openid: OpenId,
    /// The vendor's staff.
    #[serde(default)]
    pub(crate) staff: Staff,
    /// The gateway's limits.
    #[serde(default)]
    pub(crate) gateway: Limits,
    /// The API's limits.
    #[serde(default)]
    pub(crate) api: ApiLimits,
}

/// How often callers of the API may call; what is not said stays at its default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiLimits {
    /// How many calls a caller may make in a minute.
    calls_per_minute: Option<NonZeroU32>,
    /// How many calls without a good token an address may make in a minute.
    unauthenticated_per_minute: Option<NonZeroU32>,
}

impl ApiLimits {
    /// The limits.
    pub(crate) fn limits(&self) -> RateLimits {
        let default = RateLimits::default();
        let said =
            |calls: Option<NonZeroU32>, otherwise| calls.map_or(otherwise, Quota::per_minute);
        RateLimits {
            calls: said(self.calls_per_minute, default.calls),
            unauthenticated: said(self.unauthenticated_per_minute, default.unauthenticated),
        }
    }
}

/// The gateway's limits; what is not said stays at its default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    /// How long a client may take to send the head of a request.
    header_seconds: Option<NonZeroU32>,
    /// How long connecting to an upstream may take.
    connect_seconds: Option<NonZeroU32>,
    /// How long an upstream may take to begin its response.
    response_seconds: Option<NonZeroU32>,
    /// How long an upstream may be silent in the middle of a response.
    silence_seconds: Option<NonZeroU32>,
    /// How long a write may wait for a reader that takes nothing.
    write_seconds: Option<NonZeroU32>,
    /// How long a client's HTTP/2 connection is kept without requests.
    client_idle_seconds: Option<NonZeroU32>,
    /// How long an idle connection to an upstream is kept.
    upstream_idle_seconds: Option<NonZeroU32>,
    /// How long requests in flight may take to end when the process stops.
    drain_seconds: Option<NonZeroU32>,
    /// How many requests of one session are under way at a time.
    requests_per_session: Option<NonZeroU32>,
    /// How many threads serve the gateway's connections.
    threads: Option<NonZeroU32>,
    /// How many client connections are served at a time.
    connections: Option<NonZeroU32>,
    /// How much of requests' bodies is held at a time, to be looked into.
    inspected_mebibytes: Option<NonZeroU32>,
}

impl Limits {
    /// Puts what is said into the gateway's configuration.
    pub(crate) fn apply(&self, config: &mut GatewayConfig) {
        let durations = [
            (self.header_seconds, &mut config.header_timeout),
            (self.connect_seconds, &mut config.connect_timeout),
            (self.response_seconds, &mut config.response_timeout),
            (self.silence_seconds, &mut config.upstream_silence),
            (self.write_seconds, &mut config.write_timeout),
            (self.client_idle_seconds, &mut config.client_idle),
            (self.upstream_idle_seconds, &mut config.upstream_idle),
            (self.drain_seconds, &mut config.drain),
        ];
        for (said, limit) in durations {
            if let Some(seconds) = said {
                *limit = Duration::from_secs(seconds.get().into());
            }
        }
        let counts = [
            (self.requests_per_session, &mut config.requests_per_session),
            (self.threads, &mut config.threads),
            (self.connections, &mut config.max_connections),
        ];
        for (said, limit) in counts {
            if let Some(count) = said {
                *limit = usize::try_from(count.get()).unwrap_or(usize::MAX);
            }
        }
        if let Some(mebibytes) = self.inspected_mebibytes {
            let mebibytes = usize::try_from(mebibytes.get()).unwrap_or(usize::MAX);
            config.inspected_bytes = mebibytes.saturating_mul(1024 * 1024);
        }
    }
}

/// What the flags take as well: a session without any time could never be used.
fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    within(1..=1440, u16::deserialize(from)?)
}

fn sessions<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    within(1..=1000, u16::deserialize(from)?)
}

fn proxies<'de, D: Deserializer<'de>>(from: D) -> Result<TrustedProxies, D::Error> {
    let networks = Vec::<String>::deserialize(from)?;
    let networks = networks.iter().map(|network| network.parse::<Network>());
    let networks = networks.collect::<Result<_, _>>();
    networks
        .map(TrustedProxies::new)
        .map_err(serde::de::Error::custom)
}

fn within<E: serde::de::Error>(range: RangeInclusive<u16>, said: u16) -> Result<Option<u16>, E> {
    if range.contains(&said) {
        Ok(Some(said))
    } else {
        let (least, most) = range.into_inner();
        Err(E::custom(format!("{said} is not in {least}..={most}")))
    }
}

impl File {
    /// Reads `path`; without one, nothing.
    pub(crate) fn read(path: Option<&PathBuf>) -> Result<Self, ConfigError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
            path: name.clone(),
            error,
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::Malformed { path: name, error })
    }
}

/// The certificate files, from flags, environment and file.
#[derive(Debug, Default)]
pub(crate) struct Certificates {
    /// For console and API.
    pub(crate) console: Option<Files>,
    /// For the gateway.
    pub(crate) gateway: Option<Files>,
    /// Towards upstreams.
    pub(crate) upstream: UpstreamTrust,
}

impl Certificates {
    /// A pair comes from one place: a certificate of the command line never meets a key of the file.
    pub(crate) fn of(args: TlsArgs, file: &mut File) -> Result<Self, ConfigError> {
        let console = Files::both(("--tls-cert", args.tls_cert), ("--tls-key", args.tls_key))?;
        let console_of_file = Files::both(
            ("tls_cert", file.tls_cert.take()),
            ("tls_key", file.tls_key.take()),
        )?;
        let gateway = Files::both(
            ("--gateway-tls-cert", args.gateway_tls_cert),
            ("--gateway-tls-key", args.gateway_tls_key),
        )?;
        let gateway_of_file = Files::both(
            ("gateway_tls_cert", file.gateway_tls_cert.take()),
            ("gateway_tls_key", file.gateway_tls_key.take()),
        )?;
        let console = console.or(console_of_file);
        Ok(Self {
            gateway: gateway.or(gateway_of_file).or_else(|| console.clone()),
            console,
            upstream: upstream_trust(args.upstream, file)?,
        })
    }
}

/// Whom we trust to be an upstream, and what we show it.
fn upstream_trust(args: UpstreamTlsArgs, file: &mut File) -> Result<UpstreamTrust, ConfigError> {
    let client = Files::both(
        ("--upstream-cert", args.upstream_cert),
        ("--upstream-key", args.upstream_key),
    )?;
    let client_of_file = Files::both(
        ("upstream_cert", file.upstream_cert.take()),
        ("upstream_key", file.upstream_key.take()),
    )?;
    Ok(UpstreamTrust {
        ca: args.upstream_ca.or(file.upstream_ca.take()),
        client: client.or(client_of_file),
    })
}

/// The same for commands that take no file: of the one that `COUNTERSIGN_CONFIG` names.
pub(crate) fn upstream_trust_of_file(args: UpstreamTlsArgs) -> Result<UpstreamTrust, ConfigError> {
    let path = variable("COUNTERSIGN_CONFIG").map(PathBuf::from);
    upstream_trust(args, &mut File::read(path.as_ref())?)
}

/// A variable of the environment. One that is set to nothing is as good as not set.
pub(crate) fn variable(name: impl AsRef<OsStr>) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

/// The file that `COUNTERSIGN_CONFIG` names, for commands that take none.
pub(crate) fn file_of_environment() -> Result<File, ConfigError> {
    let path = variable("COUNTERSIGN_CONFIG").map(PathBuf::from);
    File::read(path.as_ref())
}

/// A database, as an address names it.
#[derive(Debug)]
pub(crate) enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database.
    Postgres(Box<Address>),
}

impl Database {
    /// Its address, without a password.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(address) => address.to_string(),
        }
    }
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.display().fmt(f),
            Self::Postgres(address) => address.fmt(f),
        }
    }
}

/// The database that an address names; without an address, the file in the data directory.
pub(crate) fn database(address: Option<&str>) -> Result<Database, ConfigError> {
    match address {
        Some(address) if address.starts_with("postgres") => address
            .parse()
            .map(|address| Database::Postgres(Box::new(address)))
            .map_err(|error| ConfigError::BadDatabase {
                address: without_password(address),
                error,
            }),
        Some(address) => address
            .strip_prefix("sqlite:")
            .map(|rest| PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
            .filter(|path| !path.as_os_str().is_empty())
            .map(Database::Sqlite)
            .ok_or_else(|| ConfigError::UnknownDatabase(without_password(address))),
        None => {
            data_directory().map(|directory| Database::Sqlite(directory.join("countersign.db")))
        }
    }
}

/// A database address can carry a password, which must not reach a terminal or a log.
fn without_password(address: &str) -> String {
    let address = address.split('?').next().unwrap_or_default();
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://…{}", &address[..scheme], &address[at..])
        }
        _ => address.to_owned(),
    }
}

fn data_directory() -> Result<PathBuf, ConfigError> {
    if let Some(directory) = variable("COUNTERSIGN_DATA_DIR") {
        return Ok(directory.into());
    }
    if let Some(directory) = variable("XDG_DATA_HOME") {
        return Ok(PathBuf::from(directory).join("countersign"));
    }
    variable("HOME")
        .map(|home| PathBuf::from(home).join(".local/share/countersign"))
        .ok_or(ConfigError::NoDataDirectory)
}

/// An origin people reach us at: scheme, host, port, nothing behind.
pub(crate) fn origin(name: &'static str, value: &str) -> Result<String, ConfigError> {
    let bad = || ConfigError::BadUrl {
        name,
        value: value.to_owned(),
    };
    let trimmed = value.trim_end_matches('/');
    let uri: axum::http::Uri = trimmed.parse().map_err(|_| bad())?;
    let good = matches!(uri.scheme_str(), Some("http" | "https"))
        && uri.host().is_some_and(|host| !host.is_empty())
        && uri.path() == "/"
        && uri.query().is_none()
        && !trimmed.contains('@');
    if good {
        Ok(trimmed.to_ascii_lowercase())
    } else {
        Err(bad())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn database_addresses() {
        for (address, path) in [
            ("sqlite:a/b.db", "a/b.db"),
            ("sqlite:///var/lib/x.db", "/var/lib/x.db"),
            ("sqlite://x.db", "x.db"),
        ] {
            let found = database(Some(address)).unwrap();
            assert!(
                matches!(found, Database::Sqlite(found) if found == std::path::Path::new(path))
            );
        }
        let server = database(Some("postgres://me:secret@db:5433/x")).unwrap();
        assert_eq!(server.to_string(), "postgres://me@db:5433/x");
        for address in [
            "postgres://me:secret@db/x?sslmode=prefer",
            "mysql://me:secret@db/x",
        ] {
            let refused = database(Some(address)).unwrap_err().to_string();
            assert!(
                refused.contains("db/x") && !refused.contains("secret"),
                "{refused}"
            );
        }
        assert!(database(Some("sqlite:")).is_err());
    }

    #[test]
    fn origins() {
        assert_eq!(
            origin("--public-url", "https://Support.Example.com/").unwrap(),
            "https://support.example.com"
        );
        for bad in [
            "support.example.com",
            "ftp://x",
            "https://x/y",
            "https://",
            "https://a@b",
        ] {
            assert!(origin("--public-url", bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_file_with_an_unknown_setting_is_refused() {
        assert!(toml::from_str::<File>("listen = \"127.0.0.1:1\"").is_ok());
        assert!(toml::from_str::<File>("lissten = \"127.0.0.1:1\"").is_err());
    }

    #[test]
    fn numbers_in_a_file_have_the_range_of_the_flags() {
        let file: File = toml::from_str("session_idle_minutes = 1").unwrap();
        assert_eq!(
            (file.session_idle_minutes, file.session_minutes),
            (Some(1), None)
        );
        let file: File = toml::from_str("session_minutes = 1440").unwrap();
        assert_eq!(file.session_minutes, Some(1440));
        let file: File = toml::from_str("sessions_per_agent = 1000").unwrap();
        assert_eq!(file.sessions_per_agent, Some(1000));
        for (name, above) in [
            ("session_idle_minutes", "1441"),
            ("session_minutes", "1441"),
            ("sessions_per_agent", "1001"),
        ] {
            for bad in ["0", above, "65536", "-1", "\"30\""] {
                let text = format!("{name} = {bad}");
                assert!(toml::from_str::<File>(&text).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn trusted_proxies_are_networks_and_none_unless_said() {
        let read = |text: &str| toml::from_str::<File>(text).map(|file| file.trusted_proxies);
        assert_eq!(read("").unwrap(), TrustedProxies::default());
        let networks = ["127.0.0.1", "10.0.0.0/8", "fd00::/8"].map(|one| one.parse().unwrap());
        let said = read("trusted_proxies = [\"127.0.0.1\", \"10.0.0.0/8\", \"fd00::/8\"]");
        assert_eq!(said.unwrap(), TrustedProxies::new(networks.to_vec()));
        for bad in [
            "\"10.0.0.0/8\"",
            "[\"10.0.0.1/8\"]",
            "[\"proxy.internal\"]",
            "[\"\"]",
            "[1]",
        ] {
            assert!(read(&format!("trusted_proxies = {bad}")).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_apis_limits_are_counts_of_at_least_one() {
        let silent: File = toml::from_str("[api]\ncalls_per_minute = 7").unwrap();
        let limits = silent.api.limits();
        let default = RateLimits::default();
        assert_eq!(limits.calls, Quota::per_minute(NonZeroU32::new(7).unwrap()));
        assert_eq!(limits.unauthenticated, default.unauthenticated);
        for name in ["calls_per_minute", "unauthenticated_per_minute"] {
            for bad in ["0", "-1", "4294967296", "1.5", "\"60\""] {
                let text = format!("[api]\n{name} = {bad}");
                assert!(toml::from_str::<File>(&text).is_err(), "{text}");
            }
        }
        assert!(toml::from_str::<File>("[api]\ncalls = 60").is_err());
    }
}
