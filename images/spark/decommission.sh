#!/bin/sh
# What Kubernetes calls in an executor's pod before it ends it, when Spark is told so (`spark.decommission.enabled`): the executor hands what it
# holds to others, and the pod goes when it has done so or its grace is over.
set -eu

executor=$(pgrep --exact java)
kill -s PWR "$executor"
exec tail --pid="$executor" --follow /dev/null
