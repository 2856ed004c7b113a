-- severity: error
-- A film keeps its title, dates and money, and its votes do not leap: many that change at once are damage.
-- Popularity and votes move every day, each film's by its own factor: one factor for many films is another scale.
-- Judged only when the tables hold an earlier run of the same kind of data: going back is not judged by a later one.
with previous_run as (
    select published.run_id
    from movies_ops.load_run as published
    inner join movies_ops.load_run as this_run
        on published.sample = this_run.sample and published.attempt < this_run.attempt
    where
        this_run.run_id = %(run_id)s
        and published.published_at = (select max(latest.published_at) from movies_ops.load_run as latest)
),

counted as (
    select
        count(*) as rows_before,
        sum(
            case
                when
                    staged.movie_id is null
                    or coalesce(staged.title, '') <> coalesce(published.title, '')
                    or coalesce(staged.original_language, '') <> coalesce(published.original_language, '')
                    or coalesce(staged.release_date, cast('0001-01-01' as date))
                    <> coalesce(published.release_date, cast('0001-01-01' as date))
                    or coalesce(staged.budget, 0) <> coalesce(published.budget, 0)
                    or coalesce(staged.revenue, 0) <> coalesce(published.revenue, 0)
                    or coalesce(staged.is_adult <> published.is_adult, published.is_adult is not null)
                    or (staged.vote_average is null and published.vote_average is not null)
                    or (staged.vote_count is null and published.vote_count is not null)
                    or (staged.popularity is null and published.popularity is not null)
                    or abs(coalesce(staged.vote_average, 0) - coalesce(published.vote_average, 0)) > 1
                    or coalesce(staged.vote_count, 0) > 2 * coalesce(published.vote_count, 0) + 1
                    or 2 * coalesce(staged.vote_count, 0) + 1 < coalesce(published.vote_count, 0)
                    or coalesce(staged.popularity, 0) > 2 * coalesce(published.popularity, 0) + 1
                    or 2 * coalesce(staged.popularity, 0) + 1 < coalesce(published.popularity, 0)
                    then 1
                else 0
            end
        ) as row_count
    from movies.movies as published
    left join movies_staging.movies as staged on published.movie_id = staged.movie_id
),

factors as (
    select round(cast(staged.popularity / published.popularity as numeric(20, 8)), 4) as factor
    from movies.movies as published
    inner join movies_staging.movies as staged on published.movie_id = staged.movie_id
    where published.popularity >= 0.01
    union all
    select round(cast(staged.vote_count as numeric(20, 8)) / published.vote_count, 4) as factor
    from movies.movies as published
    inner join movies_staging.movies as staged on published.movie_id = staged.movie_id
    where published.vote_count >= 100  -- few votes have few factors
),

alike as (
    select count(*) as row_count
    from factors
    where factor not between 0.9 and 1.1
    group by factor
    having count(*) > 1
    order by row_count desc
    limit 1
),

-- Rows that there are fewer of are judged as shrink.
moved as (
    select
        counted.rows_before,
        greatest(
            counted.row_count - greatest(counted.rows_before - account.rows_out, 0), coalesce(alike.row_count, 0)
        ) as row_count
    from counted
    left join alike on 1 = 1
    inner join movies_ops.load_table as account
        on account.run_id = %(run_id)s and account.table_name = 'movies'
)

select
    load_ceiling.table_name,
    load_ceiling.reason,
    moved.row_count,
    moved.rows_before,
    cast(moved.row_count as double precision) / moved.rows_before as share,
    previous_run.run_id as previous_run,
    load_ceiling.ceiling
from moved
cross join previous_run
inner join movies_ops.load_ceiling as load_ceiling
    on
        load_ceiling.run_id = %(run_id)s
        and load_ceiling.table_name = 'movies'
        and load_ceiling.reason = 'changed'
where moved.row_count > load_ceiling.ceiling * moved.rows_before;
