# The lists of cases, a case as its agent sees it, and the form that opens one.

# Where access to a case stands, in a word or two.

access-not-requested = Not requested
access-waiting = Waiting for approval
access-live = Access granted
access-expired = Expired
access-revoked = Access removed
access-self-assignment-waiting = Self-assignment approval needed
access-blocked-by-customer = Blocked by customer
access-closed = Closed
# The same as an admin reads it.
access-none-asked = No access asked for
access-granted = Access granted
access-ends-soon = Ends soon
access-removed = Access removed
access-tick-again = Tick again
access-blocked = Blocked

# The lists.

cases = Cases
cases-of-admin-lead = Opening a case gives nobody access. Access needs a request from Support and your tick.
cases-open-one = Open a case
cases-none = No case yet.
cases-cut-off = Only { $most } cases are shown. There are more.
case-review = Review access
# Read out after "Review access" and the like.
for-case = for case { $case }
of-case = case { $case }
case-close = Close
case-reopen = Reopen
my-cases = My cases
my-cases-lead = Cases whose team you are on. Customers are not notified: pass on the link from the case.
my-cases-none = You are on no open case. Cases come from the case tracker.
my-cases-none-closed = You are on no closed case.
my-cases-open = Open
my-cases-closed = Closed
my-cases-live = You can look in now
my-cases-waiting = Waiting for the customer
my-cases-to-ask = No access asked for
my-cases-over = Access is over
# Over a group in which a case stands that has moved on since the page was opened.
my-cases-changed = { $group }, or changed
my-cases-look = Look in
case-live-until = until { $until }
case-open-now = { $count } open now
case-asked-at = asked { $at }

# The form that opens a case.

open-case = Open a case
open-case-lead = It gets a number. Nobody has access until Support asks and you tick the request.
open-case-title = Subject
open-case-title-hint = What is wrong, in one line.
open-case-title-missing = Write what is wrong, in one line.
open-case-submit = Open case
cancel = Cancel

# A case as its agent sees it.

case-access = Access
case-not-requested = You have no access. Ask, and pass the link on to the customer.
case-requested = Asked on { $at }. The customer has not ticked it yet, and is not notified: pass on the link below.
case-live = Read-only, until { $until } ({ $left }). Every request is logged for the customer.
case-live-but = Open until { $until } ({ $left }). Every request is logged for the customer.
case-expired-widened = Access expired on { $at }. The vendor lets through more since, so the customer can no longer extend it; they can grant it again with the link below.
case-expired = Access expired on { $at }. The customer can extend it or grant it again with the link below.
case-revoked = The access was taken away on { $at }. Ask again only with a reason the customer has not heard.
case-widened = The vendor lets through more than when the customer granted access, so access ended on { $at }. The request stands: pass on the link, and the customer reads what has changed and ticks again.
case-self-assignment-waiting = Support assigned this case to itself. Until the customer approves that, there is no access and nothing can be granted. You may ask already; pass on the link.
case-blocked = The customer has blocked all support access. You may ask; nothing can be granted until they lift the block.
case-closed = The case is closed, and a closed case gives no access. The customer or the case tracker can open it again.
case-open-session = Open read-only session
case-open-session-but = Open session
case-declared =
    { $count ->
        [one] Read-only but for { $count } kind of request that is declared harmless although it could change something.
       *[other] Read-only but for { $count } kinds of requests that are declared harmless although they could change something.
    }
case-cannot-open-pinned = The customer gave this access only to the agents who were on the case at that moment, and you joined later. Ask for access; the next tick includes you.
case-cannot-open-subject = The person to act as is no longer active there, so no session can be opened. Ask again and name somebody else.
case-cannot-open-product = Nobody has said yet where this customer’s product is, so no session can be opened. Ask whoever runs Countersign.
case-link = Link for the customer
case-link-copy = Copy
case-link-hint = It opens Settings > Account. It gives nothing by itself: whoever follows it has to sign in and be allowed to approve.
case-asked = { $who } asked on { $at }:
case-asked-as = { $who } asked on { $at }, to act as { $subject }:
case-more-time-asked = More time was asked for on { $at }. The customer sees that beside the request.
case-withdraw = Withdraw the request
ask-first = Ask for access
ask-change = Change the request
ask-more-time = Ask for more time
ask-again = Ask again
ask-why = Why do you need to look inside?
ask-why-hint = The customer reads this before deciding. 10 to 2,000 characters.
ask-why-wrong = Write at least 10 characters: the customer decides by this text.
ask-as = Act as
optional = optional
ask-as-hint = E-mail address of an active admin there. Left empty: whoever opened the case, or else whoever approves.
ask-as-unknown = That is no active admin of this organisation.
ask-as-no-address = This must be an e-mail address.
case-sessions = Your open sessions
# A session, by whom support acts as.
session-as = As { $subject }
session-times = Started { $started } · ends by { $ends } ({ $left })
session-go-back = Go back to it
session-end = End
case-itself = Case
case-opened-by = Opened by
case-team = Team
case-according-to-tracker = according to the case tracker
case-closing = Closing the case
case-close-open = Close case…
case-close-hint = Removes the access and ends every session at once. Only the customer or the case tracker can open the case again.
case-close-submit = Close case
case-close-live = Support has access for this case now. Closing the case removes it and ends every session at once; only you or your vendor can open the case again, and access then has to be granted anew.
case-close-and-end = Close case and remove access

# A message for the customer, to copy and send. Its recipient is an admin of the customer’s.

pass-on-message = Message for the customer
pass-on-copy = Copy message
pass-on-over = Nothing to pass on now. Where the case stands is said above.
pass-on-hello = Hello,
pass-on-request = To work on case { $case }, “{ $title }”, I would like to look inside { $org } and see what you see: { $how }, for a limited time, and every page I open is logged for you.
    .act = If you agree, open this link, read the request and tick “{ $tick }”:
    .end = Nobody can look in until you do, and you can untick it at any time.
pass-on-more-time = I am still working on case { $case }, “{ $title }”. My access to { $org }, { $how }, ends on { $until }, and I need more time.
    .act = If you agree, extend it here:
    .end = If you do nothing, it ends by itself.
pass-on-expired = My access to { $org } for case { $case }, “{ $title }”, { $how }, ended on { $until }, and the case is not solved yet.
    .act = If you agree that I look again, extend the access or grant it anew here:
    .end = Nobody can look in until you do.
pass-on-tick-again = Your access for Support to { $org } for case { $case }, “{ $title }”, ended on { $at }, because more requests go through now than when you granted it. I would like to go on: { $how }, for a limited time, and every page I open is logged for you.
pass-on-how = read-only
pass-on-how-but =
    { $count ->
        [one] read-only but for { $count } kind of request that we have declared harmless and that Settings > Rules for Support names
       *[other] read-only but for { $count } kinds of requests that we have declared harmless and that Settings > Rules for Support names
    }
pass-on-self-assigned = Support has opened case { $case }, “{ $title }”, itself and may not work on it without you.
    .act = If you agree, approve it here:
    .end = Approving gives nobody access. If we need to look inside, that is a request of its own on the same page.

# What an agent did on a case, for that agent.

looked = What you looked at
looked-link = What you looked at on this case
looked-lead = What you asked for, opened and were refused on this case, newest first. The customer sees the same.
looked-nothing = You have done nothing on this case yet.
