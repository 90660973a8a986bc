//! What people and programs come in by.

use countersign_domain::{
    AdminId, ClientKey, ClientName, CredentialId, CredentialKind, CredentialOwner, Event,
    IssuerUrl, MailDomain, NewIssuer, OpenIdClient, OpenIdSubject, PasskeyName, RevokedWhy, Scope,
    SealedSecret, SecretHash, Thumbprint, Timestamp,
};
use countersign_entries::{What, Who};

use crate::{AT, admin, entry, holds, id};

#[test]
fn a_credential_minted_with_a_token() {
    let what = What::Event(Event::CredentialMinted {
        credential: id("cred", 8),
        owner: CredentialOwner::Admin(id("adm", 2)),
        org: Some(id("org", 1)),
        credential_kind: CredentialKind::LoginLink,
        expires_at: Timestamp::from_millis(AT + 900_000),
        own: false,
    });
    let token = Some(id::<CredentialId>("cred", 9).to_string());
    holds(
        &entry(
            Who::Operator {
                token,
                person: None,
            },
            false,
            what,
        ),
        r#"{"actor":{"id":"cred_00000000000000000000000000000009","kind":"operator","via":"token"},"at":1893456000123,"detail":{"credential":"cred_00000000000000000000000000000008","credential_kind":"login_link","expires_at":1893456900123,"org":"org_00000000000000000000000000000001","owner":{"id":"adm_00000000000000000000000000000002","kind":"admin"}},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"credential.minted","v":1}"#,
        "9c80f2c97cf8ef9e159cd3b411854e6efc058ede80786c0fd3f4559bc3ad554c",
    );
}

/// What somebody acted through stands beside them, where it is known.
fn through(credential: u8) -> Who {
    Who::Admin {
        id: id::<AdminId>("adm", 2).to_string(),
        email: "dana@acme.test".to_owned(),
        credential: Some(id::<CredentialId>("cred", credential).to_string()),
    }
}

#[test]
fn an_org_claimed_by_passkey() {
    let what = What::Event(Event::OrgClaimed {
        org: id("org", 1),
        by: id("adm", 2),
        credential: id("cred", 7),
    });
    holds(
        &entry(through(7), false, what),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000007","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"by":"adm_00000000000000000000000000000002","credential":"cred_00000000000000000000000000000007","org":"org_00000000000000000000000000000001"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.claimed","v":1}"#,
        "d5ba7b58b614a14d744ac2f606044fc577b157f481a1b21dd0303ec44713a9de",
    );
}

#[test]
fn a_passkey_of_the_customers_own() {
    let what = What::Event(Event::PasskeyRegistered {
        credential: id("cred", 8),
        admin: id("adm", 2),
        org: id("org", 1),
        name: PasskeyName::parse("Dana’s laptop").expect("a name"),
        own: true,
    });
    holds(
        &entry(through(7), false, what),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000007","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"admin":"adm_00000000000000000000000000000002","credential":"cred_00000000000000000000000000000008","name":"Dana’s laptop","org":"org_00000000000000000000000000000001","own":true},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"passkey.registered","v":1}"#,
        "48bdf1f7fb320594bbeec15ebe956de373f15fcbe9577173802f6ebb721cb550",
    );
}

#[test]
fn a_credential_revoked_by_its_owner() {
    let what = What::Event(Event::CredentialRevoked {
        credential: id("cred", 8),
        owner: CredentialOwner::Admin(id("adm", 2)),
        org: Some(id("org", 1)),
    });
    holds(
        &entry(admin(), false, what),
        r#"{"actor":{"email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"credential":"cred_00000000000000000000000000000008","org":"org_00000000000000000000000000000001","owner":{"id":"adm_00000000000000000000000000000002","kind":"admin"}},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"credential.revoked","v":1}"#,
        "ba890d662c931838039a72023654aabfb725004f9b49ac2c8f68a26a0d758343",
    );
}

#[test]
fn a_service_client_that_was_made() {
    let key = ClientKey {
        thumbprint: Thumbprint::new("A".repeat(43)),
        kid: Some("2030".to_owned()),
        jwk: r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
            .to_owned(),
        added_at: Timestamp::from_millis(AT),
    };
    let what = What::Event(Event::ClientCreated {
        client: id("client", 9),
        org: id("org", 1),
        name: ClientName::parse("Nightly review").expect("a name"),
        scopes: [Scope::OrgsRead, Scope::LogsRead].into_iter().collect(),
        dpop: true,
        keys: vec![key],
        by: Some(id("adm", 2)),
        own: true,
    });
    holds(
        &entry(through(7), false, what),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000007","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"by":"adm_00000000000000000000000000000002","client":"client_00000000000000000000000000000009","dpop":true,"keys":[{"added_at":1893456000123,"jwk":"{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}","kid":"2030","thumbprint":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}],"name":"Nightly review","org":"org_00000000000000000000000000000001","own":true,"scopes":["okta.logs.read","okta.orgs.read"]},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"client.created","v":1}"#,
        "1e1ce23dc83147373095038a5111df9263d6e9227c642e355d2a03dbc840dec4",
    );
}

#[test]
fn what_a_service_client_did() {
    let who = Who::Client {
        id: id("client", 9),
        name: "Nightly review".to_owned(),
    };
    let what = What::Event(Event::Revoked {
        case: id("case", 4),
        org: id("org", 1),
        grant: id("grant", 5),
        why: RevokedWhy::Unticked,
        by: Some(id("client", 9)),
    });
    holds(
        &entry(who, true, what),
        r#"{"actor":{"id":"client_00000000000000000000000000000009","kind":"client","name":"Nightly review"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"by":"client_00000000000000000000000000000009","case":"case_00000000000000000000000000000004","grant":"grant_00000000000000000000000000000005","org":"org_00000000000000000000000000000001","why":"unticked"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"access.revoked","v":1}"#,
        "53a08d5d6d1ced7865bae5832300e53c7e2bce04397656a399d9dba1a4388433",
    );
}

#[test]
fn an_openid_provider_of_the_customers_own_without_its_secret() {
    let what = What::Event(Event::IssuerAdded {
        org: id("org", 1),
        issuer: id("iss", 9),
        said: NewIssuer {
            url: IssuerUrl::parse("https://login.acme.test").expect("an issuer"),
            client: OpenIdClient::parse("countersign").expect("a client"),
            domains: [MailDomain::parse("acme.test").expect("a domain")].into(),
        },
        sealed: Some(SealedSecret::parse("sealed").expect("a secret")),
        own: true,
    });
    holds(
        &entry(through(7), false, what),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000007","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"client":"countersign","domains":["acme.test"],"issuer":"iss_00000000000000000000000000000009","org":"org_00000000000000000000000000000001","own":true,"url":"https://login.acme.test"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"issuer.added","v":1}"#,
        "eaaa91c0988176eada145a37b15299edfea19adf1f6ce5b4dbbe87799ae06a91",
    );
}

#[test]
fn somebody_whom_a_provider_knows() {
    let what = What::Event(Event::OpenIdBound {
        credential: id("cred", 8),
        admin: id("adm", 2),
        org: id("org", 1),
        subject: OpenIdSubject {
            issuer: id("iss", 9),
            subject: SecretHash::from_bytes([1; 32]),
        },
    });
    holds(
        &entry(through(8), false, what),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000008","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"detail":{"admin":"adm_00000000000000000000000000000002","credential":"cred_00000000000000000000000000000008","issuer":"iss_00000000000000000000000000000009","org":"org_00000000000000000000000000000001","subject":"0101010101010101010101010101010101010101010101010101010101010101"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"openid.bound","v":1}"#,
        "53b6019d051076c47a8699a98534f0f621e004eab833277cfcd2385eb66b08c4",
    );
}
