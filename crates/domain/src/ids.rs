//! Distinct identifier types: a UUIDv7 inside, a prefixed string outside.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// A string that is not an identifier of the expected kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdError {
    /// The prefix the identifier should have had.
    pub expected: &'static str,
}

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not an identifier of the form {}_…", self.expected)
    }
}

impl std::error::Error for IdError {}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// The prefix of the outside form, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// Wraps a UUID; ids are made by the id port, as UUIDv7.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(&self) -> &Uuid {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                text.strip_prefix(concat!($prefix, "_"))
                    .filter(|rest| rest.len() == 32)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or(IdError { expected: $prefix })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

id!(
    /// One customer tenant (R1).
    OrgId,
    "org"
);
id!(
    /// A customer user: `super_admin` or `admin` of exactly one org (R1).
    AdminId,
    "adm"
);
id!(
    /// Vendor support personnel (R1).
    AgentId,
    "agt"
);
id!(
    /// A support case (R4).
    CaseId,
    "case"
);
id!(
    /// One approval of impersonation (R9, R10).
    GrantId,
    "grant"
);
id!(
    /// One impersonation session (R16).
    SessionId,
    "sess"
);
id!(
    /// A sign-in link or an API token.
    CredentialId,
    "cred"
);
id!(
    /// An OpenID provider of an org.
    IssuerId,
    "iss"
);
id!(
    /// One running process, as the store knows it.
    ProcessId,
    "proc"
);
id!(
    /// A service client of an org: a program that comes by keys of its own.
    ClientId,
    "client"
);

id!(
    /// An access token that an agent exchanged, for past the gateway (RFC 8693): its `jti`.
    TokenId,
    "tok"
);

/// Whose yes or no it was: that of a customer admin, or of a service client of the org.
///
/// Written as the id alone, whose prefix says which it is: so it reads where admins' ids stood alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApproverId {
    /// A customer admin.
    Admin(AdminId),
    /// A service client.
    Client(ClientId),
}

impl ApproverId {
    /// The admin, if it is one.
    #[must_use]
    pub fn admin(self) -> Option<AdminId> {
        match self {
            Self::Admin(id) => Some(id),
            Self::Client(_) => None,
        }
    }
}

impl From<AdminId> for ApproverId {
    fn from(id: AdminId) -> Self {
        Self::Admin(id)
    }
}

impl From<ClientId> for ApproverId {
    fn from(id: ClientId) -> Self {
        Self::Client(id)
    }
}

impl PartialEq<AdminId> for ApproverId {
    fn eq(&self, other: &AdminId) -> bool {
        self.admin() == Some(*other)
    }
}

impl fmt::Display for ApproverId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin(id) => fmt::Display::fmt(id, f),
            Self::Client(id) => fmt::Display::fmt(id, f),
        }
    }
}

impl Serialize for ApproverId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for ApproverId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if let Ok(client) = text.parse() {
            return Ok(Self::Client(client));
        }
        text.parse().map(Self::Admin)
    }
}

impl<'de> Deserialize<'de> for ApproverId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
