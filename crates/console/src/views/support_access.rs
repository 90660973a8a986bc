//! The other parts of "Give access to Support": self-assigned cases, running sessions,
//! credentials and the block.

use countersign_web::{
    chip::{Chip, Tone},
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::Moment,
};

use super::request_card::Flag;

/// A case that Support opened and assigned to itself (R6).
#[derive(Clone, Debug)]
pub struct SelfAssignedRow {
    /// The case number; part of the forms' paths.
    pub case_number: UserText,
    /// The case's title.
    pub title: UserText,
    /// The agent who opened the case.
    pub agent: Person,
    /// Since when they are on it; none if they no longer are.
    pub since: Option<Moment>,
    /// What an approver should know.
    pub flags: Vec<Flag>,
    /// Where the approval stands.
    pub state: SelfAssignment,
    /// The state this row shows, sent back as `seen`.
    pub seen: String,
}

/// Where the approval of a self-assigned case stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SelfAssignment {
    /// Waiting; the reader may approve.
    Requested,
    /// Waiting; the reader may not approve now, and why.
    NotNow(Text),
    /// Approved.
    Approved {
        /// By whom.
        by: Person,
        /// When.
        at: Moment,
        /// Whether the reader may withdraw it.
        may_withdraw: bool,
    },
}

/// A session that is running now (R16).
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// The session's id; part of the form's path.
    pub id: String,
    /// Who is looking.
    pub agent: Person,
    /// The case it is for.
    pub case_number: UserText,
    /// As whom.
    pub subject: Person,
    /// Since when.
    pub started: Moment,
    /// `last request 2 min ago`, or `no request yet`.
    pub activity: Text,
    /// The latest end.
    pub ends: Moment,
    /// Whether the reader may end it.
    pub may_end: bool,
    /// Whether the reader may untick with it.
    pub may_untick: bool,
}

/// What a credential is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialKind {
    /// A bearer token for the API.
    ApiToken,
    /// A sign-in link, good once.
    SignInLink,
    /// A passkey.
    Passkey,
    /// A token of the org's directory (SCIM).
    ScimToken,
}

impl CredentialKind {
    fn label(self, t: &Lang) -> Text {
        match self {
            Self::ApiToken => t.credential_api_token(),
            Self::SignInLink => t.credential_sign_in_link(),
            Self::Passkey => t.credential_passkey(),
            Self::ScimToken => t.credential_scim_token(),
        }
    }
}

/// Whether a credential still opens something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// It works.
    Active,
    /// It was good once, and was used.
    Used,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
    /// A super admin refused it (R3).
    Refused,
}

/// Whether a credential counts in a claimed org (R3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acceptance {
    /// It waits.
    Waits,
    /// The customer made it.
    Own,
    /// A super admin accepted it, by name if it is known.
    By(Option<UserText>),
    /// It was refused.
    Refused,
    /// It waited, and is over.
    Never,
}

impl Acceptance {
    /// In a few words.
    pub(super) fn words(&self, t: &Lang) -> Text {
        match self {
            Self::Waits => t.acceptance_waits(),
            Self::Own => t.acceptance_own(),
            Self::By(Some(name)) => t.acceptance_by(name),
            Self::By(None) => t.acceptance_by_somebody(),
            Self::Refused => t.acceptance_refused(),
            Self::Never => t.acceptance_never(),
        }
    }
}

impl CredentialState {
    fn chip(self, t: &Lang) -> Chip {
        match self {
            Self::Active => Chip::new(Tone::Live, t.credential_active()),
            Self::Used => Chip::new(Tone::Quiet, t.credential_used()),
            Self::Expired => Chip::new(Tone::Quiet, t.credential_expired()),
            Self::Revoked => Chip::new(Tone::Quiet, t.credential_revoked()),
            Self::Refused => Chip::new(Tone::Quiet, t.credential_refused()),
        }
    }
}

/// Who made a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Maker {
    /// Somebody by name.
    Person(UserText),
    /// An operator of the deployment.
    Operator,
    /// An admin of the org who is not named here.
    AnotherAdmin,
    /// Somebody of Support.
    Support,
}

impl Maker {
    /// In words.
    pub(super) fn words(&self, t: &Lang) -> Text {
        match self {
            Self::Person(name) => t.names_one(name),
            Self::Operator => t.credential_by_operator(),
            Self::AnotherAdmin => t.credential_by_admin(),
            Self::Support => t.credential_by_support(),
        }
    }
}

/// A credential made for somebody of this org (R3).
#[derive(Clone, Debug)]
pub struct CredentialRow {
    /// Whom it signs in.
    pub person: Person,
    /// What it is.
    pub kind: CredentialKind,
    /// Who made it.
    pub made_by: Maker,
    /// When.
    pub made_at: Moment,
    /// Its end; `None` if it has none.
    pub expires: Option<Moment>,
    /// Whether it still works.
    pub state: CredentialState,
    /// Whether it counts; none before the org is claimed.
    pub acceptance: Option<Acceptance>,
}

impl CredentialRow {
    pub(super) fn kind_label(&self, t: &Lang) -> Text {
        self.kind.label(t)
    }

    pub(super) fn maker(&self, t: &Lang) -> Text {
        self.made_by.words(t)
    }

    pub(super) fn chip(&self, t: &Lang) -> Chip {
        self.state.chip(t)
    }
}

/// The block on all support access (R15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Not blocked.
    Open {
        /// Whether the reader may block (super admins).
        may_block: bool,
    },
    /// Blocked.
    Blocked {
        /// By whom.
        by: Person,
        /// Since when.
        at: Moment,
        /// Whether the reader may lift it (super admins).
        may_lift: bool,
        /// The block this shows, sent back as `seen`.
        seen: String,
    },
}
