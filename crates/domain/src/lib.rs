//! The rules of customer-approved support access (R1–R16), as pure functions.
//!
//! [`decide`] judges a [`Command`] by an [`Actor`] against a [`State`] at a given moment and
//! answers with the [`Event`]s that happen or the [`Refusal`] that explains why nothing does.
//! [`State::evolve`] folds events. Nothing here reads a clock, draws a random number or does IO.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod access;
mod actor;
mod attempt;
mod called_from;
mod case;
mod claim;
mod client;
mod command;
mod decide;
mod event;
mod expiry;
mod id_map;
mod ids;
mod issuer;
mod org;
mod person;
mod proxies;
mod refusal;
mod refusal_codes;
mod route;
mod route_change;
mod route_pattern;
mod scope;
mod secret;
mod session;
mod staff;
mod standing;
mod state;
mod tally;
mod text;
mod time;
mod visibility;
mod widening;
mod wire;

pub use access::{Access, AccessRequest, Grant, MoreTimeWanted, RevokedWhy, TeamScope};
pub use actor::{Actor, OperatorVia};
pub use attempt::Attempt;
pub use called_from::{CalledFrom, UserAgent};
pub use case::{Attested, Case, CaseName, Lifecycle, OpenedBy, Opener, SelfAssignment};
pub use claim::{Acceptance, AdminCredential, Awaiting, Claim, Proposal, Standing, WayIn};
pub use client::{Client, ClientKey, MOST_CLIENTS, MOST_KEYS, NewClient, NewClientKey, Thumbprint};
pub use command::{Command, CredentialKind, CredentialOwner, NewCase, NewToken};
pub use decide::{
    RECENT_SIGN_IN, agent_known_by, approver, bound, caller_may_act, counts, decide,
    exchange_until, in_scope, sees_clients, sees_credential, still_approves,
};
pub use event::{Event, Person, StreamId};
pub use expiry::{EXTENSION, EXTENSION_LEEWAY, Extension, Period, extension, has_passed};
pub use id_map::{IdHasher, IdMap, IdSet};
pub use ids::{
    AdminId, AgentId, ApproverId, CaseId, ClientId, CredentialId, GrantId, IdError, IssuerId,
    OrgId, ProcessId, SessionId, TokenId,
};
pub use issuer::{
    Issuer, IssuerUrl, MailDomain, NewIssuer, OpenIdClient, OpenIdSubject, SealedSecret,
};
pub use org::{Approvers, Block, Org, OrgSettings, SettingsChange, Upstream};
pub use person::{Admin, Agent, Profile, Role};
pub use proxies::{Network, NoNetwork, TrustedProxies};
pub use refusal::{Refusal, RefusalKind};
pub use route::{Method, Methods, Mode, RouteEffect, RouteError, RouteRule, Routes};
pub use route_change::RulesChange;
pub use route_pattern::{RoutePattern, Segment};
pub use scope::{Dialect, Purpose, Scope, Scopes};
pub use secret::SecretHash;
pub use session::{
    EndedSession, EndedWhy, Entrance, ExchangedToken, RunningSession, Session, SessionLimits,
};
pub use staff::{OperatorPerson, StaffRoles, StaffRules, shown_lately};
pub use state::State;
pub use tally::{MOST_OF_AN_ORG, MOST_OF_ONE, SAME_AGAIN, Tally, Trier, Vain, WINDOW};
pub use text::{
    CaseNumber, ClientName, Email, ExternalId, HeaderName, HostName, Justification, Label, Origin,
    PasskeyName, PersonName, Resource, Slug, TextError, Title,
};
pub use time::{Duration, Timestamp};
pub use visibility::{
    HistorySight, Sight, reads_log, sees_case, sees_case_history, sees_history, sees_place,
    sees_session,
};
pub use widening::widens;
pub use wire::{ImpersonationStatus, SelfAssignmentStatus};
