//! The schema, brought forward at start. Migrations only go forward, are embedded in the program,
//! and leave what an older process that is still running uses as it is.

use sha2::{Digest, Sha256};
use tokio_postgres::error::SqlState;

use crate::{connection::Connection, fault::Fault};

struct Migration {
    version: i64,
    sql: &'static str,
}

const MIGRATIONS: [Migration; 16] = [
    Migration {
        version: 1,
        sql: include_str!("../migrations/0001_the_log_and_its_projections.sql"),
    },
    Migration {
        version: 2,
        sql: include_str!("../migrations/0002_recording.sql"),
    },
    Migration {
        version: 3,
        sql: include_str!("../migrations/0003_history.sql"),
    },
    Migration {
        version: 4,
        sql: include_str!("../migrations/0004_whole.sql"),
    },
    Migration {
        version: 5,
        sql: include_str!("../migrations/0005_renewing_beside_revocations.sql"),
    },
    Migration {
        version: 6,
        sql: include_str!("../migrations/0006_acknowledging.sql"),
    },
    Migration {
        version: 7,
        sql: include_str!("../migrations/0007_whom_a_row_concerns_and_what_it_was.sql"),
    },
    Migration {
        version: 8,
        sql: include_str!("../migrations/0008_less_to_do_for_each_batch.sql"),
    },
    Migration {
        version: 9,
        sql: include_str!("../migrations/0009_host_names_of_orgs.sql"),
    },
    Migration {
        version: 10,
        sql: include_str!("../migrations/0010_deployment.sql"),
    },
    Migration {
        version: 11,
        sql: include_str!("../migrations/0011_service_clients.sql"),
    },
    Migration {
        version: 12,
        sql: include_str!("../migrations/0012_where_calls_came_from.sql"),
    },
    Migration {
        version: 13,
        sql: include_str!("../migrations/0013_openid_providers.sql"),
    },
    Migration {
        version: 14,
        sql: include_str!("../migrations/0014_what_a_directory_says.sql"),
    },
    Migration {
        version: 15,
        sql: include_str!("../migrations/0015_staff.sql"),
    },
    Migration {
        version: 16,
        sql: include_str!("../migrations/0016_kinds_of_ceremonies.sql"),
    },
];

/// Why the schema is not the one that this program knows.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// A newer version of the program has been here.
    #[error(
        "the database has migration {0}, which this version does not know: run the newer version"
    )]
    Newer(i64),
    /// A migration was applied that is not the one of that number here.
    #[error(
        "migration {0} in the database is not the one of this program: it was made by another build"
    )]
    Altered(i64),
    /// Migrating takes rights that serving does not.
    #[error(
        "the database has to be migrated to version {to}, and this user may not: start the program once \
         as the owner of the schema ({reason})"
    )]
    NotAllowed {
        /// The version it has to reach.
        to: i64,
        /// What the server said.
        reason: String,
    },
    /// It failed.
    #[error("the database cannot be migrated: {0}")]
    Failed(String),
}

impl From<Fault> for MigrateError {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault.to_string())
    }
}

/// Brings the schema forward. A schema that is up to date takes no lock and no right to change it.
pub(crate) async fn migrate(connection: &Connection) -> Result<(), MigrateError> {
    if pending(connection).await?.is_empty() {
        return Ok(());
    }
    // Whoever else starts now waits here, and finds nothing left to do.
    connection
        .batch("BEGIN; SELECT pg_advisory_xact_lock(4851247380219)")
        .await?;
    match apply(connection).await {
        Ok(()) => Ok(connection.batch("COMMIT").await?),
        Err(error) => {
            connection.batch("ROLLBACK").await?;
            Err(error)
        }
    }
}

async fn apply(connection: &Connection) -> Result<(), MigrateError> {
    let refused = |fault: Fault| {
        // No schema that this user may look into is none at all to it.
        let denied = [
            SqlState::INSUFFICIENT_PRIVILEGE,
            SqlState::INVALID_SCHEMA_NAME,
        ];
        match fault.said() {
            Some(said) if denied.contains(said.code()) => MigrateError::NotAllowed {
                to: MIGRATIONS.iter().map(|one| one.version).max().unwrap_or(0),
                reason: said.message().to_owned(),
            },
            _ => fault.into(),
        }
    };
    let pending = pending(connection).await?;
    if pending.len() == MIGRATIONS.len() {
        connection
            .batch(
                "CREATE TABLE countersign_schema (
                     version    bigint PRIMARY KEY,
                     checksum   bytea NOT NULL,
                     applied_at timestamptz NOT NULL DEFAULT now())",
            )
            .await
            .map_err(refused)?;
    }
    for migration in pending {
        connection.batch(migration.sql).await.map_err(refused)?;
        connection
            .execute(
                "INSERT INTO countersign_schema (version, checksum) VALUES ($1, $2)",
                &[&migration.version, &checksum(migration)],
            )
            .await?;
        tracing::info!(version = migration.version, "migrated the database");
    }
    Ok(())
}

/// What has not been applied yet.
async fn pending(connection: &Connection) -> Result<Vec<&'static Migration>, MigrateError> {
    let exists: bool = connection
        .row("SELECT to_regclass('countersign_schema') IS NOT NULL", &[])
        .await?
        .get(0);
    if !exists {
        return Ok(MIGRATIONS.iter().collect());
    }
    let applied = connection
        .rows(
            "SELECT version, checksum FROM countersign_schema ORDER BY version",
            &[],
        )
        .await?;
    for row in &applied {
        let version: i64 = row.get(0);
        let Some(known) = MIGRATIONS.iter().find(|one| one.version == version) else {
            return Err(MigrateError::Newer(version));
        };
        if row.get::<_, &[u8]>(1) != checksum(known) {
            return Err(MigrateError::Altered(version));
        }
    }
    let is_applied = |version: i64| applied.iter().any(|row| row.get::<_, i64>(0) == version);
    Ok(MIGRATIONS
        .iter()
        .filter(|one| !is_applied(one.version))
        .collect())
}

fn checksum(migration: &Migration) -> Vec<u8> {
    Sha256::digest(migration.sql).to_vec()
}
