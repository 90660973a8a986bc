//! The vendor's own OpenID providers, for its staff, as the TOML file sets them.

use std::{collections::BTreeSet, num::NonZeroU16, path::PathBuf};

use countersign_domain::{Duration, IssuerUrl, MailDomain, OpenIdClient, Slug, StaffRules};
use countersign_identity::StaffProvider;
use serde::Deserialize;

use crate::config::ConfigError;

/// The longest that showing who one is may count as lately: a day.
const LATELY_AT_MOST: u16 = 24 * 60;

/// What the TOML file may say about the vendor's staff.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Staff {
    /// Within how many minutes before opening an impersonation session an agent has to have shown to one of these
    /// who they are.
    fresh_sign_in_minutes: Option<NonZeroU16>,
    /// The providers.
    #[serde(default)]
    provider: Vec<Provider>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Provider {
    id: String,
    name: String,
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    #[serde(default)]
    scopes: Vec<String>,
    #[serde(default = "groups")]
    claim: String,
    #[serde(default)]
    agents: BTreeSet<String>,
    #[serde(default)]
    operators: BTreeSet<String>,
    #[serde(default)]
    create_agents: bool,
    domains: Vec<String>,
    #[serde(default)]
    acr: Vec<String>,
    #[serde(default)]
    amr: BTreeSet<String>,
}

fn groups() -> String {
    "groups".to_owned()
}

impl Staff {
    /// Within how long before an agent has to have shown who they are.
    pub(crate) fn fresh_sign_in(&self) -> Result<Option<Duration>, ConfigError> {
        let Some(minutes) = self.fresh_sign_in_minutes.map(NonZeroU16::get) else {
            return Ok(None);
        };
        let wrong = |why| {
            Err(ConfigError::Staff {
                provider: None,
                why,
            })
        };
        if minutes > LATELY_AT_MOST {
            return wrong(format!(
                "fresh_sign_in_minutes is {minutes}; it takes 1 to {LATELY_AT_MOST}"
            ));
        }
        if self
            .provider
            .iter()
            .all(|provider| provider.agents.is_empty())
        {
            return wrong(
                "fresh_sign_in_minutes needs a provider by which agents sign in, or nobody could open a session"
                    .to_owned(),
            );
        }
        Ok(Some(Duration::from_mins(minutes.into())))
    }

    /// The providers, with their secrets.
    pub(crate) fn providers(&self) -> Result<Vec<StaffProvider>, ConfigError> {
        let mut found: Vec<StaffProvider> = vec![];
        for provider in &self.provider {
            let read = provider.read()?;
            if found.iter().any(|one| one.id == read.id) {
                return Err(provider.wrong("there are two with this id"));
            }
            // What one knows somebody by would be what the other does.
            if found.iter().any(|one| one.issuer == read.issuer) {
                return Err(provider.wrong("there are two with this issuer"));
            }
            found.push(read);
        }
        Ok(found)
    }
}

impl Provider {
    fn wrong(&self, why: impl Into<String>) -> ConfigError {
        ConfigError::Staff {
            provider: Some(self.id.clone()),
            why: why.into(),
        }
    }

    fn read(&self) -> Result<StaffProvider, ConfigError> {
        let domains = self.domains.iter().map(|domain| MailDomain::parse(domain));
        let domains: BTreeSet<MailDomain> = domains
            .collect::<Result<_, _>>()
            .map_err(|why| self.wrong(format!("domains: {why}")))?;
        if domains.is_empty() {
            return Err(self.wrong("domains: name those whose addresses it may vouch for"));
        }
        if self.agents.is_empty() && self.operators.is_empty() {
            return Err(self.wrong("name the values of the claim that make agents or operators"));
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 60 || name.chars().any(char::is_control) {
            return Err(self.wrong("name: 1 to 60 characters on one line"));
        }
        let word =
            |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !self.scopes.iter().chain(&self.acr).all(|text| word(text)) {
            return Err(self.wrong("scopes and acr: visible characters without white space"));
        }
        let secret = self.client_secret_file.as_ref().map(|path| {
            std::fs::read_to_string(path).map_err(|error| ConfigError::Unreadable {
                path: path.display().to_string(),
                error,
            })
        });
        Ok(StaffProvider {
            id: Slug::parse(&self.id).map_err(|why| self.wrong(format!("id: {why}")))?,
            name: name.to_owned(),
            issuer: IssuerUrl::parse(&self.issuer)
                .map_err(|why| self.wrong(format!("issuer: {why}")))?,
            client: OpenIdClient::parse(&self.client_id)
                .map_err(|why| self.wrong(format!("client_id: {why}")))?,
            secret: secret.transpose()?.map(|secret| secret.trim().to_owned()),
            scopes: self.scopes.clone(),
            claim: self.claim.clone(),
            rules: StaffRules {
                agents: self.agents.clone(),
                operators: self.operators.clone(),
                acr: self.acr.clone(),
                amr: self.amr.clone(),
            },
            domains,
            creates_agents: self.create_agents,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::File;

    const WHOLE: &str = r#"
        [staff]
        fresh_sign_in_minutes = 15
        [[staff.provider]]
        id = "vendor"
        name = "Vendor SSO"
        issuer = "https://login.vendor.test"
        client_id = "countersign"
        agents = ["support"]
        operators = ["platform"]
        domains = ["vendor.test"]
        acr = ["urn:example:mfa"]
    "#;

    fn staff(text: &str) -> Staff {
        toml::from_str::<File>(text).unwrap().staff
    }

    fn told(text: &str) -> String {
        let staff = staff(text);
        let told = staff
            .providers()
            .map(drop)
            .and_then(|()| staff.fresh_sign_in().map(drop));
        told.unwrap_err().to_string()
    }

    #[test]
    fn what_is_said_is_read_and_what_is_not_has_its_default() {
        let staff = staff(WHOLE);
        let providers = staff.providers().unwrap();
        let [vendor] = providers.as_slice() else {
            panic!("one provider");
        };
        assert_eq!(
            (vendor.id.as_str(), vendor.claim.as_str()),
            ("vendor", "groups")
        );
        assert!(vendor.rules.roles(["support"]).agent);
        assert!(vendor.rules.roles(["platform"]).operator);
        assert!(!vendor.creates_agents && vendor.secret.is_none());
        assert_eq!(
            staff.fresh_sign_in().unwrap(),
            Some(Duration::from_mins(15))
        );
        assert!(self::staff("").providers().unwrap().is_empty());
    }

    #[test]
    fn what_would_let_in_too_many_or_nobody_is_refused_with_the_reason() {
        let without = |line: &str| {
            WHOLE
                .lines()
                .filter(|one| !one.contains(line))
                .collect::<Vec<_>>()
                .join("\n")
        };
        for (text, why) in [
            (WHOLE.replace("vendor.test\"]", "\"]"), "domains"),
            (WHOLE.replace("[\"vendor.test\"]", "[]"), "domains"),
            (WHOLE.replace("https://login", "http://login"), "issuer"),
            (WHOLE.replace("= 15", "= 1441"), "fresh_sign_in_minutes"),
            (without("agents ="), "fresh_sign_in_minutes needs"),
            (
                without("agents =").replace("operators = [\"platform\"]", ""),
                "agents or operators",
            ),
            (
                format!("{WHOLE}{}", &WHOLE[WHOLE.find("[[").unwrap()..]),
                "two with this id",
            ),
        ] {
            let told = told(&text);
            assert!(told.contains(why), "{why}: {told}");
        }
        assert!(toml::from_str::<File>(&without("domains =")).is_err());
        assert!(toml::from_str::<File>(&WHOLE.replace("agents", "agent")).is_err());
    }
}
