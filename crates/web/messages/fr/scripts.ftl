# Ce que les scripts affichent tant qu’une page est ouverte.

script-copied = Copié
script-press-ctrl-c = Appuyez sur Ctrl+C
script-ended = terminé : rechargez la page
