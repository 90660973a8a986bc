# The operator's pages: organisations, people, cases, health.

operator = Operator
operator-back = Back to the organisations
operator-sign-in = Operator sign-in
    .lead = This is for whoever runs Countersign. Operators configure; they can neither approve nor look inside.
    .over = Your sign-in has ended, after half an hour without a request or after four hours in all, or because its credential was revoked.
operator-token = API token of an operator
operator-token-hint = Make one with <code>countersign token create --operator</code>. It stays out of this browser, which gets a credential of its own.
operator-token-wrong = That is no good API token of an operator.

operator-orgs = Organisations
operator-orgs-lead = The customers, and where the gateway finds the product for each of them.
operator-orgs-none = There is no organisation yet. Make the first one below.
operator-no-product = No product yet
operator-new-org = Add an organisation
operator-new-org-submit = Add organisation
operator-slug-hint = Part of addresses and of calls to the API, and stays as it is: a to z, digits and hyphens.
operator-slug-wrong = Write a short name of a to z, digits and hyphens, with a letter or digit at both ends.
operator-slug-taken = Another organisation has this short name.
operator-name-wrong = Write a name, in one line.
operator-pages = More of the list
operator-first = First
operator-next = Next
operator-org = Organisation { $name }

operator-product = Product
operator-product-lead = Where the gateway reaches the product for this organisation.
operator-product-save = Save the product
operator-product-ends = If anything changes, every running session of this organisation ends at once.
operator-origin = Address
operator-origin-hint = Scheme, host and port, without a path: https://app.example.com
operator-origin-wrong = Write an address such as https://app.example.com or http://127.0.0.1:9000, without a path.
operator-user-header = Header for the person
operator-user-header-hint = Carries the e-mail address of the person that support acts as, to a product that trusts it: X-Remote-User
operator-org-header = Header for the organisation
operator-org-header-hint = Carries the short name, to a product that serves several organisations at this address.
operator-header-wrong = Write the name of a header that the gateway may set, such as X-Remote-User.
operator-reads = Which requests are reads
operator-by-method = By method: GET, HEAD and OPTIONS
operator-declared = Only what is declared
operator-rules =
    { $count ->
        [0] No rules by path are set.
        [one] One rule by path is set.
       *[other] { $count } rules by path are set.
    }

operator-hosts = Host names of its own
operator-hosts-lead = At these names, console and API are for this organisation’s people only, and links for them lead there.
operator-hosts-field = Host names
operator-hosts-hint = One in each line; links use the first. A name below the deployment’s own uses its passkeys. DNS and certificate have to cover every name.
operator-hosts-wrong = Write host names such as acme.support.example.com, one in each line: no port, no address, no wildcard, and other letters than a to z in their ASCII form (xn--…).
operator-hosts-no-passkeys = Passkeys are not used at these names, because they are not below the deployment’s own. Sign-in pages there lead to the deployment’s address:
operator-hosts-save = Save the host names

operator-check = Check that it answers
check-answers = Answers
check-does-not-answer = Does not answer
check-not-now = Not checked
check-answered = The product answered with status { $status }.
check-over-tls = Over TLS: its certificate is trusted and bears its name.
check-over-tls-http2 = Over TLS and HTTP/2: its certificate is trusted and bears its name.
check-without-tls = Without TLS.
check-took = It took { $ms } ms. The gateway asked HEAD / in nobody’s name; nothing else was asked, and nothing was read.
check-no-such-host = The name of the address is not known here. Check the address, and that this server can look it up.
check-refused = Nothing listens at this address. Check the port, and that the product runs.
check-unreachable = The network gives no way there. Check firewalls and routes between this server and the product.
check-too-late = No connection was made in time. Something may drop the packets on the way.
check-too-late-connected = A connection was made, and no answer came in time.
check-other-name = The certificate is for another name. Use the name it is for, or give the product a certificate for this one.
check-unknown-issuer = Nobody who is trusted here has signed the certificate. Name your own CA in the gateway’s configuration.
check-expired = The certificate has expired. Renew it.
check-not-yet-valid = The certificate is not valid yet. Check the clocks.
check-untrusted = The certificate does not prove that this is the product.
check-no-tls = The server there speaks no TLS that the gateway speaks. If it serves plain HTTP, the address begins with http.
check-no-http = The server there did not answer as HTTP does. If it serves TLS, the address begins with https.
check-busy = Too many checks are running. Try again in a moment.

operator-people = Admins
operator-people-lead = The customer’s own people: they approve, and support looks on their behalf.
operator-claimed = The organisation is claimed: a person, a sign-in link or the role of a super admin that you make here grants nothing until one of its super admins accepts it.
operator-people-none = Nobody here yet. Without a super admin, nobody can approve.
operator-new-admin = Add an admin
operator-new-admin-submit = Add admin
operator-role = Role
operator-role-super = approves for every case of the organisation
operator-role-admin = approves for the cases they opened
operator-email-taken = Somebody has this address already.
operator-inactive = Inactive
operator-awaits-account = Account waits to be accepted
operator-awaits-role = Super admin: waits to be accepted
operator-was-refused = Refused by the customer
operator-act-link = Sign-in link
operator-act-super = Make super admin
operator-act-admin = Make admin
operator-act-deactivate = Deactivate
operator-act-activate = Activate
# Read out after the name of such a button.
operator-act-whose = of { $email }
operator-link = Link that signs in once
operator-link-of = Sign-in link of { $email }
operator-link-hint = Good once, until { $until }. It is shown only now. Give it to this person and nobody else: it signs in as them. That it was made is on the customer’s log.
operator-link-awaits = Good once, until { $until }. It is shown only now. Give it to this person and nobody else. The organisation is claimed: the link lets them in to look and to remove access, and grants and changes nothing until one of its super admins accepts it. That it was made is on the customer’s log and settings page.

operator-agents = Agents
operator-agents-lead = Support’s people. Which cases they work on comes from the case tracker.
operator-agents-none = There is no agent yet. Add the first one below.
operator-new-agent = Add an agent
operator-new-agent-submit = Add agent

operator-cases-lead = Where each case stands. Only the customer approves, and only agents on the case look inside; what they look at is on the customer’s log, and not here.
operator-no-team = Nobody is on this case.

operator-health = Health
health-ready = Ready
health-not-ready = Not ready
health-ready-lead = This server answers requests of support and of the API.
health-not-ready-lead = This server cannot be sure of the present state, so its gateway refuses every request. It goes on by itself once it reaches its database.
health-version = Version
health-store-time = Time of the database
health-position = Events read
health-public-url = Console and API
health-gateway-url = Gateway
health-credential = The logs name you by
health-machines = For machines
health-machines-lead = What to point a load balancer and monitoring at.
health-readyz = <code>/readyz</code>: whether this server serves decisions
health-healthz = <code>/healthz</code>: whether it is alive
health-metrics = <code>/metrics</code>: numbers in the format of Prometheus
health-openapi = <code>/openapi.json</code>: the description of the API

notice-org-made = The organisation is there.
    .detail = Next: say where its product is, and add a super admin.
notice-product-set = The product is saved.
notice-product-stale = Someone has changed the product since you opened this page, so nothing was saved.
    .detail = Below is what is set now. Look again, then decide.
notice-hosts-set = The host names are saved.
notice-hosts-stale = Someone has changed the host names since you opened this page, so nothing was saved.
notice-person-made = The person is there.
    .detail = Make a sign-in link for them, and pass it on.
notice-role-set = The role of { $email } is set.
notice-role-proposed = { $email } becomes a super admin once one of the organisation’s super admins accepts it. Nothing has changed yet.
notice-activated = { $email } may sign in and act.
notice-deactivated = { $email } may not act any more.
