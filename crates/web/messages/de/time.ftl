# Zeitpunkte und Zeitspannen. Tage, Jahre und Uhrzeiten sind Ziffern.

date = { $day }. { $month } { $year }
month =
    { $month ->
        [1] Jan.
        [2] Feb.
        [3] März
        [4] Apr.
        [5] Mai
        [6] Juni
        [7] Juli
        [8] Aug.
        [9] Sept.
        [10] Okt.
        [11] Nov.
       *[12] Dez.
    }

# Zeitzonen, die auf Deutsch anders heißen.

zone-wet = WEZ
zone-west = WESZ
zone-cet = MEZ
zone-cest = MESZ
zone-eet = OEZ
zone-eest = OESZ

length-minutes = { $minutes } Min.
length-hours = { $hours } Std.
length-hours-minutes = { $hours } Std. { $minutes } Min.
# Zwei Tage oder mehr.
length-days = { $days } Tage
length-days-hours = { $days } Tage { $hours } Std.

left = noch { $length }
left-under-a-minute = noch weniger als eine Minute
expired-ago = { $ago } abgelaufen
ago-just-now = gerade eben
ago-minutes = vor { $minutes } Min.
ago-hours = vor { $hours } Std.
# Zwei Tage oder mehr.
ago-days = vor { $days } Tagen
