//! What every implementation does alike, whatever it keeps its rows in: the judgement in the
//! transaction that records, the entry that an event becomes, what a slice has to load, what is said of what fails. Written once, so
//! that two stores cannot come to differ in it.

mod complaint;
mod entry;
mod fence;
mod places;
mod removed;
mod snapshots;
mod tips;

pub use complaint::Complaint;
pub use entry::{Missing, entry, grant_of_session, note};
pub use fence::{fence, judged};
pub use places::Places;
pub use removed::{address_of, external_id};
pub use snapshots::{Parts, Wanted, known_by, mail_domains};
pub use tips::{Ends, Tips};
