//! OpenID providers: where they may be, whom we trust to be one, and the key that seals the secrets we show
//! them.

use std::{
    collections::BTreeSet,
    fs::OpenOptions,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_app::{Ports, Sealer};
use countersign_identity::{Outbound, Providers, Reach};
use serde::Deserialize;

use crate::{
    config::{self, ConfigError, Database},
    doorway::is_local,
    ports::{self, SystemPorts},
    tls,
};

/// What the TOML file may say about OpenID providers.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenId {
    /// Hosts of providers that may have addresses of a private network.
    #[serde(default)]
    private_hosts: Vec<String>,
    /// A PEM bundle of CAs; when given, only these are trusted to say who a provider is.
    ca: Option<PathBuf>,
}

/// What connects to OpenID providers, for a deployment that is reached at `public_url`.
pub(crate) fn providers(settings: &OpenId, public_url: &str) -> Result<Providers, ConfigError> {
    let hosts = settings.private_hosts.iter();
    let reach = Reach {
        private_hosts: hosts
            .map(|host| host.to_ascii_lowercase())
            .collect::<BTreeSet<_>>(),
        own_machine: is_local(public_url),
    };
    let tls = tls::provider_client(settings.ca.as_ref()).map_err(ConfigError::Tls)?;
    Ok(Providers::new(
        Outbound::new(tls, reach),
        ports::boot_clock(),
    ))
}

/// A sealing key for as long as the process lives.
pub(crate) fn throw_away_sealer() -> Option<Arc<Sealer>> {
    Sealer::new(&fresh_key()).map(Arc::new)
}

/// The key that seals secrets: in the file that is named, or else, for a database that is a file, in one beside
/// it. That one is made when there is none and `make` says so: then whoever has a copy of the database alone
/// reads no secret.
pub(crate) fn sealer(
    named: Option<&PathBuf>,
    database: &Database,
    make: bool,
) -> Result<Option<Arc<Sealer>>, ConfigError> {
    let beside = match database {
        Database::Sqlite(path) => {
            let mut beside = path.clone().into_os_string();
            beside.push(".sealing-key");
            Some(PathBuf::from(beside))
        }
        Database::Postgres(_) => None,
    };
    let Some(path) = named.cloned().or(beside) else {
        return Ok(None);
    };
    let key = match std::fs::read_to_string(&path) {
        Ok(key) => key,
        Err(error) if error.kind() == ErrorKind::NotFound && named.is_none() => {
            if !make {
                return Ok(None);
            }
            make_key(&path).map_err(|error| unreadable(&path, error))?
        }
        Err(error) => return Err(unreadable(&path, error)),
    };
    let sealer = Sealer::new(&key).ok_or_else(|| ConfigError::ShortKey {
        path: path.display().to_string(),
        least: Sealer::SHORTEST_KEY,
    })?;
    Ok(Some(Arc::new(sealer)))
}

/// Where the environment or the file says that the key is.
pub(crate) fn named_key(file: &mut config::File) -> Option<PathBuf> {
    config::variable("COUNTERSIGN_SEALING_KEY_FILE")
        .map(PathBuf::from)
        .or(file.sealing_key_file.take())
}

fn unreadable(path: &Path, error: std::io::Error) -> ConfigError {
    ConfigError::Unreadable {
        path: path.display().to_string(),
        error,
    }
}

fn fresh_key() -> String {
    URL_SAFE_NO_PAD.encode(SystemPorts.random())
}

/// Of two processes that start at once one makes it; the other reads what that wrote.
fn make_key(path: &Path) -> std::io::Result<String> {
    let key = fresh_key();
    let aside = path.with_extension(format!("{}.new", std::process::id()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(key.as_bytes())?;
    file.sync_all()?;
    // A link takes nobody's place, and what it leads to is whole.
    let linked = std::fs::hard_link(&aside, path);
    std::fs::remove_file(&aside)?;
    match linked {
        Ok(()) => Ok(key),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => std::fs::read_to_string(path),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn directory() -> PathBuf {
        let name = format!(
            "countersign-sealing-{}",
            URL_SAFE_NO_PAD.encode(SystemPorts.uuid())
        );
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        path
    }

    #[test]
    fn a_database_in_a_file_has_its_key_in_another_that_only_its_owner_reads() {
        let directory = directory();
        let database = Database::Sqlite(directory.join("a.db"));
        let key = directory.join("a.db.sealing-key");
        assert!(sealer(None, &database, false).unwrap().is_none());
        assert!(!key.exists());
        assert!(sealer(None, &database, true).unwrap().is_some());
        let made = std::fs::read_to_string(&key).unwrap();
        assert_eq!(
            std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert!(sealer(None, &database, true).unwrap().is_some());
        assert_eq!(std::fs::read_to_string(&key).unwrap(), made);
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
        std::fs::remove_dir_all(directory).unwrap();
    }

    #[test]
    fn a_key_that_is_named_has_to_be_there_and_long_enough() {
        let directory = directory();
        let database = Database::Sqlite(directory.join("a.db"));
        let named = directory.join("key");
        let missing = sealer(Some(&named), &database, true);
        assert!(matches!(missing, Err(ConfigError::Unreadable { .. })));
        std::fs::write(&named, "short\n").unwrap();
        let short = sealer(Some(&named), &database, true);
        assert!(matches!(short, Err(ConfigError::ShortKey { .. })));
        std::fs::write(&named, format!("{}\n", "k".repeat(32))).unwrap();
        assert!(sealer(Some(&named), &database, true).unwrap().is_some());
        std::fs::remove_dir_all(directory).unwrap();
    }
}
