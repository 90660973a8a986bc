//! Access tokens that are bound to a key (DPoP, RFC 9449).

use axum::{
    body::Body,
    http::{Request, header},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_identity::soft_client::SoftClient;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    soft_clients::{CASES, NOW, TOKEN, asking, claims},
    world::World,
};

#[tokio::test]
async fn a_bound_token_comes_with_its_key_and_for_one_call() {
    let world = World::new().await;
    let (soft, key, other) = (SoftClient::p256(), SoftClient::p256(), SoftClient::p256());
    let id = world.make(&soft, &["okta.orgs.read"], true).await;
    let proof_for = |key: &SoftClient, jti: &str, htm: &str, htu: &str, token: Option<&str>| {
        let mut claims = json!({"jti": jti, "htm": htm, "htu": htu, "iat": NOW});
        if let Some(token) = token {
            claims["ath"] = json!(URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
        }
        key.proof(&claims)
    };
    // Such a client gets no other token.
    let bare = world
        .token_call(asking(&soft.sign(&claims(&id, "1")), "okta.orgs.read"), &[])
        .await;
    bare.oauth(400, "invalid_dpop_proof");
    let elsewhere = proof_for(
        &key,
        "e",
        "POST",
        "http://localhost:8080/oauth2/v1/other",
        None,
    );
    let refused = world
        .token_call(
            asking(&soft.sign(&claims(&id, "1")), "okta.orgs.read"),
            &[("dpop", &elsewhere)],
        )
        .await;
    assert!(refused.oauth(400, "invalid_dpop_proof").contains("htu"));
    let proof = proof_for(&key, "t", "POST", TOKEN, None);
    let issued = world
        .token_call(
            asking(&soft.sign(&claims(&id, "1")), "okta.orgs.read"),
            &[("dpop", &proof)],
        )
        .await;
    assert_eq!(issued.with(200)["token_type"], "DPoP");
    let token = issued.access_token();
    let replayed = world
        .token_call(
            asking(&soft.sign(&claims(&id, "2")), "okta.orgs.read"),
            &[("dpop", &proof)],
        )
        .await;
    assert!(
        replayed
            .oauth(400, "invalid_dpop_proof")
            .contains("used before")
    );

    let url = format!("http://localhost:8080{CASES}");
    let call = async |scheme: &str, proof: Option<&str>| {
        let mut request = Request::get(format!("{CASES}?limit=1"))
            .header(header::AUTHORIZATION, format!("{scheme} {token}"));
        if let Some(proof) = proof {
            request = request.header("dpop", proof);
        }
        world.send(request.body(Body::empty()).unwrap()).await
    };
    let good = proof_for(&key, "r1", "GET", &url, Some(&token));
    call("DPoP", Some(&good)).await.with(200);
    for (scheme, proof, challenge) in [
        ("Bearer", None, "DPoP error=\"invalid_token\""),
        (
            "Bearer",
            Some(proof_for(&key, "r2", "GET", &url, Some(&token))),
            "DPoP error=\"invalid_token\"",
        ),
        ("DPoP", None, "DPoP error=\"invalid_dpop_proof\""),
        // Used before, for another method, address or token, by another key, too old.
        (
            "DPoP",
            Some(good.clone()),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some(proof_for(&key, "r3", "PATCH", &url, Some(&token))),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some(proof_for(&key, "r4", "GET", TOKEN, Some(&token))),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some(proof_for(&key, "r5", "GET", &url, Some("cat_other"))),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some(proof_for(&key, "r6", "GET", &url, None)),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some(proof_for(&other, "r7", "GET", &url, Some(&token))),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
        (
            "DPoP",
            Some("a.b.c".to_owned()),
            "DPoP error=\"invalid_dpop_proof\"",
        ),
    ] {
        let refused = call(scheme, proof.as_deref()).await;
        assert_eq!(refused.with(401)["errorCode"], "E0000011", "{refused:?}");
        assert_eq!(
            refused.header("www-authenticate"),
            challenge,
            "{scheme} {proof:?}"
        );
    }
    // Two proofs are none.
    let fresh = |jti: &str| proof_for(&key, jti, "GET", &url, Some(&token));
    let two = Request::get(CASES)
        .header(header::AUTHORIZATION, format!("DPoP {token}"))
        .header("dpop", fresh("r8"))
        .header("dpop", fresh("r9"));
    assert_eq!(
        world.send(two.body(Body::empty()).unwrap()).await.status,
        401
    );
    // Where clients have nothing, that is what is said.
    let me = proof_for(
        &key,
        "r10",
        "GET",
        "http://localhost:8080/api/v1/me",
        Some(&token),
    );
    let request = Request::get("/api/v1/me")
        .header(header::AUTHORIZATION, format!("DPoP {token}"))
        .header("dpop", me);
    world
        .send(request.body(Body::empty()).unwrap())
        .await
        .problem(403, "clients_not_here");
}

/// Okta's client for Node sends a proof with every call for a token and goes on without one.
#[tokio::test]
async fn a_client_that_is_not_to_be_bound_gets_a_bearers_token_whatever_it_sends() {
    let world = World::new().await;
    let soft = SoftClient::p256();
    let id = world.make(&soft, &["okta.orgs.read"], false).await;
    let proof = soft.proof(&json!({"jti": "1", "htm": "POST", "htu": TOKEN, "iat": NOW}));
    let issued = world
        .token_call(
            asking(&soft.sign(&claims(&id, "1")), "okta.orgs.read"),
            &[("dpop", &proof)],
        )
        .await;
    assert_eq!(issued.with(200)["token_type"], "Bearer");
    world.get(&issued.access_token(), CASES).await.with(200);
    let wrong = world
        .token_call(
            asking(&soft.sign(&claims(&id, "2")), "okta.orgs.read"),
            &[("dpop", "x")],
        )
        .await;
    wrong.oauth(400, "invalid_dpop_proof");
}
