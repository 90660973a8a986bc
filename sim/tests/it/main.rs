//! The rules of the domain against their second statement, over random histories.

mod compare;
mod invariants;
mod rules_agree;
mod situations;
mod steps;
mod world;
