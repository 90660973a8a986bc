//! Whose word counts: what waits to be accepted, the claim, and passkeys (R3).

use countersign_web::{
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::Moment,
};

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
    SignIn {
        /// Whether they have a passkey to come by instead.
        has_passkey: bool,
    },
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
    /// At the deployment's own address: this one is an org's, and not below that.
    AtTheDeployment(String),
    /// Nowhere, and why and what to do.
    Nowhere(Text),
}

/// Something that waits for a super admin.
#[derive(Clone, Debug)]
pub struct WaitingRow {
    /// What it is.
    pub what: WaitingFor,
    /// Whose it is.
    pub person: Person,
    /// Whether that is the reader.
    pub yours: bool,
    /// Where the forms post to, without the verb.
    pub path: String,
    /// Told apart from other rows on the page.
    pub id: String,
}

/// What waits.
#[derive(Clone, Debug)]
pub enum WaitingFor {
    /// A person.
    Account {
        /// Whether they are a super admin.
        super_admin: bool,
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
    /// A token of the org's directory (SCIM).
    Directory {
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
    /// A service client, which is nobody's own.
    Client {
        /// What it is called.
        name: UserText,
        /// When it was made.
        made: Moment,
    },
    /// An OpenID provider, which is nobody's own.
    Issuer {
        /// Its issuer identifier.
        url: UserText,
        /// When it was added.
        added: Moment,
    },
}

impl WaitingRow {
    /// What it is, and whose.
    pub(crate) fn title(&self, t: &Lang) -> Text {
        let who = &self.person;
        match &self.what {
            WaitingFor::Account { .. } => t.waiting_account(who),
            WaitingFor::Role { .. } => t.waiting_role(who),
            WaitingFor::Link { .. } => t.waiting_link(who),
            WaitingFor::Token { .. } => t.waiting_token(who),
            WaitingFor::Directory { .. } => t.waiting_directory(),
            WaitingFor::Passkey { .. } => t.waiting_passkey(who),
            WaitingFor::Issuer { url, .. } => t.waiting_issuer(url),
            WaitingFor::Client { name, .. } => t.waiting_client(name),
        }
    }

    /// Where it comes from, and how long it is good; of an account there is nothing to say.
    pub(super) fn history(&self, t: &Lang) -> Option<Text> {
        Some(match &self.what {
            WaitingFor::Account { .. } => return None,
            WaitingFor::Role { since } => t.waiting_role_since(since.brief()),
            WaitingFor::Link {
                made,
                used: None,
                expires,
                ..
            }
            | WaitingFor::Token { made, expires }
            | WaitingFor::Directory { made, expires } => {
                t.waiting_unused(expires.brief(), made.brief())
            }
            WaitingFor::Link {
                made,
                used: Some(used),
                in_use,
                ..
            } => {
                if *in_use {
                    t.waiting_link_in_use(made.brief(), used.brief())
                } else {
                    t.waiting_link_used(made.brief(), used.brief())
                }
            }
            WaitingFor::Passkey { name, added, used } => match used {
                Some(used) => t.waiting_passkey_used(added.brief(), name, used.brief()),
                None => t.waiting_passkey_unused(added.brief(), name),
            },
            WaitingFor::Issuer { added, .. } => t.waiting_issuer_added(added.brief()),
            WaitingFor::Client { made, .. } => t.waiting_client_made(made.brief()),
        })
    }

    /// What accepting does.
    pub(super) fn accepting(&self, t: &Lang) -> Text {
        let who = &self.person.name;
        match &self.what {
            WaitingFor::Account { super_admin: true } => t.accepting_super_admin(who),
            WaitingFor::Account { super_admin: false } => t.accepting_admin(who),
            WaitingFor::Role { .. } => t.accepting_role(who),
            WaitingFor::Link { used: None, .. } => t.accepting_link_unused(who),
            WaitingFor::Link { .. } if self.yours => t.accepting_link_yours(),
            WaitingFor::Link { .. } => t.accepting_link_used(who),
            WaitingFor::Token { .. } => t.accepting_token(who),
            WaitingFor::Directory { .. } => t.accepting_directory(),
            WaitingFor::Passkey { .. } if self.yours => t.accepting_passkey_yours(),
            WaitingFor::Passkey { .. } => t.accepting_passkey(who),
            WaitingFor::Issuer { .. } => t.accepting_issuer(),
            WaitingFor::Client { .. } => t.accepting_client(),
        }
    }

    /// What refusing does, for good.
    pub(super) fn refusing(&self, t: &Lang) -> Text {
        let who = &self.person.name;
        match self.what {
            WaitingFor::Account { .. } => t.refusing_account(who),
            WaitingFor::Role { .. } => t.refusing_role(who),
            WaitingFor::Link { .. } => t.refusing_link(),
            WaitingFor::Token { .. } => t.refusing_token(),
            WaitingFor::Directory { .. } => t.refusing_directory(),
            WaitingFor::Passkey { .. } => t.refusing_passkey(who),
            WaitingFor::Issuer { .. } => t.refusing_issuer(),
            WaitingFor::Client { .. } => t.client_refusing(),
        }
    }
}
