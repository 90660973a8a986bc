# Ce qu’une action a donné, en haut de la page qui suit.

# Depuis quand un retrait est effectif. Le message de l’action précède ; $took est l’un des deux textes suivants.
effective =
    { $servers ->
        [one] Effectif partout depuis { $since } : le serveur l’a confirmé { $took }.
       *[other] Effectif partout depuis { $since } : les { $servers } serveurs l’ont confirmé { $took }.
    }
effective-at-once = en moins d’une seconde
effective-after =
    { $seconds ->
        [one] au bout de { $seconds } seconde
       *[other] au bout de { $seconds } secondes
    }
effective-already = Effectif partout depuis { $since } au plus tard.
effective-lapsed =
    { $lapsed ->
        [one] { $lapsed } autre serveur n’a pas répondu et s’est arrêté de lui-même.
       *[other] { $lapsed } autres serveurs n’ont pas répondu et se sont arrêtés d’eux-mêmes.
    }
effective-all-lapsed =
    { $lapsed ->
        [one] Effectif partout depuis { $since } : l’unique serveur n’a pas répondu et s’est arrêté de lui-même { $took }.
       *[other] Effectif partout depuis { $since } : aucun des { $lapsed } serveurs n’a répondu ; ils se sont arrêtés d’eux-mêmes { $took }.
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
notice-access-requested-as = Accès demandé pour le dossier { $case }, pour agir au nom de { $subject }.
notice-more-time-requested = Plus de temps demandé pour le dossier { $case }.
notice-pass-the-link-on = Le client n’est pas prévenu : transmettez-lui le lien.
notice-request-withdrawn = Demande retirée pour le dossier { $case }.
notice-own-session-ended = Votre session pour le dossier { $case } est terminée.
notice-case-opened = Dossier { $case } ouvert.
    .detail = Personne n’a accès avant que le support en fasse la demande et que vous cochiez la case.
notice-case-closed = Dossier { $case } fermé : il ne donne plus aucun accès.
notice-case-reopened = Dossier { $case } rouvert.
    .detail = Tout repart de zéro : l’accès exige une nouvelle demande et une nouvelle case cochée.
notice-rules-saved = Les règles pour le support sont enregistrées.
    .detail = Les accès accordés continuent tels quels : même fin, mêmes personnes. Le prochain clic suivra les nouvelles règles.
notice-token-revoked = Le jeton est révoqué.
notice-token-revoked-detail = Il n’ouvre plus rien désormais. Si votre annuaire l’utilisait, donnez-lui-en un autre.
notice-rules-unchanged = Rien n’a changé : les règles pour le support sont déjà ainsi.
notice-rules-stale = Quelqu’un a modifié ces règles depuis que vous avez ouvert cette page : rien n’a été enregistré.
    .detail = Les règles actuelles, et qui les a fixées, figurent ci-dessous. Regardez à nouveau, puis décidez.
notice-block-stale = Le blocage a changé depuis que vous avez ouvert cette page : rien n’a été fait.
# Où en est un dossier maintenant.
now-requested = Dossier { $case } : { $who } demande un accès.
now-live = Dossier { $case } : { $who } a accordé l’accès jusqu’au { $until }.
now-joined =
    { $agents ->
        [one] Dossier { $case } : { $who } a rejoint le dossier après l’autorisation et peut regarder aussi jusqu’au { $until }.
       *[other] Dossier { $case } : { $who } ont rejoint le dossier après l’autorisation et peuvent regarder aussi jusqu’au { $until }.
    }
now-more-time = Dossier { $case } : { $who } demande plus de temps.
now-expired = Dossier { $case } : l’accès a expiré le { $at }.
now-removed = Dossier { $case } : l’accès a été retiré le { $at }.
now-widened = Dossier { $case } : votre fournisseur a laissé passer davantage qu’avant, et l’accès a donc pris fin le { $at }. Cochez à nouveau si vous êtes d’accord.
now-customer-ticks-again = Dossier { $case } : le fournisseur laisse passer davantage qu’avant, et l’accès a donc pris fin le { $at }. Le client doit cocher à nouveau.
now-gone = Le dossier ne figure plus sur cette page : il a été fermé, ou sa demande retirée.
now-closed-by = Dossier { $case } : fermé par { $who }.
now-closed-by-vendor = Dossier { $case } : fermé par votre fournisseur.
now-withdrawn-by = Dossier { $case } : { $who } a retiré la demande.
now-nothing-asked = Dossier { $case } : aucun accès n’est demandé.
now-self-assigned = Dossier { $case } : le support se l’est attribué, et le client ne l’a pas encore approuvé.
now-blocked = Dossier { $case } : le client a bloqué tout accès du support.
now-closed = Dossier { $case } : il a été fermé.
now-not-mine = Le dossier ne figure plus sur cette page : il a été fermé, ou vous n’êtes plus de son équipe.
now-off-team = Vous n’êtes plus de l’équipe de ce dossier.
notice-stale-rules = Dossier { $case } : votre fournisseur a changé ce qui passe depuis que vous avez ouvert cette page ; rien n’a donc été fait.
notice-stale = Le dossier { $case } a changé depuis que vous avez ouvert cette page : rien n’a été fait.
    .detail = L’état actuel figure ci-dessous. Regardez à nouveau, puis décidez.
notice-request-not-made = La demande n’a pas été faite. Voir ci-dessous.
# Deux phrases qui se suivent.
sentences = { $first } { $second }
