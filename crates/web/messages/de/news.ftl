# Was eine Seite über Änderungen sagt, während sie offen ist.

news-several = Mehrere Fälle haben sich geändert.
news-else = Auf dieser Seite hat sich etwas anderes geändert.
news-show = Anzeigen
news-signed-out = Ihre Anmeldung ist beendet.
news-waiting = Wartet darauf, angenommen zu werden: { $what }.
news-rules = Ihr Anbieter hat geändert, was durchgeht. Wo das mehr ist, wurde der bisher freigegebene Zugriff beendet.
