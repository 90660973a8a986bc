# Die Seiten des Betriebsteams: Organisationen, Personen, Fälle, Zustand.

operator = Betriebsteam
operator-back = Zurück zu den Organisationen
operator-sign-in = Anmeldung des Betriebsteams
    .lead = Für alle, die Countersign betreiben. Das Betriebsteam richtet ein; es kann weder freigeben noch hineinsehen.
    .over = Ihre Anmeldung ist beendet: nach einer halben Stunde ohne Anfrage oder nach insgesamt vier Stunden, oder weil ihre Zugangsdaten widerrufen wurden.
operator-token = API-Token des Betriebsteams
operator-token-hint = Erstellen Sie eines mit <code>countersign token create --operator</code>. Es bleibt nicht in diesem Browser; der bekommt eigene Zugangsdaten.
operator-token-wrong = Das ist kein gültiges API-Token des Betriebsteams.

operator-orgs = Organisationen
operator-orgs-lead = Die Kunden, und wo das Gateway für jeden von ihnen das Produkt findet.
operator-orgs-none = Es gibt noch keine Organisation. Legen Sie unten die erste an.
operator-no-product = Noch kein Produkt
operator-new-org = Organisation hinzufügen
operator-new-org-submit = Organisation hinzufügen
operator-slug-hint = Teil von Adressen und API-Aufrufen, und bleibt, wie er ist: a bis z, Ziffern und Bindestriche.
operator-slug-wrong = Schreiben Sie einen Kurznamen aus a bis z, Ziffern und Bindestrichen, mit einem Buchstaben oder einer Ziffer an beiden Enden.
operator-slug-taken = Eine andere Organisation hat diesen Kurznamen.
operator-name-wrong = Schreiben Sie einen Namen, in einer Zeile.
operator-pages = Mehr von der Liste
operator-first = Anfang
operator-next = Weiter
operator-org = Organisation „{ $name }“

operator-product = Produkt
operator-product-lead = Wo das Gateway das Produkt für diese Organisation erreicht.
operator-product-save = Produkt speichern
operator-product-ends = Ändert sich etwas, enden alle laufenden Sitzungen dieser Organisation sofort.
operator-origin = Adresse
operator-origin-hint = Schema, Host und Port, ohne Pfad: https://app.example.com
operator-origin-wrong = Schreiben Sie eine Adresse wie https://app.example.com oder http://127.0.0.1:9000, ohne Pfad.
operator-user-header = Header für die Person
operator-user-header-hint = Überbringt die E-Mail-Adresse der Person, in deren Namen der Support handelt, an ein Produkt, das ihm traut: X-Remote-User
operator-org-header = Header für die Organisation
operator-org-header-hint = Überbringt den Kurznamen an ein Produkt, das unter dieser Adresse mehrere Organisationen bedient.
operator-header-wrong = Schreiben Sie den Namen eines Headers, den das Gateway setzen darf, etwa X-Remote-User.
operator-reads = Welche Anfragen lesen
operator-by-method = Nach Methode: GET, HEAD und OPTIONS
operator-declared = Nur, was erklärt ist
operator-rules =
    { $count ->
        [0] Es sind keine Regeln nach Pfad gesetzt.
        [one] Eine Regel nach Pfad ist gesetzt.
       *[other] { $count } Regeln nach Pfad sind gesetzt.
    }

operator-hosts = Eigene Hostnamen
operator-hosts-lead = Unter diesen Namen sind Konsole und API nur für die Leute dieser Organisation da, und Links für sie führen dorthin.
operator-hosts-field = Hostnamen
operator-hosts-hint = Einer je Zeile; Links verwenden den ersten. Ein Name unterhalb der Adresse der Installation verwendet deren Passkeys. DNS und Zertifikat müssen jeden Namen abdecken.
operator-hosts-wrong = Schreiben Sie Hostnamen wie acme.support.example.com, einen je Zeile: ohne Port, keine IP-Adresse, kein Platzhalter, und andere Buchstaben als a bis z in ihrer ASCII-Form (xn--…).
operator-hosts-no-passkeys = Unter diesen Namen gibt es keine Anmeldung mit Passkey, denn sie liegen nicht unterhalb der Adresse der Installation. Anmeldeseiten dort führen zu dieser:
operator-hosts-save = Hostnamen speichern

operator-check = Prüfen, ob es antwortet
check-answers = Antwortet
check-does-not-answer = Antwortet nicht
check-not-now = Nicht geprüft
check-answered = Das Produkt antwortete mit Status { $status }.
check-over-tls = Über TLS: Seinem Zertifikat wird vertraut, und es trägt seinen Namen.
check-over-tls-http2 = Über TLS und HTTP/2: Seinem Zertifikat wird vertraut, und es trägt seinen Namen.
check-without-tls = Ohne TLS.
check-took = Es dauerte { $ms } ms. Das Gateway fragte HEAD / in niemandes Namen; sonst wurde nichts gefragt und nichts gelesen.
check-no-such-host = Der Name der Adresse ist hier nicht bekannt. Prüfen Sie die Adresse, und ob dieser Server sie auflösen kann.
check-refused = Unter dieser Adresse nimmt nichts Verbindungen an. Prüfen Sie den Port, und ob das Produkt läuft.
check-unreachable = Das Netz bietet keinen Weg dorthin. Prüfen Sie Firewalls und Routen zwischen diesem Server und dem Produkt.
check-too-late = Es kam rechtzeitig keine Verbindung zustande. Vielleicht verwirft etwas auf dem Weg die Pakete.
check-too-late-connected = Eine Verbindung kam zustande, aber rechtzeitig keine Antwort.
check-other-name = Das Zertifikat gilt für einen anderen Namen. Nehmen Sie den Namen, für den es gilt, oder geben Sie dem Produkt eines für diesen.
check-unknown-issuer = Niemand, dem hier vertraut wird, hat das Zertifikat unterschrieben. Nennen Sie Ihre eigene CA in der Konfiguration des Gateways.
check-expired = Das Zertifikat ist abgelaufen. Erneuern Sie es.
check-not-yet-valid = Das Zertifikat gilt noch nicht. Prüfen Sie die Uhren.
check-untrusted = Das Zertifikat beweist nicht, dass dies das Produkt ist.
check-no-tls = Der Server dort spricht kein TLS, das das Gateway spricht. Bedient er reines HTTP, beginnt die Adresse mit http.
check-no-http = Der Server dort antwortete nicht, wie HTTP antwortet. Bedient er TLS, beginnt die Adresse mit https.
check-busy = Zu viele Prüfungen laufen. Versuchen Sie es gleich noch einmal.

operator-people = Admins
operator-people-lead = Die Leute des Kunden: Sie geben frei, und der Support sieht in ihrem Namen hinein.
operator-claimed = Die Organisation ist beansprucht: Eine Person, ein Anmeldelink oder die Rolle als Super-Admin, die Sie hier anlegen, gibt nichts frei, bis einer ihrer Super-Admins es annimmt.
operator-people-none = Hier ist noch niemand. Ohne Super-Admin kann niemand freigeben.
operator-new-admin = Admin hinzufügen
operator-new-admin-submit = Admin hinzufügen
operator-role = Rolle
operator-role-super = gibt für jeden Fall der Organisation frei
operator-role-admin = gibt für selbst eröffnete Fälle frei
operator-email-taken = Diese Adresse hat schon jemand.
operator-inactive = Inaktiv
operator-awaits-account = Konto wartet auf Annahme
operator-awaits-role = Super-Admin: wartet auf Annahme
operator-was-refused = Vom Kunden abgelehnt
operator-act-link = Anmeldelink
operator-act-super = Zum Super-Admin machen
operator-act-admin = Zum Admin machen
operator-act-deactivate = Deaktivieren
operator-act-activate = Aktivieren
# Wird nach dem Namen eines solchen Knopfs vorgelesen.
operator-act-whose = für { $email }
operator-link = Link, der einmal anmeldet
operator-link-of = Anmeldelink für { $email }
operator-link-hint = Gilt einmal, bis { $until }. Er wird nur jetzt gezeigt. Geben Sie ihn dieser Person und niemandem sonst: Er meldet als sie an. Dass er erstellt wurde, steht im Protokoll des Kunden.
operator-link-awaits = Gilt einmal, bis { $until }. Er wird nur jetzt gezeigt. Geben Sie ihn dieser Person und niemandem sonst. Die Organisation ist beansprucht: Der Link lässt sie hinein, um nachzusehen und Zugriff zu entziehen; er gibt nichts frei und ändert nichts, bis ihn jemand von deren Super-Admins annimmt. Dass er erstellt wurde, steht im Protokoll und in den Einstellungen des Kunden.

operator-agents = Supportkräfte
operator-agents-lead = Die Leute des Supports. An welchen Fällen sie arbeiten, kommt aus dem Ticketsystem.
operator-agents-none = Es gibt noch keine Supportkraft. Fügen Sie unten die erste hinzu.
operator-new-agent = Supportkraft hinzufügen
operator-new-agent-submit = Supportkraft hinzufügen

operator-cases-lead = Wie es um jeden Fall steht. Nur der Kunde gibt frei, und nur Supportkräfte im Fall sehen hinein; was sie ansehen, steht im Protokoll des Kunden und nicht hier.
operator-no-team = Niemand ist in diesem Fall.

operator-health = Zustand
health-ready = Bereit
health-not-ready = Nicht bereit
health-ready-lead = Dieser Server beantwortet Anfragen des Supports und der API.
health-not-ready-lead = Dieser Server kann sich des gegenwärtigen Stands nicht sicher sein; sein Gateway lehnt deshalb jede Anfrage ab. Er macht von selbst weiter, sobald er seine Datenbank erreicht.
health-version = Version
health-store-time = Zeit der Datenbank
health-position = Gelesene Ereignisse
health-public-url = Konsole und API
health-gateway-url = Gateway
health-credential = Die Protokolle nennen Sie
health-machines = Für Maschinen
health-machines-lead = Worauf Sie Lastverteiler und Überwachung richten.
health-readyz = <code>/readyz</code>: ob dieser Server Entscheidungen bedient
health-healthz = <code>/healthz</code>: ob er lebt
health-metrics = <code>/metrics</code>: Zahlen im Format von Prometheus
health-openapi = <code>/openapi.json</code>: die Beschreibung der API

notice-org-made = Die Organisation ist angelegt.
    .detail = Als Nächstes: Geben Sie an, wo ihr Produkt ist, und fügen Sie einen Super-Admin hinzu.
notice-product-set = Das Produkt ist gespeichert.
notice-product-stale = Jemand hat das Produkt geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts gespeichert.
    .detail = Unten steht, was jetzt gesetzt ist. Sehen Sie noch einmal hin und entscheiden Sie dann.
notice-hosts-set = Die Hostnamen sind gespeichert.
notice-hosts-stale = Jemand hat die Hostnamen geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts gespeichert.
notice-person-made = Die Person ist angelegt.
    .detail = Erstellen Sie einen Anmeldelink für sie und geben Sie ihn weiter.
notice-role-set = Die Rolle von { $email } ist gesetzt.
notice-role-proposed = { $email } wird Super-Admin, sobald einer der Super-Admins der Organisation es annimmt. Noch hat sich nichts geändert.
notice-activated = { $email } kann sich anmelden und handeln.
notice-deactivated = { $email } kann nicht mehr handeln.
