# Einstellungen > Regeln für den Support.

settings-nav = Einstellungen
rules = Regeln für den Support
rules-lead = Was ein Häkchen gibt, und wer es setzen darf, in { $org }.
rules-lead-read = Was ein Häkchen gibt, und wer es setzen darf, in { $org }. Ändern können das Super-Admins.
rules-changed = Zuletzt geändert von { $who } am { $at }.
rules-never-changed = Niemand hat diese Regeln geändert: Jede Organisation beginnt mit ihnen.
rules-duration = Wie lange ein Häkchen Zugriff gibt
rules-duration-hint = Zwischen 15 Minuten und 24 Stunden. Der Zugriff endet von selbst; niemand muss daran denken.
rules-approvers = Wer zustimmen darf
rules-approvers-both = Super-Admins und der Admin, der den Fall eröffnet hat
rules-approvers-super = Nur Super-Admins
rules-openers = Nur, wenn er den Fall hier eröffnet hat
rules-openers-hint = Gilt für Admins, die keine Super-Admins sind. Geht nur aus den Daten des Anbieters hervor, wer einen Fall eröffnet hat, entscheiden dann Super-Admins.
rules-openers-any = Auch die Daten des Anbieters zählen dafür, wer einen Fall eröffnet hat
rules-extension = „Zugriff um 1 Tag verlängern“ anbieten
rules-extension-hint = Sonst endet der Zugriff, wenn er endet, und braucht ein neues Häkchen.
rules-extension-off = Verlängern ist ausgeschaltet
rules-pinned = Nur für Supportkräfte, die beim Setzen des Häkchens am Fall arbeiten
rules-pinned-hint = Wer später zum Fall dazukommt, hat keinen Zugriff, bis Sie das Häkchen neu setzen. Sonst hat er ihn auch, und die Seite nennt ihn.
rules-pinned-off = Wer später zum Fall dazukommt, hat auch Zugriff, und die Seite nennt ihn
rules-save = Regeln speichern
rules-what-changes-none = Zurzeit ist kein Zugriff freigegeben; vor dem nächsten Häkchen ändert sich also für niemanden etwas.
rules-what-changes =
    { $count ->
        [one] Für { $count } Fall ist jetzt Zugriff freigegeben. Er bleibt, wie er ist: gleiches Ende, gleiche Supportkräfte. Freigeben, Entziehen und Verlängern folgen den neuen Regeln, sobald Sie speichern.
       *[other] Für { $count } Fälle ist jetzt Zugriff freigegeben. Er bleibt, wie er ist: gleiches Ende, gleiche Supportkräfte. Freigeben, Entziehen und Verlängern folgen den neuen Regeln, sobald Sie speichern.
    }
rules-other = { $length } (so ist es jetzt)
