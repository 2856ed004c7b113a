-- Order-independent and null-aware: the rows' MD5s (their first 60 bits) summed, beside the number of rows.
select
    count(*) as row_count,
    cast(count(*) as varchar(20)) || '-' || cast(coalesce(sum(fingerprint), 0) as varchar(40)) as table_digest
from (
    select
        cast(strtol(substring(md5(
            coalesce('=' || genre_name, '~')
            || chr(31) || coalesce('=' || cast(rating_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(user_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(movie_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(mean_rating as varchar(40)), '~')
        ), 1, 15), 16) as numeric(38, 0)) as fingerprint
    from movies.genre_popularity
) as fingerprints;
