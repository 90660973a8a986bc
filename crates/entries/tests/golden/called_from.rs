//! Entries that say from where. Those of before it was kept are all the others here, as they always were.

use countersign_domain::{CalledFrom, Event, UserAgent};
use countersign_entries::{Entry, RequestLine, What, Who, Written};

use super::{entry, holds, id, request, under_session};

/// From where, as a reader of the log finds it.
pub(super) fn read_back(read: &Written<'_>) -> Option<CalledFrom> {
    let client = read.client.as_ref()?;
    let user_agent = client.user_agent.as_deref();
    let user_agent =
        user_agent.map(|said| UserAgent::read(said.as_bytes()).expect("it is printable"));
    Some(CalledFrom::new(client.address, user_agent))
}

fn called_from(address: &str, user_agent: Option<&str>) -> CalledFrom {
    let user_agent = user_agent.and_then(|said| UserAgent::read(said.as_bytes()));
    CalledFrom::new(address.parse().expect("an address"), user_agent)
}

#[test]
fn what_an_admin_did_from_somewhere() {
    let admin = Who::Admin {
        id: "adm_00000000000000000000000000000002".to_owned(),
        email: "dana@acme.test".to_owned(),
        credential: Some("cred_00000000000000000000000000000009".to_owned()),
    };
    let what = What::Event(Event::Blocked {
        org: id("org", 1),
        by: id("adm", 2),
    });
    let from = called_from(
        "2001:db8::1",
        Some("Mozilla/5.0 (X11; \"quoted\") caf\u{e9}"),
    );
    let blocked = Entry {
        client: Some(from),
        ..entry(admin, false, what)
    };
    holds(
        &blocked,
        r#"{"actor":{"credential":"cred_00000000000000000000000000000009","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"client":{"address":"2001:db8::1","user_agent":"Mozilla/5.0 (X11; \"quoted\") café"},"detail":{"by":"adm_00000000000000000000000000000002","org":"org_00000000000000000000000000000001"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.blocked","v":1}"#,
        "f11688f7b42684b623d3741546c5fae9283504560cfb7718659688c07b71789e",
    );
}

#[test]
fn a_request_from_somewhere() {
    let line = RequestLine {
        client: Some(called_from("192.0.2.7", Some("curl/8.5.0"))),
        ..request()
    };
    holds(
        &under_session(What::Request(line)),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"client":{"address":"192.0.2.7","user_agent":"curl/8.5.0"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"GET","path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request","v":1}"#,
        "1f233209215aba2f580132c48617518dd64ab20f0fd6d02a0aad17c5399c9633",
    );
}

#[test]
fn a_refused_request_of_who_says_nothing_of_their_program() {
    let request = RequestLine {
        client: Some(called_from("::ffff:192.0.2.7", None)),
        ..request()
    };
    let code = "session_over".to_owned();
    holds(
        &under_session(What::Refused { request, code }),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"client":{"address":"192.0.2.7"},"detail":{"code":"session_over"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"GET","path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request.refused","v":1}"#,
        "bae9dfe60b6b0a6b6a5c7e833c89c5c2d22d809470351302e731dfe6acf3e574",
    );
}
