//! Asking for many: filters, pages, and what is told of each.

use countersign_app::OwnerRef;
use serde_json::{Value, json};

use super::{USERS, encoded};
use crate::world::World;

fn names(page: &Value) -> Vec<&str> {
    let all = page["Resources"].as_array().expect("resources");
    all.iter()
        .map(|user| {
            user["userName"]
                .as_str()
                .expect("a name")
                .split('@')
                .next()
                .unwrap()
        })
        .collect()
}

#[tokio::test]
async fn filters_find_whom_they_say() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let lee =
        json!({"externalId": "00U1", "displayName": "Lee Chan", "name": {"familyName": "Chan"}});
    let id = world.provisioned(&token, "lee@acme.test", lee).await;
    let off = json!({"active": false, "externalId": "00u2", "roles": [{"value": "super_admin"}]});
    world.provisioned(&token, "mia@acme.test", off).await;
    let by_id = format!("id eq \"{id}\"");
    let not_hers = format!("id eq \"{id}\" and active eq false");
    for (filter, expected) in [
        ("userName eq \"LEE@acme.test\"", vec!["lee"]),
        ("emails.value eq \"lee@acme.test\"", vec!["lee"]),
        ("emails[type eq \"work\" and value sw \"lee\"]", vec!["lee"]),
        (
            "emails co \"@acme\"",
            vec!["ann", "ben", "dana", "lee", "mia"],
        ),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"lee@acme.test\"",
            vec!["lee"],
        ),
        ("externalId eq \"00U1\"", vec!["lee"]),
        // How a directory names somebody is told apart by case, and looked up so.
        ("externalId eq \"00u1\"", vec![]),
        ("externalId pr", vec!["lee", "mia"]),
        (by_id.as_str(), vec!["lee"]),
        (not_hers.as_str(), vec![]),
        ("id eq \"agt_1\"", vec![]),
        ("userName eq \"no address\"", vec![]),
        ("active eq false", vec!["mia"]),
        ("active eq \"False\"", vec!["mia"]),
        (
            "active ne true and roles.value eq \"super_admin\"",
            vec!["mia"],
        ),
        ("roles eq \"super_admin\"", vec!["dana", "mia"]),
        ("groups.value eq \"super_admin\"", vec!["dana", "mia"]),
        ("not (userName co \"a\")", vec![]),
        (
            "name.familyName eq \"chan\" or userName sw \"ann\"",
            vec!["ann", "lee"],
        ),
        ("DISPLAYNAME EW \"chan\"", vec!["lee"]),
        (
            "meta.created ge \"2030-01-01T00:01:00Z\"",
            vec!["lee", "mia"],
        ),
        (
            "meta.lastModified lt \"2030-01-01T01:00:30+01:00\"",
            vec!["ann", "ben", "dana"],
        ),
        ("name eq null", vec!["ann", "ben", "dana", "mia"]),
    ] {
        let page = world.found_by(&token, filter).await.with(200);
        assert_eq!(names(&page), expected, "{filter}");
        assert_eq!(page["totalResults"], expected.len(), "{filter}");
        let search = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
            "filter": filter, "attributes": ["userName"],
        });
        let path = format!("{USERS}/.search");
        let searched = world.post(&token, &path, &search).await.with(200);
        assert_eq!(names(&searched), expected, "{filter}");
    }
    for filter in [
        "userName",
        "userName eq lee",
        "password eq \"hunter2\"",
        "title pr",
        "userName eq 7",
        "active gt true",
        "meta.created gt \"tomorrow\"",
        "name eq \"Chan\"",
        "emails[domain eq \"x\"]",
        "urn:other:userName pr",
    ] {
        world
            .found_by(&token, filter)
            .await
            .scim_error(400, "invalidFilter");
    }
    let deep = format!("{}active eq true{}", "(".repeat(17), ")".repeat(17));
    world
        .found_by(&token, &deep)
        .await
        .scim_error(400, "invalidFilter");
    let long = format!("userName eq \"{}\"", "x".repeat(5_000));
    world
        .found_by(&token, &long)
        .await
        .scim_error(400, "invalidFilter");
}

#[tokio::test]
async fn pages_follow_each_other_and_tell_what_is_asked_for() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let page = async |query: &str| {
        world
            .get(&token, &format!("{USERS}?{query}"))
            .await
            .with(200)
    };
    for (query, expected, start) in [
        ("", vec!["ann", "ben", "dana"], 1),
        ("count=2", vec!["ann", "ben"], 1),
        ("startIndex=3&count=2", vec!["dana"], 3),
        ("startIndex=4", vec![], 4),
        ("startIndex=-2&count=1", vec!["ann"], 1),
        ("count=-1", vec![], 1),
        ("count=100000", vec!["ann", "ben", "dana"], 1),
        ("startIndex=2&count=1&filter=active+eq+true", vec!["ben"], 2),
        (
            "sortBy=userName&sortOrder=descending",
            vec!["ann", "ben", "dana"],
            1,
        ),
    ] {
        let read = page(query).await;
        assert_eq!(names(&read), expected, "{query}");
        assert_eq!(read["totalResults"], 3, "{query}");
        assert_eq!(read["startIndex"], start, "{query}");
        assert_eq!(read["itemsPerPage"], expected.len(), "{query}");
    }
    let few = page("count=1&attributes=userName").await;
    let one = few["Resources"][0].as_object().unwrap();
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        ["id", "schemas", "userName"]
    );
    let without = page("count=1&excludedAttributes=meta,emails,displayName,roles,active").await;
    assert_eq!(
        without["Resources"][0]
            .as_object()
            .unwrap()
            .keys()
            .collect::<Vec<_>>(),
        ["id", "schemas", "userName"]
    );
    for query in [
        "startIndex=one",
        "count=1.5",
        "count=1&COUNT=2",
        "attributes=id&excludedAttributes=meta",
    ] {
        let path = format!("{USERS}?{query}");
        world
            .get(&token, &path)
            .await
            .scim_error(400, "invalidValue");
    }
}

#[tokio::test]
async fn the_vendors_directory_has_agents_and_no_roles() {
    let world = World::new().await;
    let token = world.directory_of(OwnerRef::VendorDirectory).await;
    let all = world.get(&token, USERS).await.with(200);
    assert_eq!(names(&all), ["kim", "sam", "tom"]);
    let off = world.found_by(&token, "active eq false").await.with(200);
    assert_eq!(names(&off), ["kim"]);
    assert!(off["Resources"][0]["roles"].is_null());
    world
        .found_by(&token, "roles pr")
        .await
        .scim_error(400, "invalidFilter");
    // What an agent cannot have is not kept.
    let roles = json!({"roles": [{"value": "super_admin"}]});
    let id = world.provisioned(&token, "una@vendor.test", roles).await;
    let read = world.get(&token, &format!("{USERS}/{id}")).await.with(200);
    assert!(read["roles"].is_null());
    let native = format!("/api/v1/agents/{}", encoded("una@vendor.test"));
    world.get(&world.tokens.operator, &native).await.with(200);
    for (path, expected) in [("ResourceTypes", vec!["User"]), ("Schemas", vec!["User"])] {
        let all = world
            .get(&token, &format!("/scim/v2/{path}"))
            .await
            .with(200);
        let names: Vec<_> = all["Resources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].clone())
            .collect();
        assert_eq!(names, expected, "{path}");
    }
    world
        .get(&token, "/scim/v2/Groups")
        .await
        .scim_error(404, "");
}

#[tokio::test]
async fn a_client_finds_out_what_there_is() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let read = async |path: &str| world.get(&token, &format!("/scim/v2/{path}")).await;
    let config = read("ServiceProviderConfig").await.with(200);
    for (name, supported) in [
        ("patch", true),
        ("filter", true),
        ("etag", true),
        ("bulk", false),
        ("sort", false),
        ("changePassword", false),
    ] {
        assert_eq!(config[name]["supported"], supported, "{name}");
    }
    let types = read("ResourceTypes").await.with(200);
    assert_eq!(types["totalResults"], 2);
    for one in types["Resources"].as_array().unwrap() {
        let name = one["name"].as_str().unwrap();
        assert_eq!(read(&format!("ResourceTypes/{name}")).await.with(200), *one);
        let schema = one["schema"].as_str().unwrap();
        let schema = read(&format!("Schemas/{schema}")).await.with(200);
        assert_eq!(schema["name"], name);
        let location = schema["meta"]["location"].as_str().unwrap();
        assert!(location.starts_with("http://localhost:8080/scim/v2/Schemas/"));
    }
    read("Schemas/urn:other").await.scim_error(404, "");
    read("Me").await.scim_error(501, "");
    world
        .post(&token, "/scim/v2/Bulk", &json!({}))
        .await
        .scim_error(501, "");
    for nowhere in ["", "Roles", "Users/x/y"] {
        read(nowhere).await.scim_error(404, "");
    }
    world
        .call(&token, "PUT", USERS, None)
        .await
        .scim_error(405, "");
}
