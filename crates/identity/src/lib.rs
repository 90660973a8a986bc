//! Who is calling: API tokens, one-time sign-in links and browser sessions. Yields an `Actor`;
//! what that actor may do is decided elsewhere, from the state as it is then (R2).
//!
//! Every way in ends in the same two things, an [`Actor`] for a program or a [`SignedIn`] browser;
//! both say through which credential, so that the rules can tell what counts (R3).

mod cookies;
mod identity;
mod oauth;
mod openid;
mod operators;
mod passkeys;
mod relying_party;
mod sign_ins;
#[cfg(feature = "soft-authenticator")]
pub mod soft_authenticator;
#[cfg(feature = "soft-authenticator")]
pub mod soft_client;

pub use cookies::{
    CEREMONY_COOKIE, SESSION_COOKIE, ceremony_cookie, clear_ceremony_cookie, clear_cookie,
    cookie_value, set_ceremony_cookie, set_cookie,
};
pub use identity::{
    Bearer, Identity, IdentityError, LinkError, LinkOwner, LinkSignIn, SignedIn, is_api_token,
};
pub use oauth::{
    ALGORITHMS, AccessRefusal, AuthenticatedClient, Call, ClientBearer, ExchangeRefusal,
    ExchangeRequest, Issued, KeyError, Once, ShownAgent, ShownAs, ShownAssertion, ShownClient,
    TOKEN_LASTS, TokenRead, TokenRefusal, TokenRequest, carries_act, is_access_token, read_keys,
    read_keys_text,
};
pub use openid::{
    BadToken, Came, Elsewhere, Expected, IdToken, LEEWAY, NoAnswer, OPENID_COOKIE, OpenIdError,
    OpenIdSignedIn, Outbound, Providers, Reach, Staff, StaffAsk, StaffProvider, StaffSignedIn, Way,
    WayAnew, clear_openid_cookie, id_token, openid_cookie, set_openid_cookie,
};
pub use operators::{
    OPERATOR_COOKIE, SignedInOperator, clear_operator_cookie, operator_cookie_value,
    set_operator_cookie,
};
pub use passkeys::{PasskeyError, PasskeySignIn};
pub use relying_party::{NoPasskeys, RelyingParty};
