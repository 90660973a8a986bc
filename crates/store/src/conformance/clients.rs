//! What service clients come in with: access tokens, and what may be used once.

use std::sync::Arc;

use super::{
    Backend, World,
    world::{OPERATOR, secret},
};
use crate::{Clients, Key, NewClientToken, Store};
use countersign_domain::{
    ClientId, ClientName, Command, Duration, NewClient, NewClientKey, OrgId, Scope, SecretHash,
    Thumbprint,
};

fn create(id: ClientId, org: OrgId) -> Command {
    Command::CreateClient(NewClient {
        id,
        org,
        name: ClientName::parse("Robot").expect("a name"),
        scopes: [Scope::OrgsRead].into_iter().collect(),
        dpop: true,
        keys: vec![NewClientKey {
            thumbprint: Thumbprint::new("one".to_owned()),
            kid: None,
            jwk: "{}".to_owned(),
        }],
    })
}

async fn token(world: &World<impl Store>, hash: SecretHash, lasts: Duration) -> NewClientToken {
    NewClientToken {
        hash,
        client: world.id("client"),
        org: world.id("org"),
        scopes: [Scope::LogsRead, Scope::OrgsManage].into_iter().collect(),
        key: Thumbprint::new("one".to_owned()),
        bound_to: Some(Thumbprint::new("other".to_owned())),
        expires_at: world.store.now().await.expect("a time").plus(lasts),
    }
}

/// A service client stands in its org, and its org is found by its id, also once it is gone.
pub async fn a_client_is_found_by_its_id<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let (org, client) = (world.org().await, world.id("client"));
    let known = async || world.store.org_of_client(client).await.expect("an answer");
    assert_eq!(known().await, None);
    world.run(OPERATOR, create(client, org)).await;
    for _ in 0..2 {
        assert_eq!(known().await, Some(org));
        let slice = world.store.load(&[Key::Org(org)]).await.expect("a slice");
        let known = slice.state.client(org, client).expect("the client");
        assert_eq!(known.name.as_str(), "Robot");
        assert!(known.dpop);
        world
            .run(OPERATOR, Command::RemoveClient { org, client })
            .await;
    }
}

/// An access token reads as it was kept, in every process, and is good until the millisecond before its end.
pub async fn an_access_token_runs_out_at_its_end<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let hour = Duration::from_hours(1);
    let new = token(&world, secret(900), hour).await;
    world
        .store
        .keep_client_token(new.clone())
        .await
        .expect("it is kept");
    let other = backend.open(Arc::clone(&world.clock)).await;
    let kept = other
        .client_token(secret(900))
        .await
        .expect("an answer")
        .expect("the token");
    assert_eq!((kept.client, kept.org), (new.client, new.org));
    assert_eq!(
        (kept.scopes, &kept.key, &kept.bound_to),
        (new.scopes, &new.key, &new.bound_to)
    );
    assert_eq!(kept.expires_at, new.expires_at);
    assert!(kept.is_good());
    assert_eq!(
        other.client_token(secret(901)).await.expect("an answer"),
        None
    );
    world
        .clock
        .advance(Duration::from_millis(hour.as_millis() - 1));
    let good = async || {
        let kept = world
            .store
            .client_token(secret(900))
            .await
            .expect("an answer");
        kept.is_some_and(|kept| kept.is_good())
    };
    assert!(good().await);
    world.clock.advance(Duration::from_millis(1));
    assert!(!good().await);
    // One that is kept later makes room.
    let next = token(&world, secret(902), hour).await;
    world
        .store
        .keep_client_token(next)
        .await
        .expect("it is kept");
    assert_eq!(
        world
            .store
            .client_token(secret(900))
            .await
            .expect("an answer"),
        None
    );
}

/// Of many that use the same thing at once, in two processes, one is the first; and it stays so until its end.
pub async fn what_may_be_used_once_is_used_once<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let other = Arc::new(backend.open(Arc::clone(&world.clock)).await);
    let until = world
        .store
        .now()
        .await
        .expect("a time")
        .plus(Duration::from_mins(5));
    let uses: Vec<_> = (0..8)
        .map(|_| {
            let other = Arc::clone(&other);
            tokio::spawn(async move {
                other
                    .first_use(secret(910), until)
                    .await
                    .expect("an answer")
            })
        })
        .collect();
    let mut first = usize::from(
        world
            .store
            .first_use(secret(910), until)
            .await
            .expect("an answer"),
    );
    for used in uses {
        first += usize::from(used.await.expect("a task"));
    }
    assert_eq!(first, 1);
    assert!(
        world
            .store
            .first_use(secret(911), until)
            .await
            .expect("an answer")
    );
    world.clock.advance(Duration::from_millis(
        Duration::from_mins(5).as_millis() - 1,
    ));
    for again in [secret(910), secret(911)] {
        assert!(!other.first_use(again, until).await.expect("an answer"));
    }
}

/// An access token that its client ends is gone in every process with the answer; nobody else's call ends it.
pub async fn an_access_token_is_ended_by_its_client<B: Backend>(backend: &B) {
    let world = World::new(backend).await;
    let new = token(&world, secret(920), Duration::from_hours(1)).await;
    let client = new.client;
    world
        .store
        .keep_client_token(new)
        .await
        .expect("it is kept");
    let other = backend.open(Arc::clone(&world.clock)).await;
    let end = async |hash, of| other.end_client_token(hash, of).await.expect("an answer");
    let known = async || {
        let kept = world.store.client_token(secret(920)).await;
        kept.expect("an answer").is_some()
    };
    end(secret(920), world.id("client")).await;
    end(secret(921), client).await;
    assert!(known().await);
    for _ in 0..2 {
        end(secret(920), client).await;
        assert!(!known().await);
    }
}
