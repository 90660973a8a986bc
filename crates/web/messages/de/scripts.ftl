# Was die Skripte einsetzen, während eine Seite offen ist.

script-copied = Kopiert
script-press-ctrl-c = Strg+C drücken
script-ended = beendet: Seite neu laden
