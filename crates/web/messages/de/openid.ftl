# Anmelden über einen OpenID-Anbieter der eigenen Organisation.

openid-ask = E-Mail-Adresse oder Kurzname Ihrer Organisation
openid-ask-hint = Wenn Ihre Organisation eine eigene Anmeldung hat, führt dies dorthin.
openid-ask-none = Dafür hat hier keine Organisation eine eigene Anmeldung. Prüfen Sie Ihre Eingabe, nehmen Sie Ihren Passkey oder einen Link, oder fragen Sie einen Super-Admin Ihrer Organisation.
openid-ask-several = Mehr als eine Organisation benutzt diese Domain. Geben Sie den Kurznamen Ihrer Organisation ein: Ein Super-Admin kennt ihn.
openid-continue = Weiter mit der Anmeldung Ihrer Organisation
openid-ways = Anmelden für { $org }
openid-ways-lead = Sie melden sich beim Anmeldedienst Ihrer Organisation an und kommen hierher zurück. Gehen Sie nur weiter, wenn Sie die Adresse auf dem Knopf kennen.
openid-go = Weiter zu { $host }
openid-down = { $host } antwortet gerade nicht. Versuchen Sie es in einer Minute noch einmal, oder melden Sie sich anders an.
openid-other-ways = Anders anmelden
openid-sign-out = Auch bei { $host } abmelden

# Einstellungen > Single Sign-on.

openid = Single Sign-on
openid-lead = Welcher Anmeldedienst sagt, wer sich für { $org } anmeldet, über OpenID Connect.
openid-providers = Ihre Anmeldedienste
openid-providers-claimed = Was Ihr Anbieter hinzufügt, wartet, bis ein Super-Admin von Ihnen es annimmt. Was zählt, können nur Sie entfernen.
openid-providers-unclaimed = Ihre Organisation ist noch nicht beansprucht. Der erste Super-Admin, der sich über einen dieser Dienste anmeldet, beansprucht sie, wie mit einem Passkey.
openid-providers-none = Kein Anmeldedienst. Alle melden sich mit Passkey oder Link an.
openid-waits = wartet auf Annahme
openid-domains = E-Mail-Domains
openid-domains-hint = Nur Adressen in diesen Domains werden von dem Dienst übernommen. Trennen Sie mehrere durch Kommas.
openid-client = Client-ID
openid-client-hint = So, wie der Dienst sie anzeigt, nachdem Sie Countersign dort eingetragen haben.
openid-secret = Client-Secret
openid-secret-kept = Hinterlegt, versiegelt
openid-secret-none = Keines: Der Dienst erkennt uns allein an PKCE
openid-secret-hint = Lassen Sie es leer, wenn der Dienst für diesen Client keines hat. Es wird versiegelt und niemandem mehr gezeigt.
openid-secret-change = Client-Secret ändern …
openid-secret-new = Neues Client-Secret
openid-secret-save = Secret speichern
openid-added = Hinzugefügt
openid-bound =
    { $count ->
        [one] { $count } Person hat sich darüber angemeldet
       *[other] { $count } Personen haben sich darüber angemeldet
    }
openid-bound-hint = Ab der zweiten Anmeldung zählt die Kennung, die der Dienst einer Person gibt, nicht ihre Adresse. Lösen Sie die Verknüpfung, wenn das Konto dort neu angelegt wurde: Wer sich dort als Nächstes mit ihrer Adresse anmeldet, gilt als diese Person.
openid-bound-you = Sie, jetzt
openid-unlink = Verknüpfung lösen
openid-removing = Wer darüber angemeldet ist, wird abgemeldet, und niemand kommt mehr darüber herein.
openid-add = Anmeldedienst hinzufügen
openid-add-lead = Er muss OpenID Connect sprechen. Wen Sie hier schon haben, kommt darüber herein; er legt keine Konten an.
openid-returns-to =
    { $count ->
        [one] Tragen Sie Countersign zuerst bei dem Dienst ein, als Webanwendung mit dieser Rücksprungadresse:
       *[other] Tragen Sie Countersign zuerst bei dem Dienst ein, als Webanwendung mit diesen Rücksprungadressen:
    }
openid-issuer = Aussteller (Issuer)
openid-issuer-hint = Die Adresse, die der Dienst seinen Issuer nennt, genau so, wie er sie schreibt, etwa https://login.example.com.
openid-add-now = Anmeldedienst hinzufügen
openid-added-done = Anmeldedienst hinzugefügt. Melden Sie sich ab, und probieren Sie ihn aus, bevor Sie sich auf ihn verlassen.
openid-secret-done = Das Client-Secret wurde geändert.
openid-removed-done = Anmeldedienst entfernt. Wer darüber kam, ist abgemeldet.
openid-unlinked-done = Verknüpfung gelöst und abgemeldet. Die nächste Anmeldung dort mit dieser Adresse gilt als diese Person.

# Solange er wartet, in den Einstellungen.

waiting-issuer = Anmeldedienst { $url }
waiting-issuer-added = Hinzugefügt { $added }
accepting-issuer = Ihr Anbieter hat ihn hinzugefügt, oder es gab ihn, bevor die Organisation beansprucht wurde. Nehmen Sie ihn an, sagt er, wer sich für Ihre Organisation anmeldet. Nehmen Sie ihn nur an, wenn er der Ihrer Organisation ist.
refusing-issuer = Er wird entfernt, und wer darüber angemeldet ist, wird abgemeldet. Ihr Anbieter kann ihn wieder hinzufügen, und er würde wieder warten.

# Warum niemand angemeldet wurde.

openid-nowhere = Dieser Server verbindet sich mit keinen Anmeldediensten
    .why = Wer ihn betreibt, hat ihn nicht für die Anmeldung bei Diensten von Organisationen eingerichtet, also wurde nichts begonnen.
    .next = Nehmen Sie Ihren Passkey oder einen Link.
openid-not-asked = Diese Anmeldung ist nicht mehr offen
    .why = Eine Anmeldung gilt zehn Minuten, einmal, in dem Browser, der sie begann. Es dauerte länger, sie wurde schon beantwortet oder anderswo begonnen; niemand wurde angemeldet.
    .next = Beginnen Sie noch einmal auf der Anmeldeseite.
openid-mixed-up = Ein anderer Dienst hat geantwortet als gefragt
    .why = Was zurückkam, sagt nicht, dass es von dem Dienst ist, zu dem Sie geschickt wurden. Deshalb wurde nichts dorthin gesendet und niemand angemeldet.
    .next = Beginnen Sie noch einmal. Geschieht es wieder, sagen Sie es der Person, die Ihren Anmeldedienst betreut: Er muss sich nennen, wie es seine Konfiguration sagt (RFC 9207).
openid-declined = Ihr Anmeldedienst hat Sie nicht angemeldet
    .why = Er hat Sie zurückgeschickt, ohne zu sagen, wer Sie sind: Vielleicht haben Sie abgebrochen, oder Sie dürfen Countersign dort nicht benutzen.
    .next = Beginnen Sie noch einmal, oder fragen Sie die Person, die Ihren Anmeldedienst betreut.
openid-no-token = Ihr Anmeldedienst hat unsere Anfrage nicht angenommen
    .why = Er wollte seinen Code nicht eintauschen: Der Code wurde schon benutzt, oder die hier hinterlegte Client-ID oder das Secret stimmt nicht.
    .next = Beginnen Sie noch einmal. Geschieht es wieder, bitten Sie einen Super-Admin Ihrer Organisation, den Dienst in den Einstellungen zu prüfen.
openid-unreachable = Ihr Anmeldedienst antwortet nicht
    .why = Er war nicht zu erreichen oder brauchte länger als fünf Sekunden, also wurde niemand angemeldet.
    .next = Versuchen Sie es in einer Minute noch einmal, oder nehmen Sie Ihren Passkey oder einen Link.
openid-misconfigured = Ihr Anmeldedienst antwortet nicht so, wie er muss
    .why = Seine Konfiguration, seine Schlüssel oder seine Antworten sind nicht so, wie OpenID Connect es verlangt, oder führen dorthin, wohin sich dieser Server nicht verbindet.
    .next = Nehmen Sie Ihren Passkey oder einen Link, und bitten Sie einen Super-Admin Ihrer Organisation, den Dienst in den Einstellungen zu prüfen.
openid-other-time = Die Anmeldung ist von einer anderen Zeit
    .why = Was Ihr Anmeldedienst unterschrieben hat, ist abgelaufen, oder seine Uhr und die dieses Servers gehen um mehr als eine Minute auseinander; niemand wurde angemeldet.
    .next = Beginnen Sie noch einmal. Geschieht es wieder, sagen Sie es der Person, die Ihren Anmeldedienst betreut.
openid-not-verified = Die Anmeldung ließ sich nicht prüfen
    .why = Was von Ihrem Anmeldedienst kam, ist nicht mit seinen Schlüsseln unterschrieben oder gilt nicht für diesen Server und diese Anmeldung; niemand wurde angemeldet.
    .next = Beginnen Sie noch einmal bei der Adresse, die Sie kennen. Geschieht es wieder, sagen Sie es der Person, die Ihren Anmeldedienst betreut.
openid-no-address = Ihr Anmeldedienst bürgt für keine Adresse
    .why = Die erste Anmeldung geht nach Ihrer E-Mail-Adresse, und der Dienst nannte keine, die er geprüft hat; niemand wurde angemeldet.
    .next = Bitten Sie die Person, die Ihren Anmeldedienst betreut, Ihre geprüfte E-Mail-Adresse freizugeben (die Claims email und email_verified).

# Die Leute des Anbieters.

staff-heading = Für die Leute des Anbieters
staff-sign-in = Mit { $name } anmelden
staff-down = { $host } antwortet gerade nicht. Versuchen Sie es in einer Minute noch einmal.
staff-anew-next = Melden Sie sich dort noch einmal an: Sie kommen zu dem zurück, was Sie öffnen wollten.
staff-operator-title = Als Betriebsteam angemeldet
staff-operator-in = Der Anmeldedienst Ihres Unternehmens zählt Sie zum Betriebsteam. Geht diese Seite nicht von selbst weiter, gehen Sie hier weiter.
staff-operator-go = Weiter
openid-not-enough = Ihr Anmeldedienst verlangte weniger, als hier nötig ist
    .why = Er sagt nicht, dass Sie sich so ausgewiesen haben, wie dieser Server es verlangt, etwa mit einem zweiten Faktor, oder nicht vor so kurzer Zeit; niemand wurde angemeldet.
    .next = Melden Sie sich noch einmal auf die stärkere Art an. Bietet Ihr Anmeldedienst keine, sagen Sie es denen, die ihn betreuen.
