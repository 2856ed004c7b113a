{{/* By what the history server's pod is known. */}}
{{- define "movalytics.history" -}}
app.kubernetes.io/name: movalytics
app.kubernetes.io/component: history
{{- end }}

{{/* Where the applications of all runs write their event logs. */}}
{{- define "movalytics.eventLogs" -}}
{{ trimSuffix "/" .Values.lake }}/spark-events
{{- end }}

{{/* Hadoop's settings by which a SparkApplication reads the lake, without those by which it writes. The flag: nobody looks whether what
is above a new directory is one, which takes rights on all of it. */}}
{{- define "movalytics.historyHadoop" -}}
{{- $conf := dict
  "fs.s3.impl" "org.apache.hadoop.fs.s3a.S3AFileSystem"
  "fs.s3a.aws.credentials.provider" "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider"
  "fs.s3a.performance.flags" "mkdir"
  "fs.s3a.path.style.access" (toString .Values.s3.pathStyle) }}
{{- with .Values.s3.endpoint }}{{ $_ := set $conf "fs.s3a.endpoint" . }}{{ end }}
{{- with .Values.s3.region }}{{ $_ := set $conf "fs.s3a.endpoint.region" . }}{{ end }}
{{- mergeOverwrite $conf .Values.spark.hadoopConf | toYaml }}
{{- end }}

{{/* The files of the history server's settings: Spark's, and Hadoop's, which FsShell reads too. */}}
{{- define "movalytics.historyFiles" -}}
history.conf: |
  spark.history.fs.logDirectory {{ include "movalytics.eventLogs" . }}
  spark.history.ui.port 18080
core-site.xml: |
  <configuration>
  {{- range $key, $text := include "movalytics.historyHadoop" . | fromYaml }}
    <property><name>{{ $key }}</name><value>{{ html $text }}</value></property>
  {{- end }}
  </configuration>
{{- end }}
