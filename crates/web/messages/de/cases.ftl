# Die Listen der Fälle, ein Fall, wie ihn seine Supportkraft sieht, und das Formular, das einen eröffnet.

# Wie es um den Zugriff steht, in ein, zwei Wörtern.

access-not-requested = Nicht angefragt
access-waiting = Wartet auf Freigabe
access-live = Zugriff freigegeben
access-expired = Abgelaufen
access-revoked = Zugriff entzogen
access-self-assignment-waiting = Selbstzuweisung zu genehmigen
access-blocked-by-customer = Vom Kunden gesperrt
access-closed = Geschlossen
# Dasselbe, wie ein Admin es liest.
access-none-asked = Kein Zugriff angefragt
access-granted = Zugriff freigegeben
access-ends-soon = Endet bald
access-removed = Zugriff entzogen
access-tick-again = Neu freizugeben
access-blocked = Gesperrt

# Die Listen.

cases = Fälle
cases-of-admin-lead = Einen Fall zu eröffnen gibt niemandem Zugriff. Zugriff braucht eine Anfrage des Supports und Ihr Häkchen.
cases-open-one = Fall eröffnen
cases-none = Noch kein Fall.
cases-cut-off = Es werden nur { $most } Fälle angezeigt. Es gibt weitere.
case-review = Zugriff prüfen
# Wird nach „Zugriff prüfen“ und Ähnlichem vorgelesen.
for-case = für Fall { $case }
of-case = Fall { $case }
case-close = Schließen
case-reopen = Wieder öffnen
my-cases = Meine Fälle
my-cases-lead = Fälle, in deren Team Sie sind. Kunden werden nicht benachrichtigt: Geben Sie den Link aus dem Fall weiter.
my-cases-none = Sie sind in keinem offenen Fall. Fälle kommen aus dem Ticketsystem.
my-cases-none-closed = Sie sind in keinem geschlossenen Fall.
my-cases-open = Offen
my-cases-closed = Geschlossen
my-cases-live = Sie können jetzt hineinsehen
my-cases-waiting = Der Kunde ist am Zug
my-cases-to-ask = Kein Zugriff angefragt
my-cases-over = Zugriff ist vorbei
# Over a group in which a case stands that has moved on since the page was opened.
my-cases-changed = { $group }, oder geändert
my-cases-look = Hineinsehen
case-live-until = bis { $until }
case-open-now = { $count } jetzt offen
case-asked-at = angefragt { $at }

# Das Formular, das einen Fall eröffnet.

open-case = Fall eröffnen
open-case-lead = Er bekommt eine Nummer. Niemand hat Zugriff, bis der Support anfragt und Sie das Häkchen setzen.
open-case-title = Betreff
open-case-title-hint = Was nicht stimmt, in einer Zeile.
open-case-title-missing = Schreiben Sie in einer Zeile, was nicht stimmt.
open-case-submit = Fall eröffnen
cancel = Abbrechen

# Ein Fall, wie ihn seine Supportkraft sieht.

case-access = Zugriff
case-not-requested = Sie haben keinen Zugriff. Fragen Sie an und geben Sie den Link an den Kunden weiter.
case-requested = Angefragt am { $at }. Der Kunde hat das Häkchen noch nicht gesetzt und wird nicht benachrichtigt: Geben Sie den Link unten weiter.
case-live = Nur lesend, bis { $until } ({ $left }). Jede Anfrage an das Produkt wird für den Kunden protokolliert.
case-live-but = Offen bis { $until } ({ $left }). Jede Anfrage wird für den Kunden protokolliert.
case-expired-widened = Der Zugriff ist am { $at } abgelaufen. Der Anbieter lässt seitdem mehr durch, darum kann der Kunde ihn nicht mehr verlängern; er kann ihn mit dem Link unten neu freigeben.
case-expired = Der Zugriff ist am { $at } abgelaufen. Der Kunde kann ihn mit dem Link unten verlängern oder neu freigeben.
case-revoked = Der Zugriff wurde am { $at } entzogen. Fragen Sie nur mit einem Grund erneut an, den der Kunde noch nicht kennt.
case-widened = Der Anbieter lässt mehr durch als zu der Zeit, als der Kunde den Zugriff freigab; darum endete er am { $at }. Die Anfrage bleibt bestehen: Geben Sie den Link weiter, dann liest der Kunde, was sich geändert hat, und gibt neu frei.
case-self-assignment-waiting = Der Support hat sich diesen Fall selbst zugewiesen. Bis der Kunde das genehmigt, gibt es keinen Zugriff, und nichts kann freigegeben werden. Anfragen können Sie schon; geben Sie den Link weiter.
case-blocked = Der Kunde hat jeden Supportzugriff gesperrt. Anfragen können Sie; freigegeben werden kann nichts, bis er die Sperre aufhebt.
case-closed = Der Fall ist geschlossen, und ein geschlossener Fall gibt keinen Zugriff. Der Kunde oder das Ticketsystem kann ihn wieder öffnen.
case-open-session = Lesende Sitzung öffnen
case-open-session-but = Sitzung öffnen
case-declared =
    { $count ->
        [one] Nur lesend bis auf { $count } Art von Anfragen, die für harmlos erklärt ist, obwohl sie etwas ändern könnte.
       *[other] Nur lesend bis auf { $count } Arten von Anfragen, die für harmlos erklärt sind, obwohl sie etwas ändern könnten.
    }
case-cannot-open-pinned = Der Kunde hat diesen Zugriff nur den Supportkräften gegeben, die in dem Moment im Fall waren; Sie kamen später dazu. Fragen Sie Zugriff an; das nächste Häkchen schließt Sie ein.
case-cannot-open-subject = Die Person, in deren Namen gehandelt werden soll, ist dort nicht mehr aktiv. Deshalb lässt sich keine Sitzung öffnen. Fragen Sie erneut an und nennen Sie jemand anderen.
case-cannot-open-product = Wo das Produkt dieses Kunden ist, hat noch niemand angegeben. Deshalb lässt sich keine Sitzung öffnen. Wenden Sie sich an Ihr Betriebsteam.
case-link = Link für den Kunden
case-link-copy = Kopieren
case-link-hint = Er öffnet Einstellungen > Konto. Für sich gibt er nichts: Wer ihm folgt, muss sich anmelden und freigabeberechtigt sein.
case-asked = { $who } hat am { $at } angefragt:
case-asked-as = { $who } hat am { $at } angefragt, um im Namen von { $subject } zu handeln:
case-more-time-asked = Am { $at } wurde mehr Zeit angefragt. Der Kunde sieht das bei der Anfrage.
case-withdraw = Anfrage zurückziehen
ask-first = Zugriff anfragen
ask-change = Anfrage ändern
ask-more-time = Mehr Zeit anfragen
ask-again = Erneut anfragen
ask-why = Warum müssen Sie hineinsehen?
ask-why-hint = Der Kunde liest dies, bevor er entscheidet. 10 bis 2.000 Zeichen.
ask-why-wrong = Schreiben Sie mindestens 10 Zeichen: Nach diesem Text entscheidet der Kunde.
ask-as = Handeln im Namen von
optional = optional
ask-as-hint = E-Mail-Adresse eines dort aktiven Admins. Bleibt das Feld leer: die Person, die den Fall eröffnet hat, sonst die Person, die freigibt.
ask-as-unknown = Das ist kein aktiver Admin dieser Organisation.
ask-as-no-address = Hier muss eine E-Mail-Adresse stehen.
case-sessions = Ihre offenen Sitzungen
# Eine Sitzung, nach der Person, in deren Namen gehandelt wird.
session-as = Als { $subject }
session-times = Gestartet { $started } · endet spätestens { $ends } ({ $left })
session-go-back = Dorthin zurück
session-end = Beenden
case-itself = Fall
case-opened-by = Eröffnet von
case-team = Team
case-according-to-tracker = laut Ticketsystem
case-closing = Den Fall schließen
case-close-open = Fall schließen …
case-close-hint = Entzieht den Zugriff und beendet alle Sitzungen sofort. Nur der Kunde oder das Ticketsystem kann den Fall wieder öffnen.
case-close-submit = Fall schließen
case-close-live = Der Support hat für diesen Fall zurzeit Zugriff. Wenn Sie den Fall schließen, wird der Zugriff entzogen und jede Sitzung sofort beendet; nur Sie oder Ihr Anbieter können den Fall wieder öffnen, und der Zugriff muss dann neu freigegeben werden.
case-close-and-end = Fall schließen und Zugriff entziehen

# Eine Nachricht an den Kunden, zum Kopieren und Verschicken. Sie geht an einen Admin des Kunden.

pass-on-message = Nachricht an den Kunden
pass-on-copy = Nachricht kopieren
pass-on-over = Zurzeit gibt es nichts weiterzugeben. Wie es um den Fall steht, ist oben zu lesen.
pass-on-hello = Guten Tag,
pass-on-request = für den Fall { $case }, „{ $title }“, möchte ich in { $org } hineinsehen und sehen, was Sie sehen: { $how }, für begrenzte Zeit, und jede Seite, die ich öffne, wird für Sie protokolliert.
    .act = Wenn Sie einverstanden sind, öffnen Sie diesen Link, lesen Sie die Anfrage und setzen Sie das Häkchen bei „{ $tick }“:
    .end = Bis dahin kann niemand hineinsehen, und Sie können das Häkchen jederzeit wieder entfernen.
pass-on-more-time = ich arbeite noch am Fall { $case }, „{ $title }“. Mein Zugriff auf { $org }, { $how }, endet am { $until }, und ich brauche mehr Zeit.
    .act = Wenn Sie einverstanden sind, verlängern Sie ihn hier:
    .end = Wenn Sie nichts tun, endet er von selbst.
pass-on-expired = mein Zugriff auf { $org } für den Fall { $case }, „{ $title }“, { $how }, endete am { $until }, und der Fall ist noch nicht gelöst.
    .act = Wenn ich noch einmal hineinsehen darf, verlängern Sie den Zugriff hier oder geben Sie ihn neu frei:
    .end = Bis dahin kann niemand hineinsehen.
pass-on-tick-again = Ihre Freigabe für den Support in { $org } zum Fall { $case }, „{ $title }“, endete am { $at }, weil jetzt mehr Anfragen durchkommen als zu der Zeit, als Sie sie gaben. Ich möchte weitermachen: { $how }, für begrenzte Zeit, und jede Seite, die ich öffne, wird für Sie protokolliert.
pass-on-how = nur lesend
pass-on-how-but =
    { $count ->
        [one] nur lesend bis auf { $count } Art von Anfragen, die wir für harmlos erklärt haben und die unter „Einstellungen > Regeln für den Support“ steht
       *[other] nur lesend bis auf { $count } Arten von Anfragen, die wir für harmlos erklärt haben und die unter „Einstellungen > Regeln für den Support“ stehen
    }
pass-on-self-assigned = der Support hat den Fall { $case }, „{ $title }“, selbst eröffnet und darf ohne Sie nicht daran arbeiten.
    .act = Wenn Sie einverstanden sind, genehmigen Sie das hier:
    .end = Die Genehmigung gibt niemandem Zugriff. Müssen wir hineinsehen, ist das eine eigene Anfrage auf derselben Seite.

# Was eine Supportkraft in einem Fall getan hat, für sie selbst.

looked = Was Sie angesehen haben
looked-link = Was Sie in diesem Fall angesehen haben
looked-lead = Was Sie in diesem Fall angefragt und geöffnet haben und was abgelehnt wurde, Neuestes zuerst. Der Kunde sieht dasselbe.
looked-nothing = Sie haben in diesem Fall noch nichts getan.
