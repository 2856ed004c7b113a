"""When and where: the DAG in Hera, the lake's paths, its rendering, and the runner for one machine."""
