#!/bin/sh
# What a Spark pod starts: Spark on Kubernetes calls the image with `driver` or `executor` first and tells the rest by environment
# (https://spark.apache.org/docs/4.1.4/running-on-kubernetes.html). Anything else is run as it stands.
set -eu

role=${1:-}
case $role in
driver)
  shift
  exec tini -s -- "$SPARK_HOME/bin/spark-submit" --deploy-mode client \
    --conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
    --conf "spark.executorEnv.SPARK_DRIVER_POD_IP=$SPARK_DRIVER_BIND_ADDRESS" "$@"
  ;;
executor)
  # Each option of the executor's JVM comes as a variable of its own, SPARK_JAVA_OPT_0, SPARK_JAVA_OPT_1, …, and may hold spaces.
  set --
  number=0
  while option=$(printenv "SPARK_JAVA_OPT_$number"); do
    set -- "$@" "$option"
    number=$((number + 1))
  done
  exec tini -s -- java "$@" "-Xms$SPARK_EXECUTOR_MEMORY" "-Xmx$SPARK_EXECUTOR_MEMORY" \
    -cp "$SPARK_HOME/conf:$SPARK_HOME/jars/*" \
    org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
    --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
    --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
    --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
  ;;
*)
  exec tini -s -- "$@"
  ;;
esac
