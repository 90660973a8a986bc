# Settings > Account.

account = Account
account-lead = Your organisation, and who outside it may look in.
account-organisation = Organisation
account-name = Name
account-slug = Short name
account-you = You
account-role = Your role
account-zone = Times shown in
role-super-admin = Super admin
role-admin = Admin
account-cut-off = Only the first { $most } open cases were looked at. There are more: close what is done, or use the API for the rest.

support-access = Give access to Support
support-access-lead = Support can look inside { $org } only after you say yes: for one case, { $how }, for a limited time.
support-access-lead-open = Support can look inside { $org } only after you say yes: for one case, { $how }, for a limited time. Leaving a box empty gives no access, for as long as it is empty.
support-edit = Edit
support-edit-what = access for Support
done = Done
support-is-blocked = <strong>All support access is blocked</strong> since { $at }, by { $who }. Requests are kept; none can be granted.
support-is-blocked-open = <strong>All support access is blocked</strong> since { $at }, by { $who }. Requests are kept; none can be granted, extended or approved.
support-unblock = Lift the block

# What the closed section says.

summary-none-waiting = No request waits for approval
summary-waiting =
    { $count ->
        [one] { $count } request waits for approval
       *[other] { $count } requests wait for approval
    }
summary-self-assigned-waiting =
    { $count ->
        [one] { $count } self-assigned case waits for approval
       *[other] { $count } self-assigned cases wait for approval
    }
summary-live =
    { $agents ->
        [one] <strong>{ $who }</strong> has access for case { $case } until { $until } ({ $left })
       *[other] <strong>{ $who }</strong> have access for case { $case } until { $until } ({ $left })
    }
summary-live-how = What goes through: { $how }.
summary-widened =
    { $count ->
        [one] Access for { $count } case ended: your vendor let through requests that were refused when you granted it. Tick again if you agree
       *[other] Access for { $count } cases ended: your vendor let through requests that were refused when you granted it. Tick again if you agree
    }
summary-none-live = Nobody from Support has access now
summary-no-session = No session is running
summary-sessions =
    { $count ->
        [one] { $count } session running now
       *[other] { $count } sessions running now
    }

# Requests for impersonation.

requests = Impersonation for support cases
requests-none = No open case has a request. When Support asks, the request appears here; nobody is notified by themselves.
request-asked = { $who } asked on { $at }, because:
request-acts-as = Acts as
request-you = you
request-nobody-to-act-as = No active admin to act as
request-has-access = Who has access
request-would-get-access = Who would get access
request-no-agent = No agent is on this case
request-opened-by = Case opened by
request-according-to-vendor = according to the vendor
flag-more-time = <strong>More time wanted.</strong> { $who } asked on { $at }:
flag-granted-before = Access was granted before, by { $who }, and ran out on { $at }.
    .both = Tick to grant it afresh, or extend it.
flag-joined = <strong>Joined the case after access was granted,</strong> and can look in too:
flag-requester-left = { $who }, who asked, is no longer on this case and has no access. The request stays, for the agents named above.
flag-approver-gone = { $who }, who granted this, may no longer approve it. Access goes on until it ends or you remove it.
flag-approver-gone-not-you = { $who }, who granted this, may no longer approve it. Access goes on until it ends or somebody removes it who may.
flag-name-in-disguise = <strong>Look twice at this name.</strong> { $who } is support personnel; the name holds letters that look like others, or characters that cannot be seen. They are shown here by their numbers. Go by the e-mail address.
flag-named-like-admin = <strong>Not your colleague.</strong> { $agent } is support personnel with a name like that of { $admin } in your organisation. Go by the e-mail address.
grant-box = Grant impersonation
grant-submit = Grant access
grant-remove = Remove access
# Who can look: one agent or several.
say-live = { $who } can look inside { $org } as { $subject }, { $how }.
say-live-nobody = { $who } can look inside { $org }, { $how }.
say-clear = Clear the box to remove access everywhere at once.
say-how-long = { $how }, for { $length }: until { $until }
say-how-long-again = { $how }, for 24 h: until { $until }
say-tick-as-you = If you tick this, { $who } can look inside { $org } as { $subject } and see what you see, { $how }. Every page they open is logged.
say-tick-as-other = If you tick this, { $who } can look inside { $org } as { $subject } and see what that person sees, { $how }. Every page they open is logged.
say-again-as-you = This access has ended. If you extend it, { $who } can look inside { $org } as { $subject } again and see what you see, { $how }. Every page they open is logged.
say-again-as-other = This access has ended. If you extend it, { $who } can look inside { $org } as { $subject } again and see what that person sees, { $how }. Every page they open is logged.
say-at-once = Ticking takes effect at once.
ends-expiration = Expiration
ends-not-granted = Not granted
ends-expires = Expires
ends-expired = Expired
ends-removed = Access removed
ends-granted-by = Granted by { $who } on { $at }
ends-expired-by = { $age } · granted by { $who }
ends-removed-by = by { $who }
ends-removed-by-block = { $who } blocked all support access
ends-removed-block = All support access was blocked
ends-removed-by-withdrawal = { $who } withdrew the approval of the case
ends-removed-withdrawal = The approval of the case was withdrawn
ends-removed-self-assigned = The agent who opened the case was put on it; that needs your approval first
ends-removed-closed = The case was closed
ends-removed-history-lost = The database lost part of the history and whether access had been removed was not certain; it ended to be safe
ends-removed-widened = Your vendor now lets through requests that were refused when this was granted. Access ended; tick again if you agree.
ends-removed-widened-back = Your vendor let through requests that were refused when this was granted, and has taken that back since. Access ended; tick again if you agree.
ends-removed-by-rules = Your vendor let more through
ends-widened-what = What changed since:
extend = Extend access by 1 day
extend-until = 24 h from your click: until { $until }
extend-again = Give access again
extend-already = Already extended: access runs for a full day from now. Days do not add up.
extend-off = Extending is switched off for your organisation.
    .after = After the end, tick again.
extend-widened = It can no longer be extended, because your vendor lets through more than when this was granted. Tick the box to grant it again.
extend-not-now = Not possible now, for the reason above.
extend-no-agent = Not possible now: no support agent is on this case.

# Why the box cannot be changed.

cannot-no-agent = Cannot be granted: no support agent is on this case, so nobody could use the access. Ask Support to assign someone.
cannot-self-assigned = Cannot be granted yet: Support assigned this case to itself. Approve it first, under “Support access for self-assigned cases”.
cannot-blocked = Cannot be granted: all support access is blocked. A super admin can lift the block.
cannot-no-subject = Cannot be granted: the admin to act as is no longer active here. Ask Support to request again with another admin.
cannot-super-admins-only = Cannot be granted by you: your organisation lets only super admins approve.
cannot-not-attested = Cannot be granted by you: that you opened the case is known from the vendor’s records only, and your organisation wants more than that. Ask a super admin.
cannot-not-approver = Cannot be granted by you: only a super admin or the admin who opened the case can approve.
cannot-remove-super-admins-only = Only a super admin can change or remove this access.
cannot-remove-not-approver = Only a super admin or the admin who opened the case can change or remove this access.
cannot-change-now = This cannot be changed now. Reload the page.

# Self-assigned cases.

self-assigned = Support access for self-assigned cases
self-assigned-lead = Support opened these cases and assigned them to itself. Your approval lets Support work on the case. It gives no impersonation: that needs its own tick above.
self-assigned-none = No self-assigned case is open.
self-assigned-row = { $who } opened this case and is on it, since { $at }
self-assigned-row-left = { $who } opened this case and is no longer on it
self-assigned-approved-by = Approved by { $who } on { $at }
self-assigned-approve = Approve
self-assigned-approved = Approved
self-assigned-withdraw = Withdraw approval
self-assigned-not-while-blocked = Not possible while all support access is blocked.
self-assigned-not-yours = Only a super admin, or the admin who entered the case, can approve it.

# Sessions.

sessions = Sessions running now
sessions-none = No session is running.
session-row = Case { $case }, as { $subject } · { $activity }
session-row-times = Started { $started } · ends by { $ends }
session-last-request = last request { $ago }
session-no-request = no request yet
session-end-now = End now
session-end-and-untick = End and untick
# Read out after "End now".
session-whose = : { $agent }, case { $case }

# Credentials.

credentials = Credentials made for this organisation
credentials-none = None.
credentials-table = Credentials
credential-for = For
credential-kind = Kind
credential-made-by = Made by
credential-made = Made
credential-expires = Expires
credential-state = State
credential-never = Never
credential-api-token = API token
credential-scim-token = SCIM token
credential-sign-in-link = One-time sign-in link
credential-passkey = Passkey
credential-openid = Single sign-on
credential-active = Active
credential-used = Used
credential-expired = Expired
credential-revoked = Revoked
credential-by-operator = the operator
credential-by-admin = another admin
credential-by-support = Support

# The block.

block = Block all support access
block-open = Block everything at once…
block-hint = Ends every running session, removes every access that was granted, and refuses new approvals until a super admin lifts the block. Lifting it restores nothing.
block-submit = Block all support access
