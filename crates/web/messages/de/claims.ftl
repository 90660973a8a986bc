# Whose word counts in an organisation that is claimed.

awaiting-account = <strong>Ihr Konto wartet darauf, angenommen zu werden.</strong> Ihre Organisation ist beansprucht, und Ihr Anbieter hat Ihr Konto angelegt oder wieder freigeschaltet. Sie können die Fälle sehen und Supportzugriff entziehen, aber nichts freigeben oder ändern und auch nicht lesen, wer gerade hineinsieht und was geschehen ist.
awaiting-account-next = Was Sie tun können: Bitten Sie einen Super-Admin Ihrer Organisation, Sie hier in den Einstellungen anzunehmen.
awaiting-sign-in = <strong>Sie sind mit etwas angemeldet, das Ihr Anbieter erstellt hat.</strong> Ihre Organisation ist beansprucht, und niemand dort hat diese Anmeldung angenommen. Sie können die Fälle sehen und Supportzugriff entziehen, aber nichts freigeben oder ändern und auch nicht lesen, wer gerade hineinsieht und was geschehen ist.
awaiting-sign-in-next = Was Sie tun können: Melden Sie sich ab und mit Ihrem Passkey wieder an. Haben Sie ihn verloren, bitten Sie einen anderen Super-Admin Ihrer Organisation, diese Anmeldung hier in den Einstellungen anzunehmen.
awaiting-sign-in-no-passkey = Was Sie tun können: Bitten Sie einen Super-Admin Ihrer Organisation, diese Anmeldung hier in den Einstellungen anzunehmen. Fügen Sie dann einen Passkey hinzu, damit Sie beim nächsten Mal keinen Link brauchen.
awaiting =
    { $count ->
        [one] { $count } Entscheidung von Ihnen steht noch aus
       *[other] { $count } Entscheidungen von Ihnen stehen noch aus
    }
awaiting-others =
    { $count ->
        [one] { $count } Entscheidung eines Super-Admins steht noch aus
       *[other] { $count } Entscheidungen eines Super-Admins stehen noch aus
    }
awaiting-lead = Das hat Ihr Anbieter erstellt, oder es ist durch etwas entstanden, das er erstellt hat. Nichts davon kann Zugriff freigeben, verlängern oder eine Einstellung ändern, bis es angenommen ist.
waiting-account = Konto für { $who }
waiting-role = Rolle als Super-Admin für { $who }
waiting-link = Einmaliger Anmeldelink für { $who }
waiting-token = API-Token für { $who }
waiting-directory = SCIM-Token für das Verzeichnis Ihrer Organisation
waiting-passkey = Passkey für { $who }
waiting-role-since = Vorgeschlagen { $at }
waiting-unused = Erstellt { $made } · gültig bis { $expires }
waiting-link-used = Erstellt { $made } · benutzt { $used }
waiting-link-in-use = Erstellt { $made } · benutzt { $used } · <strong>jemand ist jetzt damit angemeldet</strong>
waiting-passkey-unused = „{ $name }“ · hinzugefügt { $added }
waiting-passkey-used = „{ $name }“ · hinzugefügt { $added } · zuletzt benutzt { $used }
accepting-admin = Ihr Anbieter hat dieses Konto als Admin angelegt oder wieder freigeschaltet. Nehmen Sie es an, kann { $who } damit handeln.
accepting-super-admin = Ihr Anbieter hat dieses Konto als Super-Admin angelegt oder wieder freigeschaltet. Nehmen Sie es an, kann { $who } für jeden Fall freigeben und andere annehmen.
accepting-role = Ihr Anbieter würde { $who } zum Super-Admin machen, der für jeden Fall freigibt und andere annimmt. Bis Sie das annehmen, bleibt { $who } Admin.
accepting-link-unused = Noch nicht benutzt. Nehmen Sie ihn an, kann, wer ihn öffnet, als { $who } handeln.
accepting-link-used = Nehmen Sie ihn nur an, wenn { $who } Ihnen sagt, dass der Link erbeten und benutzt wurde.
accepting-link-yours = Dieser Link ist Ihrer. Nehmen Sie ihn nur an, wenn Sie selbst ihn erbeten und benutzt haben.
accepting-token = Nehmen Sie es an, kann jedes Programm, das es hat, als { $who } handeln.
accepting-directory = Nehmen Sie es an, kann jeder, der es hat, Ihre Admins anlegen, ändern, deaktivieren und zu Super-Admins machen.
accepting-passkey = Er kam hinzu, bevor die Organisation beansprucht war, oder durch etwas, das niemand angenommen hat. Nehmen Sie ihn nur an, wenn { $who } Ihnen sagt, dass es der eigene ist.
accepting-passkey-yours = Er läuft auf Ihren Namen. Er kam hinzu, bevor die Organisation beansprucht war, oder durch etwas, das niemand angenommen hat. Nehmen Sie ihn nur an, wenn Sie selbst ihn hinzugefügt haben.
refusing-account = { $who } wird deaktiviert und abgemeldet; nur ein Super-Admin Ihrer Organisation kann das rückgängig machen.
refusing-role = { $who } bleibt Admin. Ihr Anbieter kann es wieder vorschlagen.
refusing-link = Er meldet niemanden mehr an, und wer damit angemeldet ist, wird abgemeldet, endgültig.
refusing-token = Es öffnet nichts mehr, endgültig.
refusing-directory = Damit lässt sich niemand mehr verwalten, endgültig.
refusing-passkey = Damit kann sich { $who } nicht mehr anmelden, endgültig. Ein anderer Passkey lässt sich hinzufügen.
accept = Annehmen
refuse = Ablehnen…
refuse-now = Ablehnen

# Read out after "Accept", "Refuse…" and "Remove…".

accept-what = : { $what }
accepted-done = Angenommen. Es gilt von nun an als etwas Eigenes Ihrer Organisation, und das Protokoll sagt, dass Sie es angenommen haben.
refused-done = Abgelehnt. Es bewirkt nichts mehr, und das Protokoll sagt, dass Sie es abgelehnt haben.

# The claim.

claim-yours = <strong>Ihre Organisation ist noch nicht beansprucht.</strong> Ihr Anbieter kann noch einen Anmeldelink erstellen, der in Ihrem Namen freigibt. Meldet sich zum ersten Mal ein Super-Admin mit einem Passkey an, ist die Organisation beansprucht: Von da an kann nichts, was Ihr Anbieter erstellt, etwas freigeben, bis einer Ihrer Super-Admins es annimmt. Auch die Konten und Anmeldungen der anderen Admins warten dann darauf, angenommen zu werden.
claim-first-add = Fügen Sie zuerst unten einen Passkey hinzu, und melden Sie sich dann damit an.
claim-now = Mit einem Passkey anmelden und { $org } beanspruchen
claim-just-now = <strong>Sie haben { $org } beansprucht.</strong> Von nun an kann hier nichts, was Ihr Anbieter erstellt, etwas freigeben, bis einer Ihrer Super-Admins es annimmt. Was vorher da war, wartet oben auf Sie. Fügen Sie auf einem anderen Gerät einen zweiten Passkey hinzu, und nehmen Sie einen zweiten Super-Admin mit Passkey an: Ohne eines davon sperrt ein verlorenes Gerät Ihre Organisation aus, und niemand sonst kann Sie wieder hereinlassen.
claim-older-access = Zugriff, der vorher freigegeben wurde, läuft weiter, bis er endet: Sehen Sie ihn durch, und entziehen Sie, was niemand von Ihnen freigegeben hat.
claim-older-access-see = Freigegebenen Zugriff durchsehen
claim-claimed = Beansprucht von { $who } am { $at }: Nichts, was Ihr Anbieter erstellt, kann hier etwas freigeben, bis einer Ihrer Super-Admins es annimmt.

# Passkeys.

passkeys = Anmeldung
passkeys-lead = Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Bildschirmsperre an. Niemand sonst hat ihn: Ihr Anbieter nicht und Countersign auch nicht.
passkeys-none = Sie haben keinen Passkey.
passkey-in-use = damit angemeldet
passkey-waits = wartet auf Annahme
passkey-used = Hinzugefügt { $added } · zuletzt benutzt { $used }
passkey-unused = Hinzugefügt { $added } · nie benutzt
passkey-remove = Entfernen…
passkey-remove-now = Entfernen
passkey-removing = Er meldet niemanden mehr an. Löschen Sie ihn auch auf dem Gerät.
passkey-removing-in-use = Er meldet niemanden mehr an. Sie sind damit angemeldet und werden abgemeldet. Löschen Sie ihn auch auf dem Gerät.
passkey-name = Name des Geräts oder Passwortmanagers
passkey-name-example = Laptop im Büro
passkey-add = Passkey hinzufügen
passkey-sign-in-again = Um einen Passkey hinzuzufügen, melden Sie sich ab und wieder an: Das geht nur in den ersten 15 Minuten, damit es niemand an einem verlassenen Schreibtisch tut.
passkey-once-accepted = Sie können einen Passkey hinzufügen, sobald Sie angenommen sind.
passkey-at-a-name = Passkeys gehören zu einem Namen, nicht zu einer Adresse. Um sie zu benutzen, melden Sie sich hier an:
passkey-added = Passkey hinzugefügt. Melden Sie sich nächstes Mal damit an.
passkey-removed = Passkey entfernt. Er meldet niemanden mehr an; löschen Sie ihn auch auf dem Gerät.
passkey-sign-in = Mit einem Passkey anmelden
passkeys-need-script = Passkeys brauchen JavaScript. Ein Anmeldelink geht auch ohne.

# What the script says beside its button.

passkey-says-unable = Dieser Browser kann keine Passkeys benutzen. Nehmen Sie eine aktuelle Version von Chrome, Edge, Firefox oder Safari.
passkey-says-elsewhere = Passkeys werden unter einer anderen Adresse benutzt. Gehen Sie zu { $origin }.
passkey-says-cancelled = Es ist nichts geschehen: Das Fenster wurde geschlossen, es dauerte zu lange, oder es gibt keinen Passkey für diese Website. Versuchen Sie es noch einmal.
passkey-says-taken = Dieses Gerät hat schon einen Passkey für Ihr Konto.
passkey-says-failed = Der Server war nicht zu erreichen. Prüfen Sie Ihre Verbindung, und versuchen Sie es noch einmal.

# Why a passkey was not used.

passkey-no-script = Passkeys brauchen JavaScript
    .why = Nach Passkeys fragt ein Skript, und auf dieser Seite lief keines; es ist nichts geschehen.
    .next = Schalten Sie JavaScript für diese Website ein, oder benutzen Sie einen Anmeldelink.
passkey-at-the-deployment = Unter der eigenen Adresse dieser Organisation gibt es keine Passkeys. Um einen hinzuzufügen, melden Sie sich unter der Adresse der Installation an:
passkeys-nowhere-below = Unter dieser Adresse gibt es keine Passkeys
    .why = Passkeys gelten für die Adresse der Installation, und der Hostname dieser Organisation liegt nicht unter ihr.
    .next = Melden Sie sich unter der Adresse der Installation an; die Anmeldeseite hier führt dorthin.
passkeys-nowhere-name = Passkeys sind hier nicht möglich
    .why = Passkeys gehören zu einem Namen, und dieser Server wird über eine Adresse erreicht.
    .next = Bitten Sie das Betriebsteam, ihm einen Hostnamen zu geben.
passkeys-nowhere-tls = Passkeys brauchen Verschlüsselung
    .why = Passkeys brauchen eine verschlüsselte Verbindung (https), und dieser Server hat keine.
    .next = Bitten Sie das Betriebsteam, eine einzurichten.
passkeys-nowhere-address = Passkeys sind unter dieser Adresse nicht möglich
    .why = Zur öffentlichen Adresse dieses Servers können keine Passkeys gehören.
    .next = Bitten Sie das Betriebsteam, die öffentliche URL zu prüfen.
passkey-not-asked = Dieser Versuch ist nicht mehr offen
    .why = Was der Browser gefragt wurde, gilt fünf Minuten, für eine Antwort, im selben Browser. Es hat länger gedauert, wurde schon beantwortet oder anderswo gefragt; es ist nichts geschehen.
    .next = Fangen Sie noch einmal an.
passkey-unreadable = Der Passkey ist nicht lesbar
    .why = Was der Browser geschickt hat, ist keine Antwort eines Passkeys; es ist nichts geschehen.
    .next = Fangen Sie noch einmal an, oder nehmen Sie einen anderen Browser.
passkey-not-verified = Der Passkey wurde nicht anerkannt
    .why = Die Antwort gehört nicht zu dieser Website, nicht zu diesem Versuch oder zu niemandem, den das Gerät erkannt hat; es ist nichts geschehen.
    .next = Gehen Sie zu der Adresse, die Sie kennen, und versuchen Sie es dort noch einmal.
passkey-not-kept = Dieses Gerät behält keinen Passkey
    .why = Es hat einen Schlüssel erstellt, den es bei der Anmeldung nicht wiederfände; es wurde nichts hinzugefügt.
    .next = Nehmen Sie ein anderes Gerät oder einen Passwortmanager.
passkey-unknown = Dieser Passkey meldet niemanden an
    .why = Kein Konto hier hat ihn: Er wurde entfernt oder abgelehnt, oder er gehört zu einer anderen Website.
    .next = Nehmen Sie einen anderen Passkey, oder bitten Sie um einen Anmeldelink. Löschen Sie diesen auf dem Gerät.
passkey-copied = Dieser Passkey wurde vielleicht kopiert
    .why = Sein Zähler ging zurück, wie es geschieht, wenn jemand anders eine Kopie benutzt; es wurde niemand angemeldet.
    .next = Melden Sie sich mit einem anderen Passkey an, entfernen Sie diesen, und sagen Sie es Ihrem Sicherheitsteam.

# Where what the reader does gives nothing.

cannot-not-accepted = Sie können das noch nicht freigeben: Sie, oder womit Sie sich angemeldet haben, sind nicht angenommen. Oben auf dieser Seite steht, was zu tun ist.
extend-not-accepted = Noch nicht möglich: Sie, oder womit Sie sich angemeldet haben, sind nicht angenommen.
self-assigned-not-accepted = Sie können das noch nicht genehmigen: Sie, oder womit Sie sich angemeldet haben, sind nicht angenommen. Oben auf dieser Seite steht, was zu tun ist.

# In the list of credentials.

credential-accepted = Angenommen
credential-refused = Abgelehnt
acceptance-waits = Wartet
acceptance-own = Eigenes
acceptance-by = Von { $who }
acceptance-by-somebody = Von einem Super-Admin
acceptance-refused = Abgelehnt
acceptance-never = Nicht angenommen, und öffnet nichts mehr
