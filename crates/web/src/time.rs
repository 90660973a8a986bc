//! Instants and lengths of time, as a person reads them.
//!
//! Every function is pure: the present arrives as a value. Nothing here decides whether
//! something has expired; a view is told the state and these functions only word it.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// An instant in somebody's time zone.
///
/// In a template `{{ moment }}` gives `<time datetime="…">` with date, time, zone and offset:
/// two people who read the same page in different places must not read different instants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    utc: String,
    date: String,
    time: String,
    clock: String,
    zone: String,
}

impl Moment {
    /// The instant `unix_ms` (milliseconds since 1970-01-01T00:00:00Z) as read in `zone`.
    /// Instants outside jiff's range (years -9999 to 9999) are shown at its ends.
    pub fn new(unix_ms: i64, zone: &TimeZone) -> Self {
        let instant = Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        let local = instant.to_zoned_datetime(zone.clone());
        Self {
            utc: instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            date: local.strftime("%-d %b %Y").to_string(),
            time: local.strftime("%H:%M").to_string(),
            clock: local.strftime("%H:%M:%S").to_string(),
            zone: zone_label(&local),
        }
    }

    /// The date: `23 Nov 2025`.
    pub fn date(&self) -> &str {
        &self.date
    }

    /// The time of day to the minute: `22:14`.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// The time of day to the second: `22:14:07`.
    pub fn clock(&self) -> &str {
        &self.clock
    }

    /// Zone abbreviation and offset: `CET (UTC+01:00)`.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// For lines where the zone is said elsewhere on the page: `23 Nov 2025, 22:14 CET`, without
    /// the offset.
    pub fn brief(&self) -> Brief<'_> {
        Brief(self)
    }

    /// RFC 3339 in UTC, to the second.
    pub fn utc(&self) -> &str {
        &self.utc
    }

    /// The whole, without markup: `23 Nov 2025, 22:14 CET (UTC+01:00)`.
    pub fn plain(&self) -> String {
        format!("{}, {} {}", self.date, self.time, self.zone)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Abbreviations and offsets come from the zone database: letters, digits, signs.
        write!(
            f,
            "<time datetime=\"{}\"><span>{},</span> <span>{}</span> <span>{}</span></time>",
            self.utc, self.date, self.time, self.zone
        )
    }
}

impl HtmlSafe for Moment {}

/// See [`Moment::brief`].
#[derive(Clone, Copy, Debug)]
pub struct Brief<'a>(&'a Moment);

impl fmt::Display for Brief<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Moment {
            utc,
            date,
            time,
            zone,
            ..
        } = self.0;
        let zone = zone.split(" (").next().unwrap_or_default();
        write!(
            f,
            "<time datetime=\"{utc}\"><span>{date},</span> <span>{time} {zone}</span></time>"
        )
    }
}

impl HtmlSafe for Brief<'_> {}

/// Many zones have no abbreviation but their offset ("-03"); saying that twice helps nobody.
fn zone_label(local: &ZonedDateTime) -> String {
    let abbreviation = local.strftime("%Z").to_string();
    let offset = local.strftime("%:z").to_string();
    if abbreviation == "UTC" {
        abbreviation
    } else if abbreviation.chars().all(|c| c.is_ascii_alphabetic()) && !abbreviation.is_empty() {
        format!("{abbreviation} (UTC{offset})")
    } else {
        format!("UTC{offset}")
    }
}

/// The time left until an instant, worded, with its length for the script that keeps the
/// wording fresh while the page stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    text: String,
    ms: i64,
}

impl Remaining {
    /// From `now` to `until`, both Unix milliseconds.
    pub fn new(now: i64, until: i64) -> Self {
        Self {
            text: time_left(now, until),
            ms: until.saturating_sub(now).max(0),
        }
    }

    /// `7 h 59 min left`.
    pub fn plain(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Remaining {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "<span class=\"left\" data-left-ms=\"{}\">{}</span>",
            self.ms, self.text
        )
    }
}

impl HtmlSafe for Remaining {}

/// `7 h 59 min left`, and from the instant itself on `expired just now`, `expired 2 h ago`.
pub fn time_left(now: i64, until: i64) -> String {
    let left = until.saturating_sub(now);
    if left <= 0 {
        format!("expired {}", ago(now, until))
    } else if left < MINUTE {
        "less than a minute left".to_owned()
    } else {
        format!("{} left", length(left))
    }
}

/// How long before `now` something was: `just now`, `2 min ago`, `3 d ago`.
/// The largest unit only: an age needs no precision.
pub fn ago(now: i64, then: i64) -> String {
    let age = now.saturating_sub(then);
    if age < MINUTE {
        "just now".to_owned()
    } else if age < HOUR {
        format!("{} min ago", age / MINUTE)
    } else if age < 2 * DAY {
        format!("{} h ago", age / HOUR)
    } else {
        format!("{} d ago", age / DAY)
    }
}

/// A length in milliseconds, rounded down to the minute: `8 h`, `7 h 59 min`, `2 d 3 h`.
/// Rounded down, because nobody may count on a minute that is not there.
pub fn length(ms: i64) -> String {
    let ms = ms.max(0);
    let (days, hours, minutes) = (ms / DAY, ms % DAY / HOUR, ms % HOUR / MINUTE);
    match (days, hours, minutes) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        // A day of access reads "24 h" everywhere it is offered.
        (1, hours, 0) => format!("{} h", hours + 24),
        (1, hours, minutes) => format!("{} h {minutes} min", hours + 24),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-11-23T21:14:07Z.
    const AT: i64 = 1_763_932_447_000;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    #[test]
    fn a_moment_names_its_zone_and_offset() {
        let berlin = Moment::new(AT, &zone("Europe/Berlin"));
        assert_eq!(berlin.plain(), "23 Nov 2025, 22:14 CET (UTC+01:00)");
        assert_eq!(berlin.clock(), "22:14:07");
        assert_eq!(
            berlin.to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\"><span>23 Nov 2025,</span> \
             <span>22:14</span> <span>CET (UTC+01:00)</span></time>"
        );
        assert_eq!(
            berlin.brief().to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\"><span>23 Nov 2025,</span> <span>22:14 CET</span></time>"
        );
        assert_eq!(Moment::new(AT, &TimeZone::UTC).zone(), "UTC");
        assert_eq!(
            Moment::new(AT, &zone("America/Sao_Paulo")).zone(),
            "UTC-03:00"
        );
        assert_eq!(Moment::new(AT, &zone("Asia/Kathmandu")).zone(), "UTC+05:45");
    }

    #[test]
    fn an_impossible_instant_does_not_panic() {
        assert_eq!(Moment::new(i64::MAX, &TimeZone::UTC).date(), "30 Dec 9999");
        Moment::new(i64::MIN, &TimeZone::UTC);
    }

    #[test]
    fn time_left_rounds_down_and_ends_at_the_instant() {
        let left = |ms| time_left(AT, AT + ms);
        assert_eq!(left(8 * HOUR), "8 h left");
        assert_eq!(left(8 * HOUR - 1), "7 h 59 min left");
        assert_eq!(left(24 * HOUR), "24 h left");
        assert_eq!(left(MINUTE), "1 min left");
        assert_eq!(left(MINUTE - 1), "less than a minute left");
        assert_eq!(left(1), "less than a minute left");
        assert_eq!(left(0), "expired just now");
        assert_eq!(left(-2 * HOUR), "expired 2 h ago");
        assert_eq!(left(-5 * DAY), "expired 5 d ago");
        assert_eq!(length(51 * HOUR), "2 d 3 h");
    }

    #[test]
    fn remaining_carries_its_length_for_the_script() {
        assert_eq!(
            Remaining::new(AT, AT + HOUR).to_string(),
            "<span class=\"left\" data-left-ms=\"3600000\">1 h left</span>"
        );
    }
}
