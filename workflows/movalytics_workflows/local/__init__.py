"""The DAG on one machine: the Hera object scheduled as Argo would, containers as processes, Spark in local mode."""
