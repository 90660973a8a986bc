//! The other parts of "Give access to Support": self-assigned cases, running sessions,
//! credentials and the block.

use countersign_web::{
    chip::{Chip, Tone},
    person::Person,
    text::UserText,
    time::Moment,
};

/// A case that Support opened and assigned to itself (R6).
#[derive(Clone, Debug)]
pub struct SelfAssignedRow {
    /// The case number; part of the forms' paths.
    pub case_number: UserText,
    /// The case's title.
    pub title: UserText,
    /// The agent who opened the case and is on its team.
    pub agent: Person,
    /// When it became self-assigned.
    pub since: Moment,
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
    NotNow(&'static str),
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

/// Why a self-assigned case cannot be approved while the org is blocked.
pub const NOT_WHILE_BLOCKED: &str = "Not possible while all support access is blocked.";
/// Why a reader who is no approver cannot approve a self-assigned case.
pub const NOT_YOURS: &str =
    "Only a super admin, or the admin who entered the case, can approve it.";

/// Why a reader who has not been accepted cannot approve a self-assigned case (R3).
pub const NOT_ACCEPTED: &str = "You, or what you signed in with, have not been accepted. The top of this page says what to do.";

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
    pub activity: String,
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
}

impl CredentialKind {
    fn label(self) -> &'static str {
        match self {
            Self::ApiToken => "API token",
            Self::SignInLink => "One-time sign-in link",
            Self::Passkey => "Passkey",
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
    /// A super admin accepted it.
    By(UserText),
    /// It was refused.
    Refused,
    /// It waited, and is over.
    Never,
}

impl Acceptance {
    /// In a few words: an HTML fragment.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Waits => "Waits for you".to_owned(),
            Self::Own => "Your own".to_owned(),
            Self::By(name) => format!("Accepted by {name}"),
            Self::Refused => "Refused".to_owned(),
            Self::Never => "Never accepted".to_owned(),
        }
    }
}

impl CredentialState {
    fn chip(self) -> Chip {
        match self {
            Self::Active => Chip::new(Tone::Live, "Active"),
            Self::Used => Chip::new(Tone::Quiet, "Used"),
            Self::Expired => Chip::new(Tone::Quiet, "Expired"),
            Self::Revoked => Chip::new(Tone::Quiet, "Revoked"),
            Self::Refused => Chip::new(Tone::Quiet, "Refused"),
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
    /// Who made it: a person's name, or `the operator`.
    pub made_by: UserText,
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
    pub(super) fn kind_label(&self) -> &'static str {
        self.kind.label()
    }

    pub(super) fn chip(&self) -> Chip {
        self.state.chip()
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
    },
}
