//! Attacks of a product over HTTP/2, and what is looked at after each: what the client gets, what the log
//! says, what becomes of another answer on the same connection and of another session's, and how often
//! the product saw the request.

use std::time::Duration;

use countersign_domain::{Origin, Slug, Upstream};

use crate::{
    frames::{END_STREAM, Fields, head},
    hostile::{Hostile, Says, data, fields},
    scene::{OPERATOR, Scene, Session, eventually},
    tls::{BOTH, Ca},
    wire::{Client, get},
};

// RFC 9113 section 7.
pub(crate) const NO_ERROR: u32 = 0;
pub(crate) const INTERNAL_ERROR: u32 = 2;
pub(crate) const REFUSED_STREAM: u32 = 7;
pub(crate) const CANCEL: u32 = 8;
pub(crate) const CALM: u32 = 11;

/// What the client gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gets {
    /// An answer with this body, to its end.
    Whole(&'static str),
    /// The beginning of an answer, and no tidy end.
    Cut,
    /// A problem of the gateway's own: the product failed.
    Failed,
    /// A problem of the gateway's own: the product has not answered in time.
    Late,
}
pub(crate) use Gets::{Cut, Failed, Late, Whole};

/// What becomes of the connection to the product, with another answer under way on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    GoesOn,
    /// It takes no more requests; what is under way on it ends as it should.
    Retires,
    Ends,
}
pub(crate) use Line::{Ends, GoesOn, Retires};

pub(crate) struct Attack {
    pub(crate) what: String,
    pub(crate) says: Says,
    pub(crate) gets: Gets,
    pub(crate) line: Line,
    /// How often the product sees the request.
    pub(crate) seen: usize,
}

pub(crate) fn attack(
    what: &str,
    gets: Gets,
    line: Line,
    frames: impl FnOnce(u32) -> Vec<u8> + Send + 'static,
) -> Attack {
    Attack {
        what: what.to_owned(),
        says: Says::Frames(Box::new(frames)),
        gets,
        line,
        seen: 1,
    }
}

/// The same with the end of the connection after it.
pub(crate) fn closing(
    what: &str,
    gets: Gets,
    frames: impl FnOnce(u32) -> Vec<u8> + Send + 'static,
) -> Attack {
    Attack {
        says: Says::AndCloses(Box::new(frames)),
        ..attack(what, gets, Ends, |_| Vec::new())
    }
}

/// An answer that ends with its head.
pub(crate) fn headed(what: &str, gets: Gets, line: Line, fields: Fields) -> Attack {
    attack(what, gets, line, move |s| head(s, END_STREAM, &fields))
}

/// A scene with this product, two sessions, and an answer under way for each.
pub(crate) struct Stage {
    pub(crate) scene: Scene,
    pub(crate) product: Hostile,
    pub(crate) one: Session,
    pub(crate) other: Under,
    pub(crate) two: Session,
    pub(crate) bystander: Under,
}

/// An answer under way.
pub(crate) struct Under {
    pub(crate) client: Client,
    /// Where it is at the product.
    pub(crate) line: usize,
    pub(crate) stream: u32,
}

impl Stage {
    pub(crate) async fn new() -> Self {
        let ca = Ca::new();
        let scene = Scene::with(|config| {
            config.upstream_tls = Some(ca.client(BOTH));
            config.threads = 1;
            // Long enough for any answer, and not for the test.
            config.response_timeout = Duration::from_secs(2);
        })
        .await;
        let product = Hostile::start(ca.upstream(BOTH)).await;
        let to = Upstream::new(Origin::parse(&product.origin()).unwrap());
        let org = Slug::parse("acme").unwrap();
        scene.app.set_upstream(OPERATOR, &org, to).await.unwrap();
        let (one, two) = (scene.session().await, scene.session().await);
        let other = begins(&scene, &product, &one, "/other").await;
        let bystander = begins(&scene, &product, &two, "/bystander").await;
        Self {
            scene,
            product,
            one,
            other,
            two,
            bystander,
        }
    }

    /// Asks once, and answers with everything that comes.
    pub(crate) async fn asks(&self, path: &str) -> Vec<u8> {
        let mut client = self.scene.client().await;
        client
            .send(get(&self.one, path, &["Connection: close"]))
            .await;
        client.rest().await.0
    }

    /// Suffers an attack; answers with what came of it.
    pub(crate) async fn suffers(
        &mut self,
        path: &str,
        attack: Says,
    ) -> (Gets, String, Line, usize) {
        let before = self.product.requests();
        self.product.next(attack);
        let got = seen(&self.asks(path).await);
        let times = self.product.requests() - before;
        let ending = outcome(&self.scene, path).await;

        let Under {
            client,
            line,
            stream,
        } = &mut self.other;
        self.product.say(*line, data(*stream, "more"));
        let goes_on = client.until(b"more").await.is_some();
        if !goes_on {
            let (rest, _) = client.rest().await;
            assert!(!rest.ends_with(b"0\r\n\r\n"), "{path}: it looks complete");
        }
        let more = data(self.bystander.stream, "tick");
        self.product.say(self.bystander.line, more);
        let ticks = self.bystander.client.until(b"tick").await;
        assert!(ticks.is_some(), "{path}: another session's answer ended");
        for session in [&self.two, &self.one] {
            let reply = self.scene.client().await.call(get(session, "/", &[])).await;
            assert_eq!((reply.status, &*reply.body), (200, &b"hello"[..]), "{path}");
        }
        let now = self.product.last().0;
        let line = match (goes_on, now == self.other.line) {
            (true, true) => GoesOn,
            (true, false) => Retires,
            (false, _) => Ends,
        };
        if line != GoesOn {
            self.other = begins(&self.scene, &self.product, &self.one, "/other").await;
        }
        (got, ending, line, times)
    }
}

/// Has an answer begin that does not end.
pub(crate) async fn begins(
    scene: &Scene,
    product: &Hostile,
    session: &Session,
    path: &str,
) -> Under {
    product.next(Says::Frames(Box::new(|s| {
        [head(s, 0, &fields("200", &[])), data(s, "first")].concat()
    })));
    let mut client = scene.client().await;
    client.send(get(session, path, &[])).await;
    client.until(b"first").await.expect("an answer");
    let (line, stream) = product.last();
    Under {
        client,
        line,
        stream,
    }
}

/// What the bytes of a connection are to whoever reads them.
pub(crate) fn seen(bytes: &[u8]) -> Gets {
    let text = String::from_utf8_lossy(bytes);
    assert!(text.matches("HTTP/1.1 ").count() <= 1, "one answer: {text}");
    // What was on its way is lost with the connection.
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return Cut;
    };
    let head = head.to_lowercase();
    if head.contains("content-type: application/problem+json") {
        let timely = body.contains("\"upstream_failed\"");
        let (status, gets) = if timely {
            ("502", Failed)
        } else {
            ("504", Late)
        };
        assert!(head.starts_with(&format!("http/1.1 {status}")), "{text}");
        return gets;
    }
    let body = if head.contains("transfer-encoding: chunked") {
        chunks(body)
    } else {
        let length = head.split_once("content-length: ");
        let length = length.and_then(|(_, rest)| rest.lines().next());
        let length = length.map_or(0, |length| length.parse().unwrap());
        (body.len() == length).then(|| body.to_owned())
    };
    match body.as_deref() {
        Some("hello") => Whole("hello"),
        Some("") => Whole(""),
        Some(other) => panic!("nobody said {other:?}"),
        None => Cut,
    }
}

/// What is in a chunked body; none when it does not end as one.
pub(crate) fn chunks(mut body: &str) -> Option<String> {
    let mut all = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n")?;
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            assert!(!rest.contains("set-cookie"), "{rest}");
            return rest.ends_with("\r\n").then_some(all);
        }
        all.push_str(rest.get(..size)?);
        body = rest.get(size + 2..)?;
    }
}

pub(crate) async fn outcome(scene: &Scene, path: &str) -> String {
    let mut found = None;
    eventually("its outcome", async || {
        let log = scene.log().await;
        let index = log
            .iter()
            .position(|entry| entry["request"]["path"] == path);
        let index = index.map(|index| index as u64);
        let mut outcomes = log.iter().filter(|entry| entry["type"] == "outcome");
        let outcome = outcomes.find(|entry| entry["detail"]["request"].as_u64() == index);
        found = outcome.map(|entry| entry["detail"]["ending"].as_str().unwrap().to_owned());
        found.is_some()
    })
    .await;
    found.unwrap()
}

pub(crate) async fn withstands(attacks: Vec<Attack>) {
    let mut stage = Stage::new().await;
    let (mut expected, mut came) = (Vec::new(), Vec::new());
    let mut twice = 0;
    for (number, attack) in attacks.into_iter().enumerate() {
        let ending = match attack.gets {
            Whole(_) => "complete",
            Cut | Failed | Late => "upstream_failed",
        };
        let of_this = (attack.gets, ending.to_owned(), attack.line, attack.seen);
        expected.push((attack.what.clone(), of_this));
        let of_this = stage.suffers(&format!("/evil-{number}"), attack.says).await;
        twice += of_this.3 - 1;
        came.push((attack.what, of_this));
    }
    let both = expected.iter().zip(&came).filter(|(a, b)| a != b);
    let wrong: Vec<_> = both
        .map(|(a, b)| format!("{a:?}, and not {:?}", b.1))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A5: whatever the product saw is on the log, and nothing else.
    let entries = stage.scene.entries("request").await.len();
    assert_eq!(stage.product.requests(), entries + twice);
}

/// What a product says before it answers.
pub(crate) fn hint(stream: u32) -> Vec<u8> {
    head(stream, 0, &fields("103", &[("link", "</style.css>")]))
}
