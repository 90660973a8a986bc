# Which requests the vendor declares to be reads, as customers are told.

reads = What counts as looking
reads-lead = Your vendor says which requests to its product only read. Support gets nothing else through. You cannot change this here; every change is on the log.
reads-history = What was changed, in the history
reads-only = read-only
reads-only-but =
    { $count ->
        [one] read-only but for { $count } kind of request that your vendor declares harmless
       *[other] read-only but for { $count } kinds of requests that your vendor declares harmless
    }
reads-nowhere = Your vendor has not said yet where its product is: Support can open nothing.
reads-by-method = Requests that no rule names: GET, HEAD and OPTIONS count as reads, everything else is refused.
reads-declared = Requests that no rule names are refused, whatever they are.
reads-harmless =
    { $count ->
        [one] Declared harmless, although it could change something ({ $count })
       *[other] Declared harmless, although they could change something ({ $count })
    }
reads-harmless-none = Nothing that could change something is declared harmless: access is read-only.
reads-read =
    { $count ->
        [one] Declared to read ({ $count })
       *[other] Declared to read ({ $count })
    }
reads-write =
    { $count ->
        [one] Declared to change something, and refused ({ $count })
       *[other] Declared to change something, and refused ({ $count })
    }

# Below a change in the history; the rule is methods and a pattern of paths.
change-harmless = Declared harmless from now on, although it could change something: <code>{ $rule }</code>
change-read = Counts as a read from now on: <code>{ $rule }</code>
change-write = Refused from now on, as a write: <code>{ $rule }</code>
change-harmless-below = <strong>Everything below a path</strong> declared harmless from now on, although it could change something: <code>{ $rule }</code>
change-not-harmless = No longer declared harmless: <code>{ $rule }</code>
change-not-read = No longer named as a read: <code>{ $rule }</code>
change-not-write = No longer named as a write: <code>{ $rule }</code>
change-more =
    { $count ->
        [one] { $count } more change
       *[other] { $count } more changes
    }
change-kept =
    { $count ->
        [one] { $count } rule stays as it was.
       *[other] { $count } rules stay as they were.
    }

# On a request’s card.
say-declared =
    { $count ->
        [one] Requests of that kind could change something, and they go through.
       *[other] Requests of those { $count } kinds could change something, and they go through.
    }
say-declared-named =
    { $count ->
        [one] Such a request could change something, and it goes through: <code>{ $rules }</code>.
       *[other] Such requests could change something, and they go through: <code>{ $rules }</code>.
    }
say-declared-below =
    { $count ->
        [one] <strong>Everything below a path goes through</strong> with that method, whatever it does there: <code>{ $rules }</code>.
       *[other] <strong>Everything below these paths goes through</strong> with that method, whatever it does there: <code>{ $rules }</code>.
    }
say-declared-see = See which
say-declared-see-all = All that goes through
say-joiners = Whoever your vendor puts on this case later can look in too.
