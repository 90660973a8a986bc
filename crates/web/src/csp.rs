//! Security headers.
//!
//! No page runs inline script or inline style, loads anything from elsewhere, or may be framed:
//! text that the other side wrote is on every page, and a framed approval is a click taken from
//! its owner.

use std::fmt;

/// Headers that every console page carries beside its content security policy.
pub const PAGE_HEADERS: &[(&str, &str)] = &[
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("referrer-policy", "same-origin"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("permissions-policy", NO_FEATURES),
    ("cache-control", "no-store"),
];

/// The `Permissions-Policy` of every page of ours: no feature that asks for a device, a sensor, money
/// or a screen. Passkeys and writing to the clipboard stay with the page's own origin.
pub const NO_FEATURES: &str = "accelerometer=(), browsing-topics=(), camera=(), clipboard-read=(), \
     display-capture=(), geolocation=(), gyroscope=(), hid=(), magnetometer=(), microphone=(), midi=(), \
     payment=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// The policy of the refusal page that the gateway serves on a session's origin.
/// The style comes from that origin's own reserved path; nothing else is needed. The product's own
/// pages may frame it: what a frame of theirs was refused is to be read there. It holds nothing to
/// click but links.
pub const GATEWAY_REFUSAL_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'";

/// The policy of the pages about a session, which hold the form that ends it.
pub const GATEWAY_SESSION_POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// A source expression that cannot stand in a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSource {
    /// The text that was offered.
    pub source: String,
}

impl fmt::Display for BadSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a content security policy source: {:?}", self.source)
    }
}

impl std::error::Error for BadSource {}

/// The console's content security policy. No script may make markup or code out of text: its own never
/// does, and whatever slipped in could not (Trusted Types).
///
/// `gateway` is the source expression of the session origins, e.g. `http://*.gw.localhost:8081`:
/// opening a session is a form post that redirects there, and browsers hold redirects after a
/// form post against `form-action`.
///
/// # Errors
/// [`BadSource`] when `gateway` is empty or holds a character that would end the expression or
/// the directive.
pub fn console_policy(gateway: &str) -> Result<String, BadSource> {
    let ok =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '*' | '.' | '-' | '[' | ']');
    if gateway.is_empty() || !gateway.chars().all(ok) {
        return Err(BadSource {
            source: gateway.to_owned(),
        });
    }
    Ok(format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; \
         form-action 'self' {gateway}; frame-ancestors 'none'; base-uri 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_posts_may_lead_to_session_origins_only() {
        let policy = console_policy("http://*.gw.localhost:8081").unwrap();
        assert!(policy.contains("form-action 'self' http://*.gw.localhost:8081;"));
        assert!(policy.ends_with("require-trusted-types-for 'script'; trusted-types 'none'"));
        assert!(!policy.contains("unsafe"));
    }

    #[test]
    fn a_source_cannot_smuggle_a_directive() {
        for source in [
            "",
            "https://x; script-src *",
            "a b",
            "a,b",
            "'unsafe-inline'",
        ] {
            assert!(console_policy(source).is_err(), "{source}");
        }
    }
}
