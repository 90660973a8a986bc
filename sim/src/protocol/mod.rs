//! The protocol of DESIGN section 4 as a model that can be explored state by state: leases, the
//! barrier and the fence, between a few processes, a store, and commands that take something away.
//!
//! What decides is the product's own code: [`Holder`](countersign_lease::Holder) and
//! [`Waiter`](countersign_lease::Waiter) run inside the model. The store's side is said again in
//! [`store`], in the words of the contract that the conformance suite holds the real stores to.
//!
//! A model is only worth something if it can fail: each [`Safeguard`] can be taken out alone.

mod act;
mod command;
mod fleet;
mod process;
mod promises;
mod request;
mod safeguard;
mod state;
mod store;
mod termination;

pub use fleet::{Begins, Bounds, Clocks, Fleet};
pub use promises::Promise;
pub use safeguard::Safeguard;
pub use state::{PROCESSES, SESSIONS, State};
