use countersign_domain::{ClientKey, ClientName, Scope, Standing};
use serde_json::json;

use super::*;
use crate::{oauth::jwk::read_keys, soft_client::SoftClient};

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const ID: &str = "client_00000000000000000000000000000050";
const TOKEN: &str = "https://support.example.com/oauth2/v1/token";

fn seconds(offset: i64) -> i64 {
    1_800_000_000 + offset
}

fn audience() -> [String; 2] {
    [TOKEN.to_owned(), "https://support.example.com".to_owned()]
}

fn client(keys: &[Value]) -> Client {
    let keys = read_keys(&json!({ "keys": keys })).unwrap();
    let keys = keys.into_iter().map(|key| {
        let kept = ClientKey {
            thumbprint: key.thumbprint.clone(),
            kid: key.kid,
            jwk: key.jwk,
            added_at: NOW,
        };
        (key.thumbprint, kept)
    });
    Client {
        id: ID.parse().unwrap(),
        name: ClientName::parse("Robot").unwrap(),
        scopes: Scope::ALL.into_iter().collect(),
        dpop: false,
        keys: keys.collect(),
        standing: Standing::Own,
        made_by: None,
        made_at: NOW,
        removed_at: None,
    }
}

fn claims() -> Value {
    json!({
        "iss": ID, "sub": ID, "aud": TOKEN, "jti": "one", "iat": seconds(0), "exp": seconds(300),
    })
}

fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn verdict(client: &Client, assertion: &str) -> Result<Shown, &'static str> {
    Assertion::read(assertion)?.check(client, &audience(), NOW)
}

#[test]
fn a_good_assertion_shows_which_key_signed_it() {
    let all = [
        SoftClient::p256(),
        SoftClient::p384(),
        SoftClient::ed25519(),
        SoftClient::rsa(),
    ];
    let known = client(&all.iter().map(SoftClient::jwk).collect::<Vec<_>>());
    for soft in &all {
        let key = PublicKey::read(soft.jwk().as_object().unwrap()).unwrap();
        let shown = verdict(&known, &soft.sign(&claims())).unwrap();
        assert_eq!(shown.key, key.thumbprint());
        assert_eq!(shown.jti, "one");
        assert_eq!(shown.until, NOW.plus(Duration::from_secs(360)));
    }
    let rsa = all.last().unwrap();
    for alg in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] {
        let assertion = rsa.sign_as(&json!({ "alg": alg }), &claims());
        assert!(verdict(&known, &assertion).is_ok(), "{alg}");
    }
}

#[test]
fn an_assertion_is_for_us_and_for_now() {
    let soft = SoftClient::p256();
    let known = client(&[soft.jwk()]);
    let form = "its claims cannot be read: iss, sub, aud, exp and jti are needed";
    let jti = "it needs a jti of 1 to 255 bytes that is never used again";
    for (claims, wrong) in [
        (
            changed("sub", json!("client_00000000000000000000000000000051")),
            "its iss and its sub differ: both must be the client id",
        ),
        (
            changed("aud", json!("https://other.example.com/oauth2/v1/token")),
            "its aud is neither token_endpoint nor issuer as /.well-known/oauth-authorization-server has them",
        ),
        (
            changed("aud", json!([])),
            "its aud is neither token_endpoint nor issuer as /.well-known/oauth-authorization-server has them",
        ),
        (changed("aud", Value::Null), form),
        (changed("exp", Value::Null), "it has no exp"),
        (changed("exp", json!("soon")), form),
        (
            changed("exp", json!(seconds(-60))),
            "it has expired: make a new one for each call, and compare the clocks",
        ),
        (
            changed("exp", json!(seconds(3_661))),
            "its exp is more than an hour ahead",
        ),
        (changed("exp", json!(1e300)), form),
        (
            changed("iat", json!(seconds(61))),
            "its iat or nbf is yet to come: compare the clocks",
        ),
        (
            changed("nbf", json!(seconds(61))),
            "its iat or nbf is yet to come: compare the clocks",
        ),
        (changed("jti", Value::Null), jti),
        (changed("jti", json!("")), jti),
        (changed("jti", json!("x".repeat(256))), jti),
        // R3: an identity that is itself an impersonation.
        (
            changed("act", json!({"sub": "sam"})),
            "it carries act: whoever acts for somebody else is let in nowhere here",
        ),
    ] {
        assert_eq!(verdict(&known, &soft.sign(&claims)), Err(wrong), "{claims}");
    }
    for claims in [
        changed("aud", json!("https://support.example.com")),
        changed("aud", json!(["https://elsewhere.example.com", TOKEN])),
        changed("exp", json!(seconds(-59))),
        changed("exp", json!(seconds(3_660))),
        changed("exp", json!(1_800_000_300.5)),
        changed("iat", Value::Null),
        changed("nbf", json!(seconds(60))),
    ] {
        let verdict = verdict(&known, &soft.sign(&claims));
        assert!(verdict.is_ok(), "{claims}: {verdict:?}");
    }
}

#[test]
fn the_key_says_which_algorithm_it_may_be() {
    let (soft, other, rsa) = (SoftClient::p256(), SoftClient::p256(), SoftClient::rsa());
    let known = client(&[soft.jwk()]);
    let nobody =
        "no key of this service client signed it, or not by an alg that goes with that key";
    assert_eq!(verdict(&known, &other.sign(&claims())), Err(nobody));
    assert_eq!(verdict(&known, &rsa.sign(&claims())), Err(nobody));
    for alg in ["RS256", "PS256", "ES384", "EdDSA"] {
        let assertion = soft.sign_as(&json!({ "alg": alg }), &claims());
        assert_eq!(verdict(&known, &assertion), Err(nobody), "{alg}");
    }
    // The public key as the secret of an HMAC, nothing at all, and a key that the token brings itself.
    for header in [
        json!({"alg": "HS256"}),
        json!({"alg": "none"}),
        json!({"alg": "None"}),
        json!({"alg": "ES512"}),
    ] {
        let verdict = verdict(&known, &soft.sign_as(&header, &claims()));
        assert!(
            verdict.unwrap_err().starts_with("its alg is not taken"),
            "{header}"
        );
    }
    let own = json!({"alg": "ES256", "jwk": other.jwk()});
    assert_eq!(
        verdict(&known, &other.sign_as(&own, &claims())),
        Err(nobody)
    );
    let typed = json!({"alg": "ES256", "typ": "dpop+jwt"});
    assert_eq!(
        verdict(&known, &soft.sign_as(&typed, &claims())),
        Err("its typ is not JWT")
    );
}

#[test]
fn a_kid_narrows_the_choice_where_it_is_ours() {
    let (old, new) = (SoftClient::p256(), SoftClient::p256());
    let named = |soft: &SoftClient, kid: &str| {
        let mut jwk = soft.jwk();
        jwk["kid"] = json!(kid);
        jwk
    };
    let known = client(&[named(&old, "old"), named(&new, "new")]);
    let signed = |kid: &str| old.sign_as(&json!({"alg": "ES256", "kid": kid}), &claims());
    assert!(verdict(&known, &signed("old")).is_ok());
    assert!(verdict(&known, &signed("unheard of")).is_ok());
    assert!(verdict(&known, &signed("new")).is_err());
}

/// Each key that is tried costs something, and whoever makes up an assertion is not to choose how much.
#[test]
fn of_more_than_two_keys_one_has_to_be_named() {
    let keys = [SoftClient::p256(), SoftClient::p256(), SoftClient::p256()];
    let known = client(&keys.each_ref().map(SoftClient::jwk));
    let [first, ..] = &keys;
    let unnamed = verdict(&known, &first.sign(&claims()));
    assert!(unnamed.is_err_and(|what| what.contains("name one in the header")));
    let thumbprint = known.keys.keys().find(|thumbprint| {
        let header = json!({"alg": "ES256", "kid": thumbprint.as_str()});
        verdict(&known, &first.sign_as(&header, &claims())).is_ok()
    });
    assert!(thumbprint.is_some(), "by its thumbprint");
    let two = client(&[first.jwk(), SoftClient::p256().jwk()]);
    assert!(verdict(&two, &first.sign(&claims())).is_ok());
}
