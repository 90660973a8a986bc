# Warum das Gateway eine Anfrage ablehnt.

gateway-no-session = Unter dieser Adresse gibt es keine Sitzung
    .why = Die Sitzung ist beendet, oder es gab hier nie eine.
    .next = Starten Sie in Countersign vom Fall aus eine neue Sitzung, sofern der Zugriff noch freigegeben ist.
gateway-not-entered = Diese Sitzung ist hier nicht geöffnet
    .why = Die Anfrage trägt weder das Cookie noch das Token dieser Sitzung, oder das falsche.
    .next = Öffnen Sie den Link der Sitzung in dem Browser, in dem Sie bei Countersign angemeldet sind, oder senden Sie das Token der Sitzung als Countersign-Session.
gateway-over = Diese Sitzung ist beendet
    .why = Der Kunde hat den Zugriff entzogen, oder die Sitzung wurde beendet, war zu lange ohne Aktivität, oder ihre Zeit ist um.
    .next = Starten Sie in Countersign vom Fall aus eine neue Sitzung, sofern der Zugriff noch freigegeben ist.
gateway-not-live = Für diesen Fall ist zurzeit kein Zugriff freigegeben
    .why = Der Kunde hat den Zugriff beendet, oder seine Zeit ist um.
    .next = Fragen Sie in Countersign vom Fall aus beim Kunden Zugriff an.
gateway-write = Der Support kann ansehen, nicht ändern
    .why = Diese Anfrage würde etwas ändern, und der Zugriff, den der Kunde freigegeben hat, umfasst das nicht. An das Produkt wurde nichts gesendet.
    .next = Bitten Sie den Kunden um diese Änderung. Gehen Sie im Browser dahin zurück, wo Sie waren: Was Sie eingegeben haben, ist noch da.
gateway-not-declared = Niemand hat erklärt, dass dies nur liest
    .why = Der Support sieht von diesem Produkt, was das Betriebsteam als lesend erklärt hat; dies gehört nicht dazu.
    .next = Suchen Sie eine andere Seite, die dasselbe zeigt, oder bitten Sie das Betriebsteam von Countersign, diese zu erklären.
gateway-unknown-effect = Es ist nicht bekannt, dass dies nur liest
    .why = Nur Anfragen, von denen bekannt ist, dass sie nur lesen, gehen durch; diese gehört nicht dazu. An das Produkt wurde nichts gesendet.
    .next = Gehen Sie zurück und suchen Sie eine andere Seite, die dasselbe zeigt, oder fragen Sie den Kunden.
gateway-overridden = Die Anfrage verlangt zwei Methoden
    .why = Ein Header oder Parameter ersetzt die Methode der Anfragezeile; die Anfrage könnte also etwas ändern.
    .next = Senden Sie die Anfrage ohne diese Ersetzung.
gateway-duplicate-credentials = Die Anfrage ist mehrdeutig
    .why = Ein Sitzungs-Cookie oder -Token kommt mehr als einmal vor.
    .next = Senden Sie jedes einmal. Im Browser löschen Sie die Cookies dieser Adresse und öffnen die Sitzung neu.
gateway-bad-authority = Die Anfrage ist mehrdeutig
    .why = Der Host-Header fehlt, kommt mehr als einmal vor oder weicht von der Adresse in der Anfragezeile ab.
    .next = Senden Sie genau einen Host-Header mit der Adresse der Sitzung.
gateway-listed-in-connection = Die Anfrage ist mehrdeutig
    .why = Der Connection-Header verlangt, einen Header zu entfernen, auf den es ankommt.
    .next = Senden Sie die Anfrage ohne dies.
gateway-from-elsewhere = Eine andere Seite hat diese Anfrage gesendet
    .why = Anfragen einer Sitzung kommen von den Seiten der Sitzung selbst; von anderswo darf nur ein Link hierher führen.
    .next = Öffnen Sie die Seite aus der Sitzung heraus.
gateway-service-worker = Service Worker gibt es hier nicht
    .why = Ein Service Worker würde noch antworten, wenn die Sitzung schon beendet ist.
    .next = Sie müssen nichts tun; die Seite funktioniert ohne.
gateway-cannot-be-sure = Es ist nicht sicher, dass der Zugriff noch gilt
    .why = Das Gateway erreicht sein Protokoll nicht oder holt gerade auf, und es lehnt alles ab, dessen es nicht sicher sein kann.
    .next = Versuchen Sie es gleich noch einmal.
gateway-end-unknown = Es ist nicht sicher, dass die Sitzung beendet ist
    .why = Das Gateway konnte nicht sehen, dass sie überall beendet ist. Sie kann schon beendet sein oder noch laufen.
    .next = Gehen Sie zurück und wählen Sie gleich noch einmal „Sitzung beenden“.
gateway-no-upstream = Hinter dieser Sitzung steht kein Produkt
    .why = Das Betriebsteam hat nicht angegeben, wo das Produkt dieses Kunden ist.
    .next = Bitten Sie das Betriebsteam von Countersign, den Upstream einzutragen.
gateway-upstream-failed = Das Produkt hat nicht geantwortet
    .why = Es war nicht erreichbar oder brach ab, bevor es antwortete.
    .next = Versuchen Sie es gleich noch einmal; bleibt es dabei, sagen Sie dem Betrieb des Produkts Bescheid.
gateway-upstream-slow = Das Produkt hat zu lange gebraucht
    .why = Es begann nicht rechtzeitig zu antworten.
    .next = Versuchen Sie es gleich noch einmal; bleibt es dabei, sagen Sie dem Betrieb des Produkts Bescheid.
gateway-upstream-untrusted = Das Produkt konnte nicht beweisen, dass es das Produkt ist
    .why = Countersign vertraut seinem Zertifikat nicht; deshalb wurde nichts dorthin gesendet.
    .next = Sagen Sie dem Betriebsteam von Countersign Bescheid: Das Zertifikat oder die Zertifizierungsstelle, der für Produkte vertraut wird, muss berichtigt werden.
gateway-body-incomplete = Die Anfrage kam nicht vollständig an
    .why = Ihr Inhalt brach ab oder brauchte zu lange; das Produkt hat sie deshalb nicht vollständig erhalten.
    .next = Senden Sie die Anfrage noch einmal.
gateway-no-room = Zu viele Inhalte auf einmal
    .why = Es werden gerade die Inhalte so vieler Anfragen geprüft, dass für diese kein Platz ist; an das Produkt ging nichts davon.
    .next = Versuchen Sie es gleich noch einmal, und senden Sie weniger auf einmal.
gateway-too-many-requests = Zu viele Anfragen auf einmal
    .why = Es sind so viele Anfragen dieser Sitzung unterwegs, wie es gleichzeitig sein dürfen.
    .next = Warten Sie, bis einige fertig sind, und senden Sie weniger auf einmal.
gateway-misdirected = Diese Verbindung gehört zu einer anderen Sitzung
    .why = Eine HTTP/2-Verbindung, oder eine für einen anderen Namen, dient nur der Sitzung, für die sie aufgebaut wurde.
    .next = Senden Sie die Anfrage auf einer eigenen Verbindung; ein Browser tut das von selbst.
gateway-leads-to-us = Das Produkt leitet zu Countersign um
    .why = Ein Produkt darf einen Browser in einer Sitzung nicht auf die Seiten von Countersign oder zu anderen Sitzungen schicken.
    .next = Sagen Sie dem Betrieb des Produkts Bescheid.
gateway-not-found = Diese Seite gibt es nicht
    .why = Diese Adresse ist dem Gateway vorbehalten, und hier ist nichts.
    .next = Gehen Sie zur Startseite der Sitzung.
gateway-bad-link = Dieser Link ist nicht vollständig
    .why = Ein Teil der Adresse fehlt oder ist beschädigt.
    .next = Öffnen Sie die Sitzung in Countersign vom Fall aus neu.
gateway-other-browser = Dieser Browser hat den Link nicht geöffnet
    .why = Eine Sitzung wird in dem Browser betreten, in dem ihr Link geöffnet wurde.
    .next = Öffnen Sie die Sitzung in Countersign vom Fall aus neu.
gateway-ambiguous = Die Anfrage ist mehrdeutig
    .why = Server könnten sie unterschiedlich lesen (technischer Grund: { $reason }).
    .next = Senden Sie sie in einfacher Form. Eine Seite, die diese Form braucht, kann dem Support nicht gezeigt werden.
gateway-unknown-body = Es ist nicht bekannt, dass dies nur liest
    .why = Nur Anfragen, von denen bekannt ist, dass sie nur lesen, gehen durch (technischer Grund: { $reason }).
    .next = Gehen Sie zurück und suchen Sie eine andere Seite, die dasselbe zeigt, oder fragen Sie den Kunden.

# Warum eine Sitzung keinen Zugriff mehr gibt, für die Person, die darin war.

over-ask-again = Wenn Sie noch hineinsehen müssen, fragen Sie vom Fall aus erneut an und geben Sie den Link an den Kunden weiter.
over-start-again = Starten Sie vom Fall aus eine neue Sitzung, solange der Zugriff freigegeben ist.
over-by-agent = Sie haben diese Sitzung beendet
    .why = Sie haben sie hier oder in einem anderen Tab beendet.
over-by-approver = Der Kunde hat diese Sitzung beendet
    .why = Ein Admin des Kunden hat sie beendet.
    .next = Der Zugriff selbst kann noch freigegeben sein. Fragen Sie den Kunden, bevor Sie vom Fall aus eine weitere Sitzung starten.
over-revoked = Der Kunde hat den Zugriff entzogen
    .why = Ein Admin des Kunden hat die Freigabe für diesen Fall zurückgenommen.
over-expired = Der Zugriff ist abgelaufen
    .why = Die Zeit, die der Kunde freigegeben hat, ist um.
over-case-closed = Der Fall wurde geschlossen
    .why = Zugriff gibt es nur für offene Fälle.
    .next = Gibt es noch etwas zu tun, lassen Sie den Fall wieder öffnen und fragen Sie erneut an.
over-left-team = Sie sind nicht mehr an diesem Fall
    .why = Der Zugriff gilt für die Supportkräfte im Team des Falls, und Sie wurden daraus entfernt.
    .next = Wenden Sie sich an die Person, die den Fall führt, falls Sie wieder dazugehören sollen.
over-agent-deactivated = Ihr Konto wurde deaktiviert
    .why = Deaktivierte Konten haben keinen Zugriff.
    .next = Wenden Sie sich an das Betriebsteam von Countersign.
over-agent-signed-out = Sie haben sich abgemeldet
    .why = Sie haben sich beim Anmeldedienst Ihres Unternehmens abgemeldet, oder er zählt Sie nicht mehr zum Support. Damit endet jede Sitzung.
    .next = Melden Sie sich wieder an und öffnen Sie den Fall.
over-subject-deactivated = Die Person, in deren Namen Sie hineingesehen haben, ist nicht mehr aktiv
    .why = Der Zugriff wurde im Namen dieser Person freigegeben, und ihr Konto wurde deaktiviert.
    .next = Fragen Sie vom Fall aus erneut an, im Namen einer anderen Person.
over-blocked = Der Kunde hat jeden Supportzugriff gesperrt
    .why = Ein Super-Admin des Kunden hat das für alle Fälle getan.
    .next = Nur der Kunde kann die Sperre aufheben. Wenden Sie sich außerhalb von Countersign an ihn.
over-upstream-changed = Das Produkt des Kunden ist neu eingestellt
    .why = Das Betriebsteam hat geändert, wo es ist oder welche Anfragen daran Lesen sind; das beendet dort laufende Sitzungen.
over-rules-widened = Der Kunde muss neu freigeben
    .why = Der Anbieter lässt jetzt Anfragen durch, die abgelehnt wurden, als der Kunde den Zugriff freigab. Denen hat der Kunde nicht zugestimmt, darum ist der Zugriff beendet.
    .next = Die Anfrage bleibt bestehen. Geben Sie den Link noch einmal weiter: Der Kunde liest, was sich geändert hat, und gibt neu frei.
over-too-long = Diese Sitzung hat ihr Zeitlimit erreicht
    .why = Eine Sitzung dauert begrenzt, wie lange der Zugriff auch freigegeben ist.
over-idle = Diese Sitzung wurde mangels Aktivität beendet
    .why = In ihr wurde zu lange nichts geöffnet.
over-unknown = Diese Sitzung ist beendet
    .why = Der Kunde hat den Zugriff entzogen, oder die Sitzung wurde beendet, war zu lange ohne Aktivität, oder ihre Zeit ist um.
    .next = Sehen Sie am Fall nach, ob der Zugriff noch freigegeben ist.

# Die Seiten über eine Sitzung.

session-page = Ihre Supportsitzung
session-page-lead = Sie sehen, was der Kunde sieht. Alles, was Sie öffnen, steht im Protokoll des Kunden.
session-page-customer = Kunde
session-page-case = Fall
session-page-as = Ansicht als
session-page-how = Was durchkommt
session-page-agent = Support
session-page-ends = Endet
session-page-idle = Endet ohne Aktivität
session-page-idle-hint = { $left }; jede Seite, die Sie öffnen, lässt diese Zeit neu beginnen
session-page-end = Sitzung beenden
session-page-product = Zurück zum Produkt
session-ended = Sitzung beendet
session-ended-lead = In ihr lässt sich nichts mehr öffnen, weder hier noch anderswo, und noch offene Seiten zeigen nichts Neues. Was dieser Browser vom Produkt des Kunden behalten hatte, wurde gelöscht.
session-ended-next = Schließen Sie diesen Tab. Solange die Freigabe des Kunden gilt, können Sie vom Fall aus eine weitere Sitzung öffnen.

# Das Banner über den Seiten des Produkts.

banner-name = Supportsitzung über Countersign
banner-read-only = Nur lesen
banner-read-only-but = Nur lesen, mit Ausnahmen
banner-declared =
    { $count ->
        [one] { $count } Art von Anfragen, die etwas ändern könnte, ist für harmlos erklärt und kommt durch
       *[other] { $count } Arten von Anfragen, die etwas ändern könnten, sind für harmlos erklärt und kommen durch
    }
# Wird vor dem Namen des Kunden vorgelesen.
banner-session-in = Supportsitzung bei
banner-case = Fall
banner-case-title = Fall { $number }: { $title }
banner-as = als
banner-until = bis
banner-details = Details
banner-end = Sitzung beenden
banner-hide = Ausblenden
banner-show = Sitzung anzeigen
banner-time-is-up = Zeit ist um
banner-unreachable = Gateway nicht erreichbar, neuer Versuch läuft
banner-idle-left = { $left } ohne Aktivität
banner-ends-in =
    { $minutes ->
        [one] Der Supportzugriff endet in { $minutes } Minute.
       *[other] Der Supportzugriff endet in { $minutes } Minuten.
    }
banner-idle-ends-in =
    { $minutes ->
        [one] Ohne Aktivität endet die Supportsitzung in { $minutes } Minute.
       *[other] Ohne Aktivität endet die Supportsitzung in { $minutes } Minuten.
    }
banner-over = Diese Sitzung ist beendet
    .why = Sie wurde in einem anderen Tab beendet, oder der Zugriff wurde entzogen oder ist abgelaufen.
    .next = Sehen Sie am Fall nach, ob der Zugriff noch freigegeben ist. Wenn ja, starten Sie dort eine neue Sitzung.
