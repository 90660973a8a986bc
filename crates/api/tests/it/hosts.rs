//! Host names that are one org's alone: who says so, and who is anybody there.

use axum::{
    body::Body,
    http::{Request, header},
};
use countersign_app::{Address, OwnerRef};
use countersign_domain::HostName;
use serde_json::{Value, json};

use crate::{
    okta::{CASES, enabled},
    probe::Answer,
    world::{DANA, GRACE, OPERATOR, SAM, World, email, good, slug},
};

const HOSTS: &str = "/api/v1/orgs/acme/hosts";
const SUPPORT: &str = "/api/v1/org/privacy/oktaSupport";
const ACMES: &str = "acme.support.example.com";
const ACMES_OTHER: &str = "support.acme.example";
const GLOBEX: &str = "globex.support.example.com";

impl World {
    /// With host names of their own for both orgs.
    async fn with_hosts() -> Self {
        let world = Self::with(|settings| {
            settings.public_url = "https://support.example.com:8443".to_owned();
            settings.gateway_url = "https://gw.example.net".to_owned();
        })
        .await;
        let host = |name: &&str| good(HostName::parse(name));
        for (org, names) in [("acme", &[ACMES, ACMES_OTHER][..]), ("globex", &[GLOBEX])] {
            let hosts = names.iter().map(host).collect();
            good(world.app.set_hosts(OPERATOR, &slug(org), hosts).await);
        }
        world
    }

    /// The address that a host name is, as whoever answers to host names marks requests with it.
    async fn address(&self, host: &str) -> Address {
        good(self.app.address_at(host).await).expect("an org has it")
    }

    async fn call_at(&self, host: &str, scheme: &str, token: &str, path: &str) -> Answer {
        let mut request = Request::get(path)
            .header(header::HOST, host)
            .header(header::AUTHORIZATION, format!("{scheme} {token}"))
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(self.address(host).await);
        self.send(request).await
    }
}

#[tokio::test]
async fn an_operator_gives_host_names_and_takes_them_away() {
    let world = World::with_hosts().await;
    let operator = &world.tokens.operator;
    let put = async |body: &Value| world.call(operator, "PUT", HOSTS, Some(body)).await;
    let read = world.get(operator, HOSTS).await;
    assert_eq!(
        read.with(200),
        json!({"hosts": [ACMES, ACMES_OTHER], "url": format!("https://{ACMES}:8443")})
    );
    // The org's own admins read them, and nobody else's do.
    world.get(&world.tokens.ann, HOSTS).await.with(200);
    let theirs = world.get(&world.tokens.grace, HOSTS).await;
    theirs.problem(404, "org_not_found");

    let turned = json!({"hosts": ["Support.Acme.Example", ACMES]});
    let set = put(&turned).await.with(200);
    assert_eq!(set["hosts"], json!([ACMES_OTHER, ACMES]));
    assert_eq!(set["url"], format!("https://{ACMES_OTHER}:8443"));
    // Somebody else has changed them since they were read.
    let stale = [("if-match", read.header("etag"))];
    let none = json!({"hosts": []});
    let refused = world.call_with(operator, "PUT", HOSTS, &stale, Some(&none));
    let refused = refused.await.with(412);
    assert_eq!(refused["changed"], json!(["hosts", "url"]));

    assert_eq!(
        put(&none).await.with(200),
        json!({"hosts": [], "url": "https://support.example.com:8443"})
    );
    assert_eq!(good(world.app.address_at(ACMES).await), None);
    // Now another may have it.
    let hosts = json!({"hosts": [GLOBEX, ACMES]});
    let theirs = world.call(operator, "PUT", "/api/v1/orgs/globex/hosts", Some(&hosts));
    theirs.await.with(200);
    put(&json!({"hosts": [ACMES]}))
        .await
        .problem(409, "host_taken");
}

#[tokio::test]
async fn names_that_cannot_be_an_orgs_own_are_refused_whole() {
    let world = World::with_hosts().await;
    let operator = &world.tokens.operator;
    let put = async |body: &Value| world.call(operator, "PUT", HOSTS, Some(body)).await;
    let many: Vec<_> = (0..11).map(|n| format!("h{n}.example.com")).collect();
    for (hosts, status, code) in [
        (json!([GLOBEX]), 409, "host_taken"),
        (json!(["new.example.com", GLOBEX]), 409, "host_taken"),
        (json!(["support.example.com"]), 422, "host_reserved"),
        (json!(["gw.example.net"]), 422, "host_reserved"),
        (json!(["x.y.gw.example.net"]), 422, "host_reserved"),
        (
            json!([ACMES, "ACME.support.example.com"]),
            422,
            "host_twice",
        ),
        (json!(many), 422, "too_many_hosts"),
        (json!(["*.example.com"]), 422, "invalid_text"),
        (json!(["acme.example.com:443"]), 422, "invalid_text"),
        (json!(["127.0.0.1"]), 422, "invalid_text"),
        (json!(["bücher.example"]), 422, "invalid_text"),
        (json!([" acme.example.com"]), 422, "invalid_text"),
    ] {
        put(&json!({ "hosts": hosts })).await.problem(status, code);
    }
    let refused = put(&json!({"hosts": ["good.example.com", "bad", ""]})).await;
    let fields = refused.with(422)["errors"].clone();
    let fields: Vec<_> = fields
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["field"])
        .collect();
    assert_eq!(fields, ["hosts.1", "hosts.2"]);
    put(&json!({"hosts": [], "more": 1})).await.with(422);
    let kept = world.get(operator, HOSTS).await.with(200);
    assert_eq!(kept["hosts"], json!([ACMES, ACMES_OTHER]));
}

/// At an org's own host name everybody else is a stranger, and is told no more than a stranger is.
#[tokio::test]
async fn a_token_of_another_org_is_as_good_as_none() {
    let world = World::with_hosts().await;
    let tokens = &world.tokens;
    for (host, good, strangers) in [
        (
            ACMES,
            vec![&tokens.dana, &tokens.ben],
            vec![
                &tokens.grace,
                &tokens.sam,
                &tokens.operator,
                &tokens.expired,
            ],
        ),
        (
            GLOBEX,
            vec![&tokens.grace],
            vec![&tokens.dana, &tokens.tom, &tokens.operator],
        ),
    ] {
        for token in good {
            world
                .call_at(host, "Bearer", token, "/api/v1/me")
                .await
                .with(200);
            world.call_at(host, "SSWS", token, CASES).await.with(200);
        }
        let nobody = world
            .call_at(host, "Bearer", "cst_guess", "/api/v1/me")
            .await;
        let nobody = nobody.problem(401, "unauthenticated");
        let detail = nobody["detail"].as_str().unwrap();
        assert!(detail.contains(&format!("https://{host}:8443")), "{detail}");
        assert!(
            detail.contains("call https://support.example.com:8443"),
            "{detail}"
        );
        for token in strangers {
            for path in ["/api/v1/me", "/api/v1/cases", "/api/v1/orgs", HOSTS] {
                let refused = world.call_at(host, "Bearer", token, path).await;
                assert_eq!(refused.problem(401, "unauthenticated"), nobody);
                assert_eq!(refused.header("www-authenticate"), "Bearer");
            }
            for path in [SUPPORT, CASES] {
                world
                    .call_at(host, "SSWS", token, path)
                    .await
                    .okta(401, "E0000011");
            }
        }
    }
    // By the deployment's own address everybody still comes.
    for token in [&tokens.dana, &tokens.grace, &tokens.sam, &tokens.operator] {
        world.get(token, "/api/v1/me").await.with(200);
    }
}

/// Nothing that a client says beside its host makes it come by another.
#[tokio::test]
async fn forwarded_hosts_say_nothing() {
    let world = World::with_hosts().await;
    let mut request = Request::get("/api/v1/me")
        .header(header::HOST, ACMES)
        .header("x-forwarded-host", GLOBEX)
        .header("forwarded", format!("host={GLOBEX}"))
        .header("x-original-host", GLOBEX)
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", world.tokens.grace),
        )
        .body(Body::empty())
        .unwrap();
    request.extensions_mut().insert(world.address(ACMES).await);
    world.send(request).await.problem(401, "unauthenticated");
}

#[tokio::test]
async fn a_name_is_the_same_in_upper_case_and_with_the_roots_dot() {
    let world = World::with_hosts().await;
    for spelt in ["ACME.Support.EXAMPLE.com", "acme.support.example.com."] {
        let address = world.address(spelt).await;
        assert_eq!(address, world.address(ACMES).await, "{spelt}");
        assert_eq!(&*address.url, "https://acme.support.example.com:8443");
    }
    for none in [
        "acme.support.example.com..",
        "support.example.com",
        "x.acme.support.example.com",
        "gw.example.net",
        "acme.support.example.com:8443",
        "",
    ] {
        assert_eq!(good(world.app.address_at(none).await), None, "{none}");
    }
}

#[tokio::test]
async fn links_lead_to_the_orgs_own_host() {
    let world = World::with_hosts().await;
    let number = world.requested_case().await;
    let path = format!("{CASES}/{number}");
    let granted = world.patch(&world.tokens.dana, &number, &enabled()).await;
    granted.with(200);
    let href = |answer: Answer, link: &str| {
        let settings = answer.with(200);
        settings["_links"][link]["href"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let dana = &world.tokens.dana;
    let here = world.get(dana, SUPPORT).await;
    assert_eq!(href(here, "cases"), format!("https://{ACMES}:8443{CASES}"));
    for host in [ACMES, ACMES_OTHER] {
        let there = world.call_at(host, "SSWS", dana, SUPPORT).await;
        assert_eq!(href(there, "case"), format!("https://{host}:8443{path}"));
    }

    let admin = |org: &str, address: &str| OwnerRef::Admin {
        org: slug(org),
        email: email(address),
    };
    for (owner, home) in [
        (admin("acme", DANA), ACMES),
        (admin("globex", GRACE), GLOBEX),
        (OwnerRef::Agent { email: email(SAM) }, "support.example.com"),
    ] {
        let (_, url) = good(world.app.mint_login_link(OPERATOR, &owner, None).await);
        let begins = format!("https://{home}:8443/sign-in/");
        assert!(url.starts_with(&begins), "{url}");
    }
    // Whoever asks for links to one address gets them there.
    let app = world.app.with_public_url("http://127.0.0.1:9");
    let dana = admin("acme", DANA);
    let made = app.mint_login_link(OPERATOR, &dana, None);
    let (_, url) = good(made.await);
    assert!(url.starts_with("http://127.0.0.1:9/sign-in/"), "{url}");
}

/// Who has changed them stands on the org's log.
#[tokio::test]
async fn it_is_on_the_orgs_log() {
    let world = World::with_hosts().await;
    let log = world
        .get(&world.tokens.dana, "/api/v1/orgs/acme/entries")
        .await;
    let log = log.with(200);
    let entries = log["items"].as_array().unwrap();
    let set = entries
        .iter()
        .find(|entry| entry["type"] == "org.hosts_set");
    let set = set.expect("an entry");
    assert_eq!(set["actor"]["kind"], "operator");
    assert_eq!(set["detail"]["hosts"], json!([ACMES, ACMES_OTHER]));
    let theirs = world
        .get(&world.tokens.grace, "/api/v1/orgs/globex/entries")
        .await;
    assert!(!theirs.with(200).to_string().contains(ACMES));
}
