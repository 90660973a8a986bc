# Access tokens that agents exchange sessions for, to reach the product past the gateway, and scopes.

refusal-scopes-not-here = The scopes are for another API
    .why = The access token has no scope of this API: here they are cases.read, grants.manage and log.read, and at Okta’s addresses those that begin with okta.
    .next = Get an access token with a scope of this API, if the service client has one; otherwise have a super admin make a service client that does.
refusal-no-tokens-here = There are no access tokens for this product
    .why = Your operators have not switched on access tokens for this organisation’s product, so it is reached through the gateway only.
    .next = Send requests to the session’s own origin with its token.
refusal-not-the-resource = The access token would be for something else
    .why = Access tokens of this organisation are for another resource than the one that was named.
    .next = Name the resource exactly as your operators have set it.
refusal-too-many-tokens = Too many access tokens are good now
    .why = A session has 10 access tokens at a time, and each is good for up to a minute.
    .next = Use one of those until it runs out, or end one.
refusal-resource-is-origin = That is the product’s own origin
    .why = What goes to the origin under the gateway’s identity must not be mistaken for an access token, so access tokens are for another address.
    .next = Give the address of the product’s API as programs know it, such as the origin with the path of the API.

did-token-exchanged = got an access token for the product, past the gateway
did-token-ended = ended an access token for the product

# On a request’s card, and on Settings > Rules for Support.
say-past = <strong>Support can also reach <code>{ $resource }</code> past the gateway,</strong> with access tokens that are good for up to a minute. Each one that is issued is on the log. What is done with it is not, and that it only reads is for your vendor’s product to see to. When access ends, a product that does not ask back may still take a token for up to a minute.
change-past = Support can reach <code>{ $resource }</code> past the gateway from now on, with access tokens: what is done with them is not on the log
change-not-past = No longer reached past the gateway: <code>{ $resource }</code>
operator-past = Agents can exchange a running session for access tokens for <code>{ $resource }</code>, past the gateway. The product has to ask what each is worth, and let nothing but reads through. Switch this on and off with the API or the command line.

client-may-cases = Reads the support cases (<code>cases.read</code>).
client-may-grants = Grants, extends, removes and approves as a super admin can (<code>grants.manage</code>).
client-may-log = Reads the log (<code>log.read</code>).
client-may-introspect = Is the product: asks what an access token for it is worth (<code>tokens.introspect</code>).
