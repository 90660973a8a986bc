# Quelles requêtes le fournisseur déclare être des lectures, tel que les clients le lisent.

reads = Ce qui compte comme regarder
reads-lead = Votre fournisseur indique quelles requêtes à son produit ne font que lire. Rien d’autre ne passe pour le support. Vous ne pouvez pas le modifier ici ; chaque modification figure au journal.
reads-history = Ce qui a été modifié, dans l’historique
reads-only = en lecture seule
reads-only-but =
    { $count ->
        [one] en lecture seule, sauf { $count } type de requête que votre fournisseur déclare sans effet
       *[other] en lecture seule, sauf { $count } types de requêtes que votre fournisseur déclare sans effet
    }
reads-nowhere = Votre fournisseur n’a pas encore indiqué où se trouve son produit : le support ne peut rien ouvrir.
reads-by-method = Requêtes qu’aucune règle ne nomme : GET, HEAD et OPTIONS comptent comme des lectures, tout le reste est refusé.
reads-declared = Les requêtes qu’aucune règle ne nomme sont refusées, quelles qu’elles soient.
reads-harmless =
    { $count ->
        [one] Déclarée sans effet, bien qu’elle puisse modifier quelque chose ({ $count })
       *[other] Déclarées sans effet, bien qu’elles puissent modifier quelque chose ({ $count })
    }
reads-harmless-none = Rien de ce qui pourrait modifier quelque chose n’est déclaré sans effet : l’accès est en lecture seule.
reads-read =
    { $count ->
        [one] Déclarée comme lecture ({ $count })
       *[other] Déclarées comme lectures ({ $count })
    }
reads-write =
    { $count ->
        [one] Déclarée comme modification, et refusée ({ $count })
       *[other] Déclarées comme modifications, et refusées ({ $count })
    }

# Sous une modification dans l’historique ; la règle se compose de méthodes et d’un motif de chemins.
change-harmless = Déclarée sans effet désormais, bien qu’elle puisse modifier quelque chose : <code>{ $rule }</code>
change-read = Compte désormais comme une lecture : <code>{ $rule }</code>
change-write = Refusée désormais, comme modification : <code>{ $rule }</code>
change-harmless-below = <strong>Tout ce qui se trouve sous un chemin</strong> est désormais déclaré sans effet, bien que cela puisse modifier quelque chose : <code>{ $rule }</code>
change-not-harmless = N’est plus déclarée sans effet : <code>{ $rule }</code>
change-not-read = N’est plus nommée comme lecture : <code>{ $rule }</code>
change-not-write = N’est plus nommée comme modification : <code>{ $rule }</code>
change-more =
    { $count ->
        [one] { $count } autre modification
       *[other] { $count } autres modifications
    }
change-kept =
    { $count ->
        [one] { $count } règle reste telle quelle.
       *[other] { $count } règles restent telles quelles.
    }

# Sur la carte d’une demande.
say-declared =
    { $count ->
        [one] Les requêtes de ce type pourraient modifier quelque chose, et elles passent.
       *[other] Les requêtes de ces { $count } types pourraient modifier quelque chose, et elles passent.
    }
say-declared-named =
    { $count ->
        [one] Une telle requête pourrait modifier quelque chose, et elle passe : <code>{ $rules }</code>.
       *[other] De telles requêtes pourraient modifier quelque chose, et elles passent : <code>{ $rules }</code>.
    }
say-declared-below =
    { $count ->
        [one] <strong>Tout ce qui se trouve sous un chemin passe</strong> avec cette méthode, quel qu’en soit l’effet : <code>{ $rules }</code>.
       *[other] <strong>Tout ce qui se trouve sous ces chemins passe</strong> avec cette méthode, quel qu’en soit l’effet : <code>{ $rules }</code>.
    }
say-declared-see = Voir lesquels
say-declared-see-all = Tout ce qui passe
say-joiners = Quiconque est ajouté plus tard à ce dossier par votre fournisseur peut regarder aussi.
