# Paramètres > Annuaire : les jetons par lesquels l’annuaire d’une organisation gère ses personnes (SCIM).

directory = Annuaire
directory-lead = { $org } peut laisser son propre annuaire, par exemple Okta ou Microsoft Entra ID, créer, modifier et désactiver ses admins ici (SCIM).
directory-lead-read = Les super admins de { $org } peuvent laisser son propre annuaire créer, modifier et désactiver ses admins ici (SCIM).
directory-connect = Connecter votre annuaire
directory-connect-lead = Donnez-lui cette adresse et un jeton. Un jeton n’ouvre rien d’autre, appartient à l’organisation et non à la personne qui l’a créé, et vaut un an.
directory-address = Adresse pour l’annuaire
directory-address-copy = Copier l’adresse
directory-make = Créer un jeton
directory-make-hint = Quiconque le détient peut faire de n’importe qui un super admin ici. Tout ce qui est fait avec figure à votre journal.
directory-make-not-accepted = Vous ne pouvez pas encore créer de jeton : votre connexion ou votre compte attend d’être accepté.
directory-fresh = Votre nouveau jeton
directory-token = Jeton SCIM
directory-fresh-hint = Il n’est montré que maintenant. Inscrivez-le dans votre annuaire. Valable jusqu’au { $until }.
directory-token-until = Valable jusqu’au { $until }.
directory-tokens = Jetons
directory-tokens-none = Il n’y a pas de jeton ; aucun annuaire n’est donc connecté.
directory-revoke = Révoquer
directory-revoke-which = {" "}le jeton du { $at }
