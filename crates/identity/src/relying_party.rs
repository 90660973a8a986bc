//! What passkeys are bound to: the name under which people reach the console.

use std::{fmt, net::IpAddr, sync::Arc};

use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

/// Why there can be no passkeys at a public URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPasskeys {
    /// Its host is an address; passkeys belong to a name.
    NeedsName,
    /// Browsers make passkeys over TLS only, except on the own machine.
    NeedsTls,
    /// It is no URL that passkeys could be bound to.
    Unusable,
    /// The deployment's are made for its own name, and the org's host name here is not below that.
    NotBelow,
}

impl fmt::Display for NoPasskeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeedsName => "passkeys need a host name, and the public URL has an address",
            Self::NeedsTls => "passkeys need a public URL that begins with https",
            Self::Unusable => "passkeys cannot be bound to the public URL",
            Self::NotBelow => {
                "passkeys are made for the public URL's name, and this one is not below it"
            }
        })
    }
}

/// The party that passkeys are made for.
#[derive(Clone)]
pub struct RelyingParty {
    webauthn: Arc<Webauthn>,
    name: String,
    origin: String,
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RelyingParty")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl RelyingParty {
    /// The one of a public URL. The console's host is its whole name: passkeys of a wider one, such as
    /// that of the vendor's product, are none of ours.
    ///
    /// # Errors
    /// Why there can be no passkeys there.
    pub fn of(public_url: &str) -> Result<Self, NoPasskeys> {
        let url = Url::parse(public_url).map_err(|_| NoPasskeys::Unusable)?;
        let host = url.host_str().ok_or(NoPasskeys::Unusable)?;
        let address: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let here = match address {
            // Browsers take no address for a name, but whoever listens on loopback answers there too.
            Some(address) if address.is_loopback() => on_localhost(&url)?,
            Some(_) => return Err(NoPasskeys::NeedsName),
            None => url.clone(),
        };
        let name = here.host_str().ok_or(NoPasskeys::Unusable)?;
        let own_machine = name == "localhost" || name.ends_with(".localhost");
        if here.scheme() != "https" && !own_machine {
            return Err(NoPasskeys::NeedsTls);
        }
        let webauthn = WebauthnBuilder::new(name, &here)
            .and_then(|builder| builder.rp_name("Countersign").build())
            .map_err(|_| NoPasskeys::Unusable)?;
        Ok(Self {
            webauthn: Arc::new(webauthn),
            name: name.to_owned(),
            origin: here.origin().ascii_serialization(),
        })
    }

    /// The same party at an org's own address: the same passkeys, used from pages there and from no others.
    /// A browser lets a name use the passkeys of one that it is below, unless that is one under which
    /// anybody can have names.
    ///
    /// # Errors
    /// `NotBelow`, or why there can be no passkeys there.
    pub fn used_at(&self, url: &str) -> Result<Self, NoPasskeys> {
        let here = Url::parse(url).map_err(|_| NoPasskeys::Unusable)?;
        let host = here.host_str().ok_or(NoPasskeys::Unusable)?;
        let below = host.strip_suffix(&self.name);
        let below = below.is_some_and(|labels| labels.ends_with('.'));
        if !below || !self.name.contains('.') {
            return Err(NoPasskeys::NotBelow);
        }
        let webauthn = WebauthnBuilder::new(&self.name, &here)
            .and_then(|builder| builder.rp_name("Countersign").build())
            .map_err(|_| NoPasskeys::Unusable)?;
        Ok(Self {
            webauthn: Arc::new(webauthn),
            name: self.name.clone(),
            origin: here.origin().ascii_serialization(),
        })
    }

    /// The origin at which passkeys are made and used.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn webauthn(&self) -> &Webauthn {
        &self.webauthn
    }
}

fn on_localhost(url: &Url) -> Result<Url, NoPasskeys> {
    let mut local = url.clone();
    local
        .set_host(Some("localhost"))
        .map_err(|_| NoPasskeys::Unusable)?;
    Ok(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_bound_to_the_consoles_own_name() {
        let at = |url| RelyingParty::of(url).map(|party| party.origin);
        for (url, expected) in [
            (
                "https://support.example.com",
                Ok("https://support.example.com".to_owned()),
            ),
            (
                "https://support.example.com:8443",
                Ok("https://support.example.com:8443".to_owned()),
            ),
            (
                "http://localhost:8080",
                Ok("http://localhost:8080".to_owned()),
            ),
            (
                "http://127.0.0.1:8080",
                Ok("http://localhost:8080".to_owned()),
            ),
            (
                "https://[::1]:8080",
                Ok("https://localhost:8080".to_owned()),
            ),
            ("http://support.example.com", Err(NoPasskeys::NeedsTls)),
            ("https://192.0.2.7", Err(NoPasskeys::NeedsName)),
            ("https://[2001:db8::1]", Err(NoPasskeys::NeedsName)),
            ("nonsense", Err(NoPasskeys::Unusable)),
        ] {
            assert_eq!(at(url), expected, "{url}");
        }
    }

    #[test]
    fn an_orgs_host_uses_the_passkeys_of_the_name_it_is_below() {
        let at = |public, own| {
            RelyingParty::of(public)
                .unwrap()
                .used_at(own)
                .map(|one| one.origin)
        };
        for (public, own, expected) in [
            (
                "https://support.example.com",
                "https://acme.support.example.com",
                Ok("https://acme.support.example.com".to_owned()),
            ),
            (
                "https://support.example.com:8443",
                "https://a.b.support.example.com:8443",
                Ok("https://a.b.support.example.com:8443".to_owned()),
            ),
            (
                "http://countersign.localhost:80",
                "http://acme.countersign.localhost",
                Ok("http://acme.countersign.localhost".to_owned()),
            ),
            (
                "https://support.example.com",
                "https://support.acme.com",
                Err(NoPasskeys::NotBelow),
            ),
            (
                "https://support.example.com",
                "https://acmesupport.example.com",
                Err(NoPasskeys::NotBelow),
            ),
            (
                "https://support.example.com",
                "https://example.com",
                Err(NoPasskeys::NotBelow),
            ),
            // Browsers let nobody use those of a name under which anybody can have names.
            (
                "http://localhost:8080",
                "http://acme.localhost:8080",
                Err(NoPasskeys::NotBelow),
            ),
        ] {
            assert_eq!(at(public, own), expected, "{public} {own}");
        }
    }
}
