//! The use cases: load, decide, append, wait until effective. One file each.

mod access;
mod app;
mod case_read;
mod cases;
mod credentials;
mod entries;
mod execute;
mod failure;
mod listing;
mod orgs;
mod people;
mod ports;
mod precedence;
mod sessions;
mod settings_page;
mod team;

pub use app::{App, Settings};
pub use case_read::{CaseRead, Changed};
pub use cases::{OpenCase, OpenerRef};
pub use credentials::{Minted, OwnerRef};
pub use entries::EntriesPage;
pub use failure::Failure;
pub use listing::CaseList;
pub use ports::{Act, IdentityClaims, Ports, Secret, Signer, hash_secret, jwt_seconds};
pub use sessions::StartedSession;
pub use settings_page::{MintedCredential, OrgRead, OwnOrg};

// What putting the use cases on a store and a process takes.
pub use countersign_node::{BootClock, Clocks, Effective, News, Node, NodeConfig};
pub use countersign_store::StatusFilter;
