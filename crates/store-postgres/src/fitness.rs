//! What a database must be for what is acknowledged to last (A7). Looked at for every connection: a
//! server may have been demoted or set otherwise since the last one.

use crate::{connection::Connection, fault::Fault};

/// The oldest version of PostgreSQL that is tried.
const OLDEST: i32 = 150_000;

/// Why a database is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A standby.
    #[error(
        "the database server is a standby, which cannot be written to: give the address of the \
         primary, or both with a comma between the hosts"
    )]
    Standby,
    /// Read-only.
    #[error(
        "the database is read-only: default_transaction_read_only is on for it or for this user; \
         turn it off"
    )]
    ReadOnly,
    /// Commits may be lost.
    #[error(
        "{setting} is {value} on the database server, so that what was acknowledged may be lost in a \
         crash: set it to {wanted}"
    )]
    NotDurable {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// Another encoding.
    #[error("the database is encoded in {0}: make one with ENCODING 'UTF8'")]
    Encoding(String),
    /// An old server.
    #[error("the database server is PostgreSQL {0}; this program needs 15 or later")]
    Old(String),
}

/// Refuses a database that is not fit.
pub(crate) async fn check(connection: &Connection) -> Result<(), Fault> {
    let row = connection
        .row(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),
                    current_setting('server_encoding'), pg_is_in_recovery(),
                    current_setting('default_transaction_read_only') = 'on',
                    current_setting('fsync'), current_setting('full_page_writes'),
                    current_setting('synchronous_commit'),
                    current_setting('synchronous_standby_names') <> ''",
            &[],
        )
        .await?;
    let version: i32 = row.get(0);
    if version < OLDEST {
        return Err(Unfit::Old(row.get(1)).into());
    }
    let encoding: String = row.get(2);
    if encoding != "UTF8" {
        return Err(Unfit::Encoding(encoding).into());
    }
    if row.get(3) {
        return Err(Unfit::Standby.into());
    }
    if row.get(4) {
        return Err(Unfit::ReadOnly.into());
    }
    let synchronous: String = row.get(7);
    let (has_standbys, local): (bool, bool) = (row.get(8), synchronous == "local");
    for (setting, value, wanted, bad) in [
        ("fsync", row.get::<_, String>(5), "on", "off"),
        ("full_page_writes", row.get(6), "on", "off"),
        ("synchronous_commit", synchronous, "on", "off"),
    ] {
        if value == bad || (setting == "synchronous_commit" && local && has_standbys) {
            return Err(Unfit::NotDurable {
                setting,
                value,
                wanted,
            }
            .into());
        }
    }
    Ok(())
}
