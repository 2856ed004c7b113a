{{/* Labels of everything the chart makes itself. */}}
{{- define "movalytics.labels" -}}
{{- include "movalytics.labelsWith" (dict "root" . "more" dict) -}}
{{- end }}

{{/* The same with labels of one thing alone: the chart's own cannot be changed, the thing's come before those of all. */}}
{{- define "movalytics.labelsWith" -}}
{{- $own := dict
  "app.kubernetes.io/name" "movalytics"
  "app.kubernetes.io/instance" .root.Release.Name
  "app.kubernetes.io/version" .root.Chart.AppVersion
  "app.kubernetes.io/managed-by" .root.Release.Service -}}
{{- merge $own .more .root.Values.commonLabels | toYaml -}}
{{- end }}

{{/* A quantity as Kubernetes writes it, as a number. */}}
{{- define "movalytics.number" -}}
{{- $units := dict "m" 0.001 "k" 1000.0 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15 "Ki" 1024.0 "Mi" 1048576.0 "Gi" 1073741824.0 "Ti" 1099511627776.0 "Pi" 1125899906842624.0 -}}
{{- $unit := regexFind "[A-Za-z]+$" (toString .) -}}
{{- mulf (regexFind "^[0-9.]+" (toString .) | float64) (get $units $unit | default 1.0) -}}
{{- end }}

{{/* An image's whole name, by its digest or by a tag. */}}
{{- define "movalytics.image" -}}
{{- $version := .image.digest | empty | ternary (printf ":%s" (.image.tag | default .images.tag | default .version)) (printf "@%s" .image.digest) -}}
{{- printf "%s/%s%s" .images.registry .image.repository $version -}}
{{- end }}

{{/* What the account `movalytics-<name>` of the manifests is called here. */}}
{{- define "movalytics.account" -}}
{{- $account := get .root.Values.serviceAccounts (trimPrefix "movalytics-" .name) -}}
{{- $account.name | default .name -}}
{{- end }}

{{/* The warehouse's URL, never with a password: redshift://user@host:port/database?options */}}
{{- define "movalytics.warehouse" -}}
{{- $user := eq .credentials "serverless" | ternary "" (printf "%s@" (urlquery .user)) -}}
{{- $options := list (printf "credentials=%s" .credentials) (printf "sslmode=%s" .sslmode) -}}
{{- if eq .credentials "provisioned" }}{{ $options = append $options (printf "cluster=%s" .cluster) }}{{ end -}}
{{- if eq .credentials "serverless" }}{{ $options = append $options (printf "workgroup=%s" .workgroup) }}{{ end -}}
{{- if .region }}{{ $options = append $options (printf "region=%s" .region) }}{{ end -}}
{{- if .sslrootcert }}{{ $options = append $options (printf "sslrootcert=%s" (urlquery .sslrootcert)) }}{{ end -}}
{{- printf "redshift://%s%s:%d/%s?%s" $user .host (int .port) (urlquery .database) (join "&" $options) -}}
{{- end }}

{{/* Pods of a run that are steps, not Spark's driver and executors. */}}
{{- define "movalytics.steps" -}}
matchExpressions:
  - {key: workflows.argoproj.io/workflow, operator: Exists}
  - {key: spark-role, operator: DoesNotExist}
{{- end }}

{{/* All pods of a run: the SparkApplications bear the workflow's label and hand it on to their pods. */}}
{{- define "movalytics.run" -}}
matchExpressions:
  - {key: workflows.argoproj.io/workflow, operator: Exists}
{{- end }}

{{/* The `to:` of a network policy: a list of CIDRs. */}}
{{- define "movalytics.to" -}}
to:
{{- range . }}
  - ipBlock: {cidr: {{ . | quote }}}
{{- end }}
{{- end }}

{{/* The `ports:` of a network policy: a list of TCP ports. */}}
{{- define "movalytics.ports" -}}
ports:
{{- range . }}
  - {port: {{ int . }}, protocol: TCP}
{{- end }}
{{- end }}

{{/* A network policy's rule: the cluster's DNS. */}}
{{- define "movalytics.toDns" -}}
to:
  - namespaceSelector:
      matchLabels: {kubernetes.io/metadata.name: kube-system}
    podSelector:
      matchLabels: {k8s-app: kube-dns}
ports:
  - {port: 53, protocol: UDP}
  - {port: 53, protocol: TCP}
{{- end }}

{{/* A network policy's rule: what one of `networkPolicy.extraEgress` allows. */}}
{{- define "movalytics.extra" -}}
{{ include "movalytics.to" (list .cidr) }}
ports:
  {{- range .ports }}
  - {port: {{ int . }}, protocol: TCP}
  - {port: {{ int . }}, protocol: UDP}
  {{- end }}
{{- end }}

{{/* Of a rule: the schedules have been at work for all of `window`, and Argo's metrics arrive, so something ought to have happened. */}}
{{- define "movalytics.expected" -}}
(
  max_over_time({{ .suspended }}[{{ .window }}]) == 0
  and max_over_time({{ .suspended }}[{{ .window }}] offset {{ .window }})
  and on () count_over_time(argo_workflows_is_leader[15m])
)
{{- end }}
