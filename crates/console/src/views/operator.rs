//! What an operator sees: organisations, people, cases, health.

use askama::Template;
use countersign_app::{Checked as Came, Distrust, Seen};
use countersign_web::{
    chip::{Chip, Tone},
    layout::Page,
    messages::{Lang, Text},
    person::Person,
    text::UserText,
    time::Moment,
};

use super::{agent_cases::AccessState, sign_in::StaffWay};

/// Where an operator signs in (`/operator/sign-in`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_sign_in.html")]
pub struct OperatorSignInPage {
    /// The page around it.
    pub page: Page,
    /// Why the reader is here.
    pub why: SignInWhy,
    /// The page that they had asked for.
    pub to: Option<UserText>,
    /// The vendor's own providers.
    pub staff: Vec<StaffWay>,
}

/// Why somebody is asked for a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInWhy {
    /// They are not signed in.
    Start,
    /// Their sign-in ended by itself or was revoked.
    Over,
    /// What they gave is no token of an operator's.
    Wrong,
}

/// The organisations (`/operator`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_orgs.html")]
pub struct OrgsPage {
    /// The page around it.
    pub page: Page,
    /// The organisations, by short name.
    pub orgs: Vec<OrgRow>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether this is not its beginning.
    pub continued: bool,
    /// The form that makes one.
    pub form: NewOrgForm,
}

/// An organisation in the list.
#[derive(Clone, Debug)]
pub struct OrgRow {
    /// The short name; part of the address.
    pub slug: UserText,
    /// The name.
    pub name: UserText,
    /// Where the product is; none while nobody has said.
    pub product: Option<UserText>,
    /// Whether the customer has blocked all support access.
    pub blocked: bool,
}

/// The form that makes an organisation, with what was typed before when it comes back.
#[derive(Clone, Debug, Default)]
pub struct NewOrgForm {
    /// What was typed as short name.
    pub slug: String,
    /// What was typed as name.
    pub name: String,
    /// Why the short name was refused.
    pub slug_error: Option<Text>,
    /// Why the name was refused.
    pub name_error: Option<Text>,
}

impl NewOrgForm {
    fn has_error(&self) -> bool {
        self.slug_error.is_some() || self.name_error.is_some()
    }
}

/// One organisation (`/operator/orgs/{slug}`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_org.html")]
pub struct OrgPage {
    /// The page around it.
    pub page: Page,
    /// The short name; part of every form's path.
    pub slug: UserText,
    /// The name.
    pub name: UserText,
    /// Whether the customer has blocked all support access.
    pub blocked: bool,
    /// Whether it has been said where the product is.
    pub has_product: bool,
    /// Whether the customer has claimed it, so that what operators make waits (R3).
    pub claimed: bool,
    /// How many rules say which requests read.
    pub rules: usize,
    /// Where the product is.
    pub product: ProductForm,
    /// The host names that are its own.
    pub hosts: HostsForm,
    /// What a check has just come to.
    pub checked: Option<Checked>,
    /// The people.
    pub people: Vec<PersonRow>,
    /// Where their list goes on.
    pub next: Option<String>,
    /// Whether this is not its beginning.
    pub continued: bool,
    /// The form that makes somebody.
    pub person: NewAdminForm,
    /// A sign-in link just made.
    pub link: Option<FreshLink>,
}

impl OrgPage {
    fn path(&self) -> String {
        format!("/operator/orgs/{}", self.slug.path_segment())
    }

    /// Where the row's buttons post.
    fn act(&self) -> String {
        format!("{}/people/act", self.path())
    }
}

/// Where a product is, as the form has it.
#[derive(Clone, Debug, Default)]
pub struct ProductForm {
    /// Scheme, host and port.
    pub origin: String,
    /// The header with the subject's address.
    pub user_header: String,
    /// The header with the org's short name.
    pub org_header: String,
    /// Whether only declared requests read.
    pub declared: bool,
    /// That agents can reach it past the gateway, where they can.
    pub past: Option<Text>,
    /// Why the origin was refused.
    pub origin_error: Option<Text>,
    /// Why the header was refused.
    pub user_header_error: Option<Text>,
    /// Why the header was refused.
    pub org_header_error: Option<Text>,
    /// What was set when the form was made, sent back as `seen`.
    pub seen: String,
}

/// The host names that are an org's own, as the form has them.
#[derive(Clone, Debug, Default)]
pub struct HostsForm {
    /// One in each line.
    pub hosts: String,
    /// Those of them at which passkeys are not used: they are not below the deployment's name.
    pub without_passkeys: Vec<UserText>,
    /// Why they were refused.
    pub error: Option<Text>,
    /// What was set when the form was made, sent back as `seen`.
    pub seen: String,
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked(Came);

impl From<Came> for Checked {
    fn from(came: Came) -> Self {
        Self(came)
    }
}

impl Checked {
    fn chip(&self, t: &Lang) -> Chip {
        match self.0.seen {
            Seen::Answered { .. } => Chip::new(Tone::Live, t.check_answers()),
            Seen::Busy => Chip::new(Tone::Waiting, t.check_not_now()),
            _ => Chip::new(Tone::Alert, t.check_does_not_answer()),
        }
    }

    fn sentence(&self, t: &Lang) -> Text {
        match self.0.seen {
            Seen::Answered { status, .. } => t.check_answered(i64::from(status)),
            Seen::NoSuchHost => t.check_no_such_host(),
            Seen::Refused => t.check_refused(),
            Seen::Unreachable => t.check_unreachable(),
            Seen::TooLate { connected: false } => t.check_too_late(),
            Seen::TooLate { connected: true } => t.check_too_late_connected(),
            Seen::Untrusted(Distrust::OtherName) => t.check_other_name(),
            Seen::Untrusted(Distrust::UnknownIssuer) => t.check_unknown_issuer(),
            Seen::Untrusted(Distrust::Expired) => t.check_expired(),
            Seen::Untrusted(Distrust::NotYetValid) => t.check_not_yet_valid(),
            Seen::Untrusted(Distrust::Otherwise) => t.check_untrusted(),
            Seen::NoTls => t.check_no_tls(),
            Seen::NoHttp => t.check_no_http(),
            Seen::Busy => t.check_busy(),
        }
    }

    /// How it was reached; none when it was not.
    fn how(&self, t: &Lang) -> Option<Text> {
        match self.0.seen {
            Seen::Answered {
                tls: true,
                http2: true,
                ..
            } => Some(t.check_over_tls_http2()),
            Seen::Answered { tls: true, .. } => Some(t.check_over_tls()),
            Seen::Answered { tls: false, .. } => Some(t.check_without_tls()),
            _ => None,
        }
    }

    fn took(&self, t: &Lang) -> Text {
        t.check_took(self.0.took_ms)
    }

    /// All of it as plain text, a sentence in each line.
    pub fn in_lines(&self, t: &Lang) -> String {
        let took = (self.0.seen != Seen::Busy).then(|| self.took(t));
        let said = [Some(self.sentence(t)), self.how(t), took];
        let lines: Vec<String> = said
            .into_iter()
            .flatten()
            .map(|text| text.plain())
            .collect();
        lines.join("\n")
    }
}

/// A person in a list.
#[derive(Clone, Debug)]
pub struct PersonRow {
    /// The name.
    pub name: UserText,
    /// The address.
    pub email: UserText,
    /// Whether they are super admin; none for agents.
    pub super_admin: Option<bool>,
    /// Whether they may act.
    pub active: bool,
    /// What of them the customer has not accepted (R3).
    pub awaits: Option<Awaits>,
}

/// What of a person a claimed org's super admins have yet to accept, or have refused (R3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaits {
    /// The account.
    Account,
    /// That they become a super admin.
    Role,
    /// Nothing any more: the account was refused.
    Refused,
}

impl Awaits {
    fn words(self, t: &Lang) -> Text {
        match self {
            Self::Account => t.operator_awaits_account(),
            Self::Role => t.operator_awaits_role(),
            Self::Refused => t.operator_was_refused(),
        }
    }
}

/// The form that makes an admin or an agent.
#[derive(Clone, Debug, Default)]
pub struct NewAdminForm {
    /// What was typed as address.
    pub email: String,
    /// What was typed as name.
    pub name: String,
    /// Whether they are to be super admin.
    pub super_admin: bool,
    /// Why the address was refused.
    pub email_error: Option<Text>,
    /// Why the name was refused.
    pub name_error: Option<Text>,
}

impl NewAdminForm {
    fn has_error(&self) -> bool {
        self.email_error.is_some() || self.name_error.is_some()
    }
}

/// A sign-in link, shown once.
#[derive(Clone, Debug)]
pub struct FreshLink {
    /// Whose.
    pub email: UserText,
    /// The link.
    pub url: String,
    /// Good until then.
    pub until: Moment,
    /// Whether it waits until the customer accepts it (R3).
    pub awaits: bool,
}

/// The agents (`/operator/agents`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_agents.html")]
pub struct AgentsPage {
    /// The page around it.
    pub page: Page,
    /// The agents, by address.
    pub people: Vec<PersonRow>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether this is not its beginning.
    pub continued: bool,
    /// The form that makes one.
    pub person: NewAdminForm,
    /// A sign-in link just made.
    pub link: Option<FreshLink>,
}

impl AgentsPage {
    fn act(&self) -> &'static str {
        "/operator/agents/act"
    }
}

/// The cases (`/operator/cases`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_cases.html")]
pub struct CasesPage {
    /// The page around it.
    pub page: Page,
    /// Whether it is the closed ones.
    pub closed: bool,
    /// The cases, by number.
    pub cases: Vec<CaseRow>,
    /// Where the list goes on.
    pub next: Option<String>,
    /// Whether this is not its beginning.
    pub continued: bool,
}

/// A case in the list.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// The number.
    pub number: UserText,
    /// The title.
    pub title: UserText,
    /// The organisation.
    pub org: Option<UserText>,
    /// Who works on it.
    pub team: Vec<Person>,
    /// Where access stands.
    pub access: AccessState,
}

/// How the deployment does (`/operator/health`).
#[derive(Clone, Debug, Template)]
#[template(path = "operator_health.html")]
pub struct HealthPage {
    /// The page around it.
    pub page: Page,
    /// Whether this process serves decisions.
    pub ready: bool,
    /// How far it has read the log of events.
    pub position: u64,
    /// The time that access is judged by.
    pub store_time: Moment,
    /// Where console and API are.
    pub public_url: UserText,
    /// Below which the sessions are.
    pub gateway_url: UserText,
    /// By which entries on logs name the reader.
    pub credential: UserText,
    /// The version.
    pub version: UserText,
}

impl HealthPage {
    fn chip(&self, t: &Lang) -> Chip {
        if self.ready {
            Chip::new(Tone::Live, t.health_ready())
        } else {
            Chip::new(Tone::Alert, t.health_not_ready())
        }
    }
}
