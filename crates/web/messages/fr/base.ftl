# Ce qui entoure chaque page.

skip-to-content = Aller au contenu
organisation-is = Organisation :
support = Support
main-navigation = Navigation principale
signed-in-as = Session ouverte par
sign-out = Se déconnecter
footer-promise = Chaque accès est approuvé, limité dans le temps et journalisé.
language = Langue
nav-cases = Dossiers
nav-live = En direct
nav-history = Historique
nav-settings = Paramètres
nav-my-cases = Mes dossiers
breadcrumb = Fil d’Ariane
why = Pourquoi
what-you-can-do = Ce que vous pouvez faire
code-is = Code
back-to-the-case = Retour au dossier
# Lu devant un numéro de dossier qui figure seul.
case-is = Dossier
# Un titre de document.
case-title = Dossier { $case }

# Des personnes dans une phrase.

names-nobody = personne
names-one = { $first }
names-two = { $first } et { $second }
names-three = { $first }, { $second } et { $third }
names-many =
    { $others ->
        [one] { $first }, { $second } et { $others } autre personne
       *[other] { $first }, { $second } et { $others } autres personnes
    }
directory-of-org = Votre annuaire
directory-scim = SCIM
person-unknown = Personne inconnue
person-unknown-email = inconnu ici
# Un nombre seul.
number-alone = { $number }
