//! Instants and lengths of time, as a person reads them.
//!
//! Every function is pure: the present arrives as a value, and so does the reader's language. Nothing here decides whether
//! something has expired; a view is told the state and these functions only word it.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{Timestamp, ZonedDateTime, tz::TimeZone};

use crate::messages::{Arg, Fragment, Lang, Text, Value};

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
    /// The instant `unix_ms` (milliseconds since 1970-01-01T00:00:00Z) as read in `zone` and `lang`.
    /// Instants outside jiff's range (years -9999 to 9999) are shown at its ends.
    pub fn new(unix_ms: i64, zone: &TimeZone, lang: Lang) -> Self {
        let instant = Timestamp::from_millisecond(unix_ms).unwrap_or(if unix_ms < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        });
        let local = instant.to_zoned_datetime(zone.clone());
        Self {
            utc: instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            date: date(&local, lang),
            time: local.strftime("%H:%M").to_string(),
            clock: local.strftime("%H:%M:%S").to_string(),
            zone: zone_label(&local, lang),
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

    /// The time of day to the second with its zone, in `<time>`: `22:14:07 CET`.
    pub fn with_seconds(&self) -> Fragment {
        let plain = format!("{} {}", self.clock, self.abbreviation());
        Fragment::new(
            format!("<time datetime=\"{}\">{plain}</time>", self.utc),
            plain,
        )
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

    /// As brief, to the second: `23 Nov 2025, 22:14:07 CET`.
    pub fn exact(&self) -> Exact<'_> {
        Exact(self)
    }

    fn abbreviation(&self) -> &str {
        self.zone.split(" (").next().unwrap_or_default()
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
            utc, date, time, ..
        } = self.0;
        let zone = self.0.abbreviation();
        write!(
            f,
            "<time datetime=\"{utc}\"><span>{date},</span> <span>{time} {zone}</span></time>"
        )
    }
}

impl HtmlSafe for Brief<'_> {}

/// See [`Moment::exact`].
#[derive(Clone, Copy, Debug)]
pub struct Exact<'a>(&'a Moment);

impl fmt::Display for Exact<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Moment {
            utc, date, clock, ..
        } = self.0;
        let zone = self.0.abbreviation();
        write!(
            f,
            "<time datetime=\"{utc}\"><span>{date},</span> <span>{clock} {zone}</span></time>"
        )
    }
}

impl HtmlSafe for Exact<'_> {}

impl Arg for Moment {
    fn into_value(self) -> Value {
        Value::Fragment(Fragment::new(&self, self.plain()))
    }
}

impl Arg for Exact<'_> {
    fn into_value(self) -> Value {
        let Moment { date, clock, .. } = self.0;
        let plain = format!("{date}, {clock} {}", self.0.abbreviation());
        Value::Fragment(Fragment::new(self, plain))
    }
}

impl Arg for Brief<'_> {
    fn into_value(self) -> Value {
        let Moment { date, time, .. } = self.0;
        let plain = format!("{date}, {time} {}", self.0.abbreviation());
        Value::Fragment(Fragment::new(self, plain))
    }
}

fn date(local: &ZonedDateTime, lang: Lang) -> String {
    let (day, year) = (
        Fragment::digits(local.day()),
        Fragment::digits(local.year()),
    );
    lang.date(day, lang.month(i16::from(local.month())), year)
        .plain()
}

/// Many zones have no abbreviation but their offset ("-03"); saying that twice helps nobody.
fn zone_label(local: &ZonedDateTime, lang: Lang) -> String {
    let abbreviation = local.strftime("%Z").to_string();
    let offset = local.strftime("%:z").to_string();
    if abbreviation == "UTC" {
        abbreviation
    } else if abbreviation.chars().all(|c| c.is_ascii_alphabetic()) && !abbreviation.is_empty() {
        format!("{} (UTC{offset})", known_as(abbreviation, lang))
    } else {
        format!("UTC{offset}")
    }
}

/// Some languages have names of their own for zones nearby; elsewhere the zone database's are usual.
fn known_as(abbreviation: String, lang: Lang) -> String {
    let text = match abbreviation.as_str() {
        "WET" => lang.zone_wet(),
        "WEST" => lang.zone_west(),
        "CET" => lang.zone_cet(),
        "CEST" => lang.zone_cest(),
        "EET" => lang.zone_eet(),
        "EEST" => lang.zone_eest(),
        _ => return abbreviation,
    };
    text.plain()
}

/// The time left until an instant, worded, with its length for the script that keeps the
/// wording fresh while the page stays open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remaining {
    text: Text,
    ms: i64,
}

impl Remaining {
    /// From `now` to `until`, both Unix milliseconds.
    pub fn new(now: i64, until: i64, lang: Lang) -> Self {
        Self {
            text: time_left(now, until, lang),
            ms: until.saturating_sub(now).max(0),
        }
    }

    /// `7 h 59 min left`.
    pub fn plain(&self) -> String {
        self.text.plain()
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

impl Arg for Remaining {
    fn into_value(self) -> Value {
        Value::Fragment(Fragment::new(&self, self.plain()))
    }
}

/// `7 h 59 min left`, and from the instant itself on `expired just now`, `expired 2 h ago`.
pub fn time_left(now: i64, until: i64, lang: Lang) -> Text {
    let left = until.saturating_sub(now);
    if left <= 0 {
        lang.expired_ago(ago(now, until, lang))
    } else if left < MINUTE {
        lang.left_under_a_minute()
    } else {
        lang.left(length(left, lang))
    }
}

/// How long before `now` something was: `just now`, `2 min ago`, `3 d ago`.
/// The largest unit only: an age needs no precision.
pub fn ago(now: i64, then: i64, lang: Lang) -> Text {
    let age = now.saturating_sub(then);
    if age < MINUTE {
        lang.ago_just_now()
    } else if age < HOUR {
        lang.ago_minutes(age / MINUTE)
    } else if age < 2 * DAY {
        lang.ago_hours(age / HOUR)
    } else {
        lang.ago_days(age / DAY)
    }
}

/// A length in milliseconds, rounded down to the minute: `8 h`, `7 h 59 min`, `2 d 3 h`.
/// Rounded down, because nobody may count on a minute that is not there.
pub fn length(ms: i64, lang: Lang) -> Text {
    let ms = ms.max(0);
    let (days, hours, minutes) = (ms / DAY, ms % DAY / HOUR, ms % HOUR / MINUTE);
    match (days, hours, minutes) {
        (0, 0, minutes) => lang.length_minutes(minutes),
        // A day of access reads "24 h" everywhere it is offered.
        (0 | 1, hours, 0) => lang.length_hours(hours + 24 * days),
        (0 | 1, hours, minutes) => lang.length_hours_minutes(hours + 24 * days, minutes),
        (days, 0, _) => lang.length_days(days),
        (days, hours, _) => lang.length_days_hours(days, hours),
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
        let berlin = Moment::new(AT, &zone("Europe/Berlin"), Lang::En);
        assert_eq!(berlin.plain(), "23 Nov 2025, 22:14 CET (UTC+01:00)");
        assert_eq!(
            berlin.with_seconds().to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\">22:14:07 CET</time>"
        );
        assert_eq!(
            berlin.to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\"><span>23 Nov 2025,</span> \
             <span>22:14</span> <span>CET (UTC+01:00)</span></time>"
        );
        assert_eq!(
            berlin.brief().to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\"><span>23 Nov 2025,</span> <span>22:14 CET</span></time>"
        );
        assert_eq!(
            berlin.exact().to_string(),
            "<time datetime=\"2025-11-23T21:14:07Z\"><span>23 Nov 2025,</span> <span>22:14:07 CET</span></time>"
        );
        assert_eq!(Moment::new(AT, &TimeZone::UTC, Lang::En).zone(), "UTC");
        assert_eq!(
            Moment::new(AT, &zone("America/Sao_Paulo"), Lang::En).zone(),
            "UTC-03:00"
        );
        assert_eq!(
            Moment::new(AT, &zone("Asia/Kathmandu"), Lang::En).zone(),
            "UTC+05:45"
        );
    }

    #[test]
    fn an_impossible_instant_does_not_panic() {
        assert_eq!(
            Moment::new(i64::MAX, &TimeZone::UTC, Lang::En).date(),
            "30 Dec 9999"
        );
        Moment::new(i64::MIN, &TimeZone::UTC, Lang::En);
    }

    #[test]
    fn time_left_rounds_down_and_ends_at_the_instant() {
        let left = |ms| time_left(AT, AT + ms, Lang::En).plain();
        assert_eq!(left(8 * HOUR), "8 h left");
        assert_eq!(left(8 * HOUR - 1), "7 h 59 min left");
        assert_eq!(left(24 * HOUR), "24 h left");
        assert_eq!(left(MINUTE), "1 min left");
        assert_eq!(left(MINUTE - 1), "less than a minute left");
        assert_eq!(left(1), "less than a minute left");
        assert_eq!(left(0), "expired just now");
        assert_eq!(left(-2 * HOUR), "expired 2 h ago");
        assert_eq!(left(-5 * DAY), "expired 5 d ago");
        assert_eq!(length(51 * HOUR, Lang::En).plain(), "2 d 3 h");
    }

    #[test]
    fn remaining_carries_its_length_for_the_script() {
        assert_eq!(
            Remaining::new(AT, AT + HOUR, Lang::En).to_string(),
            "<span class=\"left\" data-left-ms=\"3600000\">1 h left</span>"
        );
    }

    #[test]
    fn each_language_words_time_its_own_way() {
        let said = |lang| {
            let moment = Moment::new(AT, &zone("Europe/Berlin"), lang);
            let hours = time_left(AT, AT + 8 * HOUR + 5 * MINUTE, lang).plain();
            let over = time_left(AT, AT - 3 * DAY, lang).plain();
            [moment.plain(), hours, over]
        };
        assert_eq!(
            said(Lang::De),
            [
                "23. Nov. 2025, 22:14 MEZ (UTC+01:00)",
                "noch 8 Std. 5 Min.",
                "vor 3 Tagen abgelaufen"
            ]
        );
        assert_eq!(
            said(Lang::Fr),
            [
                "23 nov. 2025, 22:14 CET (UTC+01:00)",
                "encore 8 h 5 min",
                "expiré il y a 3 j"
            ]
        );
        let july = 1_752_500_000_000;
        let date = |lang| Moment::new(july, &TimeZone::UTC, lang).date().to_owned();
        assert_eq!(
            Lang::ALL.map(date),
            ["14 Jul 2025", "14. Juli 2025", "14 juil. 2025"]
        );
    }
}
