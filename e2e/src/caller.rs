//! Programs that call the API and the gateway.

use reqwest::{Client, Method, StatusCode};
use serde_json::Value;

/// How a call that took something away became effective everywhere, as its answer says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effective {
    /// How many serving processes acknowledged it.
    pub acknowledged: u64,
    /// How many leases ran out instead.
    pub lapsed: u64,
    /// How long that took, in milliseconds.
    pub ms: u64,
}

impl Effective {
    fn read(said: &str) -> Option<Self> {
        let mut parts = said.split(", ").map(|part| part.split_once('='));
        let mut next = |name: &str| {
            let (found, value) = parts.next()??;
            (found == name).then(|| value.parse().ok())?
        };
        Some(Self {
            acknowledged: next("acknowledged")?,
            lapsed: next("lapsed")?,
            ms: next("ms")?,
        })
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body as JSON, or as a JSON string when it is none.
    pub body: Value,
    /// How it became effective, if the answer says so.
    pub effective: Option<Effective>,
}

impl Answer {
    /// The body of an answer that must have this status.
    ///
    /// # Panics
    /// When it has another.
    #[must_use]
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status.as_u16(), "{}", self.body);
        self.body
    }
}

async fn answer(sent: reqwest::Result<reqwest::Response>) -> Option<Answer> {
    let response = sent.ok()?;
    let status = response.status().as_u16();
    let effective = response.headers().get("countersign-effective");
    let effective = effective.map(|said| {
        let read = said.to_str().ok().and_then(Effective::read);
        read.unwrap_or_else(|| panic!("{said:?}"))
    });
    let text = response.text().await.ok()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Some(Answer {
        status,
        body,
        effective,
    })
}

/// The API with a token.
#[derive(Clone, Debug)]
pub struct Api {
    client: Client,
    base: String,
    token: String,
}

impl Api {
    pub(crate) fn new(base: &str, token: &str) -> Self {
        Self {
            client: Client::new(),
            base: base.to_owned(),
            token: token.to_owned(),
        }
    }

    /// The same caller at another process.
    #[must_use]
    pub fn at(&self, public_url: &str) -> Self {
        Self {
            base: public_url.to_owned(),
            ..self.clone()
        }
    }

    /// Calls; none when no whole answer came back.
    pub async fn try_call(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Option<Answer> {
        let mut request = self
            .client
            .request(method, format!("{}/api/v1{path}", self.base))
            .bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request.send().await).await
    }

    /// Calls a server that must answer.
    ///
    /// # Panics
    /// When it does not.
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.try_call(method, path, body)
            .await
            .expect("the API answers")
    }
}

/// A program inside a session.
#[derive(Clone, Debug)]
pub struct SessionClient {
    client: Client,
    gateway: String,
    host: String,
    token: String,
}

impl SessionClient {
    /// From the gateway's address and the answer that started the session.
    ///
    /// # Panics
    /// When the answer is not one.
    #[must_use]
    pub fn new(gateway: &str, started: &Value) -> Self {
        let url = started["url"].as_str().expect("a session has a url");
        let host = url
            .split_once("://")
            .and_then(|(_, rest)| rest.split('/').next())
            .expect("a host in the url");
        Self {
            client: Client::builder()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .expect("a client"),
            gateway: gateway.to_owned(),
            host: host.to_owned(),
            token: started["token"].as_str().expect("a token").to_owned(),
        }
    }

    /// The same session at another process's gateway.
    #[must_use]
    pub fn at(&self, gateway: &str) -> Self {
        Self {
            gateway: gateway.to_owned(),
            ..self.clone()
        }
    }

    /// The head of a request, for whoever writes to a socket of their own.
    #[must_use]
    pub fn head(&self, path: &str) -> String {
        let Self { host, token, .. } = self;
        format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nCountersign-Session: {token}\r\n\r\n")
    }

    /// Sends a request through the gateway; none when no whole answer came back.
    pub async fn send(&self, method: Method, path: &str) -> Option<Answer> {
        let request = self
            .client
            .request(method, format!("http://{}{path}", self.gateway))
            .header("host", &self.host)
            .header("countersign-session", &self.token);
        answer(request.send().await).await
    }
}
