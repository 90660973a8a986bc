# Whose word counts in an organisation that is claimed.

awaiting-account = <strong>Votre compte attend d’être accepté.</strong> Votre organisation est prise en main, et votre fournisseur a créé ou réactivé votre compte. Vous pouvez voir les dossiers et retirer l’accès du support, mais ni accorder ni modifier quoi que ce soit, ni lire qui regarde en ce moment et l’historique.
awaiting-account-next = Que faire : demandez à un super admin de votre organisation de vous accepter ici, dans les paramètres.
awaiting-sign-in = <strong>Votre connexion vient de votre fournisseur.</strong> Votre organisation est prise en main, et personne n’y a accepté cette connexion. Vous pouvez voir les dossiers et retirer l’accès du support, mais ni accorder ni modifier quoi que ce soit, ni lire qui regarde en ce moment et l’historique.
awaiting-sign-in-next = Que faire : déconnectez-vous, puis connectez-vous avec votre clé d’accès. Si vous l’avez perdue, demandez à un autre super admin de votre organisation d’accepter cette connexion ici, dans les paramètres.
awaiting-sign-in-no-passkey = Que faire : demandez à un super admin de votre organisation d’accepter cette connexion ici, dans les paramètres. Ajoutez ensuite une clé d’accès, pour ne plus avoir besoin de lien la prochaine fois.
awaiting =
    { $count ->
        [one] { $count } élément attend que vous l’acceptiez
       *[other] { $count } éléments attendent que vous les acceptiez
    }
awaiting-others =
    { $count ->
        [one] { $count } élément attend qu’un super admin l’accepte
       *[other] { $count } éléments attendent qu’un super admin les accepte
    }
awaiting-lead = Votre fournisseur les a créés, ou ils viennent de quelque chose qu’il a créé. Aucun ne peut accorder un accès, le prolonger ni modifier un réglage tant qu’il n’est pas accepté.
waiting-account = Compte de { $who }
waiting-role = Rôle de super admin pour { $who }
waiting-link = Lien de connexion à usage unique pour { $who }
waiting-token = Jeton d’API pour { $who }
waiting-directory = Jeton SCIM pour l’annuaire de votre organisation
waiting-passkey = Clé d’accès de { $who }
waiting-role-since = Proposé { $at }
waiting-unused = Créé { $made } · valable jusqu’au { $expires }
waiting-link-used = Créé { $made } · utilisé { $used }
waiting-link-in-use = Créé { $made } · utilisé { $used } · <strong>quelqu’un est connecté avec en ce moment</strong>
waiting-passkey-unused = « { $name } » · ajoutée { $added }
waiting-passkey-used = « { $name } » · ajoutée { $added } · utilisée en dernier { $used }
accepting-admin = Votre fournisseur a créé ou réactivé ce compte, en tant qu’admin. L’accepter permet à { $who } d’agir avec.
accepting-super-admin = Votre fournisseur a créé ou réactivé ce compte, en tant que super admin. L’accepter permet à { $who } d’approuver pour chaque dossier et d’accepter d’autres personnes.
accepting-role = Votre fournisseur voudrait faire de { $who } un super admin, qui approuve pour chaque dossier et accepte d’autres personnes. Tant que vous n’acceptez pas, { $who } reste admin.
accepting-link-unused = Pas encore utilisé. L’accepter permet à quiconque l’ouvre d’agir en tant que { $who }.
accepting-link-used = Ne l’acceptez que si { $who } vous dit l’avoir demandé et utilisé.
accepting-link-yours = Ce lien est le vôtre. Ne l’acceptez que si vous l’avez demandé et utilisé vous-même.
accepting-token = L’accepter permet à tout programme qui le détient d’agir en tant que { $who }.
accepting-directory = L’accepter permet à quiconque le détient de créer, modifier et désactiver vos admins, et d’en faire des super admins.
accepting-passkey = Elle a été ajoutée avant que l’organisation soit prise en main, ou au moyen de quelque chose que personne n’a accepté. Ne l’acceptez que si { $who } vous dit que c’est la sienne.
accepting-passkey-yours = Elle est à votre nom. Elle a été ajoutée avant que l’organisation soit prise en main, ou au moyen de quelque chose que personne n’a accepté. Ne l’acceptez que si vous l’avez ajoutée vous-même.
refusing-account = Le compte de { $who } est désactivé et déconnecté ; seul un super admin de votre organisation peut revenir là-dessus.
refusing-role = { $who } reste admin. Votre fournisseur peut le proposer à nouveau.
refusing-link = Il ne connecte plus personne, et quiconque est connecté avec est déconnecté, définitivement.
refusing-token = Il n’ouvre plus rien, définitivement.
refusing-directory = Il ne permet plus de gérer personne, définitivement.
refusing-passkey = Elle ne connecte plus { $who }, définitivement. Il est possible d’en ajouter une autre.
accept = Accepter
refuse = Refuser…
refuse-now = Refuser

# Read out after "Accept", "Refuse…" and "Remove…".

accept-what =  : { $what }
accepted-done = Accepté. Cela compte désormais comme venant de votre organisation, et le journal dit que vous l’avez accepté.
refused-done = Refusé. Cela ne donne plus rien, et le journal dit que vous l’avez refusé.

# The claim.

claim-yours = <strong>Votre organisation n’est pas encore prise en main.</strong> Votre fournisseur peut encore créer un lien de connexion qui approuve en votre nom. La première fois qu’un super admin se connecte avec une clé d’accès, l’organisation est prise en main : dès lors, rien de ce que crée votre fournisseur ne peut approuver tant qu’un de vos super admins ne l’a pas accepté. Les comptes et les connexions des autres admins attendent eux aussi d’être acceptés.
claim-first-add = Ajoutez d’abord une clé d’accès ci-dessous, puis connectez-vous avec.
claim-now = Se connecter avec une clé d’accès et prendre { $org } en main
claim-just-now = <strong>Vous avez pris { $org } en main.</strong> Désormais, rien de ce que crée votre fournisseur ne peut approuver ici tant qu’un de vos super admins ne l’a pas accepté. Ce qui existait avant vous attend ci-dessus. Ajoutez une deuxième clé d’accès sur un autre appareil, et acceptez un deuxième super admin muni d’une clé d’accès : sans l’un des deux, un appareil perdu enferme votre organisation dehors, et personne d’autre ne peut vous rouvrir.
claim-older-access = Un accès accordé avant la prise en main court jusqu’à son terme : passez ces accès en revue, et retirez ceux qu’aucun des vôtres n’a accordés.
claim-older-access-see = Passer en revue les accès accordés
claim-claimed = Prise en main par { $who } le { $at } : rien de ce que crée votre fournisseur ne peut approuver ici tant qu’un de vos super admins ne l’a pas accepté.

# Passkeys.

passkeys = Connexion
passkeys-lead = Une clé d’accès vous connecte avec votre empreinte, votre visage ou le verrouillage de l’écran. Personne d’autre ne la détient : ni votre fournisseur, ni Countersign.
passkeys-none = Vous n’avez pas de clé d’accès.
passkey-in-use = connexion en cours
passkey-waits = attend d’être acceptée
passkey-used = Ajoutée { $added } · utilisée en dernier { $used }
passkey-unused = Ajoutée { $added } · jamais utilisée
passkey-remove = Supprimer…
passkey-remove-now = Supprimer
passkey-removing = Elle ne connecte plus personne. Effacez-la aussi sur l’appareil.
passkey-removing-in-use = Elle ne connecte plus personne. Elle sert à votre connexion, qui prendra fin. Effacez-la aussi sur l’appareil.
passkey-name = Nom de l’appareil ou du gestionnaire de mots de passe
passkey-name-example = Portable du bureau
passkey-add = Ajouter une clé d’accès
passkey-sign-in-again = Pour ajouter une clé d’accès, déconnectez-vous et reconnectez-vous : ce n’est possible que dans les 15 premières minutes, pour que personne n’en ajoute une à un poste laissé ouvert.
passkey-once-accepted = Vous pourrez ajouter une clé d’accès une fois votre compte et votre connexion acceptés.
passkey-at-a-name = Les clés d’accès sont liées à un nom, pas à une adresse. Pour les utiliser, connectez-vous ici :
passkey-added = Clé d’accès ajoutée. La prochaine fois, connectez-vous avec.
passkey-removed = Clé d’accès supprimée. Elle ne connecte plus personne ; effacez-la aussi sur l’appareil.
passkey-sign-in = Se connecter avec une clé d’accès
passkeys-need-script = Les clés d’accès ont besoin de JavaScript. Un lien de connexion fonctionne sans.

# What the script says beside its button.

passkey-says-unable = Ce navigateur ne sait pas utiliser les clés d’accès. Prenez une version récente de Chrome, Edge, Firefox ou Safari.
passkey-says-elsewhere = Les clés d’accès s’utilisent à une autre adresse. Allez à { $origin }.
passkey-says-cancelled = Rien ne s’est passé : la fenêtre a été fermée, l’attente a été trop longue, ou aucune clé d’accès n’existe pour ce site. Réessayez.
passkey-says-taken = Cet appareil a déjà une clé d’accès pour votre compte.
passkey-says-failed = Le serveur n’a pas pu être joint. Vérifiez votre connexion et réessayez.

# Why a passkey was not used.

passkey-no-script = Les clés d’accès ont besoin de JavaScript
    .why = C’est un script qui demande la clé d’accès, et aucun n’a tourné dans cette page ; rien n’a été fait.
    .next = Activez JavaScript pour ce site, ou utilisez un lien de connexion.
passkey-at-the-deployment = Les clés d’accès ne s’utilisent pas à l’adresse propre de cette organisation. Pour en ajouter une, connectez-vous à l’adresse du déploiement :
passkeys-nowhere-below = Les clés d’accès ne s’utilisent pas à cette adresse
    .why = Les clés d’accès sont créées pour l’adresse du déploiement, et le nom d’hôte de cette organisation ne se trouve pas sous celle-ci.
    .next = Connectez-vous à l’adresse du déploiement ; la page de connexion d’ici y mène.
passkeys-nowhere-name = Les clés d’accès sont impossibles ici
    .why = Les clés d’accès sont liées à un nom, et ce serveur est joint par une adresse.
    .next = Demandez à l’équipe d’exploitation de lui donner un nom d’hôte.
passkeys-nowhere-tls = Les clés d’accès ont besoin de chiffrement
    .why = Les clés d’accès ont besoin d’une connexion chiffrée (https), et ce serveur n’en a pas.
    .next = Demandez à l’équipe d’exploitation d’en mettre une en place.
passkeys-nowhere-address = Les clés d’accès sont impossibles à cette adresse
    .why = L’adresse publique de ce serveur ne peut pas porter de clés d’accès.
    .next = Demandez à l’équipe d’exploitation de vérifier l’URL publique.
passkey-not-asked = Cette tentative n’est plus ouverte
    .why = Ce qui a été demandé au navigateur vaut cinq minutes, pour une réponse, dans le même navigateur. Cela a pris plus de temps, a déjà reçu une réponse ou a été demandé ailleurs ; rien n’a été fait.
    .next = Recommencez.
passkey-unreadable = La clé d’accès est illisible
    .why = Ce que le navigateur a envoyé n’est pas la réponse d’une clé d’accès ; rien n’a été fait.
    .next = Recommencez, ou prenez un autre navigateur.
passkey-not-verified = La clé d’accès n’a pas été reconnue
    .why = La réponse n’appartient pas à ce site, ni à cet essai, ou l’appareil n’a reconnu personne ; rien n’a été fait.
    .next = Allez à l’adresse que vous connaissez et réessayez là-bas.
passkey-not-kept = Cet appareil ne garde pas de clé d’accès
    .why = Il a créé une clé qu’il ne retrouverait pas à la connexion ; rien n’a été ajouté.
    .next = Prenez un autre appareil, ou un gestionnaire de mots de passe.
passkey-unknown = Cette clé d’accès ne connecte personne
    .why = Aucun compte d’ici ne l’a : elle a été supprimée ou refusée, ou appartient à un autre site.
    .next = Prenez une autre clé d’accès, ou demandez un lien de connexion. Effacez celle-ci sur l’appareil.
passkey-copied = Cette clé d’accès a peut-être été copiée
    .why = Son compteur a reculé, comme lorsque quelqu’un d’autre se sert d’une copie ; personne n’a été connecté.
    .next = Connectez-vous avec une autre clé d’accès, supprimez celle-ci et prévenez votre équipe de sécurité.

# Where what the reader does gives nothing.

cannot-not-accepted = Vous ne pouvez pas encore l’accorder : votre compte ou votre connexion n’a pas encore été accepté. Le haut de cette page dit que faire.
extend-not-accepted = Pas encore possible : votre compte ou votre connexion n’a pas encore été accepté.
self-assigned-not-accepted = Vous ne pouvez pas encore l’approuver : votre compte ou votre connexion n’a pas encore été accepté. Le haut de cette page dit que faire.

# In the list of credentials.

credential-accepted = Acceptation
credential-refused = Refusé
acceptance-waits = En attente
acceptance-own = De votre organisation
acceptance-by = Par { $who }
acceptance-by-somebody = Par un super admin
acceptance-refused = Refusé
acceptance-never = Non accepté, et n’ouvre plus rien
