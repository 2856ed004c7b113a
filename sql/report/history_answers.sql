-- The answers of the runs planned last, each beside what the run published before it answered (null: not known).
with listed as (
    select run_id
    from movies_ops.load_run
    order by planned_at desc, run_id asc
    limit %(most)s
),

published as (
    select
        run_id,
        lag(run_id) over (order by published_at) as published_before
    from movies_ops.load_run
    where published_at is not null
)

select
    answered.run_id,
    answered.answer,
    answered.headline,
    answered_before.headline as headline_before
from movies_ops.load_answer as answered
inner join listed on answered.run_id = listed.run_id
inner join published on answered.run_id = published.run_id
left join
    movies_ops.load_answer as answered_before
    on published.published_before = answered_before.run_id and answered.answer = answered_before.answer;
