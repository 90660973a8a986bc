//! The gateway's own addresses: which session a Host names, and what must never be redirected to.

use countersign_domain::Label;
use url::{Host, Url};

/// The gateway's own addresses.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// Console and API, without a slash at the end.
    pub(crate) public_url: String,
    public: Option<Url>,
    scheme: String,
    host: String,
    port: Option<String>,
}

impl Addresses {
    pub(crate) fn new(public_url: &str, gateway_url: &str) -> Self {
        let lowered = gateway_url.trim_end_matches('/').to_ascii_lowercase();
        let (scheme, authority) = lowered.split_once("://").unwrap_or(("http", &lowered));
        let (host, port) = match authority.split_once(':') {
            Some((host, port)) => (host, Some(port.to_owned())),
            None => (authority, None),
        };
        Self {
            public_url: public_url.trim_end_matches('/').to_owned(),
            public: Url::parse(public_url).ok(),
            scheme: scheme.to_owned(),
            host: host.to_owned(),
            port,
        }
    }

    /// `http` or `https`, as the client sees the gateway.
    pub(crate) fn scheme(&self) -> &str {
        &self.scheme
    }

    /// The label in a Host header. The port is not looked at: a proxy or port mapping in front may
    /// change it, and the label alone says which session is meant.
    pub(crate) fn label_of(&self, host: &[u8]) -> Option<Label> {
        let text = std::str::from_utf8(host).ok()?.to_ascii_lowercase();
        let name = match text.split_once(':') {
            None => text.as_str(),
            Some((name, port)) if is_port(port) => name,
            Some(_) => return None,
        };
        let label = name.strip_suffix(&self.host)?.strip_suffix('.')?;
        // Parsing would forgive white space; an address does not have any.
        Label::parse(label)
            .ok()
            .filter(|parsed| parsed.as_str() == label)
    }

    /// `<label>.<gateway host>[:port]`.
    pub(crate) fn authority(&self, label: &Label) -> String {
        match &self.port {
            Some(port) => format!("{label}.{}:{port}", self.host),
            None => format!("{label}.{}", self.host),
        }
    }

    /// The session's own origin.
    pub(crate) fn origin(&self, label: &Label) -> String {
        format!("{}://{}", self.scheme, self.authority(label))
    }

    /// Whether an address is Countersign's own, other than the session's origin it was met at: a
    /// product that redirects there could make a signed-in browser act (R17).
    pub(crate) fn is_ours(&self, target: &Url, own: &Url) -> bool {
        if target.origin() == own.origin() {
            return false;
        }
        let below_gateway = target.host_str().is_some_and(|host| {
            let host = host.trim_end_matches('.');
            host == self.host
                || host
                    .strip_suffix(&self.host)
                    .is_some_and(|rest| rest.ends_with('.'))
        });
        let console = self.public.as_ref().is_some_and(|public| {
            target.port_or_known_default() == public.port_or_known_default()
                && (at_or_below(target, public) || is_loopback(target) && is_loopback(public))
        });
        below_gateway || console
    }
}

/// Orgs have host names of their own below the console's.
fn at_or_below(target: &Url, public: &Url) -> bool {
    let plain = |url: &Url| Some(url.host_str()?.trim_end_matches('.').to_owned());
    match (plain(target), plain(public)) {
        (Some(host), Some(public)) => host
            .strip_suffix(&public)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        _ => false,
    }
}

/// On loopback the console answers to any name.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback()
                || address.is_unspecified()
                || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        None => false,
    }
}

/// In digits and nothing else that reads as a number.
fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses() -> Addresses {
        Addresses::new("http://localhost:8080", "http://gw.localhost:8081")
    }

    #[test]
    fn a_host_names_a_session_by_exactly_one_label() {
        let label = |host: &str| {
            addresses()
                .label_of(host.as_bytes())
                .map(|label| label.to_string())
        };
        for host in [
            "abc.gw.localhost",
            "ABC.gw.Localhost:9",
            "abc.gw.localhost:8081",
        ] {
            assert_eq!(label(host).as_deref(), Some("abc"), "{host}");
        }
        for host in [
            "",
            "gw.localhost",
            ".gw.localhost",
            "a.b.gw.localhost",
            "abc.gw.localhost.",
            "abcgw.localhost",
            "abc.gw.localhost:x",
            "abc.gw.localhost:80:80",
            "abc.gw.localhost:",
            "abc.gw.localhost:+1",
            "u@abc.gw.localhost",
            " abc.gw.localhost",
            "abc.gw.localhost.evil.test",
        ] {
            assert_eq!(label(host), None, "{host}");
        }
    }

    #[test]
    fn r17_console_and_other_sessions_are_ours_whatever_they_are_called() {
        let own = Url::parse("http://abc.gw.localhost:8081/x").unwrap();
        let ours = |url: &str| addresses().is_ours(&own.join(url).unwrap(), &own);
        for url in [
            "http://localhost:8080/",
            "http://127.0.0.1:8080/x",
            "http://[::1]:8080/",
            "http://console.localhost:8080/",
            "//LOCALHOST:8080/x",
            "\\\\localhost:8080",
            "http://def.gw.localhost:8081/",
            "http://def.gw.localhost:1/",
            "http://gw.localhost:8081/",
            "https://abc.gw.localhost:8081/",
        ] {
            assert!(ours(url), "{url}");
        }
        for url in [
            "/y",
            "http://abc.gw.localhost:8081/y",
            "http://localhost:9000/",
            "http://docs.vendor.test/",
            "http://xgw.localhost:8081/",
        ] {
            assert!(!ours(url), "{url}");
        }
        let deployed = Addresses::new("https://support.example.com", "https://gw.example.net");
        let own = Url::parse("https://abc.gw.example.net/").unwrap();
        for (host, ours) in [
            ("support.example.com", true),
            ("support.example.com.", true),
            ("acme.support.example.com", true),
            ("xsupport.example.com", false),
            ("example.com", false),
        ] {
            let target = Url::parse(&format!("https://{host}/x")).unwrap();
            assert_eq!(deployed.is_ours(&target, &own), ours, "{host}");
        }
    }
}
