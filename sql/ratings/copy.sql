copy movies_staging.ratings
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
