//! The one module that compares a moment with an expiry (R1, R13, A2).

use serde::{Deserialize, Serialize};

use crate::{Duration, Timestamp};

/// What "Extend access by 1 day" adds to the moment of the click (R13).
pub const EXTENSION: Duration = Duration::from_hours(24);

/// An extension below this adds nothing; an explicit expiration this far past the bound is taken
/// as the bound (R13).
pub const EXTENSION_LEEWAY: Duration = Duration::from_secs(60);

/// A live period of a grant, half-open: `[from, expires_at)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The number of this period in its grant, from 1. Sessions belong to one period (R13).
    pub number: u32,
    /// The first moment of access.
    pub from: Timestamp,
    /// The first moment without access.
    pub expires_at: Timestamp,
}

impl Period {
    /// Whether access holds at `now`; at exactly `expires_at` it does not.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.from <= now && now < self.expires_at
    }
}

/// Whether something good until `until` has run out at `now`.
#[must_use]
pub fn has_passed(until: Timestamp, now: Timestamp) -> bool {
    now >= until
}

/// What an extension at some moment does to a period (R13).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extension {
    /// Nothing: it would add under 60 s, or repeats the present expiration.
    Nothing,
    /// The live period gets a later end.
    Lengthened(Period),
    /// The period had run out: a new one of the same grant begins.
    Reopened(Period),
    /// The explicit expiration lies before the present one, or in the past.
    TooEarly,
    /// The explicit expiration lies further ahead than a day from now.
    TooLate,
}

/// Judges an extension of `period` at `now`, by a click (`to` is `None`) or to an explicit
/// expiration (R13).
#[must_use]
pub fn extension(period: &Period, now: Timestamp, to: Option<Timestamp>) -> Extension {
    let bound = now.plus(EXTENSION);
    let target = match to {
        None => bound,
        Some(to) if to == period.expires_at => return Extension::Nothing,
        Some(to) if to > bound.plus(EXTENSION_LEEWAY) => return Extension::TooLate,
        Some(to) if to < period.expires_at || to <= now => return Extension::TooEarly,
        Some(to) => to.min(bound),
    };
    if !period.is_live(now) {
        return Extension::Reopened(Period {
            number: period.number.saturating_add(1),
            from: now,
            expires_at: target,
        });
    }
    if target.since(period.expires_at) < EXTENSION_LEEWAY {
        return Extension::Nothing;
    }
    Extension::Lengthened(Period {
        expires_at: target,
        ..*period
    })
}
