# Was eine Seite über Änderungen sagt, während sie offen ist.

news-several = Mehrere Fälle haben sich geändert.
news-else = Auf dieser Seite hat sich etwas anderes geändert.
news-show = Anzeigen
news-signed-out = Ihre Anmeldung ist beendet.
news-waiting = Etwas Neues wartet darauf, angenommen zu werden.
