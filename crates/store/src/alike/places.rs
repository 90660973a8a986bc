//! Sets of places within a block of the index behind the log.

use std::ops::{BitAnd, BitOrAssign};

/// The places of a block, 0 to 255, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    low: u128,
    high: u128,
}

impl Places {
    /// From a row of the index: a byte for each place.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        bytes.iter().fold(Self::default(), |mut places, place| {
            match place.checked_sub(128) {
                None => places.low |= 1 << place,
                Some(place) => places.high |= 1 << place,
            }
            places
        })
    }

    fn has(self, place: u8) -> bool {
        let (half, place) = match place.checked_sub(128) {
            None => (self.low, place),
            Some(place) => (self.high, place),
        };
        half >> place & 1 == 1
    }

    /// The places, in order.
    pub fn ascending(self) -> impl DoubleEndedIterator<Item = u8> {
        (0..=u8::MAX).filter(move |place| self.has(*place))
    }
}

impl BitOrAssign for Places {
    fn bitor_assign(&mut self, other: Self) {
        self.low |= other.low;
        self.high |= other.high;
    }
}

impl BitAnd for Places {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self {
            low: self.low & other.low,
            high: self.high & other.high,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_kept_as_bits() {
        let bytes = [0, 1, 127, 128, 129, 255];
        let places = Places::of(&bytes);
        assert!(places.ascending().eq(bytes));
        let other = Places::of(&[1, 2, 128, 254]);
        assert!((places & other).ascending().eq([1, 128]));
        let mut either = places;
        either |= other;
        assert!(
            either
                .ascending()
                .rev()
                .eq([255, 254, 129, 128, 127, 2, 1, 0])
        );
        assert!(Places::of(&[]).ascending().next().is_none());
    }
}
