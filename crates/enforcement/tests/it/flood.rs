//! A flood of refusals takes nothing from others (R18): neither their places nor room on the way to
//! the log.

use std::{net::SocketAddr, time::Duration};

use tokio::{task::JoinSet, time::sleep};

use crate::{
    scene::{BACKLOG, Scene, Session, eventually},
    wire::{Client, ask, get},
};

fn refused(session: &Session) -> String {
    ask("POST", session, "/flood", &["Content-Length: 0"])
}

/// Sends what is refused and leaves, over and over, without waiting for an answer.
async fn leaves(to: SocketAddr, request: String) {
    loop {
        let mut client = Client::connect(to).await;
        client.send(&request).await;
        sleep(Duration::from_millis(2)).await;
    }
}

/// Sends what is refused on a connection that is kept, and reads the answers.
async fn insists(to: SocketAddr, request: String) {
    let mut client = Client::connect(to).await;
    loop {
        let reply = client.call(&request).await;
        assert!(matches!(reply.status, 403 | 429), "{reply:?}");
    }
}

#[tokio::test]
async fn r18_a_flood_of_one_session_keeps_no_other_from_passing_and_being_recorded() {
    const PLACES: usize = 8;
    const OWN: usize = 30;
    let scene = Scene::with(|config| config.requests_per_session = PLACES).await;
    let (own, flooding) = (scene.session().await, scene.session().await);
    let mut flood = JoinSet::new();
    for _ in 0..PLACES {
        flood.spawn(leaves(scene.address, refused(&flooding)));
        flood.spawn(insists(scene.address, refused(&flooding)));
    }
    eventually("more to come than there are places", async || {
        let entries = scene.entries("request.refused").await;
        let full = |entry: &serde_json::Value| entry["detail"]["code"] == "too_many_requests";
        entries.iter().any(full)
    })
    .await;
    let mut client = scene.client().await;
    let mut expected = Vec::new();
    for n in 0..OWN {
        let target = format!("/mine/{n}");
        let reply = client.call(get(&own, &target, &[])).await;
        assert_eq!(reply.status, 200, "{target}: {reply:?}");
        expected.push(target);
    }
    assert!(flood.try_join_next().is_none(), "it goes on");
    flood.shutdown().await;
    let requests = scene.entries("request").await;
    let paths: Vec<&str> = requests
        .iter()
        .map(|entry| entry["request"]["path"].as_str().unwrap())
        .collect();
    assert_eq!(paths, expected);
    assert_eq!(scene.product.requests(), OWN);
}

/// However many sessions flood while the store stands still, there is room for who may pass.
#[tokio::test]
async fn r18_what_is_refused_takes_half_of_the_way_to_the_log() {
    const SESSIONS: usize = 5;
    const PLACES: usize = BACKLOG / 4;
    let scene = Scene::with(|config| config.requests_per_session = PLACES).await;
    let own = scene.session().await;
    let mut flooding = Vec::new();
    for _ in 0..SESSIONS {
        flooding.push(scene.session().await);
    }
    scene.store.set_stalled(true);
    let mut flood = JoinSet::new();
    let mut flow = async |session: &Session| {
        let (mut client, request) = (scene.client().await, refused(session));
        flood.spawn(async move { client.call(request).await.status });
    };
    // One is with the store when the others come.
    flow(&flooding[0]).await;
    eventually("a batch to be held", async || scene.store.is_holding()).await;
    for (n, session) in flooding.iter().enumerate() {
        for _ in usize::from(n == 0)..PLACES {
            flow(session).await;
        }
    }
    // What finds no room is refused all the same, and at once.
    for _ in 0..SESSIONS * PLACES - 1 - BACKLOG / 2 {
        assert_eq!(flood.join_next().await.unwrap().unwrap(), 403);
    }
    let mut passing = JoinSet::new();
    for _ in 0..PLACES {
        let (mut client, request) = (scene.client().await, get(&own, "/mine", &[]));
        passing.spawn(async move { client.call(request).await.status });
    }
    sleep(Duration::from_millis(100)).await;
    assert!(passing.try_join_next().is_none(), "it waits for the store");
    scene.store.set_stalled(false);
    assert_eq!(passing.join_all().await, [200; PLACES]);
    assert!(flood.join_all().await.iter().all(|status| *status == 403));
    assert_eq!(scene.entries("request").await.len(), PLACES);
    let logged = scene.entries("request.refused").await;
    assert_eq!(logged.len(), 1 + BACKLOG / 2);
}
