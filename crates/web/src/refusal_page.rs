//! The page a browser gets at the gateway when a request is refused.
//!
//! It stands on a session's origin, beside the vendor's product, so it brings everything along:
//! one document and one stylesheet under the reserved path of that origin.

use askama::Template;

use crate::{
    messages::{Lang, Text},
    text::UserText,
};

/// Where the gateway serves [`crate::assets::REFUSAL_STYLE`].
pub const STYLE_PATH: &str = "/.countersign/style.css";

/// A refusal at the gateway. Send it with [`crate::csp::GATEWAY_REFUSAL_POLICY`].
#[derive(Clone, Debug, Template)]
#[template(path = "gateway_refusal.html")]
pub struct RefusalPage {
    /// The agent's language.
    pub t: Lang,
    /// What happened, in a few words: `Support can look, not change`.
    pub title: Text,
    /// What was refused, e.g. the method and path; may hold outside text.
    pub what: UserText,
    /// Why.
    pub why: Text,
    /// What the agent can do now.
    pub next: Text,
    /// The stable code of the refusal.
    pub code: String,
    /// The path of the product's page that leads back into it, while the session runs.
    pub product: Option<String>,
    /// An absolute URL back to the console's case page, if the case is known.
    pub back: Option<String>,
}

impl RefusalPage {
    fn style(&self) -> &'static str {
        STYLE_PATH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_why_and_what_next_without_outside_resources() {
        let t = Lang::En;
        let html = RefusalPage {
            t,
            title: t.gateway_write(),
            what: "POST /users/<script>\u{202e}".into(),
            why: t.gateway_write_why(),
            next: t.gateway_write_next(),
            code: "write_refused".into(),
            product: Some("/users?page=2".into()),
            back: Some("http://localhost:8080/cases/00012345".into()),
        }
        .render()
        .unwrap();
        assert!(html.contains("<h1>Support can look, not change</h1>"));
        assert!(
            html.contains(
                "<bdi>POST /users/&lt;script&gt;<span class=\"unseen\">U+202E</span></bdi>"
            )
        );
        assert!(html.contains("Ask the customer to make this change."));
        assert!(html.contains("write_refused"));
        assert!(html.contains("<a href=\"/users?page=2\">Back to the product</a>"));
        assert!(html.contains("href=\"/.countersign/style.css\""));
        assert!(!html.contains("<script") && !html.contains("style="));
    }
}
