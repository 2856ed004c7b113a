-- Order-independent and null-aware: the rows' MD5s (their first 60 bits) summed, beside the number of rows.
select
    count(*) as row_count,
    cast(count(*) as varchar(20)) || '-' || cast(coalesce(sum(fingerprint), 0) as varchar(40)) as table_digest
from (
    select
        cast(strtol(substring(md5(
            coalesce('=' || cast(movie_id as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(genre_id as varchar(40)), '~')
        ), 1, 15), 16) as numeric(38, 0)) as fingerprint
    from movies.movie_genre
) as fingerprints;
