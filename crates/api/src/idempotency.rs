//! Creating calls that may be repeated (draft-ietf-httpapi-idempotency-key-header): of however many
//! with the same key one acts, and each is answered as that one was. ADR 12 has the reasons.

use std::{
    collections::BTreeSet,
    future::Future,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::{FromRequest, MatchedPath, Request},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use countersign_app::{App, Earlier, Failure, Known, Made, Once};
use countersign_domain::Actor;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{body, caller::Presented, etag::Tag, made, problem::Problem, router::Served};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key.
const LENGTH: usize = 255;

/// A creating call as it was asked: its body, and what it is known by when it is repeated.
pub(crate) struct Asked<T> {
    pub(crate) body: T,
    pub(crate) call: Call,
}

/// What a creating call is known by.
pub(crate) struct Call(Option<Keyed>);

struct Keyed {
    key: String,
    endpoint: String,
    path: String,
    body: String,
    presented: Presented,
}

impl<T: DeserializeOwned> FromRequest<Served> for Asked<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &Served) -> Result<Self, Problem> {
        let begun = Begun::of(&request)?;
        let value = body::needed(request).await?;
        let call = begun.with(value.to_string());
        let body = body::typed(value)?;
        Ok(Self { body, call })
    }
}

impl FromRequest<Served> for Call {
    type Rejection = Problem;

    /// Of a call that takes no body; one that comes all the same is not looked at.
    async fn from_request(request: Request, _: &Served) -> Result<Self, Problem> {
        Ok(Begun::of(&request)?.with(String::new()))
    }
}

/// What the head of a request says.
struct Begun {
    key: Option<String>,
    endpoint: String,
    path: String,
    presented: Option<Presented>,
}

impl Begun {
    fn of(request: &Request) -> Result<Self, Problem> {
        let pattern = request.extensions().get::<MatchedPath>();
        let pattern = pattern.map_or("", MatchedPath::as_str);
        Ok(Self {
            key: key(request.headers())?,
            endpoint: format!("{} {pattern}", request.method()),
            path: request.uri().path().to_owned(),
            presented: request.extensions().get::<Presented>().cloned(),
        })
    }

    fn with(self, body: String) -> Call {
        let keyed = self.key.zip(self.presented);
        Call(keyed.map(|(key, presented)| Keyed {
            key,
            endpoint: self.endpoint,
            path: self.path,
            body,
            presented,
        }))
    }
}

/// The key of a request: a quoted string as the draft has it, or the same without quotes.
fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(KEY).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    let text = value.to_str().unwrap_or_default().trim();
    let bare = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .unwrap_or(text);
    let good = (1..=LENGTH).contains(&bare.len())
        && bare
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\'));
    if good && values.next().is_none() {
        Ok(Some(bare.to_owned()))
    } else {
        Err(Problem::malformed_header(
            &KEY,
            "one key of 1 to 255 visible ASCII characters without quotes and backslashes inside",
        ))
    }
}

/// The calls with keys that are under way in this process.
#[derive(Clone, Debug, Default)]
pub(crate) struct UnderWay(Arc<Mutex<BTreeSet<[u8; 32]>>>);

/// A call that is under way until this is dropped.
struct Begin {
    under_way: UnderWay,
    slot: [u8; 32],
}

impl UnderWay {
    fn slots(&self) -> MutexGuard<'_, BTreeSet<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, slot: [u8; 32]) -> Option<Begin> {
        self.slots().insert(slot).then(|| Begin {
            under_way: self.clone(),
            slot,
        })
    }
}

impl Drop for Begin {
    fn drop(&mut self) {
        self.under_way.slots().remove(&self.slot);
    }
}

/// An answer as it goes out, and as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    location: Option<String>,
    /// Whether it is what can be read at the location.
    readable: bool,
    body: Value,
}

impl Answer {
    fn of(made: &Made) -> Self {
        Self {
            location: made::location(made),
            readable: !matches!(made, Made::Credential(_) | Made::Session(_)),
            body: made::body(made),
        }
    }

    fn respond(&self, replayed: bool) -> Response {
        let mut response = (StatusCode::CREATED, axum::Json(&self.body)).into_response();
        let headers = response.headers_mut();
        let location = self.location.as_deref();
        if let Some(location) = location.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(header::LOCATION, location);
        }
        if self.readable {
            Tag::of_value(&self.body).put(headers);
        }
        if replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}

fn render(made: &Made) -> Vec<u8> {
    serde_json::to_vec(&Answer::of(made)).unwrap_or_default()
}

impl Call {
    /// Makes what `make` makes, once: 201 with it.
    pub(crate) async fn make<F: Future<Output = Result<Made, Failure>>>(
        self,
        served: &Served,
        actor: Actor,
        make: impl FnOnce(App) -> F,
    ) -> Result<Response, Problem> {
        let Some(keyed) = self.0 else {
            let made = make(served.app.clone()).await?;
            return Ok(Answer::of(&made).respond(false));
        };
        let once = keyed.once()?;
        let _begin = served
            .under_way
            .begin(once.slot())
            .ok_or_else(Problem::under_way)?;
        if let Some(response) = earlier(served, actor, &once).await? {
            return Ok(response);
        }
        match make(served.app.once(once.clone())).await {
            Ok(made) => Ok(Answer::of(&made).respond(false)),
            // Another process was quicker, or the answer of our own append was lost.
            Err(Failure::Kept) => earlier(served, actor, &once)
                .await
                .map_err(|problem| match problem.code() {
                    // It was done, and only what it came to cannot be read now.
                    "unavailable" => Problem::outcome_unknown(false),
                    _ => problem,
                })?
                .ok_or_else(|| Failure::Kept.into()),
            Err(failure) => Err(failure.into()),
        }
    }
}

impl Keyed {
    fn once(&self) -> Result<Once, Failure> {
        let known = Known {
            credential: self.presented.credential,
            secret: &self.presented.token,
            endpoint: &self.endpoint,
            key: &self.key,
        };
        Once::new(known, &[self.path.as_bytes(), self.body.as_bytes()], render)
    }
}

async fn earlier(served: &Served, actor: Actor, once: &Once) -> Result<Option<Response>, Problem> {
    match served.app.earlier(actor, once).await? {
        Earlier::Nothing => Ok(None),
        Earlier::AnotherRequest => Err(Problem::another_request()),
        Earlier::Answer(bytes) => {
            let answer: Answer = serde_json::from_slice(&bytes)
                .map_err(|error| Problem::unavailable(&error.to_string()))?;
            Ok(Some(answer.respond(true)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_with_and_without_its_quotes() {
        let mut headers = HeaderMap::new();
        assert_eq!(key(&headers).ok(), Some(None));
        let long = "k".repeat(255);
        for (value, expected) in [
            ("8e03978e-40d5", Some("8e03978e-40d5")),
            ("\"8e03978e-40d5\"", Some("8e03978e-40d5")),
            (&long, Some(long.as_str())),
            (&format!("{long}k"), None),
            ("", None),
            ("\"\"", None),
            ("a b", None),
            ("a\"b", None),
            ("\"a", None),
            ("a\\b", None),
        ] {
            headers.insert(KEY, HeaderValue::from_str(value).unwrap());
            let read = key(&headers).ok().flatten();
            assert_eq!(read.as_deref(), expected, "{value}");
        }
        headers.insert(KEY, HeaderValue::from_static("a"));
        headers.append(KEY, HeaderValue::from_static("b"));
        assert!(key(&headers).is_err());
    }
}
