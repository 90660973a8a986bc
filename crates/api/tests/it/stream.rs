//! Following an org's log.

use std::time::Duration as Wait;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use countersign_domain::{Duration, Role};
use countersign_store::{LeaseEpoch, NewLease, Store, conformance::request};
use futures_util::StreamExt;
use http_body_util::{BodyExt, BodyStream};
use serde_json::{Value, json};
use tokio::time::timeout;
use tower::ServiceExt;

use crate::world::{DANA, OPERATOR, World, email, good, slug};

const STREAM: &str = "/api/v1/orgs/acme/entries/stream";
/// A test that waits this long has failed.
const PATIENCE: Wait = Wait::from_secs(20);

/// An open stream.
struct Followed {
    body: BodyStream<Body>,
    read: String,
}

/// An event of a stream.
#[derive(Debug, PartialEq)]
struct Event {
    id: Option<u64>,
    kind: String,
    data: Value,
}

impl World {
    async fn follow(&self, token: &str, path: &str, headers: &[(&str, &str)]) -> Followed {
        let response = self.open_stream(token, path, headers).await;
        assert_eq!(response.status(), StatusCode::OK);
        let head = response.headers();
        assert_eq!(head[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(head[header::CACHE_CONTROL], "no-store");
        assert_eq!(head["x-accel-buffering"], "no");
        Followed {
            body: BodyStream::new(response.into_body()),
            read: String::new(),
        }
    }

    async fn open_stream(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
    ) -> axum::response::Response {
        let mut request =
            Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// How many entries Acme's log has.
    async fn entries(&self) -> u64 {
        let log = self
            .get(&self.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
            .await;
        log.with(200)["items"].as_array().unwrap().len() as u64
    }

    async fn lease(&self) -> LeaseEpoch {
        let new = NewLease {
            process: "proc_00000000000000000000000000000009".parse().unwrap(),
            duration: Duration::from_secs(10),
            replaces: None,
        };
        self.store.acquire_lease(new).await.unwrap().id
    }
}

impl Followed {
    /// The next event; None at the end of the stream.
    async fn next(&mut self) -> Option<Event> {
        loop {
            while let Some((event, rest)) = self.read.split_once("\n\n") {
                let event = parse(event);
                self.read = rest.to_owned();
                if event.is_some() {
                    return event;
                }
            }
            let frame = timeout(PATIENCE, self.body.next())
                .await
                .expect("an event in time")?;
            let data = frame.unwrap().into_data().unwrap();
            self.read.push_str(std::str::from_utf8(&data).unwrap());
        }
    }

    async fn entry(&mut self) -> Event {
        let event = self.next().await.expect("an entry");
        assert_eq!(event.kind, "entry", "{event:?}");
        assert_eq!(event.data["index"].as_u64(), event.id);
        event
    }

    /// Nothing comes for a while.
    async fn is_silent(&mut self) {
        let silence = timeout(Wait::from_millis(50), self.next()).await;
        assert!(silence.is_err(), "{silence:?}");
    }
}

/// An event in its text; none for comments and what only says when to come back.
fn parse(text: &str) -> Option<Event> {
    let field = |name: &str| {
        let prefix = format!("{name}: ");
        text.lines().find_map(|line| line.strip_prefix(&prefix))
    };
    Some(Event {
        id: field("id").map(|id| id.parse().unwrap()),
        kind: field("event")?.to_owned(),
        data: serde_json::from_str(field("data")?).unwrap(),
    })
}

#[tokio::test]
async fn a_log_is_followed_from_its_beginning_and_as_it_grows() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let dana = &world.tokens.dana;
    let session = world.start_session(&number).await;
    let there = world.entries().await;
    let mut followed = world.follow(dana, STREAM, &[]).await;
    let listed = world
        .get(dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await
        .with(200);
    for index in 0..there {
        let entry = followed.entry().await;
        assert_eq!(entry.id, Some(index));
        assert_eq!(entry.data, listed["items"][index as usize]);
    }
    followed.is_silent().await;

    // An event, and a request that support makes.
    let close = format!("/api/v1/sessions/{}", session["id"].as_str().unwrap());
    let second = world.start_session(&number).await;
    assert_eq!(followed.entry().await.data["type"], "session.started");
    let lease = world.lease().await;
    let under = second["id"].as_str().unwrap().parse().unwrap();
    world.store.record(lease, &[request(under)]).await.unwrap();
    // Nobody renews it: what takes something away would wait for it to lapse.
    world.store.end_lease(lease).await.unwrap();
    let entry = followed.entry().await;
    assert_eq!(entry.data["type"], "request");
    assert_eq!(entry.data["request"]["path"], "/invoices?page=2");
    assert_eq!(entry.id, Some(there + 1));
    world.call(dana, "DELETE", &close, None).await.with(200);
    assert_eq!(followed.entry().await.data["type"], "session.ended");
    // What happens in another org is none of theirs.
    let new = json!({"org": "globex", "subject": "Theirs"});
    world
        .post(&world.tokens.grace, "/api/v1/cases", &new)
        .await
        .with(201);
    followed.is_silent().await;
}

#[tokio::test]
async fn a_client_that_comes_back_goes_on_where_it_left_off() {
    let world = World::new().await;
    world.granted_case().await;
    let dana = &world.tokens.dana;
    let after = format!("{STREAM}?after=2");
    let mut followed = world.follow(dana, &after, &[]).await;
    assert_eq!(followed.entry().await.id, Some(3));
    assert_eq!(followed.entry().await.id, Some(4));
    drop(followed);
    // A browser that comes back asks the address it first came to.
    let mut again = world.follow(dana, &after, &[("last-event-id", "4")]).await;
    assert_eq!(again.entry().await.id, Some(5));
    let mut anew = world.follow(dana, STREAM, &[("last-event-id", "")]).await;
    assert_eq!(anew.entry().await.id, Some(0));
    for (path, header) in [
        (format!("{STREAM}?after=x"), ""),
        (format!("{STREAM}?limit=3"), ""),
        (STREAM.to_owned(), "x"),
        (STREAM.to_owned(), "-1"),
    ] {
        let refused = world
            .call_with(dana, "GET", &path, &[("last-event-id", header)], None)
            .await;
        assert_eq!(refused.status, 422, "{path} {header}");
    }
}

/// R2: who may read is judged as long as the stream runs.
#[tokio::test]
async fn a_stream_ends_when_its_caller_may_not_read_any_more() {
    let world = World::new().await;
    let token = json!({"kind": "api_token"});
    for (how, status, code) in [
        ("token", 401, "unauthenticated"),
        ("role", 403, "only_super_admins"),
        ("person", 403, "caller_inactive"),
    ] {
        let dana = &world.tokens.dana;
        let minted = world.post(dana, "/api/v1/credentials", &token).await;
        let minted = minted.with(201);
        let (id, secret) = (minted["id"].as_str(), minted["token"].as_str());
        let end = world.entries().await - 1;
        let path = format!("{STREAM}?after={end}");
        let mut followed = world.follow(secret.unwrap(), &path, &[]).await;
        followed.is_silent().await;
        let (acme, who) = (slug("acme"), email(DANA));
        match how {
            "token" => {
                let path = format!("/api/v1/credentials/{}", id.unwrap());
                world.call(dana, "DELETE", &path, None).await.with(200);
            }
            "role" => {
                good(world.app.set_role(OPERATOR, &acme, &who, Role::Admin).await);
            }
            _ => {
                good(
                    world
                        .app
                        .set_admin_active(OPERATOR, &acme, &who, false)
                        .await,
                );
            }
        }
        let told = followed.next().await.expect("a problem");
        assert_eq!((told.kind.as_str(), told.id), ("problem", None));
        assert_eq!(told.data["code"], code, "{how}");
        assert_eq!(told.data["status"], status, "{how}");
        assert_eq!(followed.next().await, None, "{how}");
        let again = world.open_stream(secret.unwrap(), STREAM, &[]).await;
        assert_eq!(again.status(), status, "{how}");
        good(
            world
                .app
                .set_admin_active(OPERATOR, &acme, &who, true)
                .await,
        );
        good(
            world
                .app
                .set_role(OPERATOR, &acme, &who, Role::SuperAdmin)
                .await,
        );
    }
}

#[tokio::test]
async fn streams_end_when_the_process_stops() {
    let world = World::new().await;
    let mut followed = world.follow(&world.tokens.dana, STREAM, &[]).await;
    for _ in 0..world.entries().await {
        followed.entry().await;
    }
    followed.is_silent().await;
    world.stopping.send_replace(true);
    assert_eq!(followed.next().await, None);
}

#[tokio::test]
async fn a_caller_has_so_many_streams_and_no_more() {
    let world = World::new().await;
    let dana = &world.tokens.dana;
    let mut open = vec![];
    for _ in 0..4 {
        open.push(world.follow(dana, STREAM, &[]).await);
    }
    let fifth = world.get(dana, STREAM).await;
    fifth.problem(429, "too_many_streams");
    // Grace has her own.
    let theirs = "/api/v1/orgs/globex/entries/stream";
    world.follow(&world.tokens.grace, theirs, &[]).await;
    open.pop();
    world.follow(dana, STREAM, &[]).await;
}

/// Nothing is read ahead of what the client takes, however much there is.
#[tokio::test]
async fn a_client_that_takes_nothing_is_sent_no_more_than_it_takes() {
    let world = World::new().await;
    let number = world.granted_case().await;
    let session = world.start_session(&number).await;
    let lease = world.lease().await;
    let under = session["id"].as_str().unwrap().parse().unwrap();
    for _ in 0..10 {
        let batch = vec![request(under); 100];
        world.store.record(lease, &batch).await.unwrap();
    }
    let dana = &world.tokens.dana;
    let response = world.open_stream(dana, STREAM, &[]).await;
    let mut body = response.into_body();
    // The first frames, each one event.
    for _ in 0..3 {
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        let text = std::str::from_utf8(&frame).unwrap();
        assert!(text.matches("event: entry").count() <= 1, "{text}");
    }
    // Whoever loses the role is sent the rest of the page that was read for them, and nothing after it.
    let (acme, who) = (slug("acme"), email(DANA));
    good(world.app.set_role(OPERATOR, &acme, &who, Role::Admin).await);
    let mut followed = Followed {
        body: BodyStream::new(body),
        read: String::new(),
    };
    let mut entries = 2;
    loop {
        let event = followed.next().await.expect("a problem at the end");
        if event.kind == "problem" {
            break;
        }
        entries += 1;
    }
    assert_eq!(entries, 100);
    assert_eq!(followed.next().await, None);
}
