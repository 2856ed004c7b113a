-- Order-independent and null-aware: the rows' MD5s (their first 60 bits) summed, beside the number of rows.
select
    count(*) as row_count,
    cast(count(*) as varchar(20)) || '-' || cast(coalesce(sum(fingerprint), 0) as varchar(40)) as table_digest
from (
    select
        cast(strtol(substring(md5(
            coalesce('=' || cast(month as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(quarter as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(movie_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(mean_revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(median_revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(real_movie_count as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(real_revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(mean_real_revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || cast(median_real_revenue as varchar(40)), '~')
            || chr(31) || coalesce('=' || to_char(base_month, 'YYYY-MM-DD'), '~')
        ), 1, 15), 16) as numeric(38, 0)) as fingerprint
    from movies.box_office_by_release_month
) as fingerprints;
