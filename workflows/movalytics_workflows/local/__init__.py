"""The DAG on one machine: the Hera object walked as Argo would, containers as processes, Spark in local mode."""
