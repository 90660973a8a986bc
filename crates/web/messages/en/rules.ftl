# Settings > Rules for Support.

settings-nav = Settings
rules = Rules for Support
rules-lead = What a tick gives, and who may tick, in { $org }.
rules-lead-read = What a tick gives, and who may tick, in { $org }. Super admins can change this.
rules-changed = Last changed by { $who } on { $at }.
rules-never-changed = Nobody has changed these rules: every organisation starts with them.
rules-duration = How long a tick gives access
rules-duration-hint = Between 15 minutes and 24 hours. Access ends by itself; nobody has to think of it.
rules-approvers = Who may say yes
rules-approvers-both = Super admins, and the admin who opened the case
rules-approvers-super = Super admins only
rules-openers = Only if they opened the case here
rules-openers-hint = Counts for admins who are no super admins. A case that only the vendor’s records say they opened is then for super admins.
rules-openers-any = The vendor’s records of who opened a case count too
rules-extension = Offer “Extend access by 1 day”
rules-extension-hint = Without it access ends when it ends, and has to be ticked again.
rules-extension-off = Extending is switched off
rules-pinned = Only for agents on the case at the moment of the tick
rules-pinned-hint = Whoever joins the case later has no access until you tick again. Otherwise they have access too, and the page names them.
rules-pinned-off = Agents who join the case later have access too, and the page names them
rules-save = Save the rules
rules-what-changes-none = No access is granted now, so this changes nothing for anybody before the next tick.
rules-what-changes =
    { $count ->
        [one] Access is granted for { $count } case now. It stays as it is: same end, same agents. Ticking, removing and extending follow the new rules as soon as you save.
       *[other] Access is granted for { $count } cases now. It stays as it is: same ends, same agents. Ticking, removing and extending follow the new rules as soon as you save.
    }
rules-other = { $length } (as set now)
