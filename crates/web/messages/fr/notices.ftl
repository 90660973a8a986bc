# Ce qu’une action a donné, en haut de la page qui suit.

# Depuis quand un retrait est effectif. Le message de l’action précède.
effective = Effectif partout depuis { $since } (confirmé par { $servers }, { $ms } ms).
effective-lapsed = Effectif partout depuis { $since } (confirmé par { $servers } ; { $lapsed } sans réponse et à l’arrêt ; { $ms } ms).
servers =
    { $count ->
        [one] { $count } serveur
       *[other] { $count } serveurs
    }

notice-access-granted = Accès accordé pour le dossier { $case } jusqu’au { $until }.
notice-access-extended = Accès pour le dossier { $case } prolongé jusqu’au { $until }.
notice-nothing-changed = Rien n’a changé pour le dossier { $case } : l’accès court déjà jusqu’au { $until }.
notice-access-removed = Accès retiré pour le dossier { $case }. { $effective }
notice-nothing-to-remove = Le dossier { $case } n’a aucun accès à retirer.
notice-not-ticked = Rien n’a changé pour le dossier { $case } : la case n’était pas cochée.
notice-session-ended = Session de { $agent } pour le dossier { $case } terminée.
notice-session-ended-unticked = Session de { $agent } pour le dossier { $case } terminée et accès retiré.
notice-blocked = Tout accès du support est bloqué.
notice-block-lifted = Le blocage est levé.
    .detail = Rien n’a été rétabli : les accès retirés par le blocage doivent être accordés à nouveau.
notice-approved = Le support peut travailler sur le dossier { $case }.
    .detail = Cela ne donne encore aucun accès. L’emprunt d’identité a toujours besoin de sa propre case cochée.
notice-approval-withdrawn = Approbation du dossier { $case } retirée.
notice-access-requested = Accès demandé pour le dossier { $case }.
notice-more-time-requested = Plus de temps demandé pour le dossier { $case }.
notice-pass-the-link-on = Le client n’est pas prévenu : transmettez-lui le lien.
notice-request-withdrawn = Demande retirée pour le dossier { $case }.
notice-own-session-ended = Votre session pour le dossier { $case } est terminée.
notice-case-opened = Dossier { $case } ouvert.
    .detail = Personne n’a accès avant que le support en fasse la demande et que vous cochiez la case.
notice-case-closed = Dossier { $case } fermé : il ne donne plus aucun accès.
notice-case-reopened = Dossier { $case } rouvert.
    .detail = Tout repart de zéro : l’accès exige une nouvelle demande et une nouvelle case cochée.
notice-stale = Le dossier { $case } a changé depuis que vous avez ouvert cette page : rien n’a été fait.
    .detail = L’état actuel figure ci-dessous. Regardez à nouveau, puis décidez.
notice-request-not-made = La demande n’a pas été faite. Voir ci-dessous.
# Deux phrases qui se suivent.
sentences = { $first } { $second }
