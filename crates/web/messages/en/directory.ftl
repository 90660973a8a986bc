# Settings > Directory: the tokens by which an organisation’s directory provisions its people (SCIM).

directory = Directory
directory-lead = { $org } can let its own directory, such as Okta or Microsoft Entra ID, create, change and deactivate its admins here (SCIM).
directory-lead-read = Super admins of { $org } can let its own directory create, change and deactivate its admins here (SCIM).
directory-connect = Connect your directory
directory-connect-lead = Give it this address and a token. A token opens nothing else, belongs to the organisation and not to whoever made it, and is good for a year.
directory-address = Address for the directory
directory-address-copy = Copy the address
directory-make = Make a token
directory-make-hint = Whoever holds it can make anybody a super admin here. Everything done with it is on your log.
directory-make-not-accepted = You cannot make a token yet: your own sign-in or account waits to be accepted.
directory-fresh = Your new token
directory-token = SCIM token
directory-fresh-hint = It is shown only now. Put it into your directory. Good until { $until }.
directory-token-until = Good until { $until }.
directory-tokens = Tokens
directory-tokens-none = There is no token, so no directory is connected.
directory-revoke = Revoke
directory-revoke-which = {" "}the token made on { $at }
