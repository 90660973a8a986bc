# Signing in by an OpenID provider of one's own organisation.

openid-ask = E-mail address, or short name of your organisation
openid-ask-hint = If your organisation uses its own sign-in, this leads you there.
openid-ask-none = No organisation here has its own sign-in for that. Check what you typed, use your passkey or a link, or ask a super admin of your organisation.
openid-ask-several = More than one organisation uses that domain. Type the short name of yours: a super admin of your organisation knows it.
openid-continue = Continue with your organisation’s sign-in
openid-ways = Sign in for { $org }
openid-ways-lead = You sign in at your organisation’s own provider and come back here. Go on only if you know the address on the button.
openid-go = Continue to { $host }
openid-down = { $host } does not answer right now. Try again in a minute, or sign in another way.
openid-other-ways = Sign in another way
openid-sign-out = Sign out at { $host } as well

# Settings > Single sign-on.

openid = Single sign-on
openid-lead = Which provider says who signs in for { $org }, over OpenID Connect.
openid-providers = Your providers
openid-providers-claimed = What your vendor adds waits until one of your super admins accepts it. Only you can remove what counts.
openid-providers-unclaimed = Your organisation is not claimed yet. The first super admin who signs in by one of these claims it, as with a passkey.
openid-providers-none = No provider. People sign in by passkey or link.
openid-waits = waits to be accepted
openid-domains = E-mail domains
openid-domains-hint = Only addresses in these domains are taken from the provider. Separate several by commas.
openid-client = Client ID
openid-client-hint = As the provider shows it after you have registered Countersign there.
openid-secret = Client secret
openid-secret-kept = Kept, sealed
openid-secret-none = None: the provider knows us by PKCE alone
openid-secret-hint = Leave it empty if the provider has none for this client. It is sealed, and shown to nobody again.
openid-secret-change = Change the client secret…
openid-secret-new = New client secret
openid-secret-save = Save the secret
openid-added = Added
openid-bound =
    { $count ->
        [one] { $count } person has signed in by it
       *[other] { $count } people have signed in by it
    }
openid-bound-hint = The provider’s own number for a person counts from their second sign-in on, not their address. Unlink somebody if their account at the provider was made anew: the next who signs in there with their address is taken for them.
openid-bound-you = you, now
openid-unlink = Unlink
openid-removing = Whoever signed in by it is signed out, and nobody can come in by it any more.
openid-add = Add a provider
openid-add-lead = It must speak OpenID Connect. People whom you have here already come in by it; it makes no accounts.
openid-returns-to =
    { $count ->
        [one] Register Countersign at the provider first, as a web application with this redirect address:
       *[other] Register Countersign at the provider first, as a web application with these redirect addresses:
    }
openid-issuer = Issuer
openid-issuer-hint = The address that the provider calls its issuer, exactly as it writes it, such as https://login.example.com.
openid-add-now = Add the provider
openid-added-done = Provider added. Sign out and try it before you rely on it.
openid-secret-done = The client secret was changed.
openid-removed-done = Provider removed. Whoever came by it is signed out.
openid-unlinked-done = Unlinked and signed out. The next sign-in there with that address is taken for that person.

# While it waits, on the settings page.

waiting-issuer = Provider { $url }
waiting-issuer-added = Added { $added }
accepting-issuer = Your vendor added it, or it was there before the organisation was claimed. Accepting lets it say who signs in for your organisation. Accept it only if it is your organisation’s own.
refusing-issuer = It is removed, and whoever signed in by it is signed out. Your vendor can add it again, and it would wait again.

# Why nobody was signed in.

openid-nowhere = This server connects to no providers
    .why = Whoever runs it has not set it up for signing in at organisations’ own providers, so nothing was begun.
    .next = Use your passkey or a link.
openid-not-asked = This sign-in is no longer open
    .why = A sign-in is good for ten minutes, once, in the browser that began it. It took longer, was answered already, or was begun elsewhere; nobody was signed in.
    .next = Start again from the sign-in page.
openid-mixed-up = Another provider answered than was asked
    .why = What came back does not say that it is from the provider you were sent to, so nothing was sent there and nobody was signed in.
    .next = Start again. If it happens again, tell whoever looks after your provider: it has to name itself as its configuration says (RFC 9207).
openid-declined = Your provider did not sign you in
    .why = It sent you back without saying who you are: you may have cancelled, or may not be allowed to use Countersign there.
    .next = Start again, or ask whoever looks after your provider.
openid-no-token = Your provider did not take our request
    .why = It refused to exchange its code: the code was used before, or the client ID or secret set here is not right.
    .next = Start again. If it happens again, ask a super admin of your organisation to check the provider in Settings.
openid-unreachable = Your provider does not answer
    .why = It could not be reached, or took longer than five seconds, so nobody was signed in.
    .next = Try again in a minute, or use your passkey or a link.
openid-misconfigured = Your provider does not answer as it must
    .why = Its configuration, keys or answers are not what OpenID Connect asks for, or lead where this server does not connect.
    .next = Use your passkey or a link, and ask a super admin of your organisation to check the provider in Settings.
openid-other-time = The sign-in is of another time
    .why = What your provider signed has expired, or its clock and this server’s differ by more than a minute, so nobody was signed in.
    .next = Start again. If it happens again, tell whoever looks after your provider.
openid-not-verified = The sign-in could not be verified
    .why = What came from your provider is not signed by its keys, or is not for this server and this sign-in, so nobody was signed in.
    .next = Start again from the address you know. If it happens again, tell whoever looks after your provider.
openid-no-address = Your provider vouches for no address
    .why = The first sign-in goes by your e-mail address, and the provider gave none that it has verified, so nobody was signed in.
    .next = Ask whoever looks after your provider to release your verified e-mail address (the claims email and email_verified).

# The vendor's staff.

staff-heading = For the vendor’s staff
staff-sign-in = Sign in with { $name }
staff-down = { $host } does not answer right now. Try again in a minute.
staff-anew-next = Sign in there once more: you come back to what you were about to open.
staff-operator-title = Signed in as an operator
staff-operator-in = Your company’s sign-in says that you are an operator. If this page does not go on by itself, do it here.
staff-operator-go = Go on
openid-not-enough = Your provider asked for less than is demanded here
    .why = It does not say that you showed who you are in the way that this server demands, such as by a second factor, or not lately enough; nobody was signed in.
    .next = Sign in again and use the stronger way. If your provider offers none, tell whoever looks after it.
