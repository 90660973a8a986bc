//! R3 by the API: what an operator makes in a claimed org waits.

use countersign_app::{MadePasskey, OwnerRef};
use countersign_domain::{Actor, AdminId, CredentialId, PasskeyName, Role};
use countersign_identity::Identity;
use serde_json::{Value, json};

use crate::matrix_bodies::{new_client, new_provider};
use crate::probe::Answer;
use crate::world::{ANN, BEN, DANA, OPERATOR, SAM, World, email, good, slug};

impl World {
    async fn token_for(&self, address: &str) -> (CredentialId, String) {
        let owner = OwnerRef::Admin {
            org: slug("acme"),
            email: email(address),
        };
        let minted = good(self.app.mint_token(OPERATOR, &owner, None).await);
        (minted.id, minted.secret.expose().to_owned())
    }

    async fn id_of(&self, address: &str) -> AdminId {
        let state = good(self.app.store().directory(None).await).state;
        let acme = state.orgs().find(|org| org.slug.as_str() == "acme");
        let acme = acme.expect("Acme").id;
        let state = good(self.app.store().directory(Some(acme)).await).state;
        let admin = state.admins().find(|admin| admin.email.as_str() == address);
        admin.expect("the admin").id
    }

    /// Dana claims Acme with a passkey; a token of her own making.
    pub(crate) async fn claimed(&self) -> String {
        let id = self.id_of(DANA).await;
        let made = MadePasskey {
            handle: b"danas".to_vec(),
            key: "{}".to_owned(),
            name: good(PasskeyName::parse("laptop")),
        };
        let by = Actor::Admin { id, via: None };
        let now = good(self.app.store().now().await);
        let key = good(self.app.register_passkey(by, made, now).await);
        let by = Actor::Admin { id, via: Some(key) };
        assert!(good(self.app.passkey_sign_in(by).await));
        let owner = OwnerRef::Admin {
            org: slug("acme"),
            email: email(DANA),
        };
        let minted = good(self.app.mint_token(by, &owner, None).await);
        minted.secret.expose().to_owned()
    }

    async fn dana(&self, token: &str) -> Actor {
        good(Identity::new(self.app.clone()).bearer(token).await).actor
    }

    async fn decide(&self, token: &str, path: &str) -> Answer {
        self.call(token, "POST", &format!("/api/v1/{path}"), None)
            .await
    }
}

#[tokio::test]
async fn an_operators_token_approves_until_the_org_is_claimed_and_then_once_accepted() {
    let world = World::new().await;
    let (before, after) = (world.requested_case().await, world.requested_case().await);
    let grant = async |token: &str, case: &str| {
        let path = format!("/api/v1/cases/{case}/grant");
        world.call(token, "PUT", &path, None).await
    };
    grant(&world.tokens.dana, &before).await.with(200);
    let danas = world.claimed().await;
    // A token from before the claim, and one from after it.
    let (id, fresh) = world.token_for(DANA).await;
    for token in [&world.tokens.dana, &fresh] {
        let refused = grant(token, &after).await.with(403);
        assert_eq!(refused["code"], "credential_not_accepted");
        // It sees the case, and takes access away, but does not read the log.
        let path = format!("/api/v1/cases/{after}");
        world.get(token, &path).await.with(200);
        let log = world
            .get(token, "/api/v1/orgs/acme/entries")
            .await
            .with(403);
        assert_eq!(log["code"], "credential_not_accepted");
        let claim = world.get(token, "/api/v1/orgs/acme/claim").await.with(200);
        assert_eq!(claim["counts"], false);
    }
    let path = format!("/api/v1/cases/{before}/grant");
    world.call(&fresh, "DELETE", &path, None).await.with(200);
    // It cannot accept itself; what counts can accept it.
    let accept = format!("credentials/{id}/accept");
    let refused = world.decide(&fresh, &accept).await.with(403);
    assert_eq!(refused["code"], "credential_not_accepted");
    let accepted = world.decide(&danas, &accept).await.with(200);
    assert_eq!(
        accepted,
        json!({
            "person": {"email": DANA, "name": "Dana Reed"}, "credential": id.to_string(),
            "state": "accepted", "accepted_by": {"email": DANA, "name": "Dana Reed"},
        })
    );
    world.decide(&danas, &accept).await.with(200);
    grant(&fresh, &after).await.with(200);
    let entries = world
        .get(&fresh, "/api/v1/orgs/acme/entries?limit=1000")
        .await
        .with(200);
    let items = entries["items"].as_array().unwrap();
    let granted = items
        .iter()
        .rfind(|entry| entry["type"] == "access.granted");
    assert_eq!(
        granted.unwrap()["actor"]["credential"],
        json!(id.to_string())
    );
}

#[tokio::test]
async fn a_refused_token_is_no_token() {
    let world = World::new().await;
    let danas = world.claimed().await;
    let (id, token) = world.token_for(DANA).await;
    let refused = world
        .decide(&danas, &format!("credentials/{id}/refuse"))
        .await
        .with(200);
    assert_eq!(
        (&refused["state"], &refused["accepted_by"]),
        (&json!("refused"), &Value::Null)
    );
    world.get(&token, "/api/v1/me").await.with(401);
    let again = world
        .decide(&danas, &format!("credentials/{id}/accept"))
        .await
        .with(409);
    assert_eq!(again["code"], "already_refused");
    for nothing in ["cred_00000000000000000000000000000000", "cred_x", "%20"] {
        let path = format!("credentials/{nothing}/accept");
        let unknown = world.decide(&danas, &path).await.with(404);
        assert_eq!(unknown["code"], "credential_not_found");
    }
}

#[tokio::test]
async fn people_and_roles_wait_too() {
    let world = World::new().await;
    let danas = world.claimed().await;
    let case = world.requested_case().await;
    let path = format!("/api/v1/cases/{case}/grant");
    // Ben opened the case; neither he nor his token has been accepted.
    let refused = world
        .call(&world.tokens.ben, "PUT", &path, None)
        .await
        .with(403);
    assert_eq!(refused["code"], "admin_not_accepted");
    let ben = format!("orgs/acme/admins/{BEN}");
    let accepted = world
        .decide(&danas, &format!("{ben}/accept"))
        .await
        .with(200);
    assert_eq!(accepted["acceptance"], "accepted");
    let refused = world
        .call(&world.tokens.ben, "PUT", &path, None)
        .await
        .with(403);
    assert_eq!(refused["code"], "credential_not_accepted");

    // An operator would make Ann a super admin.
    let (acme, ann) = (slug("acme"), email(ANN));
    good(
        world
            .app
            .set_role(OPERATOR, &acme, &ann, Role::SuperAdmin)
            .await,
    );
    let claim = world.get(&danas, "/api/v1/orgs/acme/claim").await.with(200);
    let waits = |kind: &str, address: &str| {
        claim["waiting"]
            .as_array()
            .unwrap()
            .iter()
            .any(|one| one["kind"] == kind && one["person"]["email"] == address)
    };
    assert!(waits("role", ANN) && waits("account", ANN) && waits("api_token", BEN));
    assert!(!waits("account", BEN), "{claim}");
    assert_eq!(claim["claimed_by"]["email"], DANA);
    let ann = format!("orgs/acme/admins/{ANN}");
    let role = world
        .decide(&danas, &format!("{ann}/super-admin/accept"))
        .await
        .with(200);
    assert_eq!(
        (&role["role"], &role["proposed_role"]),
        (&json!("super_admin"), &Value::Null)
    );
    let answer = world.decide(&danas, &format!("{ann}/refuse")).await;
    assert!(
        answer
            .header("countersign-effective")
            .starts_with("acknowledged=")
    );
    let answer = answer.with(200);
    assert_eq!(
        (&answer["acceptance"], &answer["active"]),
        (&json!("refused"), &json!(false))
    );
    world.get(&world.tokens.ann, "/api/v1/me").await.with(403);
    let acme = good(world.app.claim_read(world.dana(&danas).await).await)
        .org
        .id;
    let entries = good(world.app.store().entries(acme, 0, 1_000).await);
    let last: Value = serde_json::from_slice(&entries.last().unwrap().encoded).unwrap();
    assert_eq!(last["type"], "admin.refused");
    let ann = world.id_of(ANN).await;
    assert_eq!(last["detail"]["admin"], ann.to_string());
}

/// Before the claim nobody waits for anything, and nothing says so; after it whatever an operator makes
/// says that it waits, in the answer that makes it.
#[tokio::test]
async fn what_waits_says_so_and_nothing_else_does() {
    let world = World::new().await;
    let operator = &world.tokens.operator;
    let bens = format!("/api/v1/orgs/acme/admins/{BEN}");
    let owners = [
        json!({"admin": {"org": "acme", "email": BEN}}),
        json!({"agent": SAM}),
        json!({"operator": {}}),
    ];
    let made = async || {
        let mut said = vec![];
        for owner in &owners {
            let new = json!({"kind": "api_token", "owner": owner});
            let path = "/api/v1/credentials";
            let answer = world.call(operator, "POST", path, Some(&new)).await;
            said.push(answer.with(201)["acceptance"].clone());
        }
        said
    };
    let listed = async || {
        let path = "/api/v1/credentials?org=acme&limit=1000";
        let list = world.get(operator, path).await.with(200);
        let items = list["items"].as_array().unwrap().iter();
        let said = items.map(|item| item["acceptance"].as_str().unwrap().to_owned());
        said.collect::<std::collections::BTreeSet<_>>()
    };
    let before = made().await;
    assert_eq!(before, [json!("not_required"), Value::Null, Value::Null]);
    let ben = world.get(operator, &bens).await.with(200);
    assert_eq!(ben["acceptance"], "not_required");
    assert_eq!(listed().await, ["not_required".to_owned()].into());

    world.claimed().await;
    assert_eq!(made().await, [json!("waiting"), Value::Null, Value::Null]);
    let ben = world.get(operator, &bens).await.with(200);
    assert_eq!(ben["acceptance"], "waiting");
    assert!(listed().await.contains("waiting"));
}

#[tokio::test]
async fn a_service_client_from_before_the_claim_waits_with_everything_else() {
    let world = World::new().await;
    let (clients, body) = ("/api/v1/orgs/acme/clients", new_client(""));
    let operator = &world.tokens.operator;
    let made = world
        .call(operator, "POST", clients, body.as_ref())
        .await
        .with(200);
    let id = made["id"].as_str().unwrap();
    let danas = world.claimed().await;
    let waits = async || {
        let claim = world.get(&danas, "/api/v1/orgs/acme/claim").await.with(200);
        let all = claim["waiting"].as_array().unwrap().clone();
        all.iter()
            .any(|one| one["kind"] == "service_client" && one["credential"] == id)
    };
    assert!(waits().await);
    let accept = format!("orgs/acme/clients/{id}/accept");
    world.decide(&danas, &accept).await.with(200);
    assert!(!waits().await);
}

#[tokio::test]
async fn a_providers_secret_is_taken_away_only_by_saying_so() {
    let world = World::new().await;
    let (operator, all) = (&world.tokens.operator, "/api/v1/orgs/acme/providers");
    let provider = new_provider("p1").unwrap();
    let made = world.post(operator, all, &provider).await.with(201);
    let path = format!("{all}/{}/secret", made["id"].as_str().unwrap());
    let nothing = world.call(operator, "PUT", &path, Some(&json!({}))).await;
    assert_eq!(nothing.with(422)["code"], "missing_field");
    let none = json!({ "client_secret": null });
    world
        .call(operator, "PUT", &path, Some(&none))
        .await
        .with(200);
}
