//! What is looked at when the database is opened, and what is said when it will not do.

use std::{path::Path, sync::Arc};

use countersign_cluster::{Own, connect};
use countersign_store::conformance::{ManualClock, World};
use countersign_store_postgres::{OpenError, PostgresStore, Time, Unfit};

use crate::scratch::Scratch;

async fn open(address: &str) -> Result<PostgresStore, OpenError> {
    let clock = Arc::new(ManualClock::default());
    let address = address.parse().expect("an address");
    PostgresStore::open(&address, None, Time::Given(clock)).await
}

async fn refused(address: &str) -> OpenError {
    open(address).await.expect_err("it is refused")
}

/// Runs statements on a test's database.
async fn set(scratch: &Scratch, statements: &[String]) {
    let client = connect(&scratch.address()).await;
    for statement in statements {
        client.batch_execute(statement).await.expect(statement);
    }
}

fn not_durable(refused: &OpenError, wanted: &str) {
    let OpenError::Unfit(Unfit::NotDurable { setting, value, .. }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((*setting, value.as_str()), (wanted, "off"));
}

/// A7: a database that may lose what it has acknowledged is refused, by name of the setting.
#[tokio::test]
async fn a_database_that_forgets_is_refused() {
    let scratch = Scratch::new().await;
    let name = scratch.name();
    let alter = format!("ALTER DATABASE {name}");
    set(&scratch, &[format!("{alter} SET synchronous_commit = off")]).await;
    not_durable(&refused(&scratch.address()).await, "synchronous_commit");
    set(&scratch, &[format!("{alter} RESET synchronous_commit")]).await;
    set(
        &scratch,
        &[format!("{alter} SET default_transaction_read_only = on")],
    )
    .await;
    let read_only = refused(&scratch.address()).await;
    assert!(
        matches!(read_only, OpenError::Unfit(Unfit::ReadOnly)),
        "{read_only}"
    );
    let here = "SET default_transaction_read_only = off".to_owned();
    set(&scratch, &[here, format!("{alter} RESET ALL")]).await;
    open(&scratch.address()).await.expect("it is fit again");

    for setting in ["fsync", "full_page_writes"] {
        let server = Own::new(setting, &format!("-c {setting}=off"));
        not_durable(&refused(&server.address("postgres")).await, setting);
    }
}

#[tokio::test]
async fn a_database_in_another_encoding_is_refused() {
    let scratch = Scratch::new().await;
    let name = format!("{}_latin", scratch.name());
    let drop = format!("DROP DATABASE IF EXISTS {name}");
    let create = format!("CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0");
    set(&scratch, &[drop.clone(), create]).await;
    let refused = refused(&scratch.beside(&name)).await;
    assert!(
        matches!(&refused, OpenError::Unfit(Unfit::Encoding(found)) if found == "LATIN1"),
        "{refused}"
    );
    set(&scratch, &[drop]).await;
}

/// A schema of a newer version, or of a build whose migrations were others, is not touched.
#[tokio::test]
async fn a_schema_of_another_version_is_refused() {
    let scratch = Scratch::new().await;
    drop(open(&scratch.address()).await.expect("a new schema"));
    open(&scratch.address()).await.expect("the same schema");
    let add = "INSERT INTO countersign_schema VALUES (999, '')".to_owned();
    set(&scratch, &[add]).await;
    let newer = refused(&scratch.address()).await.to_string();
    assert!(
        newer.contains("migration 999") && newer.contains("newer"),
        "{newer}"
    );
    let remove = "DELETE FROM countersign_schema WHERE version = 999".to_owned();
    let alter = "UPDATE countersign_schema SET checksum = '' WHERE version = 2".to_owned();
    set(&scratch, &[remove, alter]).await;
    let altered = refused(&scratch.address()).await.to_string();
    assert!(altered.contains("migration 2"), "{altered}");
}

/// Several that start at once on a new database migrate it once.
#[tokio::test]
async fn those_that_start_at_once_migrate_once() {
    let scratch = Scratch::new().await;
    let address = scratch.address();
    let opened = tokio::join!(
        open(&address),
        open(&address),
        open(&address),
        open(&address)
    );
    let opened = [opened.0, opened.1, opened.2, opened.3];
    for one in opened {
        one.expect("it waits for the one that migrates");
    }
}

#[tokio::test]
async fn an_address_without_a_database_is_told_so() {
    let scratch = Scratch::new().await;
    let missing = refused(&scratch.beside("nothing_here")).await.to_string();
    assert!(
        missing.contains("\"nothing_here\" does not exist"),
        "{missing}"
    );
    let nowhere = Path::new("/nonexistent")
        .display()
        .to_string()
        .replace('/', "%2F");
    let nobody = refused(&format!("postgres://me@{nowhere}/x"))
        .await
        .to_string();
    assert!(
        nobody.contains("cannot connect") && nobody.contains("No such file"),
        "{nobody}"
    );
}

/// The rights that docs/operators.md gives to the user that serves are enough, and not enough to change
/// the schema or what stands on the log.
#[tokio::test]
async fn the_least_rights_are_enough_to_serve() {
    let scratch = Scratch::new().await;
    let role = format!("serves_{}", scratch.name());
    let guide = include_str!("../../../../docs/operators.md");
    let rights: String = guide
        .lines()
        .skip_while(|line| !line.contains("GRANT USAGE ON SCHEMA"))
        .take_while(|line| !line.is_empty())
        .map(|line| line.replace("countersign_serve", &role) + "\n")
        .collect();
    assert!(rights.contains("GRANT"), "the guide says which rights");
    let forget = format!(
        "DO $$ BEGIN
             IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN
                 EXECUTE 'DROP OWNED BY {role}';
             END IF;
         END $$;
         DROP ROLE IF EXISTS {role}"
    );
    set(
        &scratch,
        &[forget.clone(), format!("CREATE ROLE {role} LOGIN")],
    )
    .await;
    let address = scratch
        .address()
        .replace("postgres://countersign@", &format!("postgres://{role}@"));

    let early = refused(&address).await.to_string();
    assert!(early.contains("this user may not"), "{early}");
    drop(open(&scratch.address()).await.expect("the owner migrates"));
    set(&scratch, &[rights]).await;

    let store = open(&address).await.expect("it serves");
    let world = World::over(store, Arc::new(ManualClock::default()));
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    assert!(!world.log(live.org).await.is_empty());
    let client = connect(&address).await;
    for forbidden in [
        "DELETE FROM entries",
        "UPDATE events SET body = ''",
        "TRUNCATE entries",
        "DROP TRIGGER entries_gapless ON entries",
        "CREATE TABLE more (x int)",
        "UPDATE countersign_schema SET version = 1",
    ] {
        let error = client.batch_execute(forbidden).await.expect_err(forbidden);
        let code = error.code().expect("the server refuses").code();
        assert_eq!(code, "42501", "{forbidden}");
    }
    drop((client, world));
    set(&scratch, &[forget]).await;
}

/// Whoever may do anything cannot change an event or an entry by a slip.
#[tokio::test]
async fn what_is_recorded_does_not_change() {
    let scratch = Scratch::new().await;
    let clock = Arc::new(ManualClock::default());
    let world = World::over(open(&scratch.address()).await.expect("it opens"), clock);
    let org = world.org().await;
    let before = world.log(org).await;
    let client = connect(&scratch.address()).await;
    for (statement, said) in [
        ("UPDATE events SET body = '{}'", "append-only"),
        ("DELETE FROM events", "append-only"),
        ("TRUNCATE events", "append-only"),
        ("UPDATE entries SET encoded = ''", "append-only"),
        ("DELETE FROM entries", "append-only"),
        ("TRUNCATE entries", "append-only"),
        (
            "INSERT INTO events SELECT position + 9, at, 'x', 1, type, takes_away, actor, body FROM events LIMIT 1",
            "next position",
        ),
        (
            "INSERT INTO entries SELECT org, idx + 9, at, type, leaf_hash, encoded FROM entries",
            "next index",
        ),
    ] {
        let error = client.batch_execute(statement).await.expect_err(statement);
        let message = error.as_db_error().expect("the server refuses").message();
        assert!(message.contains(said), "{statement}: {message}");
    }
    assert_eq!(world.log(org).await, before);
}
