//! What holds the product against its design: the rules a second time, to compare with, the lease
//! protocol as a model, and a fleet simulated on a store in memory.

pub mod memory;
pub mod protocol;
pub mod reference;
pub mod simulation;
