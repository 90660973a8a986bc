//! Connections that end in the middle, and a server that comes and goes.

use std::{sync::Arc, time::Duration};

use countersign_cluster::{Own, connect};
use countersign_domain::{Actor, Command};
use countersign_store::{
    AppendError, Fence, Key, LeaseEpoch, LeaseRow, Position, Store, Verdict,
    conformance::{Live, ManualClock, Refused, World, request},
};
use countersign_store_postgres::{PostgresStore, Time};
use tokio::time::{sleep, timeout};
use tokio_postgres::Client;

use crate::scratch::Scratch;

pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn world(address: &str) -> Arc<World<PostgresStore>> {
    let clock = Arc::new(ManualClock::default());
    let parsed = address.parse().expect("an address");
    let store = PostgresStore::open(&parsed, None, Time::Given(Arc::clone(&clock) as _)).await;
    Arc::new(World::over(store.expect("the database opens"), clock))
}

pub(crate) fn boss(live: Live) -> Actor {
    Actor::Admin {
        id: live.boss,
        via: None,
    }
}

/// Waits until a backend of this database waits for what is named, and answers with its number.
async fn waiting(client: &Client, event: &str) -> i32 {
    let found = async {
        loop {
            let rows = client
                .query(
                    "SELECT pid FROM pg_stat_activity
                     WHERE wait_event = $1 AND datname = current_database()",
                    &[&event],
                )
                .await
                .expect("the activity");
            if let Some(row) = rows.first() {
                return row.get(0);
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, found).await.expect("somebody waits")
}

async fn run(client: &Client, statement: &str) {
    client.batch_execute(statement).await.expect(statement);
}

/// How often a revocation stands in the history.
async fn revocations(world: &World<PostgresStore>) -> usize {
    let tail = world.store.tail(Position(0), 1_000).await.expect("a tail");
    let revoked = |event: &countersign_domain::Event| {
        matches!(event, countersign_domain::Event::Revoked { .. })
    };
    tail.iter()
        .filter(|recorded| revoked(&recorded.event))
        .count()
}

/// A connection that is ended while an append waits for its turn has changed nothing, and doing it again
/// works.
#[tokio::test]
async fn a_connection_killed_before_the_commit_has_changed_nothing() {
    let scratch = Scratch::new().await;
    let world = world(&scratch.address()).await;
    let live = world.live().await;
    let client = connect(&scratch.address()).await;
    run(&client, "BEGIN; SELECT 1 FROM meta FOR UPDATE").await;
    let append = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            let revoke = Command::Revoke { case: live.case };
            world.attempt(boss(live), &revoke).await
        }
    });
    let other = connect(&scratch.address()).await;
    let pid = waiting(&other, "transactionid").await;
    run(&other, &format!("SELECT pg_terminate_backend({pid})")).await;
    let refused = append.await.expect("it ends");
    assert!(
        matches!(refused, Err(Refused::Store(AppendError::NotPersisted(_)))),
        "{refused:?}"
    );
    run(&client, "ROLLBACK").await;
    let revoke = Command::Revoke { case: live.case };
    assert_eq!(world.run(boss(live), revoke).await.len(), 2);
    assert_eq!(revocations(&world).await, 1);
}

/// An append that fails at one of the things it writes has its commit on its way already: that is answered, and as
/// what it is. If the connection failed, it is looked for, and not found.
#[tokio::test]
async fn what_fails_ahead_of_its_commit_is_not_committed() {
    let scratch = Scratch::new().await;
    let world = world(&scratch.address()).await;
    let live = world.live().await;
    let head = world.store.head().await.expect("a head");
    let client = connect(&scratch.address()).await;
    let other = connect(&scratch.address()).await;
    for harm in ["pg_cancel_backend", "pg_terminate_backend"] {
        run(&client, "BEGIN; LOCK TABLE entries IN SHARE MODE").await;
        let append = tokio::spawn({
            let world = Arc::clone(&world);
            async move {
                let revoke = Command::Revoke { case: live.case };
                world.attempt(boss(live), &revoke).await
            }
        });
        let pid = waiting(&other, "relation").await;
        run(&other, &format!("SELECT {harm}({pid})")).await;
        let refused = append.await.expect("it ends");
        assert!(
            matches!(refused, Err(Refused::Store(AppendError::NotPersisted(_)))),
            "{harm}: {refused:?}"
        );
        run(&client, "ROLLBACK").await;
        assert_eq!(world.store.head().await.expect("a head"), head, "{harm}");
    }
    let revoke = Command::Revoke { case: live.case };
    assert_eq!(world.run(boss(live), revoke).await.len(), 2);
    assert_eq!(revocations(&world).await, 1);
}

/// Connections that end between two calls are noticed by none of them.
#[tokio::test]
async fn connections_that_end_while_idle_are_replaced() {
    let scratch = Scratch::new().await;
    let world = world(&scratch.address()).await;
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    let client = connect(&scratch.address()).await;
    for _ in 0..3 {
        run(
            &client,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .await;
        world
            .store
            .load(&[Key::Case(live.case)])
            .await
            .expect("a slice");
        world.admin(live.org, countersign_domain::Role::Admin).await;
        // A single statement is not tried twice, so the first may say that the store is unavailable.
        let again = async {
            while world
                .store
                .renew_lease(lease, Position(u64::MAX >> 1))
                .await
                .is_err()
            {
                sleep(Duration::from_millis(10)).await;
            }
            while world
                .store
                .record(lease, &[request(live.session)])
                .await
                .is_err()
            {
                sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, again).await.expect("it comes back");
    }
}

/// A renewal that stood in the queue behind revocations was below the barrier of each by its turn: while
/// one followed another, nobody kept a lease.
#[tokio::test]
async fn a_lease_is_renewed_while_a_revocation_is_under_way() {
    let scratch = Scratch::new().await;
    let world = world(&scratch.address()).await;
    world.live().await;
    let lease = world.lease().await;
    let client = connect(&scratch.address()).await;
    run(&client, "BEGIN; SELECT lock_revocation()").await;
    let head = world.store.head().await.expect("a head");
    let renewed = world.store.renew_lease(lease, head).await;
    renewed.expect("it waits for nobody");
    run(&client, "ROLLBACK").await;
}

/// A server with synchronous replication to a standby that is not there: a commit is made and waits to be
/// confirmed, which is as long as anybody wants between a commit and its answer.
async fn unconfirmed(name: &str) -> (Own, Arc<World<PostgresStore>>, Live, Client) {
    let server = Own::new(name, "");
    let address = server.address("postgres");
    let world = world(&address).await;
    let live = world.live().await;
    let client = without_confirmation(&address).await;
    (server, world, live, client)
}

/// From now on commits wait; those on the connection that this answers with do not.
async fn without_confirmation(address: &str) -> Client {
    let client = connect(address).await;
    run(&client, "SET synchronous_commit = local").await;
    run(
        &client,
        "ALTER SYSTEM SET synchronous_standby_names = 'nobody'",
    )
    .await;
    run(&client, "SELECT pg_reload_conf()").await;
    // The server is told; once one commit waits, all do that come after.
    let other = connect(address).await;
    let touching = tokio::spawn(async move {
        let touch = "UPDATE meta SET last_at = last_at";
        while !other.is_closed() {
            // It is cancelled in the end, and its commit stays.
            if other.batch_execute(touch).await.is_err() {
                return;
            }
        }
    });
    let pid = waiting(&client, "SyncRep").await;
    run(
        &client,
        &format!("SELECT pg_terminate_backend({pid}, 5000)"),
    )
    .await;
    touching.await.expect("it ends");
    client
}

async fn confirm(client: &Client) {
    run(client, "ALTER SYSTEM RESET synchronous_standby_names").await;
    run(client, "SELECT pg_reload_conf()").await;
}

/// An append whose answer was lost is found, and not done twice.
#[tokio::test]
async fn an_append_whose_answer_was_lost_is_found() {
    let (_server, world, live, client) = unconfirmed("lost").await;
    let append = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            let revoke = Command::Revoke { case: live.case };
            world.attempt_once(boss(live), &revoke, &[]).await
        }
    });
    let pid = waiting(&client, "SyncRep").await;
    run(
        &client,
        &format!("SELECT pg_terminate_backend({pid}, 5000)"),
    )
    .await;
    // Now the look for it waits to be confirmed.
    waiting(&client, "SyncRep").await;
    assert!(!append.is_finished(), "nothing is answered yet");
    confirm(&client).await;
    let (events, appended) = append.await.expect("it ends").expect("it is found");
    assert_eq!(events.len(), 2);
    let head = world.store.head().await.expect("a head");
    assert_eq!(appended.map(|appended| appended.position), Some(head));
    assert_eq!(revocations(&world).await, 1);
    let revoke = Command::Revoke { case: live.case };
    assert!(world.run(boss(live), revoke).await.is_empty(), "it is done");
}

/// Where it cannot be looked for either, nobody claims anything; once the server is back it is known.
#[tokio::test]
async fn an_append_that_cannot_be_looked_for_is_left_open() {
    let (server, world, live, client) = unconfirmed("open").await;
    let append = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            let revoke = Command::Revoke { case: live.case };
            world.attempt(boss(live), &revoke).await
        }
    });
    waiting(&client, "SyncRep").await;
    // Loaded when it starts again.
    run(&client, "ALTER SYSTEM RESET synchronous_standby_names").await;
    server.stop();
    let left_open = append.await.expect("it ends");
    assert!(
        matches!(left_open, Err(Refused::Store(AppendError::Unknown(_)))),
        "{left_open:?}"
    );
    assert!(world.store.settle().await.is_err(), "nor is it settled");
    server.start();
    let settled = async { while world.store.settle().await.is_err() {} };
    timeout(PATIENCE, settled).await.expect("it is settled");
    assert_eq!(revocations(&world).await, 1, "it was made");
}

/// What can be read after a wait that was cancelled is not taken for settled before the standby has it.
#[tokio::test]
async fn what_no_standby_has_confirmed_is_not_settled() {
    let (_server, world, live, client) = unconfirmed("unsettled").await;
    let settling = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.store.settle().await }
    });
    waiting(&client, "SyncRep").await;
    assert!(!settling.is_finished());
    confirm(&client).await;
    settling.await.expect("it ends").expect("it is settled");
    world.admin(live.org, countersign_domain::Role::Admin).await;
}

/// A wait for the standby that somebody cancels is answered as a commit by the server, and not by us: a
/// failover may lose it.
#[tokio::test]
async fn a_cancelled_wait_for_the_standby_acknowledges_nothing() {
    let (_server, world, live, client) = unconfirmed("cancelled").await;
    let append = tokio::spawn({
        let world = Arc::clone(&world);
        async move {
            let revoke = Command::Revoke { case: live.case };
            world.attempt_once(boss(live), &revoke, &[]).await
        }
    });
    let first = waiting(&client, "SyncRep").await;
    run(&client, &format!("SELECT pg_cancel_backend({first})")).await;
    let second = async {
        loop {
            let pid = waiting(&client, "SyncRep").await;
            if pid != first {
                return pid;
            }
            sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(PATIENCE, second).await.expect("it is looked for");
    assert!(!append.is_finished(), "nothing is acknowledged");
    confirm(&client).await;
    append
        .await
        .expect("it ends")
        .expect("it is confirmed in the end");
    assert_eq!(revocations(&world).await, 1);
}

/// The same of a batch: its requests do not go upstream, though their entries may stand.
#[tokio::test]
async fn a_batch_that_no_standby_has_confirmed_is_not_recorded() {
    let (_server, world, live, client) = unconfirmed("batch").await;
    // Taking a lease is a commit too.
    let lease = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.lease().await }
    });
    let pid = waiting(&client, "SyncRep").await;
    run(&client, &format!("SELECT pg_cancel_backend({pid})")).await;
    let lease = lease.await.expect("a lease");
    let before = world.log(live.org).await.len();
    let record = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.store.record(lease, &[request(live.session)]).await }
    });
    let pid = waiting(&client, "SyncRep").await;
    run(&client, &format!("SELECT pg_cancel_backend({pid})")).await;
    let refused = record.await.expect("it ends").expect_err("it is refused");
    assert!(refused.0.contains("standby"), "{refused}");
    confirm(&client).await;
    assert_eq!(world.log(live.org).await.len(), before + 1);
}

/// What a process acknowledges is seen by whoever waits for it before the renewal that says it as well is as
/// durable as it has to be.
#[tokio::test]
async fn what_is_acknowledged_waits_for_no_standby() {
    let server = Own::new("acknowledged", "");
    let address = server.address("postgres");
    let world = world(&address).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let before = row(&world, lease).await;
    let revoke = Command::Revoke { case: live.case };
    world.run(boss(live), revoke).await;
    let head = world.store.head().await.expect("a head");
    let client = without_confirmation(&address).await;
    let renewal = tokio::spawn({
        let world = Arc::clone(&world);
        async move { world.store.renew_lease(lease, head).await }
    });
    waiting(&client, "SyncRep").await;
    let seen = row(&world, lease).await;
    assert!(!renewal.is_finished(), "the lease is not longer yet");
    assert_eq!((seen.counter, seen.acknowledged), (before.counter, head));
    confirm(&client).await;
    renewal.await.expect("it ends").expect("it is renewed");
    assert_eq!(row(&world, lease).await.counter, before.counter + 1);
}

pub(crate) async fn row(world: &World<PostgresStore>, lease: LeaseEpoch) -> LeaseRow {
    let leases = world.store.leases().await.expect("leases");
    let found = leases.into_iter().find(|row| row.id == lease);
    found.expect("the lease")
}

/// While the server is away every call says so; when it is back they work, and nothing is lost.
#[tokio::test]
async fn a_server_that_crashes_comes_back_with_everything() {
    let server = Own::new("restart", "");
    let address = server.address("postgres");
    let world = world(&address).await;
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    let log = world.log(live.org).await;
    let keys = [Key::Case(live.case)];
    let state = world.store.load(&keys).await.expect("a slice").state;
    server.stop();
    assert!(world.store.load(&keys).await.is_err());
    assert!(world.store.head().await.is_err());
    assert!(
        world
            .store
            .record(lease, &[request(live.session)])
            .await
            .is_err()
    );
    let revoke = Command::Revoke { case: live.case };
    assert!(world.store.next_case_number().await.is_err());
    server.start();
    let back = async {
        while world.store.head().await.is_err() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, back).await.expect("it comes back");
    assert_eq!(world.store.load(&keys).await.expect("a slice").state, state);
    assert_eq!(world.log(live.org).await, log);
    assert!(matches!(
        world.request(lease, live.session).await,
        Verdict::Recorded { .. }
    ));
    world.run(boss(live), revoke).await;
    assert_eq!(
        world.request(lease, live.session).await,
        Verdict::Fenced(Fence::Over)
    );
}

/// Several processes that append at once and follow the tail see the same, all of it and in order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_follow_one_tail() {
    let scratch = Scratch::new().await;
    let one = world(&scratch.address()).await;
    let org = one.org().await;
    let last = one.store.head().await.expect("a head").0 + 3 * 8;
    let (two, three) = (
        world(&scratch.address()).await,
        world(&scratch.address()).await,
    );
    let worlds = [one, two, three];
    let mut tasks = vec![];
    for (place, world) in worlds.iter().enumerate() {
        // Ids of one world must not meet those of another.
        (0..place * 100_000).for_each(|_| _ = world.number());
        let appends = Arc::clone(world);
        tasks.push(tokio::spawn(async move {
            for _ in 0..8 {
                appends.admin(org, countersign_domain::Role::Admin).await;
            }
            vec![]
        }));
        let follows = Arc::clone(world);
        tasks.push(tokio::spawn(async move {
            let mut seen = vec![];
            while (seen.len() as u64) < last {
                let after = Position(seen.len() as u64);
                let page = follows.store.tail(after, 4).await.expect("a page");
                if page.is_empty() {
                    follows.store.wait_for_more(after).await;
                }
                seen.extend(page);
            }
            seen
        }));
    }
    let mut tails = vec![];
    for task in tasks {
        let seen = timeout(PATIENCE, task)
            .await
            .expect("in time")
            .expect("it ends");
        if !seen.is_empty() {
            tails.push(seen);
        }
    }
    assert_eq!(tails.len(), 3);
    let positions: Vec<u64> = tails[0]
        .iter()
        .map(|recorded| recorded.position.0)
        .collect();
    assert_eq!(positions, (1..=last).collect::<Vec<_>>());
    for tail in &tails {
        let differs = tail.iter().zip(&tails[0]).find(|(one, other)| one != other);
        assert!(differs.is_none(), "{differs:#?}");
    }
}
