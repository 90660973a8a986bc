# What a page says of changes while it is open.

news-several = Several cases have changed.
news-else = Something else on this page has changed.
news-show = Show
news-signed-out = Your sign-in has ended.
news-waiting = Waits to be accepted: { $what }.
news-rules = Your vendor changed what goes through. Where that is more, access that was granted before has ended.
