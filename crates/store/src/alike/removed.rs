//! What stands in the columns by which people are looked up.

use std::fmt::Display;

use countersign_domain::{Email, Profile};

/// The address somebody is found by. That of somebody who was removed is free again: their own id stands
/// in its place, which is no address.
pub fn address_of(id: &impl Display, email: &Email, removed: bool) -> String {
    if removed {
        id.to_string()
    } else {
        email.to_string()
    }
}

/// How a directory finds them.
#[must_use]
pub fn external_id(profile: &Profile, removed: bool) -> Option<String> {
    let id = profile.external_id.as_ref().filter(|_| !removed);
    id.map(ToString::to_string)
}
