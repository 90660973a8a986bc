//! Route rules on the command line, and what the gateway makes of them.

use std::fs;

use countersign_e2e::{Directory, Finished, Server, countersign};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::World;

const RULES: &str = r#"
# What the product's search and its sign-out do is not told by their methods.
[[route]]
method = "POST"
path = "/api/search"
effect = "read"

[[route]]
methods = ["GET"]
path = "/invoices/{id}"
effect = "read"

[[route]]
method = "*"
path = "/logout"
effect = "write"
"#;

/// Runs the command line on one database.
struct Cli {
    directory: Directory,
    database: String,
}

impl Cli {
    fn new() -> Self {
        let directory = Directory::fresh();
        let database = directory.database();
        let cli = Self {
            directory,
            database,
        };
        let _ = cli.json(&["org", "create", "--slug", "acme", "--name", "Acme Inc"]);
        cli
    }

    fn run(&self, args: &[&str]) -> Finished {
        let database = ["--database", &self.database];
        let all: Vec<&str> = args.iter().copied().chain(database).collect();
        countersign(&all)
    }

    fn json(&self, args: &[&str]) -> Value {
        let all: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        self.run(&all).done()
    }

    fn file(&self, text: &str) -> String {
        write(&self.directory, text)
    }

    fn set(&self, more: &[&str]) -> Finished {
        let args = ["upstream", "set", "--org", "acme", "--json"];
        let origin = ["--origin", "http://127.0.0.1:9"];
        let all: Vec<&str> = args
            .into_iter()
            .chain(origin)
            .chain(more.iter().copied())
            .collect();
        self.run(&all)
    }

    fn explain(&self, more: &[&str]) -> Finished {
        let args = ["route", "explain", "--org", "acme"];
        let all: Vec<&str> = args.into_iter().chain(more.iter().copied()).collect();
        self.run(&all)
    }
}

fn write(directory: &Directory, text: &str) -> String {
    let path = directory.path().join("routes.toml");
    fs::write(&path, text).expect("a file of rules");
    path.display().to_string()
}

#[test]
fn rules_are_set_listed_and_explained() {
    let cli = Cli::new();
    let file = cli.file(RULES);
    let nowhere = cli.explain(&["GET", "/", "--json"]);
    assert_eq!(
        (nowhere.code, &nowhere.json()["code"]),
        (Some(1), &json!("no_upstream"))
    );

    let set = cli.set(&["--mode", "declared", "--routes", &file]).done();
    assert_eq!(
        (&set["mode"], &set["routes"]),
        (&json!("declared"), &json!(3))
    );
    let list = cli.json(&["route", "list", "--org", "acme"]);
    assert_eq!(list["mode"], "declared");
    assert_eq!(
        list["items"][1],
        json!({"number": 2, "methods": ["GET"], "path": "/invoices/{id}", "effect": "read"})
    );
    let orgs = cli.json(&["org", "list"]);
    assert_eq!(orgs["items"][0]["mode"], "declared");
    assert_eq!(orgs["items"][0]["routes"], 3);

    for (asked, code, expected) in [
        (
            &["HEAD", "/invoices/7"][..],
            0,
            "passes as a read: rule 2 (GET /invoices/{id})",
        ),
        (
            &["GET", "/"],
            1,
            "refused with 403 not_a_read: no rule matches",
        ),
        (
            &["GET", "/logout"],
            1,
            "refused with 403 not_a_read: rule 3 (* /logout)",
        ),
        (
            &["GET", "/invoices/..%2f"],
            1,
            "refused with 400 ambiguous_request",
        ),
        (
            &["POST", "/api/search?_method=PUT"],
            1,
            "refused with 400 method_overridden",
        ),
        (
            &[
                "POST",
                "/api/search",
                "--header",
                "X-HTTP-Method-Override: PUT",
            ],
            1,
            "refused with 400 method_overridden",
        ),
        (
            &[
                "POST",
                "/api/search",
                "--header",
                "Content-Length: 2",
                "--header",
                "Content-Type: application/json",
            ],
            0,
            "Its body is looked into first",
        ),
        (
            &["POST", "/api/search", "--header", "Content-Length: 2"],
            1,
            "refused with 403 effect_unknown",
        ),
        (
            &["GET", "/.countersign/open"],
            1,
            "does not reach the product",
        ),
    ] {
        let explained = cli.explain(asked);
        assert_eq!(explained.code, Some(code), "{asked:?} {explained:?}");
        assert!(
            explained.stdout.contains(expected),
            "{asked:?} {}",
            explained.stdout
        );
    }
    let object = cli.explain(&["POST", "/api/search?q=1", "--json"]).done();
    assert_eq!(object["passes"], true);
    assert_eq!(
        (&object["by"], &object["status"]),
        (&json!("rule"), &json!(null))
    );
    assert_eq!(
        object["rule"],
        json!({"number": 1, "methods": ["POST"], "path": "/api/search", "effect": "read"})
    );
    let usage = cli.explain(&["GET", "/", "--header", "nonsense"]);
    assert_eq!(usage.code, Some(2));

    // A set replaces the whole upstream: what is not given again is gone.
    let set = cli.set(&[]).done();
    assert_eq!(
        (&set["mode"], &set["routes"]),
        (&json!("by-method"), &json!(0))
    );
    assert_eq!(cli.explain(&["GET", "/logout"]).code, Some(0));
}

#[test]
fn a_file_with_a_mistake_is_refused_whole() {
    let cli = Cli::new();
    let good = cli.file(RULES);
    let _ = cli.set(&["--routes", &good]).done();
    let before = cli.json(&["route", "list", "--org", "acme"]);
    for (mistake, expected) in [
        (
            "[[route]]\nmethod = \"get\"\npath = \"/x\"\neffect = \"read\"\n",
            "line 17, rule 4",
        ),
        (
            "[[route]]\nmethod = \"GET\"\npath = \"/a//b\"\neffect = \"read\"\n",
            "empty segments",
        ),
        (
            "[[route]]\nmethod = \"*\"\npath = \"/x\"\neffect = \"read\"\n",
            "name the methods",
        ),
        (
            "[[route]]\nmethod = \"POST\"\npath = \"/api/search\"\neffect = \"write\"\n",
            "rule 4 contradicts rule 1",
        ),
        (
            "[[route]]\nmethod = \"POST\"\npath = \"/x\"\neffect = \"none\"\n",
            "line 20",
        ),
        ("[[routes]]\n", "unknown field"),
        ("[[route\n", "line 17"),
    ] {
        let bad = cli.file(&format!("{RULES}{mistake}"));
        let refused = cli.set(&["--mode", "declared", "--routes", &bad]);
        assert_eq!(refused.code, Some(1), "{mistake}");
        let error = &refused.json()["error"];
        assert_eq!(error["code"], "bad_routes", "{mistake}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(expected), "{message}");
    }
    let missing = cli.set(&["--routes", "/nowhere/routes.toml"]);
    assert_eq!(missing.json()["error"]["code"], "bad_routes");
    assert_eq!(cli.json(&["route", "list", "--org", "acme"]), before);
}

#[tokio::test]
async fn the_gateway_does_what_is_explained_and_changed_rules_end_sessions() {
    let world = World::new().await;
    let server = Server::start(&world.database()).await;
    let database = world.database();
    let set = |more: &[&str]| {
        let origin = world.product.origin();
        let args = ["upstream", "set", "--org", "acme", "--origin", &origin];
        let all = args.into_iter().chain(more.iter().copied());
        let all: Vec<&str> = all.chain(["--json", "--database", &database]).collect();
        countersign(&all).done()
    };
    let file = write(&world.directory, RULES);
    set(&["--mode", "declared", "--routes", &file]);
    let new = json!({
        "org": "acme", "number": "1", "subject": "Something is off",
        "opened_by": {"admin": "ben@acme.test"}, "team": ["sam@vendor.test"],
    });
    let operator = server.api(&world.operator);
    let opened = operator.call(Method::POST, "/cases", Some(new)).await;
    let _ = opened.expect(StatusCode::CREATED);
    let sam = server.api(&world.sam);
    let why = json!({"justification": "looking into what the report describes"});
    let asked = sam
        .call(Method::POST, "/cases/1/access-request", Some(why))
        .await;
    let _ = asked.expect(StatusCode::OK);
    let dana = server.api(&world.dana);
    let granted = dana.call(Method::PUT, "/cases/1/grant", None).await;
    let _ = granted.expect(StatusCode::OK);
    let started = sam.call(Method::POST, "/cases/1/sessions", None).await;
    let session = server.session(&started.expect(StatusCode::CREATED));

    let mut passed = vec![];
    for (method, path) in [
        (Method::GET, "/invoices/7"),
        (Method::POST, "/api/search"),
        (Method::GET, "/api/search"),
        (Method::PUT, "/api/search"),
        (Method::GET, "/"),
        (Method::GET, "/logout"),
        (Method::GET, "/LOGOUT"),
        (Method::OPTIONS, "/invoices/7"),
        (Method::GET, "/invoices//7"),
    ] {
        let explained = countersign(&[
            "route",
            "explain",
            "--org",
            "acme",
            method.as_str(),
            path,
            "--json",
            "--database",
            &database,
        ]);
        let said = explained.json();
        let answer = session.send(method.clone(), path).await.expect("an answer");
        let status = answer.status;
        if explained.code == Some(0) {
            assert_eq!(status, 200, "{method} {path}");
            passed.push(format!("{method} {path}"));
        } else {
            assert_eq!(json!(status), said["status"], "{method} {path}");
            assert_eq!(answer.body["code"], said["code"], "{method} {path}");
        }
    }
    assert_eq!(passed, ["GET /invoices/7", "POST /api/search"]);
    assert_eq!(world.product.seen(), passed);

    let same = set(&["--mode", "declared", "--routes", &file]);
    assert_eq!(same["ended"], json!([]));
    let same = session
        .send(Method::GET, "/invoices/7")
        .await
        .expect("an answer");
    assert_eq!(same.status, 200, "nothing has changed");
    set(&["--mode", "declared"]);
    let after = session
        .send(Method::GET, "/invoices/7")
        .await
        .expect("an answer");
    assert_eq!(after.status, 401);
    assert_eq!(world.product.seen().len(), 3);
    // Nothing passes any more, so the customer's yes stands; it does not cover what passes after that.
    let narrow = sam.call(Method::POST, "/cases/1/sessions", None).await;
    let _ = narrow.expect(StatusCode::CREATED);
    let wide = set(&["--mode", "declared", "--routes", &file]);
    assert_eq!(wide["ended"], json!(["1"]));
    let refused = sam.call(Method::POST, "/cases/1/sessions", None).await;
    let _ = refused.expect(StatusCode::CONFLICT);
    let again = dana.call(Method::PUT, "/cases/1/grant", None).await;
    let _ = again.expect(StatusCode::OK);
    let started = sam.call(Method::POST, "/cases/1/sessions", None).await;
    let _ = started.expect(StatusCode::CREATED);
    server.kill().await;
}
