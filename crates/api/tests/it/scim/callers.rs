//! Who may call what, and whose word it is in a claimed org (R3).

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_app::OwnerRef;
use serde_json::json;

use super::{PATCH, USER, USERS, user};
use crate::world::{DANA, World, slug};

/// The kinds of caller, in the order of the table's columns.
const CALLERS: [&str; 9] = [
    "anonymous",
    "super admin",
    "agent",
    "operator",
    "an org's directory beside an impersonation",
    "a revoked token",
    "the org's directory",
    "another org's directory",
    "the vendor's directory",
];

/// `{id}` is an admin of Acme, or its group.
#[rustfmt::skip]
const TABLE: [(&str, &str, [u16; 9]); 21] = [
    //                                                    anon super agent oper imp  rev  own  strg vend
    ("GET",    "/scim/v2/ServiceProviderConfig",         [401, 401, 401, 401, 403, 401, 200, 200, 200]),
    ("GET",    "/scim/v2/ResourceTypes",                 [401, 401, 401, 401, 403, 401, 200, 200, 200]),
    ("GET",    "/scim/v2/ResourceTypes/{id}",            [401, 401, 401, 401, 403, 401, 404, 404, 404]),
    ("GET",    "/scim/v2/Schemas",                       [401, 401, 401, 401, 403, 401, 200, 200, 200]),
    ("GET",    "/scim/v2/Schemas/{id}",                  [401, 401, 401, 401, 403, 401, 404, 404, 404]),
    ("GET",    "/scim/v2/Users",                         [401, 401, 401, 401, 403, 401, 200, 200, 200]),
    ("POST",   "/scim/v2/Users",                         [401, 401, 401, 401, 403, 401, 201, 201, 201]),
    ("POST",   "/scim/v2/Users/.search",                 [401, 401, 401, 401, 403, 401, 200, 200, 200]),
    ("GET",    "/scim/v2/Users/{id}",                    [401, 401, 401, 401, 403, 401, 200, 404, 404]),
    ("PUT",    "/scim/v2/Users/{id}",                    [401, 401, 401, 401, 403, 401, 200, 404, 404]),
    ("PATCH",  "/scim/v2/Users/{id}",                    [401, 401, 401, 401, 403, 401, 200, 404, 404]),
    ("DELETE", "/scim/v2/Users/{id}",                    [401, 401, 401, 401, 403, 401, 204, 404, 404]),
    ("GET",    "/scim/v2/Groups",                        [401, 401, 401, 401, 403, 401, 200, 200, 404]),
    ("POST",   "/scim/v2/Groups",                        [401, 401, 401, 401, 403, 401, 501, 501, 404]),
    ("POST",   "/scim/v2/Groups/.search",                [401, 401, 401, 401, 403, 401, 200, 200, 404]),
    ("GET",    "/scim/v2/Groups/{id}",                   [401, 401, 401, 401, 403, 401, 200, 200, 404]),
    // Acme's admin is nobody whom another org's directory could put into its group.
    ("PUT",    "/scim/v2/Groups/{id}",                   [401, 401, 401, 401, 403, 401, 200, 404, 404]),
    ("PATCH",  "/scim/v2/Groups/{id}",                   [401, 401, 401, 401, 403, 401, 200, 404, 404]),
    ("DELETE", "/scim/v2/Groups/{id}",                   [401, 401, 401, 401, 403, 401, 501, 501, 404]),
    ("GET",    "/scim/v2/Me",                            [401, 401, 401, 401, 403, 401, 501, 501, 501]),
    ("POST",   "/scim/v2/Bulk",                          [401, 401, 401, 401, 403, 401, 501, 501, 501]),
];

#[test]
fn every_endpoint_is_in_the_table() {
    let known: BTreeSet<String> = TABLE
        .iter()
        .map(|(method, path, _)| format!("{method} {path}"))
        .collect();
    assert_eq!(known, countersign_api::scim_endpoints().collect());
}

#[tokio::test]
async fn every_endpoint_answers_each_kind_of_caller_as_the_table_says() {
    let world = World::new().await;
    let own = world.acmes_directory().await;
    let revoked = world.acmes_directory().await;
    let listed = world
        .get(&world.tokens.operator, "/api/v1/credentials?org=acme")
        .await
        .with(200);
    let id = listed["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        listed["items"][0]["owner"],
        json!({"kind": "directory", "org": "acme", "email": null, "name": null})
    );
    let path = format!("/api/v1/credentials/{id}");
    world
        .call(&world.tokens.dana, "DELETE", &path, None)
        .await
        .with(200);
    let strange = world
        .directory_of(OwnerRef::OrgDirectory(slug("globex")))
        .await;
    let vendors = world.directory_of(OwnerRef::VendorDirectory).await;
    let tokens = [
        None,
        Some(&world.tokens.dana),
        Some(&world.tokens.sam),
        Some(&world.tokens.operator),
        Some(&own),
        Some(&revoked),
        Some(&own),
        Some(&strange),
        Some(&vendors),
    ];
    let mut wrong = vec![];
    let mut people = 0;
    for (method, path, expected) in TABLE {
        for (column, token) in tokens.iter().enumerate() {
            people += 1;
            let email = format!("p{people}@acme.test");
            let admin = world.provisioned(&own, &email, json!({})).await;
            let at = if path.contains("Groups") {
                "super_admin"
            } else {
                &admin
            };
            let body = match (method, path) {
                ("POST", "/scim/v2/Users") => {
                    Some(user(&format!("n{people}@acme.test"), json!({})))
                }
                ("PUT", "/scim/v2/Users/{id}") => Some(user(&email, json!({"active": false}))),
                ("PATCH", "/scim/v2/Users/{id}") => Some(json!({
                    "schemas": [PATCH], "Operations": [{"op": "replace", "path": "active", "value": false}],
                })),
                ("PUT", _) => Some(json!({
                    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "members": [{"value": admin}],
                })),
                ("PATCH", _) => Some(json!({
                    "schemas": [PATCH],
                    "Operations": [{"op": "add", "path": "members", "value": [{"value": admin}]}],
                })),
                ("POST", search) if search.ends_with(".search") => Some(json!({
                    "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
                })),
                ("POST", _) => Some(json!({"schemas": [USER]})),
                _ => None,
            };
            let mut request = Request::builder()
                .method(method)
                .uri(path.replace("{id}", at));
            if let Some(token) = token {
                request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
            }
            if CALLERS[column].ends_with("impersonation") {
                request = request.header("Countersign-Identity", "x");
            }
            if body.is_some() {
                request = request.header(header::CONTENT_TYPE, "application/scim+json");
            }
            let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
            let answer = world.send(request.body(body).unwrap()).await;
            if answer.status != expected[column] {
                wrong.push(format!(
                    "{method} {path} as {}: {answer:?}",
                    CALLERS[column]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_directorys_token_opens_nothing_else() {
    let world = World::new().await;
    let own = world.acmes_directory().await;
    for path in [
        "/api/v1/me",
        "/api/v1/cases",
        "/api/v1/orgs/acme/admins",
        "/api/v1/org/privacy/oktaSupport",
    ] {
        assert_eq!(world.get(&own, path).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn what_an_operators_token_makes_in_a_claimed_org_approves_nothing_until_it_is_accepted() {
    let world = World::new().await;
    let danas = world.claimed().await;
    let own = world.acmes_directory().await;
    // It would make a super admin, and make one of somebody.
    let new = user(
        "lee@acme.test",
        json!({"roles": [{"value": "super_admin"}]}),
    );
    let made = world.post(&own, USERS, &new).await.with(201);
    let page = world
        .found_by(&own, "userName eq \"ann@acme.test\"")
        .await
        .with(200);
    let ann = page["Resources"][0]["id"].as_str().unwrap();
    let raise = json!([{"op": "replace", "path": "roles", "value": [{"value": "super_admin"}]}]);
    let raised = world.patch_user(&own, ann, raise.clone()).await.with(200);
    assert_eq!(raised["roles"][0]["value"], "admin");
    // And take the address of somebody who counts.
    let page = world
        .found_by(&own, &format!("userName eq \"{DANA}\""))
        .await
        .with(200);
    let dana = page["Resources"][0]["id"].as_str().unwrap();
    let steal = json!([{"op": "replace", "path": "userName", "value": "mallory@acme.test"}]);
    let refused = world.patch_user(&own, dana, steal.clone()).await;
    refused.scim_error(403, "");
    // Nor does it take the last key of the org away.
    let off = json!([{"op": "replace", "path": "active", "value": false}]);
    world.patch_user(&own, dana, off).await.scim_error(409, "");

    let number = world.requested_case().await;
    let grant = format!("/api/v1/cases/{number}/grant");
    for address in ["lee@acme.test", "ann@acme.test"] {
        let owner =
            json!({"kind": "api_token", "owner": {"admin": {"org": "acme", "email": address}}});
        let minted = world
            .post(&world.tokens.operator, "/api/v1/credentials", &owner)
            .await
            .with(201);
        let token = minted["token"].as_str().unwrap();
        let refused = world.call(token, "PUT", &grant, None).await;
        assert!(
            matches!(refused.status.as_u16(), 403 | 404),
            "{address}: {refused:?}"
        );
    }
    // Dana sees that it waits, and accepts it: from then on it is Acme's own.
    let claim = world.get(&danas, "/api/v1/orgs/acme/claim").await.with(200);
    let waiting = claim["waiting"].as_array().unwrap();
    let token = waiting
        .iter()
        .find(|one| one["kind"] == "scim_token")
        .expect("it waits");
    let id = token["credential"].as_str().unwrap();
    let accept = format!("/api/v1/credentials/{id}/accept");
    let accepted = world.call(&danas, "POST", &accept, None).await.with(200);
    assert_eq!(
        (&accepted["state"], &accepted["person"]),
        (&json!("accepted"), &json!(null))
    );
    let raised = world.patch_user(&own, ann, raise).await.with(200);
    assert_eq!(raised["roles"][0]["value"], "super_admin");
    // Whom it made before still waits.
    let lee = made["id"].as_str().unwrap();
    let claim = world.get(&danas, "/api/v1/orgs/acme/claim").await.with(200);
    let waits = claim["waiting"].as_array().unwrap();
    assert!(
        waits
            .iter()
            .any(|one| one["kind"] == "account" && one["person"]["email"] == "lee@acme.test"),
        "{lee}: {waits:?}"
    );
}

#[tokio::test]
async fn a_super_admin_makes_the_token_of_the_own_directory_and_whom_it_makes_counts() {
    let world = World::new().await;
    let danas = world.claimed().await;
    let wanted = |org: Option<&str>| {
        let directory = org.map_or(json!({}), |org| json!({"org": org}));
        json!({"kind": "scim_token", "owner": {"directory": directory}})
    };
    let path = "/api/v1/credentials";
    let minted = world
        .post(&danas, path, &wanted(Some("acme")))
        .await
        .with(201);
    assert_eq!(minted["acceptance"], "own");
    let own = minted["token"].as_str().unwrap();
    let new = user(
        "lee@acme.test",
        json!({"roles": [{"value": "super_admin"}]}),
    );
    world.post(own, USERS, &new).await.with(201);
    let lee = world
        .get(&danas, "/api/v1/orgs/acme/admins/lee@acme.test")
        .await
        .with(200);
    assert_eq!(
        (&lee["role"], &lee["acceptance"]),
        (&json!("super_admin"), &json!("own"))
    );
    for (token, owner, status) in [
        (&world.tokens.dana, wanted(Some("acme")), 403),
        (&world.tokens.ann, wanted(Some("acme")), 403),
        (&world.tokens.grace, wanted(Some("acme")), 404),
        (&world.tokens.sam, wanted(Some("acme")), 403),
        (&danas, wanted(None), 403),
        (&world.tokens.sam, wanted(None), 403),
        (&world.tokens.operator, wanted(Some("nobody")), 404),
        (
            &world.tokens.operator,
            json!({"kind": "api_token", "owner": {"directory": {}}}),
            422,
        ),
        (
            &world.tokens.operator,
            json!({"kind": "scim_token", "owner": {"operator": {}}}),
            422,
        ),
    ] {
        let answer = world.post(token, path, &owner).await;
        assert_eq!(answer.status, status, "{owner}: {answer:?}");
    }
}
