# Whose word counts in an organisation that is claimed.

awaiting-account = <strong>Your account waits to be accepted.</strong> Your organisation is claimed, and your vendor made or reactivated your account. You can see the cases and remove support access; you cannot grant or change anything, nor read who is in now and the history.
awaiting-account-next = What to do: ask a super admin of your organisation to accept you here, in Settings.
awaiting-sign-in = <strong>You are signed in by something your vendor made.</strong> Your organisation is claimed, and nobody there has accepted this sign-in. You can see the cases and remove support access; you cannot grant or change anything, nor read who is in now and the history.
awaiting-sign-in-next = What to do: sign out and sign in with your passkey. If you have lost it, ask another super admin of your organisation to accept this sign-in here, in Settings.
awaiting-sign-in-no-passkey = What to do: ask a super admin of your organisation to accept this sign-in here, in Settings. Then add a passkey, so that next time you need no link.
awaiting =
    { $count ->
        [one] { $count } thing waits for you to accept it
       *[other] { $count } things wait for you to accept them
    }
awaiting-others =
    { $count ->
        [one] { $count } thing waits until a super admin accepts it
       *[other] { $count } things wait until a super admin accepts them
    }
awaiting-lead = Your vendor made these, or they came by something it made. None of them can grant access, extend it or change a setting until it is accepted.
waiting-account = Account for { $who }
waiting-role = Role of super admin for { $who }
waiting-link = One-time sign-in link for { $who }
waiting-token = API token for { $who }
waiting-directory = SCIM token for your organisation’s directory
waiting-passkey = Passkey for { $who }
waiting-role-since = Proposed { $at }
waiting-unused = Made { $made } · good until { $expires }
waiting-link-used = Made { $made } · used { $used }
waiting-link-in-use = Made { $made } · used { $used } · <strong>somebody is signed in by it now</strong>
waiting-passkey-unused = “{ $name }” · added { $added }
waiting-passkey-used = “{ $name }” · added { $added } · last used { $used }
accepting-admin = Your vendor made or reactivated this account, as an admin. Accepting lets { $who } act in it.
accepting-super-admin = Your vendor made or reactivated this account, as a super admin. Accepting lets { $who } approve for every case and accept others.
accepting-role = Your vendor would make { $who } a super admin, who approves for every case and accepts others. Until you accept, { $who } stays an admin.
accepting-link-unused = Not used yet. Accepting lets whoever opens it act as { $who }.
accepting-link-used = Accept it only if { $who } tells you that they asked for it and used it.
accepting-link-yours = This link is yours. Accept it only if you asked for it and used it yourself.
accepting-token = Accepting lets any program that holds it act as { $who }.
accepting-directory = Accepting lets whoever holds it make, change and deactivate your admins, and make them super admins.
accepting-passkey = It was added before the organisation was claimed, or through something nobody accepted. Accept it only if { $who } tells you that it is theirs.
accepting-passkey-yours = It is in your name. It was added before the organisation was claimed, or through something nobody accepted. Accept it only if you added it yourself.
refusing-account = { $who } is deactivated and signed out, and only a super admin of your organisation can undo that.
refusing-role = { $who } stays an admin. Your vendor can propose it again.
refusing-link = It signs nobody in any more, and whoever is signed in by it is signed out, for good.
refusing-token = It opens nothing any more, for good.
refusing-directory = It provisions nobody any more, for good.
refusing-passkey = It signs { $who } in no more, for good. They can add another one.
accept = Accept
refuse = Refuse…
refuse-now = Refuse

# Read out after "Accept", "Refuse…" and "Remove…".

accept-what = : { $what }
accepted-done = Accepted. It counts as your organisation’s own from now on, and the log says that you accepted it.
refused-done = Refused. It gives nothing any more, and the log says that you refused it.

# The claim.

claim-yours = <strong>Your organisation is not claimed yet.</strong> Your vendor can still make a sign-in link that approves in your name. The first time a super admin signs in with a passkey, the organisation is claimed: from then on, nothing your vendor makes can approve until one of your super admins accepts it. The other admins’ accounts and sign-ins wait to be accepted, too.
claim-first-add = First add a passkey below, then sign in with it.
claim-now = Sign in with a passkey and claim { $org }
claim-just-now = <strong>You have claimed { $org }.</strong> From now on nothing your vendor makes can approve here until one of your super admins accepts it. What was made before waits for you, above. Add a second passkey on another device, and accept a second super admin with a passkey: without one of these, a lost device locks your organisation out, and nobody else can let you back in.
claim-older-access = Access that was granted before you claimed the organisation goes on until it ends: look it over, and remove what nobody of yours granted.
claim-older-access-see = Look over what was granted
claim-claimed = Claimed by { $who } on { $at }: nothing your vendor makes can approve here until one of your super admins accepts it.

# Passkeys.

passkeys = Signing in
passkeys-lead = A passkey signs you in with your fingerprint, face or screen lock. Nobody else holds it: not your vendor, not Countersign.
passkeys-none = You have no passkey.
passkey-in-use = signed in with this one
passkey-waits = waits to be accepted
passkey-used = Added { $added } · last used { $used }
passkey-unused = Added { $added } · never used
passkey-remove = Remove…
passkey-remove-now = Remove
passkey-removing = It signs nobody in any more. Delete it on the device, too.
passkey-removing-in-use = It signs nobody in any more. You are signed in with it and will be signed out. Delete it on the device, too.
passkey-name = Name of the device or password manager
passkey-name-example = Work laptop
passkey-add = Add a passkey
passkey-sign-in-again = To add a passkey, sign out and in again: it can be added in the first 15 minutes only, so that nobody adds one at a desk you left.
passkey-once-accepted = You can add a passkey once you have been accepted.
passkey-at-a-name = Passkeys belong to a name, not to an address. To use them, sign in here:
passkey-added = Passkey added. Next time, sign in with it.
passkey-removed = Passkey removed. It signs nobody in any more; delete it on the device, too.
passkey-sign-in = Sign in with a passkey
passkeys-need-script = Passkeys need JavaScript. A sign-in link works without.

# What the script says beside its button.

passkey-says-unable = This browser cannot use passkeys. Use a current version of Chrome, Edge, Firefox or Safari.
passkey-says-elsewhere = Passkeys are used at another address. Go to { $origin }.
passkey-says-cancelled = Nothing happened: the window was closed, took too long, or found no passkey for this site. Try again.
passkey-says-taken = This device already has a passkey for your account.
passkey-says-failed = The server could not be asked. Check your connection and try again.

# Why a passkey was not used.

passkey-no-script = Passkeys need JavaScript
    .why = Passkeys are asked for by a script, and none ran in this page, so nothing was done.
    .next = Switch JavaScript on for this site, or use a sign-in link.
passkey-at-the-deployment = Passkeys are not used at this organisation’s own address. Sign in at the deployment’s to add one:
passkeys-nowhere-below = Passkeys are not used at this address
    .why = Passkeys are made for the deployment’s own address, and this organisation’s host name is not below it.
    .next = Sign in at the deployment’s own address; the sign-in page here leads there.
passkeys-nowhere-name = Passkeys cannot be used here
    .why = Passkeys belong to a name, and this server is reached by an address.
    .next = Ask whoever runs it to give it a host name.
passkeys-nowhere-tls = Passkeys need encryption
    .why = Passkeys need an encrypted connection (https), and this server has none.
    .next = Ask whoever runs it to set one up.
passkeys-nowhere-address = Passkeys cannot be used at this address
    .why = This server’s public address is none that passkeys can belong to.
    .next = Ask whoever runs it to check its public URL.
passkey-not-asked = This attempt is no longer open
    .why = What the browser was asked is good for five minutes, for one answer, in the same browser. It took longer, was answered already, or was asked elsewhere; nothing was done.
    .next = Start again.
passkey-unreadable = The passkey cannot be read
    .why = What the browser sent is no answer of a passkey’s, so nothing was done.
    .next = Start again, or use another browser.
passkey-not-verified = The passkey did not pass
    .why = The answer does not belong to this site, to this attempt, or to somebody whom the device recognised, so nothing was done.
    .next = Go to the address you know and try again there.
passkey-not-kept = This device keeps no passkey
    .why = It made a key that it would not find again when you sign in, so nothing was added.
    .next = Use another device, or a password manager.
passkey-unknown = This passkey signs nobody in
    .why = No account here has it: it was removed or refused, or belongs to another site.
    .next = Use another passkey, or ask for a sign-in link. Delete this one on the device.
passkey-copied = This passkey may have been copied
    .why = Its counter went backwards, which is what happens when somebody else uses a copy, so nobody was signed in.
    .next = Sign in with another passkey, remove this one, and tell your security team.

# Where what the reader does gives nothing.

cannot-not-accepted = Cannot be granted by you yet: you, or what you signed in with, have not been accepted. The top of this page says what to do.
extend-not-accepted = Not possible yet: you, or what you signed in with, have not been accepted.
self-assigned-not-accepted = Cannot be approved by you yet: you, or what you signed in with, have not been accepted. The top of this page says what to do.

# In the list of credentials.

credential-accepted = Accepted
credential-refused = Refused
acceptance-waits = Waits
acceptance-own = Your own
acceptance-by = By { $who }
acceptance-by-somebody = By a super admin
acceptance-refused = Refused
acceptance-never = Not accepted, and opens nothing any more
