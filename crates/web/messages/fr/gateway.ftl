# Pourquoi la passerelle refuse une requête.

gateway-no-session = Aucune session à cette adresse
    .why = La session est terminée, ou il n’y en a jamais eu ici.
    .next = Démarrez une nouvelle session depuis le dossier dans Countersign, si l’accès est toujours accordé.
gateway-not-entered = Cette session n’est pas ouverte ici
    .why = La requête ne porte ni le cookie ni le jeton de cette session, ou porte le mauvais.
    .next = Ouvrez le lien de la session dans le navigateur où votre connexion à Countersign est ouverte, ou envoyez le jeton de la session dans l’en-tête Countersign-Session.
gateway-over = Cette session est terminée
    .why = Le client a retiré l’accès, ou la session a été arrêtée, est restée inactive trop longtemps ou a atteint sa limite.
    .next = Démarrez une nouvelle session depuis le dossier dans Countersign, si l’accès est toujours accordé.
gateway-not-live = Aucun accès n’est accordé pour ce dossier en ce moment
    .why = Le client a mis fin à l’accès, ou sa durée est écoulée.
    .next = Demandez l’accès au client depuis le dossier dans Countersign.
gateway-write = Le support peut regarder, pas modifier
    .why = Cette requête modifierait quelque chose, et l’accès que le client a accordé ne la couvre pas. Rien n’a été envoyé au produit.
    .next = Demandez au client de faire cette modification. Revenez en arrière dans votre navigateur : ce que vous avez saisi y est toujours.
gateway-not-declared = Rien ne déclare que ceci ne fait que lire
    .why = Le support voit de ce produit ce que l’équipe d’exploitation a déclaré comme lecture, et ceci n’en fait pas partie.
    .next = Cherchez une autre page qui montre la même chose, ou demandez à l’équipe d’exploitation de Countersign de déclarer celle-ci.
gateway-unknown-effect = Rien n’indique que ceci ne fait que lire
    .why = Seules passent les requêtes connues comme de simples lectures, et celle-ci n’en est pas une. Rien n’a été envoyé au produit.
    .next = Revenez en arrière et cherchez une autre page qui montre la même chose, ou adressez-vous au client.
gateway-overridden = La requête demande deux méthodes
    .why = Un en-tête ou un paramètre remplace la méthode de la requête : elle pourrait modifier quelque chose.
    .next = Envoyez la requête sans ce remplacement.
gateway-duplicate-credentials = La requête est ambiguë
    .why = Un cookie ou un jeton de session figure plus d’une fois.
    .next = Envoyez-les une seule fois. Dans un navigateur, effacez les cookies de cette adresse et rouvrez la session.
gateway-bad-authority = La requête est ambiguë
    .why = L’en-tête Host manque, figure plus d’une fois ou diffère de l’adresse de la requête.
    .next = Envoyez un seul en-tête Host, avec l’adresse de la session.
gateway-listed-in-connection = La requête est ambiguë
    .why = L’en-tête Connection demande d’enlever un en-tête qui compte.
    .next = Envoyez la requête sans cela.
gateway-from-elsewhere = Cette requête vient d’une autre page
    .why = Les requêtes d’une session viennent des pages de cette session ; d’ailleurs, seul un lien peut mener ici.
    .next = Ouvrez la page depuis la session.
gateway-service-worker = Les service workers ne sont pas disponibles ici
    .why = Un service worker continuerait de répondre après la fin de la session.
    .next = Rien à faire ; la page fonctionne sans.
gateway-cannot-be-sure = Il n’est pas certain que l’accès soit ouvert
    .why = La passerelle n’atteint pas son journal ou rattrape son retard, et elle refuse tout ce dont elle ne peut être sûre.
    .next = Réessayez dans un instant.
gateway-end-unknown = Il n’est pas certain que la session soit terminée
    .why = La passerelle n’a pas pu constater sa fin partout. Elle est peut-être terminée, ou encore en cours.
    .next = Revenez en arrière et choisissez à nouveau « Terminer la session » dans un instant.
gateway-no-upstream = Il n’y a pas de produit derrière cette session
    .why = L’équipe d’exploitation n’a pas indiqué où se trouve le produit de ce client.
    .next = Demandez à l’équipe d’exploitation de Countersign de renseigner l’adresse du produit.
gateway-upstream-failed = Le produit n’a pas répondu
    .why = Il n’a pas pu être joint, ou s’est interrompu avant de répondre.
    .next = Réessayez dans un instant ; si cela persiste, prévenez l’équipe qui exploite le produit.
gateway-upstream-slow = Le produit a mis trop de temps
    .why = Il n’a pas commencé à répondre à temps.
    .next = Réessayez dans un instant ; si cela persiste, prévenez l’équipe qui exploite le produit.
gateway-upstream-untrusted = Le produit n’a pas pu prouver qu’il est bien le produit
    .why = Countersign ne fait pas confiance à son certificat : rien ne lui a été envoyé.
    .next = Prévenez l’équipe d’exploitation de Countersign : le certificat, ou l’autorité de certification reconnue pour les produits, doit être corrigé.
gateway-body-incomplete = La requête n’est pas arrivée entière
    .why = Son contenu s’est interrompu ou a mis trop de temps à arriver ; le produit ne l’a donc pas reçue en entier.
    .next = Envoyez la requête à nouveau.
gateway-no-room = Trop de contenus à la fois
    .why = Les contenus de tant de requêtes sont en cours d’examen qu’il n’y a pas de place pour celle-ci ; rien n’en a été envoyé au produit.
    .next = Réessayez dans un instant, et envoyez-en moins à la fois.
gateway-too-many-requests = Trop de requêtes à la fois
    .why = Cette session a atteint le nombre de requêtes permises en même temps.
    .next = Attendez que certaines soient terminées, et envoyez-en moins à la fois.
gateway-misdirected = Cette connexion appartient à une autre session
    .why = Une connexion HTTP/2, ou établie pour un autre nom, ne sert que la session pour laquelle elle a été établie.
    .next = Envoyez la requête sur une connexion distincte ; un navigateur le fait de lui-même.
gateway-leads-to-us = Le produit redirige vers Countersign
    .why = Un produit ne peut pas envoyer un navigateur en session vers les pages de Countersign ou vers d’autres sessions.
    .next = Prévenez l’équipe qui exploite le produit.
gateway-not-found = Cette page n’existe pas
    .why = Cette adresse est réservée à la passerelle, et il n’y a rien ici.
    .next = Allez à la page d’accueil de la session.
gateway-bad-link = Ce lien n’est pas complet
    .why = Une partie de l’adresse manque ou est abîmée.
    .next = Rouvrez la session depuis le dossier dans Countersign.
gateway-other-browser = Ce navigateur n’a pas ouvert le lien
    .why = On entre dans une session avec le navigateur qui a ouvert son lien.
    .next = Rouvrez la session depuis le dossier dans Countersign.
gateway-ambiguous = La requête est ambiguë
    .why = Des serveurs pourraient la lire différemment (raison technique : { $reason }).
    .next = Envoyez-la sous une forme simple. Une page qui a besoin de cette forme ne peut pas être montrée au support.
gateway-unknown-body = Rien n’indique que ceci ne fait que lire
    .why = Seules passent les requêtes connues comme de simples lectures (raison technique : { $reason }).
    .next = Revenez en arrière et cherchez une autre page qui montre la même chose, ou adressez-vous au client.

# Pourquoi une session ne donne plus d’accès, pour la personne qui y était.

over-ask-again = Si vous avez encore besoin de regarder, faites une nouvelle demande depuis le dossier et transmettez le lien au client.
over-start-again = Démarrez une nouvelle session depuis le dossier, tant que l’accès est accordé.
over-by-agent = Vous avez mis fin à cette session
    .why = Vous y avez mis fin ici ou dans un autre onglet.
over-by-approver = Le client a mis fin à cette session
    .why = Un admin du client y a mis fin.
    .next = L’accès lui-même est peut-être toujours accordé. Adressez-vous au client avant de démarrer une autre session depuis le dossier.
over-revoked = Le client a retiré l’accès
    .why = Un admin du client a retiré l’autorisation pour ce dossier.
over-expired = L’accès a expiré
    .why = La durée accordée par le client est écoulée.
over-case-closed = Le dossier a été fermé
    .why = L’accès n’existe que pour les dossiers ouverts.
    .next = S’il reste à faire, faites rouvrir le dossier et faites une nouvelle demande.
over-left-team = Vous n’êtes plus sur ce dossier
    .why = L’accès est réservé à l’équipe du dossier, et vous n’en faites plus partie.
    .next = Adressez-vous à la personne qui suit le dossier si vous devez y revenir.
over-agent-deactivated = Votre compte a été désactivé
    .why = Les comptes désactivés n’ont aucun accès.
    .next = Adressez-vous à l’équipe d’exploitation de Countersign.
over-agent-signed-out = Vous vous êtes déconnecté
    .why = Vous vous êtes déconnecté auprès du service de connexion de votre entreprise, ou celui-ci ne vous compte plus parmi le support. Cela met fin à toutes les sessions.
    .next = Connectez-vous à nouveau et ouvrez le dossier.
over-subject-deactivated = La personne au nom de qui vous regardiez n’est plus active
    .why = L’accès a été accordé au nom de cette personne, et son compte a été désactivé.
    .next = Faites une nouvelle demande depuis le dossier, au nom d’une autre personne.
over-blocked = Le client a bloqué tout accès du support
    .why = Un super admin du client l’a fait pour tous les dossiers.
    .next = Seul le client peut lever ce blocage. Contactez-le en dehors de Countersign.
over-upstream-changed = Le produit du client a de nouveaux réglages
    .why = L’équipe d’exploitation a modifié son adresse, ou les requêtes qui y sont des lectures, ce qui met fin aux sessions en cours.
over-rules-widened = Le client doit cocher à nouveau
    .why = Le fournisseur laisse désormais passer des requêtes qui étaient refusées quand le client a accordé l’accès. Le client n’y a pas consenti ; l’accès est donc terminé.
    .next = La demande reste en place. Transmettez à nouveau son lien : le client lit ce qui a changé, puis coche à nouveau.
over-too-long = Cette session a atteint sa limite
    .why = Une session a une durée limitée, quelle que soit celle de l’accès.
over-idle = Cette session s’est terminée faute d’activité
    .why = Rien n’y a été ouvert pendant trop longtemps.
over-unknown = Cette session est terminée
    .why = Le client a retiré l’accès, ou la session a été arrêtée, est restée inactive trop longtemps ou a atteint sa limite.
    .next = Consultez le dossier pour voir si l’accès est toujours accordé.

# Les pages au sujet d’une session.

session-page = Votre session de support
session-page-lead = Vous voyez ce que voit le client. Tout ce que vous ouvrez figure dans le journal du client.
session-page-customer = Client
session-page-case = Dossier
session-page-as = Vue en tant que
session-page-how = Ce qui passe
session-page-agent = Support
session-page-ends = Fin
session-page-idle = Fin sans activité
session-page-idle-hint = { $left } ; chaque page ouverte relance ce délai
session-page-end = Terminer la session
session-page-product = Retour au produit
session-ended = Session terminée
session-ended-lead = Plus rien ne peut y être ouvert, ni ici ni ailleurs, et les pages encore ouvertes n’affichent rien de nouveau. Ce que ce navigateur avait gardé du produit du client a été effacé.
session-ended-next = Fermez cet onglet. Tant que l’autorisation du client dure, vous pouvez ouvrir une autre session depuis le dossier.

# Le bandeau au-dessus des pages du produit.

banner-name = Session de support Countersign
banner-read-only = Lecture seule
banner-read-only-but = Lecture seule, avec exceptions
banner-declared =
    { $count ->
        [one] { $count } type de requête qui pourrait modifier quelque chose est déclaré sans effet, et passe
       *[other] { $count } types de requêtes qui pourraient modifier quelque chose sont déclarés sans effet, et passent
    }
# Lu devant le nom du client.
banner-session-in = Session de support chez
banner-case = Dossier
banner-case-title = Dossier { $number } : { $title }
banner-as = en tant que
banner-until = jusqu’au
banner-details = Détails
banner-end = Terminer la session
banner-hide = Masquer
banner-show = Afficher la session
banner-time-is-up = temps écoulé
banner-unreachable = passerelle injoignable, nouvel essai en cours
banner-idle-left = { $left } sans activité
banner-ends-in =
    { $minutes ->
        [one] L’accès du support se termine dans { $minutes } minute.
       *[other] L’accès du support se termine dans { $minutes } minutes.
    }
banner-idle-ends-in =
    { $minutes ->
        [one] Sans activité, la session de support se termine dans { $minutes } minute.
       *[other] Sans activité, la session de support se termine dans { $minutes } minutes.
    }
banner-over = Cette session est terminée
    .why = Elle a été arrêtée dans un autre onglet, ou l’accès a été retiré ou a expiré.
    .next = Consultez le dossier pour voir si l’accès est toujours accordé. Si c’est le cas, démarrez-y une nouvelle session.
