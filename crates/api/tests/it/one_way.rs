//! There is one way to add an endpoint, so that none is outside the authorization matrix.

fn sources(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = vec![];
    for file in std::fs::read_dir(directory).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else {
            files.push(path);
        }
    }
    files
}

/// The document is made of the very registrations that make the router; an endpoint added to the
/// router in another way would be in neither. What is: the lists of Okta's endpoints and of SCIM's, which have names for
/// this table and for their own, and the answers to unknown addresses.
#[test]
fn endpoints_are_added_in_one_way_only() {
    let mut found = vec![];
    for path in sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        let text = std::fs::read_to_string(&path).unwrap();
        let added = text.lines().filter(|line| {
            [
                ".route(",
                ".route_service(",
                ".nest(",
                ".nest_service(",
                ".fallback(",
            ]
            .iter()
            .any(|way| line.contains(way))
        });
        found.extend(added.map(|line| line.trim().to_owned()));
    }
    found.sort();
    assert_eq!(
        found,
        [
            ".route(\"/api\", any(async || Problem::no_such_path()))",
            ".route(\"/api/\", any(async || Problem::no_such_path()))",
            ".route(\"/api/{*rest}\", any(async || Problem::no_such_path()))",
            ".route(\"/scim/v2\", any(async || Problem::no_such_path()))",
            ".route(\"/scim/v2/\", any(async || Problem::no_such_path()))",
            ".route(\"/scim/v2/{*rest}\", any(async || Problem::no_such_path()))",
            "router.route(endpoint.path, endpoint.on)",
            "router.route(endpoint.path, endpoint.on)",
            "routes.route(\"/api/v1/org/{*rest}\", any(async || Problem::no_such_path()))",
        ]
    );
}
