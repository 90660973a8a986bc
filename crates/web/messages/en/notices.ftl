# What an act came to, said at the top of the page that follows it.

# How something taken away became effective. An act's notice goes before it.
effective = Effective everywhere since { $since } ({ $servers } confirmed, { $ms } ms).
effective-lapsed = Effective everywhere since { $since } ({ $servers } confirmed, { $lapsed } gone silent and stopped, { $ms } ms).
servers =
    { $count ->
        [one] { $count } server
       *[other] { $count } servers
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
notice-more-time-requested = More time asked for, for case { $case }.
notice-pass-the-link-on = The customer is not notified: pass the link on.
notice-request-withdrawn = Request for case { $case } withdrawn.
notice-own-session-ended = Your session for case { $case } ended.
notice-case-opened = Case { $case } opened.
    .detail = Nobody has access until Support asks and you tick the request.
notice-case-closed = Case { $case } closed: it gives no access.
notice-case-reopened = Case { $case } reopened.
    .detail = It starts afresh: access needs a new request and a new tick.
notice-stale = Case { $case } has changed since you opened this page, so nothing was done.
    .detail = Below is what is true now. Look again, then decide.
notice-request-not-made = The request was not made. See below.
# Two sentences, one after the other.
sentences = { $first } { $second }
