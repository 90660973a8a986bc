# Was um jede Seite herum steht.

skip-to-content = Zum Inhalt springen
organisation-is = Organisation:
support = Support
main-navigation = Hauptnavigation
signed-in-as = Angemeldet als
sign-out = Abmelden
footer-promise = Jeder Zugriff wird genehmigt, ist befristet und wird protokolliert.
language = Sprache
nav-cases = Fälle
nav-live = Aktiv
nav-history = Verlauf
nav-settings = Einstellungen
nav-my-cases = Meine Fälle
breadcrumb = Navigationspfad
why = Warum
what-you-can-do = Was Sie tun können
code-is = Code
back-to-the-case = Zurück zum Fall
# Wird vor einer Fallnummer vorgelesen, die allein steht.
case-is = Fall
# Ein Dokumenttitel.
case-title = Fall { $case }

# Menschen in einem Satz.

names-nobody = niemand
names-one = { $first }
names-two = { $first } und { $second }
names-three = { $first }, { $second } und { $third }
names-many =
    { $others ->
        [one] { $first }, { $second } und { $others } weitere Person
       *[other] { $first }, { $second } und { $others } weitere Personen
    }
directory-of-org = Ihr Verzeichnis
directory-scim = SCIM
person-unknown = Unbekannte Person
person-unknown-email = hier nicht bekannt
# Eine Zahl, die allein steht.
number-alone = { $number }
