//! What holds for every message, template and stylesheet of the house.

mod messages;
mod reading;
mod sources;
mod styles;
