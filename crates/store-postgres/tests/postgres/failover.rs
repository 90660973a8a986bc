//! A standby takes over, with everything or without the end of it.

use std::sync::Arc;

use countersign_cluster::{Pair, connect};
use countersign_domain::{Actor, Command, OperatorVia, Role};
use countersign_store::{
    LeaseEpoch, LeaseError, Position, Store,
    conformance::{Live, ManualClock, World, request},
};
use countersign_store_postgres::{
    Incomplete, NothingLost, OpenError, PostgresStore, Standing, Time,
};

async fn process(pair: &Pair) -> World<PostgresStore> {
    let clock = Arc::new(ManualClock::default());
    let store = open(pair, Arc::clone(&clock)).await;
    World::over(store.expect("the database opens"), clock)
}

async fn open(pair: &Pair, clock: Arc<ManualClock>) -> Result<PostgresStore, OpenError> {
    let parsed = pair.address().parse().expect("an address");
    PostgresStore::open(&parsed, None, Time::Given(clock)).await
}

async fn refused(pair: &Pair) -> Incomplete {
    match open(pair, Arc::default()).await {
        Err(OpenError::Incomplete(incomplete)) => incomplete,
        other => panic!("{other:?}"),
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
    let one = process(&pair).await;
    let live = one.live().await;
    let first = one.lease().await;
    let other = process(&pair).await;
    let second = other.lease().await;
    one.request(first, live.session).await;
    renewed(&one, first).await.expect("a lease");
    renewed(&other, second).await.expect("a lease");
    let head = one.store.head().await.expect("a head");
    pair.take_over();

    let starting = refused(&pair).await;
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
    open(&pair, Arc::default()).await.expect("new ones start");
}

/// A1, A7: what one process remembers and the new server lacks stops everybody, those who remember
/// nothing of it and those who start as well, until an operator accepts the loss. That ends all access,
/// and whoever ran before has to start again.
#[tokio::test]
async fn a_standby_that_lacks_a_revocation_serves_nobody() {
    let pair = Pair::new("lacking", true).await;
    let one = process(&pair).await;
    let live = one.live().await;
    let lease = one.lease().await;
    let other = process(&pair).await;
    let second = other.lease().await;
    renewed(&one, lease).await.expect("a lease");
    renewed(&other, second).await.expect("a lease");
    assert_eq!(
        accepting(&pair.first.address("postgres")).await.err(),
        Some(NothingLost)
    );

    pair.go_on_without_standby().await;
    revoke(&one, live).await;
    pair.take_over_from_behind();

    let why = reason(&one, lease).await;
    assert!(why.contains("ends at event"), "{why}");
    assert!(matches!(refused(&pair).await, Incomplete::Missing(_)));
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

    let again = process(&pair).await;
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
    let one = process(&pair).await;
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
    open(&pair, Arc::default()).await.expect("new ones start");

    let pair = Pair::new("nobody", true).await;
    process(&pair).await.lease().await;
    pair.take_over();
    let awaited = Standing::Awaited {
        confirmed: 0,
        awaited: 1,
    };
    let nobody = refused(&pair).await;
    assert!(
        matches!(&nobody, Incomplete::Elsewhere { standing, .. } if *standing == awaited),
        "{nobody}"
    );
}
