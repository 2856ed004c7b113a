{{/* Each of these but the last changes what it is given and renders nothing: a dict is passed as it is, not as a copy. */}}

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

{{/* A WorkflowTemplate's parameters, its pods, and the deadline of a run as a whole where it has one. */}}
{{- define "movalytics.fillWorkflowTemplate" -}}
{{- $steps := .root.Values.steps }}
{{- $labels := .root.Values.commonLabels }}
{{- range .spec.arguments.parameters }}
{{- if hasKey $.settings .name }}{{ $_ := set . "value" (get $.settings .name) }}{{ end }}
{{- if not (hasKey . "value") }}{{ fail (printf "the chart has no value for the parameter %s of the WorkflowTemplate %s" .name $.name) }}{{ end }}
{{- end }}
{{- if .spec.activeDeadlineSeconds }}{{ $_ := set .spec "activeDeadlineSeconds" (int .root.Values.deadlines.run) }}{{ end }}
{{- include "movalytics.label" (dict "object" .spec "under" "workflowMetadata" "labels" $labels) }}
{{- include "movalytics.label" (dict "object" .spec "under" "podMetadata" "labels" (merge (deepCopy $steps.podLabels) $labels)) }}
{{- with $steps.podAnnotations }}{{ $_ := set $.spec "podMetadata" (merge (dict "annotations" .) ($.spec.podMetadata | default dict)) }}{{ end }}
{{- range $field, $value := dict
  "nodeSelector" $steps.nodeSelector
  "tolerations" $steps.tolerations
  "affinity" $steps.affinity
  "podPriorityClassName" $steps.priorityClassName
  "podSpecPatch" (empty $steps.topologySpreadConstraints | ternary "" (dict "topologySpreadConstraints" $steps.topologySpreadConstraints | toJson))
}}
{{- if $value }}{{ $_ := set $.spec $field $value }}{{ end }}
{{- end }}
{{- range .spec.templates }}
{{- if .container }}{{ $_ := set $.containers .name true }}{{ end }}
{{- if not .dag }}{{ include "movalytics.fillStep" (dict "root" $.root "step" .) }}{{ end }}
{{- end }}
{{- end }}

{{/* A step: its account, its container or the object that it applies, and the containers that Argo adds. */}}
{{- define "movalytics.fillStep" -}}
{{- $step := .step }}
{{- $_ := set $step "serviceAccountName" (include "movalytics.account" (dict "root" .root "name" $step.serviceAccountName)) }}
{{- with $step.container }}{{ include "movalytics.fillContainer" (dict "root" $.root "step" $step "container" .) }}{{ end }}
{{- with $step.resource }}{{ $_ := set . "manifest" (include "movalytics.appliedManifest" (dict "root" $.root "text" .manifest)) }}{{ end }}
{{- with include "movalytics.resources" .root.Values.steps.argoexecResources | fromYaml }}
{{- $beside := hasKey $step "container" | ternary "wait" "main" }}
{{- $patch := dict "initContainers" (list (dict "name" "init" "resources" .)) "containers" (list (dict "name" $beside "resources" .)) }}
{{- $_ := set $step "podSpecPatch" (toJson $patch) }}
{{- end }}
{{- end }}

{{/* A step's container: its resources, and what the steps have besides. */}}
{{- define "movalytics.fillContainer" -}}
{{- $steps := .root.Values.steps }}
{{- $own := get $steps.resourcesByStep .step.name | default dict }}
{{- $_ := set .container "resources" (include "movalytics.resources" (mergeOverwrite (deepCopy $steps.resources) $own) | fromYaml) }}
{{- $region := .root.Values.s3.region }}
{{- $more := $region | empty | ternary list (list (dict "name" "AWS_DEFAULT_REGION" "value" $region)) }}
{{- $_ := set .container "env" (concat .container.env $more $steps.extraEnv) }}
{{- $_ := set .container "envFrom" (concat .container.envFrom $steps.extraEnvFrom) }}
{{- $_ := set .container "volumeMounts" (concat .container.volumeMounts $steps.extraVolumeMounts) }}
{{- $_ := set .step "volumes" (concat .step.volumes $steps.extraVolumes) }}
{{- end }}

{{/* Labels into an object's metadata, of whichever name; those that are there stay. */}}
{{- define "movalytics.label" -}}
{{- if .labels }}
{{- $metadata := get .object .under | default dict }}
{{- $_ := set $metadata "labels" (merge ($metadata.labels | default dict) .labels) }}
{{- $_ := set .object .under $metadata }}
{{- end }}
{{- end }}

{{/* Requests and limits without what says nothing. */}}
{{- define "movalytics.resources" -}}
{{- $found := dict }}
{{- range $part, $quantities := . }}
{{- range $name, $quantity := $quantities }}
{{- if $quantity }}{{ $_ := set $found $part (merge (dict $name $quantity) (get $found $part | default dict)) }}{{ end }}
{{- end }}
{{- end }}
{{- toYaml $found }}
{{- end }}
