//! What holds the product against its design: the rules a second time, to compare with.

pub mod memory;
pub mod protocol;
pub mod reference;
pub mod simulation;
