# Ce qu’une page dit des changements tant qu’elle est ouverte.

news-several = Plusieurs dossiers ont changé.
news-else = Autre chose a changé sur cette page.
news-show = Afficher
news-signed-out = Votre session de connexion est terminée.
news-waiting = En attente d’acceptation : { $what }.
news-rules = Votre fournisseur a modifié ce qui passe. S’il laisse passer davantage, les accès accordés auparavant ont pris fin.
