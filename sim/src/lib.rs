//! What holds the product against its design: the rules a second time, to compare with.

pub mod protocol;
pub mod reference;
