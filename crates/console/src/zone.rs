//! The zone that a reader's times are shown in.
//!
//! The page's script writes the browser's zone into a cookie that anybody may set: it changes how
//! an instant is worded and nothing else, and every page names the zone it words instants in.

use countersign_domain::Timestamp;
use countersign_web::time::{Moment, Remaining};
use jiff::tz::TimeZone;

/// The cookie's name.
const COOKIE: &str = "tz";

/// A zone of the zone database; UTC when the browser has not said one.
#[derive(Clone, Debug)]
pub(crate) struct Zone(TimeZone);

impl Zone {
    /// The zone that the `Cookie` header asks for.
    pub(crate) fn of_cookies(header: &str) -> Self {
        let asked = header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .map(|(_, value)| value)
            .filter(|name| name.len() <= 64)
            .and_then(|name| TimeZone::get(name).ok());
        Self(asked.unwrap_or(TimeZone::UTC))
    }

    /// Its name in the zone database.
    pub(crate) fn name(&self) -> String {
        self.0.iana_name().unwrap_or("UTC").to_owned()
    }

    /// An instant as read in it.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at.as_millis(), &self.0)
    }
}

/// The time left until an instant.
pub(crate) fn left(now: Timestamp, until: Timestamp) -> Remaining {
    Remaining::new(now.as_millis(), until.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zones_that_exist_are_taken() {
        assert_eq!(
            Zone::of_cookies("a=b; tz=Europe/Berlin").name(),
            "Europe/Berlin"
        );
        for header in [
            "",
            "tz=",
            "tz=<b>",
            "tz=../../etc/passwd",
            "ztz=Europe/Berlin",
        ] {
            assert_eq!(Zone::of_cookies(header).name(), "UTC", "{header}");
        }
    }
}
