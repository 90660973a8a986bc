# Who came to the console and went, and what was tried in vain. What somebody did stands behind their address.

history-kind-sign-ins = Sign-ins
history-kind-attempts = Refused attempts
somebody = Somebody
somebody-elsewhere = Somebody of another organisation

did-signed-in = signed in
did-signed-out = signed out
did-sign-in-failed = tried to sign in and was not let in
did-attempt = tried something and was refused

tried-upstream-set = tried to set where the product is, and which requests to it are reads
tried-hosts-set = tried to set the host names of the organisation
tried-settings-changed = tried to change the rules for Support
tried-blocked = tried to block all support access
tried-unblocked = tried to lift the block
tried-admin-created = tried to create an admin
tried-admin-role = tried to change an admin’s role
tried-admin-reactivated = tried to reactivate an admin
tried-admin-deactivated = tried to deactivate an admin
tried-admin-changed = tried to change an admin’s details
tried-admin-removed = tried to remove an admin for good
tried-issuer-added = tried to add an OpenID provider
tried-issuer-secret = tried to change the secret of an OpenID provider
tried-issuer-accepted = tried to accept an OpenID provider
tried-issuer-removed = tried to remove an OpenID provider
tried-openid-unbound = tried to unlink somebody from an OpenID provider
tried-admin-accepted = tried to accept an admin
tried-admin-refused = tried to refuse an admin
tried-role-accepted = tried to accept a role for an admin
tried-role-refused = tried to refuse a role for an admin
tried-credential-minted = tried to make a credential
tried-credential-revoked = tried to revoke a credential
tried-credential-accepted = tried to accept a credential
tried-credential-refused = tried to refuse a credential
tried-passkey-registered = tried to add a passkey
tried-passkey-removed = tried to remove a passkey
tried-client-created = tried to make a service client
tried-client-key-added = tried to give a service client a key
tried-client-key-removed = tried to take a key from a service client
tried-client-removed = tried to remove a service client
tried-client-accepted = tried to accept a service client
tried-client-refused = tried to refuse a service client
tried-case-opened = tried to open a case
tried-case-closed = tried to close the case
tried-case-reopened = tried to reopen the case
tried-team-joined = tried to put an agent on the case
tried-team-left = tried to take an agent off the case
tried-requested = tried to ask for access
tried-request-withdrawn = tried to withdraw the request for access
tried-granted = tried to grant access
tried-extended = tried to extend access
tried-revoked = tried to remove access
tried-self-approved = tried to approve the self-assigned case
tried-self-withdrawn = tried to withdraw the approval of the self-assigned case
tried-session-started = tried to start a session
tried-link-opened = tried to open a session’s link
tried-session-ended = tried to end a session
tried-token-exchanged = tried to get a token for your product past the gateway
tried-token-ended = tried to end a token past the gateway

# What they were told, and how often they had tried before.

tried-answer = Answer: “{ $answer }”
left-out =
    { $count ->
        [one] One more attempt before this is not listed.
       *[other] { $count } more attempts before this are not listed.
    }

# Why somebody was not let in who came as that person.

turned-away-link-used = As { $who }: the sign-in link had been used before.
turned-away-link-expired = As { $who }: the sign-in link was too old.
turned-away-inactive = As { $who }: the account is deactivated.
turned-away-not-verified = As { $who }: the passkey did not verify.
turned-away-copied = As { $who }: the passkey’s counter went backwards. Somebody may have a copy of it.
turned-away-removed = As { $who }: the passkey had been removed.
turned-away-refused = As { $who }: what they came with had been refused for good.
turned-away-otherwise = As { $who }: { $code }
