//! Every kind of entry as Okta's clients read it: what stands in `golden.json` is what they rely on.

use std::collections::BTreeSet;

use countersign_app::{LogNames, Named, ToldGrant, ToldSession};
use countersign_domain::{
    AgentId, CalledFrom, CaseNumber, Event, Slug, Timestamp, UserAgent, WayIn,
};
use countersign_entries::{Arrival, Entry, InVain, KINDS, RequestLine, SignIn, What, Who, Written};
use serde_json::{Map, Value, json};

use super::{mapping::event, types::types_of};

/// 2025-11-24T16:00:00Z.
const AT: i64 = 1_764_000_000_000;
const GOLDEN: &str = include_str!("golden.json");

fn id(prefix: &str, number: u8) -> String {
    format!("{prefix}_{number:032x}")
}

fn read<T: std::str::FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u8) -> T {
    id(prefix, number).parse().expect("an id")
}

fn dana() -> Who {
    Who::Admin {
        id: id("adm", 2),
        email: "dana@acme.test".to_owned(),
        credential: Some(id("cred", 20)),
    }
}

fn sam(subject: Option<&str>) -> Who {
    Who::Agent {
        id: read("agt", 3),
        email: "sam@vendor.test".to_owned(),
        subject: subject.map(str::to_owned),
    }
}

fn directory() -> Who {
    Who::Provisioning {
        credential: id("cred", 26),
    }
}

fn operator() -> Who {
    Who::Operator {
        token: Some(id("cred", 21)),
        person: None,
    }
}

fn entry(actor: Who, what: What, about_a_case: bool) -> Entry {
    let (grant, session) = what.about();
    Entry {
        org: read("org", 1),
        org_slug: Slug::parse("acme").expect("a slug"),
        at: Timestamp::from_millis(AT),
        actor,
        case: about_a_case.then(|| {
            (
                read("case", 4),
                CaseNumber::parse("4711").expect("a number"),
            )
        }),
        grant,
        session,
        client: None,
        what,
    }
}

/// An entry of an event that is written so, with the ids that all have.
fn of(actor: Who, kind: &str, mut more: Value) -> Entry {
    let mut fields = Map::new();
    fields.insert("type".to_owned(), kind.into());
    fields.insert("org".to_owned(), id("org", 1).into());
    fields.insert("case".to_owned(), id("case", 4).into());
    fields.append(more.as_object_mut().expect("fields"));
    let event: Event = serde_json::from_value(fields.into()).expect("an event");
    let about_a_case = matches!(event.stream(), countersign_domain::StreamId::Case(_));
    entry(actor, What::Event(event), about_a_case)
}

fn request(method: &str, target: &str, page: bool) -> RequestLine {
    RequestLine {
        page,
        ..RequestLine::new(method, target)
    }
}

fn under_session(what: What) -> Entry {
    Entry {
        grant: Some(read("grant", 5)),
        session: Some(read("sess", 6)),
        ..entry(sam(Some("dana@acme.test")), what, true)
    }
}

fn entries() -> Vec<Entry> {
    let (admin, agent, ben) = (id("adm", 2), id("agt", 3), id("adm", 7));
    let (grant, session, made) = (id("grant", 5), id("sess", 6), id("cred", 22));
    let why = "The totals on two pages differ.";
    let hour = |hours: i64| AT + hours * 3_600_000;
    let period =
        |number: u32, hours: i64| json!({"number": number, "from": AT, "expires_at": hour(hours)});
    let owner = json!({"kind": "admin", "id": ben});
    let hash = "00".repeat(32);
    let client = id("client", 8);
    let issuer = id("iss", 9);
    let thumbprint = "A".repeat(43);
    let key = json!({"thumbprint": thumbprint, "jwk": "{}", "added_at": AT});
    let refused = What::Refused {
        request: request("POST", "/invoices/9", true),
        code: "not_a_read".to_owned(),
    };
    let left_open = What::Refused {
        request: RequestLine {
            left_open: true,
            ..request("GET", "/poll", false)
        },
        code: "session_ended".to_owned(),
    };
    vec![
        of(
            operator(),
            "org_created",
            json!({"slug": "acme", "name": "Acme Inc"}),
        ),
        of(
            operator(),
            "upstream_set",
            json!({"upstream": {"origin": "http://127.0.0.1:9000", "user_header": null, "org_header": null}}),
        ),
        of(
            dana(),
            "settings_changed",
            json!({"by": admin, "settings": {"default_duration": 3_600_000, "extension": false, "approvers": "super_admins", "pin_team": true, "self_openers_only": false}}),
        ),
        of(dana(), "blocked", json!({"by": admin})),
        of(dana(), "unblocked", json!({"by": admin})),
        of(
            dana(),
            "org_claimed",
            json!({"by": admin, "credential": id("cred", 20)}),
        ),
        of(
            operator(),
            "admin_created",
            json!({"admin": ben, "email": "ben@acme.test", "name": "Ben Ode", "role": "admin"}),
        ),
        of(
            dana(),
            "admin_active_set",
            json!({"admin": ben, "active": false}),
        ),
        of(
            dana(),
            "admin_active_set",
            json!({"admin": ben, "active": true}),
        ),
        of(dana(), "admin_accepted", json!({"admin": ben, "by": admin})),
        of(dana(), "admin_refused", json!({"admin": ben, "by": admin})),
        of(
            dana(),
            "role_set",
            json!({"admin": ben, "role": "super_admin"}),
        ),
        of(dana(), "role_set", json!({"admin": ben, "role": "admin"})),
        of(
            operator(),
            "role_proposed",
            json!({"admin": ben, "role": "super_admin"}),
        ),
        of(
            dana(),
            "role_accepted",
            json!({"admin": ben, "role": "super_admin", "by": admin}),
        ),
        of(
            dana(),
            "role_refused",
            json!({"admin": ben, "role": "super_admin", "by": admin}),
        ),
        of(
            dana(),
            "credential_minted",
            json!({"credential": made, "owner": owner, "credential_kind": "api_token", "expires_at": hour(24)}),
        ),
        of(
            operator(),
            "credential_minted",
            json!({"credential": id("cred", 23), "owner": owner, "credential_kind": "login_link", "expires_at": hour(1)}),
        ),
        of(
            dana(),
            "credential_accepted",
            json!({"credential": made, "admin": ben, "by": admin}),
        ),
        of(
            dana(),
            "credential_refused",
            json!({"credential": made, "admin": ben, "by": admin}),
        ),
        of(
            dana(),
            "credential_revoked",
            json!({"credential": made, "owner": owner}),
        ),
        of(
            dana(),
            "credential_revoked",
            json!({"credential": id("cred", 23), "owner": owner}),
        ),
        of(
            dana(),
            "passkey_registered",
            json!({"credential": id("cred", 24), "admin": admin, "name": "Laptop", "own": true}),
        ),
        of(
            dana(),
            "passkey_removed",
            json!({"credential": id("cred", 24), "admin": admin}),
        ),
        of(
            operator(),
            "case_opened",
            json!({"number": "4711", "title": "Totals differ", "opened_by": {"who": {"kind": "admin", "id": admin}, "attested": "tracker"}, "team": [agent]}),
        ),
        of(
            Who::Operator {
                token: None,
                person: None,
            },
            "case_closed",
            json!({}),
        ),
        of(dana(), "case_reopened", json!({})),
        of(operator(), "team_joined", json!({"agent": agent})),
        of(operator(), "team_left", json!({"agent": agent})),
        of(
            sam(None),
            "self_assignment_requested",
            json!({"agent": agent}),
        ),
        of(dana(), "self_assignment_approved", json!({"by": admin})),
        of(dana(), "self_assignment_withdrawn", json!({"by": admin})),
        of(
            sam(None),
            "access_requested",
            json!({"by": agent, "justification": why, "subject": ben}),
        ),
        of(sam(None), "request_withdrawn", json!({"by": agent})),
        of(
            sam(None),
            "more_time_wanted",
            json!({"by": agent, "justification": "One page is left to compare."}),
        ),
        of(
            dana(),
            "granted",
            json!({"grant": {"id": grant, "approved_by": admin, "subject": admin, "team": {"at_tick": [agent], "pinned": false}, "period": period(1, 8)}}),
        ),
        of(
            dana(),
            "extended",
            json!({"grant": grant, "by": admin, "period": period(1, 24)}),
        ),
        of(
            dana(),
            "period_opened",
            json!({"grant": grant, "by": admin, "period": period(2, 24)}),
        ),
        of(
            dana(),
            "revoked",
            json!({"grant": grant, "why": "unticked", "by": admin}),
        ),
        of(
            operator(),
            "revoked",
            json!({"grant": grant, "why": "rules_widened"}),
        ),
        of(
            sam(None),
            "session_started",
            json!({"session": {
                "id": session, "agent": agent, "subject": admin, "grant": grant, "period": 1, "started_at": AT,
                "absolute_until": hour(8), "idle": 1_800_000, "label": "abcdefghijklmnopqrstuvwxyz", "token": hash,
                "entrance": {"step": "linked", "code": hash, "until": hour(1)},
            }}),
        ),
        of(
            sam(None),
            "link_opened",
            json!({"session": session, "handover": hash, "browser": hash, "until": AT}),
        ),
        of(
            sam(None),
            "session_entered",
            json!({"session": session, "cookie": hash}),
        ),
        of(
            dana(),
            "session_ended",
            json!({"session": session, "why": "by_approver"}),
        ),
        under_session(What::Request(request("GET", "/invoices?page=2", true))),
        under_session(What::Request(request("GET", "/style.css", false))),
        under_session(refused),
        under_session(left_open),
        of(
            operator(),
            "hosts_set",
            json!({"hosts": ["login.acme.test"]}),
        ),
        of(
            dana(),
            "client_created",
            json!({"client": client, "name": "Nightly review", "scopes": ["okta.logs.read"], "dpop": false, "keys": [], "by": admin}),
        ),
        of(
            dana(),
            "client_key_added",
            json!({"client": client, "key": key}),
        ),
        of(
            dana(),
            "client_key_removed",
            json!({"client": client, "key": thumbprint}),
        ),
        of(
            dana(),
            "client_accepted",
            json!({"client": client, "by": admin}),
        ),
        of(
            dana(),
            "client_refused",
            json!({"client": client, "by": admin}),
        ),
        of(dana(), "client_removed", json!({"client": client})),
        of(
            Who::Client {
                id: read("client", 8),
                name: "Nightly review".to_owned(),
            },
            "revoked",
            json!({"grant": grant, "why": "unticked", "by": client}),
        ),
        of(
            directory(),
            "admin_changed",
            json!({"admin": ben, "email": "ben.ode@acme.test", "name": "Ben Ode"}),
        ),
        of(directory(), "admin_vouched_for", json!({"admin": ben})),
        of(directory(), "admin_removed", json!({"admin": ben})),
        of(
            operator(),
            "issuer_added",
            json!({"issuer": issuer, "url": "https://login.acme.test", "client": "countersign", "domains": ["acme.test"]}),
        ),
        of(
            dana(),
            "issuer_accepted",
            json!({"issuer": issuer, "by": admin}),
        ),
        of(dana(), "issuer_secret_set", json!({"issuer": issuer})),
        of(
            dana(),
            "open_id_bound",
            json!({"credential": id("cred", 25), "admin": admin, "issuer": issuer, "subject": hash}),
        ),
        of(
            dana(),
            "open_id_unbound",
            json!({"credential": id("cred", 25), "admin": admin}),
        ),
        of(dana(), "issuer_removed", json!({"issuer": issuer})),
        of(
            sam(None),
            "token_exchanged",
            json!({"session": session, "id": id("tok", 9), "token": hash, "resource": "https://api.vendor.test", "expires_at": AT}),
        ),
        of(
            sam(None),
            "token_ended",
            json!({"session": session, "id": id("tok", 9)}),
        ),
    ]
    .into_iter()
    .chain(tried())
    .collect()
}

/// Who came and went, and what was tried in vain.
fn tried() -> Vec<Entry> {
    let arrival = |way| Arrival {
        admin: read("adm", 2),
        credential: read("cred", 20),
        way,
    };
    let refused = |attempted, code: &str, left_out| {
        What::Attempt(InVain {
            attempted,
            code: code.to_owned(),
            left_out,
        })
    };
    let failed = SignIn::Failed {
        arrival: arrival(WayIn::LoginLink),
        code: "link_used".to_owned(),
        left_out: 3,
    };
    vec![
        entry(
            dana(),
            What::SignIn(SignIn::In(arrival(WayIn::Passkey))),
            false,
        ),
        entry(dana(), What::SignIn(SignIn::Out { replaced: false }), false),
        entry(Who::Unknown, What::SignIn(failed), false),
        entry(
            operator(),
            refused("access.granted", "only_approvers", 2),
            true,
        ),
        entry(
            sam(None),
            refused("session.link_opened", "link_wrong", 0),
            true,
        ),
        entry(
            Who::Unknown,
            refused("org.blocked", "org_not_found", 0),
            false,
        ),
    ]
}

fn names() -> LogNames {
    let named = |name: &str, email: &str| Named {
        name: name.to_owned(),
        email: email.to_owned(),
    };
    let agent: AgentId = read("agt", 3);
    let subject = read("adm", 2);
    let grant = read("grant", 5);
    LogNames {
        admins: [
            (subject, named("Dana Reed", "dana@acme.test")),
            (read("adm", 7), named("Ben Ode", "ben@acme.test")),
        ]
        .into(),
        agents: [(agent, named("Sam Hill", "sam@vendor.test"))].into(),
        clients: [(read("client", 8), "Nightly review".to_owned())].into(),
        ways: [
            (read("cred", 20), WayIn::Passkey),
            (read("cred", 22), WayIn::ApiToken),
            (read("cred", 23), WayIn::LoginLink),
        ]
        .into(),
        grants: [(
            grant,
            ToldGrant {
                subject,
                justification: Some("The totals on two pages differ.".to_owned()),
            },
        )]
        .into(),
        sessions: [(
            read("sess", 6),
            ToldSession {
                agent,
                subject,
                grant,
                absolute_until: Timestamp::from_millis(AT + 8 * 3_600_000),
            },
        )]
        .into(),
    }
}

/// What the log does not keep, and of these entries nothing is known; nobody makes it up.
fn never_known() -> Value {
    json!({
        "client": {"id": null, "userAgent": null, "zone": null, "device": null, "ipAddress": null, "geographicalContext": null},
        "securityContext": {"asNumber": null, "asOrg": null, "isp": null, "domain": null, "isProxy": null},
        "request": {"ipChain": []},
        "version": "0",
    })
}

/// The event that an entry is, without what is the same in all.
fn told(index: u64, entry: &Entry) -> Option<Value> {
    let encoded = entry.encode();
    let written = Written::read(&encoded).expect("an entry");
    let event = event(index, &written, &names())?;
    let mut event = serde_json::to_value(event).expect("JSON");
    let fields = event.as_object_mut().expect("an object");
    for (name, value) in never_known().as_object().expect("an object") {
        assert_eq!(fields.remove(name).as_ref(), Some(value), "{name}");
    }
    Some(event)
}

#[test]
fn every_entry_is_the_event_that_it_always_was() {
    let entries = entries();
    let events: Vec<Value> = (0..)
        .zip(&entries)
        .filter_map(|(index, entry)| told(index, entry))
        .collect();
    let golden: Vec<Value> = serde_json::from_str(GOLDEN).expect("JSON");
    let all = serde_json::to_string_pretty(&events).expect("JSON");
    for (event, golden) in events.iter().zip(&golden) {
        assert_eq!(event, golden, "all of it is\n{all}");
    }
    assert_eq!(events.len(), golden.len(), "all of it is\n{all}");
}

/// Whatever says from where, in the places where Okta's clients look for it; what the program means is not guessed.
#[test]
fn from_where_it_came_is_told_as_far_as_it_is_known() {
    let told = |client: CalledFrom| {
        let blocked = Entry {
            client: Some(client),
            ..of(dana(), "blocked", json!({"by": id("adm", 2)}))
        };
        let encoded = blocked.encode();
        let written = Written::read(&encoded).expect("an entry");
        let event = event(0, &written, &names()).expect("an event");
        let event = serde_json::to_value(event).expect("JSON");
        (event["client"].clone(), event["request"].clone())
    };
    let firefox = UserAgent::read(b"Mozilla/5.0 (X11)");
    let address = |text: &str| text.parse().expect("an address");
    assert_eq!(
        told(CalledFrom::new(address("192.0.2.7"), firefox)),
        (
            json!({
                "id": null, "zone": null, "device": null, "ipAddress": "192.0.2.7", "geographicalContext": null,
                "userAgent": {"rawUserAgent": "Mozilla/5.0 (X11)", "os": null, "browser": null},
            }),
            json!({"ipChain": [{"ip": "192.0.2.7", "geographicalContext": null, "version": "V4", "source": null}]})
        )
    );
    let (client, request) = told(CalledFrom::new(address("2001:db8::1"), None));
    assert_eq!(
        (&client["ipAddress"], &client["userAgent"]),
        (&json!("2001:db8::1"), &Value::Null)
    );
    assert_eq!(request["ipChain"][0]["version"], "V6");
}

#[test]
fn no_kind_of_event_is_missing_here() {
    let types: BTreeSet<String> = (0..)
        .zip(&entries())
        .filter_map(|(index, entry)| Some(told(index, entry)?["eventType"].as_str()?.to_owned()))
        .collect();
    let known: BTreeSet<String> = KINDS
        .into_iter()
        .flat_map(types_of)
        .map(|of| of.name.to_owned())
        .collect();
    assert_eq!(types, known);
}

#[test]
fn an_event_has_an_id_of_its_own_that_is_always_the_same() {
    let entries = entries();
    let ids: Vec<String> = (0..)
        .zip(&entries)
        .filter_map(|(index, entry)| Some(told(index, entry)?["uuid"].as_str()?.to_owned()))
        .collect();
    let different: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(different.len(), ids.len());
    // Elsewhere in the log, and in another log, the same is another event.
    let elsewhere = told(99, &entries[0]).expect("an event");
    assert_ne!(elsewhere["uuid"], ids[0]);
    let other = Entry {
        org: read("org", 9),
        ..entries[0].clone()
    };
    assert_ne!(told(0, &other).expect("an event")["uuid"], ids[0]);
}
