//! What is known to be a read (R17), as tables, and against a reference that does it the long way.
#![allow(missing_docs, reason = "tests")]

mod ask;
mod r17_bodies;
mod r17_by_method;
mod r17_reference;
mod r17_rules;
mod r17_widening;
