# Die Listen der Fälle, ein Fall, wie ihn seine Supportkraft sieht, und das Formular, das einen eröffnet.

# Wie es um den Zugriff steht, in ein, zwei Wörtern.

access-not-requested = Nicht angefragt
access-waiting = Wartet auf Freigabe
access-live = Aktiv
access-expired = Abgelaufen
access-revoked = Entzogen
access-self-assignment-waiting = Selbstzuweisung zu genehmigen
access-blocked-by-customer = Vom Kunden gesperrt
access-closed = Geschlossen
# Dasselbe, wie ein Admin es liest.
access-none-asked = Kein Zugriff angefragt
access-granted = Zugriff freigegeben
access-ends-soon = Endet bald
access-removed = Zugriff entzogen
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
my-cases-lead = Offene Fälle, in deren Team Sie sind. Kunden werden nicht benachrichtigt: Geben Sie den Link aus dem Fall weiter.
my-cases-none = Sie sind in keinem offenen Fall. Fälle kommen aus dem Ticketsystem.
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
case-expired = Der Zugriff ist am { $at } abgelaufen. Der Kunde kann ihn mit dem Link unten verlängern oder neu freigeben.
case-revoked = Der Zugriff wurde am { $at } entzogen. Fragen Sie nur mit einem Grund erneut an, den der Kunde noch nicht kennt.
case-self-assignment-waiting = Der Support hat sich diesen Fall selbst zugewiesen. Bis der Kunde das genehmigt, gibt es keinen Zugriff, und nichts kann freigegeben werden. Anfragen können Sie schon; geben Sie den Link weiter.
case-blocked = Der Kunde hat jeden Supportzugriff gesperrt. Anfragen können Sie; freigegeben werden kann nichts, bis er die Sperre aufhebt.
case-closed = Der Fall ist geschlossen, und ein geschlossener Fall gibt keinen Zugriff. Der Kunde oder das Ticketsystem kann ihn wieder öffnen.
case-open-session = Lesende Sitzung öffnen
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
