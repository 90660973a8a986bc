//! The banner over the product's pages: whose tenant support looks at, for which case, as whom and
//! until when.
//!
//! It stands in somebody else's page, in a shadow root of its own, so that neither side's style
//! reaches the other. Style and script come from the session's origin; without them, or where the
//! page's policy forbids them, it is still text with a link and a button, in an open dialog, which
//! browsers lay over a page without moving it.

use std::fmt::Write;

use askama::Template;
use jiff::tz::TimeZone;

use crate::{assets, messages::Lang, text::UserText, time::Moment};

/// The banner of a page.
#[derive(Clone, Debug, Template)]
#[template(path = "banner.html")]
pub struct Banner {
    /// The agent's language; the page around it has its own.
    pub t: Lang,
    /// The session's origin. Addresses begin with it because a page's `<base>` may point anywhere.
    pub origin: String,
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
    /// How many kinds of requests that could change something are declared harmless.
    pub declared: usize,
    /// When the clock ends it.
    pub until: Moment,
    /// How many milliseconds that is from now.
    pub left_ms: i64,
}

impl Banner {
    /// An instant in UTC, which is what can be said to a browser before its script has run.
    pub fn moment(unix_ms: i64, lang: Lang) -> Moment {
        Moment::new(unix_ms, &TimeZone::UTC, lang)
    }

    /// The markup in ASCII alone: the page around it may be in any encoding that extends ASCII.
    ///
    /// # Errors
    /// The template could not be rendered.
    pub fn markup(&self) -> Result<String, askama::Error> {
        self.render().map(|html| ascii(&html))
    }

    fn style(&self) -> String {
        assets::BANNER_STYLE.address()
    }

    fn page_style(&self) -> String {
        assets::BANNER_PAGE_STYLE.address()
    }

    fn script(&self) -> String {
        assets::banner_script(self.t).address()
    }
}

/// Character references instead of characters; every place in the banner where one can stand
/// understands them.
fn ascii(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    for c in html.trim_end().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "&#x{:x};", u32::from(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn banner() -> Banner {
        Banner {
            t: Lang::En,
            origin: "http://abc.gw.localhost:8081".into(),
            org: "Acmé \"Inc\"".into(),
            case_number: "00012345".into(),
            case_title: "\u{202e}<script>alert(1)</script>".into(),
            case_url: "http://localhost:8080/cases/00012345".into(),
            subject: "Dana".into(),
            subject_email: "dana@acme.test".into(),
            declared: 0,
            until: Banner::moment(1_800_000_000_000, Lang::En),
            left_ms: 60_000,
        }
    }

    #[test]
    fn it_says_who_what_and_until_when_in_ascii() {
        let html = banner().markup().unwrap();
        assert!(html.is_ascii() && !html.contains('\n'));
        for expected in [
            "<bdi>Acm&#xe9; &quot;Inc&quot;</bdi>",
            "<bdi>00012345</bdi>",
            "<bdi>Dana</bdi>",
            "<time datetime=\"2027-01-15T08:00:00Z\">15 Jan 2027, 08:00 UTC</time>",
            "action=\"http://abc.gw.localhost:8081/.countersign/end\"",
            "href=\"http://abc.gw.localhost:8081/.countersign/session\"",
        ] {
            assert!(html.contains(expected), "{expected} in {html}");
        }
    }

    #[test]
    fn it_says_read_only_without_more_only_where_that_is_so() {
        let plain = banner().markup().unwrap();
        assert!(plain.contains("<span class=\"mark\">Read-only</span>"));
        let declared = Banner {
            declared: 2,
            ..banner()
        };
        let html = declared.markup().unwrap();
        assert!(html.contains("Read-only, with exceptions"), "{html}");
        assert!(html.contains(
            "title=\"2 kinds of requests that could change something are declared harmless, and go through\""
        ));
    }

    #[test]
    fn what_people_wrote_is_text_only() {
        let html = banner().markup().unwrap();
        assert_eq!(html.matches("<script").count(), 1, "ours alone");
        assert!(html.contains("<span class=\"unseen\">U+202E</span>&lt;script&gt;"));
        assert!(html.contains("[U+202E]&#60;script&#62;alert(1)&#60;/script&#62;\""));
        assert!(!html.contains("style=") && !html.contains("onload"));
    }
}
