//! Who is calling: API tokens, one-time sign-in links and browser sessions. Yields an `Actor`;
//! what that actor may do is decided elsewhere, from the state as it is then (R2).
//!
//! Every way in ends in the same two things, an [`Actor`] for a program or a [`SignedIn`] browser:
//! OpenID Connect and passkeys will be further ways to the second.

mod cookies;
mod identity;
mod operators;

pub use cookies::{SESSION_COOKIE, clear_cookie, cookie_value, set_cookie};
pub use identity::{Bearer, Identity, IdentityError, LinkError, LinkOwner, SignedIn};
pub use operators::{
    OPERATOR_COOKIE, SignedInOperator, clear_operator_cookie, operator_cookie_value,
    set_operator_cookie,
};
