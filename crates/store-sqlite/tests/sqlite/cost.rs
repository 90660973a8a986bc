//! What an append and a batch cost, roughly: run by hand with `--ignored --nocapture`.
#![allow(
    clippy::disallowed_methods,
    reason = "a measurement asks the machine for the time"
)]

use std::time::Instant;

use countersign_domain::{Actor, Command};
use countersign_store::{
    Store,
    conformance::{World, request},
};

use crate::scratch::Scratch;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn cost() {
    const ROUNDS: u32 = 200;
    let scratch = Scratch::new();
    let world = World::new(&scratch).await;
    let live = world.live().await;
    let boss = Actor::Admin { id: live.boss };
    let begun = Instant::now();
    for round in 0..ROUNDS {
        let command = if round % 2 == 0 {
            Command::Revoke { case: live.case }
        } else {
            let grant = world.id("grant");
            Command::Grant {
                case: live.case,
                grant,
            }
        };
        world.run(boss, command).await;
    }
    println!("load, decide and append: {:?}", begun.elapsed() / ROUNDS);
    let begun = Instant::now();
    let keys = [countersign_store::Key::Case(live.case)];
    for _ in 0..ROUNDS {
        world.store.load(&keys).await.expect("a slice");
    }
    println!("load a case: {:?}", begun.elapsed() / ROUNDS);
    let session = world
        .session(
            live.case,
            live.agent,
            countersign_domain::SessionLimits::default(),
        )
        .await;
    let lease = world.lease().await;
    for size in [1, 64, 256] {
        let drafts = vec![request(session); size];
        let begun = Instant::now();
        for _ in 0..ROUNDS {
            world.store.record(lease, &drafts).await.expect("verdicts");
        }
        println!("record {size}: {:?}", begun.elapsed() / ROUNDS);
    }
}
