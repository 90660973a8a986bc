# Instants et durées. Jours, années et heures sont des chiffres.

date = { $day } { $month } { $year }
month =
    { $month ->
        [1] janv.
        [2] févr.
        [3] mars
        [4] avr.
        [5] mai
        [6] juin
        [7] juil.
        [8] août
        [9] sept.
        [10] oct.
        [11] nov.
       *[12] déc.
    }

# Abréviations de fuseaux ; le français garde celles de l’anglais.

zone-wet = WET
zone-west = WEST
zone-cet = CET
zone-cest = CEST
zone-eet = EET
zone-eest = EEST

length-minutes = { $minutes } min
length-hours = { $hours } h
length-hours-minutes = { $hours } h { $minutes } min
# Deux jours ou plus.
length-days = { $days } j
length-days-hours = { $days } j { $hours } h

left = encore { $length }
left-under-a-minute = encore moins d’une minute
expired-ago = expiré { $ago }
ago-just-now = à l’instant
ago-minutes = il y a { $minutes } min
ago-hours = il y a { $hours } h
# Deux jours ou plus.
ago-days = il y a { $days } j
