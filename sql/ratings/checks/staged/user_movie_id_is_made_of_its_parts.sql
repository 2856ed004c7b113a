-- severity: error
select
    this.user_movie_id,
    this.user_id,
    this.movie_id
from movies_staging.ratings as this
where {{ moved }} and this.user_movie_id <> cast(this.user_id as bigint) * 4294967296 + this.movie_id;
