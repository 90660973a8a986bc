# Jetons d’accès contre lesquels le support échange des sessions, pour atteindre le produit sans la passerelle, et scopes.

refusal-scopes-not-here = Les scopes valent pour une autre API
    .why = Le jeton d’accès n’a aucun scope de cette API : ici, ce sont cases.read, grants.manage et log.read ; aux adresses d’Okta, ceux qui commencent par okta.
    .next = Obtenez un jeton d’accès avec un scope de cette API, si le client de service en a un ; sinon, demandez à un super admin un client de service qui en ait un.
refusal-no-tokens-here = Il n’y a pas de jetons d’accès pour ce produit
    .why = Votre équipe d’exploitation n’a pas activé de jetons d’accès pour le produit de cette organisation : on ne l’atteint que par la passerelle.
    .next = Envoyez les requêtes à l’adresse propre de la session, avec son jeton.
refusal-not-the-resource = Le jeton d’accès serait pour autre chose
    .why = Les jetons d’accès de cette organisation valent pour une autre ressource que celle qui est nommée.
    .next = Nommez la ressource exactement comme votre équipe d’exploitation l’a définie.
refusal-too-many-tokens = Trop de jetons d’accès sont valables en ce moment
    .why = Une session a au plus 10 jetons d’accès à la fois, et chacun vaut jusqu’à une minute.
    .next = Utilisez l’un d’eux jusqu’à son expiration, ou mettez fin à l’un d’eux.
refusal-resource-is-origin = C’est l’adresse du produit lui-même
    .why = Ce qui part vers cette adresse sous l’identité de la passerelle ne doit pas pouvoir être confondu avec un jeton d’accès : ceux-ci valent donc pour une autre adresse.
    .next = Donnez l’adresse de l’API du produit telle que les programmes la connaissent, par exemple la même adresse avec le chemin de l’API.

did-token-exchanged = a obtenu un jeton d’accès au produit, sans passer par la passerelle
did-token-ended = a mis fin à un jeton d’accès au produit

# Sur la carte d’une demande, et dans Paramètres > Règles du support.
say-past = <strong>Le support peut aussi atteindre <code>{ $resource }</code> sans passer par la passerelle,</strong> avec des jetons d’accès valables jusqu’à une minute. Chaque jeton émis figure au journal. Ce qui en est fait n’y figure pas, et c’est au produit de votre fournisseur de veiller à ce qu’il ne serve qu’à lire. Quand l’accès prend fin, un produit qui ne vérifie pas peut encore accepter un jeton pendant une minute au plus.
change-past = Le support peut désormais atteindre <code>{ $resource }</code> sans passer par la passerelle, avec des jetons d’accès : ce qui en est fait ne figure pas au journal
change-not-past = N’est plus atteint sans passer par la passerelle : <code>{ $resource }</code>
operator-past = Les membres du support peuvent échanger une session en cours contre des jetons d’accès à <code>{ $resource }</code>, sans passer par la passerelle. Le produit doit demander ce que vaut chacun d’eux, et ne laisser passer que des lectures. Cela s’active et se désactive par l’API ou en ligne de commande.

client-may-cases = Lit les dossiers du support (<code>cases.read</code>).
client-may-grants = Accorde, prolonge, retire et approuve comme le peut un super admin (<code>grants.manage</code>).
client-may-log = Lit le journal (<code>log.read</code>).
client-may-introspect = Est le produit : demande ce que vaut un jeton d’accès qui lui est destiné (<code>tokens.introspect</code>).
