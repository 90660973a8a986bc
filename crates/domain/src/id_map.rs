//! Maps keyed by identifiers.

use std::{
    collections::{HashMap, HashSet},
    hash::{BuildHasherDefault, Hasher},
};

/// A map by identifier.
pub type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<IdHasher>>;

/// A set of identifiers.
pub type IdSet<K> = HashSet<K, BuildHasherDefault<IdHasher>>;

/// Spreads identifiers by the random part that a UUIDv7 ends with.
///
/// Identifiers are made here and never taken from outside, so nobody can choose them to collide, and
/// a keyed hash, which costs more than the look-up it is for, would protect from nothing. Look-ups by
/// what a client says are not for these maps' keys: such text is a [`crate::Label`] or a hash.
#[derive(Clone, Copy, Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, bytes: &[u8]) {
        let last = bytes.rchunks(8).next().unwrap_or_default();
        let value = last
            .iter()
            .fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        self.write_u64(value);
    }

    fn write_u64(&mut self, value: u64) {
        // 2^64 over the golden ratio. The lower half of a product knows of lower bits only and the upper half
        // of higher ones; a map looks at both ends of the hash.
        let product = u128::from(self.0 ^ value) * 0x9e37_79b9_7f4a_7c15;
        let (high, low) = ((product >> 64) as u64, product as u64);
        self.0 = high ^ low;
    }

    fn write_usize(&mut self, _length: usize) {
        // All identifiers are of one length.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, hash::BuildHasher};

    use uuid::Uuid;

    use super::*;
    use crate::SessionId;

    #[test]
    fn identifiers_that_differ_in_their_random_part_are_spread() {
        let hashes = |shift: u32| {
            let hash = BuildHasherDefault::<IdHasher>::default();
            (0..1_024_u128)
                .map(|n| SessionId::from_uuid(Uuid::from_u128(7 << 76 | n << shift)))
                .map(|id| hash.hash_one(id))
                .collect::<Vec<_>>()
        };
        for shift in [0, 20, 40] {
            let all = hashes(shift);
            let whole: BTreeSet<u64> = all.iter().copied().collect();
            let tags: BTreeSet<u64> = all.iter().map(|hash| hash >> 57).collect();
            let buckets: BTreeSet<u64> = all.iter().map(|hash| hash & 1_023).collect();
            assert_eq!(whole.len(), 1_024);
            assert!(tags.len() > 64, "{shift}: {}", tags.len());
            assert!(buckets.len() > 512, "{shift}: {}", buckets.len());
        }
    }
}
