# Paramètres > Compte.

account = Compte
account-lead = Votre organisation, et qui peut y regarder de l’extérieur.
account-organisation = Organisation
account-name = Nom
account-slug = Nom court
account-you = Vous
account-role = Votre rôle
account-zone = Heures affichées en
role-super-admin = Super admin
role-admin = Admin
account-cut-off = Seuls les { $most } premiers dossiers ouverts ont été examinés. Il y en a d’autres : fermez ceux qui sont réglés, ou utilisez l’API pour le reste.

support-access = Donner accès au support
support-access-lead = Le support ne peut regarder dans { $org } qu’avec votre accord : pour un dossier, { $how }, pour une durée limitée.
support-access-lead-open = Le support ne peut regarder dans { $org } qu’avec votre accord : pour un dossier, { $how }, pour une durée limitée. Une case vide ne donne aucun accès, aussi longtemps qu’elle reste vide.
support-edit = Modifier
support-edit-what = (accès du support)
done = Terminé
support-is-blocked = <strong>Tout accès du support est bloqué</strong> depuis le { $at }, par { $who }. Les demandes sont conservées ; aucune ne peut être accordée.
support-is-blocked-open = <strong>Tout accès du support est bloqué</strong> depuis le { $at }, par { $who }. Les demandes sont conservées ; aucune ne peut être accordée, prolongée ni approuvée.
support-unblock = Lever le blocage

# Ce que dit la section fermée.

summary-none-waiting = Aucune demande n’attend d’autorisation
summary-waiting =
    { $count ->
        [one] { $count } demande attend une autorisation
       *[other] { $count } demandes attendent une autorisation
    }
summary-self-assigned-waiting =
    { $count ->
        [one] { $count } dossier auto-attribué attend une approbation
       *[other] { $count } dossiers auto-attribués attendent une approbation
    }
summary-live =
    { $agents ->
        [one] <strong>{ $who }</strong> a accès pour le dossier { $case } jusqu’au { $until } ({ $left })
       *[other] <strong>{ $who }</strong> ont accès pour le dossier { $case } jusqu’au { $until } ({ $left })
    }
summary-live-how = Ce qui passe : { $how }.
summary-widened =
    { $count ->
        [one] L’accès pour { $count } dossier a pris fin : votre fournisseur a laissé passer des requêtes qui étaient refusées lorsque vous l’avez accordé. Cochez à nouveau si vous êtes d’accord
       *[other] L’accès pour { $count } dossiers a pris fin : votre fournisseur a laissé passer des requêtes qui étaient refusées lorsque vous l’avez accordé. Cochez à nouveau si vous êtes d’accord
    }
summary-none-live = Personne du support n’a accès en ce moment
summary-no-session = Aucune session n’est en cours
summary-sessions =
    { $count ->
        [one] { $count } session en cours
       *[other] { $count } sessions en cours
    }

# Demandes d’emprunt d’identité.

requests = Emprunt d’identité pour les dossiers de support
requests-none = Aucun dossier ouvert n’a de demande. Quand le support en fait une, elle apparaît ici ; personne n’est prévenu automatiquement.
request-asked = { $who } a fait une demande le { $at }, pour cette raison :
request-acts-as = Agit en tant que
request-you = vous
request-nobody-to-act-as = Aucun admin actif au nom de qui agir
request-has-access = Qui a accès
request-would-get-access = Qui aurait accès
request-no-agent = Aucun membre du support n’est sur ce dossier
request-opened-by = Dossier ouvert par
request-according-to-vendor = selon le fournisseur
flag-more-time = <strong>Plus de temps souhaité.</strong> Demande de { $who } le { $at } :
flag-granted-before = Un accès a déjà été accordé, par { $who }, et a expiré le { $at }.
    .both = Cochez la case pour l’accorder à nouveau, ou prolongez-le.
flag-joined = <strong>A rejoint le dossier après l’autorisation</strong> et peut regarder aussi :
flag-requester-left = { $who }, à l’origine de la demande, n’est plus sur ce dossier et n’a pas d’accès. La demande reste, pour les membres du support nommés ci-dessus.
flag-approver-gone = { $who } a accordé cet accès mais ne peut plus l’approuver. L’accès continue jusqu’à sa fin ou jusqu’à ce que vous le retiriez.
flag-approver-gone-not-you = { $who } a accordé cet accès mais ne peut plus l’approuver. L’accès continue jusqu’à sa fin ou jusqu’à ce qu’une personne qui en a le droit le retire.
flag-name-in-disguise = <strong>Regardez ce nom de près.</strong> { $who } fait partie du support ; le nom contient des lettres qui ressemblent à d’autres, ou des caractères invisibles. Ils sont affichés ici par leur numéro. Fiez-vous à l’adresse e-mail.
flag-named-like-admin = <strong>Pas un de vos collègues.</strong> { $agent } fait partie du support et porte un nom semblable à celui de { $admin } dans votre organisation. Fiez-vous à l’adresse e-mail.
grant-box = Autoriser l’emprunt d’identité
grant-submit = Accorder l’accès
grant-remove = Retirer l’accès
# Qui peut regarder : une personne du support ou plusieurs.
say-live =
    { $agents ->
        [one] { $who } peut regarder dans { $org } en tant que { $subject }, { $how }.
       *[other] { $who } peuvent regarder dans { $org } en tant que { $subject }, { $how }.
    }
say-live-nobody =
    { $agents ->
        [one] { $who } peut regarder dans { $org }, { $how }.
       *[other] { $who } peuvent regarder dans { $org }, { $how }.
    }
say-clear = Décochez la case pour retirer l’accès partout immédiatement.
say-how-long = { $how }, pendant { $length } : jusqu’au { $until }
say-how-long-again = { $how }, pendant 24 h : jusqu’au { $until }
say-tick-as-you =
    { $agents ->
        [one] Si vous cochez cette case, { $who } pourra regarder dans { $org } en tant que { $subject } et voir ce que vous voyez, { $how }. Chaque page ouverte est journalisée.
       *[other] Si vous cochez cette case, { $who } pourront regarder dans { $org } en tant que { $subject } et voir ce que vous voyez, { $how }. Chaque page ouverte est journalisée.
    }
say-tick-as-other =
    { $agents ->
        [one] Si vous cochez cette case, { $who } pourra regarder dans { $org } en tant que { $subject } et voir ce que cette personne voit, { $how }. Chaque page ouverte est journalisée.
       *[other] Si vous cochez cette case, { $who } pourront regarder dans { $org } en tant que { $subject } et voir ce que cette personne voit, { $how }. Chaque page ouverte est journalisée.
    }
say-again-as-you =
    { $agents ->
        [one] Cet accès a pris fin. Si vous le prolongez, { $who } pourra de nouveau regarder dans { $org } en tant que { $subject } et voir ce que vous voyez, { $how }. Chaque page ouverte est journalisée.
       *[other] Cet accès a pris fin. Si vous le prolongez, { $who } pourront de nouveau regarder dans { $org } en tant que { $subject } et voir ce que vous voyez, { $how }. Chaque page ouverte est journalisée.
    }
say-again-as-other =
    { $agents ->
        [one] Cet accès a pris fin. Si vous le prolongez, { $who } pourra de nouveau regarder dans { $org } en tant que { $subject } et voir ce que cette personne voit, { $how }. Chaque page ouverte est journalisée.
       *[other] Cet accès a pris fin. Si vous le prolongez, { $who } pourront de nouveau regarder dans { $org } en tant que { $subject } et voir ce que cette personne voit, { $how }. Chaque page ouverte est journalisée.
    }
say-at-once = La case prend effet immédiatement.
ends-expiration = Expiration
ends-not-granted = Non accordé
ends-expires = Expire
ends-expired = Expiré
ends-removed = Accès retiré
ends-granted-by = Accordé par { $who } le { $at }
ends-expired-by = { $age } · accordé par { $who }
ends-removed-by = par { $who }
ends-removed-by-block = { $who } a bloqué tout accès du support
ends-removed-block = Tout accès du support a été bloqué
ends-removed-by-withdrawal = { $who } a retiré l’approbation du dossier
ends-removed-withdrawal = L’approbation du dossier a été retirée
ends-removed-self-assigned = La personne qui a ouvert le dossier y a été affectée ; vous devez d’abord l’approuver
ends-removed-closed = Le dossier a été fermé
ends-removed-history-lost = La base de données a perdu une partie de l’historique ; comme il n’était pas certain que l’accès n’avait pas été retiré, il a été arrêté
ends-removed-widened = Votre fournisseur laisse désormais passer des requêtes qui étaient refusées au moment de l’autorisation. L’accès a pris fin ; cochez à nouveau si vous êtes d’accord.
ends-removed-widened-back = Votre fournisseur a laissé passer des requêtes qui étaient refusées au moment de l’autorisation, puis est revenu en arrière. L’accès a pris fin ; cochez à nouveau si vous êtes d’accord.
ends-removed-by-rules = Votre fournisseur a laissé passer davantage
ends-widened-what = Ce qui a changé depuis :
extend = Prolonger l’accès d’un jour
extend-until = 24 h à partir de votre clic : jusqu’au { $until }
extend-again = Redonner l’accès
extend-already = Déjà prolongé : l’accès court pendant un jour entier à partir de maintenant. Les jours ne s’additionnent pas.
extend-off = La prolongation est désactivée pour votre organisation.
    .after = Après la fin, cochez à nouveau la case.
extend-widened = Il n’est plus possible de prolonger, car votre fournisseur laisse passer davantage qu’au moment de l’autorisation. Cochez la case pour accorder à nouveau l’accès.
extend-not-now = Impossible en ce moment, pour la raison ci-dessus.
extend-no-agent = Impossible en ce moment : aucun membre du support n’est sur ce dossier.

# Pourquoi la case ne peut pas être modifiée.

cannot-no-agent = Impossible d’accorder l’accès : aucun membre du support n’est sur ce dossier, et personne ne pourrait l’utiliser. Demandez au support d’affecter quelqu’un.
cannot-self-assigned = Impossible d’accorder l’accès pour l’instant : le support s’est attribué ce dossier. Approuvez-le d’abord, sous « Accès du support aux dossiers auto-attribués ».
cannot-blocked = Impossible d’accorder l’accès : tout accès du support est bloqué. Un super admin peut lever le blocage.
cannot-no-subject = Impossible d’accorder l’accès : l’admin au nom de qui agir n’est plus actif ici. Demandez au support de refaire une demande avec un autre admin.
cannot-super-admins-only = Vous ne pouvez pas accorder cet accès : votre organisation réserve l’approbation aux super admins.
cannot-not-attested = Vous ne pouvez pas accorder cet accès : seules les données du fournisseur indiquent que vous avez ouvert le dossier, et votre organisation exige davantage. Adressez-vous à un super admin.
cannot-not-approver = Vous ne pouvez pas accorder cet accès : seuls un super admin ou l’admin qui a ouvert le dossier le peuvent.
cannot-remove-super-admins-only = Seul un super admin peut modifier ou retirer cet accès.
cannot-remove-not-approver = Seul un super admin ou l’admin qui a ouvert le dossier peut modifier ou retirer cet accès.
cannot-change-now = Modification impossible en ce moment. Rechargez la page.

# Dossiers auto-attribués.

self-assigned = Accès du support aux dossiers auto-attribués
self-assigned-lead = Le support a ouvert ces dossiers et se les est attribués. Votre approbation lui permet de travailler sur le dossier. Elle ne donne aucun emprunt d’identité : celui-ci exige sa propre case ci-dessus.
self-assigned-none = Aucun dossier auto-attribué n’est ouvert.
self-assigned-row = { $who } a ouvert ce dossier et y travaille, depuis le { $at }
self-assigned-row-left = { $who } a ouvert ce dossier et n’y travaille plus
self-assigned-approved-by = Approuvé par { $who } le { $at }
self-assigned-approve = Approuver
self-assigned-approved = Approuvé
self-assigned-withdraw = Retirer l’approbation
self-assigned-not-while-blocked = Impossible tant que tout accès du support est bloqué.
self-assigned-not-yours = Seul un super admin, ou l’admin qui a saisi le dossier, peut l’approuver.

# Sessions.

sessions = Sessions en cours
sessions-none = Aucune session n’est en cours.
session-row = Dossier { $case }, en tant que { $subject } · { $activity }
session-row-times = Début { $started } · fin au plus tard { $ends }
session-last-request = dernière requête { $ago }
session-no-request = aucune requête pour l’instant
session-end-now = Terminer maintenant
session-end-and-untick = Terminer et décocher
# Lu après « Terminer maintenant ».
session-whose = : { $agent }, dossier { $case }

# Identifiants.

credentials = Identifiants créés pour cette organisation
credentials-none = Aucun.
credentials-table = Identifiants
credential-for = Pour
credential-kind = Type
credential-made-by = Créé par
credential-made = Créé
credential-expires = Expire
credential-state = État
credential-never = Jamais
credential-api-token = Jeton d’API
credential-scim-token = Jeton SCIM
credential-sign-in-link = Lien de connexion à usage unique
credential-passkey = Clé d’accès
credential-openid = Authentification unique
credential-active = Actif
credential-used = Utilisé
credential-expired = Expiré
credential-revoked = Révoqué
credential-by-operator = l’équipe d’exploitation
credential-by-admin = un autre admin
credential-by-support = Support

# Le blocage.

block = Bloquer tout accès du support
block-open = Tout bloquer immédiatement…
block-hint = Met fin à toutes les sessions en cours, retire tous les accès accordés et refuse toute nouvelle approbation jusqu’à ce qu’un super admin lève le blocage. Le lever ne rétablit rien.
block-submit = Bloquer tout accès du support
