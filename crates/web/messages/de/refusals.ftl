# Warum eine Regel ablehnt: was geschehen ist, warum, und was zu tun ist. Die Codes sind die der Domäne.

refusal-impersonation-cannot-act = Im Identitätswechsel ist das nicht möglich
    .why = Sie sehen dies im Namen einer anderen Person, und im Identitätswechsel lässt sich nichts genehmigen, ändern oder starten.
    .next = Beenden Sie die Supportsitzung und melden Sie sich mit Ihrem eigenen Konto an.
refusal-caller-inactive = Ihr Konto ist deaktiviert
    .why = Ihr Konto wurde deaktiviert und kann hier nichts mehr tun.
    .next = Bitten Sie die Stelle, die Konten verwaltet, es wieder zu aktivieren.
refusal-org-not-found = Organisation nicht gefunden
    .why = Diese Organisation gibt es nicht, oder sie ist für Sie nicht sichtbar.
    .next = Prüfen Sie den Kurznamen, oder melden Sie sich mit einem Konto an, das zu ihr gehört.
refusal-case-not-found = Fall nicht gefunden
    .why = Diesen Fall gibt es nicht, oder er ist für Sie nicht sichtbar.
    .next = Prüfen Sie die Nummer. Als Supportkraft lassen Sie sich ins Team des Falls aufnehmen.
refusal-session-not-found = Sitzung nicht gefunden
    .why = Diese Sitzung gibt es nicht, oder sie ist für Sie nicht sichtbar.
    .next = Prüfen Sie die Kennung, oder sehen Sie sich den zugehörigen Fall an.
refusal-person-not-found = Person nicht gefunden
    .why = Diese Person gibt es nicht, oder sie ist für Sie nicht sichtbar.
    .next = Prüfen Sie die E-Mail-Adresse.
refusal-only-operators = Nur für das Betriebsteam
    .why = Das darf nur das Betriebsteam dieser Installation.
    .next = Wenden Sie sich an das Plattformteam des Anbieters.
refusal-only-directories = Nur für Verzeichnisse
    .why = Das darf nur das Verzeichnis, aus dem diese Personen kommen.
    .next = Nehmen Sie die Änderung in diesem Verzeichnis vor.
refusal-only-super-admins = Nur für Super-Admins
    .why = Das darf nur ein Super-Admin der Organisation.
    .next = Wenden Sie sich an einen Super-Admin Ihrer Organisation.
refusal-only-approvers = Nur für Freigabeberechtigte des Falls
    .why = Das dürfen nur Freigabeberechtigte, also Super-Admins der Organisation oder der Admin, der den Fall eröffnet hat.
    .next = Wenden Sie sich an eine dieser Personen.
refusal-only-super-admins-approve-here = Hier geben nur Super-Admins frei
    .why = Sie haben diesen Fall eröffnet, aber in Ihrer Organisation geben nur Super-Admins Supportzugriff frei.
    .next = Wenden Sie sich an einen Super-Admin Ihrer Organisation.
refusal-opener-not-attested = Wer den Fall eröffnet hat, kann ihn nicht freigeben
    .why = Dass Sie diesen Fall eröffnet haben, geht nur aus den Daten des Anbieters hervor; Ihre Organisation verlangt von Freigabeberechtigten mehr.
    .next = Wenden Sie sich an einen Super-Admin Ihrer Organisation.
refusal-only-team-agents = Nur für Supportkräfte des Falls
    .why = Das darf nur eine Supportkraft aus dem Team des Falls.
    .next = Melden Sie sich als solche an, oder wenden Sie sich an jemanden aus dem Team.
refusal-only-requester = Nur für die Person, die angefragt hat
    .why = Nur die Supportkraft, die den Zugriff angefragt hat, darf die Anfrage zurückziehen.
    .next = Wenden Sie sich an sie, oder fragen Sie selbst Zugriff an; das ersetzt die bisherige Anfrage.
refusal-only-session-parties = Diese Sitzung können Sie nicht beenden
    .why = Beenden dürfen sie nur die Supportkraft, der die Sitzung gehört, und Freigabeberechtigte des Falls.
    .next = Wenden Sie sich an eine dieser Personen.
refusal-pinned-to-earlier-team = Der Zugriff gilt für das frühere Team
    .why = Der Kunde hat den Supportkräften Zugriff gegeben, die damals im Team waren; Sie sind später dazugekommen.
    .next = Bitten Sie den Kunden, das Häkchen zu entfernen und neu zu setzen, oder lassen Sie jemanden aus dem früheren Team nachsehen.
refusal-not-yours-to-close = Diesen Fall können Sie nicht schließen
    .why = Schließen dürfen ihn nur das Betriebsteam, Freigabeberechtigte und Supportkräfte aus dem Team.
    .next = Wenden Sie sich an eine dieser Personen.
refusal-not-yours-to-reopen = Diesen Fall können Sie nicht wieder öffnen
    .why = Wieder öffnen dürfen ihn nur das Betriebsteam und Freigabeberechtigte, nicht aber Supportkräfte.
    .next = Wenden Sie sich an den Kunden, oder öffnen Sie den Fall im Ticketsystem erneut.
refusal-not-yours-to-open = Diesen Fall können Sie nicht eröffnen
    .why = Sie können einen Fall nur in Ihrem eigenen Namen eröffnen.
    .next = Lassen Sie weg, wer ihn eröffnet hat, oder lassen Sie ihn vom Ticketsystem eröffnen.
refusal-team-is-for-operators = Teams legt das Betriebsteam fest
    .why = Wer an einem Fall arbeitet, legt das Ticketsystem des Anbieters fest.
    .next = Lassen Sie das Team weg, oder lassen Sie es dort ändern.
refusal-number-is-for-operators = Fallnummern vergibt das Betriebsteam
    .why = Fallnummern vergibt das Ticketsystem.
    .next = Lassen Sie die Nummer weg; der Fall bekommt dann eine.
refusal-not-yours-to-mint = Das können Sie nicht ausstellen
    .why = Anmeldelinks und Token stellen nur die Person selbst und das Betriebsteam aus.
    .next = Wenden Sie sich an eine dieser Stellen.
refusal-case-closed = Der Fall ist geschlossen
    .why = Der Fall ist geschlossen, und ein geschlossener Fall gibt keinen Zugriff.
    .next = Öffnen Sie ihn zuerst wieder; das können Freigabeberechtigte und das Betriebsteam.
refusal-nothing-requested = Niemand hat Zugriff angefragt
    .why = Seit der Fall eröffnet wurde, hat keine Supportkraft Zugriff angefragt; es gibt also nichts freizugeben oder zurückzuziehen.
    .next = Zuerst muss eine Supportkraft anfragen.
refusal-request-already-granted = Die Anfrage wurde freigegeben
    .why = Der Kunde hat diese Anfrage schon freigegeben; zurückziehen lässt sie sich nicht mehr.
    .next = Beenden Sie Ihre Sitzungen, oder bitten Sie den Kunden, das Häkchen zu entfernen.
refusal-self-assignment-not-approved = Der selbst zugewiesene Fall ist nicht genehmigt
    .why = Eine Supportkraft hat diesen Fall für sich selbst eröffnet; er gibt keinen Zugriff, bis der Kunde den Fall selbst genehmigt.
    .next = Zuerst müssen Freigabeberechtigte den selbst zugewiesenen Fall genehmigen.
refusal-not-self-assigned = Der Fall ist nicht selbst zugewiesen
    .why = Diesen Fall hat keine Supportkraft für sich selbst eröffnet; es gibt keine Selbstzuweisung zu genehmigen.
    .next = Sie müssen nichts tun.
refusal-support-blocked = Jeder Supportzugriff ist gesperrt
    .why = Ein Super-Admin hat jeden Supportzugriff auf die Organisation gesperrt.
    .next = Die Sperre gilt, bis ein Super-Admin der Organisation sie aufhebt.
refusal-no-agent-on-team = Am Fall arbeitet keine Supportkraft
    .why = Am Fall arbeitet keine aktive Supportkraft; niemand könnte den Zugriff nutzen.
    .next = Geben Sie ihn frei, sobald der Anbieter jemanden eingesetzt hat.
refusal-nothing-to-extend = Es gibt keine Freigabe zu verlängern
    .why = Der Zugriff wurde nie freigegeben, ist entzogen worden oder wurde freigegeben, bevor der Anbieter mehr durchließ; es gibt also nichts zu verlängern.
    .next = Setzen Sie das Häkchen „Identitätswechsel freigeben“, um ihn neu freizugeben.
refusal-extension-off = Verlängern ist abgeschaltet
    .why = Ihre Organisation hat das Verlängern von Zugriff abgeschaltet.
    .next = Setzen Sie nach dem Ablauf das Häkchen neu, oder lassen Sie die Einstellung von einem Super-Admin ändern.
refusal-changed-since-shown = Der Fall hat sich inzwischen geändert
    .why = Der Fall hat sich geändert, seit Sie ihn angesehen haben; deshalb wurde nichts getan.
    .next = Sehen Sie ihn noch einmal an und entscheiden Sie dann.
refusal-access-not-live = Zurzeit ist kein Zugriff freigegeben
    .why = Der Kunde hat für diesen Fall keinen Zugriff freigegeben, oder der Zugriff ist abgelaufen oder entzogen worden.
    .next = Fragen Sie Zugriff an und geben Sie den Link an den Kunden weiter.
refusal-subject-inactive = Die Person, in deren Namen Sie handeln würden, ist deaktiviert
    .why = Die Person, in deren Namen Sie handeln würden, wurde seit der Anfrage deaktiviert.
    .next = Fragen Sie erneut an und nennen Sie einen anderen aktiven Admin der Organisation.
refusal-link-used = Der Link wurde schon benutzt
    .why = Dieser Link öffnet eine Sitzung ein einziges Mal und wurde schon geöffnet.
    .next = Starten Sie vom Fall aus eine neue Sitzung.
refusal-link-expired = Der Link ist zu alt
    .why = Dieser Link gilt nur wenige Minuten und ist inzwischen zu alt.
    .next = Starten Sie vom Fall aus eine neue Sitzung.
refusal-link-wrong = Der Link passt nicht
    .why = Dieser Link gehört nicht zu der Sitzung oder nicht zu diesem Browser.
    .next = Öffnen Sie ihn in dem Browser, in dem Sie angemeldet sind, oder starten Sie vom Fall aus eine neue Sitzung.
refusal-session-over = Die Sitzung ist beendet
    .why = Diese Sitzung wurde von jemandem, durch eine Regel oder durch ihr Zeitlimit beendet.
    .next = Ist der Zugriff noch freigegeben, starten Sie vom Fall aus eine neue Sitzung.
refusal-no-upstream = Das Produkt der Organisation ist nicht angebunden
    .why = Für diese Organisation ist keine Adresse des Produkts bekannt; es gibt also nichts anzusehen.
    .next = Bitten Sie das Betriebsteam, den Upstream der Organisation einzutragen.
refusal-number-taken = Die Fallnummer ist vergeben
    .why = Ein anderer Fall dieser Installation hat diese Nummer.
    .next = Wählen Sie eine andere.
refusal-slug-taken = Der Kurzname ist vergeben
    .why = Eine andere Organisation hat diesen Kurznamen.
    .next = Wählen Sie einen anderen.
refusal-host-taken = Der Hostname ist vergeben
    .why = Eine andere Organisation hat einen dieser Hostnamen; geändert wurde nichts.
    .next = Wählen Sie einen anderen, oder nehmen Sie ihn zuerst der anderen Organisation.
refusal-host-reserved = Der Hostname gehört zu dieser Installation
    .why = Einer dieser Namen ist der von Konsole oder Gateway dieser Installation oder liegt unter dem des Gateways, wo die Supportsitzungen ihre Namen haben. Geändert wurde nichts.
    .next = Wählen Sie einen Namen, der keins von beidem ist.
refusal-host-twice = Derselbe Hostname steht zweimal da
    .why = Eine Liste mit einem doppelten Namen war vielleicht anders gemeint; geändert wurde nichts.
    .next = Nennen Sie jeden Hostnamen einmal.
refusal-too-many-hosts = Zu viele Hostnamen
    .why = Eine Organisation darf { $most } eigene Hostnamen haben.
    .next = Lassen Sie einige weg.
refusal-email-taken = Die E-Mail-Adresse ist vergeben
    .why = Diese E-Mail-Adresse wird hier schon verwendet.
    .next = Nehmen Sie eine andere, oder das Konto, das es schon gibt.
refusal-subject-unknown = Die Person, in deren Namen Sie handeln würden, ist unbekannt
    .why = Die genannte Person ist kein aktiver Admin der Organisation des Falls.
    .next = Prüfen Sie die E-Mail-Adresse, oder lassen Sie sie weg, um im Namen der Person zu handeln, die den Fall eröffnet hat.
refusal-opener-unknown = Wer den Fall eröffnet hat, ist unbekannt
    .why = Die Person, die den Fall eröffnet haben soll, ist weder aktiver Admin dieser Organisation noch aktive Supportkraft.
    .next = Prüfen Sie die E-Mail-Adresse.
refusal-agent-unknown = Die Supportkraft ist unbekannt
    .why = Es gibt keine aktive Supportkraft mit dieser E-Mail-Adresse.
    .next = Prüfen Sie die Adresse, oder lassen Sie die Supportkraft vom Betriebsteam anlegen oder wieder aktivieren.
refusal-duration-out-of-range = Die Standarddauer liegt außerhalb des Erlaubten
    .why = Ein Häkchen kann Zugriff für 15 Minuten bis 24 Stunden geben.
    .next = Wählen Sie eine Standarddauer in diesem Bereich.
refusal-expiration-too-early = Der Ablauf ist zu früh
    .why = Verlängern verkürzt einen Zugriff nie; dieser Zeitpunkt ist vorbei oder liegt vor dem jetzigen Ablauf.
    .next = Wählen Sie einen späteren, oder entfernen Sie das Häkchen, um den Zugriff jetzt zu beenden.
refusal-expiration-too-late = Der Ablauf liegt zu weit in der Zukunft
    .why = Zugriff lässt sich höchstens bis einen Tag ab jetzt verlängern.
    .next = Wählen Sie einen Ablauf nicht später als { $latest }.
refusal-text = Ein Feld ist nicht richtig ausgefüllt
    .why = Das Feld „{ $field }“ { $error }.
    .next = Korrigieren Sie es und versuchen Sie es noch einmal.

# Was an einem Text nicht stimmt; vorn steht „Dieser Text“ oder „Das Feld „…““.

text-error-blank = darf nicht leer sein
text-error-too-short = muss mindestens { $min } Zeichen haben
text-error-too-long = darf höchstens { $max } Zeichen haben
text-error-control = darf keine Steuerzeichen enthalten
text-error-form = hat nicht die erwartete Form
text-is-wrong = Dieser Text { $error }.

refusal-credential-not-found = Diese Zugangsdaten gibt es nicht
    .why = Diese Zugangsdaten gibt es nicht, oder Sie dürfen sie nicht sehen.
    .next = Prüfen Sie die Kennung; sie steht in der Liste der Zugangsdaten.

refusal-operators-see-no-sessions = Sitzungen sind nichts für das Betriebsteam
    .why = Was der Support bei einem Kunden tut, sehen der Kunde und die Person selbst, nicht aber das Betriebsteam.
    .next = Fragen Sie jemanden, der für diesen Fall genehmigen darf, oder die Person selbst.

refusal-operators-sign-in-nowhere = Kein Anmeldelink für das Betriebsteam
    .why = Ein Anmeldelink ist für Admins eines Kunden oder für den Support; das Betriebsteam ist beides nicht.
    .next = Nennen Sie, für wen er ist. Das Betriebsteam meldet sich in der Konsole unter /operator mit einem API-Token an.

refusal-too-many-sessions = Zu viele Sitzungen gleichzeitig
    .why = Es laufen so viele Ihrer Sitzungen, wie gleichzeitig laufen dürfen ({ $most }).
    .next = Beenden Sie zuerst eine davon, bei einem dieser Fälle: { $cases }.

refusal-credential-not-accepted = Ihre Anmeldung ist noch nicht angenommen
    .why = Ihre Organisation ist beansprucht, und niemand dort hat angenommen, womit Sie sich angemeldet haben; es stammt vom Anbieter.
    .next = Melden Sie sich mit Ihrem Passkey an, oder bitten Sie einen Super-Admin, es in den Einstellungen anzunehmen.

refusal-credential-refused = Ihre Anmeldung wurde abgelehnt
    .why = Ein Super-Admin Ihrer Organisation hat abgelehnt, womit Sie sich angemeldet haben; es bewirkt nichts mehr.
    .next = Melden Sie sich mit Ihrem Passkey an, oder bitten Sie um einen anderen Link.

refusal-admin-not-accepted = Ihr Konto ist noch nicht angenommen
    .why = Ihre Organisation ist beansprucht; der Anbieter hat Ihr Konto angelegt oder wieder freigeschaltet, und niemand dort hat es angenommen.
    .next = Bitten Sie einen Super-Admin Ihrer Organisation, Sie in den Einstellungen anzunehmen.

refusal-org-not-claimed = Noch muss nichts angenommen werden
    .why = Kein Super-Admin hat die Organisation beansprucht; was der Anbieter anlegt, gilt daher auch so.
    .next = Um sie zu beanspruchen, meldet sich ein Super-Admin mit einem Passkey an.

refusal-already-refused = Es wurde endgültig abgelehnt
    .why = Ein Super-Admin der Organisation hat es abgelehnt, und das gilt endgültig.
    .next = Legen Sie ein neues an; eine Person kann ein Super-Admin der Organisation wieder freischalten.

refusal-already-accepted = Es wurde bereits angenommen
    .why = Es gilt schon als etwas Eigenes der Organisation; es gibt nichts mehr abzulehnen.
    .next = Entfernen Sie es, oder deaktivieren Sie die Person.

refusal-role-not-proposed = Eine solche Rolle wartet nicht
    .why = Für diese Person wartet keine solche Rolle, oder sie wurde inzwischen zurückgenommen.
    .next = Sehen Sie noch einmal in die Einstellungen.

refusal-last-super-admin = Niemand sonst könnte für die Organisation handeln
    .why = Ohne diese Person bliebe kein Super-Admin mit angenommenem Passkey, und niemand könnte mehr für die Organisation handeln.
    .next = Nehmen Sie zuerst einen weiteren Super-Admin mit Passkey an, oder befördern Sie einen.

refusal-last-passkey = Niemand könnte sich für die Organisation anmelden
    .why = Dies ist der letzte Passkey, mit dem sich ein Super-Admin anmelden und für die Organisation handeln kann.
    .next = Fügen Sie zuerst einen weiteren hinzu, oder nehmen Sie den eines anderen Super-Admins an.

refusal-issuer-not-found = Diesen Anmeldedienst gibt es nicht
    .why = Ihre Organisation hat keinen solchen OpenID-Anmeldedienst, oder nicht mehr.
    .next = Sehen Sie noch einmal in die Liste.

refusal-issuer-taken = Diesen Anmeldedienst gibt es schon
    .why = Die Organisation nimmt das Wort dieses Ausstellers bereits an.
    .next = Ändern Sie den vorhandenen, oder entfernen Sie ihn zuerst.

refusal-too-many-issuers = Zu viele Anmeldedienste
    .why = Eine Organisation kann 5 OpenID-Anmeldedienste haben, und so viele sind es.
    .next = Entfernen Sie zuerst einen, der nicht mehr benutzt wird.

refusal-issuer-domains = Keine E-Mail-Domain oder zu viele
    .why = Ein Anmeldedienst spricht für mindestens 1 und höchstens 20 E-Mail-Domains.
    .next = Geben Sie an, welche Domains die Adressen Ihrer Leute haben.

refusal-issuer-is-the-customers = Dieser Anmeldedienst gehört dem Kunden
    .why = Die Organisation ist beansprucht, und das Wort dieses Dienstes zählt dort: Nur ihre Super-Admins können ihn entfernen.
    .next = Wenden Sie sich an einen Super-Admin dieser Organisation.

refusal-last-way-in = Niemand könnte sich für die Organisation anmelden
    .why = Ohne dies könnte kein angenommener Super-Admin sich mehr anmelden und für die Organisation handeln.
    .next = Fügen Sie zuerst einen Passkey hinzu, oder nehmen Sie den eines anderen Super-Admins an.

refusal-not-staff = Sie gehören hier nicht zum Support
    .why = Der Anmeldedienst des Anbieters kennt Sie, sagt aber nicht, dass Sie hier herein dürfen: Sie sind in keiner der Gruppen dafür, oder es gibt keine aktive Supportkraft mit der Adresse, die er bestätigt.
    .next = Fragen Sie die Stelle, die die Gruppen Ihres Unternehmens verwaltet, oder das Betriebsteam von Countersign.

refusal-fresh-sign-in = Zeigen Sie noch einmal, dass Sie es sind
    .why =
        { $within ->
            [one] Um in das System eines Kunden zu sehen, müssen Sie sich in der letzten Minute beim Anmeldedienst Ihres Unternehmens ausgewiesen haben.
           *[other] Um in das System eines Kunden zu sehen, müssen Sie sich in den letzten { $within } Minuten beim Anmeldedienst Ihres Unternehmens ausgewiesen haben.
        }
    .next = Melden Sie sich dort noch einmal an. Ein Programm kann das nicht: Eine solche Sitzung wird in der Konsole begonnen.

refusal-open-id-unknown = Der Anmeldedienst kennt Sie, hier kennt Sie niemand
    .why = Zu dem, was der Anmeldedienst sagte, gehört kein aktives Konto dieser Organisation: Es gibt keines mit dieser Adresse in einer Domain, für die er spricht, oder er kennt eine andere Person darunter.
    .next = Fragen Sie einen Super-Admin Ihrer Organisation, ob Sie hier ein Konto haben, und mit welcher Adresse.

refusal-open-id-otherwise = Mit dieser Adresse kam schon jemand anderes
    .why = Mit dieser Adresse hat sich hier schon ein Konto mit anderer Kennung oder bei einem anderen Dienst angemeldet. Deshalb gilt dieses nicht als dieselbe Person.
    .next = Wurde das Konto bei Ihrem Anmeldedienst neu angelegt, bitten Sie einen Super-Admin Ihrer Organisation, die alte Verknüpfung in den Einstellungen zu lösen.

refusal-nothing-to-seal-with = Das Client-Secret lässt sich nicht aufbewahren oder lesen
    .why = Dieser Server hat keinen Schlüssel, um Geheimnisse zu versiegeln, oder nicht den, mit dem dieses versiegelt wurde.
    .next = Bitten Sie das Betriebsteam, den Siegelschlüssel zu setzen, oder nehmen Sie einen Client ohne Secret.

refusal-sign-in-too-old = Ihre Anmeldung liegt zu lange zurück
    .why = Einen Passkey können Sie nur in den ersten 15 Minuten nach der Anmeldung hinzufügen, damit es niemand an einem verlassenen Schreibtisch tut.
    .next = Melden Sie sich neu an, und fügen Sie ihn dann hinzu.

refusal-too-many-passkeys = Zu viele Passkeys
    .why = Eine Person kann 20 Passkeys haben, und so viele haben Sie.
    .next = Entfernen Sie zuerst einen, den Sie nicht mehr benutzen.

refusal-passkey-taken = Dieser Passkey ist schon registriert
    .why = Genau dieser Passkey ist schon registriert; es wurde nichts hinzugefügt.
    .next = Benutzen Sie ihn, oder erstellen Sie einen auf einem anderen Gerät.
