//! What stands on an org's log: entry kinds, their canonical encoding, and the leaf hash.
//!
//! An entry is encoded once, when it is made durable, and never again: the bytes are what is
//! hashed, exported and verified.

mod attempt;
mod encode;
mod entry;
mod names;
mod read;
mod sort;

pub use attempt::{Arrival, InVain, SignIn, attempted};
pub use encode::{FORMAT_VERSION, Frame, leaf_hash};
pub use entry::{Entry, OperatorName, Outcome, OutcomeEnding, RequestLine, What, Who};
pub use names::{KINDS, kinds_named};
pub use read::{Written, WrittenActor, WrittenCase, WrittenClient, WrittenOrg, WrittenRequest};
pub use sort::Sort;
