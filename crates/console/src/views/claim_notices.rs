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

/// An OpenID provider was added.
pub fn issuer_added(t: Lang) -> Notice {
    Notice::done(t.openid_added_done())
}

/// It is shown another secret.
pub fn issuer_secret_set(t: Lang) -> Notice {
    Notice::done(t.openid_secret_done())
}

/// It was removed.
pub fn issuer_removed(t: Lang) -> Notice {
    Notice::done(t.openid_removed_done())
}

/// What it knew somebody by was taken back.
pub fn openid_unbound(t: Lang) -> Notice {
    Notice::done(t.openid_unlinked_done())
}
