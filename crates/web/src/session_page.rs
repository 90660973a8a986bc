//! The gateway's own pages about a session, on the session's origin. Send them with
//! [`crate::csp::GATEWAY_SESSION_POLICY`].

use askama::Template;

use crate::{
    messages::{Lang, Text},
    refusal_page::STYLE_PATH,
    text::UserText,
    time::Moment,
};

/// What a session is, and the button that ends it.
#[derive(Clone, Debug, Template)]
#[template(path = "gateway_session.html")]
pub struct SessionPage {
    /// The agent's language.
    pub t: Lang,
    /// The org's name.
    pub org: UserText,
    /// The case's number.
    pub case_number: UserText,
    /// The case's title.
    pub case_title: UserText,
    /// The case's page in the console.
    pub case_url: String,
    /// As whom support looks.
    pub subject: UserText,
    /// Their address.
    pub subject_email: UserText,
    /// Who looks.
    pub agent: UserText,
    /// Their address.
    pub agent_email: UserText,
    /// How many kinds of requests that could change something are declared harmless.
    pub declared: usize,
    /// When the clock ends it.
    pub until: Moment,
    /// How long that is from now.
    pub left: Text,
    /// When it ends without another request.
    pub idle: Moment,
    /// How long that is from now.
    pub idle_left: Text,
}

impl SessionPage {
    fn style(&self) -> &'static str {
        STYLE_PATH
    }
}

/// A session has been ended by the person in it.
#[derive(Clone, Debug, Template)]
#[template(path = "gateway_ended.html")]
pub struct EndedPage {
    /// The agent's language.
    pub t: Lang,
    /// The case's page in the console.
    pub case_url: Option<String>,
}

impl EndedPage {
    fn style(&self) -> &'static str {
        STYLE_PATH
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::banner::Banner;

    #[test]
    fn the_session_page_ends_by_a_form_and_runs_no_script() {
        let html = SessionPage {
            t: Lang::En,
            org: "Acme".into(),
            case_number: "00012345".into(),
            case_title: "<b>\u{202e}".into(),
            case_url: "http://localhost:8080/cases/00012345".into(),
            subject: "Dana".into(),
            subject_email: "dana@acme.test".into(),
            agent: "Sam".into(),
            agent_email: "sam@vendor.test".into(),
            declared: 0,
            until: Banner::moment(1_800_000_000_000, Lang::En),
            left: Lang::En.left("1 h"),
            idle: Banner::moment(1_800_000_000_000, Lang::En),
            idle_left: Lang::En.left("30 min"),
        }
        .render()
        .unwrap();
        assert!(html.contains("action=\"/.countersign/end\""));
        assert!(html.contains("&lt;b&gt;<span class=\"unseen\">U+202E</span>"));
        assert!(!html.contains("<script") && !html.contains("style="));
    }
}
