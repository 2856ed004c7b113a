-- severity: error
-- Nobody takes a rating back or gives it another time: a published rating that is gone or another is damage.
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
                    staged.user_movie_id is null
                    or staged.rating <> published.rating
                    or staged.rated_at <> published.rated_at
                    then 1
                else 0
            end
        ) as row_count
    from movies.ratings as published
    left join movies_staging.ratings as staged on published.user_movie_id = staged.user_movie_id
),

-- Rows that there are fewer of are judged as shrink.
moved as (
    select
        counted.rows_before,
        counted.row_count - greatest(counted.rows_before - account.rows_out, 0) as row_count
    from counted
    inner join movies_ops.load_table as account
        on account.run_id = %(run_id)s and account.table_name = 'ratings'
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
        and load_ceiling.table_name = 'ratings'
        and load_ceiling.reason = 'changed'
where moved.row_count > load_ceiling.ceiling * moved.rows_before;
