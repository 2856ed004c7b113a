-- Order-independent and null-aware: the rows' MD5s (their first 60 bits) summed, beside the number of rows.
select
    count(*) as row_count,
    cast(count(*) as varchar(20)) || '-' || cast(coalesce(sum(fingerprint), 0) as varchar(40)) as table_digest
from (
    select
        cast(strtol(substring(md5(
            coalesce('=' || cast(movie_id as varchar(40)), '~')
            || chr(31) || case when is_adult then '=t' when not is_adult then '=f' else '~' end
            || chr(31) || coalesce('=' || cast(budget as varchar(40)), '~')
            || chr(31) || coalesce('=' || original_language, '~')
            || chr(31) || coalesce('=' || title, '~')
            || chr(31) || coalesce('=' || cast(popularity as varchar(40)), '~')
            || chr(31) || coalesce('=' || to_char(release_date, 'YYYY-MM-DD'), '~')
            || chr(31) || coalesce('=' || cast(revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(vote_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(vote_average as varchar(40)), '~')
        ), 1, 15), 16) as numeric(38, 0)) as fingerprint
    from movies.movies
) as fingerprints;
