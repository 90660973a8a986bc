# Was aus einer Handlung wurde, oben auf der Seite danach.

# Seit wann etwas Entzogenes überall wirkt. Davor steht die Meldung der Handlung; $took ist einer der beiden nächsten Texte.
effective =
    { $servers ->
        [one] Überall wirksam seit { $since }: Der Server hat es { $took } bestätigt.
       *[other] Überall wirksam seit { $since }: Alle { $servers } Server haben es { $took } bestätigt.
    }
effective-at-once = innerhalb einer Sekunde
effective-after =
    { $seconds ->
        [one] nach { $seconds } Sekunde
       *[other] nach { $seconds } Sekunden
    }
effective-already = Überall wirksam spätestens seit { $since }.
effective-lapsed =
    { $lapsed ->
        [one] { $lapsed } weiterer Server hat nicht geantwortet und sich selbst abgeschaltet.
       *[other] { $lapsed } weitere Server haben nicht geantwortet und sich selbst abgeschaltet.
    }
effective-all-lapsed =
    { $lapsed ->
        [one] Überall wirksam seit { $since }: Der einzige Server hat nicht geantwortet und sich { $took } selbst abgeschaltet.
       *[other] Überall wirksam seit { $since }: Keiner der { $lapsed } Server hat geantwortet; sie haben sich { $took } selbst abgeschaltet.
    }

notice-access-granted = Zugriff für Fall { $case } freigegeben bis { $until }.
notice-access-extended = Zugriff für Fall { $case } verlängert bis { $until }.
notice-nothing-changed = Für Fall { $case } hat sich nichts geändert: Der Zugriff läuft schon bis { $until }.
notice-access-removed = Zugriff für Fall { $case } entzogen. { $effective }
notice-nothing-to-remove = Für Fall { $case } gibt es keinen Zugriff zu entziehen.
notice-not-ticked = Für Fall { $case } hat sich nichts geändert: Das Häkchen war nicht gesetzt.
notice-session-ended = Sitzung von { $agent } für Fall { $case } beendet.
notice-session-ended-unticked = Sitzung von { $agent } für Fall { $case } beendet und Zugriff entzogen.
notice-blocked = Jeder Supportzugriff ist gesperrt.
notice-block-lifted = Die Sperre ist aufgehoben.
    .detail = Wiederhergestellt wurde nichts: Zugriff, den die Sperre entzogen hat, muss neu freigegeben werden.
notice-approved = Der Support darf an Fall { $case } arbeiten.
    .detail = Zugriff gibt das noch nicht. Der Identitätswechsel braucht weiterhin sein eigenes Häkchen.
notice-approval-withdrawn = Genehmigung für Fall { $case } zurückgezogen.
notice-access-requested = Zugriff für Fall { $case } angefragt.
notice-access-requested-as = Zugriff für Fall { $case } angefragt, um im Namen von { $subject } zu handeln.
notice-more-time-requested = Mehr Zeit für Fall { $case } angefragt.
notice-pass-the-link-on = Der Kunde wird nicht benachrichtigt: Geben Sie den Link weiter.
notice-request-withdrawn = Anfrage für Fall { $case } zurückgezogen.
notice-own-session-ended = Ihre Sitzung für Fall { $case } ist beendet.
notice-case-opened = Fall { $case } eröffnet.
    .detail = Niemand hat Zugriff, bis der Support anfragt und Sie das Häkchen setzen.
notice-case-closed = Fall { $case } geschlossen: Er gibt keinen Zugriff mehr.
notice-case-reopened = Fall { $case } wieder geöffnet.
    .detail = Er beginnt von vorn: Zugriff braucht eine neue Anfrage und ein neues Häkchen.
notice-rules-saved = Die Regeln für den Support sind gespeichert.
    .detail = Freigegebener Zugriff läuft unverändert weiter: gleiches Ende, gleiche Supportkräfte. Der nächste Klick folgt den neuen Regeln.
notice-token-revoked = Das Token ist widerrufen.
notice-token-revoked-detail = Es öffnet ab jetzt nichts mehr. Hat Ihr Verzeichnis es benutzt, geben Sie ihm ein anderes.
notice-rules-unchanged = Es hat sich nichts geändert: Die Regeln für den Support sind schon so.
notice-rules-stale = Jemand hat diese Regeln geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts gespeichert.
    .detail = Unten steht, was jetzt gilt und wer es eingestellt hat. Sehen Sie noch einmal hin und entscheiden Sie dann.
notice-block-stale = Die Sperre hat sich geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts getan.
# Wie es um einen Fall inzwischen steht.
now-requested = Fall { $case }: { $who } fragt Zugriff an.
now-live = Fall { $case }: { $who } hat Zugriff freigegeben bis { $until }.
now-joined =
    { $agents ->
        [one] Fall { $case }: { $who } ist nach der Freigabe dazugekommen und kann bis { $until } auch hineinsehen.
       *[other] Fall { $case }: { $who } sind nach der Freigabe dazugekommen und können bis { $until } auch hineinsehen.
    }
now-more-time = Fall { $case }: { $who } fragt nach mehr Zeit.
now-expired = Fall { $case }: Der Zugriff ist am { $at } abgelaufen.
now-removed = Fall { $case }: Der Zugriff wurde am { $at } entzogen.
now-widened = Fall { $case }: Ihr Anbieter ließ mehr durch als bisher, darum wurde der Zugriff am { $at } beendet. Geben Sie neu frei, wenn Sie einverstanden sind.
now-customer-ticks-again = Fall { $case }: Der Anbieter lässt mehr durch als bisher, darum wurde der Zugriff am { $at } beendet. Der Kunde muss neu freigeben.
now-gone = Der Fall steht nicht mehr auf dieser Seite: Er wurde geschlossen oder seine Anfrage zurückgezogen.
now-closed-by = Fall { $case }: { $who } hat ihn geschlossen.
now-closed-by-vendor = Fall { $case }: Ihr Anbieter hat ihn geschlossen.
now-withdrawn-by = Fall { $case }: { $who } hat die Anfrage zurückgezogen.
now-nothing-asked = Fall { $case }: Es ist kein Zugriff angefragt.
now-self-assigned = Fall { $case }: Der Support hat ihn sich selbst zugewiesen, und der Kunde hat das noch nicht genehmigt.
now-blocked = Fall { $case }: Der Kunde hat jeden Supportzugriff gesperrt.
now-closed = Fall { $case }: Er wurde geschlossen.
now-not-mine = Der Fall steht nicht mehr auf dieser Seite: Er wurde geschlossen, oder Sie sind nicht mehr in seinem Team.
now-off-team = Sie sind nicht mehr im Team dieses Falls.
notice-stale-rules = Fall { $case }: Ihr Anbieter hat geändert, was durchgeht, seit Sie diese Seite geöffnet haben; darum wurde nichts getan.
notice-stale = Fall { $case } hat sich geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts getan.
    .detail = Unten steht der jetzige Stand. Sehen Sie noch einmal hin und entscheiden Sie dann.
notice-request-not-made = Die Anfrage wurde nicht gestellt. Siehe unten.
# Zwei Sätze nacheinander.
sentences = { $first } { $second }
