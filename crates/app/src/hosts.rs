//! Host names that are one org's alone: who has them, what may be one, and what is made for whom with them.

use std::sync::Arc;

use countersign_domain::{Actor, Command, HostName, Org, OrgId, Person, Refusal, Slug, State};
use countersign_node::Effective;
use countersign_store::Key;

use crate::{App, Failure, OwnerRef, Settings, app::caller, people::for_operators};

/// The address by which somebody comes: the deployment's, or one that is an org's alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The org whose alone it is; none at the deployment's.
    pub org: Option<OrgId>,
    /// Scheme, host and port, without a slash at the end.
    pub url: Arc<str>,
    /// The same of the deployment's own: agents and operators come by that only.
    pub deployment: Arc<str>,
}

impl Address {
    /// Whether somebody of this org may come by it. Agents and operators are of none, and come by the
    /// deployment's only.
    #[must_use]
    pub fn admits(&self, org: Option<OrgId>) -> bool {
        self.org.is_none() || self.org == org
    }
}

impl Settings {
    /// Where console and API are at another host name: scheme and port are the deployment's.
    #[must_use]
    pub fn url_at(&self, host: &HostName) -> String {
        let (scheme, authority) = split(&self.public_url);
        let (_, port) = host_and_port(authority);
        format!("{scheme}://{host}{port}")
    }

    /// Where an org's people are led: to its first own host name, if it has any.
    #[must_use]
    pub fn home(&self, org: &Org) -> String {
        match org.hosts.first() {
            Some(host) if !self.one_address => self.url_at(host),
            _ => self.public_url.clone(),
        }
    }

    /// Whether a host name is the deployment's own, or in the space that sessions have theirs in.
    #[must_use]
    pub fn reserves(&self, host: &HostName) -> bool {
        let own = |url: &str| host_and_port(split(url).1).0.to_ascii_lowercase();
        let gateway = own(&self.gateway_url);
        host.as_str() == own(&self.public_url)
            || host.as_str() == gateway
            || host.as_str().ends_with(&format!(".{gateway}"))
    }
}

fn split(url: &str) -> (&str, &str) {
    url.split_once("://").unwrap_or(("http", url))
}

/// The host of an authority, and its port with the colon before it.
fn host_and_port(authority: &str) -> (&str, &str) {
    match authority.rfind(':') {
        Some(at) if !authority.ends_with(']') => authority.split_at(at),
        _ => (authority, ""),
    }
}

impl App {
    /// The deployment's own address.
    #[must_use]
    pub fn address(&self) -> Address {
        let url: Arc<str> = Arc::from(self.settings.public_url.as_str());
        Address {
            org: None,
            url: Arc::clone(&url),
            deployment: url,
        }
    }

    /// The address of an org that has this host name; none when no org does. Names are the same in upper
    /// case, and with the dot of the root behind them.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn address_at(&self, host: &str) -> Result<Option<Address>, Failure> {
        let host = host.strip_suffix('.').unwrap_or(host);
        let Ok(host) = HostName::parse(host) else {
            return Ok(None);
        };
        if self.settings.reserves(&host) {
            return Ok(None);
        }
        let slice = self.store.load(&[Key::Host(host.clone())]).await?;
        let org = slice.state.orgs().find(|org| org.hosts.contains(&host));
        Ok(org.map(|org| Address {
            org: Some(org.id),
            url: Arc::from(self.settings.url_at(&host)),
            deployment: Arc::from(self.settings.public_url.as_str()),
        }))
    }

    /// Whether this caller may come by this address: at an org's own, only the people of that org.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn admits(&self, address: &Address, actor: Actor) -> Result<bool, Failure> {
        if address.org.is_none() {
            return Ok(true);
        }
        let org = match actor {
            Actor::Admin { id, .. } => {
                let slice = self.store.load(&[Key::Admin(id)]).await?;
                slice.state.admin(id).map(|admin| admin.org)
            }
            Actor::Client { org, .. } => Some(org),
            Actor::Provisioning { org, .. } => org,
            Actor::Agent { .. } | Actor::Operator { .. } | Actor::Impersonation { .. } => None,
        };
        Ok(address.admits(org))
    }

    /// Where the caller's org is to be found, for whoever comes by `address`: there, at the org's own host
    /// name, or at the deployment's.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn home_of(&self, actor: Actor, address: &Address) -> Result<String, Failure> {
        if address.org.is_some() {
            return Ok(address.url.to_string());
        }
        self.home_in(&caller(actor)).await
    }

    /// Where the owner of a sign-in link opens it.
    pub(crate) async fn home_of_owner(
        &self,
        actor: Actor,
        owner: &OwnerRef,
    ) -> Result<String, Failure> {
        match owner {
            OwnerRef::Admin { org, .. } | OwnerRef::OrgDirectory(org) => {
                self.home_in(&[Key::Slug(org.clone())]).await
            }
            OwnerRef::Caller => self.home_in(&caller(actor)).await,
            OwnerRef::Agent { .. } | OwnerRef::Operator | OwnerRef::VendorDirectory => {
                Ok(self.settings.public_url.clone())
            }
        }
    }

    async fn home_in(&self, keys: &[Key]) -> Result<String, Failure> {
        let slice = self.store.load(keys).await?;
        let org = slice.state.orgs().next();
        Ok(org.map_or_else(
            || self.settings.public_url.clone(),
            |org| self.settings.home(org),
        ))
    }

    /// Says which host names are an org's own, all of them; the first is in links. None takes them away.
    /// Idempotent.
    ///
    /// # Errors
    /// A refusal, or the store does not answer.
    pub async fn set_hosts(
        &self,
        actor: Actor,
        org: &Slug,
        hosts: Vec<HostName>,
    ) -> Result<Option<Effective>, Failure> {
        if hosts.iter().any(|host| self.settings.reserves(host)) {
            for_operators(actor)?;
            return Err(Refusal::HostReserved.into());
        }
        self.on_org(actor, org, |org| Command::SetHosts {
            org,
            hosts: hosts.clone(),
        })
        .await
    }
}

/// The org of somebody signed in; agents have none.
#[must_use]
pub fn org_of(state: &State, person: Person) -> Option<OrgId> {
    match person {
        Person::Admin(id) => state.admin(id).map(|admin| admin.org),
        Person::Agent(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> HostName {
        HostName::parse(text).unwrap()
    }

    #[test]
    fn an_own_host_has_the_scheme_and_port_of_the_deployment() {
        for (public, url) in [
            ("https://support.example.com", "https://acme.example.com"),
            (
                "https://support.example.com:8443",
                "https://acme.example.com:8443",
            ),
            ("http://localhost:8080", "http://acme.example.com:8080"),
            ("http://[::1]:8080", "http://acme.example.com:8080"),
            ("http://[::1]", "http://acme.example.com"),
        ] {
            let settings = Settings::new(public, "https://gw.example.net");
            assert_eq!(settings.url_at(&host("acme.example.com")), url, "{public}");
        }
    }

    #[test]
    fn the_deployments_own_names_are_no_orgs() {
        let settings = Settings::new("https://Support.example.com:8443", "https://gw.example.net");
        for name in [
            "support.example.com",
            "gw.example.net",
            "x.gw.example.net",
            "a.b.gw.example.net",
        ] {
            assert!(settings.reserves(&host(name)), "{name}");
        }
        for name in [
            "acme.support.example.com",
            "example.com",
            "example.net",
            "xgw.example.net",
        ] {
            assert!(!settings.reserves(&host(name)), "{name}");
        }
    }
}
