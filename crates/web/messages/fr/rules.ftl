# Paramètres > Règles pour le support.

settings-nav = Paramètres
rules = Règles pour le support
rules-lead = Ce que donne une case cochée, et qui peut la cocher, dans { $org }.
rules-lead-read = Ce que donne une case cochée, et qui peut la cocher, dans { $org }. Les super admins peuvent le modifier.
rules-changed = Dernière modification par { $who } le { $at }.
rules-never-changed = Personne n’a modifié ces règles : toute organisation commence avec elles.
rules-duration = Combien de temps une case cochée donne accès
rules-duration-hint = Entre 15 minutes et 24 heures. L’accès se termine tout seul ; personne n’a à y penser.
rules-approvers = Qui peut dire oui
rules-approvers-both = Les super admins, et l’admin qui a ouvert le dossier
rules-approvers-super = Les super admins seulement
rules-openers = Seulement s’il a ouvert le dossier ici
rules-openers-hint = Vaut pour les admins qui ne sont pas super admins. Un dossier qu’ils n’ont ouvert que selon les données du fournisseur revient alors aux super admins.
rules-openers-any = Les données du fournisseur sur qui a ouvert un dossier comptent aussi
rules-extension = Proposer « Prolonger l’accès d’un jour »
rules-extension-hint = Sinon l’accès se termine à sa fin, et il faut cocher à nouveau.
rules-extension-off = La prolongation est désactivée
rules-pinned = Seulement pour le support présent sur le dossier au moment où la case est cochée
rules-pinned-hint = Qui rejoint le dossier plus tard n’a pas d’accès tant que vous n’avez pas coché à nouveau. Sinon cette personne a accès aussi, et la page la nomme.
rules-pinned-off = Qui rejoint le dossier plus tard a accès aussi, et la page le nomme
rules-save = Enregistrer les règles
rules-what-changes-none = Aucun accès n’est accordé en ce moment : rien ne change pour personne avant la prochaine case cochée.
rules-what-changes =
    { $count ->
        [one] L’accès est accordé pour { $count } dossier en ce moment. Il reste tel quel : même fin, mêmes personnes. Accorder, retirer et prolonger suivront les nouvelles règles dès l’enregistrement.
       *[other] L’accès est accordé pour { $count } dossiers en ce moment. Il reste tel quel : même fin, mêmes personnes. Accorder, retirer et prolonger suivront les nouvelles règles dès l’enregistrement.
    }
rules-other = { $length } (réglage actuel)
