# Les listes de dossiers, un dossier vu par le support, et le formulaire qui en ouvre un.

# Où en est l’accès, en un mot ou deux.

access-not-requested = Non demandé
access-waiting = En attente d’autorisation
access-live = Accès accordé
access-expired = Expiré
access-revoked = Accès retiré
access-self-assignment-waiting = Auto-attribution à approuver
access-blocked-by-customer = Bloqué par le client
access-closed = Fermé
# La même chose, lue par un admin.
access-none-asked = Aucun accès demandé
access-granted = Accès accordé
access-ends-soon = Se termine bientôt
access-removed = Accès retiré
access-tick-again = À cocher à nouveau
access-blocked = Bloqué

# Les listes.

cases = Dossiers
cases-of-admin-lead = Ouvrir un dossier ne donne d’accès à personne. L’accès exige une demande du support et votre case cochée.
cases-open-one = Ouvrir un dossier
cases-none = Aucun dossier pour l’instant.
cases-cut-off = Seuls { $most } dossiers sont affichés. Il y en a d’autres.
case-review = Examiner l’accès
# Lu après « Examiner l’accès » et semblables.
for-case = pour le dossier { $case }
of-case = dossier { $case }
case-close = Fermer
case-reopen = Rouvrir
my-cases = Mes dossiers
my-cases-lead = Les dossiers dont vous êtes de l’équipe. Les clients ne sont pas prévenus : transmettez le lien qui figure dans le dossier.
my-cases-none = Vous n’êtes sur aucun dossier ouvert. Les dossiers viennent de l’outil de suivi.
my-cases-none-closed = Vous n’êtes sur aucun dossier fermé.
my-cases-open = Ouverts
my-cases-closed = Fermés
my-cases-live = Vous pouvez regarder maintenant
my-cases-waiting = Au client de décider
my-cases-to-ask = Aucun accès demandé
my-cases-over = Accès terminé
# Over a group in which a case stands that has moved on since the page was opened.
my-cases-changed = { $group }, ou modifié
my-cases-look = Regarder
case-live-until = jusqu’au { $until }
case-open-now =
    { $count ->
        [one] { $count } ouverte maintenant
       *[other] { $count } ouvertes maintenant
    }
case-asked-at = demandé le { $at }

# Le formulaire qui ouvre un dossier.

open-case = Ouvrir un dossier
open-case-lead = Il reçoit un numéro. Personne n’a accès avant que le support en fasse la demande et que vous cochiez la case.
open-case-title = Objet
open-case-title-hint = Ce qui ne va pas, en une ligne.
open-case-title-missing = Écrivez en une ligne ce qui ne va pas.
open-case-submit = Ouvrir le dossier
cancel = Annuler

# Un dossier vu par le support.

case-access = Accès
case-not-requested = Vous n’avez pas d’accès. Faites une demande et transmettez le lien au client.
case-requested = Demandé le { $at }. Le client n’a pas encore coché la case et n’est pas prévenu : transmettez le lien ci-dessous.
case-live = Lecture seule, jusqu’au { $until } ({ $left }). Chaque requête est journalisée pour le client.
case-live-but = Ouvert jusqu’au { $until } ({ $left }). Chaque requête est journalisée pour le client.
case-expired-widened = L’accès a expiré le { $at }. Le fournisseur laisse passer davantage depuis, et le client ne peut donc plus le prolonger ; il peut l’accorder à nouveau avec le lien ci-dessous.
case-expired = L’accès a expiré le { $at }. Le client peut le prolonger ou l’accorder à nouveau avec le lien ci-dessous.
case-revoked = L’accès a été retiré le { $at }. Ne faites une nouvelle demande qu’avec une raison que le client ne connaît pas encore.
case-widened = Le fournisseur laisse passer davantage que lorsque le client a accordé l’accès, qui a donc pris fin le { $at }. La demande reste en place : transmettez le lien, et le client lira ce qui a changé puis cochera à nouveau.
case-self-assignment-waiting = Le support s’est attribué ce dossier. Tant que le client ne l’a pas approuvé, il n’y a pas d’accès et rien ne peut être accordé. Vous pouvez déjà faire une demande ; transmettez le lien.
case-blocked = Le client a bloqué tout accès du support. Vous pouvez faire une demande ; rien ne peut être accordé avant qu’il ne lève le blocage.
case-closed = Le dossier est fermé, et un dossier fermé ne donne aucun accès. Le client ou l’outil de suivi peut le rouvrir.
case-open-session = Ouvrir une session en lecture seule
case-open-session-but = Ouvrir la session
case-declared =
    { $count ->
        [one] En lecture seule, sauf { $count } type de requête déclaré sans effet bien qu’il puisse modifier quelque chose.
       *[other] En lecture seule, sauf { $count } types de requêtes déclarés sans effet bien qu’ils puissent modifier quelque chose.
    }
case-cannot-open-pinned = Le client n’a donné cet accès qu’aux membres du support présents sur le dossier à ce moment-là, et vous l’avez rejoint plus tard. Demandez l’accès ; la prochaine autorisation vous inclura.
case-cannot-open-subject = La personne au nom de qui agir n’est plus active chez le client ; aucune session ne peut être ouverte. Refaites une demande et nommez quelqu’un d’autre.
case-cannot-open-product = Personne n’a encore indiqué où se trouve le produit de ce client ; aucune session ne peut être ouverte. Adressez-vous à votre équipe d’exploitation.
case-link = Lien pour le client
case-link-copy = Copier
case-link-hint = Il ouvre Paramètres > Compte. Il ne donne rien à lui seul : la personne qui le suit doit se connecter et pouvoir approuver.
case-asked = { $who } a fait une demande le { $at } :
case-asked-as = { $who } a demandé le { $at } à agir au nom de { $subject } :
case-more-time-asked = Plus de temps a été demandé le { $at }. Le client le voit à côté de la demande.
case-withdraw = Retirer la demande
ask-first = Demander l’accès
ask-change = Modifier la demande
ask-more-time = Demander plus de temps
ask-again = Demander à nouveau
ask-why = Pourquoi avez-vous besoin de regarder ?
ask-why-hint = Le client lit ceci avant de décider. De 10 à 2 000 caractères.
ask-why-wrong = Écrivez au moins 10 caractères : le client décide d’après ce texte.
ask-as = Agir au nom de
optional = facultatif
ask-as-hint = L’adresse e-mail d’un admin actif chez le client. Si le champ reste vide : la personne qui a ouvert le dossier, à défaut celle qui approuve.
ask-as-unknown = Ce n’est pas un admin actif de cette organisation.
ask-as-no-address = Il faut ici une adresse e-mail.
case-sessions = Vos sessions ouvertes
# Une session, d’après la personne au nom de qui on agit.
session-as = En tant que { $subject }
session-times = Début { $started } · fin au plus tard { $ends } ({ $left })
session-go-back = Y retourner
session-end = Terminer
case-itself = Dossier
case-opened-by = Ouvert par
case-team = Équipe
case-according-to-tracker = selon l’outil de suivi
case-closing = Fermer le dossier
case-close-open = Fermer le dossier…
case-close-hint = Retire l’accès et met fin à toutes les sessions immédiatement. Seul le client ou l’outil de suivi peut rouvrir le dossier.
case-close-submit = Fermer le dossier
case-close-live = Le support a actuellement accès pour ce dossier. Fermer le dossier retire cet accès et met fin à toutes les sessions immédiatement ; seuls vous ou votre fournisseur pouvez rouvrir le dossier, et l’accès devra alors être accordé à nouveau.
case-close-and-end = Fermer le dossier et retirer l’accès

# Un message pour le client, à copier et à envoyer. Il s’adresse à un admin du client.

pass-on-message = Message pour le client
pass-on-copy = Copier le message
pass-on-over = Il n’y a rien à transmettre pour l’instant. L’état du dossier est indiqué ci-dessus.
pass-on-hello = Bonjour,
pass-on-request = Pour le dossier { $case }, « { $title } », j’aimerais regarder dans { $org } et voir ce que vous voyez : { $how }, pour un temps limité, et chaque page que j’ouvre est journalisée pour vous.
    .act = Si vous êtes d’accord, ouvrez ce lien, lisez la demande et cochez « { $tick } » :
    .end = Personne ne peut regarder avant cela, et vous pouvez décocher à tout moment.
pass-on-more-time = Je travaille encore sur le dossier { $case }, « { $title } ». Mon accès à { $org }, { $how }, se termine le { $until }, et il me faut plus de temps.
    .act = Si vous êtes d’accord, prolongez-le ici :
    .end = Sans action de votre part, il se termine de lui-même.
pass-on-expired = Mon accès à { $org } pour le dossier { $case }, « { $title } », { $how }, s’est terminé le { $until }, et le dossier n’est pas encore résolu.
    .act = Si vous acceptez que je regarde encore, prolongez l’accès ou accordez-le à nouveau ici :
    .end = Personne ne peut regarder avant cela.
pass-on-tick-again = L’accès que vous aviez accordé au support dans { $org } pour le dossier { $case }, « { $title } », a pris fin le { $at }, car davantage de requêtes passent désormais qu’à ce moment-là. J’aimerais continuer : { $how }, pour un temps limité, et chaque page que j’ouvre est journalisée pour vous.
pass-on-how = en lecture seule
pass-on-how-but =
    { $count ->
        [one] en lecture seule, sauf { $count } type de requête que nous avons déclaré sans effet et que nomme « Paramètres > Règles pour le support »
       *[other] en lecture seule, sauf { $count } types de requêtes que nous avons déclarés sans effet et que nomme « Paramètres > Règles pour le support »
    }
pass-on-self-assigned = Le support a ouvert lui-même le dossier { $case }, « { $title } », et ne peut pas y travailler sans vous.
    .act = Si vous êtes d’accord, approuvez-le ici :
    .end = Approuver ne donne d’accès à personne. S’il nous faut regarder, ce sera une demande à part sur la même page.

# Ce qu’un membre du support a fait dans un dossier, pour cette personne.

looked = Ce que vous avez regardé
looked-link = Ce que vous avez regardé dans ce dossier
looked-lead = Ce que vous avez demandé et ouvert dans ce dossier, et ce qui a été refusé, du plus récent au plus ancien. Le client voit la même chose.
looked-nothing = Vous n’avez encore rien fait dans ce dossier.
