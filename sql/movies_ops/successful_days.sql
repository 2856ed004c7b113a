select distinct run_date
from movies_ops.load_run
where outcome = 'Succeeded' and run_date is not null;
