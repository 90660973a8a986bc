//! Filters as SCIM has them (RFC 7644 section 3.4.2.2), and the paths of its PATCH (section 3.5.2). What an attribute is,
//! and how its values compare, the one who asks knows: here is only what was said, and where.
//!
//! Names and operators are read in any case. Attributes may be more than two names deep, for other APIs that took the
//! language over; blanks may be more than one, and may be missing where nothing else can be meant.
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![deny(clippy::indexing_slicing)]

mod error;
mod filter;
mod parse;
mod print;
mod scan;

pub use error::{Expected, Found, SyntaxError};
pub use filter::{Attribute, Comparison, Filter, Operator, Target, Term, Value};
pub use parse::{DEEPEST, LONGEST};
