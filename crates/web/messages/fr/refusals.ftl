# Pourquoi une règle refuse : ce qui s’est passé, pourquoi, et que faire. Les codes sont ceux du domaine.

refusal-impersonation-cannot-act = Impossible sous une identité empruntée
    .why = Vous voyez ceci au nom d’une autre personne, et une identité empruntée ne permet de rien approuver, modifier ni démarrer.
    .next = Terminez la session de support et connectez-vous avec votre propre compte.
refusal-caller-inactive = Votre compte est désactivé
    .why = Votre compte a été désactivé et ne permet plus rien ici.
    .next = Demandez à la personne qui gère les comptes de le réactiver.
refusal-org-not-found = Organisation introuvable
    .why = Cette organisation n’existe pas, ou vous n’avez pas le droit de la voir.
    .next = Vérifiez son nom court, ou connectez-vous avec un compte qui lui appartient.
refusal-case-not-found = Dossier introuvable
    .why = Ce dossier n’existe pas, ou vous n’avez pas le droit de le voir.
    .next = Vérifiez le numéro. Si vous travaillez au support, demandez à rejoindre l’équipe du dossier.
refusal-session-not-found = Session introuvable
    .why = Cette session n’existe pas, ou vous n’avez pas le droit de la voir.
    .next = Vérifiez l’identifiant, ou consultez le dossier dont elle relève.
refusal-person-not-found = Personne introuvable
    .why = Cette personne n’existe pas, ou vous n’avez pas le droit de la voir.
    .next = Vérifiez l’adresse e-mail.
refusal-only-operators = Réservé à l’équipe d’exploitation
    .why = Seule l’équipe d’exploitation de cette installation peut le faire.
    .next = Adressez-vous à l’équipe plateforme du fournisseur.
refusal-only-directories = Réservé aux annuaires
    .why = Seul l’annuaire dont proviennent ces personnes peut le faire.
    .next = Faites la modification dans cet annuaire.
refusal-only-super-admins = Réservé aux super admins
    .why = Seul un compte super admin de l’organisation peut le faire.
    .next = Adressez-vous à un super admin de votre organisation.
refusal-only-approvers = Réservé aux personnes habilitées à approuver ce dossier
    .why = Seules les personnes habilitées à approuver peuvent le faire : les super admins de l’organisation et l’admin à l’origine du dossier.
    .next = Adressez-vous à l’une d’elles.
refusal-only-super-admins-approve-here = Ici, seuls les super admins approuvent
    .why = Vous avez ouvert ce dossier, mais votre organisation réserve aux super admins l’approbation des accès du support.
    .next = Adressez-vous à un super admin de votre organisation.
refusal-opener-not-attested = La personne qui a ouvert ce dossier ne peut pas l’approuver
    .why = Seules les données du fournisseur indiquent que vous avez ouvert ce dossier, et votre organisation exige davantage pour approuver.
    .next = Adressez-vous à un super admin de votre organisation.
refusal-only-team-agents = Réservé aux membres du support sur ce dossier
    .why = Seul un membre du support de l’équipe du dossier peut le faire.
    .next = Connectez-vous comme tel, ou adressez-vous à une personne de l’équipe.
refusal-only-requester = Réservé à la personne qui a fait la demande
    .why = Seul le membre du support qui a demandé l’accès peut retirer la demande.
    .next = Adressez-vous à cette personne, ou demandez vous-même l’accès : votre demande remplacera la sienne.
refusal-only-session-parties = Vous ne pouvez pas mettre fin à cette session
    .why = Seuls le membre du support à qui elle appartient et les personnes habilitées à approuver le dossier peuvent y mettre fin.
    .next = Adressez-vous à l’une de ces personnes.
refusal-pinned-to-earlier-team = L’accès est réservé à l’équipe d’alors
    .why = Le client a accordé l’accès aux membres du support présents sur le dossier à ce moment-là ; vous l’avez rejoint plus tard.
    .next = Demandez au client de décocher puis de cocher à nouveau, ou laissez faire un membre présent dès le début.
refusal-not-yours-to-close = Vous ne pouvez pas fermer ce dossier
    .why = Seuls l’équipe d’exploitation, les personnes habilitées à approuver et les membres du support de l’équipe peuvent le fermer.
    .next = Adressez-vous à l’une de ces personnes.
refusal-not-yours-to-reopen = Vous ne pouvez pas rouvrir ce dossier
    .why = Seules l’équipe d’exploitation et les personnes habilitées à approuver peuvent le rouvrir ; le support ne le peut pas.
    .next = Adressez-vous au client, ou rouvrez le dossier dans l’outil de suivi.
refusal-not-yours-to-open = Vous ne pouvez pas ouvrir ce dossier
    .why = Vous ne pouvez ouvrir un dossier qu’en votre propre nom.
    .next = N’indiquez pas qui l’a ouvert, ou laissez l’outil de suivi l’ouvrir.
refusal-team-is-for-operators = Les équipes relèvent de l’exploitation
    .why = L’outil de suivi du fournisseur détermine qui travaille sur un dossier.
    .next = N’indiquez pas d’équipe, ou faites-la modifier dans cet outil.
refusal-number-is-for-operators = Les numéros de dossier relèvent de l’exploitation
    .why = L’outil de suivi attribue les numéros de dossier.
    .next = N’indiquez pas de numéro : le dossier en recevra un.
refusal-not-yours-to-mint = Vous ne pouvez pas créer cet identifiant
    .why = Un lien de connexion ou un jeton ne peut être créé que par la personne concernée ou par l’équipe d’exploitation.
    .next = Adressez-vous à l’une d’elles.
refusal-case-closed = Le dossier est fermé
    .why = Le dossier est fermé, et un dossier fermé ne donne aucun accès.
    .next = Rouvrez-le d’abord : une personne habilitée à approuver ou l’équipe d’exploitation peut le faire.
refusal-nothing-requested = Personne n’a demandé d’accès
    .why = Aucun membre du support n’a demandé d’accès depuis l’ouverture du dossier : il n’y a rien à accorder ni à retirer.
    .next = Le support doit d’abord faire une demande.
refusal-request-already-granted = La demande a été accordée
    .why = Le client a déjà accordé cette demande : elle ne peut plus être retirée.
    .next = Terminez vos sessions, ou demandez au client de décocher.
refusal-self-assignment-not-approved = Le dossier auto-attribué n’est pas approuvé
    .why = Un membre du support a ouvert ce dossier pour son propre compte : il ne donne aucun accès tant que le client n’a pas approuvé le dossier lui-même.
    .next = Une personne habilitée doit d’abord approuver le dossier auto-attribué.
refusal-not-self-assigned = Le dossier n’est pas auto-attribué
    .why = Aucun membre du support n’a ouvert ce dossier pour son propre compte : il n’y a pas d’auto-attribution à approuver.
    .next = Vous n’avez rien à faire.
refusal-support-blocked = Tout accès du support est bloqué
    .why = Un super admin a bloqué tout accès du support à l’organisation.
    .next = Le blocage dure jusqu’à ce qu’un super admin de l’organisation le lève.
refusal-no-agent-on-team = Aucun membre du support n’est sur le dossier
    .why = Aucun membre actif du support n’est sur le dossier : personne ne pourrait utiliser l’accès.
    .next = Accordez-le quand le fournisseur aura affecté quelqu’un au dossier.
refusal-nothing-to-extend = Il n’y a pas d’autorisation à prolonger
    .why = L’accès n’a jamais été accordé, a été retiré ou a été accordé avant que le fournisseur ne laisse passer davantage : il n’y a rien à prolonger.
    .next = Cochez « Autoriser l’emprunt d’identité » pour l’accorder à nouveau.
refusal-extension-off = La prolongation est désactivée
    .why = Votre organisation a désactivé la prolongation des accès.
    .next = Après l’expiration, cochez à nouveau, ou demandez à un super admin de modifier ce réglage.
refusal-changed-since-shown = Le dossier a changé entre-temps
    .why = Le dossier a changé depuis que vous l’avez consulté : rien n’a été fait.
    .next = Consultez-le à nouveau, puis décidez.
refusal-access-not-live = Aucun accès n’est accordé en ce moment
    .why = Le client n’a pas accordé d’accès pour ce dossier, ou cet accès a expiré ou a été retiré.
    .next = Demandez l’accès et transmettez le lien au client.
refusal-subject-inactive = La personne au nom de qui agir est désactivée
    .why = La personne au nom de qui agir a été désactivée depuis la demande.
    .next = Faites une nouvelle demande en indiquant un autre admin actif de l’organisation.
refusal-link-used = Le lien a déjà servi
    .why = Ce lien n’ouvre une session qu’une fois, et il a déjà été ouvert.
    .next = Démarrez une nouvelle session depuis le dossier.
refusal-link-expired = Le lien est trop ancien
    .why = Ce lien n’est valable que quelques minutes et il est désormais trop ancien.
    .next = Démarrez une nouvelle session depuis le dossier.
refusal-link-wrong = Le lien ne correspond pas
    .why = Ce lien ne correspond pas à la session ou à ce navigateur.
    .next = Ouvrez-le dans le navigateur où votre connexion est ouverte, ou démarrez une nouvelle session depuis le dossier.
refusal-session-over = La session est terminée
    .why = Quelqu’un, une règle ou sa durée maximale a mis fin à cette session.
    .next = Si l’accès est toujours accordé, démarrez une nouvelle session depuis le dossier.
refusal-no-upstream = Le produit de l’organisation n’est pas raccordé
    .why = Aucune adresse du produit n’est connue pour cette organisation : il n’y a rien à voir.
    .next = Demandez à l’équipe d’exploitation de renseigner l’adresse du produit de l’organisation.
refusal-number-taken = Le numéro de dossier est déjà pris
    .why = Un autre dossier de cette installation porte ce numéro.
    .next = Choisissez-en un autre.
refusal-slug-taken = Le nom court est déjà pris
    .why = Une autre organisation porte ce nom court.
    .next = Choisissez-en un autre.
refusal-host-taken = Le nom d’hôte est déjà pris
    .why = Une autre organisation porte un de ces noms d’hôte : rien n’a été modifié.
    .next = Choisissez-en un autre, ou retirez-le d’abord à cette organisation.
refusal-host-reserved = Le nom d’hôte est celui de ce déploiement
    .why = Un de ces noms est celui de la console ou de la passerelle de ce déploiement, ou se trouve sous celui de la passerelle, où les sessions du support ont les leurs. Rien n’a été modifié.
    .next = Choisissez un nom qui n’est ni l’un ni l’autre.
refusal-host-twice = Le même nom d’hôte figure deux fois
    .why = Une liste où un nom figure deux fois voulait peut-être dire autre chose : rien n’a été modifié.
    .next = Indiquez chaque nom d’hôte une seule fois.
refusal-too-many-hosts = Trop de noms d’hôte
    .why = Une organisation peut avoir { $most } noms d’hôte à elle.
    .next = Retirez-en quelques-uns.
refusal-email-taken = L’adresse e-mail est déjà prise
    .why = Cette adresse e-mail est déjà utilisée ici.
    .next = Utilisez-en une autre, ou le compte qui existe.
refusal-subject-unknown = La personne au nom de qui agir est inconnue
    .why = La personne indiquée n’est pas un admin actif de l’organisation du dossier.
    .next = Vérifiez l’adresse e-mail, ou laissez-la vide pour agir au nom de la personne qui a ouvert le dossier.
refusal-opener-unknown = La personne qui a ouvert le dossier est inconnue
    .why = La personne indiquée comme ayant ouvert le dossier n’est ni un admin actif de cette organisation ni un membre actif du support.
    .next = Vérifiez l’adresse e-mail.
refusal-agent-unknown = Ce membre du support est inconnu
    .why = Aucun membre actif du support n’a cette adresse e-mail.
    .next = Vérifiez-la, ou demandez à l’équipe d’exploitation de créer ou de réactiver ce compte.
refusal-duration-out-of-range = La durée par défaut est hors limites
    .why = Une case cochée peut accorder un accès de 15 minutes à 24 heures.
    .next = Choisissez une durée par défaut dans ces limites.
refusal-expiration-too-early = L’expiration est trop proche
    .why = Une prolongation ne raccourcit jamais un accès, et cette date est passée ou précède l’expiration actuelle.
    .next = Choisissez une date ultérieure, ou décochez pour mettre fin à l’accès maintenant.
refusal-expiration-too-late = L’expiration est trop lointaine
    .why = Un accès peut être prolongé d’un jour au plus à compter de maintenant.
    .next = Choisissez une expiration au plus tard le { $latest }.
refusal-text = Un champ est mal rempli
    .why = Le champ « { $field } » { $error }.
    .next = Corrigez-le et réessayez.

# Ce qui ne va pas dans un texte ; « Ce texte » ou « Le champ … » précède.

text-error-blank = ne doit pas être vide
text-error-too-short = doit comporter au moins { $min } caractères
text-error-too-long = doit comporter au plus { $max } caractères
text-error-control = ne doit pas contenir de caractères de contrôle
text-error-form = n’a pas la forme attendue
text-is-wrong = Ce texte { $error }.

refusal-credential-not-found = Cet identifiant d’accès n’existe pas
    .why = Cet identifiant d’accès n’existe pas, ou vous n’avez pas le droit de le voir.
    .next = Vérifiez son numéro, qui figure dans la liste des identifiants d’accès.

refusal-operators-see-no-sessions = Les sessions ne regardent pas l’équipe d’exploitation
    .why = Ce que l’assistance fait chez un client, le client et la personne concernée le voient, pas l’équipe d’exploitation.
    .next = Demandez à une personne habilitée à approuver ce dossier, ou à la personne concernée.

refusal-operators-sign-in-nowhere = Pas de lien de connexion pour l’équipe d’exploitation
    .why = Un lien de connexion est destiné à un admin d’un client ou au support ; l’équipe d’exploitation n’est ni l’un ni l’autre.
    .next = Indiquez à qui il est destiné. L’équipe d’exploitation se connecte à la console sous /operator avec un jeton d’API.

refusal-too-many-sessions = Trop de sessions à la fois
    .why = Vous avez autant de sessions ouvertes que permis en même temps ({ $most }).
    .next = Terminez-en d’abord une, dans l’un de ces dossiers : { $cases }.

refusal-credential-not-accepted = Votre connexion n’a pas été acceptée
    .why = Votre organisation est prise en main, et personne n’y a accepté ce qui a servi à vous connecter, qui vient du fournisseur.
    .next = Connectez-vous avec votre clé d’accès, ou demandez à un super admin de l’accepter dans les paramètres.

refusal-credential-refused = Votre connexion a été refusée
    .why = Un super admin de votre organisation a refusé ce qui a servi à vous connecter ; cela ne sert plus à rien.
    .next = Connectez-vous avec votre clé d’accès, ou demandez un autre lien.

refusal-admin-not-accepted = Votre compte n’a pas été accepté
    .why = Votre organisation est prise en main ; le fournisseur a créé ou réactivé votre compte, et personne n’y a donné son accord.
    .next = Demandez à un super admin de votre organisation de vous accepter dans les paramètres.

refusal-org-not-claimed = Rien n’est à accepter pour l’instant
    .why = Aucun super admin n’a pris l’organisation en main ; ce que crée le fournisseur vaut donc sans être accepté.
    .next = Pour la prendre en main, un super admin se connecte avec une clé d’accès.

refusal-already-refused = Le refus est définitif
    .why = Un super admin de l’organisation l’a refusé, définitivement.
    .next = Créez-en un autre ; une personne peut être réactivée par un super admin de l’organisation.

refusal-already-accepted = C’est déjà accepté
    .why = Cela compte déjà comme venant de l’organisation ; il n’y a plus rien à refuser.
    .next = Supprimez-le, ou désactivez la personne.

refusal-role-not-proposed = Aucun rôle de ce genre n’attend
    .why = Aucun rôle de ce genre n’attend pour cette personne, ou il a été repris entre-temps.
    .next = Consultez à nouveau les paramètres.

refusal-last-super-admin = Personne d’autre ne pourrait agir pour l’organisation
    .why = Sans cette personne, il ne resterait aucun super admin avec une clé d’accès acceptée, et personne ne pourrait plus agir pour l’organisation.
    .next = Commencez par accepter ou promouvoir un autre super admin qui a une clé d’accès.

refusal-last-passkey = Personne ne pourrait se connecter pour l’organisation
    .why = C’est la dernière clé d’accès avec laquelle un super admin peut se connecter et agir pour l’organisation.
    .next = Ajoutez-en d’abord une autre, ou acceptez celle d’un autre super admin.

refusal-issuer-not-found = Ce service de connexion n’existe pas
    .why = Votre organisation n’a pas de tel service de connexion OpenID, ou n’en a plus.
    .next = Regardez à nouveau la liste.

refusal-issuer-taken = Ce service de connexion est déjà là
    .why = L’organisation admet déjà la parole de cet émetteur.
    .next = Modifiez celui qui existe, ou supprimez-le d’abord.

refusal-too-many-issuers = Trop de services de connexion
    .why = Une organisation peut avoir 5 services de connexion OpenID, et ils y sont.
    .next = Supprimez d’abord celui qui ne sert plus.

refusal-issuer-domains = Aucun domaine e-mail, ou trop
    .why = Un service de connexion parle pour au moins 1 et au plus 20 domaines e-mail.
    .next = Indiquez les domaines des adresses de vos équipes.

refusal-issuer-is-the-customers = Ce service de connexion est celui du client
    .why = L’organisation est prise en main, et la parole de ce service y compte : seuls ses super admins peuvent le supprimer.
    .next = Adressez-vous à un super admin de cette organisation.

refusal-last-way-in = Personne ne pourrait se connecter pour l’organisation
    .why = Sans cela, plus aucun super admin accepté ne pourrait se connecter et agir pour l’organisation.
    .next = Ajoutez d’abord une clé d’accès, ou acceptez celle d’un autre super admin.

refusal-not-staff = Vous ne faites pas partie du support ici
    .why = Le service de connexion du fournisseur vous connaît, mais ne dit pas que vous pouvez entrer ici : vous n’êtes dans aucun des groupes prévus, ou aucun membre actif du support n’a l’adresse qu’il confirme.
    .next = Adressez-vous à la personne qui gère les groupes de votre entreprise, ou à l’équipe d’exploitation de Countersign.

refusal-fresh-sign-in = Montrez encore une fois que c’est vous
    .why =
        { $within ->
            [one] Pour regarder chez un client, vous devez vous être identifié auprès du service de connexion de votre entreprise dans la dernière minute.
           *[other] Pour regarder chez un client, vous devez vous être identifié auprès du service de connexion de votre entreprise dans les { $within } dernières minutes.
        }
    .next = Connectez-vous-y à nouveau. Un programme ne le peut pas : une telle session se commence dans la console.

refusal-open-id-unknown = Votre service de connexion vous connaît, personne ici ne vous connaît
    .why = Aucun compte actif de cette organisation ne correspond à ce que le service a dit : il n’y en a pas avec cette adresse dans un domaine pour lequel il parle, ou il y connaît quelqu’un d’autre.
    .next = Demandez à un super admin de votre organisation si vous avez un compte ici, et avec quelle adresse.

refusal-open-id-otherwise = Une autre personne est déjà venue avec cette adresse
    .why = Un compte d’un autre identifiant, ou d’un autre service, s’est déjà connecté ici avec cette adresse ; celui-ci n’a donc pas été pris pour la même personne.
    .next = Si le compte auprès de votre service a été recréé, demandez à un super admin de votre organisation de dissocier l’ancien dans les paramètres.

refusal-nothing-to-seal-with = Le secret client ne peut être ni conservé ni lu
    .why = Ce serveur n’a pas de clé pour sceller les secrets, ou pas celle avec laquelle celui-ci a été scellé.
    .next = Demandez à l’équipe d’exploitation de définir la clé de scellement, ou prenez un client sans secret.

refusal-sign-in-too-old = Votre connexion remonte à trop longtemps
    .why = Une clé d’accès ne s’ajoute que dans les 15 minutes qui suivent la connexion, pour que personne n’en ajoute une à un poste laissé ouvert.
    .next = Reconnectez-vous, puis ajoutez-la.

refusal-too-many-passkeys = Trop de clés d’accès
    .why = Une personne peut avoir 20 clés d’accès, et vous en avez autant.
    .next = Supprimez-en d’abord une dont vous ne vous servez plus.

refusal-passkey-taken = Cette clé d’accès est déjà enregistrée
    .why = Cette clé d’accès précise est déjà enregistrée ; rien n’a été ajouté.
    .next = Servez-vous-en, ou créez-en une sur un autre appareil.
