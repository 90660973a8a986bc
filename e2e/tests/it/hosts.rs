//! Host names that are one org's alone, as requests really name them: by whatever spelling of `Host`, with
//! whatever a proxy or a client adds, off loopback and on it.

use countersign_e2e::Server;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::world::World;

const ME: &str = "/api/v1/me";
const SUPPORT: &str = "/api/v1/org/privacy/oktaSupport";
const ACMES: &str = "acme.support.example.com";

/// A server that answers for support.example.com; Acme has a host name of its own, and so has Globex.
async fn served(world: &World, listen: &str) -> Server {
    for (org, host) in [("acme", ACMES), ("globex", "globex.support.example.com")] {
        world.run(&["org", "hosts", "--org", org, "--host", host]);
    }
    let database = world.database();
    let args = [
        ["--database", &database],
        ["--listen", listen],
        ["--gateway-listen", "127.0.0.1:0"],
        ["--public-url", "http://support.example.com"],
        ["--gateway-url", "http://gw.example.net"],
    ];
    Server::start_in(&[], &args.concat()).await
}

/// Sends a request as it is written; the status and the body.
async fn raw(server: &Server, request: &str) -> (u16, String) {
    let (_, port) = server.console.rsplit_once(':').unwrap();
    let port: u16 = port.parse().unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

async fn get(server: &Server, target: &str, host: &str, token: &str, more: &str) -> (u16, String) {
    let request = format!(
        "GET {target} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n{more}\
         Connection: close\r\n\r\n"
    );
    raw(server, &request).await
}

/// Off loopback.
#[tokio::test]
async fn a_request_is_for_the_org_whose_host_it_names() {
    let world = World::new().await;
    let server = served(&world, "0.0.0.0:0").await;
    let status =
        async |host: &str, token: &str, more: &str| get(&server, ME, host, token, more).await.0;
    for host in [
        ACMES,
        "ACME.Support.Example.COM",
        "acme.support.example.com.",
        "acme.support.example.com:80",
        "acme.support.example.com:8443",
        "acme.support.example.com.:1",
    ] {
        assert_eq!(status(host, &world.dana, "").await, 200, "{host}");
        for token in [&world.stranger, &world.sam, &world.operator] {
            assert_eq!(status(host, token, "").await, 401, "{host}");
        }
    }
    // What stands beside the host says nothing: neither to come in, nor to be kept out.
    for more in [
        "X-Forwarded-Host: support.example.com\r\n",
        "X-Forwarded-Host: globex.support.example.com\r\n",
        "Forwarded: host=globex.support.example.com\r\n",
        "X-Original-Host: globex.support.example.com\r\nX-Host: globex.support.example.com\r\n",
    ] {
        assert_eq!(status(ACMES, &world.stranger, more).await, 401, "{more}");
        assert_eq!(status(ACMES, &world.dana, more).await, 200, "{more}");
    }
    // A target with a host goes before Host (RFC 9112, section 3.2.2).
    let target = format!("http://{ACMES}{ME}");
    let (refused, _) = get(
        &server,
        &target,
        "globex.support.example.com",
        &world.stranger,
        "",
    )
    .await;
    assert_eq!(refused, 401);
    // By the deployment's own everybody comes.
    for token in [&world.dana, &world.stranger, &world.sam, &world.operator] {
        assert_eq!(status("support.example.com", token, "").await, 200);
    }
    for host in [
        "evil.test",
        "x.acme.support.example.com",
        "acme.support.example.com.evil.test",
        "acme.support.example.com..",
        "evil.test@acme.support.example.com",
        "gw.example.net",
        "127.0.0.1",
    ] {
        let (status, body) = get(&server, ME, host, &world.dana, "").await;
        assert_eq!(status, 421, "{host}: {body}");
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(problem["code"], "misdirected_request");
        let forwarded = format!("X-Forwarded-Host: {ACMES}\r\n");
        let (status, body) = get(&server, SUPPORT, host, &world.dana, &forwarded).await;
        assert_eq!(status, 421, "{host}: {body}");
        let error: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(error["errorCode"], "E0000001");
        let why = error["errorCauses"][0]["errorSummary"].as_str().unwrap();
        assert!(
            why.contains("answers at http://support.example.com"),
            "{why}"
        );
    }

    // Taken away on the command line, it is nobody's at once; given to another, it is theirs.
    world.run(&["org", "hosts", "--org", "acme", "--none"]);
    assert_eq!(status(ACMES, &world.dana, "").await, 421);
    let both = ["--host", "globex.support.example.com", "--host", ACMES];
    world.run(&[&["org", "hosts", "--org", "globex"][..], &both].concat());
    assert_eq!(status(ACMES, &world.dana, "").await, 401);
    assert_eq!(status(ACMES, &world.stranger, "").await, 200);
}

/// On loopback, where any other host is answered to: as behind a proxy.
#[tokio::test]
async fn on_loopback_an_orgs_host_is_its_own_all_the_same() {
    let world = World::new().await;
    let server = served(&world, "127.0.0.1:0").await;
    for (host, dana, stranger) in [
        (ACMES, 200, 401),
        ("Acme.Support.Example.com.:99", 200, 401),
        ("globex.support.example.com", 401, 200),
        ("support.example.com", 200, 200),
        ("anything.test", 200, 200),
    ] {
        assert_eq!(
            get(&server, ME, host, &world.dana, "").await.0,
            dana,
            "{host}"
        );
        assert_eq!(
            get(&server, ME, host, &world.stranger, "").await.0,
            stranger,
            "{host}"
        );
    }
    let link = world.run(&["login-link", "--org", "acme", "--admin", "dana@acme.test"]);
    let url = link["url"].as_str().unwrap();
    assert!(
        url.starts_with("http://acme.support.example.com/sign-in/"),
        "{url}"
    );
    // Twice the same header is a request that two could read differently.
    let twice = format!("Host: {ACMES}\r\n");
    let (status, _) = get(
        &server,
        ME,
        "globex.support.example.com",
        &world.stranger,
        &twice,
    )
    .await;
    assert_eq!(status, 400);
}
