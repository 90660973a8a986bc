//! How something taken away became effective, as a value that survives the redirect to the next page.

use countersign_app::{App, Effective};
use countersign_domain::Timestamp;

use crate::{views::notices, zone::Zone};

/// How something taken away became effective everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Took {
    pub(crate) since: Timestamp,
    pub(crate) acknowledged: usize,
    pub(crate) lapsed: usize,
    pub(crate) ms: u64,
}

impl Took {
    /// What the barrier reported, just now; none when there was nothing to take away.
    pub(crate) fn just_now(app: &App, effective: Option<Effective>) -> Option<Self> {
        effective.map(|effective| Self {
            since: app.node().now(),
            acknowledged: effective.acknowledged,
            lapsed: effective.lapsed,
            ms: effective.took_ms,
        })
    }

    pub(crate) fn worded(self, zone: &Zone) -> notices::Effective {
        notices::Effective {
            since: zone.moment(self.since),
            servers: self.acknowledged,
            lapsed: self.lapsed,
            took_ms: self.ms,
        }
    }
}
