//! `countersign database`: whether anything is missing, and going on without it.

use std::sync::Arc;

use countersign_app::Settings;
use countersign_domain::Timestamp;
use countersign_store::Store;
use countersign_store_postgres::{Address, PostgresStore, Status, Time};
use serde_json::json;

use super::{Failed, Output, args::DatabaseCommand, run::rfc3339};
use crate::{
    config::{self, Database},
    ports::WallClock,
    wiring::{self, OPERATOR},
};

/// Runs one.
pub(crate) async fn run(
    command: DatabaseCommand,
    database: Option<&str>,
    output: Output,
) -> Result<(), Failed> {
    let of_file = config::file_of_environment()?.database;
    match (command, config::database(database.or(of_file.as_deref()))?) {
        (DatabaseCommand::Status, Database::Postgres(address)) => status(&address, output).await,
        (DatabaseCommand::TakeOver, Database::Postgres(address)) => {
            let tls = wiring::database_tls(&address)?;
            let status = PostgresStore::take_over(&address, tls).await;
            tell(&status.map_err(|error| wiring::of_server(&error, &address))?, output);
            Ok(())
        }
        (DatabaseCommand::AcceptLoss { restored }, Database::Postgres(address)) => {
            accept(&address, restored, output).await
        }
        (_, Database::Sqlite(_)) => Err(Failed::Other(
            "this is for PostgreSQL, where another server can take over. A SQLite file has no other; \
             docs/operators.md says what to do after one was restored from a backup"
                .to_owned(),
        )),
    }
}

async fn status(address: &Address, output: Output) -> Result<(), Failed> {
    let tls = wiring::database_tls(address)?;
    let status = PostgresStore::status_of(address, tls).await;
    tell(
        &status.map_err(|error| wiring::of_server(&error, address))?,
        output,
    );
    Ok(())
}

fn tell(status: &Status, output: Output) {
    let incomplete = status.incomplete().map(|incomplete| incomplete.to_string());
    let answer = json!({
        "complete": incomplete.is_none(),
        "standing": incomplete.unwrap_or_else(|| {
            "as far as any process knows, it holds everything that was acknowledged".to_owned()
        }),
        "server": status.is,
        "history_on": status.was,
        "synchronous_replication": status.synchronous,
        "newest_event": status.head.0,
        "newest_time": rfc3339(Timestamp::from_millis(status.last_at)),
        "losses_accepted": status.losses,
        "processes": processes(status),
    });
    output.object(&answer);
}

fn processes(status: &Status) -> Vec<serde_json::Value> {
    let of = |(process, confirmed): &(String, bool)| json!({"process": process, "found_all_it_remembers": confirmed});
    // A server that nobody took over needs nobody to vouch for it.
    if status.was == status.is && status.missing.is_none() {
        return Vec::new();
    }
    status.processes.iter().map(of).collect()
}

async fn accept(address: &Address, restored: bool, output: Output) -> Result<(), Failed> {
    let tls = wiring::database_tls(address)?;
    let opened = PostgresStore::open_after_loss(address, tls, Time::Server, restored).await;
    let opened = opened
        .map_err(|error| wiring::of_server(&error, address))?
        .map_err(Failed::other)?;
    let postgres = Arc::new(opened);
    let store: Arc<dyn Store> = Arc::clone(&postgres) as _;
    let wall = Arc::new(WallClock::default());
    let node = wiring::observing_node(&store, &wall);
    // It makes no links.
    let settings = Settings::new("http://localhost:8080", "http://gw.localhost:8081");
    let app = wiring::app(&store, node, settings);
    let ended = app.end_all_after_loss(OPERATOR).await?;
    postgres.accept_loss().await.map_err(Failed::other)?;
    store.close().await;
    output.object(&json!({
        "accepted": true,
        "grants_ended": ended,
        "next": "start the serving processes again. What was done last may be undone: look through people, \
                 credentials and teams for who had been deactivated, revoked or removed",
    }));
    Ok(())
}
