//! What goes wrong between the store and its database.

use countersign_domain::{IdError, TextError};
use countersign_store::{AppendError, Unavailable, Unique, alike::Missing};
use tokio_postgres::error::{DbError, SqlState};

use crate::{fitness::Unfit, whole::Incomplete};

/// Why work in a transaction came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    #[error("{}", told(.0))]
    Database(#[from] tokio_postgres::Error),
    /// The database is not one to write to any more.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// The database may lack something.
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
    /// Nothing came back in time.
    #[error("the database did not answer within {0} seconds")]
    Late(u64),
    /// A row does not read as what was written.
    #[error("a stored record is damaged: {0}")]
    Damaged(String),
    /// The caller named something that does not exist.
    #[error("{0}")]
    Caller(String),
}

impl Fault {
    /// What the server said, if it did.
    pub(crate) fn said(&self) -> Option<&DbError> {
        match self {
            Self::Database(error) => error.as_db_error(),
            _ => None,
        }
    }
}

/// The client's own words stop before the reason.
pub(crate) fn told(error: &tokio_postgres::Error) -> String {
    if let Some(said) = error.as_db_error() {
        return match said.detail() {
            Some(detail) => format!("{}: {detail}", said.message()),
            None => said.message().to_owned(),
        };
    }
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
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

fn taken(fault: &Fault) -> Option<Unique> {
    let said = fault.said()?;
    if *said.code() != SqlState::UNIQUE_VIOLATION {
        return None;
    }
    match said.constraint()? {
        "orgs_slug_key" => Some(Unique::Slug),
        "org_hosts_pkey" => Some(Unique::Host),
        "admins_org_email_key" | "agents_email_key" => Some(Unique::Email),
        "cases_number_key" => Some(Unique::CaseNumber),
        "passkeys_handle_key" => Some(Unique::Passkey),
        _ => None,
    }
}

/// A count from a column.
pub(crate) fn count(value: i64) -> Result<u64, Fault> {
    u64::try_from(value).map_err(|_| Fault::Damaged(format!("{value} is not a count")))
}

/// A count for a column; its integers end at `i64::MAX`, and so does what a bound can select.
pub(crate) fn column(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A limit for a query.
pub(crate) fn limit(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
