# What stands around every page.

skip-to-content = Skip to content
organisation-is = Organisation:
support = Support
main-navigation = Main
signed-in-as = Signed in as
sign-out = Sign out
footer-promise = Every access is approved, limited in time and logged.
language = Language
nav-cases = Cases
nav-live = Live
nav-history = History
nav-settings = Settings
nav-my-cases = My cases
breadcrumb = Breadcrumb
why = Why
what-you-can-do = What you can do
code-is = Code
back-to-the-case = Back to the case
# Read out before a case number that stands alone.
case-is = Case
# A document title.
case-title = Case { $case }

# People in a sentence.

names-nobody = nobody
names-one = { $first }
names-two = { $first } and { $second }
names-three = { $first }, { $second } and { $third }
names-many =
    { $others ->
        [one] { $first }, { $second } and { $others } other
       *[other] { $first }, { $second } and { $others } others
    }
directory-of-org = Your directory
directory-scim = SCIM
person-unknown = Someone
person-unknown-email = not known here
# A number that stands alone.
number-alone = { $number }
