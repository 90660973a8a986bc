//! A database for one test.

use std::{fs::File, path::Path};

use tokio_postgres::{Client, NoTls};

use crate::Cluster;

/// A database that one test has for itself, empty when it gets it, on the server that it shares with
/// others.
#[derive(Debug)]
pub struct Database {
    cluster: Cluster,
    name: String,
    /// Held as long as it is this test's.
    _own: File,
}

/// Somebody else's connection.
///
/// # Panics
/// When nobody answers there.
pub async fn connect(address: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(address, NoTls)
        .await
        .expect("the server answers");
    tokio::spawn(connection);
    client
}

impl Database {
    /// One on the server of a target directory, which tests name by `env!("CARGO_TARGET_TMPDIR")`.
    ///
    /// # Panics
    /// When there is no server to be had.
    pub async fn fresh(target: &str) -> Self {
        let cluster = Cluster::shared(target);
        let (name, own) = cluster.a_database();
        let server = connect(&cluster.address("postgres")).await;
        let exists = "SELECT 1 FROM pg_database WHERE datname = $1";
        if server
            .query(exists, &[&name])
            .await
            .expect("databases")
            .is_empty()
        {
            let create = format!("CREATE DATABASE {name} TEMPLATE template0");
            server.batch_execute(&create).await.expect("a database");
        } else {
            empty(&connect(&cluster.address(&name)).await, &name).await;
        }
        Self {
            cluster,
            name,
            _own: own,
        }
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        self.cluster.address(&self.name)
    }

    /// Where the server's socket is.
    #[must_use]
    pub fn socket_directory(&self) -> &Path {
        self.cluster.directory()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address of another database on the same server.
    #[must_use]
    pub fn beside(&self, database: &str) -> String {
        self.cluster.address(database)
    }
}

/// Takes away what the last test left: its connections, settings and tables.
async fn empty(client: &Client, name: &str) {
    for statement in [
        "SET default_transaction_read_only = off".to_owned(),
        format!("ALTER DATABASE {name} RESET ALL"),
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid()"
            .to_owned(),
        "DROP SCHEMA public CASCADE".to_owned(),
        "CREATE SCHEMA public".to_owned(),
        "GRANT USAGE ON SCHEMA public TO PUBLIC".to_owned(),
    ] {
        client.batch_execute(&statement).await.expect(&statement);
    }
}
