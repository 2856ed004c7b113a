-- Redshift has no CREATE GROUP IF NOT EXISTS.
select groname
from pg_group
where groname = 'analysts';
