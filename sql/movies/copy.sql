copy movies_staging.movies
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
