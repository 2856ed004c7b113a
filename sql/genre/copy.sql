copy movies_staging.genre
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
