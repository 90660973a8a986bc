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
    /// How many had gone silent, and have stopped serving by themselves.
    pub lapsed: usize,
    /// How long that took, in milliseconds.
    pub took_ms: u64,
}

impl Effective {
    fn sentence(&self) -> String {
        let lapsed = match self.lapsed {
            0 => String::new(),
            n => format!(
                ", {} gone silent and stopped",
                count(n, "server", "servers")
            ),
        };
        format!(
            "Effective everywhere since {} ({} confirmed{lapsed}, {} ms).",
            self.since.clock(),
            count(self.servers, "server", "servers"),
            self.took_ms
        )
    }
}

/// The sentence of what was taken away; nothing when there was nothing to take.
fn since(effective: Option<&Effective>) -> String {
    effective.map_or_else(String::new, |effective| {
        format!(" {}", effective.sentence())
    })
}

/// An approver unticked the box.
pub fn access_removed(case: &str, effective: &Effective) -> Notice {
    Notice::done(format!(
        "Access removed for case {case}. {}",
        effective.sentence()
    ))
}

/// An approver unticked a box under which there was nothing to remove.
pub fn nothing_to_remove(case: &str) -> Notice {
    Notice::info(format!("Case {case} has no access to remove."))
}

/// An approver used the button and left the box empty.
pub fn not_ticked(case: &str) -> Notice {
    Notice::info(format!(
        "Nothing changed for case {case}: the box was not ticked."
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
    effective: Option<&Effective>,
) -> Notice {
    let also = if unticked { " and access removed" } else { "" };
    Notice::done(format!(
        "Session of {} for case {case} ended{also}.{}",
        agent.plain(),
        since(effective)
    ))
}

/// A super admin blocked the org.
pub fn blocked(effective: Option<&Effective>) -> Notice {
    Notice::done(format!(
        "All support access is blocked.{}",
        since(effective)
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
pub fn self_assignment_withdrawn(case: &str, effective: Option<&Effective>) -> Notice {
    Notice::done(format!(
        "Approval for case {case} withdrawn.{}",
        since(effective)
    ))
}

/// An agent asked.
pub fn access_requested(case: &str) -> Notice {
    Notice::done(format!("Access requested for case {case}."))
        .with_detail("The customer is not notified: pass the link on.")
}

/// An agent asked for more time.
pub fn more_time_requested(case: &str) -> Notice {
    Notice::done(format!("More time asked for, for case {case}."))
        .with_detail("The customer is not notified: pass the link on.")
}

/// An agent took the request back.
pub fn request_withdrawn(case: &str) -> Notice {
    Notice::done(format!("Request for case {case} withdrawn."))
}

/// An agent ended a session of their own.
pub fn own_session_ended(case: &str, effective: Option<&Effective>) -> Notice {
    Notice::done(format!(
        "Your session for case {case} ended.{}",
        since(effective)
    ))
}

/// A case was opened.
pub fn case_opened(case: &str) -> Notice {
    Notice::done(format!("Case {case} opened."))
        .with_detail("Nobody has access until Support asks and you tick the request.")
}

/// A case was closed.
pub fn case_closed(case: &str, effective: Option<&Effective>) -> Notice {
    Notice::done(format!(
        "Case {case} closed: it gives no access.{}",
        since(effective)
    ))
}

/// A case was reopened.
pub fn case_reopened(case: &str) -> Notice {
    Notice::done(format!("Case {case} reopened."))
        .with_detail("It starts afresh: access needs a new request and a new tick.")
}

/// The form was filled in on a page that no longer shows the present state.
pub fn stale(case: &str) -> Notice {
    Notice::refused(format!(
        "Case {case} has changed since you opened this page, so nothing was done."
    ))
    .with_detail("Below is what is true now. Look again, then decide.")
}
