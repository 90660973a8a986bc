# Was aus einer Handlung wurde, oben auf der Seite danach.

# Seit wann etwas Entzogenes überall wirkt. Davor steht die Meldung der Handlung.
effective = Überall wirksam seit { $since } ({ $servers } bestätigt, { $ms } ms).
effective-lapsed = Überall wirksam seit { $since } ({ $servers } bestätigt, { $lapsed } verstummt und stillgelegt, { $ms } ms).
servers = { $count } Server

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
notice-more-time-requested = Mehr Zeit für Fall { $case } angefragt.
notice-pass-the-link-on = Der Kunde wird nicht benachrichtigt: Geben Sie den Link weiter.
notice-request-withdrawn = Anfrage für Fall { $case } zurückgezogen.
notice-own-session-ended = Ihre Sitzung für Fall { $case } ist beendet.
notice-case-opened = Fall { $case } eröffnet.
    .detail = Niemand hat Zugriff, bis der Support anfragt und Sie das Häkchen setzen.
notice-case-closed = Fall { $case } geschlossen: Er gibt keinen Zugriff mehr.
notice-case-reopened = Fall { $case } wieder geöffnet.
    .detail = Er beginnt von vorn: Zugriff braucht eine neue Anfrage und ein neues Häkchen.
notice-stale = Fall { $case } hat sich geändert, seit Sie diese Seite geöffnet haben; deshalb wurde nichts getan.
    .detail = Unten steht der jetzige Stand. Sehen Sie noch einmal hin und entscheiden Sie dann.
notice-request-not-made = Die Anfrage wurde nicht gestellt. Siehe unten.
# Zwei Sätze nacheinander.
sentences = { $first } { $second }
