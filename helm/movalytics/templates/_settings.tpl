{{/* What the parameters of the WorkflowTemplates are in this environment, as texts by their names. */}}
{{- define "movalytics.settings" -}}
{{- range $component := list "extract" "warehouse" "operations" "spark" }}
{{ $component }}-image: {{ include "movalytics.image" (dict "images" $.Values.images "image" (get $.Values.images $component) "version" $.Chart.AppVersion) | quote }}
{{- end }}
lake: {{ .Values.lake | trimSuffix "/" | quote }}
s3-endpoint: {{ .Values.s3.endpoint | quote }}
s3-path-style: {{ .Values.s3.pathStyle | quote }}
warehouse: {{ include "movalytics.warehouse" .Values.warehouse | quote }}
copy-role: {{ .Values.copyRole | quote }}
movies-source: {{ .Values.sources.movies | quote }}
cpi-source: {{ .Values.sources.cpi | quote }}
sample: {{ .Values.sample | quote }}
allow: {{ .Values.allow | quote }}
sources-secret: {{ .Values.secrets.sources | quote }}
warehouse-secret: {{ .Values.secrets.warehouse | quote }}
notify-secret: {{ .Values.secrets.notify | quote }}
lake-secret: {{ .Values.secrets.lake | quote }}
time-zone: {{ .Values.timeZone | quote }}
schedule: {{ .Values.schedules.daily | quote }}
retention-keep: {{ int .Values.retention.keep | quote }}
debug: {{ .Values.debug | quote }}
{{- range $name, $application := .Values.applications }}
{{ $name }}-driver-cpu-request: {{ $application.driver.cpuRequest | quote }}
{{ $name }}-driver-memory: {{ $application.driver.memory | quote }}
{{- with $application.executors }}
{{ $name }}-executors-min: {{ int .min | quote }}
{{ $name }}-executors-max: {{ int .max | quote }}
{{ $name }}-executors-idle: {{ int .idleSeconds | quote }}
{{ $name }}-executor-cores: {{ int .cores | quote }}
{{ $name }}-executor-cpu-request: {{ .cpuRequest | quote }}
{{ $name }}-executor-memory: {{ .memory | quote }}
{{- end }}
{{- end }}
{{- range $step, $seconds := omit .Values.deadlines "run" }}
{{ $step }}-deadline: {{ int $seconds | quote }}
{{- end }}
{{- with .Values.retries }}
retry-patience: {{ int .patienceSeconds | quote }}
retry-last-patience: {{ int .lastPatienceSeconds | quote }}
retry-pause: {{ int .pauseSeconds | quote }}
retry-longest-pause: {{ int .longestPauseSeconds | quote }}
retry-limit: {{ int .limit | quote }}
{{- end }}
{{- end }}
