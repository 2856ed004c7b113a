-- Whether somebody still believes that something is wrong.
select
    event,
    about
from movies_ops.load_notice
where event in ('failure', 'late', 'recovery')
order by told_at desc
limit 1;
