//! What service clients may be allowed to do (RFC 6749 section 3.3): by names of our own for the native API and OAuth's
//! endpoints, and by Okta's for Okta's addresses. A token counts at each API for what it says in that API's words.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a service client may be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Read the support cases.
    CasesRead,
    /// Read the support cases, and grant, extend, revoke and approve as a super admin could.
    GrantsManage,
    /// Read the log.
    LogRead,
    /// Read the System Log, by Okta's name.
    LogsRead,
    /// [`Self::GrantsManage`] by Okta's name.
    OrgsManage,
    /// [`Self::CasesRead`] by Okta's name.
    OrgsRead,
    /// Ask what an access token for the org's product is worth (RFC 7662): for the product itself.
    TokensIntrospect,
}

/// In whose words a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Our own.
    Native,
    /// Okta's.
    Okta,
}

/// What scopes are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To read the support cases.
    ReadCases,
    /// To grant, extend, revoke and approve.
    ManageGrants,
    /// To read the log.
    ReadLog,
}

impl Purpose {
    /// The scope that is for this and for no more.
    #[must_use]
    pub fn scope(self, dialect: Dialect) -> Scope {
        match (self, dialect) {
            (Self::ReadCases, Dialect::Native) => Scope::CasesRead,
            (Self::ReadCases, Dialect::Okta) => Scope::OrgsRead,
            (Self::ManageGrants, Dialect::Native) => Scope::GrantsManage,
            (Self::ManageGrants, Dialect::Okta) => Scope::OrgsManage,
            (Self::ReadLog, Dialect::Native) => Scope::LogRead,
            (Self::ReadLog, Dialect::Okta) => Scope::LogsRead,
        }
    }
}

impl Scope {
    /// Every scope there is, in the order of their names.
    pub const ALL: [Self; 7] = [
        Self::CasesRead,
        Self::GrantsManage,
        Self::LogRead,
        Self::LogsRead,
        Self::OrgsManage,
        Self::OrgsRead,
        Self::TokensIntrospect,
    ];

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CasesRead => "cases.read",
            Self::GrantsManage => "grants.manage",
            Self::LogRead => "log.read",
            Self::LogsRead => "okta.logs.read",
            Self::OrgsManage => "okta.orgs.manage",
            Self::OrgsRead => "okta.orgs.read",
            Self::TokensIntrospect => "tokens.introspect",
        }
    }

    /// The scope of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }

    /// In whose words it is.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::CasesRead | Self::GrantsManage | Self::LogRead | Self::TokensIntrospect => {
                Dialect::Native
            }
            Self::LogsRead | Self::OrgsManage | Self::OrgsRead => Dialect::Okta,
        }
    }

    /// Whether it is for this: whoever may manage may read as well.
    #[must_use]
    pub fn is_for(self, purpose: Purpose) -> bool {
        let manages = matches!(self, Self::GrantsManage | Self::OrgsManage);
        match purpose {
            Purpose::ReadCases => manages || matches!(self, Self::CasesRead | Self::OrgsRead),
            Purpose::ManageGrants => manages,
            Purpose::ReadLog => matches!(self, Self::LogRead | Self::LogsRead),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes: a bit for each, by its place in [`Scope::ALL`].
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    const fn bit(scope: Scope) -> u8 {
        1 << scope as u8
    }

    /// The scopes of it, in the order of their names.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL
            .into_iter()
            .filter(move |scope| self.holds(*scope))
    }

    /// Whether this very scope is in it.
    #[must_use]
    pub fn holds(self, scope: Scope) -> bool {
        self.0 & Self::bit(scope) != 0
    }

    /// Whether it allows what is to be done.
    #[must_use]
    pub fn allow(self, purpose: Purpose) -> bool {
        self.iter().any(|scope| scope.is_for(purpose))
    }

    /// Whether there is none in it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self == Self::default()
    }

    /// Those that are in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those in these words.
    #[must_use]
    pub fn of(self, dialect: Dialect) -> Self {
        self.iter()
            .filter(|scope| scope.dialect() == dialect)
            .collect()
    }

    /// In whose words they are, where they came to one API: Okta's where nothing says otherwise.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        if self.of(Dialect::Native).is_empty() {
            Dialect::Okta
        } else {
            Dialect::Native
        }
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let bits = scopes.into_iter().map(Self::bit);
        Self(bits.fold(0, |all, bit| all | bit))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

/// The names with blanks between them, as OAuth writes them (RFC 6749 section 3.3).
impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, scope) in self.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Scope::as_str))
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names
            .iter()
            .map(|name| Scope::parse(name).ok_or_else(|| serde::de::Error::custom("no scope")))
            .collect()
    }
}
