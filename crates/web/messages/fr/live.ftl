# Qui regarde en ce moment.

live = Qui regarde en ce moment
live-lead = Le support qui regarde dans { $org } en ce moment même. Cette page se tient à jour toute seule.
live-none = Personne du support ne regarde en ce moment.
live-row-times = Depuis le { $since } · jusqu’au { $until } au plus tard ({ $left })
live-nothing-yet = n’a encore ouvert aucune page
live-declared = pourrait modifier quelque chose ; le fournisseur l’a déclaré sans effet
live-over = Terminée
live-case = Dossier { $case }, { $title }
live-acts-as = au nom de { $subject }
live-since = Aussi
live-nothing-since = Rien d’autre depuis
live-every = Chaque requête
live-not-counted = Les requêtes ne sont pas comptées dans cette session : elle a commencé avant une mise à jour
live-pages = Pages : { $pages } (autres requêtes : { $further })
live-sent = envois que le fournisseur a déclarés sans effet : { $sent }
live-refused = refus : { $refused }
live-trail = Derniers envois, puis derniers refus ; les plus récents d’abord
live-trail-none = Rien d’envoyé ni de refusé jusqu’ici
live-passed = Passé
