//! The web console: what customer admins and support agents see and click.
//!
//! A handler reads what its page shows through the use cases, judges nothing itself, and answers an
//! act with a redirect to the page that shows the outcome. [`views`] holds what pages show as plain
//! values; everything else here turns state into those values and forms into commands.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

pub mod views;

mod access_state;
mod admin_pages;
mod agent_acts;
mod agent_history;
mod agent_news;
mod agent_pages;
mod agent_rows;
mod arrived;
mod asked_for;
mod case_acts;
mod case_view;
mod claim_acts;
mod claims_view;
mod client_acts;
mod clients_view;
mod console;
mod directory_page;
mod gone;
mod guard;
mod headers;
mod history_export;
mod history_find;
mod history_page;
mod history_rows;
mod history_typed;
mod language;
mod listing;
mod live_page;
mod names;
mod notice_cookie;
mod open_link;
mod openid_logout;
mod openid_settings;
mod openid_sign_in;
mod operator;
mod operator_cases;
mod operator_explain;
mod operator_forms;
mod operator_health;
mod operator_hosts;
mod operator_org;
mod operator_orgs;
mod operator_people;
mod operator_routes;
mod operator_sign_in;
mod pass_on;
mod passkeys;
mod posted;
mod public_pages;
mod reader;
mod reads;
mod refuse;
mod report_page;
mod rules_page;
mod said;
mod seen;
mod sessions;
mod settings_acts;
mod settings_cards;
mod settings_news;
mod settings_page;
mod settings_rows;
mod sign_in;
mod staff_sign_in;
mod took;
mod visit;
mod waiting;
mod zone;

pub use console::{Console, router};
pub use history_export::{FileFormat, HistoryFiles};
pub use operator_org::Products;
