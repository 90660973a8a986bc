//! A call whose body is held back does not outlive what it came with: whoever finds a theft revokes, and what
//! the thief has begun comes to nothing.

use axum::{
    body::Body,
    http::{Request, header},
};
use bytes::Bytes;
use countersign_app::OwnerRef;
use countersign_identity::soft_client::SoftClient;
use countersign_store::Store;
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::{
    okta::enabled,
    probe::Answer,
    soft_clients::CASES,
    world::{DANA, OPERATOR, SAM, World, email, good, slug},
};

impl World {
    /// A call whose head and first byte are here before `meanwhile`, and the rest after it.
    async fn held_back(
        &self,
        token: &str,
        (method, path): (&str, &str),
        body: &Value,
        meanwhile: impl Future<Output = ()> + Send + 'static,
    ) -> Answer {
        let mut first = body.to_string().into_bytes();
        let rest = first.split_off(1);
        let first = stream::iter([Ok::<_, std::io::Error>(Bytes::from(first))]);
        let rest = stream::once(async move {
            meanwhile.await;
            Ok(Bytes::from(rest))
        });
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from_stream(first.chain(rest)))
            .unwrap();
        self.send(request).await
    }
}

#[tokio::test]
async fn a_token_that_was_revoked_meanwhile_does_nothing() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let granting = (format!("{CASES}/{number}"), enabled());
    let admin = json!({"email": "eve@acme.test", "name": "Eve", "role": "super_admin"});
    let asking = json!({"justification": "To see the totals that differ."});
    let dana = OwnerRef::Admin {
        org: slug("acme"),
        email: email(DANA),
    };
    let sam = OwnerRef::Agent { email: email(SAM) };
    for (owner, method, path, body) in [
        (dana, "PATCH", granting.0.as_str(), &granting.1),
        (
            OwnerRef::Operator,
            "POST",
            "/api/v1/orgs/acme/admins",
            &admin,
        ),
        (
            sam,
            "POST",
            &format!("/api/v1/cases/{number}/access-request"),
            &asking,
        ),
    ] {
        let minted = good(world.app.mint_token(OPERATOR, &owner, None).await);
        let before = world.store.head().await.unwrap();
        let app = world.app.clone();
        let revoked = async move {
            good(app.revoke_credential(OPERATOR, minted.id).await);
        };
        let token = minted.secret.expose();
        let answer = world.held_back(token, (method, path), body, revoked).await;
        assert_eq!(answer.status, 401, "{answer:?}");
        let after = world.store.head().await.unwrap();
        assert_eq!(after.0, before.0 + 1, "{path}: only the revocation");
    }
}

#[tokio::test]
async fn a_service_client_whose_key_was_removed_meanwhile_does_nothing() {
    let world = World::new().await;
    let number = world.requested_case().await;
    let soft = SoftClient::p256();
    let token = world.client_token(&soft, "okta.orgs.manage").await;
    let clients = "/api/v1/orgs/acme/clients";
    let listed = world.get(&world.tokens.dana, clients).await.with(200);
    let client = &listed["items"][0];
    let thumbprint = client["keys"][0]["thumbprint"].as_str().unwrap();
    let id = client["id"].as_str().unwrap();
    let path = format!("{clients}/{id}/keys/{thumbprint}");
    let (router, dana) = (world.router.clone(), world.tokens.dana.clone());
    let removed = async move {
        let request = Request::delete(path)
            .header(header::AUTHORIZATION, format!("Bearer {dana}"))
            .body(Body::empty())
            .unwrap();
        let response = tower::ServiceExt::oneshot(router, request).await.unwrap();
        assert_eq!(response.status(), 200);
    };
    let path = format!("{CASES}/{number}");
    let answer = world
        .held_back(&token, ("PATCH", &path), &enabled(), removed)
        .await;
    assert_eq!(answer.status, 401, "{answer:?}");
    let case = world
        .get(&world.tokens.dana, &format!("/api/v1/cases/{number}"))
        .await
        .with(200);
    assert_eq!(case["impersonation"]["status"], "REQUESTED");
}

/// Bodies of directories are larger than those of other callers.
#[tokio::test]
async fn a_directorys_token_that_was_revoked_meanwhile_makes_nobody() {
    let world = World::new().await;
    for filling in [0, 100_000] {
        let owner = OwnerRef::OrgDirectory(slug("acme"));
        let minted = good(world.app.mint_scim_token(OPERATOR, &owner, None).await);
        let user = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("eve{filling}@acme.test"), "roles": [{"value": "super_admin"}],
            "title": "x".repeat(filling),
        });
        let before = world.store.head().await.unwrap();
        let app = world.app.clone();
        let revoked = async move {
            good(app.revoke_credential(OPERATOR, minted.id).await);
        };
        let call = ("POST", "/scim/v2/Users");
        let answer = world.held_back(minted.secret.expose(), call, &user, revoked);
        assert_eq!(answer.await.status, 401, "{filling}");
        let after = world.store.head().await.unwrap();
        assert_eq!(after.0, before.0 + 1, "{filling}: only the revocation");
    }
}
