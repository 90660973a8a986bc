# Einstellungen > Konto.

account = Konto
account-lead = Ihre Organisation, und wer von außen hineinsehen darf.
account-organisation = Organisation
account-name = Name
account-slug = Kurzname
account-you = Sie
account-role = Ihre Rolle
account-zone = Zeiten angezeigt in
role-super-admin = Super-Admin
role-admin = Admin
account-cut-off = Es wurden nur die ersten { $most } offenen Fälle betrachtet. Es gibt weitere: Schließen Sie, was erledigt ist, oder verwenden Sie für den Rest die API.

support-access = Dem Support Zugriff geben
support-access-lead = Der Support kann erst in { $org } hineinsehen, wenn Sie zustimmen: für einen Fall, { $how }, für begrenzte Zeit.
support-access-lead-open = Der Support kann erst in { $org } hineinsehen, wenn Sie zustimmen: für einen Fall, { $how }, für begrenzte Zeit. Ein leeres Kästchen gibt keinen Zugriff, solange es leer bleibt.
support-edit = Bearbeiten
support-edit-what = (Zugriff für den Support)
done = Fertig
support-is-blocked = <strong>Jeder Supportzugriff ist gesperrt</strong>, seit { $at }, durch { $who }. Anfragen bleiben erhalten; freigegeben werden kann keine.
support-is-blocked-open = <strong>Jeder Supportzugriff ist gesperrt</strong>, seit { $at }, durch { $who }. Anfragen bleiben erhalten; keine kann freigegeben, verlängert oder genehmigt werden.
support-unblock = Sperre aufheben

# Was der geschlossene Abschnitt sagt.

summary-none-waiting = Keine Anfrage wartet auf Freigabe
summary-waiting =
    { $count ->
        [one] { $count } Anfrage wartet auf Freigabe
       *[other] { $count } Anfragen warten auf Freigabe
    }
summary-self-assigned-waiting =
    { $count ->
        [one] { $count } selbst zugewiesener Fall wartet auf Genehmigung
       *[other] { $count } selbst zugewiesene Fälle warten auf Genehmigung
    }
summary-live =
    { $agents ->
        [one] <strong>{ $who }</strong> hat Zugriff für Fall { $case } bis { $until } ({ $left })
       *[other] <strong>{ $who }</strong> haben Zugriff für Fall { $case } bis { $until } ({ $left })
    }
summary-live-how = Was durchkommt: { $how }.
summary-widened =
    { $count ->
        [one] Der Zugriff für { $count } Fall wurde beendet: Ihr Anbieter ließ Anfragen durch, die bei Ihrer Freigabe abgelehnt wurden. Geben Sie neu frei, wenn Sie einverstanden sind
       *[other] Der Zugriff für { $count } Fälle wurde beendet: Ihr Anbieter ließ Anfragen durch, die bei Ihrer Freigabe abgelehnt wurden. Geben Sie neu frei, wenn Sie einverstanden sind
    }
summary-none-live = Niemand vom Support hat zurzeit Zugriff
summary-no-session = Es läuft keine Sitzung
summary-sessions =
    { $count ->
        [one] { $count } Sitzung läuft gerade
       *[other] { $count } Sitzungen laufen gerade
    }

# Anfragen nach Identitätswechsel.

requests = Identitätswechsel für Supportfälle
requests-none = Kein offener Fall hat eine Anfrage. Fragt der Support an, erscheint die Anfrage hier; benachrichtigt wird von selbst niemand.
request-asked = { $who } hat am { $at } angefragt, mit dieser Begründung:
request-acts-as = Handelt als
request-you = Sie
request-nobody-to-act-as = Kein aktiver Admin, in dessen Namen gehandelt werden könnte
request-has-access = Wer Zugriff hat
request-would-get-access = Wer Zugriff bekäme
request-no-agent = An diesem Fall arbeitet keine Supportkraft
request-opened-by = Fall eröffnet von
request-according-to-vendor = laut Anbieter
flag-more-time = <strong>Mehr Zeit gewünscht.</strong> { $who } hat am { $at } angefragt:
flag-granted-before = Zugriff war schon einmal freigegeben, von { $who }, und ist am { $at } abgelaufen.
    .both = Setzen Sie das Häkchen neu oder verlängern Sie ihn.
flag-joined = <strong>Nach der Freigabe zum Fall dazugekommen</strong> und kann auch hineinsehen:
flag-requester-left = { $who } hat angefragt, arbeitet aber nicht mehr an diesem Fall und hat keinen Zugriff. Die Anfrage bleibt, für die oben genannten Supportkräfte.
flag-approver-gone = { $who } hat dies freigegeben, darf es aber nicht mehr. Der Zugriff läuft weiter, bis er endet oder Sie ihn entziehen.
flag-approver-gone-not-you = { $who } hat dies freigegeben, darf es aber nicht mehr. Der Zugriff läuft weiter, bis er endet oder jemand ihn entzieht, der das darf.
flag-name-in-disguise = <strong>Sehen Sie sich diesen Namen genau an.</strong> { $who } gehört zum Support; der Name enthält Buchstaben, die wie andere aussehen, oder unsichtbare Zeichen. Sie stehen hier mit ihrer Nummer. Richten Sie sich nach der E-Mail-Adresse.
flag-named-like-admin = <strong>Niemand aus Ihrem Haus.</strong> { $agent } gehört zum Support und heißt ähnlich wie { $admin } in Ihrer Organisation. Richten Sie sich nach der E-Mail-Adresse.
grant-box = Identitätswechsel freigeben
grant-submit = Zugriff freigeben
grant-remove = Zugriff entziehen
# Wer hineinsehen kann: eine Supportkraft oder mehrere.
say-live =
    { $agents ->
        [one] { $who } kann als { $subject } in { $org } hineinsehen, { $how }.
       *[other] { $who } können als { $subject } in { $org } hineinsehen, { $how }.
    }
say-live-nobody =
    { $agents ->
        [one] { $who } kann in { $org } hineinsehen, { $how }.
       *[other] { $who } können in { $org } hineinsehen, { $how }.
    }
say-clear = Entfernen Sie das Häkchen, um den Zugriff überall sofort zu entziehen.
say-how-long = { $how }, für { $length }: bis { $until }
say-how-long-again = { $how }, für 24 Std.: bis { $until }
say-tick-as-you =
    { $agents ->
        [one] Wenn Sie das Häkchen setzen, kann { $who } als { $subject } in { $org } hineinsehen und sieht, was Sie sehen, { $how }. Jede geöffnete Seite wird protokolliert.
       *[other] Wenn Sie das Häkchen setzen, können { $who } als { $subject } in { $org } hineinsehen und sehen, was Sie sehen, { $how }. Jede geöffnete Seite wird protokolliert.
    }
say-tick-as-other =
    { $agents ->
        [one] Wenn Sie das Häkchen setzen, kann { $who } als { $subject } in { $org } hineinsehen und sieht, was diese Person sieht, { $how }. Jede geöffnete Seite wird protokolliert.
       *[other] Wenn Sie das Häkchen setzen, können { $who } als { $subject } in { $org } hineinsehen und sehen, was diese Person sieht, { $how }. Jede geöffnete Seite wird protokolliert.
    }
say-again-as-you =
    { $agents ->
        [one] Dieser Zugriff ist beendet. Wenn Sie ihn verlängern, kann { $who } wieder als { $subject } in { $org } hineinsehen und sieht, was Sie sehen, { $how }. Jede geöffnete Seite wird protokolliert.
       *[other] Dieser Zugriff ist beendet. Wenn Sie ihn verlängern, können { $who } wieder als { $subject } in { $org } hineinsehen und sehen, was Sie sehen, { $how }. Jede geöffnete Seite wird protokolliert.
    }
say-again-as-other =
    { $agents ->
        [one] Dieser Zugriff ist beendet. Wenn Sie ihn verlängern, kann { $who } wieder als { $subject } in { $org } hineinsehen und sieht, was diese Person sieht, { $how }. Jede geöffnete Seite wird protokolliert.
       *[other] Dieser Zugriff ist beendet. Wenn Sie ihn verlängern, können { $who } wieder als { $subject } in { $org } hineinsehen und sehen, was diese Person sieht, { $how }. Jede geöffnete Seite wird protokolliert.
    }
say-at-once = Das Häkchen wirkt sofort.
ends-expiration = Ablauf
ends-not-granted = Nicht freigegeben
ends-expires = Läuft ab
ends-expired = Abgelaufen
ends-removed = Zugriff entzogen
ends-granted-by = Freigegeben von { $who } am { $at }
ends-expired-by = { $age } · freigegeben von { $who }
ends-removed-by = von { $who }
ends-removed-by-block = { $who } hat jeden Supportzugriff gesperrt
ends-removed-block = Jeder Supportzugriff wurde gesperrt
ends-removed-by-withdrawal = { $who } hat die Genehmigung des Falls zurückgezogen
ends-removed-withdrawal = Die Genehmigung des Falls wurde zurückgezogen
ends-removed-self-assigned = Wer den Fall eröffnet hat, wurde ihm zugewiesen; das müssen Sie erst genehmigen
ends-removed-closed = Der Fall wurde geschlossen
ends-removed-history-lost = Die Datenbank hat einen Teil des Verlaufs verloren; ob der Zugriff schon entzogen war, stand nicht fest, darum wurde er beendet
ends-removed-widened = Ihr Anbieter lässt jetzt Anfragen durch, die abgelehnt wurden, als dies freigegeben wurde. Der Zugriff wurde beendet; geben Sie neu frei, wenn Sie einverstanden sind.
ends-removed-widened-back = Ihr Anbieter ließ Anfragen durch, die abgelehnt wurden, als dies freigegeben wurde, und hat das seitdem zurückgenommen. Der Zugriff wurde beendet; geben Sie neu frei, wenn Sie einverstanden sind.
ends-removed-by-rules = Ihr Anbieter ließ mehr durch
ends-widened-what = Was sich seitdem geändert hat:
extend = Zugriff um 1 Tag verlängern
extend-until = 24 Std. ab Ihrem Klick: bis { $until }
extend-again = Zugriff wieder freigeben
extend-already = Schon verlängert: Der Zugriff läuft ab jetzt einen vollen Tag. Tage addieren sich nicht.
extend-off = Verlängern ist in Ihrer Organisation ausgeschaltet.
    .after = Setzen Sie nach dem Ablauf das Häkchen neu.
extend-widened = Verlängern geht nicht mehr, weil Ihr Anbieter mehr durchlässt als zu der Zeit, als dies freigegeben wurde. Setzen Sie das Häkchen, um neu freizugeben.
extend-not-now = Zurzeit nicht möglich, aus dem Grund oben.
extend-no-agent = Zurzeit nicht möglich: An diesem Fall arbeitet keine Supportkraft.

# Warum sich das Häkchen nicht ändern lässt.

cannot-no-agent = Freigeben nicht möglich: An diesem Fall arbeitet keine Supportkraft; niemand könnte den Zugriff nutzen. Bitten Sie den Support, jemanden einzusetzen.
cannot-self-assigned = Freigeben noch nicht möglich: Der Support hat sich diesen Fall selbst zugewiesen. Genehmigen Sie ihn zuerst, unter „Supportzugriff für selbst zugewiesene Fälle“.
cannot-blocked = Freigeben nicht möglich: Jeder Supportzugriff ist gesperrt. Ein Super-Admin kann die Sperre aufheben.
cannot-no-subject = Freigeben nicht möglich: Der Admin, in dessen Namen gehandelt würde, ist hier nicht mehr aktiv. Bitten Sie den Support, mit einem anderen Admin neu anzufragen.
cannot-super-admins-only = Sie können dies nicht freigeben: In Ihrer Organisation dürfen das nur Super-Admins.
cannot-not-attested = Sie können dies nicht freigeben: Dass Sie den Fall eröffnet haben, geht nur aus den Daten des Anbieters hervor; Ihre Organisation verlangt mehr. Wenden Sie sich an einen Super-Admin.
cannot-not-approver = Sie können dies nicht freigeben: Das dürfen nur ein Super-Admin und der Admin, der den Fall eröffnet hat.
cannot-remove-super-admins-only = Nur ein Super-Admin kann diesen Zugriff ändern oder entziehen.
cannot-remove-not-approver = Nur ein Super-Admin oder der Admin, der den Fall eröffnet hat, kann diesen Zugriff ändern oder entziehen.
cannot-change-now = Das lässt sich zurzeit nicht ändern. Laden Sie die Seite neu.

# Selbst zugewiesene Fälle.

self-assigned = Supportzugriff für selbst zugewiesene Fälle
self-assigned-lead = Der Support hat diese Fälle eröffnet und sich selbst zugewiesen. Ihre Genehmigung lässt ihn am Fall arbeiten. Einen Identitätswechsel gibt sie nicht: Der braucht sein eigenes Häkchen oben.
self-assigned-none = Kein selbst zugewiesener Fall ist offen.
self-assigned-row = { $who } hat diesen Fall eröffnet und arbeitet daran, seit { $at }
self-assigned-row-left = { $who } hat diesen Fall eröffnet und arbeitet nicht mehr daran
self-assigned-approved-by = Genehmigt von { $who } am { $at }
self-assigned-approve = Genehmigen
self-assigned-approved = Genehmigt
self-assigned-withdraw = Genehmigung zurückziehen
self-assigned-not-while-blocked = Nicht möglich, solange jeder Supportzugriff gesperrt ist.
self-assigned-not-yours = Genehmigen können ihn nur ein Super-Admin und der Admin, der den Fall eingetragen hat.

# Sitzungen.

sessions = Laufende Sitzungen
sessions-none = Es läuft keine Sitzung.
session-row = Fall { $case }, als { $subject } · { $activity }
session-row-times = Gestartet { $started } · endet spätestens { $ends }
session-last-request = letzte Anfrage { $ago }
session-no-request = noch keine Anfrage
session-end-now = Jetzt beenden
session-end-and-untick = Beenden und Häkchen entfernen
# Wird nach „Jetzt beenden“ vorgelesen.
session-whose = : { $agent }, Fall { $case }

# Zugangsdaten.

credentials = Für diese Organisation ausgestellte Zugangsdaten
credentials-none = Keine.
credentials-table = Zugangsdaten
credential-for = Für
credential-kind = Art
credential-made-by = Ausgestellt von
credential-made = Ausgestellt
credential-expires = Läuft ab
credential-state = Status
credential-never = Nie
credential-api-token = API-Token
credential-scim-token = SCIM-Token
credential-sign-in-link = Einmal-Anmeldelink
credential-passkey = Passkey
credential-openid = Single Sign-on
credential-active = Aktiv
credential-used = Benutzt
credential-expired = Abgelaufen
credential-revoked = Widerrufen
credential-by-operator = das Betriebsteam
credential-by-admin = ein anderer Admin
credential-by-support = Support

# Die Sperre.

block = Jeden Supportzugriff sperren
block-open = Alles sofort sperren …
block-hint = Beendet alle laufenden Sitzungen, entzieht jeden freigegebenen Zugriff und lehnt neue Freigaben ab, bis ein Super-Admin die Sperre aufhebt. Das Aufheben stellt nichts wieder her.
block-submit = Jeden Supportzugriff sperren
