//! Sign-ins, and what was tried in vain.

use countersign_domain::{CalledFrom, UserAgent, WayIn};
use countersign_entries::{Arrival, Entry, InVain, SignIn, What, Who};

use super::{agent, entry, holds, id};

fn from_there(entry: Entry) -> Entry {
    let address = "192.0.2.7".parse().expect("an address");
    let client = CalledFrom::new(address, UserAgent::read(b"Firefox"));
    Entry {
        client: Some(client),
        ..entry
    }
}

fn dana() -> Who {
    Who::Admin {
        id: "adm_00000000000000000000000000000002".to_owned(),
        email: "dana@acme.test".to_owned(),
        credential: Some("cred_00000000000000000000000000000009".to_owned()),
    }
}

fn arrival(way: WayIn) -> Arrival {
    Arrival {
        admin: id("adm", 2),
        credential: id("cred", 9),
        way,
    }
}

#[test]
fn somebody_signed_in() {
    let what = What::SignIn(SignIn::In(arrival(WayIn::Passkey)));
    holds(
        &from_there(entry(dana(), false, what)),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000009","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"client":{"address":"192.0.2.7","user_agent":"Firefox"},"detail":{"admin":"adm_00000000000000000000000000000002","credential":"cred_00000000000000000000000000000009","way":"passkey"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"console.signed_in","v":1}"#,
        "c9b46ab762166c2ced78c8e284d0842ecf9ac5106e4a6b487564a43767dc7e03",
    );
}

#[test]
fn somebody_signed_out() {
    let what = What::SignIn(SignIn::Out { replaced: false });
    holds(
        &from_there(entry(dana(), false, what)),
        r#"{"actor":{"credential":"cred_00000000000000000000000000000009","email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"client":{"address":"192.0.2.7","user_agent":"Firefox"},"detail":{"why":"asked"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"console.signed_out","v":1}"#,
        "7e14c8236266a703ac691cb1ffd8b4cf7502057591b106fae4969707e4bd3711",
    );
}

#[test]
fn somebody_was_not_let_in_for_the_eighth_time() {
    let what = What::SignIn(SignIn::Failed {
        arrival: arrival(WayIn::LoginLink),
        code: "link_used".to_owned(),
        left_out: 7,
    });
    holds(
        &from_there(entry(Who::Unknown, false, what)),
        r#"{"actor":{"kind":"unknown"},"at":1893456000123,"client":{"address":"192.0.2.7","user_agent":"Firefox"},"detail":{"admin":"adm_00000000000000000000000000000002","code":"link_used","credential":"cred_00000000000000000000000000000009","left_out":7,"way":"login_link"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"console.sign_in_failed","v":1}"#,
        "e1cc3ceb4a99ae075b22631df6bd9c8c43bec7e6c4ac2fb03e79bc6a0e70ade3",
    );
}

#[test]
fn an_agent_tried_to_grant() {
    let what = What::Attempt(InVain {
        attempted: "access.granted",
        code: "only_approvers".to_owned(),
        left_out: 0,
    });
    holds(
        &from_there(entry(agent(None), true, what)),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"client":{"address":"192.0.2.7","user_agent":"Firefox"},"detail":{"attempted":"access.granted","code":"only_approvers"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"attempt.refused","v":1}"#,
        "c48e9aa816e8cf86cd85fa155fd7caabff3bce7502d056f7741195ed3c20ca3e",
    );
}

#[test]
fn somebody_of_another_org_tried_again() {
    let what = What::Attempt(InVain {
        attempted: "session.started",
        code: "case_not_found".to_owned(),
        left_out: 1,
    });
    holds(
        &entry(Who::Unknown, false, what),
        r#"{"actor":{"kind":"unknown"},"at":1893456000123,"detail":{"attempted":"session.started","code":"case_not_found","left_out":1},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"attempt.refused","v":1}"#,
        "d9c605ab35806d9b4fd7ed968ef2e46646d479ce23a57defdfd5f75b6d8f24e3",
    );
}
