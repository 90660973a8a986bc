# Was rund um den Supportzugriff geschehen ist, und Berichte über einen Fall.

history = Verlauf
history-lead = Alles, was rund um den Supportzugriff in { $org } geschehen ist, das Neueste zuerst: wer angefragt und wer zugestimmt hat, was angesehen und was abgewiesen wurde.
history-words = Suche
history-words-hint = Wörter oder der Anfang eines Pfads: /admin/users
history-agent = Supportkraft
history-kind = Was
history-kind-all = Alles, Eintrag für Eintrag
history-kind-further = Was Seiten außerdem laden
history-kind-refused = Abgewiesene Anfragen
history-kind-access = Zugriff: angefragt, freigegeben, verlängert, entzogen
history-kind-sessions = Sitzungen
history-kind-rest = Fälle, Personen und Einstellungen
history-agent-any = Alle
history-agent-choice = { $name } ({ $email })
history-days = Tage
history-from = Von
history-to = Bis einschließlich
history-zone = Die Tage gelten in der Zeitzone { $zone }.
history-days-today = Heute
history-days-week = Letzte 7 Tage
history-days-month = Letzte 30 Tage
history-days-all = Alle Tage
history-kind-telling = Seiten, Abweisungen und was mit dem Zugriff geschah
history-kind-pages = Seiten
history-kind-requests = Jede Anfrage
history-kind-declared = Für harmlos erklärte Anfragen
history-one-session = Nur was in einer Sitzung geschah.
history-one-session-of = Nur was in einer Sitzung von { $who } zu Fall { $case } geschah.
history-one-page-of = Nur die weiteren Anfragen, die bei einem Eintrag standen, in einer Sitzung von { $who } zu Fall { $case }.
history-every-session = Alle Sitzungen zeigen
history-days-backwards = Der letzte Tag liegt vor dem ersten.
history-no-kind = Diese Auswahl gibt es unter „Was“ nicht.
history-no-session = Eine solche Sitzung gibt es hier nicht.
history-no-place = Die Adresse dieser Seite nennt keine Stelle im Verlauf. Suchen Sie noch einmal, um beim Neuesten zu beginnen.
history-no-order = Diese Seite zeigt das Neueste zuerst und kennt keine andere Reihenfolge. Die API kennt beide.
history-twice = Ein Teil des Filters ist doppelt angegeben. Suchen Sie noch einmal mit jedem nur einmal.
history-further =
    { $count ->
        [one] und { $count } weitere Anfrage
       *[other] und { $count } weitere Anfragen
    }
history-further-of =
    { $count ->
        [one] { $count } weitere Anfrage von { $who } zu einer Seite, die bei den älteren Einträgen steht
       *[other] { $count } weitere Anfragen von { $who } zu einer Seite, die bei den älteren Einträgen steht
    }
history-search = Suchen
history-all = Filter zurücksetzen
history-found = Was gefunden wurde
history-nothing-found = Nichts gefunden. Versuchen Sie weniger Wörter oder andere Tage.
history-nothing-yet = Es ist noch nichts geschehen.
history-no-case = Einen solchen Fall gibt es hier nicht.
history-no-agent = In diesem Verlauf kommt diese Supportkraft nicht vor.
history-no-day = Ein Tag muss ein Datum sein, etwa 2025-11-23.
history-no-words = Suchen Sie nach bis zu 8 Wörtern oder nach einem Pfad, der mit „/“ beginnt.
history-files = Alles Gefundene herunterladen:
history-files-csv = CSV
history-files-jsonl = JSON Lines
history-pages = Mehr vom Verlauf
history-newest = Neueste
history-older = Ältere
history-report-of = Bericht über Fall
history-who-as = { $who } im Namen von { $subject }

result-refused = Abgewiesen
result-open = Noch offen
result-unknown = Ausgang unbekannt
result-seen = Gesehen ({ $status })
result-complete = Gesehen
result-answered = Beantwortet ({ $status })
result-answered-whole = Beantwortet
result-cut = Abgeschnitten
result-not-sent = Nicht gesendet
result-client-gone = Von der Supportkraft geschlossen
result-upstream-failed = Das Produkt hat nicht geantwortet

report-title = Bericht über Fall { $case }
report-print = Drucken
report-summary = Zusammenfassung
report-sent = Gesendet, vom Anbieter für harmlos erklärt
report-pages = Geöffnete Seiten
report-further = Weitere Anfragen, etwa Bilder und Skripte
report-by-page = Bei jeder Seite steht, wie viele weitere Anfragen auf sie folgten.
report-every-instead = Jede Anfrage zeigen
report-every = Jede Anfrage steht für sich.
report-by-page-instead = Seiten mit Anzahl zeigen
request-counts = Seiten: { $pages } (weitere Anfragen: { $further }) · abgewiesen: { $refused }
request-counts-sent = Seiten: { $pages } (weitere Anfragen: { $further }) · gesendet, vom Anbieter für harmlos erklärt: { $sent } · abgewiesen: { $refused }
report-refused = Abgewiesen
report-made = Bericht erstellt
report-acts = Was geschehen ist
sessions-held = Sitzungen
report-no-session = Es gab keine Sitzung.
report-session-times = { $since } bis { $ended }
report-session-since = Seit { $since }
report-requests = Was angesehen und abgewiesen wurde
report-no-request = Es wurde nichts angesehen.
report-part = Teil { $number } von { $parts }
report-parts = Teile des Berichts
report-range = { $from } bis { $to } von { $all }
report-in-parts = Er wird in Teilen mit höchstens 1.000 Zeilen jeder Art gedruckt; die Zahlen oben gelten für den ganzen Bericht.
report-log = Wo dies im Protokoll steht
report-log-of = Protokoll von
report-log-range = Einträge
report-log-at = Letzter Eintrag vom
report-log-hash = Blatt-Hash des letzten Eintrags
report-how = So prüfen Sie das: Rufen Sie die Einträge mit einem eigenen Token unter <code>/api/v1/orgs/{ $slug }/entries</code> ab. Der Blatt-Hash ist der SHA-256 eines Null-Bytes, gefolgt von der kanonischen Kodierung des Eintrags (RFC 6962). Fehlt ein Eintrag aus diesem Bereich oder weicht der Hash ab, stimmen dieser Bericht und das Protokoll nicht überein.

# Was jemand getan hat; davor steht die Adresse.

did-extended = hat den Zugriff um einen Tag verlängert
did-granted = hat Zugriff freigegeben
did-more-time = hat nach mehr Zeit gefragt
did-period-opened = hat abgelaufenen Zugriff verlängert
did-request-withdrawn = hat die Zugriffsanfrage zurückgezogen
did-requested = hat Zugriff angefragt
did-revoked = hat den Zugriff entzogen
did-admin-created = hat einen Admin angelegt
did-admin-changed = hat die Angaben eines Admins geändert
did-admin-removed = hat einen Admin endgültig entfernt
did-admin-vouched-for = hat für einen Admin gebürgt
did-admin-deactivated = hat einen Admin deaktiviert
did-admin-reactivated = hat einen Admin wieder aktiviert
did-admin-role = hat die Rolle eines Admins geändert
did-admin-accepted = hat einen Admin angenommen
did-admin-refused = hat einen Admin abgelehnt
did-role-proposed = hat eine Rolle für einen Admin vorgeschlagen
did-role-accepted = hat eine Rolle für einen Admin angenommen
did-role-refused = hat eine Rolle für einen Admin abgelehnt
did-agent-created = hat eine Supportkraft angelegt
did-agent-changed = hat die Angaben einer Supportkraft geändert
did-agent-removed = hat eine Supportkraft endgültig entfernt
did-agent-deactivated = hat eine Supportkraft deaktiviert
did-agent-reactivated = hat eine Supportkraft wieder aktiviert
did-case-closed = hat den Fall geschlossen
did-case-opened = hat den Fall eröffnet
did-case-reopened = hat den Fall wieder geöffnet
did-team-joined = hat eine Supportkraft auf den Fall gesetzt
did-team-left = hat eine Supportkraft vom Fall abgezogen
did-credential-minted = hat Zugangsdaten erstellt
did-credential-revoked = hat Zugangsdaten widerrufen
did-credential-accepted = hat Zugangsdaten angenommen
did-credential-refused = hat Zugangsdaten abgelehnt
did-client-created = hat einen Dienst-Client erstellt
did-client-key-added = hat einem Dienst-Client einen Schlüssel gegeben
did-client-key-removed = hat einem Dienst-Client einen Schlüssel entzogen
did-client-removed = hat einen Dienst-Client entfernt
did-client-accepted = hat einen Dienst-Client angenommen
did-client-refused = hat einen Dienst-Client abgelehnt
did-passkey-registered = hat einen Passkey hinzugefügt
did-passkey-removed = hat einen Passkey entfernt
did-issuer-accepted = hat einen Anmeldedienst angenommen
did-issuer-added = hat einen Anmeldedienst hinzugefügt
did-issuer-removed = hat einen Anmeldedienst entfernt
did-issuer-secret = hat das Secret eines Anmeldedienstes geändert
operator-who = { $who } (Betriebsteam)
did-openid-bound = hat sich zum ersten Mal über einen Anmeldedienst angemeldet
did-openid-unbound = hat die Verknüpfung einer Person mit einem Anmeldedienst gelöst
did-blocked = hat jeden Supportzugriff gesperrt
did-org-created = hat die Organisation angelegt
did-org-claimed = hat die Organisation beansprucht
did-hosts-set = hat die Hostnamen der Organisation eingestellt
did-settings-changed = hat die Regeln für den Support geändert
did-unblocked = hat die Sperre aufgehoben
did-rules-set = hat eingestellt, welche Anfragen an das Produkt Lesen sind
did-upstream-set = hat eingestellt, wo das Produkt ist und welche Anfragen Lesen sind
did-outcome = Ausgang eines Aufrufs
did-request = hat angesehen
did-declared = hat eine Anfrage gesendet, die der Anbieter für harmlos erklärt hat
did-request-refused = hat es versucht und wurde abgewiesen
did-request-left-open = hatte anscheinend eine Seite offen gelassen, die erneut anfragte und abgewiesen wurde
did-self-approved = hat den selbst zugewiesenen Fall genehmigt
did-self-requested = hat sich den Fall selbst zugewiesen
did-self-requested-for = hat den selbst zugewiesenen Fall zur Genehmigung gestellt
did-self-withdrawn = hat die Genehmigung des selbst zugewiesenen Falls zurückgezogen
did-session-ended = hat eine Sitzung beendet
did-session-entered = hat eine Sitzung betreten
did-link-opened = hat den Link einer Sitzung geöffnet
did-session-started = hat eine Sitzung begonnen

# Wen oder was eine Handlung betraf; es steht unter dem, was getan wurde.

did-about-role = { $who }: { $role }
did-about-credential = Zugangsdaten
did-about-kind = { $kind } von { $who }
did-about-named = { $kind } „{ $name }“ von { $who }
did-about-as = im Namen von { $who }
did-about-opened = „{ $title }“, für { $who }
did-about-session = Sitzung von { $who }
did-from = von { $address } aus
did-from-with = von { $address } aus, mit { $program }
did-about-and = { $first }, { $next }
did-about-rule = Sie könnte etwas ändern. Nach der Regel <code>{ $rule }</code> des Anbieters zählt sie als Lesen.
did-about-no-rule = Sie könnte etwas ändern. Nach einer Regel des Anbieters zählt sie als Lesen.
did-about-widened = Der Anbieter ließ Anfragen durch, die abgelehnt wurden, als dies freigegeben wurde; der Zugriff endete, bis der Kunde neu freigibt.
did-about-until = Bis { $until }: { $whose }
did-about-access =
    { $agents ->
        [one] { $who }, handelt im Namen von { $subject }
       *[other] { $who }, handeln im Namen von { $subject }
    }
    .later =
        { $agents ->
            [one] { $who }, handelt im Namen von { $subject }. Wer später zum Fall hinzukommt, kann auch hineinsehen.
           *[other] { $who }, handeln im Namen von { $subject }. Wer später zum Fall hinzukommt, kann auch hineinsehen.
        }
