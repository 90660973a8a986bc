# Welche Anfragen an ein Produkt lesen: die Seite des Betriebsteams.

routes-of = Lesende Anfragen von „{ $name }“
routes-see = Regeln ansehen und ändern
routes-lead = Das Gateway lässt durch, was nachweislich nur liest, und weist alles andere ab. Modus und Regeln legen fest, welche Anfragen lesen.
routes-no-product = Noch hat niemand angegeben, wo das Produkt ist. Tun Sie das zuerst.
routes-mode = Anfragen, für die keine Regel gilt
routes-rules = Modus und Regeln
routes-order = Es gilt die genaueste Regel, wo immer sie steht: fester Text vor einem Parameter, ein Parameter vor **. Regeln, die einander widersprechen, werden abgelehnt.
routes-none = Es gibt noch keine Regel.
routes-number = Nr.
routes-effect = Wirkung
routes-methods = Methoden
routes-path = Pfad
routes-remove = Entfernen
routes-remove-rule = Regel { $number } entfernen
routes-read = liest
routes-write = schreibt
routes-add = Regeln hinzufügen
routes-add-hint = Methoden wie <code>GET, POST</code>, oder <code>*</code> für Schreiben mit beliebiger Methode. Ein Pfad wie <code>/orders/{"{"}id{"}"}</code> oder <code>/admin/**</code>. Lassen Sie leer, was Sie nicht brauchen.
routes-save = Modus und Regeln speichern
routes-leave = Alles lassen, wie es ist
routes-seen-by-customer = Der Kunde kann Modus und Regeln lesen: Jede Änderung ist ein Eintrag in seinem Protokoll, mit allen Regeln darin.
routes-claimed = Er hat die Organisation beansprucht und muss diese Änderung nicht annehmen: Sie gilt sofort.
routes-wrong = Es wurde nichts gespeichert. Was falsch ist, steht bei jeder Regel.
routes-no-method = Nennen Sie eine Methode, oder * für Schreiben mit beliebiger Methode.
routes-any-with-others = Nennen Sie * allein, oder Methoden ohne *.
routes-method-wrong = Schreiben Sie Methoden wie GET oder POST: Buchstaben, Ziffern und Bindestriche. CONNECT und TRACE lesen nie.
routes-path-wrong = Schreiben Sie einen Pfad wie /orders/{"{"}id{"}"} oder /admin/**: Er beginnt mit einem Schrägstrich, hat kein leeres Segment, keine Abfrage und kein Prozentzeichen, und ** nur am Ende.
routes-any-is-no-read = Keine Regel erklärt beliebige Methoden für lesend. Nennen Sie die Methoden, die lesen.
routes-ends =
    { $count ->
        [one] <strong>Noch ist nichts gespeichert.</strong> Damit kommen möglicherweise Anfragen durch, die bisher abgelehnt wurden, und für { $count } Fall hat der Kunde Zugriff ohne diese freigegeben: { $cases }. Speichern beendet diesen Zugriff sofort. Der Kunde erfährt, was sich geändert hat, und muss neu freigeben.
       *[other] <strong>Noch ist nichts gespeichert.</strong> Damit kommen möglicherweise Anfragen durch, die bisher abgelehnt wurden, und für { $count } Fälle hat der Kunde Zugriff ohne diese freigegeben: { $cases }. Speichern beendet diesen Zugriff sofort. Der Kunde erfährt, was sich geändert hat, und muss neu freigeben.
    }
routes-ends-more = { $cases } und { $more } weitere
routes-ends-submit =
    { $count ->
        [one] Speichern und den Zugriff für { $count } Fall beenden
       *[other] Speichern und den Zugriff für { $count } Fälle beenden
    }
routes-widening = Was Anfragen durchlässt, die bisher abgelehnt wurden, beendet den Zugriff, den Kunden freigegeben haben; vorher werden Sie gefragt.
routes-stale = Es wurde nichts gespeichert: Jemand hat Modus oder Regeln geändert, seit Sie diese Seite geöffnet haben. Hier stehen sie, wie sie jetzt sind, und was Sie eingegeben haben, ist noch da. Sehen Sie noch einmal hin und speichern Sie dann.
routes-edit = Ändern
routes-edit-rule = Regel { $number } ändern
routes-contradiction = Es wurde nichts gespeichert. { $first } würde lesen und schreiben: { $second } sagt das Gegenteil. Entfernen Sie eine der beiden.
routes-too-many = Es wurde nichts gespeichert. Höchstens { $most } Regeln sind möglich: Mit Parametern und ** kommen Sie mit weniger aus.

routes-explain = Was mit einer Anfrage geschähe
routes-explain-lead = Fragt nichts beim Produkt an. In einer Sitzung mit Zugriff, nach dem, was jetzt gespeichert ist.
routes-method = Methode
routes-target = Pfad, mit Abfrage
routes-target-wrong = Schreiben Sie einen Pfad, der mit einem Schrägstrich beginnt, mit höchstens 2.000 Zeichen.
routes-content-type = Inhaltstyp des Rumpfs
routes-content-type-hint = Leer bei einer Anfrage ohne Rumpf.
routes-more = Rumpf und Header
routes-headers = Weitere Header, auf die es ankommt
routes-headers-hint = Einer je Zeile, etwa <code>X-HTTP-Method-Override: DELETE</code>.
routes-headers-wrong = Schreiben Sie jeden Header als Name, Doppelpunkt und Wert: höchstens 20 Zeilen.
routes-explain-submit = Erklären
routes-passes-chip = Geht durch
routes-refused-chip = Geht nicht durch
routes-passes = { $line } geht als lesend durch.
routes-refused = { $line } wird mit Status { $status } abgewiesen.
routes-kept = { $line } erreicht das Produkt nicht.
routes-by-rule = Regel { $number } sagt: { $effect } ({ $rule }).
routes-by-near = Der Pfad weicht nur in etwas von erklärtem Schreiben ab, das manche Server übersehen, etwa Großschreibung oder ein Schrägstrich am Ende: Regel { $number }, { $rule }.
routes-by-method = Keine Regel gilt dafür, und nach Methode lesen GET, HEAD und OPTIONS, alles andere schreibt.
routes-by-declared = Keine Regel gilt dafür, und es liest nur, was erklärt ist.
routes-by-override = Ein Header oder ihre Abfrage verlangt eine andere Methode als die eigene.
routes-by-ambiguity = Gateway und Produkt könnten sie verschieden lesen, was immer die Regeln sagen: leere Segmente oder Punktsegmente, Semikolons, umgekehrte Schrägstriche, kodierte Trennzeichen oder unvollständige Kodierungen im Pfad; ein Header, der doppelt kommt oder einen Unterstrich im Namen hat; ein GET mit Rumpf; oder ein Inhaltstyp ohne klare Form.
routes-by-upgrade = Sie verlangt ein anderes Protokoll, und niemand kann sagen, was dann folgt.
routes-by-body = In ihren Rumpf lässt sich nicht hineinsehen: Er ist komprimiert, hat keinen Typ oder einen, der verbirgt, was er tut.
routes-by-gateway = Das Gateway behält diesen Pfad für sich.
routes-body = Ein Rumpf wird zuerst geprüft: Verlangt er eine andere Methode oder ließe er sich verschieden lesen, wird die Anfrage abgewiesen.

notice-routes-set = Modus und Regeln sind gespeichert.
notice-routes-ended =
    { $count ->
        [one] Modus und Regeln sind gespeichert. Der Zugriff für { $count } Fall ist beendet; der Kunde muss neu freigeben.
       *[other] Modus und Regeln sind gespeichert. Der Zugriff für { $count } Fälle ist beendet; der Kunde muss neu freigeben.
    }
notice-routes-unchanged = Nichts hat sich geändert: Modus und Regeln sind schon so.
