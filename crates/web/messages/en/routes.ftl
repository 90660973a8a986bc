# Which requests to a product are reads: the operator's page.

routes-of = Reads of { $name }
routes-see = See and change the rules
routes-lead = The gateway passes what is known to be a read, and refuses everything else. Mode and rules say which requests are reads.
routes-no-product = Nobody has said where the product is. Say that first.
routes-mode = Requests that no rule speaks of
routes-rules = Mode and rules
routes-order = The most specific rule counts, wherever it stands: a literal before a parameter, a parameter before **. Rules that contradict each other are refused.
routes-none = There is no rule yet.
routes-number = No.
routes-effect = Is a
routes-methods = Methods
routes-path = Path
routes-remove = Remove
routes-remove-rule = Remove rule { $number }
routes-read = read
routes-write = write
routes-add = Add rules
routes-add-hint = Methods such as <code>GET, POST</code>, or <code>*</code> for a write whatever the method. A path such as <code>/orders/{"{"}id{"}"}</code> or <code>/admin/**</code>. Leave empty what you do not need.
routes-save = Save mode and rules
routes-leave = Leave everything as it is
routes-seen-by-customer = The customer can read mode and rules: each change is an entry of their log, with all the rules in it.
routes-claimed = They have claimed the organisation, and need not accept this change: it counts at once.
routes-wrong = Nothing was saved. What is wrong stands beside each rule.
routes-no-method = Name a method, or * for a write whatever the method.
routes-any-with-others = Name * alone, or methods without it.
routes-method-wrong = Write methods such as GET or POST: letters, digits and hyphens. CONNECT and TRACE are never reads.
routes-path-wrong = Write a path such as /orders/{"{"}id{"}"} or /admin/**: it begins with a slash, has no empty segment, query or percent sign, and ** only at its end.
routes-any-is-no-read = No rule makes a read of whatever the method. Name the methods that read.
routes-ends =
    { $count ->
        [one] <strong>Nothing is saved yet.</strong> This may let through requests that were refused so far, and { $count } case has access that its customer granted without them: { $cases }. Saving ends that access at once. The customer is told what has changed, and has to tick again.
       *[other] <strong>Nothing is saved yet.</strong> This may let through requests that were refused so far, and { $count } cases have access that their customer granted without them: { $cases }. Saving ends that access at once. The customer is told what has changed, and has to tick again.
    }
routes-ends-more = { $cases } and { $more } more
routes-ends-submit =
    { $count ->
        [one] Save, and end access for { $count } case
       *[other] Save, and end access for { $count } cases
    }
routes-widening = Whatever lets through requests that were refused so far ends the access that customers have granted; before that happens you are asked.
routes-stale = Nothing was saved: someone has changed mode or rules since you opened this page. They stand here as they are now, and what you typed is still here. Look once more, then save.
routes-edit = Change
routes-edit-rule = Change rule { $number }
routes-contradiction = Nothing was saved. { $first } would be a read and a write: { $second } says the opposite. Remove one of them.
routes-too-many = Nothing was saved. There can be at most { $most } rules: use parameters and ** to say it in fewer.

routes-explain = What would happen to a request
routes-explain-lead = Asks nothing of the product. In a session that gives access, by what is saved now.
routes-method = Method
routes-target = Path, with its query
routes-target-wrong = Write a path that begins with a slash, of at most 2,000 characters.
routes-content-type = Content type of its body
routes-content-type-hint = Empty for a request without a body.
routes-more = Body and headers
routes-headers = Other headers that matter
routes-headers-hint = One to a line, such as <code>X-HTTP-Method-Override: DELETE</code>.
routes-headers-wrong = Write each header as a name, a colon and a value: at most 20 lines.
routes-explain-submit = Explain
routes-passes-chip = Passes
routes-refused-chip = Does not pass
routes-passes = { $line } passes as a read.
routes-refused = { $line } is refused with status { $status }.
routes-kept = { $line } does not reach the product.
routes-by-rule = Rule { $number } says that it is a { $effect }: { $rule }.
routes-by-near = It differs from a declared write only in what some servers overlook, such as letter case or a slash at the end: rule { $number }, { $rule }.
routes-by-method = No rule speaks of it, and by method GET, HEAD and OPTIONS are reads and everything else writes.
routes-by-declared = No rule speaks of it, and only what is declared is a read.
routes-by-override = A header or its query asks for another method than its own.
routes-by-ambiguity = The gateway and the product could read it differently, whatever the rules say: empty or dot segments, semicolons, backslashes, encoded separators or incomplete escapes in its path; a header that comes twice, or with an underscore in its name; a GET with a body; or a content type of no plain form.
routes-by-upgrade = It asks to switch protocols, and nobody can say what follows.
routes-by-body = Its body cannot be looked into: it is compressed, has no type, or one that hides what it does.
routes-by-gateway = The gateway keeps this path for itself.
routes-body = A body is looked into first: one that asks for another method, or could be read differently, is refused.

notice-routes-set = Mode and rules are saved.
notice-routes-ended =
    { $count ->
        [one] Mode and rules are saved. Access for { $count } case has ended; its customer has to tick again.
       *[other] Mode and rules are saved. Access for { $count } cases has ended; the customer has to tick again.
    }
notice-routes-unchanged = Nothing changed: mode and rules are so already.
