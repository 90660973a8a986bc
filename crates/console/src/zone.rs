//! The zone and the language that a reader's times are shown in.
//!
//! The page's script writes the browser's zone into a cookie that anybody may set: it changes how
//! an instant is worded and nothing else, and every page names the zone it words instants in.

use countersign_domain::Timestamp;
use countersign_web::{
    messages::Lang,
    time::{Moment, Remaining},
};
use jiff::tz::TimeZone;

/// The cookie's name.
const COOKIE: &str = "tz";

/// A zone of the zone database; UTC when the browser has not said one.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    zone: TimeZone,
    lang: Lang,
}

impl Zone {
    /// The zone that the `Cookie` header asks for.
    pub(crate) fn of_cookies(header: &str, lang: Lang) -> Self {
        let asked = header
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == COOKIE)
            .map(|(_, value)| value)
            .filter(|name| name.len() <= 64)
            .and_then(|name| TimeZone::get(name).ok());
        Self {
            zone: asked.unwrap_or(TimeZone::UTC),
            lang,
        }
    }

    /// The same zone for readers of another language.
    pub(crate) fn in_language(&self, lang: Lang) -> Self {
        Self {
            zone: self.zone.clone(),
            lang,
        }
    }

    /// Its name in the zone database.
    pub(crate) fn name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// An instant as read in it.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(at.as_millis(), &self.zone, self.lang)
    }

    /// A day, written as browsers send it (`2025-11-23`), from its first instant to that of the next.
    pub(crate) fn day(&self, text: &str) -> Option<(Timestamp, Timestamp)> {
        let day: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == 10)?;
        let begins = |day: jiff::civil::Date| {
            let midnight = day.to_datetime(jiff::civil::Time::midnight());
            let begins = self.zone.to_zoned_datetime(midnight).ok()?.timestamp();
            Some(Timestamp::from_millis(begins.as_millisecond()))
        };
        Some((begins(day)?, begins(day.tomorrow().ok()?)?))
    }

    /// The day that so many days come after, as browsers send it.
    pub(crate) fn day_before(&self, now: Timestamp, days: i64) -> String {
        let now = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
        let today = self.zone.to_datetime(now).date();
        let day = today.checked_sub(jiff::Span::new().days(days));
        day.unwrap_or(today).to_string()
    }

    /// The time left until an instant.
    pub(crate) fn left(&self, now: Timestamp, until: Timestamp) -> Remaining {
        Remaining::new(now.as_millis(), until.as_millis(), self.lang)
    }

    /// The reader's language.
    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_as_long_as_it_is_in_the_zone() {
        let berlin = Zone::of_cookies("tz=Europe/Berlin", Lang::En);
        let length = |day: &str| {
            let (from, to) = berlin.day(day).unwrap();
            (
                from.as_millis(),
                (to.as_millis() - from.as_millis()) / 3_600_000,
            )
        };
        assert_eq!(length("2025-11-23"), (1_763_852_400_000, 24));
        assert_eq!(length("2025-10-26").1, 25);
        assert_eq!(length("2025-03-30").1, 23);
        for text in [
            "",
            "2025-02-30",
            "23.11.2025",
            "2025-11-23T00:00",
            "9999-12-31",
            "x",
        ] {
            assert_eq!(berlin.day(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_back_in_the_zone() {
        // 23:30 UTC on 1 March is half past midnight in Berlin.
        let late = Timestamp::from_millis(1_740_871_800_000);
        let back = |zone: &str, days| {
            let zone = Zone::of_cookies(&format!("tz={zone}"), Lang::En);
            zone.day_before(late, days)
        };
        assert_eq!(back("UTC", 0), "2025-03-01");
        assert_eq!(back("Europe/Berlin", 0), "2025-03-02");
        assert_eq!(back("Europe/Berlin", 6), "2025-02-24");
    }

    #[test]
    fn only_zones_that_exist_are_taken() {
        assert_eq!(
            Zone::of_cookies("a=b; tz=Europe/Berlin", Lang::En).name(),
            "Europe/Berlin"
        );
        for header in [
            "",
            "tz=",
            "tz=<b>",
            "tz=../../etc/passwd",
            "ztz=Europe/Berlin",
        ] {
            assert_eq!(Zone::of_cookies(header, Lang::En).name(), "UTC", "{header}");
        }
    }
}
