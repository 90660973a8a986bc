# What was done about support access, and reports on a case.

history = History
history-lead = Everything that was done about support access in { $org }, newest first: who asked, who said yes, what was looked at and what was refused.
history-words = Search
history-words-hint = Words, or the beginning of a path: /admin/users
history-agent = Agent
history-kind = What
history-kind-all = Everything, one by one
history-kind-further = What pages load besides
history-kind-refused = Refused requests
history-kind-access = Access: asked for, granted, extended, removed
history-kind-sessions = Sessions
history-kind-rest = Cases, people and settings
history-agent-any = Everybody
history-agent-choice = { $name } ({ $email })
history-days = Days
history-from = From
history-to = To, inclusive
history-zone = Days are as they are in { $zone }.
history-days-today = Today
history-days-week = Last 7 days
history-days-month = Last 30 days
history-days-all = Any day
history-kind-telling = Pages, refusals and what happened to access
history-kind-pages = Pages
history-kind-requests = Every request
history-kind-declared = Requests declared harmless
history-one-session = Only what was done in one session.
history-one-session-of = Only what was done in one session of { $who }, for case { $case }.
history-one-page-of = Only the further requests that stood with one entry, in a session of { $who } for case { $case }.
history-every-session = Show every session
history-days-backwards = The last day is before the first.
history-no-kind = There is no such choice under “What”.
history-no-session = There is no such session here.
history-no-place = The address of this page says no place in the history. Search again to begin with the newest.
history-no-order = This page has the newest first, and no other order. The API has both.
history-twice = A part of the filter is given twice. Search again with each once.
history-further =
    { $count ->
        [one] and { $count } further request
       *[other] and { $count } further requests
    }
history-further-of =
    { $count ->
        [one] { $count } further request of { $who }, for a page among the older entries
       *[other] { $count } further requests of { $who }, for a page among the older entries
    }
history-search = Search
history-all = Clear the filter
history-found = What was found
history-nothing-found = Nothing was found. Try fewer words, or other days.
history-nothing-yet = Nothing has been done yet.
history-no-case = There is no such case here.
history-no-agent = No such agent appears in this history.
history-no-day = A day must be a date, such as 2025-11-23.
history-no-words = Search for up to 8 words, or for a path that begins with “/”.
history-files = Download everything that was found:
history-files-csv = CSV
history-files-jsonl = JSON Lines
history-pages = More of the history
history-newest = Newest
history-older = Older
history-report-of = Report on case
history-who-as = { $who } as { $subject }

result-refused = Refused
result-open = Still open
result-unknown = Outcome unknown
result-seen = Seen ({ $status })
result-complete = Seen
result-answered = Answered ({ $status })
result-answered-whole = Answered
result-cut = Cut off
result-not-sent = Not sent
result-client-gone = Closed by the agent
result-upstream-failed = The product did not answer

report-title = Report on case { $case }
report-print = Print
report-summary = Summary
report-sent = Sent, declared harmless by the vendor
report-pages = Pages opened
report-further = Further requests, such as images and scripts
report-by-page = Each page stands with the number of further requests that followed it.
report-every-instead = Show every request
report-every = Every request stands for itself.
report-by-page-instead = Show pages with a number
request-counts = Pages: { $pages } (further requests: { $further }) · refused: { $refused }
request-counts-sent = Pages: { $pages } (further requests: { $further }) · sent, declared harmless by the vendor: { $sent } · refused: { $refused }
report-refused = Refused
report-made = Report made
report-acts = What was done
sessions-held = Sessions
report-no-session = There was no session.
report-session-times = { $since } to { $ended }
report-session-since = Since { $since }
report-requests = What was looked at and refused
report-no-request = Nothing was looked at.
report-part = Part { $number } of { $parts }
report-parts = Parts of the report
report-range = { $from } to { $to } of { $all }
report-in-parts = It is printed in parts of at most 1,000 rows of each kind; the counts above are of the whole report.
report-log = Where this stands on the log
report-log-of = Log of
report-log-range = Entries
report-log-at = Last entry made
report-log-hash = Leaf hash of the last entry
report-how = To check: fetch the entries from <code>/api/v1/orgs/{ $slug }/entries</code> with a token of yours. The leaf hash is the SHA-256 of a zero byte followed by the entry’s canonical encoding (RFC 6962). If an entry in this range is missing, or the hash differs, this report and the log do not agree.

# What somebody did; their address stands before it.

did-extended = extended access by a day
did-granted = granted access
did-more-time = asked for more time
did-period-opened = extended access that had expired
did-request-withdrawn = withdrew the request for access
did-requested = asked for access
did-revoked = removed access
did-admin-created = created an admin
did-admin-changed = changed an admin’s details
did-admin-removed = removed an admin for good
did-admin-vouched-for = vouched for an admin
did-admin-deactivated = deactivated an admin
did-admin-reactivated = reactivated an admin
did-admin-role = changed an admin’s role
did-admin-accepted = accepted an admin
did-admin-refused = refused an admin
did-role-proposed = proposed a role for an admin
did-role-accepted = accepted a role for an admin
did-role-refused = refused a role for an admin
did-agent-created = created an agent
did-agent-changed = changed an agent’s details
did-agent-removed = removed an agent for good
did-agent-deactivated = deactivated an agent
did-agent-reactivated = reactivated an agent
did-case-closed = closed the case
did-case-opened = opened the case
did-case-reopened = reopened the case
did-team-joined = put an agent on the case
did-team-left = took an agent off the case
did-credential-minted = made a credential
did-credential-revoked = revoked a credential
did-credential-accepted = accepted a credential
did-credential-refused = refused a credential
did-client-created = made a service client
did-client-key-added = gave a service client a key
did-client-key-removed = took a key from a service client
did-client-removed = removed a service client
did-client-accepted = accepted a service client
did-client-refused = refused a service client
did-passkey-registered = added a passkey
did-passkey-removed = removed a passkey
did-issuer-accepted = accepted an OpenID provider
did-issuer-added = added an OpenID provider
did-issuer-removed = removed an OpenID provider
did-issuer-secret = changed the secret of an OpenID provider
operator-who = { $who } (operator)
did-openid-bound = signed in by an OpenID provider for the first time
did-openid-unbound = unlinked somebody from an OpenID provider
did-blocked = blocked all support access
did-org-created = created the organisation
did-org-claimed = claimed the organisation
did-hosts-set = set the host names of the organisation
did-settings-changed = changed the rules for Support
did-unblocked = lifted the block
did-rules-set = set which requests to the product are reads
did-upstream-set = set where the product is, and which requests to it are reads
did-outcome = outcome of a request
did-request = looked at
did-declared = sent a request that the vendor declared harmless
did-request-refused = tried, and was refused
did-request-left-open = had a page left open, it seems, which asked again and was refused
did-self-approved = approved the self-assigned case
did-self-requested = took the case on, self-assigned
did-self-requested-for = made the self-assigned case wait for approval
did-self-withdrawn = withdrew the approval of the self-assigned case
did-session-ended = ended a session
did-session-entered = entered a session
did-link-opened = opened a session’s link
did-session-started = started a session

# Whom or what an act was about; it stands under what was done.

did-about-role = { $who }: { $role }
did-about-credential = credential
did-about-kind = { $kind } of { $who }
did-about-named = { $kind } “{ $name }” of { $who }
did-about-as = as { $who }
did-about-opened = “{ $title }”, for { $who }
did-about-session = session of { $who }
did-from = from { $address }
did-from-with = from { $address }, with { $program }
did-about-and = { $first }, { $next }
did-about-rule = It could change something. By the vendor’s rule <code>{ $rule }</code> it counts as a read.
did-about-no-rule = It could change something. By a rule of the vendor’s it counts as a read.
did-about-widened = The vendor let through requests that were refused when this was granted, and access ended until the customer ticks again.
did-about-until = Until { $until }: { $whose }
did-about-access =
    { $agents ->
        [one] { $who }, to act as { $subject }
       *[other] { $who }, to act as { $subject }
    }
    .later =
        { $agents ->
            [one] { $who }, to act as { $subject }. Whoever is put on the case later can look in too.
           *[other] { $who }, to act as { $subject }. Whoever is put on the case later can look in too.
        }
