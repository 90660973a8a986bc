# Wer zur Konsole kam und ging, und was vergeblich versucht wurde. Was jemand getan hat, steht hinter der Adresse.

history-kind-sign-ins = Anmeldungen
history-kind-attempts = Abgewiesene Versuche
somebody = Jemand
somebody-elsewhere = Jemand aus einer anderen Organisation

did-signed-in = hat sich angemeldet
did-signed-out = hat sich abgemeldet
did-sign-in-failed = wollte sich anmelden und wurde nicht eingelassen
did-attempt = hat etwas versucht und wurde abgewiesen

tried-upstream-set = wollte einstellen, wo das Produkt ist und welche Anfragen Lesen sind
tried-hosts-set = wollte die Hostnamen der Organisation einstellen
tried-settings-changed = wollte die Regeln für den Support ändern
tried-blocked = wollte jeden Supportzugriff sperren
tried-unblocked = wollte die Sperre aufheben
tried-admin-created = wollte einen Admin anlegen
tried-admin-role = wollte die Rolle eines Admins ändern
tried-admin-reactivated = wollte einen Admin wieder aktivieren
tried-admin-deactivated = wollte einen Admin deaktivieren
tried-admin-changed = wollte die Angaben eines Admins ändern
tried-admin-removed = wollte einen Admin endgültig entfernen
tried-issuer-added = wollte einen Anmeldedienst hinzufügen
tried-issuer-secret = wollte das Secret eines Anmeldedienstes ändern
tried-issuer-accepted = wollte einen Anmeldedienst annehmen
tried-issuer-removed = wollte einen Anmeldedienst entfernen
tried-openid-unbound = wollte die Verknüpfung einer Person mit einem Anmeldedienst lösen
tried-admin-accepted = wollte einen Admin annehmen
tried-admin-refused = wollte einen Admin ablehnen
tried-role-accepted = wollte eine Rolle für einen Admin annehmen
tried-role-refused = wollte eine Rolle für einen Admin ablehnen
tried-credential-minted = wollte Zugangsdaten erstellen
tried-credential-revoked = wollte Zugangsdaten widerrufen
tried-credential-accepted = wollte Zugangsdaten annehmen
tried-credential-refused = wollte Zugangsdaten ablehnen
tried-passkey-registered = wollte einen Passkey hinzufügen
tried-passkey-removed = wollte einen Passkey entfernen
tried-client-created = wollte einen Dienst-Client erstellen
tried-client-key-added = wollte einem Dienst-Client einen Schlüssel geben
tried-client-key-removed = wollte einem Dienst-Client einen Schlüssel entziehen
tried-client-removed = wollte einen Dienst-Client entfernen
tried-client-accepted = wollte einen Dienst-Client annehmen
tried-client-refused = wollte einen Dienst-Client ablehnen
tried-case-opened = wollte einen Fall eröffnen
tried-case-closed = wollte den Fall schließen
tried-case-reopened = wollte den Fall wieder öffnen
tried-team-joined = wollte eine Supportkraft auf den Fall setzen
tried-team-left = wollte eine Supportkraft vom Fall abziehen
tried-requested = wollte Zugriff anfragen
tried-request-withdrawn = wollte die Zugriffsanfrage zurückziehen
tried-granted = wollte Zugriff freigeben
tried-extended = wollte den Zugriff verlängern
tried-revoked = wollte den Zugriff entziehen
tried-self-approved = wollte den selbst zugewiesenen Fall genehmigen
tried-self-withdrawn = wollte die Genehmigung des selbst zugewiesenen Falls zurückziehen
tried-session-started = wollte eine Sitzung beginnen
tried-link-opened = wollte den Link einer Sitzung öffnen
tried-session-ended = wollte eine Sitzung beenden
tried-token-exchanged = wollte ein Token für Ihr Produkt am Gateway vorbei
tried-token-ended = wollte ein Token am Gateway vorbei beenden

# Was geantwortet wurde, und wie oft es vorher versucht worden war.

tried-answer = Antwort: „{ $answer }“
left-out =
    { $count ->
        [one] Ein weiterer Versuch davor ist nicht aufgeführt.
       *[other] { $count } weitere Versuche davor sind nicht aufgeführt.
    }

# Warum jemand nicht eingelassen wurde, der als diese Person kam.

turned-away-link-used = Als { $who }: Der Anmeldelink war schon verwendet worden.
turned-away-link-expired = Als { $who }: Der Anmeldelink war zu alt.
turned-away-inactive = Als { $who }: Das Konto ist deaktiviert.
turned-away-not-verified = Als { $who }: Der Passkey ließ sich nicht bestätigen.
turned-away-copied = Als { $who }: Der Zähler des Passkeys lief rückwärts. Möglicherweise hat jemand eine Kopie davon.
turned-away-removed = Als { $who }: Der Passkey war entfernt worden.
turned-away-refused = Als { $who }: Womit sich jemand anmelden wollte, war endgültig abgelehnt worden.
turned-away-otherwise = Als { $who }: { $code }
