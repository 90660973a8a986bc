//! The customer's tenant and what it has set (R1, R9, R15).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AdminId, Claim, Client, ClientId, Duration, HeaderName, HostName, Issuer, IssuerId, Mode,
    OrgId, Origin, Period, PersonName, Resource, Routes, Slug, Timestamp,
};

/// One customer tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// The id.
    pub id: OrgId,
    /// The short name used in addresses.
    pub slug: Slug,
    /// The name shown.
    pub name: PersonName,
    /// What the org has set.
    pub settings: OrgSettings,
    /// Who set that last, and when; none while nobody has, or it is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings_changed: Option<SettingsChange>,
    /// The block on all support access, while there is one (R15).
    pub block: Option<Block>,
    /// The vendor's product as seen from the gateway; none until an operator sets it.
    pub upstream: Option<Upstream>,
    /// Host names that are this org's alone; links for it are made with the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<HostName>,
    /// When more was let through last than before; none while it never was. A yes from before it
    /// carries no further (R13).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widened_at: Option<Timestamp>,
    /// Who made the org the customer's own; none until the first super admin signs in by passkey
    /// or by an OpenID provider of the org (R3). Nothing takes it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// Its service clients, and those that were removed lately.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub clients: BTreeMap<ClientId, Client>,
    /// The OpenID providers whose word the org takes about who somebody is, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<Issuer>,
}

impl Org {
    /// So many host names an org may have.
    pub const MOST_HOSTS: usize = 10;

    /// The OpenID provider of the org with this id.
    #[must_use]
    pub fn issuer(&self, id: IssuerId) -> Option<&Issuer> {
        self.issuers.iter().find(|issuer| issuer.id == id)
    }

    /// Whether more is let through than when this period of a grant began: an extension of it would
    /// carry a yes to less (R13, R17).
    #[must_use]
    pub fn widened_since(&self, period: &Period) -> bool {
        self.widened_at.is_some_and(|at| period.from <= at)
    }
}

/// The last change of what an org has set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingsChange {
    /// Who changed it.
    pub by: AdminId,
    /// When.
    pub at: Timestamp,
}

/// A super admin's block on all support access (R15).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Who blocked.
    pub by: AdminId,
    /// When.
    pub at: Timestamp,
}

/// What an org may set about support access (R4, R5, R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgSettings {
    /// How long a tick grants; between [`Self::MIN_DURATION`] and [`Self::MAX_DURATION`].
    pub default_duration: Duration,
    /// Whether "Extend access by 1 day" is offered.
    pub extension: bool,
    /// Who approves.
    pub approvers: Approvers,
    /// Whether a grant is for the agents on the team at the tick only (R5).
    pub pin_team: bool,
    /// Whether an opener approves only when they opened the case by their own call (R4).
    pub self_openers_only: bool,
}

impl OrgSettings {
    /// The shortest default duration: 15 minutes.
    pub const MIN_DURATION: Duration = Duration::from_mins(15);
    /// The longest default duration: 24 hours.
    pub const MAX_DURATION: Duration = Duration::from_hours(24);
}

impl Default for OrgSettings {
    fn default() -> Self {
        Self {
            default_duration: Duration::from_hours(8),
            extension: true,
            approvers: Approvers::SuperAdminsAndOpener,
            pin_team: false,
            self_openers_only: false,
        }
    }
}

/// Who approves in an org. An org narrows this; nothing widens it (R9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvers {
    /// Super admins, and the admin who opened the case.
    SuperAdminsAndOpener,
    /// Super admins only.
    SuperAdmins,
}

/// The vendor's product as the gateway reaches it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upstream {
    /// Scheme, host and port.
    pub origin: Origin,
    /// The header that carries the subject's e-mail address to a product that trusts one.
    pub user_header: Option<HeaderName>,
    /// The header that carries the org's slug to a product that serves several orgs.
    pub org_header: Option<HeaderName>,
    /// What a request is that no rule speaks of (R17). Left out while it is the default, so that
    /// what says nothing of it reads and hashes as it always did.
    #[serde(default, skip_serializing_if = "Mode::is_default")]
    pub mode: Mode,
    /// Which requests read and which write (R17).
    #[serde(default, skip_serializing_if = "Routes::is_empty")]
    pub routes: Routes,
    /// What access tokens are for that agents may exchange sessions for, to reach the product past the gateway; none,
    /// as it is at first, and nobody gets one. Never the origin: that is what the gateway's own identity is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Resource>,
}

impl Upstream {
    /// Whether what tokens are for could be taken for the origin.
    #[must_use]
    pub fn resource_is_origin(&self) -> bool {
        self.resource
            .as_ref()
            .is_some_and(|one| one.as_str().trim_end_matches('/') == self.origin.as_str())
    }

    /// Whether this leads to the same product, told the same way; which requests read may differ.
    #[must_use]
    pub fn stays_put(&self, other: &Self) -> bool {
        let place = |of: &Self| {
            (
                of.origin.clone(),
                of.user_header.clone(),
                of.org_header.clone(),
            )
        };
        place(self) == place(other)
    }

    /// A product that takes no header, with no rules.
    #[must_use]
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            user_header: None,
            org_header: None,
            mode: Mode::default(),
            routes: Routes::default(),
            resource: None,
        }
    }
}
