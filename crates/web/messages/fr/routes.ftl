# Quelles requêtes vers un produit sont des lectures : la page de l’équipe d’exploitation.

routes-of = Lectures de « { $name } »
routes-see = Voir et modifier les règles
routes-lead = La passerelle laisse passer ce qui est à coup sûr une lecture et refuse tout le reste. Le mode et les règles disent quelles requêtes sont des lectures.
routes-no-product = Personne n’a dit où est le produit. Commencez par là.
routes-mode = Requêtes dont aucune règle ne parle
routes-rules = Mode et règles
routes-order = La règle la plus précise compte, où qu’elle soit : un texte fixe avant un paramètre, un paramètre avant **. Des règles qui se contredisent sont refusées.
routes-none = Il n’y a pas encore de règle.
routes-number = Nº
routes-effect = Effet
routes-methods = Méthodes
routes-path = Chemin
routes-remove = Supprimer
routes-remove-rule = Supprimer la règle { $number }
routes-read = lecture
routes-write = écriture
routes-add = Ajouter des règles
routes-add-hint = Des méthodes comme <code>GET, POST</code>, ou <code>*</code> pour une écriture quelle que soit la méthode. Un chemin comme <code>/orders/{"{"}id{"}"}</code> ou <code>/admin/**</code>. Laissez vide ce dont vous n’avez pas besoin.
routes-save = Enregistrer le mode et les règles
routes-leave = Tout laisser tel quel
routes-seen-by-customer = Le client peut lire le mode et les règles : chaque changement est une entrée de son journal, avec toutes les règles.
routes-claimed = Il a pris en main l’organisation, et n’a pas à accepter ce changement : il vaut immédiatement.
routes-wrong = Rien n’a été enregistré. Ce qui ne va pas est écrit à côté de chaque règle.
routes-no-method = Nommez une méthode, ou * pour une écriture quelle que soit la méthode.
routes-any-with-others = Nommez * seul, ou des méthodes sans lui.
routes-method-wrong = Écrivez des méthodes comme GET ou POST : lettres, chiffres et traits d’union. CONNECT et TRACE ne sont jamais des lectures.
routes-path-wrong = Écrivez un chemin comme /orders/{"{"}id{"}"} ou /admin/** : il commence par une barre oblique, n’a ni segment vide, ni paramètres de requête, ni signe pour cent, et ** seulement à la fin.
routes-any-is-no-read = Aucune règle ne fait une lecture de toutes les méthodes. Nommez celles qui lisent.
routes-ends =
    { $count ->
        [one] <strong>Rien n’est encore enregistré.</strong> Ceci peut laisser passer des requêtes refusées jusqu’ici, et { $count } dossier a un accès que son client a accordé sans elles : { $cases }. Enregistrer met fin à cet accès immédiatement. Le client apprend ce qui a changé et doit cocher à nouveau.
       *[other] <strong>Rien n’est encore enregistré.</strong> Ceci peut laisser passer des requêtes refusées jusqu’ici, et { $count } dossiers ont un accès que leur client a accordé sans elles : { $cases }. Enregistrer met fin à ces accès immédiatement. Le client apprend ce qui a changé et doit cocher à nouveau.
    }
routes-ends-more = { $cases } et { $more } de plus
routes-ends-submit =
    { $count ->
        [one] Enregistrer et mettre fin à l’accès pour { $count } dossier
       *[other] Enregistrer et mettre fin à l’accès pour { $count } dossiers
    }
routes-widening = Ce qui laisse passer des requêtes refusées jusqu’ici met fin aux accès que les clients ont accordés ; on vous le demande d’abord.
routes-stale = Rien n’a été enregistré : quelqu’un a modifié le mode ou les règles depuis que vous avez ouvert cette page. Les voici tels qu’ils sont maintenant, et ce que vous avez saisi est toujours là. Regardez encore une fois, puis enregistrez.
routes-edit = Modifier
routes-edit-rule = Modifier la règle { $number }
routes-contradiction = Rien n’a été enregistré. { $first } serait une lecture et une écriture : { $second } dit le contraire. Supprimez l’une des deux.
routes-too-many = Rien n’a été enregistré. Il peut y avoir au plus { $most } règles : les paramètres et ** permettent d’en écrire moins.

routes-explain = Ce qu’il adviendrait d’une requête
routes-explain-lead = Ne demande rien au produit. Dans une session qui donne accès, d’après ce qui est enregistré maintenant.
routes-method = Méthode
routes-target = Chemin, avec ses paramètres
routes-target-wrong = Écrivez un chemin qui commence par une barre oblique, de 2 000 caractères au plus.
routes-content-type = Type de contenu du corps
routes-content-type-hint = Vide pour une requête sans corps.
routes-more = Corps et en-têtes
routes-headers = Autres en-têtes qui comptent
routes-headers-hint = Un par ligne, par exemple <code>X-HTTP-Method-Override: DELETE</code>.
routes-headers-wrong = Écrivez chaque en-tête sous la forme d’un nom, de deux points et d’une valeur : 20 lignes au plus.
routes-explain-submit = Expliquer
routes-passes-chip = Passe
routes-refused-chip = Ne passe pas
routes-passes = { $line } passe comme lecture.
routes-refused = { $line } est refusée avec le statut { $status }.
routes-kept = { $line } n’atteint pas le produit.
routes-by-rule = La règle { $number } dit : { $effect } ({ $rule }).
routes-by-near = Le chemin ne diffère d’une écriture déclarée que par ce que certains serveurs négligent, comme la casse ou une barre oblique à la fin : règle { $number }, { $rule }.
routes-by-method = Aucune règle n’en parle, et selon la méthode, GET, HEAD et OPTIONS sont des lectures et tout le reste des écritures.
routes-by-declared = Aucune règle n’en parle, et seul ce qui est déclaré est une lecture.
routes-by-override = Un en-tête ou ses paramètres demandent une autre méthode que la sienne.
routes-by-ambiguity = La passerelle et le produit pourraient la lire différemment, quoi que disent les règles : segments vides ou de points, points-virgules, barres obliques inverses, séparateurs encodés ou échappements incomplets dans le chemin ; un en-tête présent deux fois ou dont le nom contient un trait de soulignement ; un GET avec un corps ; ou un type de contenu sans forme claire.
routes-by-upgrade = Elle demande un autre protocole, et nul ne sait ce qui suivrait.
routes-by-body = Son corps ne peut être examiné : il est compressé, n’a pas de type, ou en a un qui cache ce qu’il fait.
routes-by-gateway = La passerelle garde ce chemin pour elle.
routes-body = Un corps est d’abord examiné : s’il demande une autre méthode ou peut être lu différemment, la requête est refusée.

notice-routes-set = Le mode et les règles sont enregistrés.
notice-routes-ended =
    { $count ->
        [one] Le mode et les règles sont enregistrés. L’accès pour { $count } dossier a pris fin ; le client doit cocher à nouveau.
       *[other] Le mode et les règles sont enregistrés. L’accès pour { $count } dossiers a pris fin ; le client doit cocher à nouveau.
    }
notice-routes-unchanged = Rien n’a changé : le mode et les règles sont déjà ainsi.
