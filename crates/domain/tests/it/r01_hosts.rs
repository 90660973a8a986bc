//! R1: host names that are one org's alone.

use countersign_domain::{Command, Event, HostName, Org, Refusal, TextError};

use crate::world::{ACME, DANA, GLOBEX, IMPERSONATION, OPERATOR, SAM, World, admin, agent};

fn hosts(names: &[&str]) -> Vec<HostName> {
    names
        .iter()
        .map(|name| HostName::parse(name).unwrap())
        .collect()
}

fn set(names: &[&str]) -> Command {
    Command::SetHosts {
        org: ACME,
        hosts: hosts(names),
    }
}

#[test]
fn operators_say_which_host_names_are_an_orgs_own() {
    let mut w = World::new();
    let both = ["acme.support.example.com", "support.acme.example"];
    let event = Event::HostsSet {
        org: ACME,
        hosts: hosts(&both),
    };
    assert_eq!(w.do_(OPERATOR, set(&both)), Ok(vec![event.clone()]));
    assert_eq!(w.state.org(ACME).unwrap().hosts, hosts(&both));
    assert_eq!(w.state.org(GLOBEX).unwrap().hosts, []);
    assert!(!event.takes_away());
    assert_eq!(event.org(), Some(ACME));
    // The same again changes nothing; another order does, for the first is in links.
    assert_eq!(w.do_(OPERATOR, set(&both)), Ok(vec![]));
    let turned = [both[1], both[0]];
    assert_eq!(w.do_(OPERATOR, set(&turned)).unwrap().len(), 1);
    assert_eq!(w.do_(OPERATOR, set(&[])).unwrap().len(), 1);
    assert_eq!(w.state.org(ACME).unwrap().hosts, []);
}

#[test]
fn nobody_else_does_and_no_list_is_taken_in_part() {
    let w = World::new();
    w.refuses([
        (admin(DANA), set(&["a.example.com"]), Refusal::OnlyOperators),
        (agent(SAM), set(&["a.example.com"]), Refusal::OnlyOperators),
        (
            IMPERSONATION,
            set(&["a.example.com"]),
            Refusal::ImpersonationCannotAct,
        ),
        (
            OPERATOR,
            set(&["a.example.com", "b.example.com", "a.example.com"]),
            Refusal::HostTwice,
        ),
        (
            OPERATOR,
            Command::SetHosts {
                org: ACME,
                hosts: (0..=Org::MOST_HOSTS)
                    .map(|n| HostName::parse(&format!("h{n}.example.com")).unwrap())
                    .collect(),
            },
            Refusal::TooManyHosts,
        ),
    ]);
}

#[test]
fn a_host_name_is_a_plain_name_of_two_labels_or_more() {
    for (typed, name) in [
        ("acme.support.example.com", "acme.support.example.com"),
        (" ACME.Support.Example.com ", "acme.support.example.com"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("acme.localhost", "acme.localhost"),
        ("1password.example", "1password.example"),
        ("a.b", "a.b"),
    ] {
        assert_eq!(HostName::parse(typed).unwrap().as_str(), name, "{typed}");
    }
    for wrong in [
        "localhost",
        "acme.example.com:443",
        "https://acme.example.com",
        "acme.example.com/",
        "acme.example.com.",
        ".example.com",
        "acme..example.com",
        "*.example.com",
        "acme_1.example.com",
        "-acme.example.com",
        "acme-.example.com",
        "bücher.example",
        "аcme.example.com",
        "acme.example.com evil.test",
        "user@acme.example.com",
        "127.0.0.1",
        "192.0.2",
        "0x7f.0.0.0x1",
        "acme.0x1",
        "acme.1a",
        "[::1]",
        "::1",
    ] {
        let refused = HostName::parse(wrong);
        assert!(
            matches!(refused, Err(TextError::Form { .. })),
            "{wrong}: {refused:?}"
        );
    }
    assert_eq!(HostName::parse("  "), Err(TextError::Blank));
    let label = "a".repeat(63);
    let longest = [label.as_str(); 4].join(".");
    assert_eq!(
        HostName::parse(&longest),
        Err(TextError::TooLong { max: 253 })
    );
    assert!(HostName::parse(&longest[2..]).is_ok());
    assert!(HostName::parse(&format!("{}.example", "a".repeat(64))).is_err());
}
