{{/* Each of these changes a manifest and renders nothing: a dict is passed as it is, not as a copy. */}}

{{/* A CronWorkflow's schedule, its time zone and whether it is suspended: Argo takes these from no parameter. */}}
{{- define "movalytics.fillCronWorkflow" -}}
{{- $values := .root.Values }}
{{- $name := trimPrefix "movalytics-" .name }}
{{- $own := eq $name "retention" | ternary $values.retention dict }}
{{- $schedule := get $values.schedules $name | default $own.schedule }}
{{- if not $schedule }}{{ fail (printf "there is no schedules.%s for the CronWorkflow %s" $name .name) }}{{ end }}
{{- $_ := set . "unwanted" (not (dig "enabled" true $own)) }}
{{- $_ := set .spec "schedules" (list $schedule) }}
{{- $_ := set .spec "timezone" $values.timeZone }}
{{- $_ := set .spec "suspend" $values.suspend }}
{{- end }}

{{/* A WorkflowTemplate's parameters, and the deadline of a run as a whole where it has one. */}}
{{- define "movalytics.fillWorkflowTemplate" -}}
{{- range .spec.arguments.parameters }}
{{- if hasKey $.settings .name }}{{ $_ := set . "value" (get $.settings .name) }}{{ end }}
{{- if not (hasKey . "value") }}{{ fail (printf "the chart has no value for the parameter %s of the WorkflowTemplate %s" .name $.name) }}{{ end }}
{{- end }}
{{- if .spec.activeDeadlineSeconds }}{{ $_ := set .spec "activeDeadlineSeconds" (int .root.Values.deadlines.run) }}{{ end }}
{{- end }}
