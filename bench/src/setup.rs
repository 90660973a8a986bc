//! An org with a live grant and sessions under it, made by the command line and the API.

use std::{net::SocketAddr, path::Path};

use countersign_domain::OrgId;
use countersign_store::Store;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::Outcome;

/// As many as wrk may have threads: support people at work at the same time.
pub(crate) const SESSIONS: usize = 16;
const DANA: &str = "dana@acme.test";
const SAM: &str = "sam@vendor.test";
const CASE: &str = "4711";

/// The tokens of those who act.
#[derive(Debug)]
pub(crate) struct People {
    operator: String,
    admin: String,
    agent: String,
}

/// How a request gets under a session.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) host: String,
    pub(crate) token: String,
}

pub(crate) async fn people(
    countersign: &Path,
    database: &str,
    product: SocketAddr,
) -> Outcome<People> {
    let run = async |line: &[&str]| -> Outcome<Value> {
        let output = Command::new(countersign)
            .args(["--database", database, "--json"])
            .args(line)
            .output()
            .await?;
        if !output.status.success() {
            return Err(format!("{line:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    };
    let token = async |line: &[&str]| -> Outcome<String> {
        let line = [&["token", "create"], line].concat();
        text(&run(&line).await?, "token")
    };
    run(&["org", "create", "--slug", "acme", "--name", "Acme Inc"]).await?;
    run(&[
        "admin",
        "create",
        "--org",
        "acme",
        "--email",
        DANA,
        "--name",
        "Dana",
        "--role",
        "super_admin",
    ])
    .await?;
    run(&["agent", "create", "--email", SAM, "--name", "Sam"]).await?;
    let origin = format!("http://{product}");
    run(&[
        "upstream",
        "set",
        "--org",
        "acme",
        "--origin",
        &origin,
        "--user-header",
        "X-Remote-User",
    ])
    .await?;
    Ok(People {
        operator: token(&["--operator"]).await?,
        admin: token(&["--org", "acme", "--admin", DANA]).await?,
        agent: token(&["--agent", SAM]).await?,
    })
}

pub(crate) async fn sessions(api: SocketAddr, people: &People) -> Outcome<Vec<Session>> {
    let client = Client::builder().no_proxy().build()?;
    let call = async |method: Method, path: &str, token: &str, body: Value| -> Outcome<Value> {
        let url = format!("http://{api}/api/v1{path}");
        let request = client.request(method, url).bearer_auth(token);
        let request = if body.is_null() {
            request
        } else {
            request.json(&body)
        };
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        if !status.is_success() {
            return Err(format!("{path}: {status} {text}").into());
        }
        Ok(serde_json::from_str(&text)?)
    };
    let case = json!({
        "org": "acme", "number": CASE, "subject": "Invoices are wrong",
        "opened_by": {"admin": DANA}, "team": [SAM],
    });
    call(Method::POST, "/cases", &people.operator, case).await?;
    let ask = json!({"justification": "To see the wrong invoices"});
    let path = format!("/cases/{CASE}");
    call(
        Method::POST,
        &format!("{path}/access-request"),
        &people.agent,
        ask,
    )
    .await?;
    call(
        Method::PUT,
        &format!("{path}/grant"),
        &people.admin,
        Value::Null,
    )
    .await?;
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        let started = call(
            Method::POST,
            &format!("{path}/sessions"),
            &people.agent,
            Value::Null,
        )
        .await?;
        let url = text(&started, "url")?;
        let host = url
            .split('/')
            .nth(2)
            .ok_or("a session's url without a host")?;
        sessions.push(Session {
            host: host.to_owned(),
            token: text(&started, "token")?,
        });
    }
    Ok(sessions)
}

/// The one org there is.
pub(crate) async fn org(store: &dyn Store) -> Outcome<OrgId> {
    let slice = store.directory(None).await?;
    let org = slice.state.orgs().next().ok_or("no org")?;
    Ok(org.id)
}

fn text(value: &Value, field: &str) -> Outcome<String> {
    let text = value.get(field).and_then(Value::as_str);
    Ok(text
        .ok_or_else(|| format!("no {field} in {value}"))?
        .to_owned())
}
