# Ce qui a été fait autour de l’accès du support, et les rapports sur un dossier.

history = Historique
history-lead = Tout ce qui a été fait autour de l’accès du support dans { $org }, le plus récent d’abord : qui a demandé, qui a dit oui, ce qui a été consulté et ce qui a été refusé.
history-words = Recherche
history-words-hint = Des mots, ou le début d’un chemin : /admin/users
history-agent = Membre du support
history-kind = Quoi
history-kind-all = Tout, entrée par entrée
history-kind-further = Ce que les pages chargent en plus
history-kind-refused = Requêtes refusées
history-kind-access = Accès : demandé, accordé, prolongé, retiré
history-kind-sessions = Sessions
history-kind-rest = Dossiers, personnes et paramètres
history-agent-any = Tous
history-agent-choice = { $name } ({ $email })
history-days = Jours
history-from = Du
history-to = Au, inclus
history-zone = Les jours sont ceux du fuseau { $zone }.
history-days-today = Aujourd’hui
history-days-week = 7 derniers jours
history-days-month = 30 derniers jours
history-days-all = Tous les jours
history-kind-telling = Pages, refus et ce qui concerne l’accès
history-kind-pages = Pages
history-kind-requests = Chaque requête
history-kind-declared = Requêtes déclarées sans effet
history-one-session = Seulement ce qui a été fait dans une session.
history-one-session-of = Seulement ce qui a été fait dans une session de { $who }, pour le dossier { $case }.
history-one-page-of = Seulement les autres requêtes qui figuraient avec une entrée, dans une session de { $who } pour le dossier { $case }.
history-every-session = Afficher toutes les sessions
history-days-backwards = Le dernier jour précède le premier.
history-no-kind = Ce choix n’existe pas sous « Quoi ».
history-no-session = Cette session n’existe pas ici.
history-no-place = L’adresse de cette page n’indique aucun endroit de l’historique. Relancez la recherche pour commencer par le plus récent.
history-no-order = Cette page montre le plus récent d’abord et n’a pas d’autre ordre. L’API a les deux.
history-twice = Une partie du filtre est donnée deux fois. Relancez la recherche en donnant chacune une seule fois.
history-further =
    { $count ->
        [one] et { $count } autre requête
       *[other] et { $count } autres requêtes
    }
history-further-of =
    { $count ->
        [one] { $count } autre requête de { $who }, pour une page qui figure parmi les entrées plus anciennes
       *[other] { $count } autres requêtes de { $who }, pour une page qui figure parmi les entrées plus anciennes
    }
history-search = Rechercher
history-all = Effacer le filtre
history-found = Ce qui a été trouvé
history-nothing-found = Rien n’a été trouvé. Essayez moins de mots, ou d’autres jours.
history-nothing-yet = Rien n’a encore été fait.
history-no-case = Ce dossier n’existe pas ici.
history-no-agent = Ce membre du support n’apparaît pas dans cet historique.
history-no-day = Un jour doit être une date, par exemple 2025-11-23.
history-no-words = Cherchez jusqu’à 8 mots, ou un chemin qui commence par « / ».
history-files = Télécharger tout ce qui a été trouvé :
history-files-csv = CSV
history-files-jsonl = JSON Lines
history-pages = Suite de l’historique
history-newest = Plus récent
history-older = Plus ancien
history-report-of = Rapport sur le dossier
history-who-as = { $who } au nom de { $subject }

result-refused = Refusé
result-open = Encore ouvert
result-unknown = Issue inconnue
result-seen = Vu ({ $status })
result-complete = Vu
result-answered = Répondu ({ $status })
result-answered-whole = Répondu
result-cut = Coupé
result-not-sent = Non envoyé
result-client-gone = Fermé par le support
result-upstream-failed = Le produit n’a pas répondu

report-title = Rapport sur le dossier { $case }
report-print = Imprimer
report-summary = Résumé
report-sent = Envoyé, déclaré sans effet par le fournisseur
report-pages = Pages ouvertes
report-further = Autres requêtes, comme des images et des scripts
report-by-page = À côté de chaque page figure le nombre de requêtes qui l’ont suivie.
report-every-instead = Afficher chaque requête
report-every = Chaque requête figure séparément.
report-by-page-instead = Afficher les pages avec un nombre
request-counts = Pages : { $pages } (autres requêtes : { $further }) · refus : { $refused }
request-counts-sent = Pages : { $pages } (autres requêtes : { $further }) · envois que le fournisseur a déclarés sans effet : { $sent } · refus : { $refused }
report-refused = Refus
report-made = Rapport établi
report-acts = Ce qui a été fait
sessions-held = Sessions
report-no-session = Il n’y a eu aucune session.
report-session-times = Du { $since } au { $ended }
report-session-since = Depuis le { $since }
report-requests = Ce qui a été consulté et refusé
report-no-request = Rien n’a été consulté.
report-part = Partie { $number } sur { $parts }
report-parts = Parties du rapport
report-range = { $from } à { $to } sur { $all }
report-in-parts = Il s’imprime en parties de 1 000 lignes de chaque sorte au plus ; les nombres ci-dessus valent pour tout le rapport.
report-log = Où cela figure au journal
report-log-of = Journal de
report-log-range = Entrées
report-log-at = Dernière entrée faite
report-log-hash = Hachage de feuille de la dernière entrée
report-how = Pour vérifier : récupérez les entrées à l’adresse <code>/api/v1/orgs/{ $slug }/entries</code> avec un jeton à vous. Le hachage de feuille est le SHA-256 d’un octet nul suivi de l’encodage canonique de l’entrée (RFC 6962). S’il manque une entrée dans cette plage, ou si le hachage diffère, ce rapport et le journal ne concordent pas.

# Ce que quelqu’un a fait ; son adresse précède.

did-extended = a prolongé l’accès d’un jour
did-granted = a accordé l’accès
did-more-time = a demandé plus de temps
did-period-opened = a prolongé un accès expiré
did-request-withdrawn = a retiré la demande d’accès
did-requested = a demandé un accès
did-revoked = a retiré l’accès
did-admin-created = a créé un admin
did-admin-changed = a modifié les informations d’un admin
did-admin-removed = a supprimé un admin définitivement
did-admin-vouched-for = s’est porté garant d’un admin
did-admin-deactivated = a désactivé un admin
did-admin-reactivated = a réactivé un admin
did-admin-role = a changé le rôle d’un admin
did-admin-accepted = a accepté un admin
did-admin-refused = a refusé un admin
did-role-proposed = a proposé un rôle pour un admin
did-role-accepted = a accepté un rôle pour un admin
did-role-refused = a refusé un rôle pour un admin
did-agent-created = a créé un membre du support
did-agent-changed = a modifié les informations d’un membre du support
did-agent-removed = a supprimé un membre du support définitivement
did-agent-deactivated = a désactivé un membre du support
did-agent-reactivated = a réactivé un membre du support
did-case-closed = a fermé le dossier
did-case-opened = a ouvert le dossier
did-case-reopened = a rouvert le dossier
did-team-joined = a affecté un membre du support au dossier
did-team-left = a retiré un membre du support du dossier
did-credential-minted = a créé un moyen de connexion
did-credential-revoked = a révoqué un moyen de connexion
did-credential-accepted = a accepté un moyen de connexion
did-credential-refused = a refusé un moyen de connexion
did-client-created = a créé un client de service
did-client-key-added = a donné une clé à un client de service
did-client-key-removed = a retiré une clé à un client de service
did-client-removed = a supprimé un client de service
did-client-accepted = a accepté un client de service
did-client-refused = a refusé un client de service
did-passkey-registered = a ajouté une clé d’accès
did-passkey-removed = a supprimé une clé d’accès
did-issuer-accepted = a accepté un service de connexion
did-issuer-added = a ajouté un service de connexion
did-issuer-removed = a supprimé un service de connexion
did-issuer-secret = a changé le secret d’un service de connexion
operator-who = { $who } (équipe d’exploitation)
did-openid-bound = a utilisé un service de connexion pour la première fois
did-openid-unbound = a dissocié une personne d’un service de connexion
did-blocked = a bloqué tout accès du support
did-org-created = a créé l’organisation
did-org-claimed = a pris l’organisation en main
did-hosts-set = a défini les noms d’hôte de l’organisation
did-settings-changed = a modifié les règles pour le support
did-unblocked = a levé le blocage
did-rules-set = a indiqué quelles requêtes au produit sont des lectures
did-upstream-set = a indiqué où se trouve le produit et quelles requêtes sont des lectures
did-outcome = issue d’une requête
did-request = a consulté
did-declared = a envoyé une requête que le fournisseur a déclarée sans effet
did-request-refused = a essayé et s’est vu refuser
did-request-left-open = avait, semble-t-il, laissé une page ouverte, qui a redemandé et s’est vu refuser
did-self-approved = a approuvé le dossier auto-attribué
did-self-requested = s’est attribué le dossier
did-self-requested-for = a soumis à approbation le dossier auto-attribué
did-self-withdrawn = a retiré l’approbation du dossier auto-attribué
did-session-ended = a mis fin à une session
did-session-entered = est entré dans une session
did-link-opened = a ouvert le lien d’une session
did-session-started = a démarré une session

# Qui ou ce que concernait l’acte ; figure sous ce qui a été fait.

did-about-role = { $who } : { $role }
did-about-credential = identifiant
did-about-kind = { $kind } de { $who }
did-about-named = { $kind } « { $name } » de { $who }
did-about-as = au nom de { $who }
did-about-opened = « { $title } », pour { $who }
did-about-session = session de { $who }
did-from = depuis { $address }
did-from-with = depuis { $address }, avec { $program }
did-about-and = { $first }, { $next }
did-about-rule = Elle pourrait modifier quelque chose. La règle <code>{ $rule }</code> du fournisseur la compte comme une lecture.
did-about-no-rule = Elle pourrait modifier quelque chose. Une règle du fournisseur la compte comme une lecture.
did-about-widened = Le fournisseur a laissé passer des requêtes qui étaient refusées au moment de l’autorisation, et l’accès a pris fin jusqu’à ce que le client coche à nouveau.
did-about-until = Jusqu’au { $until } : { $whose }
did-about-access =
    { $agents ->
        [one] { $who }, agit au nom de { $subject }
       *[other] { $who }, agissent au nom de { $subject }
    }
    .later =
        { $agents ->
            [one] { $who }, agit au nom de { $subject }. Quiconque rejoint le dossier plus tard peut regarder aussi.
           *[other] { $who }, agissent au nom de { $subject }. Quiconque rejoint le dossier plus tard peut regarder aussi.
        }
