copy movies_staging.cpi
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
