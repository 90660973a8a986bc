//! The group of super admins.

use serde_json::{Value, json};

use super::{PATCH, USERS};
use crate::{
    probe::Answer,
    world::{DANA, World},
};

const GROUP: &str = "/scim/v2/Groups/super_admin";

impl World {
    async fn patch_group(&self, token: &str, operations: Value) -> Answer {
        let body = json!({"schemas": [PATCH], "Operations": operations});
        self.call(token, "PATCH", GROUP, Some(&body)).await
    }
}

fn members(group: &Value) -> Vec<&str> {
    let all = group["members"].as_array().expect("members");
    all.iter()
        .map(|member| member["value"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn whoever_is_put_into_the_group_is_a_super_admin_until_taken_out() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let page = world
        .found_by(&token, &format!("userName eq \"{DANA}\""))
        .await
        .with(200);
    let dana = page["Resources"][0]["id"].as_str().unwrap();
    let lee = &world
        .provisioned(&token, "lee@acme.test", json!({"displayName": "Lee"}))
        .await;
    let mia = &world.provisioned(&token, "mia@acme.test", json!({})).await;
    let first = world.get(&token, GROUP).await;
    let group = first.with(200);
    assert_eq!(
        group,
        json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "id": "super_admin", "displayName": "super_admin",
            "members": [{
                "value": dana, "display": "Dana Reed", "type": "User",
                "$ref": format!("http://localhost:8080{USERS}/{dana}"),
            }],
            "meta": {
                "resourceType": "Group", "version": first.header("etag"),
                "location": format!("http://localhost:8080{GROUP}"),
            },
        })
    );
    let role = async |email: &str| {
        let path = format!("/api/v1/orgs/acme/admins/{email}");
        world.get(&world.tokens.operator, &path).await.with(200)["role"].clone()
    };
    let rows: Vec<(Value, Vec<&str>)> = vec![
        (
            json!([{"op": "add", "path": "members", "value": [{"value": lee}]}]),
            vec![dana, lee],
        ),
        // Again, and with what Okta sends beside it.
        (
            json!([
                {"op": "replace", "value": {"id": "super_admin", "displayName": "super_admin"}},
                {"op": "Add", "path": "members", "value": [{"value": lee, "display": "x"}, {"value": mia}]},
            ]),
            vec![dana, lee, mia],
        ),
        (
            json!([{"op": "remove", "path": format!("members[value eq \"{lee}\"]")}]),
            vec![dana, mia],
        ),
        // As Entra removes.
        (
            json!([{"op": "Remove", "path": "members", "value": [{"value": mia}]}]),
            vec![dana],
        ),
        (
            json!([{"op": "replace", "path": "members", "value": [{"value": lee}]}]),
            vec![lee],
        ),
        (json!([{"op": "remove", "path": "members"}]), vec![]),
        (
            json!([{"op": "add", "value": {"members": [{"value": dana}]}}]),
            vec![dana],
        ),
    ];
    for (operations, expected) in rows {
        let patched = world
            .patch_group(&token, operations.clone())
            .await
            .with(200);
        assert_eq!(members(&patched), expected, "{operations}");
        assert_eq!(members(&world.get(&token, GROUP).await.with(200)), expected);
    }
    assert_eq!(role("lee@acme.test").await, "admin");
    let whole = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "super_admin",
        "members": [{"value": dana}, {"value": lee}],
    });
    let replaced = world
        .call(&token, "PUT", GROUP, Some(&whole))
        .await
        .with(200);
    assert_eq!(members(&replaced), [dana, lee]);
    assert_eq!(role("lee@acme.test").await, "super_admin");
    // Nothing said of members takes nobody out.
    let nameless = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "super_admin"});
    let kept = world
        .call(&token, "PUT", GROUP, Some(&nameless))
        .await
        .with(200);
    assert_eq!(members(&kept), [dana, lee]);
    let read = world.get(&token, &format!("{USERS}/{lee}")).await.with(200);
    assert_eq!(read["groups"][0]["value"], "super_admin");
    // What was read before all of this is not what there is.
    let stale = [("if-match", first.header("etag"))];
    world
        .call_with(&token, "PUT", GROUP, &stale, Some(&whole))
        .await
        .scim_error(412, "");
}

#[tokio::test]
async fn the_group_is_found_by_its_name_and_is_the_only_one() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    for (query, found) in [
        ("", 1),
        ("?filter=displayName+eq+%22super_admin%22", 1),
        ("?filter=displayName+eq+%22Approvers%22", 0),
        (
            "?filter=id+eq+%22super_admin%22&excludedAttributes=members",
            1,
        ),
        ("?startIndex=2", 1),
    ] {
        let page = world
            .get(&token, &format!("/scim/v2/Groups{query}"))
            .await
            .with(200);
        assert_eq!(page["totalResults"], found, "{query}");
    }
    let brief = world
        .get(&token, &format!("{GROUP}?excludedAttributes=members"))
        .await
        .with(200);
    assert!(brief["members"].is_null());
    let new = json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Approvers"});
    world
        .post(&token, "/scim/v2/Groups", &new)
        .await
        .scim_error(501, "");
    world
        .call(&token, "DELETE", GROUP, None)
        .await
        .scim_error(501, "");
    world
        .get(&token, "/scim/v2/Groups/admin")
        .await
        .scim_error(404, "");
    let search = json!({"schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]});
    let found = world
        .post(&token, "/scim/v2/Groups/.search", &search)
        .await
        .with(200);
    assert_eq!(found["totalResults"], 1);
}

#[tokio::test]
async fn a_change_of_members_happens_whole_or_not_at_all() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let lee = world.provisioned(&token, "lee@acme.test", json!({})).await;
    let globex = world
        .directory_of(countersign_app::OwnerRef::OrgDirectory(crate::world::slug(
            "globex",
        )))
        .await;
    let elsewhere = world
        .provisioned(&globex, "una@globex.test", json!({}))
        .await;
    let nobody = "adm_00000000000000000000000000000000";
    let crowd: Vec<Value> = (0..1_001)
        .map(|n| json!({"value": format!("adm_{n:032x}")}))
        .collect();
    for (operations, status, kind) in [
        (
            json!([{"op": "add", "path": "members", "value": [{"value": lee}, {"value": elsewhere}]}]),
            404,
            "",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": lee}, {"value": nobody}]}]),
            404,
            "",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [{"value": "lee@acme.test"}]}]),
            404,
            "",
        ),
        (
            json!([{"op": "add", "path": "members", "value": crowd}]),
            400,
            "tooMany",
        ),
        (
            json!([{"op": "replace", "path": "displayName", "value": "Approvers"}]),
            400,
            "mutability",
        ),
        (
            json!([{"op": "add", "path": "owners", "value": []}]),
            400,
            "invalidPath",
        ),
        (
            json!([{"op": "remove", "path": "members[display eq \"Lee\"]"}]),
            400,
            "invalidPath",
        ),
        (
            json!([{"op": "add", "path": "members", "value": [7]}]),
            400,
            "invalidValue",
        ),
    ] {
        let answer = world.patch_group(&token, operations).await;
        answer.scim_error(status, kind);
    }
    let group = world.get(&token, GROUP).await.with(200);
    assert_eq!(members(&group).len(), 1);
}
