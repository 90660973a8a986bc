# Wer gerade hineinsieht.

live = Wer gerade hineinsieht
live-lead = Der Support, der in diesem Augenblick in { $org } hineinsieht. Diese Seite hält sich selbst aktuell.
live-none = Vom Support sieht gerade niemand hinein.
live-row-times = Seit { $since } · längstens bis { $until } ({ $left })
live-nothing-yet = hat noch keine Seite geöffnet
live-declared = könnte etwas ändern; der Anbieter hat es für harmlos erklärt
live-over = Beendet
live-case = Fall { $case }, { $title }
live-acts-as = im Namen von { $subject }
live-since = Außerdem
live-nothing-since = Seitdem nichts weiter
live-every = Jede Anfrage
live-not-counted = In dieser Sitzung werden Anfragen nicht gezählt: Sie begann vor einer Aktualisierung
live-pages = Seiten: { $pages } (weitere Anfragen: { $further })
live-sent = gesendet, vom Anbieter für harmlos erklärt: { $sent }
live-refused = abgewiesen: { $refused }
live-trail = Zuletzt Gesendetes, dann zuletzt Abgewiesenes; jeweils das Neueste zuerst
live-trail-none = Bisher nichts gesendet oder abgewiesen
live-passed = Durchgelassen
