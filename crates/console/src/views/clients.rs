//! The service clients of the org: programs that come by keys of their own.

use countersign_web::{
    chip::{Chip, Tone},
    messages::{Lang, Text},
    text::UserText,
    time::Moment,
};

use super::support_access::{Acceptance, Maker};

/// The service clients of the org, for its super admins.
#[derive(Clone, Debug, Default)]
pub struct Clients {
    /// All of them, oldest first.
    pub rows: Vec<ClientRow>,
    /// Whether the reader may make one, and give keys.
    pub may_make: bool,
}

/// A service client.
#[derive(Clone, Debug)]
pub struct ClientRow {
    /// Its id; part of the forms' paths.
    pub id: String,
    /// What it is called.
    pub name: UserText,
    /// What it may ask for.
    pub may: Vec<Scope>,
    /// Whether its access tokens are bound to a key.
    pub bound: bool,
    /// Its keys.
    pub keys: Vec<KeyRow>,
    /// Who made it.
    pub made_by: Maker,
    /// When.
    pub made_at: Moment,
    /// How it came to count; none while the org is not claimed.
    pub acceptance: Option<Acceptance>,
}

/// A public key.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Its thumbprint; part of the form's path.
    pub thumbprint: String,
    /// What its owner calls it.
    pub kid: Option<UserText>,
    /// When it was added.
    pub added: Moment,
}

/// What a service client may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Read the cases.
    Read,
    /// Grant, extend, revoke and approve.
    Manage,
    /// Read the log.
    Logs,
    /// Read the cases, by this API.
    Cases,
    /// Grant, extend, revoke and approve, by this API.
    Grants,
    /// Read the log, by this API.
    Log,
    /// Ask what access tokens for the product are worth.
    Introspect,
}

impl Scope {
    /// In words.
    pub(crate) fn words(self, t: &Lang) -> Text {
        match self {
            Self::Read => t.client_may_read(),
            Self::Manage => t.client_may_manage(),
            Self::Logs => t.client_may_logs(),
            Self::Cases => t.client_may_cases(),
            Self::Grants => t.client_may_grants(),
            Self::Log => t.client_may_log(),
            Self::Introspect => t.client_may_introspect(),
        }
    }
}

impl KeyRow {
    /// The thumbprint to read.
    pub(crate) fn print(&self) -> UserText {
        UserText::from(self.thumbprint.as_str())
    }
}

impl ClientRow {
    /// The id to read.
    pub(crate) fn shown(&self) -> UserText {
        UserText::from(self.id.as_str())
    }

    /// Whether it waits to be accepted.
    pub(crate) fn waits(&self) -> bool {
        self.acceptance == Some(Acceptance::Waits)
    }

    /// That it waits.
    pub(crate) fn chip(&self, t: &Lang) -> Chip {
        Chip::new(Tone::Waiting, t.client_waits())
    }
}
