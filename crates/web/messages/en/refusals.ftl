# Why a rule refuses: what happened, why, and what to do next. The code of each is the domain's.

refusal-impersonation-cannot-act = An impersonation cannot do this
    .why = You are looking at this as someone else, and an impersonation can approve, change or start nothing.
    .next = End the impersonation session and sign in as yourself.
refusal-caller-inactive = Your account is deactivated
    .why = Your account has been deactivated, so it can do nothing here.
    .next = Ask whoever administers accounts to reactivate it.
refusal-org-not-found = No such org
    .why = There is no such org, or it is not yours to see.
    .next = Check its short name, or sign in with an account that belongs to it.
refusal-case-not-found = No such case
    .why = There is no such case, or it is not yours to see.
    .next = Check the number, and if you are an agent, ask to be put on the case's team.
refusal-session-not-found = No such session
    .why = There is no such session, or it is not yours to see.
    .next = Check the id, or look at the case it belongs to.
refusal-person-not-found = No such person
    .why = There is no such person, or they are not yours to see.
    .next = Check the e-mail address.
refusal-only-operators = For operators only
    .why = Only an operator of this deployment may do this.
    .next = Ask the vendor's platform team.
refusal-only-directories = For directories only
    .why = Only the directory that provisions these people may do this.
    .next = Make the change in that directory.
refusal-only-super-admins = For super admins only
    .why = Only a super admin of the org may do this.
    .next = Ask one of your org's super admins.
refusal-only-approvers = For approvers of the case only
    .why = Only an approver may do this, that is a super admin of the org or the admin who opened the case.
    .next = Ask one of them.
refusal-only-super-admins-approve-here = Only super admins approve here
    .why = You opened this case, but your org lets only super admins approve support access.
    .next = Ask one of your org's super admins.
refusal-opener-not-attested = The opener of this case cannot approve
    .why = That you opened this case is known from the vendor's records only, and your org wants more than that from approvers.
    .next = Ask one of your org's super admins.
refusal-only-team-agents = For agents on the case only
    .why = Only a support agent on the case's team may do this.
    .next = Sign in as one, or ask an agent on the team.
refusal-only-requester = For the agent who asked only
    .why = Only the agent who asked for access may withdraw the request.
    .next = Ask them, or ask for access yourself, which replaces their request.
refusal-only-session-parties = Not yours to end
    .why = Only the agent whose session it is, or an approver of the case, may end it.
    .next = Ask one of them.
refusal-pinned-to-earlier-team = Access is for the earlier team
    .why = The customer granted access to the agents who were on the case at that time, and you joined later.
    .next = Ask the customer to untick and tick again, or let an earlier agent look.
refusal-not-yours-to-close = Not yours to close
    .why = Only an operator, an approver or an agent on the team may close this case.
    .next = Ask one of them.
refusal-not-yours-to-reopen = Not yours to reopen
    .why = Only an operator or an approver may reopen this case; agents cannot.
    .next = Ask the customer, or open the case again in the case tracker.
refusal-not-yours-to-open = Not yours to open
    .why = You can open a case in your own name only.
    .next = Leave out who opened it, or let the case tracker open it.
refusal-team-is-for-operators = Teams are set by operators
    .why = Who works on a case is set by the vendor's case tracker.
    .next = Leave the team out, or have it changed there.
refusal-number-is-for-operators = Case numbers are chosen by operators
    .why = The case tracker chooses case numbers.
    .next = Leave the number out, and the case is given one.
refusal-not-yours-to-mint = Not yours to make
    .why = A sign-in link or token can be made by its owner or by an operator only.
    .next = Ask one of them.
refusal-case-closed = The case is closed
    .why = The case is closed, and a closed case gives no access.
    .next = Reopen it first, which needs an approver or an operator.
refusal-nothing-requested = Nobody has asked for access
    .why = No agent has asked for access since the case was opened, so there is nothing to grant or withdraw.
    .next = The agent asks first.
refusal-request-already-granted = The request has been granted
    .why = The customer has already granted this request, so it cannot be withdrawn.
    .next = End your sessions, or ask the customer to untick.
refusal-self-assignment-not-approved = The self-assigned case is not approved
    .why = An agent opened this case for themselves, so it gives no access until the customer approves the case itself.
    .next = An approver approves the self-assigned case first.
refusal-not-self-assigned = The case is not self-assigned
    .why = This case was not opened by an agent for themselves, so there is no self-assignment to approve.
    .next = Nothing needs to be done.
refusal-support-blocked = All support access is blocked
    .why = A super admin has blocked all support access to the org.
    .next = It stays blocked until one of its super admins lifts the block.
refusal-no-agent-on-team = No agent is on the case
    .why = No active agent is on the case, so nobody could use the access.
    .next = Grant it when the vendor has put an agent on the case.
refusal-nothing-to-extend = There is no grant to extend
    .why = Access was never granted, has been revoked, or was granted before the vendor let more through, so there is nothing to extend.
    .next = Tick "Grant impersonation" to grant it afresh.
refusal-extension-off = Extension is switched off
    .why = Your org has switched off extending access.
    .next = When it has expired, tick again to grant it afresh, or have a super admin change the setting.
refusal-changed-since-shown = The case has changed meanwhile
    .why = The case has changed since you looked, so nothing was done.
    .next = Look at it again and decide then.
refusal-access-not-live = Access is not granted now
    .why = The customer has not granted access to this case, or it has expired or been revoked.
    .next = Ask for access and pass the link on to the customer.
refusal-subject-inactive = The person to act as is deactivated
    .why = The person to act as has been deactivated since the request.
    .next = Ask for access again and name another active admin of the org.
refusal-link-used = The link was used before
    .why = This link opens a session once and has been opened before.
    .next = Start a new session from the case.
refusal-link-expired = The link is too old
    .why = This link is good for a few minutes only and is too old now.
    .next = Start a new session from the case.
refusal-link-wrong = The link does not fit
    .why = This link does not belong to the session or to this browser.
    .next = Open it in the browser where you are signed in, or start a new session from the case.
refusal-session-over = The session has ended
    .why = This session has ended, by someone, by a rule or by its time limit.
    .next = If access is still granted, start a new session from the case.
refusal-no-upstream = The org's product is not connected
    .why = No address of the vendor's product is known for this org, so there is nothing to look at.
    .next = Ask an operator to set the org's upstream.
refusal-number-taken = The case number is taken
    .why = Another case in this deployment has that number.
    .next = Choose a different one.
refusal-slug-taken = The short name is taken
    .why = Another org has that short name.
    .next = Choose a different one.
refusal-host-taken = The host name is taken
    .why = Another org has one of these host names, so nothing was changed.
    .next = Choose a different one, or take it from that org first.
refusal-host-reserved = The host name is the deployment’s
    .why = One of these names is that of this deployment’s console or gateway, or below the gateway’s, where support sessions have theirs. Nothing was changed.
    .next = Choose a name that is neither.
refusal-host-twice = The same host name stands there twice
    .why = A list with a name twice may have been meant otherwise, so nothing was changed.
    .next = Name each host name once.
refusal-too-many-hosts = Too many host names
    .why = An org may have { $most } host names of its own.
    .next = Leave some out.
refusal-email-taken = The e-mail address is taken
    .why = Someone already has that e-mail address here.
    .next = Use a different one, or the account that exists.
refusal-subject-unknown = The person to act as is unknown
    .why = The person to act as is no active admin of the case's org.
    .next = Check the e-mail address, or leave it out to act as the one who opened the case.
refusal-opener-unknown = The opener is unknown
    .why = Whoever is said to have opened the case is no active admin of that org and no active agent.
    .next = Check the e-mail address.
refusal-agent-unknown = The agent is unknown
    .why = There is no active agent with that e-mail address.
    .next = Check it, or have an operator create or reactivate the agent.
refusal-duration-out-of-range = The default duration is out of range
    .why = A tick can grant access for between 15 minutes and 24 hours.
    .next = Choose a default duration in that range.
refusal-expiration-too-early = The expiration is too early
    .why = An extension never shortens access, and that expiration is past or before the present one.
    .next = Choose a later one, or untick to end access now.
refusal-expiration-too-late = The expiration is too far ahead
    .why = Access can be extended to at most one day from now.
    .next = Choose an expiration no later than { $latest }.
refusal-text = A field is not as it must be
    .why = The field "{ $field }" { $error }.
    .next = Correct it and try again.

# What is wrong with a text; "This text" or "The field "…"" stands before it.

text-error-blank = must not be blank
text-error-too-short = must have at least { $min } characters
text-error-too-long = must have at most { $max } characters
text-error-control = must not contain control characters
text-error-form = is not of the expected form
text-is-wrong = This text { $error }.

refusal-credential-not-found = No such credential
    .why = There is no such credential, or it is not yours to see.
    .next = Check the id, which lists of credentials show.

refusal-operators-see-no-sessions = Sessions are not for operators
    .why = What support does in a customer’s tenant is for the customer and for the agent to see, not for operators.
    .next = Ask an approver of the case, or the agent.

refusal-operators-sign-in-nowhere = No sign-in link for operators
    .why = A sign-in link is for a customer’s admin or for a support agent, and operators are neither.
    .next = Name whom it is for. Operators sign in at the console under /operator with an API token.

refusal-too-many-sessions = Too many sessions at a time
    .why = As many of your sessions are running as may run at a time ({ $most }).
    .next = End one of them first, on one of these cases: { $cases }.

refusal-credential-not-accepted = Your sign-in has not been accepted
    .why = Your organisation is claimed, and nobody there has accepted what you signed in with, which the vendor made.
    .next = Sign in with your passkey, or have a super admin accept it in Settings.

refusal-credential-refused = Your sign-in has been refused
    .why = A super admin of your organisation has refused what you signed in with, so it does nothing any more.
    .next = Sign in with your passkey, or ask for another link.

refusal-admin-not-accepted = Your account has not been accepted
    .why = Your organisation is claimed, and the vendor made or reactivated your account without anybody there having accepted it.
    .next = Ask a super admin of your organisation to accept you in Settings.

refusal-org-not-claimed = Nothing needs to be accepted yet
    .why = No super admin has claimed the organisation, so what the vendor makes counts without being accepted.
    .next = To claim it, a super admin signs in with a passkey.

refusal-already-refused = It has been refused for good
    .why = A super admin of the organisation has refused it, and that is for good.
    .next = Make a new one; a person can be reactivated by a super admin of the organisation.

refusal-already-accepted = It has been accepted
    .why = It counts as the organisation’s own already, so there is nothing to refuse.
    .next = Remove it, or deactivate the person, instead.

refusal-role-not-proposed = No such role is waiting
    .why = No such role waits for this person, or it was taken back meanwhile.
    .next = Look at Settings again.

refusal-last-super-admin = Nobody else could act for the organisation
    .why = Without this person no super admin with an accepted passkey would be left, and nobody could act for the organisation any more.
    .next = Accept or promote another super admin who has a passkey first.

refusal-last-passkey = Nobody could sign in for the organisation
    .why = This is the last passkey by which a super admin can sign in and act for the organisation.
    .next = Add another passkey first, or accept another super admin’s.

refusal-issuer-not-found = No such provider
    .why = Your organisation has no such OpenID provider, or not any more.
    .next = Look at the list again.

refusal-issuer-taken = This provider is there already
    .why = The organisation takes the word of this issuer already.
    .next = Change that one, or remove it first.

refusal-too-many-issuers = Too many providers
    .why = An organisation can have 5 OpenID providers, and so many there are.
    .next = Remove one that is not used any more first.

refusal-issuer-domains = No e-mail domain, or too many
    .why = A provider speaks for at least 1 and at most 20 e-mail domains.
    .next = Say which domains the addresses of your people have.

refusal-issuer-is-the-customers = This provider is the customer’s
    .why = The organisation is claimed, and the word of this provider counts there: only its super admins can remove it.
    .next = Ask a super admin of that organisation.

refusal-last-way-in = Nobody could sign in for the organisation
    .why = Without it no super admin who counts could sign in and act for the organisation any more.
    .next = Add a passkey first, or accept another super admin’s.

refusal-not-staff = You are not one of the support staff here
    .why = The vendor’s sign-in knows you, but does not say that you may come in here: you are in none of the groups for it, or there is no active support agent with the address it vouches for.
    .next = Ask whoever manages the groups of your company, or the operator of Countersign.

refusal-fresh-sign-in = Show once more that it is you
    .why =
        { $within ->
            [one] To look into a customer’s tenant you have to have shown your company’s sign-in within the last minute who you are.
           *[other] To look into a customer’s tenant you have to have shown your company’s sign-in within the last { $within } minutes who you are.
        }
    .next = Sign in with it again. A program cannot: such a session is started in the console.

refusal-open-id-unknown = Your organisation’s sign-in knows you, and nobody here does
    .why = No active account of this organisation goes with what the provider said: there is none with that address in a domain the provider speaks for, or the provider knows somebody else by it.
    .next = Ask a super admin of your organisation whether you have an account here, and with which address.

refusal-open-id-otherwise = Somebody else has come in with this address
    .why = An account of another number, or at another provider, has signed in here with this address before, so this one was not taken for the same person.
    .next = If the account at your provider was made anew, ask a super admin of your organisation to unlink the old one in Settings.

refusal-nothing-to-seal-with = The client secret cannot be kept or read
    .why = This server has no key to seal secrets with, or not the one that this secret was sealed with.
    .next = Ask whoever runs it to set the sealing key, or use a client without a secret.

refusal-sign-in-too-old = Your sign-in is too long ago
    .why = A passkey can be added in the first 15 minutes after signing in only, so that nobody adds one at a desk you left.
    .next = Sign in again, then add it.

refusal-too-many-passkeys = Too many passkeys
    .why = One person can have 20 passkeys, and you have that many.
    .next = Remove one that you no longer use first.

refusal-passkey-taken = This passkey is registered already
    .why = This very passkey is registered already, so nothing was added.
    .next = Use it, or make another one on a different device.
