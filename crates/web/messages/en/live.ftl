# Who is in now.

live = Who is in now
live-lead = Support that looks inside { $org } at this moment. This page keeps itself up to date.
live-none = Nobody from Support is in now.
live-row = Case { $case }, { $title } · as { $subject }
live-row-times = Since { $since } · until { $until } at the latest ({ $left })
live-nothing-yet = has not opened a page yet
live-declared = could change something; the vendor declared it harmless
live-over = Ended
