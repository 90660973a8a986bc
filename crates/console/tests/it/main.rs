//! The console from outside: the real router on a real store, with a clock that tests move.

mod abuse;
mod agent;
mod agent_looked;
mod agent_news;
mod answers;
mod approving;
mod as_shown;
mod browser;
mod claims;
mod declared;
mod every_form;
mod form;
mod history;
mod hosts;
mod languages;
mod live;
mod matrix;
mod news;
mod opening_links;
mod operator;
mod operator_routes;
mod rules;
mod seeing;
mod sessions;
mod sign_in;
mod world;
