copy movies_staging.movie_genre
from {{ copy_source }}
iam_role {{ copy_role }}
format as parquet
manifest;
