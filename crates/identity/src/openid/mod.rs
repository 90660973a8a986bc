//! Signing in by an OpenID provider of one's own org, or of the vendor's (OpenID Connect Core 1.0): authorization code with
//! PKCE (RFC 7636), `state`, `nonce`, and the issuer check of RFC 9207.
//!
//! Nothing of a provider's is trusted that was not asked of it over TLS or signed by its keys, and nothing
//! a browser brings that this server did not give to that browser.

mod exchange;
mod fetch;
mod provider;
mod reach;
mod sign_in;
mod sign_out;
mod staff;
mod token;

pub use fetch::{NoAnswer, Outbound};
pub use provider::Providers;
pub use reach::Reach;
pub use sign_in::{
    Came, OPENID_COOKIE, OpenIdError, OpenIdSignedIn, Way, clear_openid_cookie, openid_cookie,
    set_openid_cookie,
};
pub use sign_out::Elsewhere;
pub use staff::{Staff, StaffAsk, StaffProvider, StaffSignedIn, WayAnew};
pub use token::{BadToken, Expected, IdToken, LEEWAY, id_token};
