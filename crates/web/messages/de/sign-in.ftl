# Anmelden mit einem Einmal-Link.

sign-in = Anmelden
sign-in-start = Melden Sie sich mit Ihrem Passkey an, mit der Anmeldung Ihrer Organisation oder mit einem persönlichen Link, der einmal gilt.
sign-in-over = Ihre Anmeldung ist beendet
    .lead = Eine Anmeldung gilt begrenzte Zeit. Sie endet auch, wenn jemand in Ihrer Organisation ablehnt oder entfernt, womit Sie kamen, oder Ihr Konto deaktiviert, und wenn Sie sich in diesem Browser neu an- oder abmelden. Melden Sie sich mit Ihrem Passkey neu an, oder holen Sie sich einen neuen Link.
sign-in-out = Sie sind abgemeldet
    .lead = Um zurückzukommen, nehmen Sie Ihren Passkey oder einen neuen Link.
sign-in-first = Melden Sie sich zuerst an
    .lead = Der Link öffnet eine Supportsitzung für die Supportkraft, die sie gestartet hat. Melden Sie sich in diesem Browser an und öffnen Sie den Link dann noch einmal: Er wurde nicht verbraucht.
sign-in-spent = Dieser Link gilt nicht mehr
    .lead = Ein Anmeldelink gilt einmal und nur kurze Zeit. Dieser wurde schon benutzt, ist abgelaufen, wurde abgelehnt oder zurückgenommen oder wurde nicht vollständig kopiert.
sign-in-own-address = { $here } ist die eigene Adresse einer Organisation: Hier melden sich nur deren Admins an. Supportkräfte und das Betriebsteam melden sich unter { $deployment } an.
sign-in-passkeys-elsewhere = Unter dieser Adresse gibt es keine Anmeldung mit Passkey. Mit Ihrem Passkey melden Sie sich unter { $deployment } an.
sign-in-go-there = Weiter zu { $deployment }
sign-in-how = So bekommen Sie einen Link
sign-in-how-admin = <strong>Sie sind Admin bei einem Kunden:</strong> Wenden Sie sich an die Person bei Ihrem Anbieter, die Countersign für Sie eingerichtet hat, oder bitten Sie einen anderen Admin Ihrer Organisation, das weiterzugeben.
sign-in-how-agent = <strong>Sie arbeiten im Support:</strong> Wenden Sie sich an die Stelle, die Countersign für Ihr Team betreibt.
sign-in-how-hint = Wer Countersign betreibt, erstellt einen Link mit <code>countersign login-link</code>. Leiten Sie Ihren nie weiter: Er meldet in Ihrem Namen an.
sign-in-as = Als { $name } anmelden?
sign-in-email = E-Mail
sign-in-once = Dieser Link gilt einmal. Wenn Sie das nicht sind, schließen Sie diese Seite und sagen Sie es der Person, die ihn gesendet hat.
