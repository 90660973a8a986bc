//! An org's own OpenID providers: whose word about who somebody is the org takes (R3).

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Deserializer, Serialize};

use crate::{
    Email, IssuerId, SecretHash, Standing, TextError, Timestamp,
    text::{is_dns_label, measured, text},
};

text!(
    /// The issuer identifier of an OpenID provider, exactly as its tokens write it (OpenID Connect Core 1.0
    /// section 2): an `https` URL without user, query or fragment. `http` stands for a provider on the own machine.
    IssuerUrl,
    |text| {
        let form = TextError::Form {
            expected: "an issuer such as https://login.example.com, without a query or a fragment",
        };
        let trimmed = measured(text, 1, 300)?;
        let tls = trimmed.starts_with("https://");
        let rest = trimmed
            .strip_prefix("https://")
            .or_else(|| trimmed.strip_prefix("http://"))
            .ok_or(form)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let v6 = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host_good = match v6 {
            Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
            None => host.split('.').all(is_dns_label),
        };
        let port_good = port.is_none_or(|port| {
            port.starts_with(|first: char| matches!(first, '1'..='9')) && port.parse::<u16>().is_ok()
        });
        let path_good = path
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&b))
            && !path.split('/').any(|part| matches!(part, "." | ".."));
        if host_good && port_good && path_good && (tls || is_own_machine(host)) {
            Ok(trimmed.to_owned())
        } else {
            Err(form)
        }
    }
);

text!(
    /// What an OpenID provider knows us by (`client_id`): 1 to 255 visible characters, no white space.
    OpenIdClient,
    |text| {
        let trimmed = measured(text, 1, 255)?;
        if trimmed.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(trimmed.to_owned())
        } else {
            Err(TextError::Form {
                expected: "the client id as the provider shows it, without white space",
            })
        }
    }
);

text!(
    /// The domain of e-mail addresses, lower-cased, such as `example.com`.
    MailDomain,
    |text| {
        let trimmed = measured(text, 1, 253)?.to_ascii_lowercase();
        if trimmed.split('.').all(is_dns_label) {
            Ok(trimmed)
        } else {
            Err(TextError::Form {
                expected: "a domain such as example.com",
            })
        }
    }
);

text!(
    /// A client secret, sealed under a key that is not in the database.
    SealedSecret,
    |text| measured(text, 1, 2_000).map(str::to_owned)
);

impl MailDomain {
    /// The domain of an address.
    #[must_use]
    pub fn of(email: &Email) -> Option<Self> {
        let (_, domain) = email.as_str().split_once('@')?;
        Self::parse(domain).ok()
    }
}

impl IssuerUrl {
    /// Scheme and authority: what the reader is shown of where they go.
    #[must_use]
    pub fn origin(&self) -> &str {
        let text = self.as_str();
        let from = text.find("://").map_or(0, |at| at + 3);
        let end = text.get(from..).and_then(|rest| rest.find('/'));
        end.and_then(|end| text.get(..from + end)).unwrap_or(text)
    }
}

fn is_own_machine(host: &str) -> bool {
    let v4 = host.parse::<std::net::Ipv4Addr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || v4.is_ok_and(|address| address.is_loopback())
}

/// What is said about an OpenID provider when it is added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewIssuer {
    /// Its issuer identifier.
    pub url: IssuerUrl,
    /// What it knows us by.
    pub client: OpenIdClient,
    /// Addresses in other domains are not taken from it; at least one.
    pub domains: BTreeSet<MailDomain>,
}

impl NewIssuer {
    /// As many domains as an issuer may have.
    pub const MOST_DOMAINS: usize = 20;
}

/// An OpenID provider whose word an org takes about who somebody is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// The id it has here.
    pub id: IssuerId,
    /// What was said about it.
    #[serde(flatten)]
    pub said: NewIssuer,
    /// The client secret; none for a client that shows only PKCE (RFC 7636).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sealed: Option<SealedSecret>,
    /// Whether its word counts in a claimed org (R3).
    pub standing: Standing,
    /// When it was added.
    pub added_at: Timestamp,
}

/// Who somebody is to an issuer: what a sign-in is known by from the second on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIdSubject {
    /// The issuer.
    pub issuer: IssuerId,
    /// A hash of its `sub`: providers put names and numbers of people in there.
    pub subject: SecretHash,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_written_as_its_tokens_write_it() {
        for good in [
            "https://login.example.com",
            "https://login.example.com/",
            "https://login.example.com:8443/realms/acme",
            "https://login.example.com/11111111-2222-3333-4444-555555555555/v2.0",
            "http://127.0.0.1:4000",
            "http://localhost:4000/a",
            "http://[::1]:4000",
        ] {
            assert_eq!(IssuerUrl::parse(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "login.example.com",
            "http://login.example.com",
            "http://127.0.0.1.example.com",
            "https://user@login.example.com",
            "https://login.example.com?tenant=1",
            "https://login.example.com/#x",
            "https://login.example.com/../x",
            "https://login.example.com/a b",
            "https://login.example.com:0",
            "https://Login.example.com",
            "ftp://login.example.com",
        ] {
            assert!(IssuerUrl::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_a_reader_is_shown_of_an_issuer_is_where_it_is() {
        let origin = |url| IssuerUrl::parse(url).unwrap().origin().to_owned();
        assert_eq!(
            origin("https://login.example.com/realms/acme"),
            "https://login.example.com"
        );
        assert_eq!(origin("http://[::1]:4000"), "http://[::1]:4000");
    }

    #[test]
    fn a_domain_is_that_of_an_address() {
        let email = Email::parse("Dana@Acme.test").unwrap();
        assert_eq!(MailDomain::of(&email).unwrap().as_str(), "acme.test");
        for bad in ["", "@acme.test", "acme..test", "acme.test/", "*.test"] {
            assert!(MailDomain::parse(bad).is_err(), "{bad}");
        }
    }
}
