//! One org with people, made on the command line as an operator would.

use countersign_e2e::{Api, Directory, Effective, Product, Server, countersign};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) struct World {
    pub(crate) directory: Directory,
    database: String,
    pub(crate) product: Product,
    pub(crate) operator: String,
    pub(crate) dana: String,
    pub(crate) ben: String,
    pub(crate) sam: String,
    pub(crate) kim: String,
    pub(crate) stranger: String,
}

impl World {
    /// Acme with Dana (super admin) and Ben (admin); Globex with Grace; agents Sam and Kim.
    pub(crate) async fn new() -> Self {
        let directory = Directory::fresh();
        let database = directory.database();
        Self::made(directory, database).await
    }

    /// The same in a database elsewhere.
    pub(crate) async fn on(database: &str) -> Self {
        Self::made(Directory::fresh(), database.to_owned()).await
    }

    async fn made(directory: Directory, database: String) -> Self {
        let product = Product::start().await;
        let run = |args: &[&str]| -> Value {
            let all: Vec<&str> = args
                .iter()
                .copied()
                .chain(["--json", "--database", &database])
                .collect();
            countersign(&all).done()
        };
        for (slug, name) in [("acme", "Acme Inc"), ("globex", "Globex GmbH")] {
            run(&["org", "create", "--slug", slug, "--name", name]);
            let origin = product.origin();
            run(&["upstream", "set", "--org", slug, "--origin", &origin]);
        }
        for (org, email, role) in [
            ("acme", "dana@acme.test", "super_admin"),
            ("acme", "ben@acme.test", "admin"),
            ("globex", "grace@globex.test", "super_admin"),
        ] {
            run(&[
                "admin", "create", "--org", org, "--email", email, "--name", "Somebody", "--role",
                role,
            ]);
        }
        for email in ["sam@vendor.test", "kim@vendor.test"] {
            run(&["agent", "create", "--email", email, "--name", "Agent"]);
        }
        let token = |whom: &[&str]| {
            let args: Vec<&str> = ["token", "create"].iter().chain(whom).copied().collect();
            run(&args)["token"].as_str().expect("a token").to_owned()
        };
        Self {
            operator: token(&["--operator"]),
            dana: token(&["--org", "acme", "--admin", "dana@acme.test"]),
            ben: token(&["--org", "acme", "--admin", "ben@acme.test"]),
            stranger: token(&["--org", "globex", "--admin", "grace@globex.test"]),
            sam: token(&["--agent", "sam@vendor.test"]),
            kim: token(&["--agent", "kim@vendor.test"]),
            directory,
            database,
            product,
        }
    }

    /// The address of the database.
    pub(crate) fn database(&self) -> String {
        self.database.clone()
    }

    /// Runs a command on it, which must succeed.
    pub(crate) fn run(&self, args: &[&str]) -> Value {
        let rest = ["--json", "--database", &self.database];
        let args: Vec<&str> = args.iter().copied().chain(rest).collect();
        countersign(&args).done()
    }

    /// A case of Acme's that Sam and Kim work on, for which Dana has ticked what Sam asked for.
    pub(crate) async fn granted(&self, at: &Server, number: &str) {
        let team = ["sam@vendor.test", "kim@vendor.test"];
        self.asked(at, "acme", number, &team, &self.sam).await;
        self.tick(at, number).await;
    }

    /// A case of an org that agents work on, the first of whom asks.
    pub(crate) async fn asked(
        &self,
        at: &Server,
        org: &str,
        number: &str,
        team: &[&str],
        token: &str,
    ) {
        let admin = match org {
            "acme" => "dana@acme.test",
            _ => "grace@globex.test",
        };
        let new = json!({
            "org": org, "number": number, "subject": "Something is off",
            "opened_by": {"admin": admin}, "team": team,
        });
        let operator = at.api(&self.operator);
        let opened = operator.call(Method::POST, "/cases", Some(new)).await;
        let _ = opened.expect(StatusCode::CREATED);
        let why = json!({"justification": "looking into what the report describes"});
        let path = format!("/cases/{number}/access-request");
        let asked = at.api(token).call(Method::POST, &path, Some(why)).await;
        let _ = asked.expect(StatusCode::OK);
    }

    /// One more agent, who signs in with a token.
    pub(crate) async fn agent(&self, at: &Server, email: &str) -> String {
        let operator = at.api(&self.operator);
        let new = json!({"email": email, "name": "Agent"});
        let made = operator.call(Method::POST, "/agents", Some(new)).await;
        let _ = made.expect(StatusCode::CREATED);
        let new = json!({"kind": "api_token", "owner": {"agent": email}});
        let made = operator.call(Method::POST, "/credentials", Some(new)).await;
        let made = made.expect(StatusCode::CREATED);
        made["token"].as_str().expect("a token").to_owned()
    }

    /// Dana ticks.
    pub(crate) async fn tick(&self, at: &Server, number: &str) {
        let grant = format!("/cases/{number}/grant");
        let ticked = at.api(&self.dana).call(Method::PUT, &grant, None).await;
        let _ = ticked.expect(StatusCode::OK);
    }

    /// An agent's session for a case.
    pub(crate) async fn started(&self, at: &Server, token: &str, number: &str) -> Value {
        let path = format!("/cases/{number}/sessions");
        let started = at.api(token).call(Method::POST, &path, None).await;
        started.expect(StatusCode::CREATED)
    }

    /// Dana unticks.
    pub(crate) async fn revoked(&self, at: &Server, number: &str) -> Effective {
        let grant = format!("/cases/{number}/grant");
        let revoked = at.api(&self.dana).call(Method::DELETE, &grant, None).await;
        let effective = revoked.effective;
        let _ = revoked.expect(StatusCode::OK);
        effective.expect("it says how it became effective")
    }

    /// All of Acme's log, as Dana reads it at a process.
    pub(crate) async fn log(&self, at: &Server) -> Vec<Value> {
        entries(&at.api(&self.dana), "acme").await
    }
}

/// All of an org's log, oldest first.
pub(crate) async fn entries(reader: &Api, org: &str) -> Vec<Value> {
    let list = format!("/orgs/{org}/entries?limit=1000");
    let (mut all, mut path) = (vec![], list.clone());
    loop {
        let page = reader.call(Method::GET, &path, None).await;
        let page = page.expect(StatusCode::OK);
        all.extend(page["items"].as_array().into_iter().flatten().cloned());
        match page["next"].as_str() {
            Some(next) => path = format!("{list}&after={next}"),
            None => return all,
        }
    }
}
