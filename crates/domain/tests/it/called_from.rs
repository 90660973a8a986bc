//! From where a call came, and whose word on it counts.

use std::net::IpAddr;

use countersign_domain::{CalledFrom, Network, TrustedProxies, UserAgent};

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

fn client(trusted: &[&str], connected: &str, forwarded: &[&str]) -> String {
    let trusted = trusted.iter().map(|network| network.parse().unwrap());
    let values = forwarded.iter().map(|value| value.as_bytes());
    let proxies = TrustedProxies::new(trusted.collect());
    proxies.client(ip(connected), values).to_string()
}

#[test]
fn whoever_connects_is_the_client_unless_a_trusted_proxy_says_otherwise() {
    let forged = ["198.51.100.1", "127.0.0.1, 198.51.100.2"];
    assert_eq!(client(&[], "203.0.113.9", &forged), "203.0.113.9");
    assert_eq!(
        client(&["10.0.0.0/8"], "203.0.113.9", &forged),
        "203.0.113.9"
    );
    assert_eq!(
        client(&["10.0.0.0/8"], "::ffff:203.0.113.9", &forged),
        "203.0.113.9"
    );
    assert_eq!(client(&["10.0.0.0/8"], "10.1.2.3", &[]), "10.1.2.3");
}

#[test]
fn what_a_client_wrote_itself_stands_before_what_the_proxy_saw() {
    let one = ["10.0.0.0/8"];
    let seen = |forwarded: &[&str]| client(&one, "10.0.0.1", forwarded);
    assert_eq!(seen(&["203.0.113.9"]), "203.0.113.9");
    assert_eq!(seen(&["198.51.100.1, 203.0.113.9"]), "203.0.113.9");
    assert_eq!(seen(&["198.51.100.1", "203.0.113.9"]), "203.0.113.9");
    // A client may claim to be a proxy of ours; whoever stands behind the claim is not asked.
    assert_eq!(
        seen(&["198.51.100.1, 10.0.0.7, 203.0.113.9"]),
        "203.0.113.9"
    );
    assert_eq!(seen(&["203.0.113.9, 10.0.0.7"]), "203.0.113.9");
    // Every hop is ours: the first of them is who asked.
    assert_eq!(seen(&["10.0.0.9,10.0.0.8"]), "10.0.0.9");
}

#[test]
fn what_cannot_be_read_ends_the_search_at_the_proxy_that_passed_it_on() {
    let one = ["10.0.0.0/8", "fd00::/8"];
    let seen = |forwarded: &[&str]| client(&one, "10.0.0.1", forwarded);
    for odd in [
        "unknown",
        "_hidden",
        "",
        "203.0.113.9, ",
        "1.2.3",
        "[203.0.113.9]",
        "\u{e9}",
    ] {
        assert_eq!(seen(&[odd]), "10.0.0.1", "{odd}");
    }
    assert_eq!(seen(&["203.0.113.9, nobody, 10.0.0.2"]), "10.0.0.2");
    for (written, read) in [
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        (" 2001:db8::1 ", "2001:db8::1"),
        ("2001:db8::1, fd00::1", "2001:db8::1"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
    ] {
        assert_eq!(seen(&[written]), read, "{written}");
    }
}

#[test]
fn a_network_is_an_address_or_one_that_ends_in_zeros() {
    let holds =
        |network: &str, address: &str| client(&[network], address, &["192.0.2.1"]) == "192.0.2.1";
    assert!(holds("0.0.0.0/0", "203.0.113.9"));
    assert!(holds("192.168.128.0/17", "192.168.255.1"));
    assert!(!holds("192.168.128.0/17", "192.168.127.1"));
    assert!(holds("127.0.0.1", "127.0.0.1"));
    assert!(!holds("127.0.0.1", "127.0.0.2"));
    assert!(holds("2001:db8::/32", "2001:db8:1::1"));
    // No address of one family is in a network of the other.
    assert!(!holds("::/0", "203.0.113.9"));
    assert!(!holds("0.0.0.0/0", "2001:db8::1"));
    for bad in [
        "",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "::1/129",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "host",
        "10.0.0.0/8/8",
    ] {
        assert!(bad.parse::<Network>().is_err(), "{bad}");
    }
}

#[test]
fn a_user_agent_is_one_printable_line() {
    let read = |header: &[u8]| UserAgent::read(header).map(|read| read.to_string());
    assert_eq!(
        read(b"Mozilla/5.0 (X11)").as_deref(),
        Some("Mozilla/5.0 (X11)")
    );
    assert_eq!(read(b" a\t\tb\x00\x1b[31mc ").as_deref(), Some("a b [31mc"));
    assert_eq!(
        read("a\u{202e}b\u{200b}".as_bytes()).as_deref(),
        Some("a b")
    );
    assert_eq!(read(b"caf\xe9").as_deref(), Some("caf\u{fffd}"));
    for nothing in ["", "  ", "\u{7f}\u{200b}"] {
        assert_eq!(read(nothing.as_bytes()), None);
    }
    let (fits, long) = ("\u{e9}".repeat(200), "\u{e9}".repeat(201));
    assert_eq!(read(fits.as_bytes()), Some(fits));
    assert_eq!(
        read(long.as_bytes()),
        Some("\u{e9}".repeat(199) + "\u{2026}")
    );
}

#[test]
fn what_was_kept_reads_back_and_nothing_else_does() {
    let from = CalledFrom::new(ip("::ffff:192.0.2.7"), UserAgent::read(b"curl/8"));
    let text = serde_json::to_string(&from).unwrap();
    assert_eq!(text, r#"{"address":"192.0.2.7","user_agent":"curl/8"}"#);
    assert_eq!(serde_json::from_str::<CalledFrom>(&text).unwrap(), from);
    let bare = CalledFrom::new(ip("2001:db8::1"), None);
    assert_eq!(
        serde_json::to_string(&bare).unwrap(),
        r#"{"address":"2001:db8::1"}"#
    );
    for bad in [
        r#"{"address":"host"}"#,
        r#"{"address":"192.0.2.7","user_agent":"a\u0000b"}"#,
        r#"{"address":"192.0.2.7","user_agent":""}"#,
    ] {
        assert!(serde_json::from_str::<CalledFrom>(bad).is_err(), "{bad}");
    }
}
