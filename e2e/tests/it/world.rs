//! One org with people, made on the command line as an operator would.

use countersign_e2e::{Directory, Product, countersign};
use serde_json::Value;

pub(crate) struct World {
    pub(crate) directory: Directory,
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
        let product = Product::start().await;
        let database = directory.database();
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
            product,
        }
    }

    /// The address of the database.
    pub(crate) fn database(&self) -> String {
        self.directory.database()
    }
}
