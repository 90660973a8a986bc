//! What the file itself promises: append-only, private, migrated once, shared.

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use countersign_store::{
    Position, Store,
    conformance::{Backend, ManualClock, World},
};
use countersign_store_sqlite::{OpenError, SqliteStore};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::scratch::Scratch;

pub(crate) async fn raw(scratch: &Scratch) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(scratch.path());
    SqliteConnection::connect_with(&options)
        .await
        .expect("a connection")
}

async fn refused(connection: &mut SqliteConnection, sql: &'static str, why: &str) {
    let error = sqlx::query(sql)
        .execute(connection)
        .await
        .expect_err("the log is append-only");
    assert!(error.to_string().contains(why), "{sql}: {error}");
}

/// Whoever writes to the file, events and entries are only ever added, at their next place.
#[tokio::test]
async fn events_and_entries_are_append_only() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let before = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let log = world.log(live.org).await;
    let mut connection = raw(&scratch).await;
    let only = "append";
    for sql in [
        "UPDATE events SET body = '{}' WHERE position = 1",
        "DELETE FROM events",
        "DELETE FROM events WHERE position = (SELECT max(position) FROM events)",
        "INSERT INTO events SELECT position + 100, at, stream, version + 100, type, takes_away,
             actor, body, client FROM events WHERE position = 1",
        "INSERT OR REPLACE INTO events SELECT position, at, stream, version, type, takes_away,
             actor, '{}', client FROM events WHERE position = 1",
        "INSERT OR REPLACE INTO events SELECT (SELECT max(position) + 1 FROM events), at, stream,
             version, type, takes_away, actor, '{}', client FROM events WHERE position = 1",
        "UPDATE entries SET encoded = x'00'",
        "DELETE FROM entries",
        "DELETE FROM entries WHERE idx = (SELECT max(idx) FROM entries)",
        "INSERT INTO entries SELECT org, idx + 100, at, type, leaf_hash, encoded FROM entries
             WHERE idx = 0",
        "INSERT OR REPLACE INTO entries SELECT org, idx, at, type, leaf_hash, x'00' FROM entries
             WHERE idx = 0",
        "INSERT INTO entries SELECT org, idx, at, type, leaf_hash, x'00' FROM entries
             WHERE idx = 0 ON CONFLICT DO UPDATE SET encoded = excluded.encoded",
    ] {
        refused(&mut connection, sql, only).await;
    }
    assert_eq!(
        world.store.tail(Position(0), 1_000).await.expect("a tail"),
        before
    );
    assert_eq!(world.log(live.org).await, log);
}

/// Nobody else on the machine reads it, nor its write-ahead log.
#[tokio::test]
async fn the_file_is_private() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    world.org().await;
    let path = scratch.path();
    let mode = |path: &std::path::Path| {
        let metadata = fs::metadata(path).expect("it is there");
        metadata.permissions().mode() & 0o777
    };
    assert_eq!(mode(path.parent().expect("a directory")), 0o700);
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&path.with_extension("db-wal")), 0o600);
}

/// Handles that open a new file at the same moment migrate it once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_file_may_be_opened_by_several_at_once() {
    let scratch = Scratch::new();
    let opening: Vec<_> = (0..8)
        .map(|_| {
            let path = scratch.path();
            let clock = Arc::new(ManualClock::default());
            tokio::spawn(async move { SqliteStore::open(path, clock).await })
        })
        .collect();
    for handle in opening {
        let store = handle.await.expect("it ends").expect("it opens");
        assert_eq!(store.head().await.expect("a head"), Position(0));
    }
}

/// A file that a newer version has migrated is left alone, and the person is told.
#[tokio::test]
async fn a_newer_schema_is_refused() {
    let scratch = Scratch::new();
    let clock = Arc::new(ManualClock::default());
    scratch.open(Arc::clone(&clock)).await.close().await;
    let mut connection = raw(&scratch).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', TRUE, x'00', 0)",
    )
    .execute(&mut connection)
    .await
    .expect("a row");
    connection.close().await.expect("it closes");
    let refused = SqliteStore::open(scratch.path(), clock).await;
    let error = refused.expect_err("it is newer");
    assert!(matches!(error, OpenError::Newer(9999)), "{error}");
    assert!(error.to_string().contains("9999"));
}

/// What cannot be a database is said to be none.
#[tokio::test]
async fn another_file_is_refused() {
    let scratch = Scratch::new();
    let path = scratch.path();
    fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
    fs::write(&path, "this is a letter to a friend, and no database").expect("a file");
    let refused = SqliteStore::open(&path, Arc::new(ManualClock::default())).await;
    assert!(
        matches!(refused, Err(OpenError::Database(_))),
        "{refused:?}"
    );
    let below = path.join("data.db");
    let refused = SqliteStore::open(&below, Arc::new(ManualClock::default())).await;
    assert!(
        matches!(refused, Err(OpenError::Create { .. })),
        "{refused:?}"
    );
}

/// A write that waits for another process's transaction goes through when that ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_waits_for_another_process() {
    let scratch = Scratch::new();
    let world = Arc::new(World::new(&scratch).await);
    let mut connection = raw(&scratch).await;
    sqlx::query("BEGIN IMMEDIATE")
        .execute(&mut connection)
        .await
        .expect("the lock");
    let writer = {
        let world = Arc::clone(&world);
        tokio::spawn(async move { world.org().await })
    };
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert!(!writer.is_finished());
    assert_eq!(
        world.store.head().await.expect("reading goes on"),
        Position(0)
    );
    sqlx::query("ROLLBACK")
        .execute(&mut connection)
        .await
        .expect("the lock is given up");
    writer.await.expect("it goes through");
    assert_eq!(world.store.head().await.expect("a head"), Position(2));
}
