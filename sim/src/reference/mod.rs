//! A second, deliberately naive statement of rules R1–R16, written from the design document.
//!
//! It keeps everything that ever happened as a flat list of facts and answers every question by
//! reading that list from the beginning. It holds no state and shares no judgement with the domain:
//! of that crate it uses ids, moments, commands and the words of the wire only. Where the two
//! disagree, one of them has misread the document.

mod access;
mod acts;
mod cases;
mod claims;
mod fact;
mod people;
mod reads;
mod sessions;
mod verdict;

pub use fact::{Fact, History, Past, What};
pub use verdict::{Ground, Sees};
