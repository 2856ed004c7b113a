{{/* The text of the object that a step applies. Its counts stand plain in there (`cores: {{workflow.parameters.…}}`), which is no YAML before
Argo has put digits in their place: so they are marked while the text is an object. */}}
{{- define "movalytics.appliedManifest" -}}
{{- $marked := regexReplaceAll `(?m): (\{\{[^{}]+\}\})$` .text `: "count ${1}"` }}
{{- $object := fromYaml $marked }}
{{- if $object.Error }}{{ fail (printf "the manifest of a step is no YAML: %s" $object.Error) }}{{ end }}
{{- if eq $object.kind "SparkApplication" }}{{ include "movalytics.fillApplication" (dict "root" .root "spec" $object.spec) }}{{ end }}
{{- include "movalytics.label" (dict "object" $object "under" "metadata" "labels" .root.Values.commonLabels) }}
{{- regexReplaceAll `(?m): ["']?count (\{\{[^{}]+\}\})["']?$` (toYaml $object) `: ${1}` }}
{{- end }}

{{/* A SparkApplication's settings and its pods. Renders nothing. */}}
{{- define "movalytics.fillApplication" -}}
{{- $spark := .root.Values.spark }}
{{- $name := .spec.mainApplicationFile | base | trimPrefix "transform_" | trimSuffix ".py" }}
{{- $sizes := get .root.Values.applications $name }}
{{- $_ := set .spec "sparkConf" (mergeOverwrite .spec.sparkConf (include "movalytics.sparkMetrics" (dict "metrics" .root.Values.sparkMetrics "application" $name) | fromYaml) (include "movalytics.decommission" $spark.decommission | fromYaml) $spark.sparkConf) }}
{{- with .root.Values.s3.region }}{{ $_ := set $.spec.hadoopConf "fs.s3a.endpoint.region" . }}{{ end }}
{{- $_ := set .spec "hadoopConf" (mergeOverwrite .spec.hadoopConf $spark.hadoopConf) }}
{{- with $spark.batchScheduler }}
{{- if .name }}{{ $_ := set $.spec "batchScheduler" .name }}{{ end }}
{{- with pick . "queue" "priorityClassName" | include "movalytics.given" | fromYaml }}{{ $_ := set $.spec "batchSchedulerOptions" . }}{{ end }}
{{- end }}
{{- include "movalytics.fillSparkPod" (dict "root" .root "pod" .spec.driver "container" "spark-kubernetes-driver" "sizes" $sizes.driver "values" $spark.driver "annotations" (include "movalytics.scraped" .root.Values.sparkMetrics | fromYaml)) }}
{{- include "movalytics.fillSparkPod" (dict "root" .root "pod" .spec.executor "container" "spark-kubernetes-executor" "sizes" $sizes.executors "values" $spark.executors "annotations" dict) }}
{{- end }}

{{/* Spark's settings for Prometheus. Metrics are named after the application and not after its run, of which there is a new one each day. */}}
{{- define "movalytics.sparkMetrics" -}}
{{- if .metrics.enabled }}
spark.ui.prometheus.enabled: "true"
spark.metrics.namespace: movalytics_{{ .application }}
spark.metrics.conf.driver.sink.prometheusServlet.class: org.apache.spark.metrics.sink.PrometheusServlet
spark.metrics.conf.driver.sink.prometheusServlet.path: /metrics/driver/prometheus
{{- end }}
{{- end }}

{{/* The annotations by which a Prometheus without an operator finds a driver. */}}
{{- define "movalytics.scraped" -}}
{{- if and .enabled .annotations (not .podMonitor.enabled) }}
prometheus.io/scrape: "true"
prometheus.io/port: "4040"
prometheus.io/path: /metrics/executors/prometheus
{{- end }}
{{- end }}

{{/* Spark's settings for executors that are told to go. Since 4.1 Spark writes the grace into the pod itself, over what a template says. */}}
{{- define "movalytics.decommission" -}}
{{- if .enabled }}
spark.decommission.enabled: "true"
spark.storage.decommission.enabled: "true"
spark.storage.decommission.shuffleBlocks.enabled: "true"
spark.storage.decommission.rddBlocks.enabled: "true"
spark.executor.decommission.forceKillTimeout: {{ int .graceSeconds }}s
spark.kubernetes.executor.terminationGracePeriodSeconds: {{ int .graceSeconds }}s
{{- end }}
{{- end }}

{{/* A driver or executor: what the operator has a field for, and a pod template for what it has none for. Renders nothing.
Spark fills the template up with what is its own, and needs no webhook for it. */}}
{{- define "movalytics.fillSparkPod" -}}
{{- $values := .values }}
{{- $_ := set .pod "serviceAccount" (include "movalytics.account" (dict "root" .root "name" .pod.serviceAccount)) }}
{{- range $field, $size := dict "memoryOverhead" .sizes.memoryOverhead "coreLimit" .sizes.cpuLimit }}
{{- if $size }}{{ $_ := set $.pod $field $size }}{{ end }}
{{- end }}
{{- $volumes := $values.extraVolumes }}
{{- $mounts := $values.extraVolumeMounts }}
{{- range $index, $source := $values.localDirectories }}
{{- $volume := printf "spark-local-dir-%d" (add1 $index) }}
{{- $volumes = append $volumes (merge (dict "name" $volume) $source) }}
{{- $mounts = append $mounts (dict "name" $volume "mountPath" (printf "/var/data/%s" $volume)) }}
{{- end }}
{{- $storage := .sizes.ephemeralStorage | empty | ternary dict (dict "ephemeral-storage" .sizes.ephemeralStorage) }}
{{- $container := dict
  "env" $values.extraEnv
  "envFrom" $values.extraEnvFrom
  "volumeMounts" $mounts
  "resources" (include "movalytics.resources" (dict "requests" $storage "limits" $storage) | fromYaml)
  | include "movalytics.given" | fromYaml }}
{{- $placement := pick $values "nodeSelector" "tolerations" "affinity" "topologySpreadConstraints" "priorityClassName" }}
{{- $spec := merge (dict "volumes" $volumes) $placement | include "movalytics.given" | fromYaml }}
{{- $metadata := dict "labels" (merge (deepCopy $values.podLabels) .root.Values.commonLabels) "annotations" (merge (deepCopy $values.podAnnotations) .annotations) | include "movalytics.given" | fromYaml }}
{{- if or $container $spec $metadata }}
{{- $_ := set $spec "containers" (list (merge (dict "name" .container) $container)) }}
{{- $_ := set .pod "template" (dict "metadata" $metadata "spec" $spec) }}
{{- end }}
{{- end }}

{{/* What of a dict is not empty. */}}
{{- define "movalytics.given" -}}
{{- $found := dict }}
{{- range $name, $value := . }}{{ if $value }}{{ $_ := set $found $name $value }}{{ end }}{{ end }}
{{- toYaml $found }}
{{- end }}
