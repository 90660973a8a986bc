//! Settings: flags first, then `COUNTERSIGN_*`, then the TOML file.

use std::{env, fs, net::SocketAddr, path::PathBuf};

use serde::{Deserialize, Deserializer, de::Error as _};

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
    /// There is no place for the data.
    #[error("there is no home directory to keep data in; say where with --database sqlite:PATH")]
    NoDataDirectory,
    /// The database address is of a kind this version does not know.
    #[error("--database is {0:?}; this version takes sqlite:PATH")]
    UnknownDatabase(String),
    /// An address is not usable.
    #[error("{name} is {value:?}, which is not of the form http(s)://host[:port] without a path")]
    BadUrl { name: &'static str, value: String },
}

/// What the TOML file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// `sqlite:PATH`.
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
}

/// What the flags take as well: a session without any time could never be used.
fn minutes<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u16>, D::Error> {
    match u16::deserialize(from)? {
        minutes @ 1..=1440 => Ok(Some(minutes)),
        other => Err(D::Error::custom(format!("{other} is not in 1..=1440"))),
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

/// The database address of the file that `COUNTERSIGN_CONFIG` names, for commands that take none.
pub(crate) fn database_of_file() -> Result<Option<String>, ConfigError> {
    let path = env::var_os("COUNTERSIGN_CONFIG").map(PathBuf::from);
    Ok(File::read(path.as_ref())?.database)
}

/// The SQLite file a database address names; without an address, the one in the data directory.
pub(crate) fn sqlite_path(database: Option<&str>) -> Result<PathBuf, ConfigError> {
    match database {
        Some(address) => address
            .strip_prefix("sqlite:")
            .map(|rest| PathBuf::from(rest.strip_prefix("//").unwrap_or(rest)))
            .filter(|path| !path.as_os_str().is_empty())
            .ok_or_else(|| ConfigError::UnknownDatabase(without_password(address))),
        None => data_directory().map(|directory| directory.join("countersign.db")),
    }
}

/// A database address can carry a password, which must not reach a terminal or a log.
fn without_password(address: &str) -> String {
    match (address.find("://"), address.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            format!("{}://…{}", &address[..scheme], &address[at..])
        }
        _ => address.to_owned(),
    }
}

fn data_directory() -> Result<PathBuf, ConfigError> {
    let from = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
    if let Some(directory) = from("COUNTERSIGN_DATA_DIR") {
        return Ok(directory.into());
    }
    if let Some(directory) = from("XDG_DATA_HOME") {
        return Ok(PathBuf::from(directory).join("countersign"));
    }
    from("HOME")
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
            assert_eq!(sqlite_path(Some(address)).unwrap(), PathBuf::from(path));
        }
        let refused = sqlite_path(Some("postgres://me:secret@db/x")).unwrap_err();
        assert!(!refused.to_string().contains("secret"), "{refused}");
        assert!(sqlite_path(Some("sqlite:")).is_err());
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
    fn minutes_in_a_file_have_the_range_of_the_flags() {
        let file: File = toml::from_str("session_idle_minutes = 1").unwrap();
        assert_eq!(
            (file.session_idle_minutes, file.session_minutes),
            (Some(1), None)
        );
        let file: File = toml::from_str("session_minutes = 1440").unwrap();
        assert_eq!(file.session_minutes, Some(1440));
        for name in ["session_idle_minutes", "session_minutes"] {
            for bad in ["0", "1441", "65536", "-1", "\"30\""] {
                let text = format!("{name} = {bad}");
                assert!(toml::from_str::<File>(&text).is_err(), "{text}");
            }
        }
    }
}
