//! A standby takes over, with everything or without the end of it.

use std::{sync::Arc, time::Duration};

use countersign_cluster::{Own, connect};
use countersign_domain::{Actor, Command, OperatorVia, Role};
use countersign_store::{
    LeaseEpoch, LeaseError, Position, Store,
    conformance::{Live, ManualClock, World, request},
};
use countersign_store_postgres::{
    Incomplete, NothingLost, OpenError, PostgresStore, Standing, Time,
};

use tokio::time::sleep;

/// A server and one that follows it; the address names both.
struct Pair {
    first: Own,
    second: Own,
}

impl Pair {
    async fn new(name: &str, synchronous: bool) -> Self {
        let first = Own::new(name, "");
        let second = Own::following(&first, &format!("{name}-2"));
        let pair = Self { first, second };
        if synchronous {
            pair.wait_for_the_standby("standby").await;
        }
        pair
    }

    /// Which standbys a commit waits for; none for an empty name.
    async fn wait_for_the_standby(&self, name: &str) {
        let client = connect(&self.first.address("postgres")).await;
        for statement in [
            format!("ALTER SYSTEM SET synchronous_standby_names = '{name}'"),
            "SELECT pg_reload_conf()".to_owned(),
        ] {
            client.batch_execute(&statement).await.expect(&statement);
        }
        loop {
            let row = client
                .query_one("SHOW synchronous_standby_names", &[])
                .await;
            if row.expect("a setting").get::<_, &str>(0) == name {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    fn address(&self) -> String {
        self.first.or(&self.second, "postgres")
    }

    async fn process(&self) -> World<PostgresStore> {
        let clock = Arc::new(ManualClock::default());
        let store = self.open(Arc::clone(&clock)).await;
        World::over(store.expect("the database opens"), clock)
    }

    async fn open(&self, clock: Arc<ManualClock>) -> Result<PostgresStore, OpenError> {
        let parsed = self.address().parse().expect("an address");
        PostgresStore::open(&parsed, None, Time::Given(clock)).await
    }

    async fn refused(&self) -> Incomplete {
        match self.open(Arc::default()).await {
            Err(OpenError::Incomplete(incomplete)) => incomplete,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the standby has got as far as the first has.
    async fn caught_up(&self) {
        let first = connect(&self.first.address("postgres")).await;
        loop {
            let row = first
                .query_one(
                    "SELECT count(*) = 1 AND bool_and(replay_lsn = pg_current_wal_lsn())
                     FROM pg_stat_replication",
                    &[],
                )
                .await;
            if row.expect("the standby").get::<_, Option<bool>>(0) == Some(true) {
                return;
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// The first stops as in a crash, and the second is made the one to write to.
    fn take_over(&self) {
        self.first.stop();
        self.second.promote();
    }
}

async fn renewed(world: &World<PostgresStore>, lease: LeaseEpoch) -> Result<(), LeaseError> {
    let all = Position(u64::MAX >> 1);
    world.store.renew_lease(lease, all).await.map(drop)
}

/// Why a process is refused, once it has noticed that its connections are gone.
async fn reason(world: &World<PostgresStore>, lease: LeaseEpoch) -> String {
    loop {
        let refused = renewed(world, lease).await.expect_err("it is refused");
        let why = refused.to_string();
        if why.contains("served") || why.contains("started again") {
            return why;
        }
    }
}

async fn revoke(world: &World<PostgresStore>, live: Live) {
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: live.case }).await;
}

/// A7: behind a synchronous standby nothing is missing. It is gone on from there once every process
/// that was serving has looked, and not before.
#[tokio::test]
async fn a_synchronous_standby_is_gone_on_from_once_everybody_has_looked() {
    let pair = Pair::new("whole", true).await;
    let one = pair.process().await;
    let live = one.live().await;
    let first = one.lease().await;
    let other = pair.process().await;
    let second = other.lease().await;
    one.request(first, live.session).await;
    renewed(&one, first).await.expect("a lease");
    renewed(&other, second).await.expect("a lease");
    let head = one.store.head().await.expect("a head");
    pair.take_over();

    let starting = pair.refused().await;
    let awaited = |confirmed| Standing::Awaited {
        confirmed,
        awaited: 2 - confirmed,
    };
    assert!(
        matches!(&starting, Incomplete::Elsewhere { standing, .. } if *standing == awaited(0)),
        "{starting}"
    );
    let why = reason(&one, first).await;
    assert!(why.contains("1 of the processes"), "{why}");
    let refused = one.store.record(first, &[request(live.session)]).await;
    assert!(refused.is_err(), "nothing is recorded meanwhile");
    let bare = connect(&pair.second.address("postgres")).await;
    let bypassed = bare.batch_execute("UPDATE meta SET head = head + 1").await;
    assert!(
        bypassed.is_err(),
        "not by a program that does not look, either"
    );

    // The other one looks when it reconnects, and finds everything.
    while renewed(&other, second).await.is_err() {}
    renewed(&one, first).await.expect("both go on");
    assert_eq!(one.store.head().await.expect("a head"), head);
    one.request(first, live.session).await;
    revoke(&other, live).await;
    pair.open(Arc::default()).await.expect("new ones start");
}

/// A1, A7: what one process remembers and the new server lacks stops everybody, those who remember
/// nothing of it and those who start as well, until an operator accepts the loss. That ends all access,
/// and whoever ran before has to start again.
#[tokio::test]
async fn a_standby_that_lacks_a_revocation_serves_nobody() {
    let pair = Pair::new("lacking", true).await;
    let one = pair.process().await;
    let live = one.live().await;
    let lease = one.lease().await;
    let other = pair.process().await;
    let second = other.lease().await;
    renewed(&one, lease).await.expect("a lease");
    renewed(&other, second).await.expect("a lease");
    assert_eq!(
        accepting(&pair.first.address("postgres")).await.err(),
        Some(NothingLost)
    );

    // The standby goes away, and an administrator has commits no longer wait for it.
    pair.second.stop();
    pair.wait_for_the_standby("").await;
    revoke(&one, live).await;
    pair.first.stop();
    pair.second.start();
    pair.second.promote();

    let why = reason(&one, lease).await;
    assert!(why.contains("ends at event"), "{why}");
    assert!(matches!(pair.refused().await, Incomplete::Missing(_)));
    let why = reason(&other, second).await;
    assert!(
        why.contains("ends at event"),
        "those who remember less: {why}"
    );

    let accepting = accepting(&pair.second.address("postgres")).await;
    let accepting = World::over(accepting.expect("a loss"), Arc::default());
    let operator = Actor::Operator {
        via: OperatorVia::CommandLine,
    };
    let end = Command::EndAfterLoss { case: live.case };
    assert_eq!(accepting.run(operator, end).await.len(), 2);
    accepting.store.accept_loss().await.expect("it is accepted");

    let again = pair.process().await;
    assert_eq!(again.store.leases().await.expect("leases"), []);
    again.admin(live.org, Role::Admin).await;
    for (process, lease) in [(&one, lease), (&other, second)] {
        let why = renewed(process, lease).await.expect_err("it is over");
        assert!(why.to_string().contains("started again"), "{why}");
        process.store.outdated().await;
    }
}

async fn accepting(address: &str) -> Result<PostgresStore, NothingLost> {
    let address = address.parse().expect("an address");
    PostgresStore::open_after_loss(&address, None, Time::Given(Arc::<ManualClock>::default()))
        .await
        .expect("the database opens")
}

/// Without synchronous replication it cannot be shown that nothing is missing, even when every process
/// finds what it remembers; and whether anything is shown is not asked of nobody.
#[tokio::test]
async fn what_cannot_be_shown_is_accepted_by_a_person() {
    let pair = Pair::new("async", false).await;
    let one = pair.process().await;
    let lease = one.lease().await;
    renewed(&one, lease).await.expect("a lease");
    pair.caught_up().await;
    pair.take_over();
    let why = reason(&one, lease).await;
    assert!(why.contains("did not wait for a standby"), "{why}");
    accepting(&pair.second.address("postgres"))
        .await
        .expect("it may have lost something")
        .accept_loss()
        .await
        .expect("it is accepted");
    pair.open(Arc::default()).await.expect("new ones start");

    let pair = Pair::new("nobody", true).await;
    pair.process().await.lease().await;
    pair.take_over();
    let awaited = Standing::Awaited {
        confirmed: 0,
        awaited: 1,
    };
    let nobody = pair.refused().await;
    assert!(
        matches!(&nobody, Incomplete::Elsewhere { standing, .. } if *standing == awaited),
        "{nobody}"
    );
}
