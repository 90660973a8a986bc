# Qui regarde en ce moment.

live = Qui regarde en ce moment
live-lead = Le support qui regarde dans { $org } en ce moment même. Cette page se tient à jour toute seule.
live-none = Personne du support ne regarde en ce moment.
live-row = Dossier { $case }, { $title } · au nom de { $subject }
live-row-times = Depuis le { $since } · jusqu’au { $until } au plus tard ({ $left })
live-nothing-yet = n’a encore ouvert aucune page
live-declared = pourrait modifier quelque chose ; le fournisseur l’a déclaré sans effet
live-over = Terminée
