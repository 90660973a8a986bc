//! Whose word counts: what waits to be accepted, the claim, and passkeys (R3).

use countersign_web::{person::Person, text::UserText, time::Moment};

/// What the settings page shows about it.
#[derive(Clone, Debug)]
pub struct Claims {
    /// Why what the reader does gives nothing.
    pub unaccepted: Option<Unaccepted>,
    /// What waits, people first; for super admins.
    pub waiting: Vec<WaitingRow>,
    /// The claim.
    pub claim: Claim,
    /// The reader's passkeys, oldest first.
    pub passkeys: Vec<PasskeyRow>,
    /// Whether they may add one.
    pub add: AddPasskey,
}

/// Why what the reader does gives nothing in a claimed org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unaccepted {
    /// Their account waits.
    Account,
    /// What they signed in with waits.
    SignIn,
}

/// Whether the org is claimed.
#[derive(Clone, Debug)]
pub enum Claim {
    /// It is not, and the reader could not claim it.
    NotYours,
    /// It is not; the reader would claim it with a passkey.
    Yours {
        /// Whether they have one already.
        has_passkey: bool,
    },
    /// It is.
    Claimed {
        /// By whom.
        by: Person,
        /// When.
        at: Moment,
        /// Whether the reader has just done so.
        just_now: bool,
    },
}

/// A passkey of the reader's.
#[derive(Clone, Debug)]
pub struct PasskeyRow {
    /// Its id; part of the form's path.
    pub id: String,
    /// What they call it.
    pub name: UserText,
    /// When it was added.
    pub added: Moment,
    /// When it was last used.
    pub used: Option<Moment>,
    /// Whether it waits to be accepted.
    pub waits: bool,
    /// Whether it is what they are signed in with.
    pub in_use: bool,
    /// Whether they may remove it.
    pub may_remove: bool,
}

/// Whether the reader may add a passkey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AddPasskey {
    /// Yes.
    Possible,
    /// They signed in too long ago.
    SignInAgain,
    /// What they do gives nothing.
    NotAccepted,
    /// At another address of the same server, which a browser takes for a name.
    Elsewhere(String),
    /// Nowhere, and why.
    Nowhere(&'static str),
}

/// Something that waits for a super admin.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// What it is.
    pub what: WaitingFor,
    /// Whose it is.
    pub person: Person,
    /// Where the forms post to, without the verb.
    pub path: String,
    /// Told apart from other rows on the page.
    pub id: String,
}

/// What waits.
#[derive(Clone, Debug)]
pub enum WaitingFor {
    /// A person: their role.
    Account {
        /// `super admin` or `admin`.
        role: &'static str,
    },
    /// A role that an operator would give.
    Role {
        /// Since when.
        since: Moment,
    },
    /// A one-time sign-in link.
    Link {
        /// When it was made.
        made: Moment,
        /// When it was used.
        used: Option<Moment>,
        /// Whether somebody is signed in by it now.
        in_use: bool,
        /// Its end, while it has not been used.
        expires: Moment,
    },
    /// An API token.
    Token {
        /// When it was made.
        made: Moment,
        /// Its end.
        expires: Moment,
    },
    /// A passkey.
    Passkey {
        /// What its owner calls it.
        name: UserText,
        /// When it was added.
        added: Moment,
        /// When it was last used.
        used: Option<Moment>,
    },
}

impl Claims {
    pub(super) fn heading(&self) -> String {
        match self.waiting.len() {
            1 => "1 thing waits for you to accept it".to_owned(),
            n => format!("{n} things wait for you to accept them"),
        }
    }
}

impl WaitingRow {
    /// What it is, in a few words.
    pub(super) fn title(&self) -> &'static str {
        match self.what {
            WaitingFor::Account { .. } => "Account",
            WaitingFor::Role { .. } => "Role: super admin",
            WaitingFor::Link { .. } => "One-time sign-in link",
            WaitingFor::Token { .. } => "API token",
            WaitingFor::Passkey { .. } => "Passkey",
        }
    }

    /// What accepting does: an HTML fragment, in which the name is isolated.
    pub(super) fn accepting(&self) -> String {
        let who = &self.person.name;
        match &self.what {
            WaitingFor::Account { role } => format!(
                "Your vendor made or reactivated this account, as {role}. Accepting lets {who} act in it."
            ),
            WaitingFor::Role { .. } => format!(
                "Your vendor would make {who} a super admin, who approves for every case and accepts others. \
                 Until you accept, {who} stays an admin."
            ),
            WaitingFor::Link { used: None, .. } => {
                format!("Not used yet. Accepting lets whoever opens it act as {who}.")
            }
            WaitingFor::Link { .. } => {
                format!("Accept it only if {who} tells you that they asked for it and used it.")
            }
            WaitingFor::Token { .. } => {
                format!("Accepting lets any program that holds it act as {who}.")
            }
            WaitingFor::Passkey { .. } => format!(
                "It was added before the organisation was claimed, or through something nobody accepted. \
                 Accept it only if {who} tells you that it is theirs."
            ),
        }
    }

    /// What refusing does, for good: an HTML fragment.
    pub(super) fn refusing(&self) -> String {
        let who = &self.person.name;
        match self.what {
            WaitingFor::Account { .. } => format!(
                "{who} is deactivated and signed out, and only a super admin of your organisation can undo that."
            ),
            WaitingFor::Role { .. } => format!("{who} stays an admin. Your vendor can propose it again."),
            WaitingFor::Link { .. } => {
                "It signs nobody in any more, and whoever is signed in by it is signed out, for good.".to_owned()
            }
            WaitingFor::Token { .. } => "It opens nothing any more, for good.".to_owned(),
            WaitingFor::Passkey { .. } => {
                format!("It signs {who} in no more, for good. They can add another one.")
            }
        }
    }
}
