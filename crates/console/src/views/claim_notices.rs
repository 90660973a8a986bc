//! The sentences that follow an act about whose word counts (R3).

use countersign_web::notice::Notice;

/// Something was accepted.
pub fn accepted() -> Notice {
    Notice::done(
        "Accepted. It counts as your organisation’s own from now on, and the log says that you accepted it.",
    )
}

/// Something was refused.
pub fn refused() -> Notice {
    Notice::done(
        "Refused, for good. It gives nothing any more, and the log says that you refused it.",
    )
}

/// A passkey was added.
pub fn passkey_added() -> Notice {
    Notice::done("Passkey added. Next time, sign in with it.")
}

/// A passkey was removed.
pub fn passkey_removed() -> Notice {
    Notice::done("Passkey removed. It signs nobody in any more; delete it on the device, too.")
}
