# What the pages' scripts put there while a page is open.

script-copied = Copied
script-press-ctrl-c = Press Ctrl+C
script-ended = ended: reload the page
