select coalesce(max(attempt), 0) + 1 as attempt
from movies_ops.load_run;
