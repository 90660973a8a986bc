# Wer gerade hineinsieht.

live = Wer gerade hineinsieht
live-lead = Der Support, der in diesem Augenblick in { $org } hineinsieht. Diese Seite hält sich selbst aktuell.
live-none = Vom Support sieht gerade niemand hinein.
live-row = Fall { $case }, { $title } · im Namen von { $subject }
live-row-times = Seit { $since } · längstens bis { $until } ({ $left })
live-nothing-yet = hat noch keine Seite geöffnet
live-declared = könnte etwas ändern; der Anbieter hat es für harmlos erklärt
live-over = Beendet
