//! The console from outside: the real router on a real store, with a clock that tests move.

mod abuse;
mod agent;
mod answers;
mod approving;
mod as_shown;
mod browser;
mod claims;
mod form;
mod history;
mod languages;
mod live;
mod news;
mod opening_links;
mod rules;
mod seeing;
mod sessions;
mod sign_in;
mod world;
