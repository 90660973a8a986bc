# Instants and lengths of time. Days, years and clock times are digits.

date = { $day } { $month } { $year }
month =
    { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }

# Abbreviations of zones that readers of this language know by another name.

zone-wet = WET
zone-west = WEST
zone-cet = CET
zone-cest = CEST
zone-eet = EET
zone-eest = EEST

length-minutes = { $minutes } min
length-hours = { $hours } h
length-hours-minutes = { $hours } h { $minutes } min
# Two days or more.
length-days = { $days } d
length-days-hours = { $days } d { $hours } h

left = { $length } left
left-under-a-minute = less than a minute left
expired-ago = expired { $ago }
ago-just-now = just now
ago-minutes = { $minutes } min ago
ago-hours = { $hours } h ago
# Two days or more.
ago-days = { $days } d ago
