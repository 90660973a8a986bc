# What an act came to, said at the top of the page that follows it.

# How something taken away became effective. An act's notice goes before it; $took is one of the next two.
effective =
    { $servers ->
        [one] Effective everywhere since { $since }: the server confirmed it { $took }.
       *[other] Effective everywhere since { $since }: all { $servers } servers confirmed it { $took }.
    }
effective-at-once = within a second
effective-after =
    { $seconds ->
        [one] after { $seconds } second
       *[other] after { $seconds } seconds
    }
effective-already = Effective everywhere since { $since } at the latest.
effective-lapsed =
    { $lapsed ->
        [one] { $lapsed } more server gave no answer and has shut itself off.
       *[other] { $lapsed } more servers gave no answer and have shut themselves off.
    }
effective-all-lapsed =
    { $lapsed ->
        [one] Effective everywhere since { $since }: the only server gave no answer and shut itself off { $took }.
       *[other] Effective everywhere since { $since }: none of the { $lapsed } servers answered, and they shut themselves off { $took }.
    }

notice-access-granted = Access granted for case { $case } until { $until }.
notice-access-extended = Access for case { $case } extended until { $until }.
notice-nothing-changed = Nothing changed for case { $case }: access already runs until { $until }.
notice-access-removed = Access removed for case { $case }. { $effective }
notice-nothing-to-remove = Case { $case } has no access to remove.
notice-not-ticked = Nothing changed for case { $case }: the box was not ticked.
notice-session-ended = Session of { $agent } for case { $case } ended.
notice-session-ended-unticked = Session of { $agent } for case { $case } ended and access removed.
notice-blocked = All support access is blocked.
notice-block-lifted = The block is lifted.
    .detail = Nothing was restored: access that the block removed has to be granted again.
notice-approved = Support may work on case { $case }.
    .detail = This gives no access by itself. Impersonation still needs its own tick.
notice-approval-withdrawn = Approval for case { $case } withdrawn.
notice-access-requested = Access requested for case { $case }.
notice-access-requested-as = Access requested for case { $case }, to act as { $subject }.
notice-more-time-requested = More time asked for, for case { $case }.
notice-pass-the-link-on = The customer is not notified: pass the link on.
notice-request-withdrawn = Request for case { $case } withdrawn.
notice-own-session-ended = Your session for case { $case } ended.
notice-case-opened = Case { $case } opened.
    .detail = Nobody has access until Support asks and you tick the request.
notice-case-closed = Case { $case } closed: it gives no access.
notice-case-reopened = Case { $case } reopened.
    .detail = It starts afresh: access needs a new request and a new tick.
notice-rules-saved = The rules for Support are saved.
    .detail = Access that is granted now runs on as it is: same end, same agents. The next click follows the new rules.
notice-token-revoked = The token is revoked.
notice-token-revoked-detail = It opens nothing from now on. If your directory used it, give it another.
notice-rules-unchanged = Nothing changed: the rules for Support are so already.
notice-rules-stale = Someone has changed these rules since you opened this page, so nothing was saved.
    .detail = Below is what is set now, and who set it. Look again, then decide.
notice-block-stale = The block has changed since you opened this page, so nothing was done.
# Where a case stands by now.
now-requested = Case { $case }: { $who } asks for access.
now-live = Case { $case }: { $who } granted access until { $until }.
now-joined =
    { $agents ->
        [one] Case { $case }: { $who } joined after access was granted, and can look in too until { $until }.
       *[other] Case { $case }: { $who } joined after access was granted, and can look in too until { $until }.
    }
now-more-time = Case { $case }: { $who } asks for more time.
now-expired = Case { $case }: access expired on { $at }.
now-removed = Case { $case }: access was removed on { $at }.
now-widened = Case { $case }: your vendor let through more than before, so access ended on { $at }. Tick again if you agree.
now-customer-ticks-again = Case { $case }: the vendor lets through more than before, so access ended on { $at }. The customer has to tick again.
now-gone = The case is no longer on this page: it was closed, or its request was withdrawn.
now-closed-by = Case { $case }: { $who } closed it.
now-closed-by-vendor = Case { $case }: your vendor closed it.
now-withdrawn-by = Case { $case }: { $who } withdrew the request.
now-nothing-asked = Case { $case }: no access is asked for.
now-self-assigned = Case { $case }: Support assigned it to itself, and the customer has yet to approve that.
now-blocked = Case { $case }: the customer has blocked all support access.
now-closed = Case { $case }: it was closed.
now-not-mine = The case is no longer on this page: it was closed, or you are no longer on its team.
now-off-team = You are no longer on the team of this case.
notice-stale-rules = Case { $case }: your vendor changed what goes through since you opened this page, so nothing was done.
notice-stale = Case { $case } has changed since you opened this page, so nothing was done.
    .detail = Below is what is true now. Look again, then decide.
notice-request-not-made = The request was not made. See below.
# Two sentences, one after the other.
sentences = { $first } { $second }
