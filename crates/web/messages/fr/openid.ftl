# Connexion par un fournisseur OpenID de sa propre organisation.

openid-ask = Adresse e-mail, ou nom court de votre organisation
openid-ask-hint = Si votre organisation a son propre service de connexion, ceci vous y mène.
openid-ask-none = Aucune organisation n’a ici de service de connexion pour cela. Vérifiez votre saisie, prenez votre clé d’accès ou un lien, ou demandez à un super admin de votre organisation.
openid-ask-several = Plusieurs organisations utilisent ce domaine. Saisissez le nom court de la vôtre : un super admin de votre organisation le connaît.
openid-continue = Continuer avec la connexion de votre organisation
openid-ways = Connexion pour { $org }
openid-ways-lead = Vous vous connectez au service de connexion de votre organisation, puis vous revenez ici. Ne continuez que si vous connaissez l’adresse sur le bouton.
openid-go = Continuer vers { $host }
openid-down = { $host } ne répond pas en ce moment. Réessayez dans une minute, ou connectez-vous autrement.
openid-other-ways = Se connecter autrement
openid-sign-out = Se déconnecter aussi de { $host }

# Paramètres > Authentification unique.

openid = Authentification unique
openid-lead = Quel service de connexion dit qui se connecte pour { $org }, par OpenID Connect.
openid-providers = Vos services de connexion
openid-providers-claimed = Ce que votre fournisseur ajoute attend qu’un de vos super admins l’accepte. Vous seuls pouvez supprimer ce qui compte.
openid-providers-unclaimed = Votre organisation n’est pas encore prise en main. Le premier super admin qui se connecte par un de ces services la prend en main, comme avec une clé d’accès.
openid-providers-none = Aucun service de connexion. La connexion se fait par clé d’accès ou par lien.
openid-waits = attend d’être accepté
openid-domains = Domaines e-mail
openid-domains-hint = Seules les adresses de ces domaines sont admises de ce service. Séparez-les par des virgules.
openid-client = ID client
openid-client-hint = Tel que le service l’affiche une fois Countersign enregistré chez lui.
openid-secret = Secret client
openid-secret-kept = Conservé, scellé
openid-secret-none = Aucun : le service nous reconnaît par PKCE seul
openid-secret-hint = Laissez vide si le service n’en a pas pour ce client. Il est scellé, et n’est plus montré à personne.
openid-secret-change = Changer le secret client…
openid-secret-new = Nouveau secret client
openid-secret-save = Enregistrer le secret
openid-added = Ajouté
openid-bound =
    { $count ->
        [one] { $count } personne s’est connectée par ce service
       *[other] { $count } personnes se sont connectées par ce service
    }
openid-bound-hint = Dès la deuxième connexion, c’est l’identifiant que le service donne à une personne qui compte, non son adresse. Dissociez une personne si son compte y a été recréé : la prochaine connexion avec son adresse sera prise pour la sienne.
openid-bound-you = vous, en ce moment
openid-unlink = Dissocier
openid-removing = Les personnes connectées par ce service sont déconnectées, et plus personne ne peut entrer par lui.
openid-add = Ajouter un service de connexion
openid-add-lead = Il doit parler OpenID Connect. Les personnes que vous avez déjà ici entrent par lui ; il ne crée pas de compte.
openid-returns-to =
    { $count ->
        [one] Enregistrez d’abord Countersign auprès du service, comme application web avec cette adresse de retour :
       *[other] Enregistrez d’abord Countersign auprès du service, comme application web avec ces adresses de retour :
    }
openid-issuer = Émetteur (issuer)
openid-issuer-hint = L’adresse que le service appelle son issuer, exactement comme il l’écrit, par exemple https://login.example.com.
openid-add-now = Ajouter le service
openid-added-done = Service de connexion ajouté. Déconnectez-vous et essayez-le avant de compter sur lui.
openid-secret-done = Le secret client a été changé.
openid-removed-done = Service de connexion supprimé. Les personnes venues par lui sont déconnectées.
openid-unlinked-done = Dissocié et déconnecté. La prochaine connexion avec cette adresse sera prise pour celle de cette personne.

# Tant qu’il attend, dans les paramètres.

waiting-issuer = Service de connexion { $url }
waiting-issuer-added = Ajouté { $added }
accepting-issuer = Votre fournisseur l’a ajouté, ou il existait avant la prise en main de l’organisation. L’accepter lui permet de dire qui se connecte pour votre organisation. Ne l’acceptez que s’il est bien celui de votre organisation.
refusing-issuer = Il est supprimé, et les personnes connectées par lui sont déconnectées. Votre fournisseur peut l’ajouter à nouveau, et il attendrait à nouveau.

# Pourquoi personne n’a été connecté.

openid-nowhere = Ce serveur ne se connecte à aucun service de connexion
    .why = L’équipe qui l’exploite ne l’a pas préparé pour la connexion auprès des services des organisations ; rien n’a été commencé.
    .next = Prenez votre clé d’accès ou un lien.
openid-not-asked = Cette connexion n’est plus ouverte
    .why = Une connexion vaut dix minutes, une fois, dans le navigateur qui l’a commencée. Elle a duré plus longtemps, a déjà reçu sa réponse ou a été commencée ailleurs ; personne n’a été connecté.
    .next = Recommencez depuis la page de connexion.
openid-mixed-up = Un autre service a répondu que celui interrogé
    .why = Ce qui est revenu ne dit pas venir du service vers lequel vous avez été envoyé ; rien ne lui a été transmis et personne n’a été connecté.
    .next = Recommencez. Si cela se reproduit, prévenez la personne qui s’occupe de votre service de connexion : il doit se nommer comme sa configuration le dit (RFC 9207).
openid-declined = Votre service de connexion ne vous a pas connecté
    .why = Il vous a renvoyé sans dire qui vous êtes : vous avez peut-être annulé, ou n’avez pas le droit d’y utiliser Countersign.
    .next = Recommencez, ou demandez à la personne qui s’occupe de votre service de connexion.
openid-no-token = Votre service de connexion n’a pas accepté notre demande
    .why = Il a refusé d’échanger son code : le code a déjà servi, ou l’ID client ou le secret indiqué ici n’est pas le bon.
    .next = Recommencez. Si cela se reproduit, demandez à un super admin de votre organisation de vérifier le service dans les paramètres.
openid-unreachable = Votre service de connexion ne répond pas
    .why = Il n’a pas pu être joint, ou a mis plus de cinq secondes ; personne n’a été connecté.
    .next = Réessayez dans une minute, ou prenez votre clé d’accès ou un lien.
openid-misconfigured = Votre service de connexion ne répond pas comme il le doit
    .why = Sa configuration, ses clés ou ses réponses ne sont pas celles que demande OpenID Connect, ou mènent là où ce serveur ne se connecte pas.
    .next = Prenez votre clé d’accès ou un lien, et demandez à un super admin de votre organisation de vérifier le service dans les paramètres.
openid-other-time = La connexion est d’un autre moment
    .why = Ce que votre service de connexion a signé a expiré, ou son horloge et celle de ce serveur diffèrent de plus d’une minute ; personne n’a été connecté.
    .next = Recommencez. Si cela se reproduit, prévenez la personne qui s’occupe de votre service de connexion.
openid-not-verified = La connexion n’a pas pu être vérifiée
    .why = Ce qui est venu de votre service de connexion n’est pas signé par ses clés, ou n’est pas pour ce serveur et cette connexion ; personne n’a été connecté.
    .next = Recommencez depuis l’adresse que vous connaissez. Si cela se reproduit, prévenez la personne qui s’occupe de votre service de connexion.
openid-no-address = Votre service de connexion ne garantit aucune adresse
    .why = La première connexion se fait par votre adresse e-mail, et le service n’en a donné aucune qu’il ait vérifiée ; personne n’a été connecté.
    .next = Demandez à la personne qui s’occupe de votre service de connexion de transmettre votre adresse e-mail vérifiée (les claims email et email_verified).

# Le personnel du fournisseur.

staff-heading = Pour le personnel du fournisseur
staff-sign-in = Se connecter avec { $name }
staff-down = { $host } ne répond pas en ce moment. Réessayez dans une minute.
staff-anew-next = Connectez-vous-y encore une fois : vous reviendrez à ce que vous alliez ouvrir.
staff-operator-title = Connecté pour l’équipe d’exploitation
staff-operator-in = Le service de connexion de votre entreprise dit que vous êtes de l’équipe d’exploitation. Si cette page ne continue pas d’elle-même, continuez ici.
staff-operator-go = Continuer
openid-not-enough = Votre service de connexion a demandé moins qu’il ne faut ici
    .why = Il ne dit pas que vous vous êtes identifié comme ce serveur l’exige, par un second facteur par exemple, ou pas assez récemment ; personne n’a été connecté.
    .next = Connectez-vous à nouveau de la manière la plus forte. Si votre service n’en propose pas, dites-le à ceux qui s’en occupent.
