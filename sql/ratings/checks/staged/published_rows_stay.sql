-- severity: error
-- Nobody takes a rating back or gives it another time: a published rating that is gone or another is damage.
-- Judged only when the tables hold an earlier run of the same kind of data: going back is not judged by a later one.
-- In months that are as the earlier run said, every rating is as it was.
with previous_run as (
    select published.run_id
    from movies_ops.load_run as published
    inner join movies_ops.load_run as this_run
        on published.sample = this_run.sample and published.attempt < this_run.attempt
    where
        this_run.run_id = %(run_id)s
        and published.published_at = (select max(latest.published_at) from movies_ops.load_run as latest)
),

earlier as (
    select
        load_partition.partition_name,
        load_partition.content_digest
    from movies_ops.load_partition as load_partition
    inner join previous_run on load_partition.run_id = previous_run.run_id
    where load_partition.table_name = 'ratings' and load_partition.partition_name <> ''
),

this as (
    select
        partition_name,
        content_digest
    from movies_ops.load_partition
    where run_id = %(run_id)s and table_name = 'ratings'
),

same as (
    select cast(earlier.partition_name || '-01' as timestamp) as month
    from earlier
    inner join this
        on earlier.partition_name = this.partition_name and earlier.content_digest = this.content_digest
),

differing as (
    select coalesce(earlier.partition_name, this.partition_name) as partition_name
    from earlier
    full outer join this on earlier.partition_name = this.partition_name
    where coalesce(earlier.content_digest, '') <> coalesce(this.content_digest, '')
),

-- Rows before this are as they were: those that can differ are found by range, as they lie sorted by time. After a run
-- that told no months any row can.
first_differing as (
    select
        case
            when (select count(*) from earlier) = 0 then cast('0001-01-01' as timestamp)
            else min(cast(differing.partition_name || '-01' as timestamp))
        end as month
    from differing
),

before as (select count(*) as rows_before from movies.ratings),

published as (
    select
        user_movie_id,
        rating,
        rated_at
    from movies.ratings
    where
        rated_at >= (select first_differing.month from first_differing)
        and date_trunc('month', rated_at) not in (select same.month from same)
),

staged as (
    select
        user_movie_id,
        rating,
        rated_at
    from movies_staging.ratings
    where
        rated_at >= (select first_differing.month from first_differing)
        and date_trunc('month', rated_at) not in (select same.month from same)
),

counted as (
    select
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
    from published
    left join staged on published.user_movie_id = staged.user_movie_id
),

-- Rows that there are fewer of are judged as shrink.
moved as (
    select
        before.rows_before,
        counted.row_count - greatest(before.rows_before - account.rows_out, 0) as row_count
    from counted
    cross join before
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
