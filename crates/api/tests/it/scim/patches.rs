//! PATCH, as the RFC has it and as the large directories send it.

use serde_json::{Value, json};

use super::{USER, USERS};
use crate::world::World;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// What is left of somebody, without what every row has.
fn plain(mut user: Value) -> Value {
    for gone in ["schemas", "id", "meta", "emails", "groups"] {
        user.as_object_mut().unwrap().remove(gone);
    }
    user["roles"] = user["roles"][0]["value"].clone();
    user
}

#[tokio::test]
async fn operations_come_to_what_each_client_means_by_them() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let lee = json!({
        "externalId": "00u1", "displayName": "Lee Chan",
        "name": {"givenName": "Lee", "familyName": "Chan"},
    });
    let as_made = json!({
        "userName": "", "externalId": "00u1", "displayName": "Lee Chan",
        "name": {"givenName": "Lee", "familyName": "Chan"}, "active": true, "roles": "admin",
    });
    let rows: Vec<(Value, Value)> = vec![
        // Okta deactivates without a path, and sends what it has read.
        (
            json!([{"op": "replace", "value": {"active": false}}]),
            json!({"active": false}),
        ),
        (
            json!([{"op": "replace", "value": {"id": "x", "schemas": [USER], "displayName": "L"}}]),
            json!({"displayName": "L"}),
        ),
        // Entra writes operations in capitals, truth as text, and paths as names of members.
        (
            json!([{"op": "Replace", "path": "active", "value": "False"}]),
            json!({"active": false}),
        ),
        (
            json!([{"op": "Replace", "path": "active", "value": [{"$ref": null, "value": "False"}]}]),
            json!({"active": false}),
        ),
        (
            json!([{"op": "Add", "value": {"name.familyName": "Cho", format!("{ENTERPRISE}:department"): "IT"}}]),
            json!({"name": {"givenName": "Lee", "familyName": "Cho"}}),
        ),
        (
            json!([
                {"op": "Add", "path": "emails[type eq \"work\"].value", "value": "lee@elsewhere.test"},
                {"op": "Replace", "path": "name.givenName", "value": "L"},
                {"op": "Add", "path": "title", "value": "Buyer"},
                {"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "x"},
                {"op": "Replace", "path": format!("{USER}:externalId"), "value": "00u2"},
            ]),
            json!({"name": {"givenName": "L", "familyName": "Chan"}, "externalId": "00u2"}),
        ),
        (
            json!([{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "super_admin"}]),
            json!({"roles": "super_admin"}),
        ),
        // The RFC's own ways.
        (
            json!([{"op": "add", "path": "name", "value": {"formatted": "Lee Q. Chan"}}]),
            json!({"name": {"givenName": "Lee", "familyName": "Chan", "formatted": "Lee Q. Chan"}}),
        ),
        (
            json!([{"op": "remove", "path": "name"}]),
            json!({"name": null}),
        ),
        (
            json!([{"op": "remove", "path": "name.familyName"}]),
            json!({"name": {"givenName": "Lee"}}),
        ),
        (
            json!([{"op": "remove", "path": "externalId"}]),
            json!({"externalId": null}),
        ),
        (
            json!([
                {"op": "replace", "path": "roles", "value": [{"value": "super_admin"}]},
                {"op": "remove", "path": "roles[value eq \"admin\"]"},
            ]),
            json!({"roles": "super_admin"}),
        ),
        (
            json!([
                {"op": "replace", "path": "roles", "value": [{"value": "super_admin"}]},
                {"op": "remove", "path": "roles[value eq \"super_admin\"]"},
            ]),
            json!({}),
        ),
        (
            json!([
                {"op": "replace", "path": "ACTIVE", "value": false},
                {"op": "replace", "path": "active", "value": true},
            ]),
            json!({}),
        ),
    ];
    for (at, (operations, changes)) in rows.into_iter().enumerate() {
        let email = format!("lee{at}@acme.test");
        let id = world.provisioned(&token, &email, lee.clone()).await;
        let patched = world
            .patch_user(&token, &id, operations.clone())
            .await
            .with(200);
        let mut expected = as_made.clone();
        expected["userName"] = email.into();
        for (name, value) in changes.as_object().unwrap() {
            expected[name] = value.clone();
        }
        let expected: serde_json::Map<String, Value> = expected
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        assert_eq!(plain(patched), Value::Object(expected), "{operations}");
    }
}

#[tokio::test]
async fn one_operation_that_is_refused_undoes_the_others() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let id = world
        .provisioned(&token, "lee@acme.test", json!({"displayName": "Lee"}))
        .await;
    let path = format!("{USERS}/{id}");
    let before = world.get(&token, &path).await.with(200);
    let many: Vec<Value> = (0..101)
        .map(|n| json!({"op": "add", "path": "displayName", "value": format!("Lee {n}")}))
        .collect();
    for (operations, kind) in [
        (
            json!([{"op": "replace", "path": "activ", "value": false}]),
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": "name.given", "value": "L"}]),
            "invalidSyntax",
        ),
        (
            json!([{"op": "replace", "path": "name[", "value": "L"}]),
            "invalidPath",
        ),
        (
            json!([{"op": "replace", "path": "id", "value": "adm_1"}]),
            "mutability",
        ),
        (
            json!([{"op": "add", "path": "groups", "value": [{"value": "super_admin"}]}]),
            "mutability",
        ),
        (json!([{"op": "remove"}]), "noTarget"),
        (
            json!([{"op": "replace", "path": "roles[value eq \"super_admin\"].value", "value": "admin"}]),
            "noTarget",
        ),
        (
            json!([{"op": "remove", "path": "userName"}]),
            "invalidValue",
        ),
        (json!([{"op": "remove", "path": "active"}]), "invalidValue"),
        (json!([{"op": "replace", "path": "active"}]), "invalidValue"),
        (
            json!([{"op": "replace", "value": "active"}]),
            "invalidValue",
        ),
        (
            json!([{"op": "replace", "path": "userName", "value": "lee"}]),
            "invalidValue",
        ),
        (
            json!([{"op": "move", "path": "active", "value": false}]),
            "invalidSyntax",
        ),
        (json!([]), "invalidSyntax"),
        (json!(many), "tooMany"),
    ] {
        let mut all = vec![json!({"op": "replace", "path": "displayName", "value": "Changed"})];
        all.extend(operations.as_array().unwrap().iter().cloned());
        let sent = if operations == json!([]) {
            operations
        } else {
            json!(all)
        };
        let answer = world.patch_user(&token, &id, sent.clone()).await;
        answer.scim_error(400, kind);
    }
    let taken = json!([
        {"op": "replace", "path": "active", "value": false},
        {"op": "replace", "path": "userName", "value": "BEN@acme.test"},
    ]);
    world
        .patch_user(&token, &id, taken)
        .await
        .scim_error(409, "uniqueness");
    assert_eq!(world.get(&token, &path).await.with(200), before);
}
