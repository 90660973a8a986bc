//! Places in a log that are handed out as `after`: where a query goes on. One says nothing to whoever has it, and is good
//! for the log and the query that it was handed out for, and no other: it carries a hash over both, and over the leaf hash
//! of the entry that it stands behind, which nobody knows who does not read that log. So it needs no key, and is good in
//! every process and for as long as the log is.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use countersign_app::digest;
use countersign_domain::{OrgId, Timestamp};

const VERSION: u8 = 1;
const TAG: usize = 16;
/// Version, since, until and index.
const BODY: usize = 1 + 3 * 8;

/// Where a query goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) since: Timestamp,
    pub(super) until: Option<Timestamp>,
    /// Behind this index.
    pub(super) after: u64,
}

/// A place that somebody says they were handed.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) place: Place,
    tag: [u8; TAG],
}

/// What a place is good for.
#[derive(Clone, Copy, Debug)]
pub(super) struct GoodFor {
    pub(super) org: OrgId,
    /// The leaf hash of the entry that it stands behind.
    pub(super) leaf: [u8; 32],
    /// The digest of the query.
    pub(super) query: [u8; 32],
}

impl Place {
    pub(super) fn write(&self, good_for: &GoodFor) -> String {
        let mut bytes = self.body().to_vec();
        bytes.extend_from_slice(&self.tag(good_for));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn body(&self) -> [u8; BODY] {
        let until = self.until.map_or(i64::MAX, Timestamp::as_millis);
        let since = self.since.as_millis().to_be_bytes();
        let rest = [since, until.to_be_bytes(), self.after.to_be_bytes()];
        let mut body = [VERSION; BODY];
        let parts = body.iter_mut().skip(1).zip(rest.iter().flatten());
        parts.for_each(|(to, from)| *to = *from);
        body
    }

    fn tag(&self, good_for: &GoodFor) -> [u8; TAG] {
        let GoodFor { org, leaf, query } = good_for;
        let whole = digest(&[
            b"countersign okta log place",
            &self.body(),
            org.as_uuid().as_bytes(),
            leaf,
            query,
        ]);
        let mut tag = [0; TAG];
        tag.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
        tag
    }
}

impl Claimed {
    /// What was handed over, if it has the form of a place.
    pub(super) fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (body, tag) = bytes.split_first_chunk::<BODY>()?;
        let (version, rest) = body.split_first()?;
        let mut numbers = rest
            .chunks_exact(8)
            .filter_map(|bytes| bytes.try_into().ok());
        let mut number = || numbers.next().map(u64::from_be_bytes);
        let since = number()?.cast_signed();
        let until = number()?.cast_signed();
        let place = Place {
            since: Timestamp::from_millis(since),
            until: (until != i64::MAX).then_some(Timestamp::from_millis(until)),
            after: number()?,
        };
        (*version == VERSION).then_some(Self {
            place,
            tag: tag.try_into().ok()?,
        })
    }

    /// The place, if it was handed out for this.
    pub(super) fn if_good_for(self, good_for: &GoodFor) -> Option<Place> {
        (self.place.tag(good_for) == self.tag).then_some(self.place)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn good_for() -> GoodFor {
        GoodFor {
            org: OrgId::from_uuid(Uuid::from_bytes([1; 16])),
            leaf: [2; 32],
            query: [3; 32],
        }
    }

    #[test]
    fn a_place_is_good_for_what_it_was_handed_out_for_and_nothing_else() {
        for until in [None, Some(Timestamp::from_millis(7))] {
            let place = Place {
                since: Timestamp::from_millis(-5),
                until,
                after: 1 << 40,
            };
            let written = place.write(&good_for());
            let read = |text: &str, good_for: &GoodFor| Claimed::read(text)?.if_good_for(good_for);
            assert_eq!(read(&written, &good_for()), Some(place));
            let other_org = OrgId::from_uuid(Uuid::from_bytes([9; 16]));
            for other in [
                GoodFor {
                    org: other_org,
                    ..good_for()
                },
                GoodFor {
                    leaf: [9; 32],
                    ..good_for()
                },
                GoodFor {
                    query: [9; 32],
                    ..good_for()
                },
            ] {
                assert_eq!(read(&written, &other), None);
            }
            let mut bytes = URL_SAFE_NO_PAD.decode(&written).unwrap();
            for at in 0..bytes.len() {
                bytes[at] ^= 1;
                let bent = URL_SAFE_NO_PAD.encode(&bytes);
                assert_eq!(read(&bent, &good_for()), None, "byte {at}");
                bytes[at] ^= 1;
            }
            for nothing in ["", "x", "äöü", &written[1..], &format!("{written}AAAA")] {
                assert_eq!(read(nothing, &good_for()), None, "{nothing}");
            }
        }
    }
}
