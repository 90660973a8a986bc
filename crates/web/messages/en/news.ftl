# What a page says of changes while it is open.

news-several = Several cases have changed.
news-else = Something else on this page has changed.
news-show = Show
news-signed-out = Your sign-in has ended.
news-waiting = Something new waits to be accepted.
