# Les pages de l’équipe d’exploitation : organisations, personnes, dossiers, état.

operator = Équipe d’exploitation
operator-back = Retour aux organisations
operator-sign-in = Connexion de l’équipe d’exploitation
    .lead = Pour qui exploite Countersign. L’équipe d’exploitation configure ; elle ne peut ni approuver ni regarder.
    .over = Votre connexion a pris fin : après une demi-heure sans requête ou quatre heures en tout, ou parce que son identifiant a été révoqué.
operator-token = Jeton d’API de l’équipe d’exploitation
operator-token-hint = Créez-en un avec <code>countersign token create --operator</code>. Il ne reste pas dans ce navigateur, qui reçoit son propre identifiant.
operator-token-wrong = Ce n’est pas un jeton d’API valable de l’équipe d’exploitation.

operator-orgs = Organisations
operator-orgs-lead = Les clients, et où la passerelle trouve le produit pour chacun d’eux.
operator-orgs-none = Il n’y a pas encore d’organisation. Créez la première ci-dessous.
operator-no-product = Pas encore de produit
operator-new-org = Ajouter une organisation
operator-new-org-submit = Ajouter l’organisation
operator-slug-hint = Fait partie des adresses et des appels à l’API, et ne change plus : a à z, chiffres et tirets.
operator-slug-wrong = Écrivez un nom court fait de a à z, de chiffres et de tirets, avec une lettre ou un chiffre aux deux bouts.
operator-slug-taken = Une autre organisation porte ce nom court.
operator-name-wrong = Écrivez un nom, en une ligne.
operator-pages = Suite de la liste
operator-first = Début
operator-next = Suite
operator-org = Organisation « { $name } »

operator-product = Produit
operator-product-lead = Où la passerelle atteint le produit pour cette organisation.
operator-product-save = Enregistrer le produit
operator-product-ends = Au moindre changement, toutes les sessions en cours de cette organisation se terminent immédiatement.
operator-origin = Adresse
operator-origin-hint = Schéma, hôte et port, sans chemin : https://app.example.com
operator-origin-wrong = Écrivez une adresse comme https://app.example.com ou http://127.0.0.1:9000, sans chemin.
operator-user-header = En-tête pour la personne
operator-user-header-hint = Porte l’adresse e-mail de la personne au nom de qui le support agit, vers un produit qui s’y fie : X-Remote-User
operator-org-header = En-tête pour l’organisation
operator-org-header-hint = Porte le nom court, vers un produit qui sert plusieurs organisations à cette adresse.
operator-header-wrong = Écrivez le nom d’un en-tête que la passerelle peut poser, comme X-Remote-User.
operator-reads = Quelles requêtes sont des lectures
operator-by-method = Selon la méthode : GET, HEAD et OPTIONS
operator-declared = Seulement ce qui est déclaré
operator-rules =
    { $count ->
        [0] Aucune règle par chemin n’est posée.
        [one] Une règle par chemin est posée.
       *[other] { $count } règles par chemin sont posées.
    }

operator-hosts = Noms d’hôte propres
operator-hosts-lead = Sous ces noms, la console et l’API sont réservées aux membres de cette organisation, et les liens qui leur sont destinés y mènent.
operator-hosts-field = Noms d’hôte
operator-hosts-hint = Un par ligne ; les liens emploient le premier. Un nom situé sous celui du déploiement emploie ses clés d’accès. Le DNS et le certificat doivent couvrir chaque nom.
operator-hosts-wrong = Écrivez des noms d’hôte tels que acme.support.example.com, un par ligne : sans port, sans adresse IP, sans joker, et les lettres autres que a à z sous leur forme ASCII (xn--…).
operator-hosts-no-passkeys = Les clés d’accès ne s’utilisent pas sous ces noms, car ils ne se trouvent pas sous celui du déploiement. Les pages de connexion y mènent à l’adresse du déploiement :
operator-hosts-save = Enregistrer les noms d’hôte

operator-check = Vérifier qu’il répond
check-answers = Répond
check-does-not-answer = Ne répond pas
check-not-now = Non vérifié
check-answered = Le produit a répondu avec le statut { $status }.
check-over-tls = Par TLS : son certificat est digne de confiance et porte son nom.
check-over-tls-http2 = Par TLS et HTTP/2 : son certificat est digne de confiance et porte son nom.
check-without-tls = Sans TLS.
check-took = Cela a pris { $ms } ms. La passerelle a demandé HEAD / au nom de personne ; rien d’autre n’a été demandé, et rien n’a été lu.
check-no-such-host = Le nom de l’adresse n’est pas connu ici. Vérifiez l’adresse, et que ce serveur peut la résoudre.
check-refused = Rien n’écoute à cette adresse. Vérifiez le port, et que le produit tourne.
check-unreachable = Le réseau n’y donne pas accès. Vérifiez les pare-feu et les routes entre ce serveur et le produit.
check-too-late = Aucune connexion n’a été établie à temps. Quelque chose rejette peut-être les paquets en chemin.
check-too-late-connected = Une connexion a été établie, et aucune réponse n’est venue à temps.
check-other-name = Le certificat est pour un autre nom. Utilisez le nom pour lequel il vaut, ou donnez au produit un certificat pour celui-ci.
check-unknown-issuer = Personne digne de confiance ici n’a signé le certificat. Indiquez votre propre autorité dans la configuration de la passerelle.
check-expired = Le certificat a expiré. Renouvelez-le.
check-not-yet-valid = Le certificat n’est pas encore valable. Vérifiez les horloges.
check-untrusted = Le certificat ne prouve pas qu’il s’agit du produit.
check-no-tls = Le serveur ne parle aucun TLS que parle la passerelle. S’il sert du HTTP simple, l’adresse commence par http.
check-no-http = Le serveur n’a pas répondu comme le fait HTTP. S’il sert du TLS, l’adresse commence par https.
check-busy = Trop de vérifications sont en cours. Réessayez dans un instant.

operator-people = Admins
operator-people-lead = Les personnes du client : elles approuvent, et le support regarde en leur nom.
operator-claimed = L’organisation est prise en main : une personne, un lien de connexion ou le rôle de super admin que vous créez ici n’accorde rien tant qu’un de ses super admins ne l’a pas accepté.
operator-people-none = Personne ici pour l’instant. Sans super admin, personne ne peut approuver.
operator-new-admin = Ajouter un admin
operator-new-admin-submit = Ajouter l’admin
operator-role = Rôle
operator-role-super = approuve pour tous les dossiers de l’organisation
operator-role-admin = approuve pour les dossiers ouverts en son nom
operator-email-taken = Quelqu’un a déjà cette adresse.
operator-inactive = Inactif
operator-awaits-account = Compte en attente d’acceptation
operator-awaits-role = Super-admin : en attente d’acceptation
operator-was-refused = Refusé par le client
operator-act-link = Lien de connexion
operator-act-super = Rendre super admin
operator-act-admin = Rendre admin
operator-act-deactivate = Désactiver
operator-act-activate = Activer
# Lu après le nom d’un tel bouton.
operator-act-whose = de { $email }
operator-link = Lien qui connecte une fois
operator-link-of = Lien de connexion de { $email }
operator-link-hint = Valable une fois, jusqu’au { $until }. Il n’est montré que maintenant. Donnez-le à cette personne et à nulle autre : il connecte en son nom. Sa création figure au journal du client.
operator-link-awaits = Valable une fois, jusqu’au { $until }. Il n’est montré que maintenant. Donnez-le à cette personne et à nulle autre. L’organisation est revendiquée : le lien lui permet d’entrer pour regarder et retirer l’accès, mais n’accorde ni ne change rien tant que l’un des super-admins ne l’a pas accepté. Sa création figure au journal et dans les paramètres du client.

operator-agents = Membres du support
operator-agents-lead = Les personnes du support. Les dossiers sur lesquels elles travaillent viennent de l’outil de suivi.
operator-agents-none = Il n’y a pas encore de membre du support. Ajoutez le premier ci-dessous.
operator-new-agent = Ajouter un membre du support
operator-new-agent-submit = Ajouter le membre

operator-cases-lead = Où en est chaque dossier. Seul le client approuve, et seuls les membres du support sur le dossier regardent ; ce qu’ils regardent figure au journal du client, et pas ici.
operator-no-team = Personne n’est sur ce dossier.

operator-health = État
health-ready = Prêt
health-not-ready = Pas prêt
health-ready-lead = Ce serveur répond aux requêtes du support et de l’API.
health-not-ready-lead = Ce serveur ne peut être sûr de l’état présent ; sa passerelle refuse donc toute requête. Il reprend de lui-même dès qu’il atteint sa base de données.
health-version = Version
health-store-time = Heure de la base de données
health-position = Événements lus
health-public-url = Console et API
health-gateway-url = Passerelle
health-credential = Les journaux vous nomment
health-machines = Pour les machines
health-machines-lead = Vers quoi diriger un répartiteur de charge et la surveillance.
health-readyz = <code>/readyz</code> : si ce serveur rend des décisions
health-healthz = <code>/healthz</code> : s’il est en vie
health-metrics = <code>/metrics</code> : des nombres au format de Prometheus
health-openapi = <code>/openapi.json</code> : la description de l’API

notice-org-made = L’organisation est créée.
    .detail = Ensuite : indiquez où est son produit, et ajoutez un super admin.
notice-product-set = Le produit est enregistré.
notice-product-stale = Quelqu’un a changé le produit depuis que vous avez ouvert cette page ; rien n’a été enregistré.
    .detail = Ci-dessous figure ce qui est posé maintenant. Regardez encore, puis décidez.
notice-hosts-set = Les noms d’hôte sont enregistrés.
notice-hosts-stale = Quelqu’un a changé les noms d’hôte depuis que vous avez ouvert cette page ; rien n’a été enregistré.
notice-person-made = La personne est créée.
    .detail = Créez un lien de connexion pour elle, et transmettez-le.
notice-role-set = Le rôle de { $email } est posé.
notice-role-proposed = { $email } deviendra super admin dès qu’un des super admins de l’organisation l’acceptera. Rien n’a encore changé.
notice-activated = { $email } peut se connecter et agir.
notice-deactivated = { $email } ne peut plus agir.
