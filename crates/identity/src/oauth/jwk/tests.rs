use serde_json::json;

use super::*;
use crate::soft_client::SoftClient;

fn members(jwk: &Value) -> Map<String, Value> {
    jwk.as_object().unwrap().clone()
}

fn with(mut jwk: Value, name: &str, value: Value) -> Value {
    jwk[name] = value;
    jwk
}

/// The example of RFC 7638 section 3.1.
#[test]
fn the_thumbprint_is_that_of_the_rfc() {
    let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
    let jwk = json!({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"});
    let key = PublicKey::read(&members(&jwk)).unwrap();
    assert_eq!(
        key.thumbprint().as_str(),
        "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
    );
    let [read] = &read_keys(&json!({"keys": [jwk]})).unwrap()[..] else {
        panic!("one key");
    };
    assert_eq!(read.kid.as_deref(), Some("2011-04-29"));
    // What is kept is public, and reads as the same key.
    let kept: Value = serde_json::from_str(&read.jwk).unwrap();
    assert_eq!(kept, json!({"kty": "RSA", "n": n, "e": "AQAB"}));
    assert_eq!(PublicKey::read(&members(&kept)), Ok(key));
}

#[test]
fn only_public_keys_that_are_good_enough_are_taken() {
    let p256 = || SoftClient::p256().jwk();
    let rsa = SoftClient::rsa().jwk();
    let small = URL_SAFE_NO_PAD.encode([0xff; 128]);
    let unsupported = |what: &str| KeyError::Unsupported(what.to_owned());
    for (jwk, error) in [
        (with(p256(), "d", json!("AAAA")), KeyError::Private),
        (with(rsa.clone(), "p", json!("AAAA")), KeyError::Private),
        (json!({"kty": "oct", "k": "c2VjcmV0"}), KeyError::Symmetric),
        (
            with(rsa.clone(), "n", json!(small)),
            unsupported("RSA of 1024 bits"),
        ),
        // Larger than anybody needs, and dear for whoever is made to try them.
        (
            with(rsa.clone(), "n", json!(URL_SAFE_NO_PAD.encode([0xff; 513]))),
            unsupported("RSA of 4104 bits"),
        ),
        (
            with(rsa.clone(), "e", json!(URL_SAFE_NO_PAD.encode([0xff; 4]))),
            unsupported("an RSA exponent"),
        ),
        (
            with(rsa.clone(), "e", json!("AQ")),
            unsupported("an RSA exponent"),
        ),
        (
            with(rsa.clone(), "e", json!("Ag")),
            unsupported("an RSA exponent"),
        ),
        (
            with(p256(), "crv", json!("P-521")),
            unsupported("the curve P-521"),
        ),
        (
            with(p256(), "crv", json!("P-384")),
            unsupported("coordinates of another length than its curve has"),
        ),
        (
            with(p256(), "x", json!(URL_SAFE_NO_PAD.encode([7; 32]))),
            unsupported("no point on its curve"),
        ),
        (
            with(p256(), "alg", json!("RS256")),
            unsupported("an alg that does not go with the key"),
        ),
        (
            with(rsa.clone(), "alg", json!("HS256")),
            unsupported("an alg that does not go with the key"),
        ),
        (with(p256(), "use", json!("enc")), KeyError::Use),
        (with(p256(), "key_ops", json!(["sign"])), KeyError::Use),
        (
            with(p256(), "x", json!("äöü")),
            KeyError::Form("\"x\" is not in base64url".to_owned()),
        ),
    ] {
        assert_eq!(read_keys(&jwk), Err(error.clone()), "{jwk}");
        // One that is not taken takes the others along.
        let both = json!({"keys": [p256(), jwk]});
        assert_eq!(read_keys(&both), Err(error), "{both}");
    }
    for good in [
        p256(),
        SoftClient::p384().jwk(),
        SoftClient::ed25519().jwk(),
        rsa,
        with(p256(), "key_ops", json!(["verify"])),
    ] {
        assert!(read_keys(&good).is_ok(), "{good}");
    }
}

#[test]
fn a_set_holds_some_keys_and_none_twice() {
    let set = |keys: Vec<Value>| read_keys(&json!({ "keys": keys }));
    let one = SoftClient::p256().jwk();
    assert_eq!(set(vec![]), Err(KeyError::Empty));
    let renamed = with(one.clone(), "kid", json!("other"));
    assert_eq!(set(vec![one, renamed]), Err(KeyError::Twice));
    let many = |count: usize| (0..count).map(|_| SoftClient::p256().jwk()).collect();
    assert!(set(many(MOST_KEYS)).is_ok());
    assert_eq!(set(many(MOST_KEYS + 1)), Err(KeyError::TooMany));
    assert!(matches!(read_keys(&json!([])), Err(KeyError::Form(_))));
    let pem = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----";
    assert_eq!(read_keys_text(pem), Err(KeyError::Private));
}

/// Whoever sends a private key hears that it is burnt, and none of it is said back.
#[test]
fn a_private_key_is_called_burnt() {
    let jwk = with(SoftClient::p256().jwk(), "d", json!("c2VjcmV0"));
    let said = read_keys(&jwk).unwrap_err().to_string();
    assert!(said.contains("throw that key away"), "{said}");
    assert!(!said.contains("c2VjcmV0"), "{said}");
}
