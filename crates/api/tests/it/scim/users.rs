//! Making, reading, replacing and taking away.

use countersign_app::OwnerRef;
use serde_json::json;

use super::{USER, USERS, user};
use crate::world::{DANA, SAM, World};

#[tokio::test]
async fn somebody_is_made_read_replaced_and_deleted() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let new = user(
        "Lee@Acme.test",
        json!({
            "externalId": "00u1", "displayName": "Lee Chan", "active": true, "title": "Buyer", "password": "hunter2",
            "name": {"givenName": "Lee", "familyName": "Chan", "middleName": "Q"},
            "emails": [{"value": "elsewhere@acme.test", "primary": true}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Supply"},
        }),
    );
    let made = world.post(&token, USERS, &new).await;
    let read = made.with(201);
    assert_eq!(made.header("content-type"), "application/scim+json");
    let id = read["id"].as_str().unwrap();
    let location = format!("http://localhost:8080{USERS}/{id}");
    assert_eq!(made.header("location"), location);
    assert_eq!(
        read,
        json!({
            "schemas": [USER], "id": id, "externalId": "00u1", "userName": "lee@acme.test",
            "displayName": "Lee Chan", "name": {"givenName": "Lee", "familyName": "Chan"}, "active": true,
            "emails": [{"value": "lee@acme.test", "type": "work", "primary": true}],
            "roles": [{"value": "admin", "primary": true}],
            "meta": {
                "resourceType": "User", "location": location, "version": made.header("etag"),
                "created": "2030-01-01T00:01:00.000Z", "lastModified": "2030-01-01T00:01:00.000Z",
            },
        })
    );
    let path = format!("{USERS}/{id}");
    let again = world.get(&token, &path).await;
    assert_eq!(again.with(200), read);
    // The settings page's API knows them by the same name and address.
    let native = "/api/v1/orgs/acme/admins/lee@acme.test";
    let native = world.get(&world.tokens.dana, native).await.with(200);
    assert_eq!(
        (&native["name"], &native["role"]),
        (&json!("Lee Chan"), &json!("admin"))
    );

    world
        .post(&token, USERS, &new)
        .await
        .scim_error(409, "uniqueness");

    // What a replacement leaves out is gone, but for who may act and how far.
    let raised =
        json!([{"op": "replace", "value": {"active": false, "roles": [{"value": "super_admin"}]}}]);
    world.patch_user(&token, id, raised).await.with(200);
    world.pass(countersign_domain::Duration::from_mins(5));
    let other = user(
        "lee.chan@acme.test",
        json!({"name": {"formatted": "L. Chan"}}),
    );
    let replaced = world
        .call(&token, "PUT", &path, Some(&other))
        .await
        .with(200);
    assert_eq!(replaced["userName"], "lee.chan@acme.test");
    assert_eq!(replaced["externalId"], json!(null));
    assert_eq!(replaced["name"], json!({"formatted": "L. Chan"}));
    assert_eq!(replaced["active"], false);
    assert_eq!(replaced["roles"][0]["value"], "super_admin");
    assert_eq!(replaced["groups"][0]["value"], "super_admin");
    assert_eq!(replaced["meta"]["created"], "2030-01-01T00:01:00.000Z");
    assert_eq!(replaced["meta"]["lastModified"], "2030-01-01T00:06:00.000Z");

    let gone = world.call(&token, "DELETE", &path, None).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (204, ""));
    for method in ["GET", "DELETE"] {
        world
            .call(&token, method, &path, None)
            .await
            .scim_error(404, "");
    }
    world
        .call(&token, "PUT", &path, Some(&other))
        .await
        .scim_error(404, "");
    let natives = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/admins")
        .await
        .with(200);
    let emails: Vec<_> = natives["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["email"].clone())
        .collect();
    assert_eq!(emails, ["ann@acme.test", "ben@acme.test", DANA]);
    // The address is free, and the next one to have it is somebody else.
    let next = world
        .provisioned(&token, "lee.chan@acme.test", json!({}))
        .await;
    assert_ne!(next, id);
    let next = world
        .get(&token, &format!("{USERS}/{next}"))
        .await
        .with(200);
    assert_eq!(next["displayName"], "lee.chan@acme.test");
}

#[tokio::test]
async fn what_is_deactivated_or_deleted_is_out_of_the_product_before_the_answer() {
    let world = World::new().await;
    let (acme, vendor) = (
        world.acmes_directory().await,
        world.directory_of(OwnerRef::VendorDirectory).await,
    );
    let of = async |token: &str, email: &str| {
        let found = world
            .found_by(token, &format!("userName eq \"{email}\""))
            .await
            .with(200);
        found["Resources"][0]["id"]
            .as_str()
            .expect("somebody")
            .to_owned()
    };
    let running = async || {
        let number = world.requested_case().await;
        let path = format!("/api/v1/cases/{number}");
        world
            .call(&world.tokens.dana, "PUT", &format!("{path}/grant"), None)
            .await
            .with(200);
        let sessions = format!("{path}/sessions");
        let session = world
            .call(&world.tokens.sam, "POST", &sessions, None)
            .await
            .with(201);
        session["id"].as_str().unwrap().to_owned()
    };
    let sessions_left = async || {
        let left = world
            .get(&world.tokens.dana, "/api/v1/sessions")
            .await
            .with(200);
        left["items"].as_array().unwrap().len()
    };
    // Ben opened the case, so support looks as him.
    running().await;
    let ben = of(&acme, "ben@acme.test").await;
    let off = json!([{"op": "Replace", "path": "active", "value": "False"}]);
    let answer = world.patch_user(&acme, &ben, off.clone()).await;
    assert_eq!(answer.with(200)["active"], false);
    assert!(
        answer
            .header("countersign-effective")
            .starts_with("acknowledged=1")
    );
    assert_eq!(sessions_left().await, 0);
    // Once more changes nothing, and waits for nothing of its own.
    let answer = world.patch_user(&acme, &ben, off).await;
    assert_eq!(answer.with(200)["active"], false);
    let on = json!([{"op": "Replace", "path": "active", "value": "True"}]);
    world.patch_user(&acme, &ben, on).await.with(200);

    running().await;
    let sam = of(&vendor, SAM).await;
    let gone = world
        .call(&vendor, "DELETE", &format!("{USERS}/{sam}"), None)
        .await;
    assert_eq!(gone.status, 204);
    assert!(
        gone.header("countersign-effective")
            .starts_with("acknowledged=1")
    );
    assert_eq!(sessions_left().await, 0);
    world
        .get(&world.tokens.sam, "/api/v1/cases")
        .await
        .problem(403, "caller_inactive");
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries?limit=1000")
        .await
        .with(200);
    let ended: Vec<_> = log["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["type"] == "session.ended")
        .map(|entry| entry["actor"]["kind"].clone())
        .collect();
    assert_eq!(ended, ["provisioning", "provisioning"]);
}

#[tokio::test]
async fn only_what_was_read_is_changed() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    let id = world.provisioned(&token, "lee@acme.test", json!({})).await;
    let path = format!("{USERS}/{id}");
    let read = world.get(&token, &path).await;
    let first = read.header("etag").to_owned();
    assert_eq!(read.json()["meta"]["version"], first.as_str());
    let known = [("if-none-match", first.as_str())];
    let same = world.call_with(&token, "GET", &path, &known, None).await;
    assert_eq!((same.status.as_u16(), same.text.as_str()), (304, ""));

    let renamed = json!([{"op": "add", "path": "displayName", "value": "Lee"}]);
    let second = world.patch_user(&token, &id, renamed).await.with(200)["meta"]["version"].clone();
    assert_ne!(second, first.as_str());
    let stale = [("if-match", first.as_str())];
    let other = user("lee@acme.test", json!({"active": false}));
    for (method, body) in [("PUT", Some(&other)), ("DELETE", None)] {
        let refused = world.call_with(&token, method, &path, &stale, body).await;
        refused.scim_error(412, "");
    }
    let fresh = [("if-match", second.as_str().unwrap())];
    let changed = world
        .call_with(&token, "PUT", &path, &fresh, Some(&other))
        .await;
    assert_eq!(changed.with(200)["active"], false);
}

#[tokio::test]
async fn what_cannot_be_read_makes_nobody_and_says_why() {
    let world = World::new().await;
    let token = world.acmes_directory().await;
    for (body, kind, says) in [
        (
            json!({"userName": "lee@acme.test"}),
            "invalidSyntax",
            "schemas",
        ),
        (
            json!({"schemas": ["urn:other"], "userName": "lee@acme.test"}),
            "invalidSyntax",
            "schemas",
        ),
        (json!({"schemas": [USER]}), "invalidValue", "userName"),
        (user("lee", json!({})), "invalidValue", "userName"),
        (
            user("lee@acme.test", json!({"activ": false})),
            "invalidSyntax",
            "activ",
        ),
        (
            user("lee@acme.test", json!({"active": "no"})),
            "invalidValue",
            "active",
        ),
        (
            user("lee@acme.test", json!({"Active": true, "active": false})),
            "invalidSyntax",
            "active",
        ),
        (
            user("lee@acme.test", json!({"name": "Lee"})),
            "invalidValue",
            "name",
        ),
        (
            user("lee@acme.test", json!({"name": {"given": "Lee"}})),
            "invalidSyntax",
            "name.given",
        ),
        (
            user("lee@acme.test", json!({"displayName": 7})),
            "invalidValue",
            "displayName",
        ),
        (
            user("lee@acme.test", json!({"displayName": "L\nee"})),
            "invalidValue",
            "displayName",
        ),
        (
            user("lee@acme.test", json!({"roles": [{"value": "owner"}]})),
            "invalidValue",
            "roles",
        ),
        (
            user(
                "lee@acme.test",
                json!({"roles": [{"value": "admin"}, {"value": "super_admin"}]}),
            ),
            "invalidValue",
            "roles",
        ),
        (
            user("lee@acme.test", json!({"externalId": "x".repeat(256)})),
            "invalidValue",
            "externalId",
        ),
        (json!([]), "invalidSyntax", "object"),
    ] {
        let error = world.post(&token, USERS, &body).await.scim_error(400, kind);
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains(says), "{body}: {detail}");
    }
    let huge = user("lee@acme.test", json!({"title": "x".repeat(256 * 1024)}));
    world.post(&token, USERS, &huge).await.scim_error(413, "");
    let plain = [("content-type", "text/plain")];
    world
        .call_with(&token, "POST", USERS, &plain, None)
        .await
        .scim_error(415, "");
    let total = world
        .get(&token, &format!("{USERS}?count=0"))
        .await
        .with(200);
    assert_eq!(
        (&total["totalResults"], &total["itemsPerPage"]),
        (&json!(3), &json!(0))
    );
}
