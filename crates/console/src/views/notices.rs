//! The sentences that follow an act.

use countersign_web::{
    messages::{Lang, Text},
    notice::Notice,
    text::UserText,
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
    fn sentence(&self, t: Lang) -> Text {
        let since = self.since.with_seconds();
        let took = match self.took_ms {
            0..=999 => t.effective_at_once(),
            // Rounded up, for nobody may be told that it went quicker than it did.
            ms => t.effective_after(ms.div_ceil(1_000)),
        };
        match (self.servers, self.lapsed) {
            // All had confirmed before anybody asked.
            (0, 0) => t.effective_already(since),
            (servers, 0) => t.effective(servers, since, took),
            (0, lapsed) => t.effective_all_lapsed(lapsed, since, took),
            (servers, lapsed) => t.sentences(
                t.effective(servers, since, took),
                t.effective_lapsed(lapsed),
            ),
        }
    }
}

/// What was done, followed by since when something taken away is gone; nothing follows when there
/// was nothing to take.
fn since(t: Lang, done: Text, effective: Option<&Effective>) -> Notice {
    Notice::done(match effective {
        Some(effective) => t.sentences(done, effective.sentence(t)),
        None => done,
    })
}

/// An approver unticked the box.
pub fn access_removed(t: Lang, case: &UserText, effective: &Effective) -> Notice {
    Notice::done(t.notice_access_removed(case, effective.sentence(t)))
}

/// An approver unticked a box under which there was nothing to remove.
pub fn nothing_to_remove(t: Lang, case: &UserText) -> Notice {
    Notice::info(t.notice_nothing_to_remove(case))
}

/// An approver used the button and left the box empty.
pub fn not_ticked(t: Lang, case: &UserText) -> Notice {
    Notice::info(t.notice_not_ticked(case))
}

/// An approver ticked the box.
pub fn access_granted(t: Lang, case: &UserText, until: &Moment) -> Notice {
    Notice::done(t.notice_access_granted(case, until))
}

/// An approver extended access.
pub fn access_extended(t: Lang, case: &UserText, until: &Moment) -> Notice {
    Notice::done(t.notice_access_extended(case, until))
}

/// The act would have changed nothing, or next to nothing.
pub fn nothing_changed(t: Lang, case: &UserText, until: &Moment) -> Notice {
    Notice::info(t.notice_nothing_changed(case, until))
}

/// An approver ended a session; `unticked` when access was removed with it.
pub fn session_ended(
    t: Lang,
    agent: &UserText,
    case: &UserText,
    unticked: bool,
    effective: Option<&Effective>,
) -> Notice {
    let done = if unticked {
        t.notice_session_ended_unticked(agent, case)
    } else {
        t.notice_session_ended(agent, case)
    };
    since(t, done, effective)
}

/// A super admin blocked the org.
pub fn blocked(t: Lang, effective: Option<&Effective>) -> Notice {
    since(t, t.notice_blocked(), effective)
}

/// A super admin lifted the block.
pub fn block_lifted(t: Lang) -> Notice {
    Notice::done(t.notice_block_lifted()).with_detail(t.notice_block_lifted_detail())
}

/// An approver approved a self-assigned case.
pub fn self_assignment_approved(t: Lang, case: &UserText) -> Notice {
    Notice::done(t.notice_approved(case)).with_detail(t.notice_approved_detail())
}

/// An approver withdrew that approval.
pub fn self_assignment_withdrawn(
    t: Lang,
    case: &UserText,
    effective: Option<&Effective>,
) -> Notice {
    since(t, t.notice_approval_withdrawn(case), effective)
}

/// An agent asked.
pub fn access_requested(t: Lang, case: &UserText, subject: Option<&UserText>) -> Notice {
    let said = match subject {
        Some(subject) => t.notice_access_requested_as(case, subject),
        None => t.notice_access_requested(case),
    };
    Notice::done(said).with_detail(t.notice_pass_the_link_on())
}

/// An agent asked for more time.
pub fn more_time_requested(t: Lang, case: &UserText) -> Notice {
    Notice::done(t.notice_more_time_requested(case)).with_detail(t.notice_pass_the_link_on())
}

/// An agent took the request back.
pub fn request_withdrawn(t: Lang, case: &UserText) -> Notice {
    Notice::done(t.notice_request_withdrawn(case))
}

/// An agent ended a session of their own.
pub fn own_session_ended(t: Lang, case: &UserText, effective: Option<&Effective>) -> Notice {
    since(t, t.notice_own_session_ended(case), effective)
}

/// A case was opened.
pub fn case_opened(t: Lang, case: &UserText) -> Notice {
    Notice::done(t.notice_case_opened(case)).with_detail(t.notice_case_opened_detail())
}

/// A case was closed.
pub fn case_closed(t: Lang, case: &UserText, effective: Option<&Effective>) -> Notice {
    since(t, t.notice_case_closed(case), effective)
}

/// A case was reopened.
pub fn case_reopened(t: Lang, case: &UserText) -> Notice {
    Notice::done(t.notice_case_reopened(case)).with_detail(t.notice_case_reopened_detail())
}

/// A super admin changed the org's rules.
pub fn rules_saved(t: Lang) -> Notice {
    Notice::done(t.notice_rules_saved()).with_detail(t.notice_rules_saved_detail())
}

/// A super admin revoked a token of the directory.
pub fn token_revoked(t: Lang) -> Notice {
    Notice::done(t.notice_token_revoked()).with_detail(t.notice_token_revoked_detail())
}

/// The rules were so already.
pub fn rules_unchanged(t: Lang) -> Notice {
    Notice::info(t.notice_rules_unchanged())
}

/// Somebody else has changed the rules since the form was shown.
pub fn rules_stale(t: Lang) -> Notice {
    Notice::refused(t.notice_rules_stale()).with_detail(t.notice_rules_stale_detail())
}

/// The org was blocked, or the block lifted, since the form was shown.
pub fn block_stale(t: Lang) -> Notice {
    Notice::refused(t.notice_block_stale()).with_detail(t.notice_stale_detail())
}

/// An operator made an org.
pub fn org_made(t: Lang) -> Notice {
    Notice::done(t.notice_org_made()).with_detail(t.notice_org_made_detail())
}

/// An operator said where an org's product is.
pub fn product_set(t: Lang, effective: Option<&Effective>) -> Notice {
    since(t, t.notice_product_set(), effective)
}

/// An operator said which requests to an org's product read, which ended live access for so many cases.
pub fn routes_set(t: Lang, ended: usize, effective: Option<&Effective>) -> Notice {
    let said = match ended {
        0 => t.notice_routes_set(),
        ended => t.notice_routes_ended(ended),
    };
    since(t, said, effective)
}

/// Those requests read already.
pub fn routes_unchanged(t: Lang) -> Notice {
    Notice::info(t.notice_routes_unchanged())
}

/// An operator made somebody.
pub fn person_made(t: Lang) -> Notice {
    Notice::done(t.notice_person_made()).with_detail(t.notice_person_made_detail())
}

/// An operator gave somebody a role.
pub fn role_set(t: Lang, person: &UserText) -> Notice {
    Notice::done(t.notice_role_set(person))
}

/// A role was proposed in a claimed org.
pub fn role_proposed(t: Lang, person: &UserText) -> Notice {
    Notice::done(t.notice_role_proposed(person))
}

/// An operator lets somebody act.
pub fn activated(t: Lang, person: &UserText) -> Notice {
    Notice::done(t.notice_activated(person))
}

/// An operator lets somebody act no more.
pub fn deactivated(t: Lang, person: &UserText, effective: Option<&Effective>) -> Notice {
    since(t, t.notice_deactivated(person), effective)
}

/// Somebody else has said where the product is since the form was shown.
pub fn product_stale(t: Lang) -> Notice {
    Notice::refused(t.notice_product_stale()).with_detail(t.notice_product_stale_detail())
}

/// It is set which host names are an org's own.
pub fn hosts_set(t: Lang) -> Notice {
    Notice::done(t.notice_hosts_set())
}

/// Somebody else has set them since the form was shown.
pub fn hosts_stale(t: Lang) -> Notice {
    Notice::refused(t.notice_hosts_stale()).with_detail(t.notice_product_stale_detail())
}

/// The form was filled in on a page that no longer shows the present state.
/// `by_now` says where the case stands by now, or where to look.
pub fn stale(t: Lang, case: &UserText, by_now: Text) -> Notice {
    Notice::refused(t.notice_stale(case)).with_detail(by_now)
}

/// What goes through is no longer what the page showed.
pub fn stale_rules(t: Lang, case: &UserText, by_now: Text) -> Notice {
    Notice::refused(t.notice_stale_rules(case)).with_detail(by_now)
}
