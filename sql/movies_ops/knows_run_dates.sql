-- A warehouse that was never migrated has no ledger, one from before 004_run_date no days in it.
select column_name
from information_schema.columns
where table_schema = 'movies_ops' and table_name = 'load_run' and column_name = 'run_date';
