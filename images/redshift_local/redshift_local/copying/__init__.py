"""COPY: manifests and Parquet files, from S3 or this machine, as rows for the embedded server."""
