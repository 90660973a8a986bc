//! A standby takes over, with everything or without the end of it.

use std::sync::Arc;

use countersign_cluster::{Own, Pair, connect};
use countersign_domain::{Actor, Command, Duration, OperatorVia, Role};
use countersign_store::{
    LeaseEpoch, LeaseError, NewLease, Position, Store,
    conformance::{Live, ManualClock, World, request},
};
use countersign_store_postgres::{
    Incomplete, NothingLost, OpenError, PostgresStore, Standing, Status, Time,
};
use tokio::time::timeout;

/// A test that waits this long has failed.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

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
    let said = async {
        loop {
            let refused = renewed(world, lease).await.expect_err("it is refused");
            let why = refused.to_string();
            if why.contains("served") || why.contains("started again") {
                return why;
            }
        }
    };
    timeout(PATIENCE, said).await.expect("a reason")
}

/// Until a process goes on.
async fn goes_on(world: &World<PostgresStore>, lease: LeaseEpoch) {
    let renews = async { while renewed(world, lease).await.is_err() {} };
    timeout(PATIENCE, renews)
        .await
        .expect("the lease is renewed");
}

async fn revoke(world: &World<PostgresStore>, live: Live) {
    let boss = Actor::Admin {
        id: live.boss,
        via: None,
    };
    world.run(boss, Command::Revoke { case: live.case }).await;
}

/// A7: behind a synchronous standby nothing is missing. It is gone on from once an operator has spoken for
/// it and every process that was serving has looked, and not before.
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
    assert!(
        matches!(&starting, Incomplete::Elsewhere { standing, .. } if *standing == Standing::NotTakenOver),
        "{starting}"
    );
    // Those who look show nothing of what others were told, who may be gone.
    for (process, lease) in [(&one, first), (&other, second)] {
        let why = reason(process, lease).await;
        assert!(why.contains("database take-over"), "{why}");
    }
    let refused = one.store.record(first, &[request(live.session)]).await;
    assert!(refused.is_err(), "nothing is recorded meanwhile");
    let bare = connect(&pair.second.address("postgres")).await;
    let bypassed = bare.batch_execute("UPDATE meta SET head = head + 1").await;
    assert!(
        bypassed.is_err(),
        "not by a program that does not look, either"
    );

    let spoken = taken_over(&pair).await.expect("the word is taken");
    let looked = Standing::Awaited {
        confirmed: 2,
        awaited: 0,
    };
    assert!(
        matches!(spoken.incomplete(), Some(Incomplete::Elsewhere { standing, .. }) if standing == looked),
        "{spoken:?}"
    );
    goes_on(&other, second).await;
    goes_on(&one, first).await;
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

/// An operator's word on the second server.
async fn taken_over(pair: &Pair) -> Result<Status, OpenError> {
    let address = pair.second.address("postgres");
    PostgresStore::take_over(&address.parse().expect("an address"), None).await
}

async fn accepting(address: &str) -> Result<PostgresStore, NothingLost> {
    let address = address.parse().expect("an address");
    PostgresStore::open_after_loss(
        &address,
        None,
        Time::Given(Arc::<ManualClock>::default()),
        false,
    )
    .await
    .expect("the database opens")
}

/// Where commits did not wait for every standby, the one that was promoted may not have been waited for, and
/// whoever remembers what it lacks may be gone: nobody's word is taken, and a person accepts the loss.
#[tokio::test]
async fn what_cannot_be_shown_is_accepted_by_a_person() {
    for (name, waits) in [("none", ""), ("any", "ANY 1 (standby, another)")] {
        let pair = Pair::new(name, false).await;
        pair.wait_for(waits).await;
        let one = process(&pair).await;
        let lease = one.lease().await;
        renewed(&one, lease).await.expect("a lease");
        pair.caught_up().await;
        pair.take_over();
        let why = reason(&one, lease).await;
        assert!(why.contains("did not wait for every standby"), "{why}");
        assert!(taken_over(&pair).await.is_err());
        accepting(&pair.second.address("postgres"))
            .await
            .expect("it may have lost something")
            .accept_loss()
            .await
            .expect("it is accepted");
        open(&pair, Arc::default()).await.expect("new ones start");
    }
}

/// A process that never looks, because it died with the server, is waited for.
#[tokio::test]
async fn a_process_that_does_not_look_is_waited_for() {
    let pair = Pair::new("nobody", true).await;
    let gone = process(&pair).await;
    let lease = gone.lease().await;
    renewed(&gone, lease).await.expect("a lease");
    gone.store.close().await;
    pair.take_over();
    taken_over(&pair).await.expect("the word is taken");
    let awaited = Standing::Awaited {
        confirmed: 0,
        awaited: 1,
    };
    let refused = refused(&pair).await;
    assert!(
        matches!(&refused, Incomplete::Elsewhere { standing, .. } if *standing == awaited),
        "{refused}"
    );
}

/// A7: an older copy of a server's own files is the same server. Whoever remembers notices, however much
/// has been written on it since; when nobody does, an operator says that it was restored.
#[tokio::test]
async fn another_history_is_noticed_although_it_is_as_long() {
    let server = Own::new("forked", "");
    let address = server.address("postgres");
    let parsed = address.parse().expect("an address");
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&parsed, None, Time::Given(Arc::clone(&clock) as _)).await;
    let world = World::over(store.expect("it opens"), clock);
    let live = world.live().await;
    let lease = world.lease().await;
    world.request(lease, live.session).await;
    let client = connect(&address).await;
    for fork in [
        "UPDATE events SET at = at + 1 WHERE position = (SELECT head FROM meta)",
        "UPDATE entries SET at = at + 1
         WHERE idx = (SELECT g.next - 1 FROM logs g WHERE g.org = entries.org)",
    ] {
        for statement in [
            "SET session_replication_role = replica",
            fork,
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
             WHERE pid <> pg_backend_pid() AND datname = current_database()",
        ] {
            client.batch_execute(statement).await.expect(statement);
        }
        let why = reason(&world, lease).await;
        assert!(why.contains("was acknowledged"), "{fork}: {why}");
        let back = fork.replace("+ 1", "- 1");
        for statement in [back.as_str(), "UPDATE meta SET missing = NULL"] {
            client.batch_execute(statement).await.expect(statement);
        }
        goes_on(&world, lease).await;
    }

    assert_eq!(accepting(&address).await.err(), Some(NothingLost));
    let clock = Time::Given(Arc::<ManualClock>::default());
    let known = PostgresStore::open_after_loss(&parsed, None, clock, true).await;
    let known = known.expect("it opens").expect("it was restored");
    known.accept_loss().await.expect("it is accepted");
    // Whoever ran before has lost its lease, and gets no other: what it knows may have been lost.
    let lost = renewed(&world, lease).await;
    assert!(matches!(lost, Err(LeaseError::Lost)), "{lost:?}");
    let again = world.store.acquire_lease(NewLease {
        process: lease.process,
        duration: Duration::from_secs(10),
        replaces: Some(lease.epoch),
    });
    let refused = again.await.expect_err("it has to be started again");
    assert!(refused.to_string().contains("started again"), "{refused}");
    world.store.outdated().await;
}
