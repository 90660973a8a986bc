//! What one process tells others, so that none has to ask.

use std::{future::poll_fn, sync::Arc, time::Duration};

use countersign_domain::Command;
use countersign_store::{
    Position, Store,
    conformance::{World, request},
};
use countersign_store_postgres::PostgresStore;
use tokio::time::{sleep, timeout};
use tokio_postgres::{AsyncMessage, NoTls};

use crate::{
    failing::{PATIENCE, boss, row, world},
    scratch::Scratch,
};

/// Until it follows others, as a process that serves does.
async fn follows(world: &World<PostgresStore>) {
    let listening = async {
        while !world.store.acknowledgements().are_heard() {
            world.store.wait_for_more(Position(0)).await;
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(PATIENCE, listening).await.expect("it listens");
}

/// Whoever waits for an acknowledgement is told of it by another process.
#[tokio::test]
async fn acknowledgements_are_heard() {
    let scratch = Scratch::new().await;
    let (waits, acknowledges) = (
        world(&scratch.address()).await,
        world(&scratch.address()).await,
    );
    let live = waits.live().await;
    let lease = waits.lease().await;
    follows(&waits).await;
    let mut word = waits.store.acknowledgements();
    let revoke = Command::Revoke { case: live.case };
    waits.run(boss(live), revoke).await;
    let head = waits.store.head().await.expect("a head");
    let renewed = acknowledges.store.renew_lease(lease, head).await;
    renewed.expect("it is renewed");
    timeout(PATIENCE, word.wait(2 * PATIENCE))
        .await
        .expect("it is told");
    assert_eq!(row(&waits, lease).await.acknowledged, head);
}

/// What a process records is told to others, with where the log ends; what somebody records who runs one
/// command is not, and is found.
#[tokio::test]
async fn entries_are_told_of() {
    let scratch = Scratch::new().await;
    let world = world(&scratch.address()).await;
    let live = world.live().await;
    let lease = world.lease().await;
    let connected = tokio_postgres::connect(&scratch.address(), NoTls).await;
    let (client, mut connection) = connected.expect("the server answers");
    let (tells, mut told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
            if let AsyncMessage::Notification(word) = message {
                let _ = tells.send(word.payload().to_owned());
            }
        }
    });
    let listen = client.batch_execute("LISTEN countersign_entries").await;
    listen.expect("it listens");
    let record = async |world: &Arc<World<PostgresStore>>| {
        let recorded = world.store.record(lease, &[request(live.session)]).await;
        recorded.expect("recorded");
        world.log(live.org).await.len()
    };
    record(&world).await;
    follows(&world).await;
    let end = record(&world).await;
    let word = timeout(PATIENCE, told.recv()).await.expect("it is told");
    assert_eq!(word, Some(format!("{} {end}", live.org)));
}
