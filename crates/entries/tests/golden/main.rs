//! The canonical encoding, byte by byte. What these tests hold still stands on customers' logs: a
//! change here is a new format version, never an edit.

mod attempts;
mod called_from;
mod credentials;
mod kinds;

use std::str::FromStr;

use countersign_domain::{
    AdminId, AgentId, CaseId, CaseNumber, Duration, EndedWhy, Entrance, Event, Grant, GrantId,
    HeaderName, HostName, Justification, Label, Methods, Mode, OrgId, Origin, Period, PersonName,
    Resource, RevokedWhy, RouteEffect, RoutePattern, RouteRule, Routes, SecretHash, Session,
    SessionId, Slug, TeamScope, Timestamp, Upstream,
};
use countersign_entries::{
    Entry, FORMAT_VERSION, Frame, KINDS, Outcome, OutcomeEnding, RequestLine, What, Who, Written,
    WrittenRequest, leaf_hash,
};

const AT: i64 = 1_893_456_000_123;

fn id<T: FromStr<Err: std::fmt::Debug>>(prefix: &str, number: u8) -> T {
    format!("{prefix}_{number:032x}").parse().expect("an id")
}

fn admin() -> Who {
    Who::Admin {
        id: id::<AdminId>("adm", 2).to_string(),
        email: "dana@acme.test".to_owned(),
        credential: None,
    }
}

fn agent(subject: Option<&str>) -> Who {
    Who::Agent {
        id: id("agt", 3),
        email: "sam@vendor.test".to_owned(),
        subject: subject.map(ToOwned::to_owned),
    }
}

fn entry(actor: Who, about_a_case: bool, what: What) -> Entry {
    let (grant, session) = what.about();
    let number = CaseNumber::parse("00001001").expect("a number");
    Entry {
        org: id("org", 1),
        org_slug: Slug::parse("acme").expect("a slug"),
        at: Timestamp::from_millis(AT),
        actor,
        case: about_a_case.then(|| (id("case", 4), number)),
        grant,
        session,
        client: None,
        what,
    }
}

fn under_session(what: What) -> Entry {
    Entry {
        grant: Some(id("grant", 5)),
        session: Some(id("sess", 6)),
        ..entry(agent(Some("dana@acme.test")), true, what)
    }
}

fn request() -> RequestLine {
    RequestLine::new("GET", "/invoices?q=%22caf\u{e9}%22&page=2")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was written is what a reader of the log finds.
#[track_caller]
fn reads_back(entry: &Entry, bytes: &[u8]) {
    let read = Written::read(bytes).expect("it is an entry");
    assert!(KINDS.contains(&entry.what.name()), "{}", entry.what.name());
    assert_eq!(read.kind, entry.what.name());
    assert_eq!(
        (read.org.id, &*read.org.slug),
        (entry.org, entry.org_slug.as_str())
    );
    assert_eq!(
        (read.at, read.grant, read.session),
        (entry.at, entry.grant, entry.session)
    );
    let case = read
        .case
        .as_ref()
        .map(|case| (case.id, case.number.to_string()));
    let written = entry.case.as_ref();
    assert_eq!(case, written.map(|(id, number)| (*id, number.to_string())));
    if let Who::Agent { id, .. } = &entry.actor {
        assert_eq!(read.agent(), Some(*id));
    }
    let line = |request: &WrittenRequest<'_>| RequestLine {
        method: request.method.to_string(),
        target: request.path.to_string(),
        page: request.page,
        left_open: request.left_open,
        rule: request.rule.as_deref().map(str::to_owned),
        client: called_from::read_back(&read),
    };
    let request = read.request.as_ref().map(line);
    let what = match (request, read.refused_with(), read.outcome()) {
        (Some(request), None, None) => What::Request(request),
        (Some(request), Some(code), None) => What::Refused {
            request,
            code: code.into_owned(),
        },
        (None, None, Some(outcome)) => What::Outcome(outcome),
        (request, code, outcome) => {
            assert_eq!((request, code, outcome), (None, None, None));
            assert_eq!(called_from::read_back(&read), entry.client);
            return assert!(matches!(
                entry.what,
                What::Event(_) | What::SignIn(_) | What::Attempt(_)
            ));
        }
    };
    assert_eq!(what, entry.what);
}

#[track_caller]
fn holds(entry: &Entry, encoded: &str, hash: &str) {
    let bytes = entry.encode();
    assert_eq!(String::from_utf8_lossy(&bytes), encoded);
    assert_eq!(hex(&leaf_hash(&bytes)), hash);
    // Whoever fills the moment in writes the same.
    let (before, behind) = Frame::of(entry).around(&entry.what);
    let moment = entry.at.as_millis().to_string();
    assert_eq!([before, moment.into_bytes(), behind].concat(), bytes);
    reads_back(entry, &bytes);
    // Canonical: what is read back and written with sorted keys is the same.
    let read: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
    assert_eq!(read.to_string(), encoded);
}

#[test]
fn the_format_version() {
    assert_eq!(FORMAT_VERSION, 1);
}

#[test]
fn an_org_created_from_the_command_line() {
    let what = What::Event(Event::OrgCreated {
        org: id("org", 1),
        slug: Slug::parse("acme").expect("a slug"),
        name: PersonName::parse("Acme \"Café\" Inc").expect("a name"),
    });
    holds(
        &entry(
            Who::Operator {
                token: None,
                person: None,
            },
            false,
            what,
        ),
        r#"{"actor":{"kind":"operator","via":"command_line"},"at":1893456000123,"detail":{"name":"Acme \"Café\" Inc","org":"org_00000000000000000000000000000001","slug":"acme"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.created","v":1}"#,
        "409bcdbee5ab657ed56a8e8106346a2515c7a9f6f884b753b6b2b37b70509bc1",
    );
}

fn upstream_set(upstream: Upstream) -> Entry {
    let what = What::Event(Event::UpstreamSet {
        org: id("org", 1),
        upstream,
        widened: false,
    });
    entry(
        Who::Operator {
            token: None,
            person: None,
        },
        false,
        what,
    )
}

#[test]
fn host_names_of_an_orgs_own() {
    let host = |name| HostName::parse(name).expect("a host name");
    let what = What::Event(Event::HostsSet {
        org: id("org", 1),
        hosts: vec![
            host("acme.support.example.com"),
            host("support.acme.example"),
        ],
    });
    holds(
        &entry(
            Who::Operator {
                token: None,
                person: None,
            },
            false,
            what,
        ),
        r#"{"actor":{"kind":"operator","via":"command_line"},"at":1893456000123,"detail":{"hosts":["acme.support.example.com","support.acme.example"],"org":"org_00000000000000000000000000000001"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.hosts_set","v":1}"#,
        "8e13dda2921a15e4be08abf06c490dac74e69d8edad3b9a4123f61dd02442dbf",
    );
}

/// As it stood before there were modes and rules.
#[test]
fn an_upstream_without_rules() {
    let upstream = Upstream {
        user_header: HeaderName::parse("X-Remote-User").ok(),
        ..Upstream::new(Origin::parse("http://127.0.0.1:9000").expect("an origin"))
    };
    holds(
        &upstream_set(upstream),
        r#"{"actor":{"kind":"operator","via":"command_line"},"at":1893456000123,"detail":{"org":"org_00000000000000000000000000000001","upstream":{"org_header":null,"origin":"http://127.0.0.1:9000","user_header":"x-remote-user"}},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.upstream_set","v":1}"#,
        "79039c40d5886ba9b827a76ebef472aa9200f1614322e9ad4ce5d10ac02e35ef",
    );
}

#[test]
fn an_upstream_whose_reads_are_declared() {
    let rule = |methods: &[&str], path, effect| {
        let methods = Methods::parse(methods.iter().copied()).expect("methods");
        let path = RoutePattern::parse(path).expect("a pattern");
        RouteRule::new(methods, path, effect).expect("a rule")
    };
    let rules = vec![
        rule(&["POST", "GET"], "/api/{id}/search", RouteEffect::Read),
        rule(&["*"], "/admin/**", RouteEffect::Write),
    ];
    let upstream = Upstream {
        mode: Mode::Declared,
        routes: Routes::new(rules).expect("rules"),
        ..Upstream::new(Origin::parse("https://app.acme.test").expect("an origin"))
    };
    holds(
        &upstream_set(upstream),
        r#"{"actor":{"kind":"operator","via":"command_line"},"at":1893456000123,"detail":{"org":"org_00000000000000000000000000000001","upstream":{"mode":"declared","org_header":null,"origin":"https://app.acme.test","routes":[{"effect":"read","methods":["GET","POST"],"path":"/api/{id}/search"},{"effect":"write","methods":["*"],"path":"/admin/**"}],"user_header":null}},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"org.upstream_set","v":1}"#,
        "99476adb8813edc5f06cd8cc246bb4680dc0a475e0451fcec8135352e33c5088",
    );
}

#[test]
fn an_access_request() {
    let what = What::Event(Event::AccessRequested {
        case: id("case", 4),
        org: id("org", 1),
        by: id("agt", 3),
        justification: Justification::parse("To see the invoices\nthat \"are\" missing")
            .expect("a justification"),
        subject: None,
    });
    holds(
        &entry(agent(None), true, what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"by":"agt_00000000000000000000000000000003","case":"case_00000000000000000000000000000004","justification":"To see the invoices\nthat \"are\" missing","org":"org_00000000000000000000000000000001","subject":null},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"access.requested","v":1}"#,
        "72d0d08576531d8e93f8e84fdc64ba2798ce26e66ef602937ac6a98f34b3dd86",
    );
}

#[test]
fn a_grant() {
    let what = What::Event(Event::Granted {
        case: id("case", 4),
        org: id("org", 1),
        grant: Grant {
            id: id("grant", 5),
            approved_by: id("adm", 2),
            subject: id("adm", 2),
            team: TeamScope {
                at_tick: [id::<AgentId>("agt", 3)].into(),
                pinned: false,
            },
            period: Period {
                number: 1,
                from: Timestamp::from_millis(AT),
                expires_at: Timestamp::from_millis(AT).plus(Duration::from_hours(8)),
            },
        },
    });
    holds(
        &entry(admin(), true, what),
        r#"{"actor":{"email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"case":"case_00000000000000000000000000000004","grant":{"approved_by":"adm_00000000000000000000000000000002","id":"grant_00000000000000000000000000000005","period":{"expires_at":1893484800123,"from":1893456000123,"number":1},"subject":"adm_00000000000000000000000000000002","team":{"at_tick":["agt_00000000000000000000000000000003"],"pinned":false}},"org":"org_00000000000000000000000000000001"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"access.granted","v":1}"#,
        "1b9ae11ef20483a7f6007e0855e2422ed7ab72650182879aa36eb0545eac42b4",
    );
}

#[test]
fn a_revocation() {
    let what = What::Event(Event::Revoked {
        case: id("case", 4),
        org: id("org", 1),
        grant: id("grant", 5),
        why: RevokedWhy::Unticked,
        by: None,
    });
    holds(
        &entry(admin(), true, what),
        r#"{"actor":{"email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"case":"case_00000000000000000000000000000004","grant":"grant_00000000000000000000000000000005","org":"org_00000000000000000000000000000001","why":"unticked"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"type":"access.revoked","v":1}"#,
        "4b74ab4963073fc2a05f8e3c07e03ecc99097bbb5e4c5bdd580f68b717c49094",
    );
}

/// Whether an upstream lets through more was not judged at first; that it did is on the log since.
#[test]
fn an_upstream_from_before_it_was_judged_ends_nothing() {
    let before = r#"{"type":"upstream_set","org":"org_00000000000000000000000000000001","upstream":{"origin":"http://127.0.0.1:9000","user_header":null,"org_header":null}}"#;
    let event: Event = serde_json::from_str(before).unwrap();
    assert!(matches!(event, Event::UpstreamSet { widened: false, .. }));
    assert_eq!(serde_json::to_string(&event).unwrap(), before);
    let since = before.replace("}}", r#"},"widened":true}"#);
    let event: Event = serde_json::from_str(&since).unwrap();
    assert!(matches!(event, Event::UpstreamSet { widened: true, .. }));
    assert_eq!(serde_json::to_string(&event).unwrap(), since);
}

#[test]
fn acts_from_before_their_admin_was_kept_still_read() {
    let revoked = r#"{"type":"revoked","case":"case_00000000000000000000000000000004","org":"org_00000000000000000000000000000001","grant":"grant_00000000000000000000000000000005","why":"unticked"}"#;
    let settings = r#"{"type":"settings_changed","org":"org_00000000000000000000000000000001","settings":{"default_duration":28800000,"extension":true,"approvers":"super_admins","pin_team":false,"self_openers_only":false}}"#;
    for text in [revoked, settings] {
        let event: Event = serde_json::from_str(text).unwrap();
        assert!(matches!(
            event,
            Event::Revoked { by: None, .. } | Event::SettingsChanged { by: None, .. }
        ));
        assert_eq!(serde_json::to_string(&event).unwrap(), text);
    }
}

#[test]
fn a_session_started() {
    let what = What::Event(started(Entrance::Linked {
        code: secret(0xc0),
        until: Timestamp::from_millis(AT + 600_000),
    }));
    holds(
        &entry(agent(None), true, what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"case":"case_00000000000000000000000000000004","org":"org_00000000000000000000000000000001","session":{"absolute_until":1893484800123,"agent":"agt_00000000000000000000000000000003","grant":"grant_00000000000000000000000000000005","id":"sess_00000000000000000000000000000006","idle":1800000,"label":"k7p2","period":1,"started_at":1893456000123,"subject":"adm_00000000000000000000000000000002"}},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"session":"sess_00000000000000000000000000000006","type":"session.started","v":1}"#,
        "a7f1e7df348ad17133634bdc93ada564b085a4f1d7c4990e06368b12172cade4",
    );
}

#[test]
fn a_session_ended() {
    let what = What::Event(Event::SessionEnded {
        case: id("case", 4),
        org: id("org", 1),
        session: id("sess", 6),
        why: EndedWhy::GrantRevoked,
    });
    holds(
        &entry(admin(), true, what),
        r#"{"actor":{"email":"dana@acme.test","id":"adm_00000000000000000000000000000002","kind":"admin"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"case":"case_00000000000000000000000000000004","org":"org_00000000000000000000000000000001","session":"sess_00000000000000000000000000000006","why":"grant_revoked"},"org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"session":"sess_00000000000000000000000000000006","type":"session.ended","v":1}"#,
        "d93d9df207177c5cdad3ce6e5ceca47b9b143e01525e362cedc9f4e8b50292a9",
    );
}

#[test]
fn a_request_line() {
    holds(
        &under_session(What::Request(request())),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"GET","path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request","v":1}"#,
        "e550eec4a3c707c17689a23292bf5384c613b89cc89a058e1be7f489a40b72ca",
    );
}

#[test]
fn a_request_for_a_page() {
    holds(
        &under_session(What::Request(RequestLine {
            page: true,
            ..request()
        })),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"GET","page":true,"path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request","v":1}"#,
        "f5661ecc7d03ac4a786f936b889d609b4178de3b93a8d44faae0e5fbeda29e34",
    );
}

#[test]
fn a_request_that_the_vendor_declared_harmless() {
    let bytes = holds_rule();
    let read = Written::read(&bytes).expect("it is an entry");
    assert!(read.declared_harmless());
    // From before the rule was kept: only a rule lets such a method pass.
    let old = under_session(What::Request(RequestLine::new("POST", "/search"))).encode();
    assert!(
        Written::read(&old)
            .expect("it is an entry")
            .declared_harmless()
    );
    let looked = under_session(What::Request(request())).encode();
    assert!(
        !Written::read(&looked)
            .expect("it is an entry")
            .declared_harmless()
    );
    let refused = under_session(What::Refused {
        request: RequestLine::new("POST", "/search"),
        code: "not_a_read".to_owned(),
    });
    let refused = refused.encode();
    assert!(
        !Written::read(&refused)
            .expect("it is an entry")
            .declared_harmless()
    );
}

fn holds_rule() -> Vec<u8> {
    let entry = under_session(What::Request(RequestLine {
        rule: Some("POST,PUT /search/{index}".to_owned()),
        ..RequestLine::new("POST", "/search/groups")
    }));
    holds(&entry, RULE, RULE_HASH);
    entry.encode()
}

const RULE: &str = r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"POST","path":"/search/groups","rule":"POST,PUT /search/{index}"},"session":"sess_00000000000000000000000000000006","type":"request","v":1}"#;
const RULE_HASH: &str = "5517776b4e0539cfbbbc225a35e0b3fd5bbca6403b75107d6dc43e11c5a8c65f";

#[test]
fn a_refused_request() {
    let what = What::Refused {
        request: request(),
        code: "session_over".to_owned(),
    };
    holds(
        &under_session(what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"code":"session_over"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"method":"GET","path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request.refused","v":1}"#,
        "4ae84494c8c465cd9e9115fe5bc5c7828fd1229edd5b98a7894ed03df98bec62",
    );
}

#[test]
fn a_refused_request_of_a_page_left_open() {
    let what = What::Refused {
        request: RequestLine {
            left_open: true,
            ..request()
        },
        code: "session_over".to_owned(),
    };
    holds(
        &under_session(what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"code":"session_over"},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"request":{"left_open":true,"method":"GET","path":"/invoices?q=%22café%22&page=2"},"session":"sess_00000000000000000000000000000006","type":"request.refused","v":1}"#,
        "5cacb791a8326183b13f640ef22045cdff28c38eac58d598428cdd274b1f89b6",
    );
}

#[test]
fn an_outcome() {
    let what = What::Outcome(Outcome {
        request: 7,
        status: Some(200),
        bytes: 512,
        ending: OutcomeEnding::Complete,
    });
    holds(
        &under_session(what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"bytes":512,"ending":"complete","request":7,"status":200},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"session":"sess_00000000000000000000000000000006","type":"outcome","v":1}"#,
        "48f653ca5897da87d0a7d8a8cba92a99e773af4b673dd4aaa4cc63ba306db89c",
    );
}

#[test]
fn an_outcome_without_an_answer() {
    let what = What::Outcome(Outcome {
        request: 7,
        status: None,
        bytes: 0,
        ending: OutcomeEnding::UpstreamFailed,
    });
    holds(
        &under_session(what),
        r#"{"actor":{"email":"sam@vendor.test","id":"agt_00000000000000000000000000000003","kind":"agent","subject":"dana@acme.test"},"at":1893456000123,"case":{"id":"case_00000000000000000000000000000004","number":"00001001"},"detail":{"bytes":0,"ending":"upstream_failed","request":7,"status":null},"grant":"grant_00000000000000000000000000000005","org":{"id":"org_00000000000000000000000000000001","slug":"acme"},"session":"sess_00000000000000000000000000000006","type":"outcome","v":1}"#,
        "3db375c187f6608ba0f6b3e3f39bd0d3b52d0e6328740788d998ad6b91265551",
    );
}

#[test]
fn an_entry_hashes_as_an_rfc_6962_leaf() {
    // SHA-256 over the single byte 00: the leaf of an empty entry.
    assert_eq!(
        hex(&leaf_hash(b"")),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
}

fn secret(byte: u8) -> SecretHash {
    SecretHash::from_bytes([byte; 32])
}

fn started(entrance: Entrance) -> Event {
    Event::SessionStarted {
        case: id::<CaseId>("case", 4),
        org: id::<OrgId>("org", 1),
        session: Session {
            id: id::<SessionId>("sess", 6),
            agent: id("agt", 3),
            subject: id("adm", 2),
            grant: id::<GrantId>("grant", 5),
            period: 1,
            started_at: Timestamp::from_millis(AT),
            absolute_until: Timestamp::from_millis(AT).plus(Duration::from_hours(8)),
            idle: Duration::from_mins(30),
            label: Label::parse("k7p2").expect("a label"),
            token: secret(0xa1),
            entrance,
            tokens: vec![],
        },
    }
}

/// A hash is of use to whoever would guess or replay; no log needs one.
#[test]
fn no_secrets_hash_is_on_the_log() {
    let until = Timestamp::from_millis(AT + 60_000);
    let (case, org, session) = (id("case", 4), id("org", 1), id("sess", 6));
    let events = [
        started(Entrance::Linked {
            code: secret(0xa2),
            until,
        }),
        started(Entrance::HandedOver {
            handover: secret(0xa3),
            browser: secret(0xa4),
            until,
        }),
        started(Entrance::Entered {
            cookie: secret(0xa5),
        }),
        Event::LinkOpened {
            case,
            org,
            session,
            handover: secret(0xa6),
            browser: secret(0xa7),
            until,
        },
        Event::SessionEntered {
            case,
            org,
            session,
            cookie: secret(0xa8),
        },
        Event::SessionEnded {
            case,
            org,
            session,
            why: EndedWhy::ByAgent,
        },
        Event::TokenExchanged {
            case,
            org,
            session,
            id: id("tok", 7),
            token: secret(0xa4),
            resource: Resource::parse("https://api.vendor.test").expect("a resource"),
            expires_at: until,
        },
    ];
    for event in events {
        let encoded = entry(agent(None), true, What::Event(event)).encode();
        let encoded = String::from_utf8(encoded).expect("an entry is text");
        for byte in 0xa1..=0xa8 {
            let hash = hex(&[byte; 32]);
            assert!(!encoded.contains(&hash), "{encoded}");
        }
        let longest = |text: &str| {
            let runs = text.split(|c: char| !c.is_ascii_hexdigit());
            runs.map(str::len).max()
        };
        assert!(longest(&encoded) < Some(64), "{encoded}");
    }
}
