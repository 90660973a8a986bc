# Einstellungen > Verzeichnis: die Token, mit denen das Verzeichnis einer Organisation ihre Personen verwaltet (SCIM).

directory = Verzeichnis
directory-lead = { $org } kann die eigenen Admins hier aus dem eigenen Verzeichnis anlegen, ändern und deaktivieren lassen, etwa aus Okta oder Microsoft Entra ID (SCIM).
directory-lead-read = Super-Admins von { $org } können die Admins hier aus dem eigenen Verzeichnis anlegen, ändern und deaktivieren lassen (SCIM).
directory-connect = Ihr Verzeichnis verbinden
directory-connect-lead = Geben Sie ihm diese Adresse und ein Token. Ein Token öffnet sonst nichts, gehört der Organisation und nicht der Person, die es erstellt hat, und gilt ein Jahr.
directory-address = Adresse für das Verzeichnis
directory-address-copy = Adresse kopieren
directory-make = Token erstellen
directory-make-hint = Wer es hat, kann hier beliebige Personen zu Super-Admins machen. Alles, was damit geschieht, steht in Ihrem Protokoll.
directory-make-not-accepted = Sie können noch kein Token erstellen: Ihre Anmeldung oder Ihr Konto wartet darauf, angenommen zu werden.
directory-fresh = Ihr neues Token
directory-token = SCIM-Token
directory-fresh-hint = Es wird nur jetzt gezeigt. Tragen Sie es in Ihrem Verzeichnis ein. Gilt bis { $until }.
directory-token-until = Gilt bis { $until }.
directory-tokens = Token
directory-tokens-none = Es gibt kein Token; also ist kein Verzeichnis verbunden.
directory-revoke = Widerrufen
directory-revoke-which = {": "}das Token vom { $at }
