//! The rules of the domain against their second statement, and what a process starts from against
//! the events before it, over random histories.

mod callers;
mod commands;
mod compare;
mod conformance;
mod happening;
mod invariants;
mod protocol;
mod rules_agree;
mod simulation;
mod situations;
mod starting;
mod steps;
mod world;
