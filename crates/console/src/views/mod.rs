//! What the console's pages show, as plain values.
//!
//! A view knows no use case, id type or clock: whoever builds one has already read the state,
//! judged it and worded its times. The templates in `templates/` say where each form posts.

pub mod admin_cases;
pub mod agent_case;
pub mod agent_cases;
pub mod agent_history;
pub mod claim_notices;
pub mod claims;
pub mod clients;
pub mod directory;
pub mod history;
pub mod live;
pub mod nav;
pub mod news;
pub mod notices;
pub mod open_case;
pub mod openid;
pub mod operator;
pub mod operator_routes;
pub mod reads;
pub mod refusal;
pub mod request_card;
pub mod rules;
pub mod settings_account;
pub mod sign_in;
pub mod support_access;

#[cfg(any(test, feature = "gallery"))]
pub mod fixtures;
#[cfg(test)]
mod follow_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod whole_tests;
