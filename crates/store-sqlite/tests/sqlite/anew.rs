//! Files in which what is live was not kept: from before it was, or since an older version of the
//! program has written to them.

use countersign_domain::{Actor, Command};
use countersign_store::{
    AsOf, LivePart, Store,
    conformance::{World, history},
};
use countersign_store_sqlite::SqliteStore;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};

use crate::{file::raw, scratch::Scratch};

async fn live(store: &SqliteStore) -> (Vec<String>, AsOf) {
    let mut parts = Vec::new();
    let mut take = |part: LivePart| parts.push(format!("{part:?}"));
    let as_of = store.live(10_000, &mut take).await.expect("what is live");
    parts.sort();
    (parts, as_of)
}

async fn run(connection: &mut SqliteConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// As the second migration left it and older versions wrote it.
const AS_BEFORE: &str = "
    UPDATE meta SET live_at = 0;
    DELETE FROM unrevoked_grants;
    DELETE FROM session_docs;
    UPDATE sessions SET ended_at = NULL, ended_why = NULL;";

/// Whatever has happened in a file from before, it comes up as if what is live had been kept.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_from_before_comes_up_right() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    history::a_long_one(&world).await;
    let kept = live(&world.store).await;
    let mut connection = raw(&scratch).await;
    run(&mut connection, AS_BEFORE).await;
    let (made, as_of) = live(&world.store).await;
    assert_eq!(as_of, kept.1);
    for (made, kept) in made.iter().zip(&kept.0) {
        assert_eq!(made, kept);
    }
    assert_eq!(made.len(), kept.0.len());
    // And is kept from then on.
    let head: i64 = sqlx::query_scalar("SELECT live_at FROM meta")
        .fetch_one(&mut connection)
        .await
        .expect("a mark");
    assert_eq!(u64::try_from(head), Ok(as_of.position.0));
    connection.close().await.expect("it closes");
}

/// What an older version takes away is not live for whoever starts afterwards, nor after this
/// version has written again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_older_version_wrote_is_noticed() {
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let one = world.live().await;
    let granted = |parts: &[String]| {
        let of_case = format!("Grant {{ case: {}", one.case);
        parts.iter().any(|part| part.starts_with(&of_case))
    };
    assert!(granted(&live(&world.store).await.0));
    let mut connection = raw(&scratch).await;
    run(
        &mut connection,
        "CREATE TABLE mark AS SELECT live_at FROM meta;
         CREATE TABLE grants AS SELECT * FROM unrevoked_grants;
         CREATE TABLE docs AS SELECT * FROM session_docs",
    )
    .await;
    let boss = Actor::Admin {
        id: one.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: one.case }).await;
    world.ask(one.case, one.agent).await;
    run(
        &mut connection,
        "UPDATE meta SET live_at = (SELECT live_at FROM mark);
         DELETE FROM unrevoked_grants;
         INSERT INTO unrevoked_grants SELECT * FROM grants;
         DELETE FROM session_docs;
         INSERT INTO session_docs SELECT * FROM docs;
         UPDATE sessions SET ended_at = NULL, ended_why = NULL",
    )
    .await;
    let two = world.live().await;
    let (parts, as_of) = live(&world.store).await;
    assert_eq!(as_of.position, world.store.head().await.expect("a head"));
    assert!(!granted(&parts));
    let ended = |part: &&String| part.contains(&one.session.to_string());
    let session = parts.iter().find(ended).expect("the session");
    assert!(session.contains("why: GrantRevoked"), "{session}");
    let of_case = format!("Grant {{ case: {}", two.case);
    assert!(parts.iter().any(|part| part.starts_with(&of_case)));
    connection.close().await.expect("it closes");
}
