//! Times on the wire: RFC 3339 in UTC with `Z`, to the millisecond.

use countersign_domain::{TextError, Timestamp};

/// Writes a moment. What lies outside the years -9999 to 9999 is written as their end.
pub(crate) fn write(at: Timestamp) -> String {
    let millis = at.as_millis();
    let instant = jiff::Timestamp::from_millisecond(millis).unwrap_or(if millis < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    });
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// Reads a moment, whatever offset it is written with.
pub(crate) fn read(text: &str) -> Result<Timestamp, TextError> {
    text.parse::<jiff::Timestamp>()
        .map(|instant| Timestamp::from_millis(instant.as_millisecond()))
        .map_err(|_| TextError::Form {
            expected: "an RFC 3339 time such as 2025-11-24T16:00:00Z",
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc_to_the_millisecond_and_read_with_any_offset() {
        let at = Timestamp::from_millis(1_764_000_000_007);
        assert_eq!(write(at), "2025-11-24T16:00:00.007Z");
        assert_eq!(read("2025-11-24T16:00:00.007Z"), Ok(at));
        assert_eq!(read("2025-11-24T17:00:00.007+01:00"), Ok(at));
        assert!(read("tomorrow").is_err());
        assert!(read("2025-11-24T16:00:00").is_err());
        assert_eq!(
            write(Timestamp::from_millis(i64::MAX)),
            "9999-12-30T22:00:00.999Z"
        );
    }
}
