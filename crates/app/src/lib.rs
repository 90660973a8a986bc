//! The use cases: load, decide, append, wait until effective. One file each.

mod access;
mod app;
mod as_read;
mod attempts;
mod case_change;
mod case_read;
mod cases;
mod claims;
mod clients;
mod credential_reads;
mod credentials;
mod directory;
mod entries;
mod exchange;
mod execute;
mod explain;
mod failure;
mod history;
mod hosts;
mod import;
mod issuers;
mod listing;
mod once;
mod orgs;
mod people;
mod ports;
mod precedence;
mod product_check;
mod provisioning;
mod sealed;
mod session_reads;
mod sessions;
mod settings_page;
mod staff;
mod system_log;
mod team;
mod turns;

pub use app::{App, Settings};
pub use case_change::{CaseChange, ImpersonationChange};
pub use case_read::{CaseRead, Changed};
pub use cases::{OpenCase, OpenerRef};
pub use claims::{AwaitingRef, ClaimRead, Decided, MadePasskey, Waiting};
pub use clients::{ClientChange, ClientRead, MakeClient};
pub use credential_reads::{CredentialFilter, CredentialList, CredentialRead, Owner};
pub use credentials::{Minted, OwnerRef};
pub use directory::{Caller, Page, admin_in, agent_in, org_in};
pub use entries::EntriesPage;
pub use exchange::{Exchange, Exchanged, GoodToken};
pub use explain::{Explained, Fate, Wondered, explain};
pub use failure::Failure;
pub use history::{
    ActAbout, CaseReport, Export, HistoryAsk, HistoryOf, InNow, Live, LogPlace, Named, ReportPart,
    ReportedRequest, RowNames, RulesSince, SessionReport,
};
pub use hosts::{Address, org_of};
pub use import::{ImportError, ImportLine, Imported, LineError};
pub use issuers::{BoundRead, IssuerRead, OpenIdSignIn, SignInBy, openid_return};
pub use listing::{CaseFilter, CaseList};
pub use once::{Earlier, KEPT_FOR, Known, Made, Once, Render};
pub use orgs::{UpstreamSet, ended_by};
pub use people::{AdminRead, PersonChanged};
pub use ports::{
    AccessClaims, Act, Confirmation, IdentityClaims, Ports, Secret, Signer, hash_secret,
    jwt_seconds,
};
pub use product_check::{Checked, Distrust, ProductCheck, Seen};
pub use provisioning::{
    Change, NotChanged, Provisioned, ProvisionedAt, ProvisionedChange, ProvisionedPage, Wanted,
};
pub use sealed::{Sealer, digest};
pub use session_reads::{SessionList, SessionRead, Standing};
pub use sessions::StartedSession;
pub use settings_page::{MintedCredential, OrgRead, OwnOrg};
pub use staff::KnownOperator;
pub use system_log::{
    GrantSaid, LogAsk, LogNames, LogPage, SessionSaid, Told, ToldGrant, ToldSession, UpstreamSaid,
};

// What putting the use cases on a store and a process takes.
pub use countersign_node::{About, BootClock, Clocks, Effective, News, Node, NodeConfig};
pub use countersign_store::{
    Counts, HistoryOrder, HistoryPage, HistoryRow, Requests, Search, StatusFilter, StoredEntry,
    Which,
};

// What those say who let people in.
pub use countersign_entries::Arrival;

// What reads answer with.
pub use countersign_store::{Credential, Passkey};
