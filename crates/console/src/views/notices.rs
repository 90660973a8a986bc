//! The sentences that follow an act.

use countersign_web::{
    notice::Notice,
    text::{UserText, count},
    time::Moment,
};

/// How a take-away act became effective, as the barrier reported it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// Since when no request passes any more.
    pub since: Moment,
    /// How many servers confirmed.
    pub servers: usize,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
}

impl Effective {
    fn sentence(&self) -> String {
        format!(
            "Effective everywhere since {} ({} confirmed, {} ms).",
            self.since.clock(),
            count(self.servers, "server", "servers"),
            self.took_ms
        )
    }
}

/// An approver unticked the box.
pub fn access_removed(case: &str, effective: &Effective) -> Notice {
    Notice::done(format!(
        "Access removed for case {case}. {}",
        effective.sentence()
    ))
}

/// An approver ticked the box.
pub fn access_granted(case: &str, until: &Moment) -> Notice {
    Notice::done(format!(
        "Access granted for case {case} until {}.",
        until.plain()
    ))
}

/// An approver extended access.
pub fn access_extended(case: &str, until: &Moment) -> Notice {
    Notice::done(format!(
        "Access for case {case} extended until {}.",
        until.plain()
    ))
}

/// The act would have changed nothing, or next to nothing.
pub fn nothing_changed(case: &str, until: &Moment) -> Notice {
    Notice::info(format!(
        "Nothing changed for case {case}: access already runs until {}.",
        until.plain()
    ))
}

/// An approver ended a session; `unticked` when access was removed with it.
pub fn session_ended(
    agent: &UserText,
    case: &str,
    unticked: bool,
    effective: &Effective,
) -> Notice {
    let also = if unticked { " and access removed" } else { "" };
    Notice::done(format!(
        "Session of {} for case {case} ended{also}. {}",
        agent.plain(),
        effective.sentence()
    ))
}

/// A super admin blocked the org.
pub fn blocked(effective: &Effective) -> Notice {
    Notice::done(format!(
        "All support access is blocked. {}",
        effective.sentence()
    ))
}

/// A super admin lifted the block.
pub fn block_lifted() -> Notice {
    Notice::done("The block is lifted.")
        .with_detail("Nothing was restored: access that the block removed has to be granted again.")
}

/// An approver approved a self-assigned case.
pub fn self_assignment_approved(case: &str) -> Notice {
    Notice::done(format!("Support may work on case {case}."))
        .with_detail("This gives no access by itself. Impersonation still needs its own tick.")
}

/// An approver withdrew that approval.
pub fn self_assignment_withdrawn(case: &str, effective: &Effective) -> Notice {
    Notice::done(format!(
        "Approval for case {case} withdrawn. {}",
        effective.sentence()
    ))
}

/// The form was filled in on a page that no longer shows the present state.
pub fn stale(case: &str) -> Notice {
    Notice::refused(format!(
        "Case {case} has changed since you opened this page, so nothing was done."
    ))
    .with_detail("Below is what is true now. Look again, then decide.")
}
