# Welche Anfragen der Anbieter für lesend erklärt, wie es Kunden gesagt wird.

reads = Was als Ansehen zählt
reads-lead = Ihr Anbieter sagt, welche Anfragen an sein Produkt nur lesen. Alles andere kommt für den Support nicht durch. Hier können Sie das nicht ändern; jede Änderung steht im Protokoll.
reads-history = Was geändert wurde, im Verlauf
reads-only = nur lesend
reads-only-but =
    { $count ->
        [one] nur lesend bis auf { $count } Art von Anfragen, die Ihr Anbieter für harmlos erklärt
       *[other] nur lesend bis auf { $count } Arten von Anfragen, die Ihr Anbieter für harmlos erklärt
    }
reads-nowhere = Ihr Anbieter hat noch nicht gesagt, wo sein Produkt ist: Der Support kann nichts öffnen.
reads-by-method = Anfragen, die keine Regel nennt: GET, HEAD und OPTIONS zählen als Lesen, alles andere wird abgelehnt.
reads-declared = Anfragen, die keine Regel nennt, werden abgelehnt, was immer sie sind.
reads-harmless =
    { $count ->
        [one] Für harmlos erklärt, obwohl sie etwas ändern könnte ({ $count })
       *[other] Für harmlos erklärt, obwohl sie etwas ändern könnten ({ $count })
    }
reads-harmless-none = Nichts, was etwas ändern könnte, ist für harmlos erklärt: Der Zugriff ist nur lesend.
reads-read =
    { $count ->
        [one] Für lesend erklärt ({ $count })
       *[other] Für lesend erklärt ({ $count })
    }
reads-write =
    { $count ->
        [one] Für ändernd erklärt und abgelehnt ({ $count })
       *[other] Für ändernd erklärt und abgelehnt ({ $count })
    }

# Unter einer Änderung im Verlauf; die Regel besteht aus Methoden und einem Muster von Pfaden.
change-harmless = Ab jetzt für harmlos erklärt, obwohl es etwas ändern könnte: <code>{ $rule }</code>
change-read = Zählt ab jetzt als Lesen: <code>{ $rule }</code>
change-write = Ab jetzt als Änderung abgelehnt: <code>{ $rule }</code>
change-harmless-below = <strong>Alles unterhalb eines Pfads</strong> ab jetzt für harmlos erklärt, obwohl es etwas ändern könnte: <code>{ $rule }</code>
change-not-harmless = Nicht mehr für harmlos erklärt: <code>{ $rule }</code>
change-not-read = Nicht mehr als Lesen genannt: <code>{ $rule }</code>
change-not-write = Nicht mehr als Änderung genannt: <code>{ $rule }</code>
change-more =
    { $count ->
        [one] { $count } weitere Änderung
       *[other] { $count } weitere Änderungen
    }
change-kept =
    { $count ->
        [one] { $count } Regel bleibt, wie sie war.
       *[other] { $count } Regeln bleiben, wie sie waren.
    }

# Auf der Karte einer Anfrage.
say-declared =
    { $count ->
        [one] Anfragen dieser Art könnten etwas ändern, und sie kommen durch.
       *[other] Anfragen dieser { $count } Arten könnten etwas ändern, und sie kommen durch.
    }
say-declared-named =
    { $count ->
        [one] Eine solche Anfrage könnte etwas ändern, und sie geht durch: <code>{ $rules }</code>.
       *[other] Solche Anfragen könnten etwas ändern, und sie gehen durch: <code>{ $rules }</code>.
    }
say-declared-below =
    { $count ->
        [one] <strong>Alles unterhalb eines Pfads geht durch</strong>, mit dieser Methode und gleich, was es dort bewirkt: <code>{ $rules }</code>.
       *[other] <strong>Alles unterhalb dieser Pfade geht durch</strong>, mit dieser Methode und gleich, was es dort bewirkt: <code>{ $rules }</code>.
    }
say-declared-see = Welche das sind
say-declared-see-all = Alles, was durchkommt
say-joiners = Wer später vom Anbieter zum Fall hinzugenommen wird, kann auch hineinsehen.
