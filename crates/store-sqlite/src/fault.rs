//! What goes wrong between the store and its file.

use countersign_domain::{IdError, TextError};
use countersign_store::{AppendError, Unavailable, Unique, alike::Missing};

/// Why work in a transaction came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Recording(#[from] rusqlite::Error),
    /// A row does not read as what was written.
    #[error("a stored record is damaged: {0}")]
    Damaged(String),
    /// The caller named something that does not exist.
    #[error("{0}")]
    Caller(String),
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<Missing> for Fault {
    fn from(missing: Missing) -> Self {
        Self::Caller(missing.to_string())
    }
}

impl From<IdError> for Fault {
    fn from(error: IdError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<TextError> for Fault {
    fn from(error: TextError) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<Fault> for Unavailable {
    fn from(fault: Fault) -> Self {
        Self(fault.to_string())
    }
}

impl From<Fault> for AppendError {
    fn from(fault: Fault) -> Self {
        match taken(&fault) {
            Some(unique) => Self::Taken(unique),
            None => Self::NotPersisted(fault.into()),
        }
    }
}

/// SQLite names the columns of a violated constraint in its message and nowhere else.
fn taken(fault: &Fault) -> Option<Unique> {
    let Fault::Database(sqlx::Error::Database(error)) = fault else {
        return None;
    };
    if !error.is_unique_violation() {
        return None;
    }
    match error
        .message()
        .rsplit_once(": ")
        .map(|(_, columns)| columns)
    {
        Some("orgs.slug") => Some(Unique::Slug),
        Some("org_hosts.host") => Some(Unique::Host),
        Some("admins.org, admins.email" | "agents.email") => Some(Unique::Email),
        Some("cases.number") => Some(Unique::CaseNumber),
        Some("passkeys.handle") => Some(Unique::Passkey),
        _ => None,
    }
}

/// A count from a column.
pub(crate) fn count(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| Fault::Damaged(format!("{value} is not a count")))
}

/// A count for a column; SQLite's integers end at `i64::MAX`, and so does what a bound can select.
pub(crate) fn column(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A limit for a query.
pub(crate) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
