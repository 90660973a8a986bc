//! The sentences that follow an act about whose word counts (R3).

use countersign_web::{messages::Lang, notice::Notice};

/// Something was accepted.
pub fn accepted(t: Lang) -> Notice {
    Notice::done(t.accepted_done())
}

/// Something was refused.
pub fn refused(t: Lang) -> Notice {
    Notice::done(t.refused_done())
}

/// A passkey was added.
pub fn passkey_added(t: Lang) -> Notice {
    Notice::done(t.passkey_added())
}

/// A passkey was removed.
pub fn passkey_removed(t: Lang) -> Notice {
    Notice::done(t.passkey_removed())
}

/// The service clients of the org were changed.
pub fn clients_changed(t: Lang) -> Notice {
    Notice::done(t.clients_changed())
}
