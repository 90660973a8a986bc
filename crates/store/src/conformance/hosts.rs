//! Host names that are one org's alone.

use std::sync::Arc;

use countersign_domain::{Command, HostName, OrgId};

use super::{
    Backend, World,
    world::{OPERATOR, Refused, good},
};
use crate::{AppendError, Key, Store, Unique};

fn host(name: &str) -> HostName {
    good(HostName::parse(name))
}

fn set(org: OrgId, names: &[&str]) -> Command {
    Command::SetHosts {
        org,
        hosts: names.iter().map(|name| host(name)).collect(),
    }
}

/// The org that a name leads to.
async fn leads_to<S: Store>(store: &S, name: &str) -> Option<OrgId> {
    let slice = store.load(&[Key::Host(host(name))]).await.expect("a slice");
    slice.state.orgs().next().map(|org| org.id)
}

fn is_taken<T>(result: &Result<T, Refused>) -> bool {
    matches!(
        result,
        Err(Refused::Store(AppendError::Taken(Unique::Host)))
    )
}

/// A name leads to the org that has it, which another gets only once that has it no more; what is taken in
/// one is refused whole.
pub async fn a_host_name_is_one_orgs_alone<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (acme, globex) = (world.org().await, world.org().await);
    let (a, b, c) = ("a.example.com", "b.example.com", "c.example.com");
    world.run(OPERATOR, set(acme, &[a, b])).await;
    assert_eq!(leads_to(&world.store, a).await, Some(acme));
    assert_eq!(leads_to(&world.store, b).await, Some(acme));
    assert_eq!(leads_to(&world.store, c).await, None);

    let refused = world.attempt(OPERATOR, &set(globex, &[c, b])).await;
    assert!(is_taken(&refused), "{refused:?}");
    assert_eq!(leads_to(&world.store, c).await, None);

    // Its own names are no obstacle to the org itself; what else changes leaves them.
    world.run(OPERATOR, set(acme, &[b, c, a])).await;
    let slice = world.store.load(&[Key::Org(acme)]).await.expect("a slice");
    let kept = slice.state.org(acme).expect("the org").hosts.clone();
    assert_eq!(kept, [host(b), host(c), host(a)]);

    world.run(OPERATOR, set(acme, &[a])).await;
    world.run(OPERATOR, set(globex, &[b])).await;
    assert_eq!(leads_to(&world.store, b).await, Some(globex));
    world.run(OPERATOR, set(acme, &[])).await;
    assert_eq!(leads_to(&world.store, a).await, None);
    world.run(OPERATOR, set(globex, &[b, a])).await;
    assert_eq!(leads_to(&world.store, a).await, Some(globex));
}

/// Two processes that give one name to two orgs at the same moment do not both.
pub async fn of_two_orgs_that_take_a_name_at_once_one_gets_it<B: Backend>(backend: &B) {
    let one = World::new(backend).await;
    let two = World::over(
        backend.open(Arc::clone(&one.clock)).await,
        Arc::clone(&one.clock),
    );
    let (acme, globex) = (one.org().await, one.org().await);
    for round in 0..8 {
        let name = format!("r{round}.example.com");
        let (ours, theirs) = (set(acme, &[&name]), set(globex, &[&name]));
        let (first, second) =
            tokio::join!(one.attempt(OPERATOR, &ours), two.attempt(OPERATOR, &theirs));
        let (winner, loser) = if first.is_ok() {
            (acme, &second)
        } else {
            (globex, &first)
        };
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
        assert!(is_taken(loser), "{loser:?}");
        assert_eq!(leads_to(&one.store, &name).await, Some(winner));
        assert_eq!(leads_to(&two.store, &name).await, Some(winner));
    }
}
