# Who is in now.

live = Who is in now
live-lead = Support that looks inside { $org } at this moment. This page keeps itself up to date.
live-none = Nobody from Support is in now.
live-row-times = Since { $since } · until { $until } at the latest ({ $left })
live-nothing-yet = has not opened a page yet
live-declared = could change something; the vendor declared it harmless
live-over = Ended
live-case = Case { $case }, { $title }
live-acts-as = as { $subject }
live-since = Also
live-nothing-since = Nothing else since
live-every = Every request
live-not-counted = Requests are not counted in this session: it began before an update
live-pages = Pages: { $pages } (further requests: { $further })
live-sent = sent, declared harmless by the vendor: { $sent }
live-refused = refused: { $refused }
live-trail = Last sent, then last refused; of each the most recent first
live-trail-none = Nothing sent or refused so far
live-passed = Passed
