//! TLS to the database.

use std::{fs, net::TcpListener, sync::Arc};

use countersign_cluster::{self as cluster, Own, connect};
use countersign_store::{Store, conformance::ManualClock};
use countersign_store_postgres::{Address, Encryption, OpenError, PostgresStore, Time};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ClientConfig, RootCertStore};

type Ca = CertifiedIssuer<'static, KeyPair>;

fn ca() -> Ca {
    let mut params = CertificateParams::new(vec![]).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("a CA")
}

fn trusting(ca: &Ca) -> Arc<ClientConfig> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(ca.der().clone()).expect("a root");
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config)
}

/// A server on a port, with a certificate for `db.test` and 127.0.0.1.
fn server(ca: &Ca) -> (Own, u16) {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let files = cluster::base().join(format!("countersign-tls-{port}"));
    fs::create_dir_all(&files).expect("a directory");
    let key = KeyPair::generate().expect("a key");
    let names = vec!["127.0.0.1".to_owned(), "db.test".to_owned()];
    let params = CertificateParams::new(names).expect("parameters");
    let certificate = params.signed_by(&key, ca).expect("a certificate");
    for (name, text) in [("cert", certificate.pem()), ("key", key.serialize_pem())] {
        fs::write(files.join(name), text).expect("a file");
        cluster::private(&files.join(name));
    }
    cluster::owned(&files);
    let directory = files.display();
    let server = Own::new(
        "tls",
        &format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c ssl=on \
             -c ssl_cert_file={directory}/cert -c ssl_key_file={directory}/key"
        ),
    );
    fs::remove_dir_all(&files).expect("they have been read");
    (server, port)
}

async fn open(address: &str, tls: Arc<ClientConfig>) -> Result<PostgresStore, OpenError> {
    let address: Address = address.parse().expect("an address");
    assert!(matches!(address.encryption, Encryption::Verified { .. }));
    let clock = Arc::new(ManualClock::default());
    PostgresStore::open(&address, Some(tls), Time::Given(clock)).await
}

/// Every connection is encrypted, with a server that a CA of ours vouches for, by the name it was asked for.
#[tokio::test]
async fn only_the_server_that_was_meant_is_spoken_to() {
    let (ours, another) = (ca(), ca());
    let (_server, port) = server(&ours);
    let at =
        |host: &str| format!("postgres://countersign@{host}:{port}/postgres?sslmode=verify-full");
    let store = open(&at("127.0.0.1"), trusting(&ours))
        .await
        .expect("it is the one");
    store.next_case_number().await.expect("a number");
    let client = connect(&format!("postgres://countersign@127.0.0.1:{port}/postgres")).await;
    let plain = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                 WHERE application_name = 'countersign' AND NOT ssl";
    let plain: i64 = client.query_one(plain, &[]).await.expect("a count").get(0);
    assert_eq!(plain, 0);

    let stranger = open(&at("127.0.0.1"), trusting(&another)).await;
    let stranger = stranger
        .expect_err("nobody we trust vouches for it")
        .to_string();
    assert!(stranger.contains("certificate"), "{stranger}");
    let other_name = open(&at("localhost"), trusting(&ours)).await;
    let other_name = other_name.expect_err("it is not called that").to_string();
    assert!(other_name.contains("certificate"), "{other_name}");
}

/// A server without TLS is not spoken to in plain instead.
#[tokio::test]
async fn a_server_without_tls_is_refused() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let options = format!("-c listen_addresses=127.0.0.1 -c port={port}");
    let _server = Own::new("plain", &options);
    let address = format!("postgres://countersign@127.0.0.1:{port}/postgres?sslmode=require");
    let refused = open(&address, trusting(&ca()))
        .await
        .expect_err("it is refused");
    assert!(refused.to_string().contains("TLS"), "{refused}");
}
