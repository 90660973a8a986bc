# Zugriffstoken, gegen die Supportkräfte Sitzungen eintauschen, um das Produkt am Gateway vorbei zu erreichen, und Scopes.

refusal-scopes-not-here = Die Scopes gelten für eine andere Schnittstelle
    .why = Das Zugriffstoken hat keinen Scope dieser Schnittstelle: Hier heißen sie cases.read, grants.manage und log.read, an Oktas Adressen beginnen sie mit okta.
    .next = Holen Sie ein Zugriffstoken mit einem Scope dieser Schnittstelle, falls der Dienst-Client einen hat; sonst bitten Sie einen Super-Admin um einen Dienst-Client, der ihn hat.
refusal-no-tokens-here = Für dieses Produkt gibt es keine Zugriffstoken
    .why = Ihr Betriebsteam hat für das Produkt dieser Organisation keine Zugriffstoken eingeschaltet; es ist nur über das Gateway zu erreichen.
    .next = Schicken Sie Anfragen mit dem Token der Sitzung an deren eigene Adresse.
refusal-not-the-resource = Das Zugriffstoken wäre für etwas anderes
    .why = Die Zugriffstoken dieser Organisation gelten für eine andere Ressource als die genannte.
    .next = Nennen Sie die Ressource genau so, wie Ihr Betriebsteam sie eingestellt hat.
refusal-too-many-tokens = Zurzeit gelten zu viele Zugriffstoken
    .why = Eine Sitzung hat höchstens 10 Zugriffstoken zugleich, und jedes gilt bis zu einer Minute.
    .next = Benutzen Sie eines davon, bis es abläuft, oder beenden Sie eines.
refusal-resource-is-origin = Das ist die Adresse des Produkts selbst
    .why = Was unter der Identität des Gateways an diese Adresse geht, darf nicht mit einem Zugriffstoken zu verwechseln sein; deshalb gelten Zugriffstoken für eine andere Adresse.
    .next = Nennen Sie die Adresse der Produktschnittstelle, wie Programme sie kennen, etwa dieselbe Adresse mit dem Pfad der Schnittstelle.

did-token-exchanged = hat ein Zugriffstoken für das Produkt geholt, am Gateway vorbei
did-token-ended = hat ein Zugriffstoken für das Produkt beendet

# Auf der Karte einer Anfrage und unter Einstellungen > Regeln für den Support.
say-past = <strong>Der Support kann <code>{ $resource }</code> auch am Gateway vorbei erreichen,</strong> mit Zugriffstoken, die bis zu einer Minute gelten. Jedes ausgestellte steht im Protokoll. Was damit getan wird, steht dort nicht, und dass es nur liest, dafür hat das Produkt Ihres Anbieters zu sorgen. Endet der Zugriff, kann ein Produkt, das nicht zurückfragt, ein Token noch bis zu einer Minute lang annehmen.
change-past = Der Support kann <code>{ $resource }</code> von jetzt an mit Zugriffstoken am Gateway vorbei erreichen: Was damit getan wird, steht nicht im Protokoll
change-not-past = Nicht mehr am Gateway vorbei zu erreichen: <code>{ $resource }</code>
operator-past = Supportkräfte können eine laufende Sitzung gegen Zugriffstoken für <code>{ $resource }</code> eintauschen, am Gateway vorbei. Das Produkt muss bei jedem nachfragen, was es wert ist, und darf nur Lesezugriffe durchlassen. Ein- und ausgeschaltet wird das über die Schnittstelle oder die Kommandozeile.

client-may-cases = Liest die Supportfälle (<code>cases.read</code>).
client-may-grants = Gibt frei, verlängert, entzieht und genehmigt, wie es ein Super-Admin kann (<code>grants.manage</code>).
client-may-log = Liest das Protokoll (<code>log.read</code>).
client-may-introspect = Ist das Produkt: fragt nach, was ein Zugriffstoken dafür wert ist (<code>tokens.introspect</code>).
