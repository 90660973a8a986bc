//! An answer that waits until there is something to tell, for the script of a page that is open.
//!
//! The page says what it shows by a hash. The node tells when something that the page shows has changed, and
//! the clock when something ends, so that nobody asks the store whether anything has happened.

use std::time::Duration;

use axum::http::HeaderMap;
use countersign_app::{About, App, News};
use countersign_domain::Timestamp;

use crate::{
    Console, reader::Reader, refuse::Halt, sign_in, views::sign_in::SignInReason, visit::Visit,
};

/// How long an answer waits; less than any proxy does.
const PATIENCE: countersign_domain::Duration = countersign_domain::Duration::from_secs(20);

/// The waiting of one answer. Whoever begins it and then reads misses no change.
pub(crate) struct Waiting<'a> {
    app: &'a App,
    news: News,
    until: Timestamp,
}

impl<'a> Waiting<'a> {
    pub(crate) fn begin(app: &'a App, about: impl IntoIterator<Item = About>) -> Self {
        Self {
            app,
            news: app.node().news(about),
            until: app.node().now().plus(PATIENCE),
        }
    }

    /// Waits until something may have changed, which it may at `next` by the clock alone. False when
    /// it is time to answer that nothing has.
    pub(crate) async fn wait(&mut self, next: Option<Timestamp>) -> bool {
        let now = self.app.node().now();
        if self.news.is_over() || now >= self.until {
            return false;
        }
        let next = next.map_or(self.until, |next| next.min(self.until));
        let ms = next.as_millis().saturating_sub(now.as_millis());
        // At least a moment: what ends at an instant has ended after it.
        let span = Duration::from_millis(u64::try_from(ms).unwrap_or(0).max(10));
        self.news.wait(span).await;
        true
    }
}

/// What a page says it shows.
pub(crate) fn shown(query: &[(String, String)]) -> &str {
    let mut fields = query.iter();
    let seen = fields.find(|(name, _)| name == "seen");
    seen.map_or("", |(_, value)| value.as_str())
}

/// Whoever signed out while an answer waited is told nothing.
pub(crate) async fn still_signed_in(
    console: &Console,
    visit: &Visit,
    headers: &HeaderMap,
) -> Result<(), Halt> {
    match Reader::of_visit(visit, headers, console).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(_) => {
            Err(sign_in::who_are_you(console, visit, SignInReason::SessionOver).into())
        }
    }
}
