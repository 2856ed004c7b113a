{{/* The numbers that a cron field stands for, as a JSON array. Takes `text`, `low`, `high`, `names` (of the numbers from `low` on,
or none), and for its refusal `key`, `schedule` and `kind`. What it takes is what Argo's cron takes (robfig/cron v3). */}}
{{- define "movalytics.cronField" -}}
{{- $field := . -}}
{{- $numbers := list -}}
{{- range $part := splitList "," .text -}}
  {{- $isKnown := regexMatch "^([*?]|(\\d{1,2}|[A-Za-z]{3})(-(\\d{1,2}|[A-Za-z]{3}))?)(/[1-9]\\d?)?$" $part -}}
  {{- $base := first (splitList "/" $part) -}}
  {{- $ends := list -}}
  {{- if and $isKnown (not (has $base (list "*" "?"))) -}}
    {{- range $text := splitList "-" $base -}}
      {{- if regexMatch "^\\d+$" $text }}{{ $ends = append $ends (atoi $text) }}{{ end -}}
      {{- range $index, $name := $field.names -}}
        {{- if eq $name (upper $text) }}{{ $ends = append $ends (add $field.low $index | int) }}{{ end -}}
      {{- end -}}
    {{- end -}}
    {{- $isKnown = eq (len $ends) (len (splitList "-" $base)) -}}
    {{- if and (eq (len $ends) 1) (contains "/" $part) }}{{ $ends = append $ends $field.high }}{{ end -}}
  {{- else -}}
    {{- $ends = list $field.low $field.high -}}
  {{- end -}}
  {{- if $isKnown }}{{ $isKnown = and (le $field.low (first $ends)) (le (first $ends) (last $ends)) (le (last $ends) $field.high) }}{{ end -}}
  {{- if not $isKnown }}{{ fail (printf "%s is %s: %s is no %s, which is %d to %d, a range or a list of them, or *" $field.key $field.schedule $part $field.kind $field.low $field.high) }}{{ end -}}
  {{- $step := contains "/" $part | ternary (last (splitList "/" $part)) "1" | atoi -}}
  {{- range $number := untilStep (first $ends) (add1 (last $ends) | int) $step }}{{ $numbers = append $numbers $number }}{{ end -}}
{{- end -}}
{{- $numbers | uniq | toJson -}}
{{- end }}

{{/* Five cron fields as a JSON object: minutes, hours, days, months, weekdays. Takes `key` and `schedule`. */}}
{{- define "movalytics.cron" -}}
{{- $fields := splitList " " .schedule -}}
{{- $months := list "JAN" "FEB" "MAR" "APR" "MAY" "JUN" "JUL" "AUG" "SEP" "OCT" "NOV" "DEC" -}}
{{- $weekdays := list "SUN" "MON" "TUE" "WED" "THU" "FRI" "SAT" -}}
{{- $minutes := dict "text" (index $fields 0) "kind" "minute" "low" 0 "high" 59 "names" list | merge (deepCopy .) -}}
{{- $hours := dict "text" (index $fields 1) "kind" "hour" "low" 0 "high" 23 "names" list | merge (deepCopy .) -}}
{{- $days := dict "text" (index $fields 2) "kind" "day of the month" "low" 1 "high" 31 "names" list | merge (deepCopy .) -}}
{{- $month := dict "text" (index $fields 3) "kind" "month" "low" 1 "high" 12 "names" $months | merge (deepCopy .) -}}
{{- $weekday := dict "text" (index $fields 4) "kind" "day of the week" "low" 0 "high" 6 "names" $weekdays | merge (deepCopy .) -}}
{{- $read := dict "minutes" $minutes "hours" $hours "days" $days "months" $month "weekdays" $weekday -}}
{{- range $name, $field := $read }}{{ $_ := set $read $name (include "movalytics.cronField" $field | fromJsonArray) }}{{ end -}}
{{- $read | toJson -}}
{{- end }}

{{/* The clock changes of a time zone, as `02:00-03:00`, several joined by a blank; refuses what is no zone. Takes the root. */}}
{{- define "movalytics.clockChanges" -}}
{{- $root := . -}}
{{- $found := list -}}
{{- range $hours, $zones := .Files.Get "clock-changes.yaml" | fromYaml -}}
  {{- if has $root.Values.timeZone (splitList " " $zones) }}{{ $found = append $found $hours }}{{ end -}}
{{- end -}}
{{- if not $found }}{{ fail (printf "timeZone is %s, which is no time zone: give an IANA name, as in timeZone=Europe/Berlin" (.Values.timeZone | default "empty")) }}{{ end -}}
{{- first $found -}}
{{- end }}

{{/* Refuses a schedule that Argo would not take, that never comes, or that a clock change skips or doubles. Takes `key`, `schedule`,
`zone` and its `changes`. One that starts in every hour loses nothing by a change. */}}
{{- define "movalytics.refuseSchedule" -}}
{{- $all := . -}}
{{- $cron := include "movalytics.cron" . | fromJson -}}
{{- $lengths := list 31 29 31 30 31 30 31 31 30 31 30 31 -}}
{{- $longest := 0 -}}
{{- range $cron.months }}{{ $longest = max $longest (index $lengths (sub (int .) 1 | int)) }}{{ end -}}
{{- if and (gt (int (first $cron.days)) (int $longest)) (eq (len $cron.weekdays) 7) }}{{ fail (printf "%s is %s: no such day is in these months, so nothing would ever start" .key .schedule) }}{{ end -}}
{{- range $change := without (splitList " " .changes) "" -}}
  {{- $ends := list -}}
  {{- range splitList "-" $change }}{{ $ends = append $ends (add (mul 60 (trimPrefix "0" (substr 0 2 .) | default "0" | atoi)) (trimPrefix "0" (substr 3 5 .) | default "0" | atoi) | int) }}{{ end -}}
  {{- range $hour := (eq (len $cron.hours) 24) | ternary list $cron.hours -}}
    {{- range $minute := $cron.minutes -}}
      {{- $time := add (mul 60 (int $hour)) (int $minute) | int -}}
      {{- if and (le (first $ends) $time) (lt $time (last $ends)) }}{{ fail (printf "%s is %s, and a clock change in %s skips or doubles %s: choose a time outside" $all.key $all.schedule $all.zone $change) }}{{ end -}}
    {{- end -}}
  {{- end -}}
{{- end -}}
{{- end }}

{{/* Refuses a schedule with longer gaps than the alerts wait. Takes `key`, `schedule` and `hours`. */}}
{{- define "movalytics.refuseGaps" -}}
{{- $cron := include "movalytics.cron" . | fromJson -}}
{{- if or (lt (len $cron.days) 31) (lt (len $cron.months) 12) }}{{ fail (printf "%s is %s, and alerts know schedules by days of the week alone: let day and month be *, or set alerts.enabled=false" .key .schedule) }}{{ end -}}
{{- $longest := 0 -}}
{{- range $weekday := $cron.weekdays -}}
  {{- $gap := 7 -}}
  {{- range $next := $cron.weekdays }}{{ $days := mod (add 7 (sub (int $next) (int $weekday))) 7 | int }}{{ if $days }}{{ $gap = min $gap $days }}{{ end }}{{ end -}}
  {{- $longest = max $longest $gap -}}
{{- end -}}
{{- $needed := add 2 (mul 24 $longest) | int -}}
{{- if lt (int .hours) $needed }}{{ fail (printf "alerts.hoursWithoutSuccess is %d and %s is %s, which leaves out %d hours: give at least %d" (int .hours) .key .schedule (mul 24 $longest | int) $needed) }}{{ end -}}
{{- end }}
