//! Whether a request that support makes may go upstream: the live view folded from events, the
//! classification of requests, and the decision. No IO, no clock.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]

mod about;
mod body;
mod classify;
mod decide;
mod effect;
mod ended;
mod fold;
mod index;
mod known;
mod overrides;
mod path;
mod reserved;
mod rules;
mod view;

pub use about::About;
pub use body::{body_effect, needs_body};
pub use classify::{RequestHead, classify};
pub use decide::{Allowed, Decision, Denial, decide_access, decide_access_at};
pub use effect::{Classified, Effect, Reason, RuleRef};
pub use reserved::is_reserved;
pub use rules::Rules;
pub use view::{LiveGrant, LivePerson, LiveSession, View};
