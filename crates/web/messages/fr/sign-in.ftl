# Connexion par un lien à usage unique.

sign-in = Connexion
sign-in-start = Connectez-vous avec votre clé d’accès, par le service de connexion de votre organisation, ou avec un lien personnel à usage unique.
sign-in-over = Votre connexion a pris fin
    .lead = Une connexion dure un temps limité. Elle prend fin aussi quand quelqu’un de votre organisation refuse ou supprime le moyen que vous avez utilisé, ou désactive votre compte, et quand vous vous reconnectez ou vous déconnectez dans ce navigateur. Reconnectez-vous avec votre clé d’accès, ou demandez un nouveau lien.
sign-in-out = La connexion est fermée
    .lead = Pour revenir, prenez votre clé d’accès ou un nouveau lien.
sign-in-first = Connectez-vous d’abord
    .lead = Le lien ouvre une session de support pour la personne du support qui l’a démarrée. Connectez-vous dans ce navigateur, puis ouvrez à nouveau le lien : il n’a pas été consommé.
sign-in-spent = Ce lien ne fonctionne plus
    .lead = Un lien de connexion ne sert qu’une fois, pendant peu de temps. Celui-ci a déjà servi, a expiré, a été refusé ou annulé, ou n’a pas été copié en entier.
sign-in-own-address = { $here } est l’adresse propre d’une organisation : seuls ses admins s’y connectent. Les membres du support et l’équipe d’exploitation se connectent sur { $deployment }.
sign-in-passkeys-elsewhere = Les clés d’accès ne s’utilisent pas à cette adresse. Connectez-vous avec la vôtre sur { $deployment }.
sign-in-go-there = Aller sur { $deployment }
sign-in-how = Comment obtenir un lien
sign-in-how-admin = <strong>Vous êtes admin chez un client :</strong> adressez-vous à la personne qui, chez votre fournisseur, a mis Countersign en place pour vous, ou demandez à un autre admin de votre organisation de transmettre.
sign-in-how-agent = <strong>Vous travaillez au support :</strong> adressez-vous à l’équipe qui exploite Countersign pour la vôtre.
sign-in-how-hint = L’équipe qui exploite Countersign crée un lien avec <code>countersign login-link</code>. Ne transférez jamais le vôtre : il connecte en votre nom.
sign-in-as = Se connecter en tant que { $name } ?
sign-in-email = E-mail
sign-in-once = Ce lien ne sert qu’une fois. Si ce n’est pas vous, fermez cette page et prévenez la personne qui vous l’a envoyé.
