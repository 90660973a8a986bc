# Why the gateway refuses a request.

gateway-no-session = There is no session at this address
    .why = The session has ended, or there never was one here.
    .next = Start a new session from the case in Countersign, if access is still granted.
gateway-not-entered = This session is not open here
    .why = The request carries neither this session's cookie nor its token, or the wrong one.
    .next = Open the session's link in the browser in which you are signed in to Countersign, or send the session's token as Countersign-Session.
gateway-over = This session is over
    .why = The customer took access back, or the session was ended, was idle for too long, or its time is up.
    .next = Start a new session from the case in Countersign, if access is still granted.
gateway-not-live = Access to this case is not granted now
    .why = The customer has ended access, or its time is up.
    .next = Ask the customer for access from the case in Countersign.
gateway-write = Support can look, not change
    .why = This request would change something, and the access that the customer has granted does not cover it. Nothing was sent to the product.
    .next = Ask the customer to make this change. Go back in your browser to where you were: what you typed is still there.
gateway-not-declared = Nobody has declared that this only reads
    .why = Of this product, support sees what its operator has declared to be a read, and this is not among it.
    .next = Look for another page that shows the same, or ask the operator of Countersign to declare this one.
gateway-unknown-effect = It is not known that this only reads
    .why = Only requests that are known to be reads pass, and this one is not. Nothing was sent to the product.
    .next = Go back, and look for another page that shows the same, or ask the customer.
gateway-overridden = The request asks for two methods
    .why = A header or parameter overrides the method of the request line, so it could change something.
    .next = Send the request without the override.
gateway-duplicate-credentials = The request is ambiguous
    .why = A session cookie or token comes more than once.
    .next = Send each once. In a browser, clear the cookies of this address and open the session anew.
gateway-bad-authority = The request is ambiguous
    .why = The Host header is missing, comes more than once, or differs from the address in the request line.
    .next = Send one Host header, with the session's address.
gateway-listed-in-connection = The request is ambiguous
    .why = The Connection header asks to remove a header that matters.
    .next = Send the request without that.
gateway-from-elsewhere = Another page sent this request
    .why = Requests under a session come from the session's own pages; only a link may lead here from elsewhere.
    .next = Open the page from within the session.
gateway-service-worker = Service workers are not available here
    .why = A service worker would go on answering after the session has ended.
    .next = Nothing to do; the page works without.
gateway-cannot-be-sure = It is not certain that access is live
    .why = The gateway cannot reach its log or is catching up, and refuses whatever it cannot be sure of.
    .next = Try again in a moment.
gateway-end-unknown = It is not certain that the session has ended
    .why = The gateway could not see it end everywhere. It may have ended already, or may still run.
    .next = Go back and press End session again in a moment.
gateway-no-upstream = There is no product behind this session
    .why = The operator has not said where this customer's product is.
    .next = Ask the operator of Countersign to set the upstream.
gateway-upstream-failed = The product did not answer
    .why = It could not be reached, or broke off before it answered.
    .next = Try again in a moment; if it stays like this, tell the product's operator.
gateway-upstream-slow = The product took too long
    .why = It did not begin to answer in time.
    .next = Try again in a moment; if it stays like this, tell the product's operator.
gateway-upstream-untrusted = The product could not prove that it is the product
    .why = Its certificate is not one that Countersign trusts, so nothing was sent to it.
    .next = Tell the operator of Countersign: the certificate, or the CA that is trusted for products, has to be put right.
gateway-body-incomplete = The request did not arrive whole
    .why = Its body broke off or took too long to arrive, so the product has not got all of it.
    .next = Send the request again.
gateway-no-room = Too many bodies at once
    .why = The bodies of so many requests are being looked into that there is no room for this one, and nothing of it was sent to the product.
    .next = Try again in a moment, and send fewer at once.
gateway-too-many-requests = Too many requests at once
    .why = As many requests of this session are under way as may be at a time.
    .next = Wait until some are done, and send fewer at once.
gateway-misdirected = This connection belongs to another session
    .why = A connection over HTTP/2, or one made for another name, serves the session it was made for only.
    .next = Send the request on a connection of its own; a browser does so by itself.
gateway-leads-to-us = The product redirects to Countersign
    .why = A product may not send a browser in a session to Countersign's own pages or to other sessions.
    .next = Tell the product's operator.
gateway-not-found = There is no such page
    .why = This address is reserved for the gateway, and there is nothing here.
    .next = Go to the start page of the session.
gateway-bad-link = This link is not complete
    .why = Part of the address is missing or damaged.
    .next = Open the session anew from the case in Countersign.
gateway-other-browser = This browser did not open the link
    .why = A session is entered in the browser in which its link was opened.
    .next = Open the session anew from the case in Countersign.
gateway-ambiguous = The request is ambiguous
    .why = Servers could read it differently: { $reason }.
    .next = Send it in a plain form. A page that needs this form cannot be shown to support.
gateway-unknown-body = It is not known that this only reads
    .why = Only requests that are known to be reads pass. Of this one, { $reason }.
    .next = Go back, and look for another page that shows the same, or ask the customer.

# Why a session gives no access any more, for whoever was in it.

over-ask-again = If you still need to look inside, ask again from the case and pass the link on to the customer.
over-start-again = Start a new session from the case, while access is still granted.
over-by-agent = You have ended this session
    .why = You ended it here or in another tab.
over-by-approver = The customer has ended this session
    .why = An admin of the customer ended it.
    .next = Access itself may still be granted. Ask the customer before you start another session from the case.
over-revoked = The customer has taken access back
    .why = An admin of the customer removed the approval for this case.
over-expired = Access has expired
    .why = The time the customer granted is up.
over-case-closed = The case has been closed
    .why = Access is for open cases only.
    .next = If there is more to do, have the case reopened and ask again.
over-left-team = You are no longer on this case
    .why = Access is for the agents on the case's team, and you have been taken off it.
    .next = Ask whoever runs the case if you need to be on it again.
over-agent-deactivated = Your account has been deactivated
    .why = Deactivated accounts have no access.
    .next = Ask the operator of Countersign.
over-agent-signed-out = You have signed out
    .why = You have signed out at your company’s sign-in, or it no longer says that you are one of the support staff. That ends every session.
    .next = Sign in again and open the case.
over-subject-deactivated = The person you looked as is no longer active
    .why = Access was granted as that person, and their account has been deactivated.
    .next = Ask again from the case, as somebody else.
over-blocked = The customer has blocked all support access
    .why = A super admin of the customer has done so for all cases.
    .next = Only the customer can lift that. Contact them outside of Countersign.
over-upstream-changed = The customer's product is set up anew
    .why = The operator has changed where it is or which requests to it are reads, which ends sessions there.
over-rules-widened = The customer has to tick again
    .why = The vendor now lets through requests that were refused when the customer granted access. The customer has not agreed to those, so access has ended.
    .next = The request stands. Pass its link on once more: the customer reads what has changed, and ticks again.
over-too-long = This session has reached its limit
    .why = A session lasts a limited time, however long access is granted.
over-idle = This session has ended without activity
    .why = Nothing was opened under it for too long.
over-unknown = This session is over
    .why = The customer took access back, or the session was ended, was idle for too long, or its time is up.
    .next = Look at the case to see whether access is still granted.

# The pages about a session.

session-page = Your support session
session-page-lead = You look at what the customer sees. Everything you open is on the customer's log.
session-page-customer = Customer
session-page-case = Case
session-page-as = Looking as
session-page-how = What goes through
session-page-agent = Support
session-page-ends = Ends
session-page-idle = Ends if idle
session-page-idle-hint = { $left }; each page you open starts that anew
session-page-end = End session
session-page-product = Back to the product
session-ended = Session ended
session-ended-lead = Nothing more can be opened under it, here or elsewhere, and pages still open show nothing new. What this browser kept of the customer's product has been deleted.
session-ended-next = Close this tab. While the customer's approval lasts, you can open another session from the case.

# The banner over the product's pages.

banner-name = Countersign support session
banner-read-only = Read-only
banner-read-only-but = Read-only, with exceptions
banner-declared =
    { $count ->
        [one] { $count } kind of request that could change something is declared harmless, and goes through
       *[other] { $count } kinds of requests that could change something are declared harmless, and go through
    }
# Read out before the customer's name.
banner-session-in = Support session in
banner-case = Case
banner-case-title = Case { $number }: { $title }
banner-as = as
banner-until = until
banner-details = Details
banner-end = End session
banner-hide = Hide
banner-show = Show session
banner-time-is-up = time is up
banner-unreachable = cannot reach the gateway, trying again
banner-idle-left = { $left } without activity
banner-ends-in =
    { $minutes ->
        [one] Support access ends in { $minutes } minute.
       *[other] Support access ends in { $minutes } minutes.
    }
banner-idle-ends-in =
    { $minutes ->
        [one] The support session ends without activity in { $minutes } minute.
       *[other] The support session ends without activity in { $minutes } minutes.
    }
banner-over = This session is over
    .why = It was ended in another tab, or access was taken back or has expired.
    .next = Look at the case to see whether access is still granted. If it is, start a new session there.
