# Signing in by a one-time link.

sign-in = Sign in
sign-in-start = Sign in with your passkey, with your organisation’s own sign-in, or with a personal link that works once.
sign-in-over = Your sign-in has ended
    .lead = A sign-in lasts a limited time. It also ends when somebody in your organisation refuses or removes what you came by, or deactivates your account, and when you sign in again or out in this browser. Sign in again with your passkey, or get a new link.
sign-in-out = You are signed out
    .lead = To come back, use your passkey or a new link.
sign-in-first = Sign in first
    .lead = The link opens a support session for the agent who started it. Sign in in this browser, then open the link again: it was not used up.
sign-in-spent = This link no longer works
    .lead = A sign-in link works once, for a short time. This one has been used, has expired, was refused or taken back, or was not copied whole.
sign-in-own-address = { $here } is one organisation’s own address: only its admins sign in here. Support agents and operators sign in at { $deployment }.
sign-in-passkeys-elsewhere = Passkeys are not used at this address. Sign in with yours at { $deployment }.
sign-in-go-there = Go to { $deployment }
sign-in-how = How to get a link
sign-in-how-admin = <strong>You are a customer’s admin:</strong> ask the person at your vendor who set up Countersign for you, or another admin of your organisation to pass that on.
sign-in-how-agent = <strong>You are in Support:</strong> ask whoever runs Countersign for your team.
sign-in-how-hint = Whoever runs Countersign makes a link with <code>countersign login-link</code>. Never forward yours: it signs in as you.
sign-in-as = Sign in as { $name }?
sign-in-email = E-mail
sign-in-once = This link works once. If that is not you, close this page and tell whoever sent it.
