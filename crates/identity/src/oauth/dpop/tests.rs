use serde_json::{Value, json};

use super::*;
use crate::soft_client::SoftClient;

const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const URL: &str = "https://support.example.com/api/v1/org/privacy/oktaSupport/cases";
const CALL: Call<'_> = Call {
    method: "GET",
    url: URL,
};

fn seconds(offset: i64) -> i64 {
    1_800_000_000 + offset
}

fn claims() -> Value {
    json!({"jti": "one", "htm": "GET", "htu": URL, "iat": seconds(0), "ath": hashed(b"cat_token")})
}

fn changed(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn verdict(proof: &str) -> Result<Proven, &'static str> {
    check(proof, CALL, Some("cat_token"), NOW)
}

#[test]
fn a_good_proof_shows_its_key() {
    for client in [
        SoftClient::p256(),
        SoftClient::p384(),
        SoftClient::ed25519(),
        SoftClient::rsa(),
    ] {
        let proven = verdict(&client.proof(&claims())).unwrap();
        let key = PublicKey::read(client.jwk().as_object().unwrap()).unwrap();
        assert_eq!(proven.key, key.thumbprint());
        assert_eq!(proven.jti, "one");
        assert_eq!(proven.until, NOW.plus(OLDEST));
    }
}

#[test]
fn a_proof_is_for_one_call_and_one_token_and_a_few_minutes() {
    let client = SoftClient::p256();
    for (claims, wrong) in [
        (
            changed("htm", json!("POST")),
            "it is for another method (htm)",
        ),
        (
            changed("htm", json!("get")),
            "it is for another method (htm)",
        ),
        (
            changed("htu", json!("https://support.example.com/api/v1/me")),
            "its htu is not this address as the server knows it: the issuer in /.well-known/oauth-authorization-server and the path",
        ),
        (
            changed("htu", json!(URL.replace("https", "http"))),
            "its htu is not this address as the server knows it: the issuer in /.well-known/oauth-authorization-server and the path",
        ),
        (
            changed("htu", json!(URL.replace("support.", "other."))),
            "its htu is not this address as the server knows it: the issuer in /.well-known/oauth-authorization-server and the path",
        ),
        (
            changed("htu", json!(URL.replace(".com", ".com:444"))),
            "its htu is not this address as the server knows it: the issuer in /.well-known/oauth-authorization-server and the path",
        ),
        (
            changed("ath", Value::Null),
            "it is for another access token (ath)",
        ),
        (
            changed("ath", json!(hashed(b"cat_other"))),
            "it is for another access token (ath)",
        ),
        (
            changed("iat", json!(seconds(-300))),
            "it is older than five minutes: make a new one for each call",
        ),
        (
            changed("iat", json!(seconds(61))),
            "its iat is yet to come: compare the clocks",
        ),
        (changed("iat", Value::Null), "it has no iat"),
        (
            changed("jti", json!("")),
            "its jti must have 1 to 255 bytes",
        ),
    ] {
        assert_eq!(verdict(&client.proof(&claims)), Err(wrong), "{claims}");
    }
    for claims in [
        changed("iat", json!(seconds(-299))),
        changed("iat", json!(seconds(60))),
        changed("htu", json!(format!("{URL}?limit=1#there"))),
        changed(
            "htu",
            json!(URL.replace("https://support", "HTTPS://SUPPORT")),
        ),
        changed("htu", json!(URL.replace(".com", ".com:443"))),
        // What a server asked for is of no concern here.
        changed("nonce", json!("n-0S6_WzA2Mj")),
    ] {
        assert!(verdict(&client.proof(&claims)).is_ok(), "{claims}");
    }
}

#[test]
fn a_proof_is_by_the_key_in_its_header() {
    let (client, other) = (SoftClient::p256(), SoftClient::p256());
    let rsa = SoftClient::rsa();
    let header = |alg: &str, typ: &str, jwk: Value| json!({"alg": alg, "typ": typ, "jwk": jwk});
    let mut private = client.jwk();
    private["d"] = json!("AAAA");
    let unsigned = "its signature is not by the key in its header, or its alg does not go with it";
    for (header, wrong) in [
        (header("ES256", "dpop+jwt", other.jwk()), unsigned),
        // An algorithm of another kind of key.
        (header("RS256", "dpop+jwt", client.jwk()), unsigned),
        (header("ES256", "dpop+jwt", rsa.jwk()), unsigned),
        (
            header("ES256", "JWT", client.jwk()),
            "its typ is not dpop+jwt",
        ),
        (
            header("ES256", "dpop+jwt", private),
            "its jwk holds a private key: throw that key away, it is known to others now",
        ),
        (
            header("ES256", "dpop+jwt", json!({"kty": "oct", "k": "AAAA"})),
            "its jwk holds a private key: throw that key away, it is known to others now",
        ),
        (
            json!({"alg": "ES256", "typ": "dpop+jwt"}),
            "its header has no jwk, the public key that it is signed with",
        ),
        (
            json!({"alg": "ES256", "typ": "dpop+jwt", "jwk": client.jwk(), "crit": ["b64"]}),
            "its header asks for extensions (crit), of which none is known here",
        ),
    ] {
        let proof = client.sign_as(&header, &claims());
        assert_eq!(verdict(&proof), Err(wrong), "{header}");
    }
    for alg in ["none", "HS256", "ES512", ""] {
        let proof = client.sign_as(&header(alg, "dpop+jwt", client.jwk()), &claims());
        assert!(
            verdict(&proof)
                .unwrap_err()
                .starts_with("its alg is not taken"),
            "{alg}"
        );
    }
    let good = client.proof(&claims());
    assert!(verdict(&good[..good.len() - 4]).is_err());
    for odd in ["", "a.b", "a.b.c", "a.b.c.d", &"a".repeat(100_000)] {
        assert!(verdict(odd).is_err());
    }
}
