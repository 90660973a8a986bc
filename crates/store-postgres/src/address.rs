//! Where the database is, and how it is spoken to.

use std::{fmt, path::PathBuf, str::FromStr};

use tokio_postgres::{
    Config,
    config::{Host, SslMode, TargetSessionAttrs},
};

/// Whether what goes to the database and back can be read on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// In the clear: over a Unix socket, on this machine, or because the address says so.
    Off,
    /// TLS, with a certificate that is good for the host named.
    Verified {
        /// A PEM bundle of CAs; when given, only these are trusted.
        root_cert: Option<PathBuf>,
        /// The certificate and key that we show.
        client: Option<(PathBuf, PathBuf)>,
    },
}

/// The address of a database: `postgres://USER[:PASSWORD]@HOST[:PORT]/DATABASE[?…]`.
#[derive(Clone)]
pub struct Address {
    pub(crate) config: Config,
    /// How the connection is protected.
    pub encryption: Encryption,
}

/// It may carry a password.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("hosts", &self.config.get_hosts())
            .field("database", &self.config.get_dbname())
            .field("user", &self.config.get_user())
            .field("encryption", &self.encryption)
            .finish_non_exhaustive()
    }
}

/// Without the password.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.config.get_user().unwrap_or_default();
        write!(f, "postgres://{user}@")?;
        let ports = self.config.get_ports();
        for (place, host) in self.config.get_hosts().iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match host {
                Host::Tcp(name) if name.contains(':') => write!(f, "{comma}[{name}]")?,
                Host::Tcp(name) => write!(f, "{comma}{name}")?,
                Host::Unix(path) => write!(f, "{comma}{}", path.display())?,
            }
            // One port is that of all of them.
            if let Some(port) = ports.get(place).or(ports.last()) {
                write!(f, ":{port}")?;
            }
        }
        write!(f, "/{}", self.config.get_dbname().unwrap_or_default())
    }
}

/// Why an address is of no use. None of these repeats what may be a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It does not begin as one of PostgreSQL does.
    #[error("it does not begin with postgres:// or postgresql://")]
    Scheme,
    /// It cannot be read.
    #[error("it cannot be understood: {0}")]
    Malformed(String),
    /// A part is missing.
    #[error("it names no {0}; it reads postgres://USER:PASSWORD@HOST/DATABASE")]
    Missing(&'static str),
    /// TLS that anybody on the way can take off, or that trusts anybody.
    #[error(
        "sslmode={0} would let whoever is in between read along: use sslmode=verify-full, with \
         sslrootcert=FILE for a CA of your own, or sslmode=disable where nobody is"
    )]
    Unsafe(String),
    /// No such mode.
    #[error("sslmode={0} is none of verify-full and disable")]
    UnknownMode(String),
    /// One of two that belong together.
    #[error("sslcert and sslkey are given together or not at all")]
    HalfAnIdentity,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(address: &str) -> Result<Self, AddressError> {
        if !address.starts_with("postgres://") && !address.starts_with("postgresql://") {
            return Err(AddressError::Scheme);
        }
        let (base, parameters) = address.split_once('?').unwrap_or((address, ""));
        let mut ours = Parameters::default();
        let others: Vec<&str> = parameters
            .split('&')
            .filter(|pair| !pair.is_empty())
            .filter(|pair| !ours.takes(pair))
            .collect();
        let rest = match others.is_empty() {
            true => base.to_owned(),
            false => format!("{base}?{}", others.join("&")),
        };
        let mut config: Config = rest
            .parse()
            .map_err(|error| AddressError::Malformed(told(&error)))?;
        for (missing, what) in [
            (config.get_user().is_none(), "user"),
            (config.get_dbname().is_none(), "database"),
            (config.get_hosts().is_empty(), "host"),
        ] {
            if missing {
                return Err(AddressError::Missing(what));
            }
        }
        let encryption = ours.encryption(config.get_hosts().iter().all(is_here))?;
        config.ssl_mode(match encryption {
            Encryption::Off => SslMode::Disable,
            Encryption::Verified { .. } => SslMode::Require,
        });
        // Of several hosts, the one that is the primary now.
        if config.get_hosts().len() > 1 {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Ok(Self { config, encryption })
    }
}

fn told(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => source.to_string(),
        None => error.to_string(),
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    }
}

/// What libpq calls these parameters; the client does not know them.
#[derive(Default)]
struct Parameters {
    mode: Option<String>,
    root_cert: Option<String>,
    cert: Option<String>,
    key: Option<String>,
}

impl Parameters {
    fn takes(&mut self, pair: &str) -> bool {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let place = match name {
            "sslmode" => &mut self.mode,
            "sslrootcert" => &mut self.root_cert,
            "sslcert" => &mut self.cert,
            "sslkey" => &mut self.key,
            _ => return false,
        };
        *place = Some(decoded(value));
        true
    }

    fn encryption(self, here: bool) -> Result<Encryption, AddressError> {
        match self.mode.as_deref() {
            Some("disable") => return Ok(Encryption::Off),
            None if here && self.root_cert.is_none() => return Ok(Encryption::Off),
            // Hosts of databases write `require` into the addresses that they hand out; it gets the
            // stronger of what it may mean.
            None | Some("require" | "verify-ca" | "verify-full") => {}
            Some(mode @ ("allow" | "prefer")) => return Err(AddressError::Unsafe(mode.to_owned())),
            Some(mode) => return Err(AddressError::UnknownMode(mode.to_owned())),
        }
        let client = match (self.cert, self.key) {
            (None, None) => None,
            (Some(cert), Some(key)) => Some((cert.into(), key.into())),
            _ => return Err(AddressError::HalfAnIdentity),
        };
        Ok(Encryption::Verified {
            root_cert: self.root_cert.map(PathBuf::from),
            client,
        })
    }
}

/// Percent-decoding, of what is valid.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match tail {
            [high, low, ..] if *first == b'%' => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|digits| u8::from_str_radix(digits, 16).ok()),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        let taken = if escaped.is_some() { 2 } else { 0 };
        rest = tail.get(taken..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encryption(address: &str) -> Encryption {
        address.parse::<Address>().unwrap().encryption
    }

    #[test]
    fn elsewhere_is_verified_and_here_is_plain() {
        let verified = |root_cert: Option<&str>| Encryption::Verified {
            root_cert: root_cert.map(PathBuf::from),
            client: None,
        };
        for (address, expected) in [
            ("postgres://me@db.example/x", verified(None)),
            ("postgres://me@db.example/x?sslmode=require", verified(None)),
            (
                "postgres://me@a,b/x?sslrootcert=%2Fetc%2Fca%20of%20ours.pem&sslmode=verify-full",
                verified(Some("/etc/ca of ours.pem")),
            ),
            (
                "postgres://me@db.example/x?sslmode=disable",
                Encryption::Off,
            ),
            ("postgresql://me@localhost:5433/x", Encryption::Off),
            ("postgres://me@[::1]/x", Encryption::Off),
            (
                "postgres://me@127.0.0.1/x?sslmode=verify-full",
                verified(None),
            ),
            ("postgres://me@/x?host=/run/postgresql", Encryption::Off),
        ] {
            assert_eq!(encryption(address), expected, "{address}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_refused_without_the_password() {
        for (address, expected) in [
            ("mysql://me:secret@db/x", AddressError::Scheme),
            (
                "postgres://me:secret@db/x?sslmode=prefer",
                AddressError::Unsafe("prefer".to_owned()),
            ),
            (
                "postgres://me:secret@db/x?sslmode=none",
                AddressError::UnknownMode("none".to_owned()),
            ),
            ("postgres://me:secret@db", AddressError::Missing("database")),
            ("postgres://db/x", AddressError::Missing("user")),
            (
                "postgres://me:secret@db/x?sslkey=k",
                AddressError::HalfAnIdentity,
            ),
        ] {
            let refused = address.parse::<Address>().unwrap_err();
            assert_eq!(refused, expected, "{address}");
        }
        let unknown = "postgres://me:secret@db/x?wallet=1".parse::<Address>();
        let said = unknown.unwrap_err().to_string();
        assert!(
            said.contains("wallet") && !said.contains("secret"),
            "{said}"
        );
        let address: Address = "postgres://me:secret@db/x".parse().unwrap();
        assert!(!format!("{address:?}").contains("secret"));
    }
}
