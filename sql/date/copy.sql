copy movies_staging.date
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
