//! Where this server connects to when somebody has said where their OpenID provider is.
//!
//! Whoever may say so must not have the server look around in the network it stands in. Names are
//! resolved once, every address is judged, and the address that was judged is the one connected to.

use std::{
    collections::BTreeSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use url::{Host, Url};

/// Where OpenID providers may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Hosts, in lower case, that may have addresses of a private network: the deployment says so.
    pub private_hosts: BTreeSet<String>,
    /// Whether providers on the own machine may be used, and without TLS: for a deployment that is itself
    /// reached on loopback.
    pub own_machine: bool,
}

impl Reach {
    /// Whether a URL may be fetched at all, before its host is looked up.
    #[must_use]
    pub fn allows(&self, url: &Url) -> bool {
        let plain = url.username().is_empty() && url.password().is_none();
        let scheme = match url.scheme() {
            "https" => true,
            "http" => self.own_machine && url.host().is_some_and(|host| is_own_machine(&host)),
            _ => false,
        };
        plain && scheme && url.host().is_some()
    }

    /// Whether an address that a host was resolved to may be connected to.
    #[must_use]
    pub fn allows_address(&self, host: &str, address: IpAddr) -> bool {
        is_public(address)
            || (self.own_machine && address.to_canonical().is_loopback())
            || self.private_hosts.contains(&host.to_ascii_lowercase())
    }
}

fn is_own_machine(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether an address is one of the public internet (the special-purpose registries of RFC 6890).
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let benchmark = a == 198 && (18..20).contains(&b);
    !(a == 0
        || a >= 240
        || shared
        || protocol
        || benchmark
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    if let Some(v4) = address.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    match segments {
        // RFC 6052: a translator's way to an IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        // RFC 3056.
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, benchmarking, ORCHID, documentation.
        [0x2001, 0..0x0200 | 0x0db8, ..] | [0x3fff, 0..0x1000, ..] => false,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_provider_is_on_the_public_internet_and_speaks_tls() {
        let reach = Reach::default();
        assert!(reach.allows(&url("https://login.example.com/x")));
        for bad in [
            "http://login.example.com",
            "http://127.0.0.1:4000",
            "https://user@login.example.com",
            "https://:secret@login.example.com",
            "ftp://login.example.com",
            "file:///etc/passwd",
            "data:,x",
        ] {
            assert!(!reach.allows(&url(bad)), "{bad}");
        }
        let at_home = Reach {
            own_machine: true,
            ..Reach::default()
        };
        for good in [
            "http://127.0.0.1:4000",
            "http://localhost:1",
            "http://[::1]:1",
        ] {
            assert!(at_home.allows(&url(good)), "{good}");
        }
        assert!(!at_home.allows(&url("http://login.example.com")));
    }

    #[test]
    fn addresses_of_networks_that_are_nobody_elses_are_not_connected_to() {
        let reach = Reach::default();
        for (address, public) in [
            ("93.184.216.34", true),
            ("2606:4700::1111", true),
            ("64:ff9b::5db8:d822", true),
            ("2002:5db8:d822::1", true),
            ("0.0.0.0", false),
            ("10.0.0.1", false),
            ("100.64.0.1", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("172.16.0.1", false),
            ("192.0.0.8", false),
            ("192.168.1.1", false),
            ("198.18.0.1", false),
            ("203.0.113.1", false),
            ("224.0.0.1", false),
            ("255.255.255.255", false),
            ("::", false),
            ("::1", false),
            ("::ffff:169.254.169.254", false),
            ("::ffff:10.0.0.1", false),
            ("64:ff9b::a00:1", false),
            ("64:ff9b:1::a00:1", false),
            ("2002:a00:1::1", false),
            ("2001::1", false),
            ("2001:db8::1", false),
            ("fc00::1", false),
            ("fd12::1", false),
            ("fe80::1", false),
            ("fec0::1", false),
            ("ff02::1", false),
        ] {
            let address = address.parse().unwrap();
            assert_eq!(
                reach.allows_address("login.example.com", address),
                public,
                "{address}"
            );
        }
    }

    #[test]
    fn only_the_deployment_lets_a_host_be_in_a_private_network() {
        let reach = Reach {
            private_hosts: BTreeSet::from(["sso.corp.example".to_owned()]),
            own_machine: false,
        };
        let private = "10.0.0.1".parse().unwrap();
        assert!(reach.allows_address("SSO.corp.example", private));
        assert!(!reach.allows_address("other.corp.example", private));
        assert!(!reach.allows_address("other.corp.example", "127.0.0.1".parse().unwrap()));
        let at_home = Reach {
            own_machine: true,
            ..Reach::default()
        };
        assert!(at_home.allows_address("localhost", "127.0.0.1".parse().unwrap()));
        assert!(at_home.allows_address("localhost", "::1".parse().unwrap()));
        assert!(!at_home.allows_address("localhost", private));
    }
}
