# Qui est venu à la console et en est reparti, et ce qui a été tenté en vain. Ce que quelqu’un a fait suit son adresse.

history-kind-sign-ins = Connexions
history-kind-attempts = Tentatives refusées
somebody = Quelqu’un
somebody-elsewhere = Quelqu’un d’une autre organisation

did-signed-in = a établi une connexion
did-signed-out = a mis fin à sa connexion
did-sign-in-failed = a tenté une connexion, qui a été refusée
did-attempt = a tenté quelque chose et s’est vu refuser

tried-upstream-set = a voulu indiquer où se trouve le produit et quelles requêtes sont des lectures
tried-hosts-set = a voulu définir les noms d’hôte de l’organisation
tried-settings-changed = a voulu modifier les règles pour le support
tried-blocked = a voulu bloquer tout accès du support
tried-unblocked = a voulu lever le blocage
tried-admin-created = a voulu créer un admin
tried-admin-role = a voulu changer le rôle d’un admin
tried-admin-reactivated = a voulu réactiver un admin
tried-admin-deactivated = a voulu désactiver un admin
tried-admin-changed = a voulu modifier les informations d’un admin
tried-admin-removed = a voulu supprimer un admin définitivement
tried-issuer-added = a voulu ajouter un service de connexion
tried-issuer-secret = a voulu changer le secret d’un service de connexion
tried-issuer-accepted = a voulu accepter un service de connexion
tried-issuer-removed = a voulu supprimer un service de connexion
tried-openid-unbound = a voulu dissocier une personne d’un service de connexion
tried-admin-accepted = a voulu accepter un admin
tried-admin-refused = a voulu refuser un admin
tried-role-accepted = a voulu accepter un rôle pour un admin
tried-role-refused = a voulu refuser un rôle pour un admin
tried-credential-minted = a voulu créer un moyen de connexion
tried-credential-revoked = a voulu révoquer un moyen de connexion
tried-credential-accepted = a voulu accepter un moyen de connexion
tried-credential-refused = a voulu refuser un moyen de connexion
tried-passkey-registered = a voulu ajouter une clé d’accès
tried-passkey-removed = a voulu supprimer une clé d’accès
tried-client-created = a voulu créer un client de service
tried-client-key-added = a voulu donner une clé à un client de service
tried-client-key-removed = a voulu retirer une clé à un client de service
tried-client-removed = a voulu supprimer un client de service
tried-client-accepted = a voulu accepter un client de service
tried-client-refused = a voulu refuser un client de service
tried-case-opened = a voulu ouvrir un dossier
tried-case-closed = a voulu fermer le dossier
tried-case-reopened = a voulu rouvrir le dossier
tried-team-joined = a voulu affecter un membre du support au dossier
tried-team-left = a voulu retirer un membre du support du dossier
tried-requested = a voulu demander un accès
tried-request-withdrawn = a voulu retirer la demande d’accès
tried-granted = a voulu accorder l’accès
tried-extended = a voulu prolonger l’accès
tried-revoked = a voulu retirer l’accès
tried-self-approved = a voulu approuver le dossier auto-attribué
tried-self-withdrawn = a voulu retirer l’approbation du dossier auto-attribué
tried-session-started = a voulu ouvrir une session
tried-link-opened = a voulu ouvrir le lien d’une session
tried-session-ended = a voulu terminer une session
tried-token-exchanged = a voulu un jeton pour votre produit sans passer par la passerelle
tried-token-ended = a voulu mettre fin à un jeton hors passerelle

# Ce qui a été répondu, et combien de fois on avait essayé avant.

tried-answer = Réponse : « { $answer } »
left-out =
    { $count ->
        [one] Une autre tentative avant celle-ci n’est pas listée.
       *[other] { $count } autres tentatives avant celle-ci ne sont pas listées.
    }

# Pourquoi quelqu’un qui se présentait comme cette personne n’a pas été admis.

turned-away-link-used = En tant que { $who } : le lien de connexion avait déjà servi.
turned-away-link-expired = En tant que { $who } : le lien de connexion était trop ancien.
turned-away-inactive = En tant que { $who } : le compte est désactivé.
turned-away-not-verified = En tant que { $who } : la clé d’accès n’a pas pu être vérifiée.
turned-away-copied = En tant que { $who } : le compteur de la clé d’accès a reculé. Quelqu’un en a peut-être une copie.
turned-away-removed = En tant que { $who } : la clé d’accès avait été supprimée.
turned-away-refused = En tant que { $who } : ce qui a été présenté avait été refusé définitivement.
turned-away-otherwise = En tant que { $who } : { $code }
